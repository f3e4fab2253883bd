import { FAMILIES, FAMILY_RANGE, Family, familyOf } from '../../../net/address';
import { points } from '../../../net/device';
import { PacketMap } from '../../../net/packet-map';
import { Range, overlap } from '../../../net/range';
import { PfBinat, PfMatch, PfNat, PfRedirect, PfTargetPort } from '../model';
import { NegatedHost, PortText, TargetText, TranslationText } from '../text/text';
import { allOf, inFamily, possibly, rangesIn } from '../known';
import { isPrefix } from './addresses';
import { Matches } from './match';

/** What may become of a target on this device, one family at a time. */
interface Place {
  readonly family: Family;
  readonly ranges: readonly Range[];
  /** Why it isn't one network that everybody knows. */
  readonly because: string;
}

/** Where a target leads. Rules about one family lead to addresses of that family alone. */
function placesOf(target: TargetText, family: Family | undefined, matches: Matches): readonly Place[] {
  const known = matches.addresses.of(target.hosts, 'destination');
  return FAMILIES.filter((one) => family === undefined || family === one).flatMap((one): Place[] => {
    const ranges = rangesIn(allOf(known), one);
    if (ranges.length === 0) return [];
    const several = ranges.length > 1 || target.hosts.length > 1;
    return [{ family: one, ranges, because: known.because || (several ? 'it leads to one of several addresses' : '') }];
  });
}

const onlyIn = (resolved: PfMatch, family: Family): PfMatch => {
  const mine = PacketMap.set({ family });
  const { perhaps, packets, ...rest } = resolved;
  return {
    ...rest,
    packets: packets.within(mine),
    ...(perhaps && { perhaps: { ...perhaps, packets: perhaps.packets.within(mine) } }),
  };
};

export function redirects(rule: TranslationText, matches: Matches, asks: string): readonly PfRedirect[] {
  const { target, no, pass } = rule;
  if (!target) {
    const resolved = matches.of(rule.match);
    return resolved ? [{ ...resolved, no, pass, asks }] : [];
  }
  // A target of several ports counts from the first port of what matched, so each has its own.
  const counting = target.port && target.port.last !== target.port.first;
  const ports = rule.match.to.ports;
  const parts =
    counting && ports && ports.length > 1
      ? ports.map((port) => ({ ...rule.match, to: { ...rule.match.to, ports: [port] } }))
      : [rule.match];
  return parts.flatMap((match) => {
    const port = portOf(target.port, match.to.ports);
    const doubts = port === 'unknown' ? ['which port it leads to is not told'] : [];
    const resolved = matches.of({ ...match, doubts: [...match.doubts, ...doubts] });
    if (!resolved) return [];
    return placesOf(target, match.family, matches).map((place): PfRedirect => {
      const { ranges, because } = place;
      const to = plain(place, target) ?? {
        is: 'unclear',
        because: because || 'it leads to one of several addresses',
        among: ranges,
      };
      return {
        ...onlyIn(resolved, place.family),
        no,
        pass,
        asks,
        to: { ...to, ...(typeof port === 'object' && { port }) },
      };
    });
  });
}

/** The one network that everybody knows; undefined where it leads to one of several addresses. */
function plain({ ranges: [network], because }: Place, { pool }: TargetText) {
  if (because !== '' || !network) return undefined;
  if (network.first === network.last) return { is: 'address', address: network.first } as const;
  return pool === 'bitmask' && isPrefix(network) ? ({ is: 'bitmask', network } as const) : undefined;
}

function portOf(
  port: TargetText['port'],
  ports: readonly PortText[] | undefined,
): PfTargetPort | 'unknown' | undefined {
  if (!port) return undefined;
  if (port.first === port.last) return { is: 'one', port: port.first };
  const [matched, ...more] = ports ?? [];
  const from = matched?.first;
  if (!matched || more.length > 0 || from === undefined || matched.because !== undefined || matched.ranges.length !== 1)
    return 'unknown';
  const last = port.last === 'as many' ? port.first + matched.ranges[0]!.last - from : port.last;
  return last > 65_535 ? 'unknown' : { is: 'shifted', from, to: { first: port.first, last } };
}

export function nats(rule: TranslationText, matches: Matches, asks: string): readonly PfNat[] {
  const { target, no, pass } = rule;
  const resolved = matches.of(rule.match);
  if (!resolved) return [];
  if (!target) return [{ ...resolved, no, pass, asks }];
  const ports = target.staticPort ? 'kept' : 'free';
  return placesOf(target, rule.match.family, matches).map((place): PfNat => {
    const to = plain(place, target);
    const unclear = { is: 'unclear', because: place.because || 'it leaves with one of several addresses' } as const;
    return { ...onlyIn(resolved, place.family), no, pass, asks, to: to ? { ...to, ports } : unclear };
  });
}

/** Undefined where it matches nothing; words where nothing can be said of it. */
export function binat(
  { target, no, pass, match }: TranslationText,
  matches: Matches,
  asks: string,
): PfBinat | string | undefined {
  // pf ignores that the source is negated. Source: pf.md, section 3.
  const from = match.from.hosts?.map(({ host }): NegatedHost => ({ not: false, host }));
  const outsides = target && placesOf(target, match.family, matches);
  const where = matches.whereOf(match);
  const sources = matches.addresses.of(from, 'source');
  const others = matches.addresses.of(match.to.hosts, 'destination');
  if (!where || [sources, others].some((known) => allOf(known).length === 0)) return undefined;
  const family =
    match.family ?? outsides?.[0]?.family ?? (sources.sure[0] && from ? familyOf(sources.sure[0].first) : undefined);
  if (family === undefined || sources.perhaps.length > 0) return 'which addresses this binat is about is not told';
  const [inside, ...more] = rangesIn(sources.sure, family);
  if (!inside || more.length > 0 || !isPrefix(inside))
    return 'a binat is about one network, and this one is about several';
  const known = inFamily(others, family);
  const shared = {
    line: match.line,
    on: where.on,
    no,
    pass,
    asks,
    inside,
    peers: where.doubts.length > 0 ? possibly(allOf(known), [...new Set(where.doubts)].join('; ')) : known,
    protocols: match.protocols ? points(...match.protocols) : ('any' as const),
    to: match.to.hosts ? match.to.hosts.map(written).join(' ') : 'any',
  };
  if (no) return shared;
  const leads = outsides?.find((one) => one.family === family);
  const [outside] = leads?.ranges ?? [];
  if (!leads || leads.because !== '' || !outside || leads.ranges.length > 1 || !isPrefix(outside))
    return 'which addresses this binat leads to is not told';
  const whole = overlap(inside, FAMILY_RANGE[family]);
  const ofAny = whole?.first === FAMILY_RANGE[family].first && whole.last === FAMILY_RANGE[family].last;
  if (!ofAny && outside.last - outside.first !== inside.last - inside.first)
    return 'the two networks of this binat differ in size, and pf refuses it';
  return { ...shared, outside };
}

const written = ({ not, host }: NegatedHost): string =>
  `${not ? '! ' : ''}${host.is === 'range' ? `${host.range.first}-${host.range.last}` : JSON.stringify(host)}`;
