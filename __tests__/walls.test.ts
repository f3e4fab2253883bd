import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as ts from 'typescript';
import { readables } from '../lib/registry';

// STYLE.md's walls as data. A room may always import itself; what stands here is the rest. A room that is not here may
// import nothing. `*` in a room's name is one platform, the same one on both sides of a line.
const WALLS: Record<string, readonly string[]> = {
  'lib/net': [],
  'lib/problems': [],
  'lib/exposure': ['lib/net'],
  'lib/policy': ['lib/net'],
  'lib/meaning': ['lib/net', 'lib/exposure', 'lib/policy'],
  'lib/intent': ['lib/net', 'lib/policy', 'lib/problems'],
  'lib/delivering': ['lib/problems', 'npm:zod'],
  'lib/xml': ['npm:sax'],
  'lib/json': ['lib/net', 'lib/problems'],
  'lib/printing': ['lib/problems', 'npm:zod'],
  'lib/writing': ['lib/net', 'lib/policy', 'lib/problems', 'lib/delivering', 'lib/xml'],
  'lib/platforms/*/write': [
    ...['lib/net', 'lib/policy', 'lib/problems', 'lib/delivering', 'lib/writing', 'lib/xml'],
    'lib/platforms/*/capabilities',
  ],
  'lib/reading': ['lib/net', 'lib/exposure', 'lib/problems', 'lib/xml'],
  'lib/platforms/*/read': ['lib/net', 'lib/exposure', 'lib/problems', 'lib/reading', 'lib/xml'],
  // No part of a proof: what they make is written and read like everything else.
  'lib/platforms/*/capture': ['lib/net', 'lib/problems', 'lib/reading', 'lib/xml'],
  'lib/platforms/*/import': ['lib/net', 'lib/problems', 'lib/reading', 'lib/xml', 'lib/platforms/*/read'],
  'lib/platforms/*/index': [
    ...['lib/platforms/*/write', 'lib/platforms/*/read', 'lib/platforms/*/capture', 'lib/platforms/*/import'],
    ...['lib/platforms/*/capabilities', 'lib/platforms/*/system', 'lib/platforms/platform'],
  ],
  'lib/platforms/*/system': ['lib/delivering', 'lib/platforms/*/refusals'],
  'lib/platforms/*/refusals': ['lib/delivering'],
  'lib/platforms/*/capabilities': ['lib/writing/capabilities.ts'],
  'lib/platforms/platform': ['lib/net', 'lib/delivering', 'lib/writing', 'lib/reading'],
  'lib/registry': ['lib/platforms/*/index', 'lib/platforms/platform', 'lib/writing/capabilities.ts'],
  'lib/proving': [
    ...['lib/net', 'lib/exposure', 'lib/policy', 'lib/meaning', 'lib/problems', 'lib/delivering', 'lib/registry'],
    // It joins the two halves, so it has to name what they give; the contracts alone, nothing else of those rooms.
    ...['lib/reading/reader.ts', 'lib/writing/writer.ts'],
  ],
  'lib/lint': ['lib/net', 'lib/exposure', 'lib/policy', 'lib/intent', 'lib/problems'],
  'lib/review': [
    ...[
      'lib/net',
      'lib/exposure',
      'lib/policy',
      'lib/meaning',
      'lib/problems',
      'lib/delivering',
      'lib/proving',
      'lib/lint',
      'lib/printing',
    ],
    // Explaining a packet is the reader's, and the shape of plans and rules is zod's.
    ...['lib/reading/reader.ts', 'npm:zod'],
    // Review rules name services as intent does: which packets each name stands for, nothing that compiles.
    'lib/intent/service-packets.ts',
  ],
  'lib/showing': [
    ...['lib/net', 'lib/exposure', 'lib/problems', 'lib/registry', 'lib/json', 'lib/printing', 'npm:zod'],
    ...['lib/reading/reader.ts', 'lib/reading/foreign.ts', 'lib/lint/lint.ts', 'lib/delivering/codec.ts'],
    // Releases of our own are read for the device that their policy describes, as a proof reads them.
    ...['lib/policy/policy.ts', 'lib/proving/prove.ts'],
    // What is asked for, and what listens on a port, is called as intent calls it.
    ...['lib/intent/service-packets.ts', 'lib/intent/data/services.ts'],
  ],
  'lib/import': [
    ...['lib/net', 'lib/exposure', 'lib/intent', 'lib/problems', 'lib/printing', 'lib/proving', 'lib/registry'],
    // What a platform found is a contract, as the reader's is.
    'lib/reading/found.ts',
  ],
  driver: [
    ...['lib/net', 'lib/exposure', 'lib/policy', 'lib/meaning', 'lib/delivering', 'lib/proving', 'lib/problems', 'lib/registry'],
    ...['node:*', 'npm:zod'],
  ],
  constructs: ['lib/!platforms', 'constructs/private', 'npm:cdktf', 'npm:constructs'],
  'constructs/private': ['lib/delivering', 'npm:cdktf', 'npm:@cdktf/provider-null', 'node:crypto', 'node:zlib'],
  cli: ['lib/!platforms', 'driver', 'node:*', 'npm:commander', 'npm:zod'],
  stacks: ['constructs', 'npm:cdktf', 'npm:constructs', 'node:fs'],
  main: ['stacks', 'npm:cdktf'],
};

/** Test equipment: may import anything, and nothing above may import it, because it is in nobody's list. */
const FREE = ['lab', 'bench', 'scripts', '__tests__', 'jest.config'];

/** Imports that only one file of a room may have. */
const ONE_FILE: Record<string, string> = {
  'npm:ipaddr.js': 'lib/net/address.ts',
  // Types alone, for those who have Jest.
  'npm:expect': 'constructs/testing-globals.ts',
};

/** Files past 250 lines that hold one thing nevertheless. Each needs its reason. */
const LONG: Record<string, string> = {};

/** `lib/platforms/nftables/write/gateway/lower.ts` → `lib/platforms/nftables/write`. */
function roomOf(path: string): string {
  const parts = path.replace(/(\.d)?\.ts$/, '').split('/');
  // A platform's folder stands for its door.
  if (/^lib\/platforms\/[^/.]+$/.test(path) && path !== 'lib/platforms/platform') parts.push('index');
  const depth = parts[0] === 'lib' ? (parts[1] === 'platforms' ? 4 : 2) : parts[0] === 'constructs' && parts[1] === 'private' ? 2 : 1;
  return parts.slice(0, depth).join('/');
}

/** What `specifier` in `file` leads to: one of our files, or `npm:<package>`, or `node:<module>`. */
function leadsTo(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.[jt]s$/, '');
  if (specifier.startsWith('node:') || ts.sys.fileExists(join(ROOT, 'node_modules/@types/node', `${specifier}.d.ts`))) {
    return `node:${specifier.replace(/^node:/, '')}`;
  }
  return `npm:${specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')}`;
}

function mayImport(file: string, to: string): boolean {
  const room = roomOf(file);
  const target = to.includes(':') ? to : roomOf(to);
  if (FREE.includes(room) || target === room) return true;
  if (ONE_FILE[target] !== undefined) return ONE_FILE[target] === file;
  const platform = /^lib\/platforms\/([^/]+)\//.exec(room)?.[1];
  const general = (name: string): string =>
    platform === undefined ? name : name.replace(`lib/platforms/${platform}/`, 'lib/platforms/*/');
  return (WALLS[general(room)] ?? []).some((allowed) => {
    if (allowed === 'lib/!platforms') return target.startsWith('lib/') && !target.startsWith('lib/platforms/');
    if (allowed === 'node:*') return target.startsWith('node:');
    if (allowed === 'lib/platforms/*/index' && platform === undefined) return /^lib\/platforms\/[^/]+\/index$/.test(target);
    return allowed === general(target) || allowed === `${to}.ts`;
  });
}

const ROOT = join(__dirname, '..');
const GENERATED = new Set(['node_modules', 'dist', 'dist.new', 'built', 'results', 'cdktf.out', 'coverage', '.git']);

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return GENERATED.has(entry.name) || entry.name.startsWith('cdktf.out') ? [] : filesUnder(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const importsOf = (text: string): string[] => ts.preProcessFile(text, true, true).importedFiles.map((found) => found.fileName);
const sources = filesUnder('', /\.ts$/).filter((file) => !FREE.includes(roomOf(file)));

/** Each circle from one of its files back to it; a file that leads into a circle is in none. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const from = path.indexOf(file);
    if (from >= 0) circles.push([...path.slice(from), file].join(' > '));
    if (from >= 0 || done.has(file)) return;
    const next = imports.get(file) ?? imports.get(`${file}/index`) ?? [];
    for (const one of next) visit(one, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

/** Globals by which a file would see a clock, randomness, a file or the environment without importing anything. */
const WORLD = [
  'process',
  'Date',
  'performance',
  'Buffer',
  'require',
  'globalThis',
  'setTimeout',
  'setInterval',
  '__dirname',
  'crypto',
  'Intl',
];

function worldSeenBy(text: string): string[] {
  const seen: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.getText(file) === 'Math.random') seen.push('Math.random');
    if (ts.isIdentifier(node) && WORLD.includes(node.text) && isReference(node)) seen.push(node.text);
    ts.forEachChild(node, visit);
  };
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
  visit(file);
  return seen;
}

/** Whether the name stands for a value, not for a key, a property or a declaration of its own. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isTypeNode(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return (parent as { name?: ts.Node }).name !== node;
}

/** Ids of platforms as texts and properties of code; sentences may name whom they like. */
function platformsNamedIn(text: string): string[] {
  const named: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isStringLiteralLike(node) || ts.isIdentifier(node)) && Object.hasOwn(readables, node.text)) named.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true));
  return named;
}

describe('walls', () => {
  test('the files are found', () => {
    for (const file of ['lib/net/range.ts', 'lib/policy/policy.ts', 'lib/platforms/platform.ts']) expect(sources).toContain(file);
    expect(sources.some((file) => file.includes('node_modules') || file.startsWith('dist'))).toBe(false);
  });

  test('every import stays within its room’s walls', () => {
    const through = sources.flatMap((file) =>
      importsOf(read(file))
        .filter((specifier) => !mayImport(file, leadsTo(file, specifier)))
        .map((specifier) => `${file} imports ${specifier} (${leadsTo(file, specifier)})`),
    );
    expect(through).toEqual([]);
  });

  test('no file imports itself by way of others', () => {
    const imports = new Map(
      sources.map((file) => [file.replace(/\.ts$/, ''), importsOf(read(file)).map((specifier) => leadsTo(file, specifier))]),
    );
    expect(circlesIn(imports)).toEqual([]);
  });

  test('every file stands in a room of the table', () => {
    const general = (room: string): string => room.replace(/^lib\/platforms\/[^/]+\//, 'lib/platforms/*/');
    expect(sources.filter((file) => WALLS[general(roomOf(file))] === undefined && importsOf(read(file)).length > 0)).toEqual([]);
  });

  test('lib sees no file, clock, randomness or environment', () => {
    const seen = sources
      .filter((file) => file.startsWith('lib/'))
      .flatMap((file) => worldSeenBy(read(file)).map((word) => `${file}: ${word}`));
    expect(seen).toEqual([]);
  });

  test('beside a platform’s own folder and the registry, nothing of lib, driver and the commands is decided by which platform it is', () => {
    const blind = sources.filter((file) => /^(lib|cli|constructs|driver)\//.test(file) && !/^lib\/(platforms\/|registry\.ts$)/.test(file));
    expect(blind.flatMap((file) => platformsNamedIn(read(file)).map((name) => `${file}: ${name}`))).toEqual([]);
  });

  test('a file is at most 250 lines long', () => {
    const long = filesUnder('', /\.(ts|mjs|sh|py|go)$/)
      .filter((file) => !file.startsWith('__tests__/'))
      .map((file) => ({ file, lines: read(file).replace(/\n$/, '').split('\n').length }))
      .filter(({ file, lines }) => lines > 250 && LONG[file] === undefined);
    expect(long).toEqual([]);
  });

  test('no file is named after nothing', () => {
    const vague = /(^|\/)(utils?|helpers?|common|types?|managers?|service|misc)(\.ts|\/)/;
    expect(sources.filter((file) => vague.test(file))).toEqual([]);
    expect(sources.filter((file) => file.endsWith('/index.ts') && !/^lib\/platforms\/[^/]+\/index\.ts$/.test(file))).toEqual([]);
  });
});

describe('the walls themselves', () => {
  test('a circle is found wherever it is entered, and two ways to one file are none', () => {
    const imports = (text: string): ReadonlyMap<string, readonly string[]> =>
      new Map(text.split(' ').map((one) => [one[0]!, [...one.slice(2)]]));
    expect(circlesIn(imports('a:b b:c c:b'))).toEqual(['b > c > b']);
    expect(circlesIn(imports('a:bc b:d c:d d:'))).toEqual([]);
  });

  const writer = 'lib/platforms/nftables/write/gateway/lower.ts';
  const reader = 'lib/platforms/nftables/read/parse.ts';

  test.each([
    [writer, '../../read/parse', false],
    [writer, '../../../../exposure/exposure', false],
    [writer, '../../../../meaning/meaning', false],
    [writer, '../../capabilities', true],
    [writer, '../model', true],
    [writer, '../../../pf/write/model', false],
    [writer, '../../../../policy/policy', true],
    [reader, '../write/model', false],
    [reader, '../../../policy/policy', false],
    [reader, '../../../exposure/exposure', true],
    ['lib/platforms/nftables/index.ts', './write/gateway/writer', true],
    ['lib/platforms/nftables/index.ts', '../pf/write/writer', false],
    ['lib/platforms/iptables/read/lower.ts', '../../nftables/read/reader', false],
    ['lib/platforms/iptables/read/lower.ts', '../../../reading/netfilter/words', true],
    ['lib/reading/netfilter/words.ts', '../../platforms/nftables/read/cursor', false],
    ['lib/registry.ts', './platforms/nftables/index', true],
    ['lib/registry.ts', './platforms/nftables/write/writer', false],
    ['lib/registry.ts', './platforms/nftables', true],
    ['lib/registry.ts', './platforms/platform', true],
    ['lib/proving/prove.ts', '../platforms/nftables', false],
    ['lib/proving/prove.ts', '../platforms/nftables/index', false],
    ['lib/proving/prove.ts', '../reading/reader', true],
    ['lib/proving/prove.ts', '../reading/scanner', false],
    ['lib/exposure/diff.ts', '../reading/reader', false],
    ['lib/net/range.ts', 'ipaddr.js', false],
    ['lib/net/address.ts', 'ipaddr.js', true],
    ['lib/net/range.ts', 'fs', false],
    ['lib/proving/prove.ts', 'node:crypto', false],
    ['lib/proving/prove.ts', 'cdktf', false],
    ['lib/unlisted/thing.ts', '../net/range', false],
    ['constructs/gateway.ts', '../lib/platforms/nftables/index', false],
    ['constructs/gateway.ts', '../lib/registry', true],
    ['constructs/gateway.ts', 'node:fs', false],
    ['constructs/private/emit-delivery.ts', '@cdktf/provider-null/lib/resource', true],
    ['constructs/private/emit-delivery.ts', '../../lib/policy/policy', false],
    ['cli/main.ts', '../constructs/gateway', false],
    ['cli/main.ts', 'cdktf', false],
    ['cli/main.ts', 'node:fs', true],
    ['main.ts', './constructs/gateway', false],
    ['lib/net/range.ts', '../../lab/start', false],
    ['lab/tests/run.ts', '../../lib/net/range', true],
  ])('%s and %s: %s', (file, specifier, allowed) => {
    expect(mayImport(file, leadsTo(file, specifier))).toBe(allowed);
  });

  test('every form of import is seen', () => {
    const text = `import 'a'; import type { B } from 'b'; export * from 'c'; const d = require('d'); const e = import('e'); import f = require('f'); type G = import('g').G;`;
    expect(importsOf(text).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  test('a platform is seen by its id alone', () => {
    expect(platformsNamedIn("if (id === 'nftables') readables.iptables; const a = { pfsense: 1 };")).toEqual([
      'nftables',
      'iptables',
      'pfsense',
    ]);
    expect(platformsNamedIn("// nftables\nconst said = 'of nftables';")).toEqual([]);
  });

  test('the world is seen without an import, and words that only look like it are not', () => {
    expect(worldSeenBy('const a = Math.random() + Date.now(); process.exit(1); const b = Buffer;')).toEqual([
      'Math.random',
      'Date',
      'process',
      'Buffer',
    ]);
    expect(worldSeenBy('const a = { crypto };')).toEqual(['crypto']);
    expect(worldSeenBy('// Date\nconst x = { process: 1 }; x.process; interface Date2 { Date: number }')).toEqual([]);
  });
});
