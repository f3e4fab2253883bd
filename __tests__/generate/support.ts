// Builds policies of parts for the tests of generators, loads generated nftables texts into a kernel, and takes the
// lines, rules and set elements out of such a text.

import { execFileSync, spawnSync } from 'node:child_process';
import { parseAddress, parsePrefix, toRange, Address, Prefix } from '../../lib/net/address';
import { NumberRange } from '../../lib/net/device';
import { Range } from '../../lib/net/range';
import { GatewayPolicy, Mapping, AllowRule, AllowRules, ServerPolicy, VirtualIp } from '../../lib/policy/policy';
import { port } from '../devices';
import { describeWhere } from '../where-possible';

export const address = (text: string): Address => parseAddress(text)!;
export const prefix = (text: string): Prefix => parsePrefix(text)!;
export const ranges = (...texts: string[]): readonly Range[] => texts.map((text) => toRange(prefix(text)));
export const ports = (...numbers: number[]): readonly NumberRange[] => numbers.map((first) => ({ first, last: first }));

export const opening = (parts: Partial<AllowRule> = {}): AllowRule => ({
  protocol: 6,
  ports: ports(443),
  sources: 'anywhere',
  management: false,
  origin: 'https',
  ...parts,
});

export const openings = (name: string, entries: readonly AllowRule[], blocked: readonly Range[] = []): AllowRules => ({
  name,
  entries,
  blocked,
});

export const NOTHING = openings('nothing', []);
export const WEB = openings('web', [opening({ ports: ports(80, 443) })]);

export const mapping = (outside: string, inside: string, parts: Partial<Mapping> = {}): Mapping => ({
  name: `to-${inside.replaceAll(/[./]/g, '-')}`,
  description: '',
  interface: 'wan0',
  external: prefix(outside),
  internal: prefix(inside),
  peers: 'anywhere',
  exclude: [],
  inboundOnly: false,
  enabled: true,
  allowRules: WEB,
  reflection: { mode: 'disabled', from: [], globalHelper: false },
  ...parts,
});

export const virtualIp = (outside: string, parts: Partial<VirtualIp> = {}): VirtualIp => ({
  name: 'vip',
  interface: 'wan0',
  external: prefix(outside),
  mask: 32,
  kind: 'ip-alias',
  answers: NOTHING,
  ...parts,
});

export const gateway = (mappings: readonly Mapping[], parts: Partial<GatewayPolicy> = {}): GatewayPolicy => ({
  kind: 'gateway',
  device: 'edge',
  owner: 'web-team',
  platform: 'nftables',
  version: '1.0.6',
  establishedSessions: 'terminate',
  interfaces: [
    port('wan0', 'outside', ['203.0.113.2/24']),
    port('lan0', 'inside', ['10.0.0.1/24']),
    port('dmz0', 'dmz', ['10.0.9.1/24']),
  ],
  virtualIps: [],
  mappings,
  ...parts,
});

export const server = (parts: Partial<ServerPolicy> = {}): ServerPolicy => ({
  kind: 'server',
  device: 'web1',
  owner: 'web-team',
  platform: 'nftables',
  version: '1.0.6',
  establishedSessions: 'terminate',
  interfaces: [
    {
      name: 'eth0',
      role: 'outside',
      addresses: [
        { address: address('10.0.0.10'), length: 24 },
        { address: address('2001:db8::10'), length: 64 },
      ],
      routes: [],
    },
  ],
  localAddresses: [address('10.0.0.10'), address('2001:db8::10')],
  trustedNetworks: ranges('10.0.0.0/8'),
  trustedConnections: 'unmanaged',
  allowRules: WEB,
  outbound: 'anywhere',
  ownPublic: [],
  onRemove: 'keep closed',
  ...parts,
});

const canLoad = (): boolean => spawnSync('unshare', ['-n', 'nft', 'list', 'ruleset']).status === 0;

/** Registers tests that load texts into a kernel. */
export const describeLoading = (what: string, tests: () => void): void =>
  describeWhere(canLoad(), what, 'nft, and the right to make a network namespace')(what, tests);

/** Loads the text twice into an empty namespace and returns the kernel's listing without indentation. */
export function loaded(text: string): readonly string[] {
  // Twice, because every later release replaces its table.
  const script =
    'cat > "$0" && nft -c -f "$0" && nft -f "$0" && nft -f "$0" && nft list ruleset; code=$?; rm -f "$0"; exit $code';
  const file = execFileSync('mktemp', { encoding: 'utf8' }).trim();
  const run = spawnSync('unshare', ['-n', 'sh', '-c', script, file], { input: text, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`nft refused:\n${run.stderr}\n${text}`);
  return linesOf(run.stdout);
}

/** Returns one statement per line: nft breaks long element lists. */
export const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll(/,\n\s+/g, ', ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Returns the rules of one chain in order, without its hook. */
export function rulesOf(text: string, chain: string): readonly string[] {
  const lines = linesOf(text);
  const start = lines.indexOf(`chain ${chain} {`);
  if (start < 0) return [];
  return lines.slice(start + 1, lines.indexOf('}', start)).filter((line) => !line.startsWith('type '));
}

/** Returns the elements of a named set or map as one text. */
export function elementsOf(text: string, name: string): string | undefined {
  const lines = linesOf(text);
  const start = lines.findIndex((line) => line === `set ${name} {` || line === `map ${name} {`);
  return start < 0
    ? undefined
    : lines.slice(start, lines.indexOf('}', start)).find((line) => line.startsWith('elements'));
}
