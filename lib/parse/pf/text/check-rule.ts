// Explains why pfctl refuses a rule whose parts don't fit each other, such as addresses of two families. pfctl then
// loads nothing of the text.

import { Family, getFamily } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { isWithoutTcp } from './match';
import {
  ParsedPfFilterRule,
  ParsedPfMatch,
  NegatedHost,
  ParsedPfRule,
  ParsedPfEndpoint,
  ParsedPfTarget,
  ParsedPfTranslation,
} from './syntax-tree';

/**
 * Returns why pfctl refuses a rule whose parts don't fit each other, and the whole text with it. pfctl checks each rule
 * that lists expand to, and one wrong rule is enough. For `match` that version compares families alone, and later ones
 * more. Source: FreeBSD, pfctl, parse.y: expand_rule, filter_consistent, rdr_consistent, remove_invalid_hosts (read in
 * pfSense's copy, with 12 and 14 as its base).
 */
export function explainRefusedRule(rule: ParsedPfFilterRule | ParsedPfTranslation): string | undefined {
  const { match } = rule;
  const target = rule.is === 'filter' ? undefined : rule.target;
  const families = listFamilies(match, match.family);
  if (families.length === 0) return 'pf finds no family that its addresses share';
  if (target && match.family && !hasHostOfFamily(target.hosts, match.family))
    return 'pf finds no address of its family to translate to';
  // A rule with an unknown protocol name isn't checked further.
  if (match.unknownReasons.length > 0) return undefined;
  if (rule.is === 'filter')
    return (
      explainWrongIcmp(match, families) ??
      explainWrongIcmpTypes(match, families) ??
      explainWrongPorts(match, false) ??
      explainWrongFragmentOrFlags(match)
    );
  return rule.is === 'rdr' ? explainWrongPorts(match, target?.port !== undefined) : undefined;
}

/**
 * Returns the family that all addresses of an endpoint have; pfctl limits the rule to it. Source:
 * decide_address_family.
 */
export function findSharedFamily({ hosts }: ParsedPfEndpoint): Family | undefined {
  const [first, ...otherFamilies] = (hosts ?? []).map(getHostFamily);
  return otherFamilies.every((otherFamily) => otherFamily === first) ? first : undefined;
}

/**
 * Returns the family of a translation that names none: of its first source, else its first destination, else its first
 * target. Source: natrule, binatrule.
 */
export const findTranslatedFamily = (
  { from, to }: ParsedPfMatch,
  target: ParsedPfTarget | undefined,
): Family | undefined =>
  getHostFamily(from.hosts?.[0]) ?? getHostFamily(to.hosts?.[0]) ?? getHostFamily(target?.hosts[0]);

/**
 * Returns why a translation has no place in pfctl's grammar, or is refused at once. Source: natrule, binatrule,
 * redirection.
 */
export function explainRefusedTranslation(
  kind: ParsedPfTranslation['is'],
  { from, to }: ParsedPfMatch,
  target: ParsedPfTarget | undefined,
): string | undefined {
  const keepsPorts = target?.staticPort === true && kind !== 'nat';
  if (keepsPorts) return 'pf keeps ports of nat alone';
  if (target?.hosts.some(({ host }) => host.is === 'any') === true) return 'nothing can be translated to any';
  if (target?.hosts.some(({ negated }) => negated) === true) return 'pf translates to no negated address';
  if (target?.staticPort === true && target.port && target.port.first !== 50_001 && target.port.last !== 65_535)
    return 'pf keeps no ports where a range of them is given';
  if (kind === 'rdr')
    return to.ports?.some(({ compared }) => compared) === true
      ? 'pf redirects ports by number and range alone'
      : undefined;
  if (kind === 'nat') return undefined;
  if (from.ports || to.ports) return 'pf takes no ports in a binat';
  if (target?.pool) return 'pf takes no pool in a binat';
  const hasLists = [from.hosts, to.hosts, target?.hosts].some((hosts) => (hosts?.length ?? 1) > 1);
  return hasLists ? 'pf takes one network on each side of a binat' : undefined;
}

/** Returns the family of each pair of addresses that pfctl makes a rule of; undefined for both families. */
function listFamilies({ from, to }: ParsedPfMatch, ruleFamily: Family | undefined): readonly (Family | undefined)[] {
  const families = new Set<Family | undefined>();
  for (const source of listEndpointFamilies(from)) {
    for (const destination of listEndpointFamilies(to)) {
      const statedFamilies = [ruleFamily, source, destination].filter((family) => family !== undefined);
      if (statedFamilies.every((family) => family === statedFamilies[0])) families.add(statedFamilies[0]);
    }
  }
  return [...families];
}

const listEndpointFamilies = ({ hosts }: ParsedPfEndpoint): ReadonlySet<Family | undefined> =>
  new Set(hosts?.map(getHostFamily) ?? [undefined]);

const getHostFamily = (negatedHost: NegatedHost | undefined): Family | undefined =>
  negatedHost?.host.is === 'range' ? getFamily(negatedHost.host.range.first) : undefined;

const hasHostOfFamily = (hosts: readonly NegatedHost[], family: Family): boolean =>
  hosts.some((host) => (getHostFamily(host) ?? family) === family);

const ICMP_PROTOCOL: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };
const OTHER_FAMILY: Readonly<Record<Family, Family>> = { ip: 'ip6', ip6: 'ip' };

const explainWrongIcmp = (
  { protocols }: ParsedPfMatch,
  families: readonly (Family | undefined)[],
): string | undefined =>
  families.some((family) => family && protocols?.includes(ICMP_PROTOCOL[OTHER_FAMILY[family]]))
    ? "pf takes no rule about one family with the other family's ICMP"
    : undefined;

function explainWrongIcmpTypes(
  { icmp, protocols }: ParsedPfMatch,
  families: readonly (Family | undefined)[],
): string | undefined {
  if (!icmp) return undefined;
  if (!protocols || protocols.some((protocol) => icmp.some(({ family }) => protocol !== ICMP_PROTOCOL[family])))
    return 'pf takes types of ICMP with their protocol alone';
  return families.includes(undefined) ? 'pf takes types of ICMP with their family alone' : undefined;
}

/**
 * Returns why a rule is refused that asks a fragment for more than its IP header, or another protocol than TCP for
 * flags.
 */
function explainWrongFragmentOrFlags(match: ParsedPfMatch): string | undefined {
  const hasFlags = match.flags?.some(({ set, mask }) => (set | mask) !== 0) === true;
  if (match.matchesNothing && (hasFlags || match.icmp || match.from.ports || match.to.ports))
    return 'pf compares of fragments the header of IP alone';
  return hasFlags && isWithoutTcp(match) ? 'pf compares flags of TCP alone' : undefined;
}

/** The newest releases know the ports of SCTP, too. */
const PORT_PROTOCOLS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, 132];

function explainWrongPorts({ from, to, protocols }: ParsedPfMatch, translatesPort: boolean): string | undefined {
  if (!from.ports && !to.ports && !translatesPort) return undefined;
  return protocols?.every((protocol) => PORT_PROTOCOLS.includes(protocol)) === true
    ? undefined
    : 'pf takes ports with TCP or UDP alone';
}

/**
 * Returns whether releases of pf differ on a binat's source: the parser of FreeBSD 10 refuses any and a negated one,
 * that of FreeBSD 14 and pfSense takes both and ignores the sign. Source: parse.y, binatrule.
 */
export const isNewerBinat = (rule: ParsedPfRule): boolean =>
  rule.is === 'binat' &&
  !rule.no &&
  (rule.match.from.hosts ?? [ANY_HOST]).some(({ negated, host }) => negated || host.is === 'any');
const ANY_HOST: NegatedHost = { negated: false, host: { is: 'any' } };
