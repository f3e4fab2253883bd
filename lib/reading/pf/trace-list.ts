import { contains, point } from '../../net/range';
import { PROTOCOL, Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { FAMILY_RANGE, familyOf } from '../../net/address';
import { hasFlags } from './flags';
import { PfBinat, PfFilterRule, PfLine, PfMatch, PfNat, PfRedirect, PfRules } from './model';
import { isOn, said } from './standing';
import { Change, cameInBy, nattedBy, redirectedBy, wentOutBy } from './trace-change';
import { stepInbound } from './trace-steps';

type Answer = { readonly is: 'yes' | 'no' } | { readonly is: 'maybe'; readonly because: string };

const YES: Answer = { is: 'yes' };
const NO: Answer = { is: 'no' };

function matches({ line, packets, perhaps }: PfMatch, packet: Packet): Answer {
  if (packets.at(packet)) return YES;
  return perhaps?.packets.at(packet) ? { is: 'maybe', because: said(line, perhaps.because) } : NO;
}

/** One way that a list may end for a packet. */
export interface Way<T> {
  readonly does: T;
  /** Of the rule; undefined where none matched. */
  readonly line: PfLine | undefined;
}

/** All ways that it may end, and why there are several. */
export interface Ways<T> {
  readonly ways: readonly Way<T>[];
  readonly because: string;
}

interface List {
  readonly rules: readonly (PfRedirect | PfBinat | PfNat)[];
  readonly matches: (index: number, packet: Packet) => Answer;
  readonly change: (index: number, packet: Packet) => Change;
  /** Where it goes on behind a rule that doesn't end it. */
  readonly step: (index: number, packet: Packet) => readonly number[];
}

const listOf = <R extends PfRedirect | PfBinat | PfNat>(
  all: readonly R[],
  name: string,
  change: (rule: R, packet: Packet) => Change,
): List => {
  const rules = all.filter((rule) => isOn(rule, name));
  return {
    rules,
    matches: (i, packet) => matches(rules[i]!, packet),
    change: (i, packet) => change(rules[i]!, packet),
    step: (i) => [i + 1],
  };
};

/** Where the kernel may jump, rules of other interfaces count, too. */
const cameInList = (rules: readonly PfBinat[]): List => ({
  rules,
  matches: (i, packet) => matchesCameIn(rules[i]!, packet),
  change: (i, packet) => cameInBy(rules[i]!, packet),
  step: (i, packet) => stepInbound(rules, i, packet),
});

/** A 1:1 rule met from outside: peer and public address change sides. With `no` the kernel doesn't turn it around. */
function matchesCameIn(rule: PfBinat, packet: Packet): Answer {
  const { outside, peers, protocols, line } = rule;
  if (rule.no || !outside) return matches(rule, packet);
  const { source, destination, protocol } = packet;
  if (destination < outside.first || destination > outside.last) return NO;
  if (protocols !== 'any' && !protocols.some(({ first, last }) => first <= protocol && protocol <= last)) return NO;
  const among = (ranges: typeof peers.is): boolean => ranges.some(({ first, last }) => first <= source && source <= last);
  if (among(peers.is)) return YES;
  return peers.perhaps && among(peers.perhaps.ranges) ? { is: 'maybe', because: said(line, peers.perhaps.because) } : NO;
}

/** How a packet is translated, or that it isn't. */
export function translations(rules: PfRules, name: string, way: 'in' | 'out', packet: Packet): Ways<Change | undefined> {
  const found = new Map<string, Way<Change | undefined>>();
  let because = '';
  if (!rules.skipped.includes(name)) {
    const lists =
      way === 'in'
        ? [listOf(rules.rdr, name, redirectedBy), cameInList(rules.binat)]
        : [listOf(rules.binat, name, wentOutBy), listOf(rules.nat, name, nattedBy)];
    for (const { rules: list, matches: match, change, step } of lists) {
      let left = false;
      // Each place is come to once, in order; of several ways on one is behind the other.
      const open = new Set([0]);
      for (let i = 0; i < list.length; i++) {
        if (!open.delete(i)) continue;
        const rule = list[i]!;
        const answer = isOn(rule, name) ? match(i, packet) : NO;
        if (answer.is !== 'yes') for (const place of isOn(rule, name) ? step(i, packet) : [i + 1]) open.add(place);
        if (answer.is === 'no') continue;
        if (answer.is === 'maybe') because ||= answer.because;
        // `no` ends this list alone.
        if (rule.no) {
          left = true;
          continue;
        }
        const does = change(i, packet);
        const key = `${does.how} ${does.port} ${does.freePort} ${does.pass}`;
        if (!found.has(key)) found.set(key, { does, line: rule.line });
      }
      if (!open.has(list.length) && !left) return { ways: [...found.values()], because };
    }
  }
  return { ways: [...found.values(), { does: undefined, line: undefined }], because };
}

export type Verb = Pick<PfFilterRule, 'action' | 'state' | 'routedTo'>;
const DEFAULT: Verb = { action: 'pass', state: false };

/** What the filter says: the last match, unless a quick one comes before. Several packets where a field could be anything. */
export function verbs(rules: PfRules, name: string, way: 'in' | 'out', some: readonly Packet[], has: number): Ways<Verb> {
  if (rules.skipped.includes(name)) return { ways: [{ does: { action: 'pass', state: true }, line: undefined }], because: '' };
  const asked = rules.filter.filter((rule) => rule.action !== 'match' && (rule.way === 'both' || rule.way === way) && isOn(rule, name));
  const found = new Map<string, Way<Verb>>();
  let because = '';
  for (const packet of some) {
    let last: (PfFilterRule | undefined)[] = [undefined];
    const ended: PfFilterRule[] = [];
    for (const rule of asked) {
      if (packet.protocol === PROTOCOL.tcp && !hasFlags(rule, has)) continue;
      const answer = matches(rule, packet);
      if (answer.is === 'no') continue;
      if (answer.is === 'maybe') {
        because ||= answer.because;
        if (rule.quick) ended.push(rule);
        else last.push(rule);
      } else {
        last = [rule];
        if (rule.quick) break;
      }
    }
    for (const rule of [...ended, ...last]) {
      const does = rule ?? DEFAULT;
      const key = does.action === 'block' ? 'block' : `pass ${does.state} ${does.routedTo}`;
      if (!found.has(key)) found.set(key, { does, line: rule?.line });
    }
  }
  return { ways: [...found.values()], because };
}

const MOST_VARIANTS = 256;

/**
 * Packets of which one field is each value that rules tell apart: what they say of these they say of all. Undefined where there are too
 * many to walk the rules for each.
 */
export function variants(rules: PfRules, packet: Packet, field: 'destination' | 'source' | 'sourcePort'): readonly Packet[] | undefined {
  const { destination, source, protocol, port } = packet;
  // Whose destination or source isn't known may have any source, and port of it, when it leaves.
  const rest: PacketSet = PacketMap.set({
    family: familyOf(destination),
    ...(field === 'destination' ? {} : { destination: [point(destination)] }),
    ...(field === 'sourcePort' ? { source: [point(source)] } : {}),
    protocol: [{ first: protocol, last: protocol }],
    port: [{ first: port, last: port }],
  });
  const values = new Set<bigint>();
  const all: readonly PfMatch[] = [...rules.filter, ...rules.nat, ...rules.binat, ...rules.rdr];
  for (const { packets, perhaps } of all) {
    for (const set of perhaps ? [packets, perhaps.packets] : [packets]) {
      for (const cell of set.within(rest).cells()) {
        values.add(BigInt(cell[field].first));
        values.add(BigInt(cell[field].last) + 1n);
        if (values.size > MOST_VARIANTS) return undefined;
      }
    }
  }
  return [packet, ...[...values].flatMap((value) => withField(packet, field, value) ?? [])];
}

function withField(packet: Packet, field: 'destination' | 'source' | 'sourcePort', value: bigint): Packet | undefined {
  if (field === 'sourcePort') return value > 65_535n ? undefined : { ...packet, sourcePort: Number(value) };
  const address = value as Packet['source'];
  return contains(FAMILY_RANGE[familyOf(packet.destination)], value) ? { ...packet, [field]: address } : undefined;
}
