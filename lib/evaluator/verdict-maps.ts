import { Told } from '../net/interned';
import { PacketMap } from '../net/packet-map';
import { Context } from './context';
import { Extent, joinedOver } from './packets/extents';
import { GOES_ON, Possible, eitherOf, possible, unknownOutcome } from './outcomes';
import { Packets } from './packets/packets';
import { Region, mapOver, setOver, union } from './packets/regions';
import { Decision, End, LoweredChain } from './model';

/** What comes of one entry of a map: entries with one key come to the same. */
interface Result {
  readonly key: unknown;
  readonly make: (region: Region | undefined) => PacketMap<Possible>;
}

/**
 * What a map makes of packets. Its entries exclude one another; the default is for keys that none of them holds, also where one says no
 * more than to go on. What isn't defined goes on with the next rule.
 */
export function chosenOf(
  end: End & { is: 'choose' | 'look up' },
  line: number,
  context: Context,
  packets: Packets,
  result: (entry: number, region: Region | undefined) => Result,
): PacketMap<Possible> {
  const sure = new Map<unknown, { regions: (Region | undefined)[]; make: Result['make'] }>();
  const doubtful: { readonly extent: Extent; readonly make: Result['make'] }[] = [];
  let byDefault: { readonly extent: Extent; readonly make: Result['make'] } | undefined;
  (end.is === 'choose' ? end.choices : end.entries).forEach((entry, i) => {
    const extent = packets.tuple(end.fields, entry, context);
    const { key, make } = result(i, extent.possible);
    if (entry.values.every(({ is }) => is === 'any')) byDefault = { extent, make };
    else if (extent.sure !== extent.possible) doubtful.push({ extent, make });
    else {
      const group = sure.get(key);
      if (group) group.regions.push(extent.sure);
      else sure.set(key, { regions: [extent.sure], make });
    }
  });
  const groups = [...sure.values()];
  const certain = PacketMap.first(groups.map(({ regions, make }) => joinedOver(regions, make)));
  if (!byDefault && doubtful.length === 0 && !end.learned) return certain;
  let others = PacketMap.nothing<Possible>();
  const add = ({ extent, make }: { readonly extent: Extent; readonly make: Result['make'] }): void => {
    const because = `line ${line}: ${extent.because}`;
    const made = make(extent.possible).or(mapOver(GOES_ON, extent.possible));
    const isSure = setOver(extent.sure);
    const perhaps = made.apartFrom(isSure);
    others = made.within(isSure).or(others.with(perhaps, (a, b) => (b ? eitherOf(b, a ?? GOES_ON, because) : a)));
  };
  if (byDefault) add(byDefault);
  for (const one of doubtful) add(one);
  if (end.learned) {
    const because = `line ${line}: rules add to its map`;
    const unclear = possible(unknownOutcome(because), false, true, because);
    others = PacketMap.everywhere(unclear).with(others, (a, b) => eitherOf(a!, b ?? GOES_ON, because));
  }
  const held = union<true>(
    true,
    groups.flatMap(({ regions }) => regions),
  );
  return certain.or(others.apartFrom(held));
}

const led = new Told<LoweredChain, object>();

/** Where verdicts that lead to the same are one. */
export function nameOf(verdict: Decision): object | string {
  switch (verdict.is) {
    case 'jump':
    case 'goto':
      return led.of(verdict.chain, verdict.is, () => ({}));
    case 'pass':
    case 'opaque':
      return verdict;
    default:
      return verdict.is;
  }
}
