// Computes for which inbound packets pf evaluates each `binat` rule, because its kernel skips rules after one that
// doesn't match.

import { getFamily } from '../../../net/address';
import { PacketBlock } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range } from '../../../net/range';
import { PfBinat, isOnInterface } from '../model';

/** The packets for which one rule of a list is evaluated: certainly, and possibly besides. */
export interface ReachingPackets {
  readonly must: PacketSet;
  readonly uncertain: PacketSet;
}

/**
 * Returns the inbound packets for which each 1:1 rule is evaluated. If a rule's source doesn't match, the kernel skips
 * all following rules with the same `from` (and likewise with `to`), because none of them could match. But inbound a
 * 1:1 rule compares its `to` with the source, and `no binat` its `from`: one kind may skip a rule of the other that
 * would have matched. Undefined: every rule is evaluated for all packets. Source: FreeBSD pf.c, pf_calc_skip_steps and
 * pf_match_translation; seen at work (reference/pf.md).
 */
export function computeInboundReach(rules: readonly PfBinat[], name: string): readonly ReachingPackets[] | undefined {
  if (!rules.some((rule) => rule.no && isOnInterface(rule, name))) return undefined;
  const froms = computeRunEnds(rules.map(({ internal: { first, last } }) => `${first}-${last}`));
  const tos = computeRunEnds(rules.map(({ to }) => to));
  const reach: ReachingPackets[] = [];
  for (let start = 0; start < rules.length;) {
    // No skip crosses the end of overlapping runs, and most of a list never skips.
    let end = start + 1;
    for (let i = start; i < end; i++) end = Math.max(end, froms[i]!, rules[i]!.to === 'any' ? 0 : tos[i]!);
    const part = rules.slice(start, end);
    if (end - start === 1 || !part.some(({ no }) => no)) for (let i = start; i < end; i++) reach.push(ALL_PACKETS);
    else reach.push(...simulateSkips(part, name, froms.slice(start, end), tos.slice(start, end), start));
    start = end;
  }
  return reach;
}

const ALL_PACKETS: ReachingPackets = { must: PacketMap.ALL, uncertain: PacketMap.NONE };

/** Returns for each place the end of the run of equal keys that it is in. */
function computeRunEnds(keys: readonly string[]): readonly number[] {
  const ends: number[] = [];
  for (let i = keys.length - 1; i >= 0; i--) ends[i] = keys[i] === keys[i + 1] ? ends[i + 1]! : i + 1;
  return ends;
}

function simulateSkips(
  rules: readonly PfBinat[],
  name: string,
  froms: readonly number[],
  tos: readonly number[],
  start: number,
): readonly ReachingPackets[] {
  const reached = rules.map((_, i) => (i === 0 ? PacketMap.ALL : PacketMap.NONE));
  const passedBy = rules.map(() => PacketMap.NONE);
  const jump = (from: number, to: number, packets: PacketSet): void => {
    if (packets.isEmpty) return;
    for (let i = from + 1; i < to; i++) passedBy[i] = passedBy[i]!.unite(packets);
    if (to < rules.length) reached[to] = reached[to]!.unite(packets);
  };
  rules.forEach((rule, i) => {
    const arriving = reached[i]!;
    if (!isOnInterface(rule, name)) return jump(i, i + 1, arriving);
    const skips = rule.no ? computeExclusionSkips(rule) : { from: NO_PACKETS, to: computeMismatches(rule, 'source') };
    jump(i, froms[i]! - start, arriving.intersect(skips.from.must));
    jump(i, tos[i]! - start, arriving.intersect(skips.to.must.unite(skips.to.uncertain)));
    jump(i, i + 1, arriving.subtract(skips.from.must.unite(skips.to.must)));
  });
  return rules.map((_, i) => ({
    must: reached[i]!.subtract(passedBy[i]!),
    uncertain: reached[i]!.intersect(passedBy[i]!),
  }));
}

/** Packets for which the kernel skips rules. */
type SkippedPackets = ReachingPackets;
const NO_PACKETS: SkippedPackets = { must: PacketMap.NONE, uncertain: PacketMap.NONE };

const createComparedBlock = ({ internal, protocols }: PfBinat): PacketBlock => ({
  family: getFamily(internal.first),
  ...(protocols === 'any' ? {} : { protocol: protocols }),
});

/** Returns the packets whose address isn't in the rule's `to`. */
function computeMismatches(rule: PfBinat, axis: 'source' | 'destination'): SkippedPackets {
  if (rule.to === 'any') return NO_PACKETS;
  const createPacketSet = (ranges: readonly Range[]): PacketSet =>
    ranges.length === 0 ? PacketMap.NONE : PacketMap.createSet({ ...createComparedBlock(rule), [axis]: ranges });
  const mismatches = PacketMap.createSet(createComparedBlock(rule)).subtract(createPacketSet(rule.peers.must));
  const uncertain = createPacketSet(rule.peers.uncertain).intersect(mismatches);
  return { must: mismatches.subtract(uncertain), uncertain };
}

function computeExclusionSkips(rule: PfBinat): { readonly from: SkippedPackets; readonly to: SkippedPackets } {
  const internal = PacketMap.createSet({ ...createComparedBlock(rule), source: [rule.internal] });
  const { must, uncertain } = computeMismatches(rule, 'destination');
  return {
    from: { must: PacketMap.createSet(createComparedBlock(rule)).subtract(internal), uncertain: PacketMap.NONE },
    to: { must: must.intersect(internal), uncertain: uncertain.intersect(internal) },
  };
}
