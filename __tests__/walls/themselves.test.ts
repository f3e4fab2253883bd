// Tests the functions that find imports, circles, globals and state for the tests of the walls, on sample sources.

import { changedByModule, circlesIn, importsOf, platformsNamedIn, worldSeenBy } from './sources';
import { leadsTo, mayImport } from './table';

describe('the checks of the walls', () => {
  test('find a circle from each of its files, and none in two ways to one file', () => {
    const imports = (text: string): ReadonlyMap<string, readonly string[]> =>
      new Map(text.split(' ').map((one) => [one[0]!, [...one.slice(2)]]));
    expect(circlesIn(imports('a:b b:c c:b'))).toEqual(['b > c > b']);
    expect(circlesIn(imports('a:bc b:d c:d d:'))).toEqual([]);
  });

  const writer = 'lib/platforms/nftables/generate/gateway/lower-gateway.ts';
  const reader = 'lib/platforms/nftables/parse/parse-ruleset.ts';

  test.each([
    [writer, '../../parse/parse', false],
    [writer, '../../../../reachability/reachability', false],
    [writer, '../../../../spec/build-spec', false],
    [writer, '../../capabilities', true],
    [writer, '../model', true],
    [writer, '../../../pf/generate/model', false],
    [writer, '../../../../policy/policy', true],
    [reader, '../generate/model', false],
    [reader, '../../../policy/policy', false],
    [reader, '../../../reachability/reachability', true],
    ['lib/platforms/nftables/index.ts', './generate/gateway/writer', true],
    ['lib/platforms/nftables/index.ts', '../pf/generate/writer', false],
    ['lib/platforms/iptables/parse/lower.ts', '../../nftables/parse/lower', false],
    ['lib/platforms/iptables/parse/lower.ts', '../../nftables/parse/parser', false],
    ['lib/platforms/firewalld/parse/parser.ts', '../../nftables/parse/parser', true],
    ['lib/platforms/firewalld/parse/parser.ts', '../../iptables/parse/file-program-inspector', false],
    ['lib/platforms/csf/parse/running-config.ts', '../../iptables/parse/file-program-inspector', true],
    ['lib/platforms/iptables/parse/lower.ts', '../../../parse/netfilter/parse-values', true],
    ['lib/parse/netfilter/named-numbers.ts', '../../platforms/nftables/parse/cursor', false],
    ['lib/registry.ts', './platforms/nftables/index', true],
    ['lib/registry.ts', './platforms/nftables/generate/writer', false],
    ['lib/registry.ts', './platforms/nftables', true],
    ['lib/registry.ts', './platforms/platform', true],
    ['lib/verifier/verify-policy.ts', '../platforms/nftables', false],
    ['lib/verifier/verify-policy.ts', '../platforms/nftables/index', false],
    ['lib/verifier/verify-policy.ts', '../parse/config-parser', true],
    ['lib/verifier/verify-policy.ts', '../parse/scanner', false],
    ['lib/reachability/compare-reachability.ts', '../parse/config-parser', false],
    ['lib/net/range.ts', 'ipaddr.js', false],
    ['lib/net/address.ts', 'ipaddr.js', true],
    ['lib/net/range.ts', 'fs', false],
    ['lib/verifier/verify-policy.ts', 'node:crypto', false],
    ['lib/verifier/verify-policy.ts', 'cdktf', false],
    ['lib/unlisted/thing.ts', '../net/range', false],
    ['constructs/gateway.ts', '../lib/platforms/nftables/index', false],
    ['constructs/gateway.ts', '../lib/registry', true],
    ['constructs/gateway.ts', 'node:fs', false],
    ['constructs/gateway.ts', 'cdktf', false],
    ['constructs/internal/emit-delivery.ts', '@cdktf/provider-null/lib/resource', false],
    ['constructs/internal/emit-delivery.ts', '../../lib/policy/policy', false],
    ['cli/main.ts', '../constructs/gateway', false],
    ['cli/main.ts', 'cdktf', false],
    ['cli/main.ts', 'node:fs', true],
    ['main.ts', './constructs/gateway', false],
    ['lib/net/range.ts', '../../lab/start', false],
    ['lab/tests/run.ts', '../../lib/net/range', true],
  ])('%s and %s: %s', (file, specifier, allowed) => {
    expect(mayImport(file, leadsTo(file, specifier))).toBe(allowed);
  });

  test('find every form of import', () => {
    const text = `import 'a'; import type { B } from 'b'; export * from 'c'; const d = require('d'); const e = import('e'); import f = require('f'); type G = import('g').G;`;
    expect(importsOf(text).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  test('find a platform by its id alone', () => {
    expect(platformsNamedIn("if (id === 'nftables') parsablePlatforms.iptables; const a = { pfsense: 1 };")).toEqual([
      'nftables',
      'iptables',
      'pfsense',
    ]);
    expect(platformsNamedIn("// nftables\nconst said = 'of nftables';")).toEqual([]);
  });

  test('find the use of clock, files or environment without an import, and ignore words that only look like it', () => {
    expect(worldSeenBy('const a = Math.random() + Date.now(); process.exit(1); const b = Buffer;')).toEqual([
      'Math.random',
      'Date',
      'process',
      'Buffer',
    ]);
    expect(worldSeenBy('const a = { crypto };')).toEqual(['crypto']);
    expect(worldSeenBy('// Date\nconst x = { process: 1 }; x.process; interface Date2 { Date: number }')).toEqual([]);
  });

  test('find state that a module changes, wherever it does', () => {
    expect(
      changedByModule(
        'let a = 1; const b = new Map(); export const c = () => b.set(1, 2); const d: string[] = []; d.push();',
      ),
    ).toEqual(['a', 'b', 'd']);
    expect(changedByModule('const a = new Map([[1, 2]]); a.get(1); const b = new WeakMap(); b.set(a, 1);')).toEqual([]);
    expect(
      changedByModule('const a = () => { let b = 1; const c = new Map(); c.set(b, 1); }; class D { e = new Map(); }'),
    ).toEqual([]);
  });
});
