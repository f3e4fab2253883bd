import { View } from '../reachability/exposure';
import { FAMILIES } from '../net/address';
import { localTo, sameEntry } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { point } from '../net/range';
import { destinationsOf, isAnybody, printSome, some } from './addresses';
import { viewsFrom } from './owners';
import { placeOf } from './per-owner';
import { Find } from './rule';
import { printPackets } from './services-in';
import { Keeper, SubjectOwner } from './subject';
import { everythingOpenTo } from './targets';
import { TCP_UDP, allowedAt } from './verdicts';

/** One finding per owner: whom programs of a kind keep out by their own rules, and who gets in all the same. */
export const ignored =
  (kind: Keeper['keepsOut'], instead: string): Find =>
  ({ owners }) =>
    owners.flatMap((owner) => {
      const found = (owner.keepers ?? [])
        .filter(({ keepsOut }) => keepsOut === kind)
        .map((keeper) => ({ keeper, packets: passing(owner, keeper) }));
      const all = PacketMap.first(found.map(({ packets }) => packets));
      if (all.isEmpty) return [];
      const at = FAMILIES.flatMap((family) => destinationsOf(all, family));
      const said = found
        .filter(({ packets }) => !packets.isEmpty)
        .map(({ keeper, packets }) => sentence(keeper, packets, printSome(at)));
      return { where: placeOf(owner, at), what: said.join(' '), instead };
    });

const sentence = ({ name, isAsked, at: chains }: Keeper, packets: PacketSet, at: string): string =>
  `${name} refuses ${printPackets(packets)} at ${at}, and it gets in all the same: ` +
  (isAsked ? `it is accepted before ${some(chains)} is asked.` : `no rule leads to ${some(chains)}.`);

/** What its rules keep out for sure, and the whole lets in for sure. Behind a translation its rules see another packet than the one that came. */
function passing(owner: SubjectOwner, { exposure }: Keeper): PacketSet {
  const here = PacketMap.set({ destination: [...localTo(owner.device)].map(point) });
  const found = viewsFrom(owner, true).map(({ vantage, verdicts, translations }: View) => {
    const alone = exposure.views.filter((one) => sameEntry(one.vantage, vantage));
    if (alone.length === 0) return PacketMap.NONE;
    const kept = translations.where(({ destination, port }) => destination.is === 'kept' && port === 'kept');
    const open = allowedAt(verdicts).within(kept).within(TCP_UDP).within(here);
    return untrusted(open).apartFrom(PacketMap.first(alone.map((one) => one.verdicts)));
  });
  return PacketMap.first(found);
}

/** Whom everything is open to is trusted whole, unless that is everybody. */
const untrusted = (open: PacketSet): PacketSet =>
  open
    .groups('destination')
    .map(({ family, ranges, below }) => ({ family, destination: ranges, source: everythingOpenTo(below, family) }))
    .filter(({ family, source }) => source.length > 0 && !isAnybody(source, family))
    .reduce((all, { destination, source }) => all.apartFrom(PacketMap.set({ destination, source })), open);
