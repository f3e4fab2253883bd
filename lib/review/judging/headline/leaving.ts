import { Pair } from '../../../reachability/differing';
import { isWide } from '../../../reachability/rows';
import { familyOf, prefixesOf, printRange } from '../../../net/address';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { Range, sizeOf } from '../../../net/range';
import { Told } from './told';
import { addressesIn, destinationsOf, sourcesOf } from './words';

export const SEEN = ['are seen as other sources', 'is seen as another source'] as const;
const BARE = ['leave untranslated', 'leaves untranslated'] as const;

interface Left {
  /** What leaves as another address than before, and what does as its own. */
  readonly seen: PacketSet;
  readonly bare: PacketSet;
}

/** What is sent matters to whoever knows a host by its address: mail, above all. */
export function leaving(blocks: readonly Told[]): string {
  const all = blocks.filter(({ kind, pairs }) => kind === 'identity' && !pairs.isEmpty);
  const left = all.map((one) => leftBy(one, all));
  return [
    saidOf(PacketMap.first(left.map(({ seen }) => seen)), SEEN),
    saidOf(PacketMap.first(left.map(({ bare }) => bare)), BARE),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const isBare = ([, after]: Pair): boolean => after.source.is === 'kept';

/** By one gateway. What another one translates from now on is told of that one; where it translates as this one did, of neither. */
function leftBy({ device, pairs }: Told, all: readonly Told[]): Left {
  const others = all.filter((one) => one.device !== device);
  const [seen, bare] = [pairs.where((pair) => !isBare(pair)), pairs.where(isBare)];
  const taken = others.map((one) => one.pairs.where((pair) => !isBare(pair)));
  const kept = others.map((one) =>
    pairs.with(one.pairs, (mine, its): true | undefined =>
      mine && its && isBare(its) && mine[1].source === its[0].source ? true : undefined,
    ),
  );
  return { seen: apartFromSources(seen, kept), bare: apartFromSources(bare, taken) };
}

function apartFromSources(packets: PacketSet, others: readonly PacketSet[]): PacketSet {
  const sources = sourcesOf(PacketMap.first(others));
  return sources.length === 0 ? packets : packets.apartFrom(PacketMap.set({ source: sources }));
}

function saidOf(packets: PacketSet, [several, one]: readonly [ofSeveral: string, ofOne: string]): string {
  if (packets.isEmpty) return '';
  const sources = sourcesOf(packets);
  const [first] = sources;
  const alone =
    sources.length === 1 && sizeOf(sources) !== 2n && prefixesOf(first!).length === 1 ? printRange(first!) : undefined;
  return `${alone ?? addressesIn(sources)} ${alone === undefined ? several : one}${askedFor(destinationsOf(packets))}`;
}

/** Whom they are seen by, where that is not the world. */
const askedFor = (destinations: readonly Range[]): string =>
  isWide(destinations, familyOf(destinations[0]!.first)) ? '' : ` on ${addressesIn(destinations)}`;
