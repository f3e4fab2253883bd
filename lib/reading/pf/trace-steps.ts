import { familyOf } from '../../net/address';
import { Packet } from '../../net/packet';
import { Range } from '../../net/range';
import { PfBinat } from './model';

const isIn = (ranges: readonly Range[], address: bigint): boolean => ranges.some(({ first, last }) => first <= address && address <= last);

/** Where a packet that comes in may go on behind the 1:1 rule at `i`, which is on its interface. Source: as in left-out.ts. */
export function stepInbound(rules: readonly PfBinat[], i: number, { source, destination, protocol }: Packet): readonly number[] {
  const { no, inside, peers, protocols, to } = rules[i]!;
  const asks = protocols === 'any' || protocols.some(({ first, last }) => first <= protocol && protocol <= last);
  if (familyOf(destination) !== familyOf(inside.first) || !asks) return [i + 1];
  if (no && !isIn([inside], source))
    return [behind(rules, i, (one) => one.inside.first === inside.first && one.inside.last === inside.last)];
  const seen = no ? destination : source;
  if (to === 'any' || isIn(peers.is, seen)) return [i + 1];
  const past = behind(rules, i, (one) => one.to === to);
  return isIn(peers.perhaps?.ranges ?? [], seen) ? [i + 1, past] : [past];
}

function behind(rules: readonly PfBinat[], i: number, isSame: (one: PfBinat) => boolean): number {
  let end = i + 1;
  while (end < rules.length && isSame(rules[end]!)) end++;
  return end;
}
