// Builds pf rules for tests: filter, rdr, nat and binat, on a sample box.

import { FAMILY_RANGE, getFamily } from '../../../lib/net/address';
import { Device, NumberRange } from '../../../lib/net/device';
import { PacketBlock } from '../../../lib/net/packet';
import { PacketMap, PacketSet } from '../../../lib/net/packet-map';
import { Range } from '../../../lib/net/range';
import {
  PfBinat,
  PfFilterRule,
  PfMatch,
  PfNat,
  PfRuleScope,
  PfRedirect,
  PfRules,
  PfTargetPort,
} from '../../../lib/parse/pf/model';
import { at, net, port, router } from '../../devices';

/**
 * em0 outside, em1 inside with the server 10.0.0.11, em2 a second inside network. 203.0.113.10 and .11 are the box's
 * own.
 */
export const BOX: Device = router(
  [
    port('em0', 'outside', ['203.0.113.2/24', '2001:db8:1::2/64']),
    port('em1', 'inside', ['10.0.0.1/24', '2001:db8:2::1/64']),
    port('em2', 'inside', ['10.0.1.1/24']),
  ],
  '203.0.113.10',
  '203.0.113.11',
);

/** Words of a rule: a missing one is any. Protocols and ports as numbers. */
export interface Words {
  readonly on?: PfMatch['on'] | string;
  readonly family?: 'ip' | 'ip6';
  readonly from?: string | readonly string[];
  readonly notFrom?: string;
  readonly to?: string | readonly string[];
  readonly notTo?: string;
  readonly protocol?: readonly number[];
  readonly port?: readonly NumberRange[] | number;
  readonly sourcePort?: readonly NumberRange[];
  /** Whether the whole rule may match or not. */
  readonly doubt?: string;
  /** Possible further members of the table in `from` or `to`. */
  readonly perhapsFrom?: string;
  readonly perhapsTo?: string;
}

const TCP_UDP = [6, 17];
const numbers = (all: readonly number[]): readonly NumberRange[] => all.map((one) => ({ first: one, last: one }));
const ranges = (text: string | readonly string[]): readonly Range[] =>
  (typeof text === 'string' ? [text] : text).map(net);

function packetsOf(words: Words): PacketSet {
  const { family, from, to, protocol, port, sourcePort, notFrom, notTo } = words;
  const protocols = protocol ?? (port === undefined && !sourcePort ? undefined : TCP_UDP);
  const block: PacketBlock = {
    ...(family ? { family } : {}),
    ...(from === undefined ? {} : { source: ranges(from) }),
    ...(to === undefined ? {} : { destination: ranges(to) }),
    ...(protocols ? { protocol: numbers(protocols) } : {}),
    ...(port === undefined ? {} : { port: typeof port === 'number' ? numbers([port]) : port }),
    ...(sourcePort ? { sourcePort } : {}),
  };
  const set = PacketMap.createSet(block);
  const whole = (text: string): PacketSet => PacketMap.createSet({ family: getFamily(net(text).first) });
  const peer =
    notFrom === undefined
      ? set
      : set.intersect(whole(notFrom)).subtract(PacketMap.createSet({ source: [net(notFrom)] }));
  return notTo === undefined
    ? peer
    : peer.intersect(whole(notTo)).subtract(PacketMap.createSet({ destination: [net(notTo)] }));
}

let number = 0;

const placed = ({ on = 'any', ...words }: { readonly on?: Words['on'] }): PfRuleScope => ({
  line: { number: ++number, text: JSON.stringify({ on, ...words }) },
  on: typeof on === 'string' && on !== 'any' ? { is: [on] } : (on as PfRuleScope['on']),
});

function match(words: Words): PfMatch {
  const { doubt, perhapsFrom, perhapsTo } = words;
  const packets = packetsOf(words);
  const base = { ...placed(words), packets };
  const { from, to } = words;
  const also = packetsOf({
    ...words,
    ...(perhapsFrom ? { from: [...listed(from), perhapsFrom] } : {}),
    ...(perhapsTo ? { to: [...listed(to), perhapsTo] } : {}),
  });
  if (doubt !== undefined) return { ...base, packets: PacketMap.NONE, uncertain: { packets: also, reason: doubt } };
  if (perhapsFrom === undefined && perhapsTo === undefined) return base;
  return { ...base, uncertain: { packets: also, reason: 'a table may hold more' } };
}

const listed = (hosts: Words['from']): readonly string[] =>
  hosts === undefined ? [] : typeof hosts === 'string' ? [hosts] : hosts;

export type FilterWords = Words & Partial<Pick<PfFilterRule, 'direction' | 'quick' | 'state' | 'routedTo' | 'flags'>>;

export function filter(action: PfFilterRule['action'], words: FilterWords): PfFilterRule {
  const { direction = 'both', quick = false, state = true, routedTo, flags } = words;
  return {
    ...match(words),
    action,
    direction,
    quick,
    state,
    ...(routedTo === undefined ? {} : { routedTo }),
    ...(flags && { flags }),
  };
}

export const pass = (words: FilterWords = {}): PfFilterRule => filter('pass', words);
export const block = (words: FilterWords = {}): PfFilterRule => filter('block', words);
export const matching = (words: FilterWords = {}): PfFilterRule => filter('match', words);

const translation = (words: Words & { readonly pass?: boolean }, no: boolean) => ({
  ...match(words),
  no,
  pass: words.pass ?? false,
  matchKey: JSON.stringify({
    ...words,
    target: undefined,
    targetPort: undefined,
    among: undefined,
    outside: undefined,
  }),
});

export interface RdrWords extends Words {
  readonly pass?: boolean;
  /** With a length: its network's bits, the packet's host bits. */
  readonly target?: string;
  /** One of several targets, unknown which. */
  readonly among?: readonly string[];
  readonly targetPort?: PfTargetPort | number;
}

/** Without a target: `no rdr`. */
export function rdr(words: RdrWords): PfRedirect {
  const { target, targetPort, among } = words;
  const port: PfTargetPort | undefined = typeof targetPort === 'number' ? { is: 'one', port: targetPort } : targetPort;
  const ported = port ? { port } : {};
  const base = translation({ family: 'ip', ...words }, target === undefined && !among);
  if (among) return { ...base, to: { is: 'unclear', reason: 'one of a pool', pool: among.map(net), ...ported } };
  if (target === undefined) return base;
  return {
    ...base,
    to: target.includes('/')
      ? { is: 'bitmask', network: net(target), ...ported }
      : { is: 'address', address: at(target), ...ported },
  };
}

export interface NatWords extends Words {
  readonly pass?: boolean;
  readonly target?: string;
  /** An unknown target. */
  readonly unclear?: string;
  /** `static-port`. */
  readonly keep?: boolean;
}

/** Without a target: `no nat`. */
export function nat(words: NatWords): PfNat {
  const { target, keep, unclear } = words;
  const base = translation({ family: 'ip', ...words }, target === undefined && unclear === undefined);
  if (unclear !== undefined) return { ...base, to: { is: 'unclear', reason: unclear } };
  if (target === undefined) return base;
  const ports = keep ? 'kept' : 'free';
  return {
    ...base,
    to: target.includes('/')
      ? { is: 'bitmask', network: net(target), ports }
      : { is: 'address', address: at(target), ports },
  };
}

export interface BinatWords {
  readonly on?: string;
  readonly inside: string;
  readonly outside?: string;
  readonly peer?: string;
  readonly notPeer?: string;
  readonly protocol?: readonly number[];
  readonly pass?: boolean;
  readonly doubt?: string;
  /** Possible further peers besides `peer`. */
  readonly perhapsPeer?: string;
}

/** Without outside: `no binat`. */
export function binat(words: BinatWords): PfBinat {
  const { inside, outside, peer, notPeer, protocol, doubt, perhapsPeer } = words;
  const family = getFamily(net(inside).first);
  const is = peersOf(peer, notPeer, FAMILY_RANGE[family]);
  const uncertain = perhapsPeer === undefined ? [] : [net(perhapsPeer)];
  return {
    ...placed(words),
    no: outside === undefined,
    pass: words.pass ?? false,
    matchKey: JSON.stringify({ ...words, outside: undefined }),
    internal: net(inside),
    ...(outside === undefined ? {} : { external: net(outside) }),
    peers:
      doubt !== undefined
        ? { must: [], uncertain: [...is, ...uncertain], reason: doubt }
        : { must: is, uncertain, reason: uncertain.length > 0 ? 'a table may hold more' : '' },
    protocols: protocol ? numbers(protocol) : 'any',
    to: toOf(words),
  };
}

/** The side that the kernel compares. */
export const toOf = ({ peer, notPeer, perhapsPeer }: BinatWords): string =>
  peer === undefined && notPeer === undefined && perhapsPeer === undefined
    ? 'any'
    : JSON.stringify([peer, notPeer, perhapsPeer]);

function peersOf(peer: string | undefined, notPeer: string | undefined, whole: Range): readonly Range[] {
  if (peer !== undefined) return [net(peer)];
  if (notPeer === undefined) return [whole];
  const { first, last } = net(notPeer);
  return [
    ...(first > whole.first ? [{ first: whole.first, last: first - 1n }] : []),
    ...(last < whole.last ? [{ first: last + 1n, last: whole.last }] : []),
  ];
}

export const rulesOf = (parts: Partial<PfRules>): PfRules => ({
  skipped: [],
  rdr: [],
  binat: [],
  nat: [],
  filter: [],
  ...parts,
});
