// Runs a real firewalld of several versions on given files, and returns the rules that it has loaded. Also prints such
// files as the text that the parser takes, and declares tests that need a real firewalld.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeWhere } from '../../where-possible';

/** Files by their paths below /etc/firewalld or /usr/lib/firewalld. */
export type Tree = Readonly<Record<string, string>>;

const CACHE = join(__dirname, '../../../node_modules/.cache/cpanel-edge');
/**
 * The folder in which scripts/need.sh unpacks firewalld (installing the package would start it); or another version's
 * folder with its own Python, given by hand.
 */
export const PROGRAMS = process.env['CPANEL_EDGE_FIREWALLD'] ?? join(CACHE, 'firewalld');
/** 1.1.1 of Ubuntu 22.04. */
export const EARLIER = join(CACHE, 'firewalld-1.1');
/** 2.3.1 of Debian 13, and 2.5.2 of Ubuntu 26.10. */
export const LATER = { '2.3': join(CACHE, 'firewalld-2.3'), '2.5': join(CACHE, 'firewalld-2.5') } as const;
const STOCK = 'usr/lib/firewalld';
const LOAD = join(__dirname, 'load.py');

export const canRunFirewalld = (programs = PROGRAMS): boolean =>
  process.getuid?.() === 0 &&
  existsSync(join(programs, STOCK)) &&
  spawnSync('sh', [
    '-c',
    "command -v unshare ip nft dbus-daemon && /usr/bin/python3 -c 'import firewall.core, gi, dbus, nftables'",
  ]).status === 0;

export const describeWith = (programs: string): typeof describe =>
  describeWhere(
    canRunFirewalld(programs),
    'rules that firewalld loads',
    'root on Debian, with what scripts/need.sh installs',
  );
export const describeFirewalld = describeWith(PROGRAMS);

/** The rules that the real program loads, and the state that it reports then. */
export interface Loaded {
  readonly state: string;
  readonly ruleset: string;
}

/** Loads by firewalld's own code, which takes half as long as a start on a bus. */
export const loadedFrom = (etc: Tree, folder: string, programs = PROGRAMS, more: NodeJS.ProcessEnv = {}): Loaded =>
  loaded(etc, folder, more, ({ own }) => [
    'sh',
    '-c',
    'ip link set lo up; exec /usr/bin/python3 "$@"',
    'sh',
    LOAD,
    programs,
    own,
  ]);

/** Loads by a start on a bus. */
export const startedFrom = (etc: Tree, folder: string, programs: string, more: NodeJS.ProcessEnv): Loaded =>
  loaded(etc, folder, more, ({ own, work }) => ['sh', join(__dirname, 'daemon.sh'), programs, own, work]);

function loaded(
  etc: Tree,
  folder: string,
  more: NodeJS.ProcessEnv,
  by: (at: { own: string; work: string }) => readonly string[],
): Loaded {
  const work = mkdtempSync(join(folder, 'firewalld-'));
  const own = join(work, 'etc');
  for (const [path, text] of Object.entries(etc)) {
    mkdirSync(dirname(join(own, path)), { recursive: true });
    writeFileSync(join(own, path), text);
  }
  mkdirSync(own, { recursive: true });
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${work}/bus`, ...more };
  const words = ['-n', ...by({ own, work })];
  const said = execFileSync('unshare', words, {
    encoding: 'utf8',
    timeout: 240_000,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const end = said.indexOf('\n');
  return { state: said.slice(0, end), ruleset: said.slice(end + 1) };
}

/** The files below /etc/firewalld of a text as `tail -v -n +1` prints them. */
export const treeOf = (text: string): Tree =>
  Object.fromEntries(
    text
      .split(/^==> \/etc\/firewalld\/(.*) <==$/m)
      .slice(1)
      .flatMap((path, at, parts) => (at % 2 === 0 ? [[path, parts[at + 1]!.trimStart()]] : [])),
  );

/** Prints files as `tail -v -n +1` does. */
export const printedTree = (tree: Tree, below: string): string =>
  Object.entries(tree)
    .map(([path, text]) => `==> ${below}/${path} <==\n${text}`)
    .join('\n');

const PROGRAM = 'usr/lib/python3/dist-packages/firewall/config/__init__.py';
const stocks = new Map<string, string>();

/** Adds the package's files, and the file that shows the version. */
export const printedWithStock = (etc: Tree, programs = PROGRAMS): string =>
  `${printedUntold(etc, programs)}\n${printedTree({ [PROGRAM]: readFileSync(ownOf(programs), 'utf8') }, '.')}`;

/** A version without its own Python uses the machine's. */
const ownOf = (programs: string): string => [programs, '/'].map((root) => join(root, PROGRAM)).find(existsSync)!;

/** Adds the package's files alone. */
export function printedUntold(etc: Tree, programs = PROGRAMS): string {
  const folder = join(programs, STOCK);
  const files = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.xml'));
  const stock =
    stocks.get(programs) ??
    printedTree(Object.fromEntries(files().map((path) => [path, readFileSync(join(folder, path), 'utf8')])), STOCK);
  stocks.set(programs, stock);
  return `${printedTree(etc, 'etc/firewalld')}\n${stock}`;
}
