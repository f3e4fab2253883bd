// Resolves pf's `rdr`, `nat` and `binat` rules for one device: the names in their matches and targets become addresses
// and ports.
import { FAMILIES, FAMILY_RANGE, Family, getFamily } from '../../../net/address';
import { toNumberRanges } from '../../../net/device';
import { PacketMap } from '../../../net/packet-map';
import { Range, intersectRanges } from '../../../net/range';
import { PfBinat, PfMatch, PfNat, PfRedirect, PfTargetPort } from '../model';
import { NegatedHost, ParsedPfPorts, ParsedPfTarget, ParsedPfTranslation } from '../text/syntax-tree';
import { listRanges, narrowToFamily, createUncertain, narrowRangesToFamily } from '../range-bounds';
import { isPrefix } from './address-resolver';
import { MatchResolver } from './match-resolver';

/** The addresses that a target may stand for on this device, one family at a time. */
interface ResolvedTarget {
  readonly family: Family;
  readonly ranges: readonly Range[];
  /** Why it isn't one known network; empty if it is. */
  readonly reason: string;
}

/** Resolves a target. Rules about one family translate to addresses of that family alone. */
function resolveTarget(
  target: ParsedPfTarget,
  family: Family | undefined,
  matches: MatchResolver,
): readonly ResolvedTarget[] {
  const bounds = matches.addresses.resolve(target.hosts, 'target');
  return FAMILIES.filter((targetFamily) => family === undefined || family === targetFamily).flatMap(
    (targetFamily): ResolvedTarget[] => {
      const ranges = narrowRangesToFamily(listRanges(bounds), targetFamily);
      if (ranges.length === 0) return [];
      const isSeveral = ranges.length > 1 || target.hosts.length > 1;
      return [
        {
          family: targetFamily,
          ranges,
          reason: bounds.reason || (isSeveral ? 'it leads to one of several addresses' : ''),
        },
      ];
    },
  );
}

const narrowMatchToFamily = (resolved: PfMatch, family: Family): PfMatch => {
  const familyPackets = PacketMap.createSet({ family });
  const { uncertain, packets, ...otherProperties } = resolved;
  return {
    ...otherProperties,
    packets: packets.intersect(familyPackets),
    ...(uncertain && { uncertain: { ...uncertain, packets: uncertain.packets.intersect(familyPackets) } }),
  };
};

export function resolveRedirects(
  rule: ParsedPfTranslation,
  matches: MatchResolver,
  matchKey: string,
): readonly PfRedirect[] {
  const { target, no, pass } = rule;
  if (!target) {
    const resolved = matches.resolve(rule.match);
    return resolved ? [{ ...resolved, no, pass, matchKey }] : [];
  }
  // A target of several ports counts from the first port of the element that matched, so each element has its own rule.
  const countsPorts = target.port && target.port.last !== target.port.first;
  const ports = rule.match.to.ports;
  const parts =
    countsPorts && ports && ports.length > 1
      ? ports.map((port) => ({ ...rule.match, to: { ...rule.match.to, ports: [port] } }))
      : [rule.match];
  return parts.flatMap((match) => {
    const port = resolveTargetPort(target.port, match.to.ports);
    const doubts = port === 'unknown' ? ['which port it leads to is not told'] : [];
    const resolved = matches.resolve({ ...match, unknownReasons: [...match.unknownReasons, ...doubts] });
    if (!resolved) return [];
    return resolveTarget(target, match.family, matches).map((place): PfRedirect => {
      const { ranges, reason } = place;
      const to = toFixedTarget(place, target) ?? {
        is: 'unclear',
        reason: reason || 'it leads to one of several addresses',
        pool: ranges,
      };
      return {
        ...narrowMatchToFamily(resolved, place.family),
        no,
        pass,
        matchKey,
        to: { ...to, ...(typeof port === 'object' && { port }) },
      };
    });
  });
}

/** Returns the one known address or network; undefined if the target is one of several addresses. */
function toFixedTarget({ ranges: [network], reason }: ResolvedTarget, { pool }: ParsedPfTarget) {
  if (reason !== '' || !network) return undefined;
  if (network.first === network.last) return { is: 'address', address: network.first } as const;
  return pool === 'bitmask' && isPrefix(network) ? ({ is: 'bitmask', network } as const) : undefined;
}

function resolveTargetPort(
  port: ParsedPfTarget['port'],
  ports: readonly ParsedPfPorts[] | undefined,
): PfTargetPort | 'unknown' | undefined {
  if (!port) return undefined;
  if (port.first === port.last) return { is: 'one', port: port.first };
  const [matched, ...otherPorts] = ports ?? [];
  const from = matched?.first;
  if (
    !matched ||
    otherPorts.length > 0 ||
    from === undefined ||
    matched.reason !== undefined ||
    matched.ranges.length !== 1
  )
    return 'unknown';
  const last = port.last === 'as many' ? port.first + matched.ranges[0]!.last - from : port.last;
  return last > 65_535 ? 'unknown' : { is: 'shifted', from, to: { first: port.first, last } };
}

export function resolveNats(rule: ParsedPfTranslation, matches: MatchResolver, matchKey: string): readonly PfNat[] {
  const { target, no, pass } = rule;
  const resolved = matches.resolve(rule.match);
  if (!resolved) return [];
  if (!target) return [{ ...resolved, no, pass, matchKey }];
  const ports = target.staticPort ? 'kept' : 'free';
  return resolveTarget(target, rule.match.family, matches).map((place): PfNat => {
    const to = toFixedTarget(place, target);
    const unknownTarget = {
      is: 'unclear',
      reason: place.reason || 'it leaves with one of several addresses',
    } as const;
    return {
      ...narrowMatchToFamily(resolved, place.family),
      no,
      pass,
      matchKey,
      to: to ? { ...to, ports } : unknownTarget,
    };
  });
}

/** Returns undefined if the binat matches nothing, and a text with the reason if it can't be resolved. */
export function resolveBinat(
  { target, no, pass, match }: ParsedPfTranslation,
  matches: MatchResolver,
  matchKey: string,
): PfBinat | string | undefined {
  // pf ignores a negated source. Source: pf.md, section 3.
  const from = match.from.hosts?.map(({ host }): NegatedHost => ({ negated: false, host }));
  const externalTargets = target && resolveTarget(target, match.family, matches);
  const scope = matches.resolveScope(match);
  const sources = matches.addresses.resolve(from, 'source');
  const destinations = matches.addresses.resolve(match.to.hosts, 'destination');
  if (!scope || [sources, destinations].some((familyDestinations) => listRanges(familyDestinations).length === 0))
    return undefined;
  const family =
    match.family ??
    externalTargets?.[0]?.family ??
    (sources.must[0] && from ? getFamily(sources.must[0].first) : undefined);
  if (family === undefined || sources.uncertain.length > 0) return 'which addresses this binat is about is not told';
  const [internal, ...otherRanges] = narrowRangesToFamily(sources.must, family);
  if (!internal || otherRanges.length > 0 || !isPrefix(internal))
    return 'a binat is about one network, and this one is about several';
  const familyDestinations = narrowToFamily(destinations, family);
  const shared = {
    line: match.line,
    on: scope.on,
    no,
    pass,
    matchKey,
    internal,
    peers:
      scope.unknownReasons.length > 0
        ? createUncertain(listRanges(familyDestinations), [...new Set(scope.unknownReasons)].join('; '))
        : familyDestinations,
    protocols: match.protocols ? toNumberRanges(...match.protocols) : ('any' as const),
    to: match.to.hosts ? match.to.hosts.map(printHost).join(' ') : 'any',
  };
  if (no) return shared;
  const externalTarget = externalTargets?.find((resolved) => resolved.family === family);
  const [external] = externalTarget?.ranges ?? [];
  if (
    !externalTarget ||
    externalTarget.reason !== '' ||
    !external ||
    externalTarget.ranges.length > 1 ||
    !isPrefix(external)
  )
    return 'which addresses this binat leads to is not told';
  const familyOverlap = intersectRanges(internal, FAMILY_RANGE[family]);
  const isAny = familyOverlap?.first === FAMILY_RANGE[family].first && familyOverlap.last === FAMILY_RANGE[family].last;
  if (!isAny && external.last - external.first !== internal.last - internal.first)
    return 'the two networks of this binat differ in size, and pf refuses it';
  return { ...shared, external };
}

const printHost = ({ negated, host }: NegatedHost): string =>
  `${negated ? '! ' : ''}${host.is === 'range' ? `${host.range.first}-${host.range.last}` : JSON.stringify(host)}`;
