import { familyOf } from '../../../net/address';
import { Block } from '../../../net/packet';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range } from '../../../net/range';
import { PfBinat, isOn } from '../model';

/** Of one rule of a list: the packets that it is asked for, for certain and perhaps besides. */
export interface Asked {
  readonly sure: PacketSet;
  readonly perhaps: PacketSet;
}

/**
 * Which packets that come in each 1:1 rule is asked for. Where the source of one doesn't match, the kernel goes on behind all that follow
 * with the same `from` (and so with `to`), as none of them could match. But inbound a 1:1 rule compares its `to` with the source, and
 * `no binat` its `from`: what one leaves out may be what the other would have matched. Undefined: every rule is asked for everything.
 * Source: FreeBSD pf.c, pf_calc_skip_steps and pf_match_translation; seen at work (reference/pf.md).
 */
export function askedInbound(rules: readonly PfBinat[], name: string): readonly Asked[] | undefined {
  if (!rules.some((rule) => rule.no && isOn(rule, name))) return undefined;
  const froms = endsOf(rules.map(({ inside: { first, last } }) => `${first}-${last}`));
  const tos = endsOf(rules.map(({ to }) => to));
  const asked: Asked[] = [];
  for (let start = 0; start < rules.length;) {
    // Nothing jumps over the end of what overlaps, and most of a list never jumps.
    let end = start + 1;
    for (let i = start; i < end; i++) end = Math.max(end, froms[i]!, rules[i]!.to === 'any' ? 0 : tos[i]!);
    const part = rules.slice(start, end);
    if (end - start === 1 || !part.some(({ no }) => no)) for (let i = start; i < end; i++) asked.push(EVERYTHING);
    else asked.push(...followed(part, name, froms.slice(start, end), tos.slice(start, end), start));
    start = end;
  }
  return asked;
}

const EVERYTHING: Asked = { sure: PacketMap.ALL, perhaps: PacketMap.NONE };

/** For each place where the run of equal ones ends that it is in. */
function endsOf(keys: readonly string[]): readonly number[] {
  const ends: number[] = [];
  for (let i = keys.length - 1; i >= 0; i--) ends[i] = keys[i] === keys[i + 1] ? ends[i + 1]! : i + 1;
  return ends;
}

function followed(
  rules: readonly PfBinat[],
  name: string,
  froms: readonly number[],
  tos: readonly number[],
  start: number,
): readonly Asked[] {
  const reached = rules.map((_, i) => (i === 0 ? PacketMap.ALL : PacketMap.NONE));
  const passedBy = rules.map(() => PacketMap.NONE);
  const jump = (from: number, to: number, packets: PacketSet): void => {
    if (packets.isEmpty) return;
    for (let i = from + 1; i < to; i++) passedBy[i] = passedBy[i]!.or(packets);
    if (to < rules.length) reached[to] = reached[to]!.or(packets);
  };
  rules.forEach((rule, i) => {
    const here = reached[i]!;
    if (!isOn(rule, name)) return jump(i, i + 1, here);
    const past = rule.no ? ofExcluding(rule) : { from: NOWHERE, to: mismatching(rule, 'source') };
    jump(i, froms[i]! - start, here.within(past.from.sure));
    jump(i, tos[i]! - start, here.within(past.to.sure.or(past.to.perhaps)));
    jump(i, i + 1, here.apartFrom(past.from.sure.or(past.to.sure)));
  });
  return rules.map((_, i) => ({
    sure: reached[i]!.apartFrom(passedBy[i]!),
    perhaps: reached[i]!.within(passedBy[i]!),
  }));
}

/** Packets for which the kernel jumps. */
type Jump = Asked;
const NOWHERE: Jump = { sure: PacketMap.NONE, perhaps: PacketMap.NONE };

const compared = ({ inside, protocols }: PfBinat): Block => ({
  family: familyOf(inside.first),
  ...(protocols === 'any' ? {} : { protocol: protocols }),
});

/** What isn't among its `to`. */
function mismatching(rule: PfBinat, axis: 'source' | 'destination'): Jump {
  if (rule.to === 'any') return NOWHERE;
  const set = (ranges: readonly Range[]): PacketSet =>
    ranges.length === 0 ? PacketMap.NONE : PacketMap.set({ ...compared(rule), [axis]: ranges });
  const others = PacketMap.set(compared(rule)).apartFrom(set(rule.peers.sure));
  const perhaps = set(rule.peers.perhaps).within(others);
  return { sure: others.apartFrom(perhaps), perhaps };
}

function ofExcluding(rule: PfBinat): { readonly from: Jump; readonly to: Jump } {
  const inside = PacketMap.set({ ...compared(rule), source: [rule.inside] });
  const { sure, perhaps } = mismatching(rule, 'destination');
  return {
    from: { sure: PacketMap.set(compared(rule)).apartFrom(inside), perhaps: PacketMap.NONE },
    to: { sure: sure.within(inside), perhaps: perhaps.within(inside) },
  };
}
