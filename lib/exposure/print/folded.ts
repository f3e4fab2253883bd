import { ANY, limited } from '../../reachability/words';
import { FAMILY_RANGE, Family, pairsApart, printRange, rangeOf } from '../../net/address';
import { PRIVATE } from '../../net/private';
import { Range, joined, sizeOf, without } from '../../net/range';
import { EntryReport } from '../report/report';

/** What of a line may be a long list. */
interface Lists {
  readonly service: string;
  readonly to: string;
  readonly from: string;
}

const ANYWHERE = 'anywhere';
/** As much of a list as tells a reader something. */
const MOST = 8;
const MOST_DESTINATIONS = 12;

/** What else no packet of the internet comes from, whoever else may have it. Source: IANA, Special-Purpose Address Registries. */
const LOCAL: Blocks = {
  ip: ranges('0.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 198.18.0.0/15 224.0.0.0/3'),
  ip6: ranges('::/127 fe80::/10 ff00::/8'),
};
/** Networks for examples, which stand for somebody's where not every bogon is blocked. Source: RFC 5737. */
const EXAMPLES = ranges('192.0.2.0/24 198.51.100.0/24 203.0.113.0/24');
/** Source: Team Cymru, The Bogon Reference; of IPv6 its list is longer than anybody would know by name. */
const BOGONS = joined([...LOCAL.ip, ...EXAMPLES]);

type Blocks = Readonly<Record<Family, readonly Range[]>>;

function ranges(prefixes: string): readonly Range[] {
  return prefixes.split(' ').map(rangeOf);
}

export const unfolded = (entry: EntryReport): Lists => ({
  service: entry.service,
  to: destinationsOf(entry),
  from: entry.from,
});

/** A line of a first screen: of each list the first, and what is blocked though nobody in the internet has it by its name. */
export function folded(entry: EntryReport): Lists {
  const { service, to, from, packets } = entry;
  const isWorld = to[0]?.startsWith(ANY[packets.family]) ?? false;
  return {
    service: service.replace(
      /((?:[\d-]+,){9}[\d-]+),([\d,-]+)/,
      (_, first: string, rest: string) => `${first} and ${rest.split(',').length} more`,
    ),
    to: isWorld
      ? worldBut(ANY[packets.family], without([FAMILY_RANGE[packets.family]], packets.destinations))
      : destinationsOf(entry),
    from: from === ANYWHERE ? from : sourcesOf(packets),
  };
}

export const isFolded = (entry: EntryReport): boolean => {
  const [short, long] = [folded(entry), unfolded(entry)];
  return short.service !== long.service || short.to !== long.to || short.from !== long.from;
};

function destinationsOf({ to, toCount }: EntryReport): string {
  const shown = to.slice(0, MOST_DESTINATIONS).join(', ');
  return toCount > MOST_DESTINATIONS ? `${shown} and ${toCount - MOST_DESTINATIONS} more` : shown;
}

function sourcesOf({ sources, family }: EntryReport['packets']): string {
  const blocked = without([FAMILY_RANGE[family]], sources);
  if (sizeOf(blocked) * 2n > sizeOf([FAMILY_RANGE[family]])) return listed(joined(sources));
  const isBlocked = (some: readonly Range[]): boolean => without(some, blocked).length === 0;
  const named = [
    ...(family === 'ip' && isBlocked(BOGONS) ? [{ name: 'bogons', all: EXAMPLES }] : []),
    ...(isBlocked(PRIVATE[family]) ? [{ name: 'private', all: PRIVATE[family] }] : []),
  ];
  if (named.length === 0) return worldBut(ANYWHERE, blocked);
  const others = without(blocked, joined([...LOCAL[family], ...named.flatMap(({ all }) => all)]));
  return `${worldBut(ANYWHERE, others)} (${named.map(({ name }) => name).join(' and ')} blocked)`;
}

const worldBut = (world: string, holes: readonly Range[]): string =>
  holes.length === 0 ? world : `${world} but ${listed(holes)}`;

const listed = (some: readonly Range[]): string => limited(pairsApart(some).map(printRange), MOST).join(', ');
