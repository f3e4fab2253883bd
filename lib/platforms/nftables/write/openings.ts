import { FAMILY_RANGE, Family } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { NumberRange } from '../../../net/device';
import { Range, joined, overlap, sameRange } from '../../../net/range';
import { Opening, Openings } from '../../../policy/policy';
import { rangesKey } from '../../../writing/openings';
import { ACCEPT, DROP, Match, PortProtocol, Rule } from './model';
import { Sets } from './sets';

const PORTS: ReadonlyMap<number, PortProtocol> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [132, 'sctp'],
  [136, 'udplite'],
]);
const ICMP = 1;
const ICMPV6 = 58;

/** What is opened to one destination, as rules in the order in which they have to stand. */
export interface OpeningRules {
  readonly management: readonly Rule[];
  readonly blocked: readonly Rule[];
  readonly rest: readonly Rule[];
}

/**
 * @param families those of the destination. With one of them the rules don't ask for it again: the destination was
 * matched before.
 */
export function openingRules(openings: Openings, families: readonly [Family, ...Family[]], sets: Sets): OpeningRules {
  const accepts = (management: boolean): readonly Rule[] =>
    merged(openings.entries.filter((entry) => entry.management === management)).flatMap((entry) =>
      sourceMatches('from', entry.sources, entry.protocol, families, sets).map((source) => ({
        matches: withService(source, service(entry, sets)),
        verdict: ACCEPT,
      })),
    );
  return {
    management: accepts(true),
    blocked:
      openings.blocked.length === 0
        ? []
        : sourceMatches('blocked', openings.blocked, undefined, families, sets).map((matches) => ({ matches, verdict: DROP })),
    rest: accepts(false),
  };
}

/** One match list per rule that the sources need: none if no source can be of these families. */
export function sourceMatches(
  purpose: string,
  sources: 'anywhere' | readonly Range[],
  protocol: number | undefined,
  families: readonly Family[],
  sets: Sets,
): readonly (readonly Match[])[] {
  const possible = families.filter((family) => !(protocol === ICMP && family === 'ip6') && !(protocol === ICMPV6 && family === 'ip'));
  if (sources === 'anywhere' && possible.length === families.length) return [[]];
  return possible.flatMap((family): readonly (readonly Match[])[] => {
    const whole = FAMILY_RANGE[family];
    const ranges = sources === 'anywhere' ? [whole] : joined(sources.flatMap((range) => overlap(range, whole) ?? []));
    const [first] = ranges;
    if (!first) return [];
    if (sameRange(first, whole)) return [families.length === 1 ? [] : [{ is: 'family', family }]];
    return [[{ is: 'address', family, field: 'saddr', among: sets.addresses(`${purpose}${family === 'ip6' ? '6' : ''}`, family, ranges) }]];
  });
}

/**
 * An ICMP type says the family itself. Before a protocol the family would be lost when nft lists the rule: `meta nfproto ipv4
 * meta l4proto icmp` comes back without its first half (1.0.6), the other way round it comes back whole.
 */
export function withService(ends: readonly Match[], of: readonly Match[]): readonly Match[] {
  const family = of.some(({ is }) => is === 'type') ? [] : ends.filter(({ is }) => is === 'family');
  const others = ends.filter(({ is }) => is !== 'family');
  return of.some(({ is }) => is === 'protocol') ? [...others, ...of, ...family] : [...others, ...family, ...of];
}

/** Protocol and ports of an entry, as they stand in a rule. Also used for what a server may reach. */
export function service(
  { protocol, ports }: Pick<Opening, 'protocol' | 'ports'>,
  sets: Sets,
  sourcePorts: 'all' | readonly NumberRange[] = 'all',
): readonly Match[] {
  if (ports === 'all' && sourcePorts === 'all') return [{ is: 'protocol', protocol }];
  if (protocol === ICMP || protocol === ICMPV6) {
    const type = protocol === ICMP ? 'icmp' : 'icmpv6';
    if (ports === 'all') return [{ is: 'protocol', protocol }];
    return [{ is: 'type', protocol: type, among: sets.numbers(`${type}_types`, `${type}_type`, joinedNumbers(ports)) }];
  }
  // All others were refused.
  const named = PORTS.get(protocol)!;
  const port = (field: 'sport' | 'dport', of: 'all' | readonly NumberRange[]): readonly Match[] =>
    of === 'all' ? [] : [{ is: 'port', protocol: named, field, among: sets.numbers('ports', 'inet_service', joinedNumbers(of)) }];
  return [...port('sport', sourcePorts), ...port('dport', ports)];
}

/** Entries that differ in their ports only become one. */
function merged(entries: readonly Opening[]): readonly Opening[] {
  const byRest = new Map<string, { readonly entry: Opening; all: boolean; readonly ports: NumberRange[] }>();
  for (const entry of entries) {
    const key = `${entry.protocol} ${entry.sources === 'anywhere' ? 'anywhere' : rangesKey(entry.sources)}`;
    const same = byRest.get(key) ?? { entry, all: false, ports: [] };
    byRest.set(key, same);
    if (entry.ports === 'all') same.all = true;
    else same.ports.push(...entry.ports);
  }
  return [...byRest.values()]
    .filter(({ all, ports }) => all || ports.length > 0)
    .map(({ entry, all, ports }) => ({ ...entry, ports: all ? 'all' : ports }));
}

/** What is left of openings where a device is closed. */
export const managementAlone = (openings: Openings): Openings => ({
  ...openings,
  entries: openings.entries.filter(({ management }) => management),
});
