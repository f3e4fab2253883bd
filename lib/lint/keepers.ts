import { View } from '../exposure/exposure';
import { printNumbers } from '../exposure/words';
import { FAMILY_RANGE, Family, printRange } from '../net/address';
import { joinedNumbers } from '../net/axes';
import { localTo, sameEntry } from '../net/device';
import { ALL_PORTS, PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { Range, joined, point, without } from '../net/range';
import { destinationsOf, isAnybody, printSome, some } from './addresses';
import { viewsFrom } from './owners';
import { placeOf } from './places';
import { Find } from './rule';
import { Keeper, SubjectOwner } from './subject';
import { everythingOpenTo } from './targets';
import { TCP_UDP, allowedAt } from './verdicts';

const FAMILIES: readonly Family[] = ['ip', 'ip6'];

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
      const said = found.filter(({ packets }) => !packets.isEmpty).map(({ keeper, packets }) => sentence(keeper, packets, printSome(at)));
      return { where: placeOf(owner, at), what: said.join(' '), instead };
    });

const sentence = ({ name, isAsked, at: chains }: Keeper, packets: PacketSet, at: string): string =>
  `${name} refuses ${words(packets)} at ${at}, and it gets in all the same: ` +
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

/** `tcp 22, 80 from 192.0.2.7; udp 53 from anywhere but 192.0.2.0/24`. */
function words(packets: PacketSet): string {
  const sources = new Map<string, string[]>();
  for (const { family, ranges, below } of packets.groups('destination').flatMap((one) => one.below.groups('source'))) {
    const services = servicesIn(below);
    sources.set(services, [...(sources.get(services) ?? []), printSources(ranges, family)]);
  }
  return [...sources].map(([services, from]) => `${services} from ${[...new Set(from)].join(' and ')}`).join('; ');
}

function printSources(ranges: readonly Range[], family: Family): string {
  if (!isAnybody(ranges, family)) return printSome(ranges);
  const others = without([FAMILY_RANGE[family]], joined(ranges));
  return others.length === 0 ? 'anywhere' : `anywhere but ${some(others.map(printRange))}`;
}

function servicesIn(packets: PacketSet): string {
  return (['tcp', 'udp'] as const)
    .flatMap((name) => {
      const protocol = [{ first: PROTOCOL[name], last: PROTOCOL[name] }];
      const ports = joinedNumbers([...packets.within(PacketMap.set({ protocol })).cells()].map(({ port }) => port));
      if (ports.length === 0) return [];
      const isAll = ports.length === 1 && ports[0]!.first <= 1 && ports[0]!.last === ALL_PORTS.last;
      return isAll
        ? `every ${name} port`
        : `${name} ${some(
            ports.map((one) => printNumbers([one])),
            MOST_PORTS,
          )}`;
    })
    .join(', ');
}

const MOST_PORTS = 6;
