import { Ask } from '../../reachability/ask';
import { View } from '../../reachability/exposure';
import { Entry } from '../../reachability/listing';
import { FAMILY_RANGE, Family, familyOf, pairsApart, printAddress, printRange } from '../../net/address';
import { LOOPBACK, localTo } from '../../net/device';
import { Range, covers, joined, point, without } from '../../net/range';
import { STAND_INS } from '../facts/suppositions';
import { familyIn } from '../report/of-family';
import { NEVER_ROUTED, Told } from '../report/shown';

export interface Part {
  readonly told: Told;
  readonly ask: Ask;
  readonly views: readonly View[];
  /** Interfaces of this side. */
  readonly ways: number;
}

export interface Passing {
  readonly part: Part;
  readonly entry: Entry;
}

/** Whether its destinations are all that were asked about. */
export function isMeant({ to, packet }: Entry, { about, device }: Told, ask: Ask): boolean {
  if (/^(this server|any other host|any IPv)/.test(to[0] ?? '')) return true;
  const family = familyOf(packet.destination);
  if (ask.to === undefined && about === 'host') {
    const own = localTo(device).filter((address) => familyOf(address) === family);
    return own.every((address) => to.includes(printAddress(address)));
  }
  const asked = (ask.to ?? []).filter(({ first }) => familyOf(first) === family);
  return asked.length > 0 && to.join() === pairsApart(joined(asked)).map(printRange).join();
}

/** Whether entries that pass the same from the same sources reach together all destinations that are meant. */
export function reachesAll({ part, entry }: Passing, passing: readonly Passing[]): boolean {
  const { told, ask } = part;
  if (isMeant(entry, told, ask) && !/ but /.test(entry.to[0] ?? '')) return true;
  const alike = passing.filter(
    (one) =>
      one.part === part &&
      one.entry.service === entry.service &&
      one.entry.from === entry.from &&
      familyIn(one.entry) === familyIn(entry),
  );
  const reached = alike.flatMap((one) =>
    one.entry.packets.family === entry.packets.family ? one.entry.packets.destinations : [],
  );
  return without(meantBy(told, ask, entry.packets.family), reached).length === 0;
}

/** Destinations of a family that are meant where packets are asked about: those that were asked for, its own addresses, or all other hosts. */
function meantBy({ about, anonymous, device }: Told, { to }: Ask, family: Family): readonly Range[] {
  const whole = [FAMILY_RANGE[family]];
  const within = (ranges: readonly Range[]): readonly Range[] =>
    ranges.filter(({ first }) => covers(whole[0]!, point(first)));
  if (to !== undefined) return within(to);
  const own = anonymous?.families.includes(family) ? STAND_INS : localTo(device).map(point);
  return about === 'host'
    ? within(own)
    : without(whole, [...NEVER_ROUTED, ...LOOPBACK, ...own, ...(anonymous?.wordless ?? [])]);
}
