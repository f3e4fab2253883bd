import { Family, familyOf } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { withoutTcp } from './match';
import { FilterText, MatchText, NegatedHost, Rule, SideText, TargetText, TranslationText } from './text';

/**
 * Why pfctl refuses a rule whose parts don't fit each other, and the whole text with it. Source: FreeBSD, pfctl, parse.y: expand_rule,
 * filter_consistent, rdr_consistent, remove_invalid_hosts (read in pfSense's copy, with 12 and 14 as its base). It looks at each rule that
 * lists are expanded to, and one that isn't right is enough. Of `match` that version compares families alone, and later ones more.
 */
export function misfit(rule: FilterText | TranslationText): string | undefined {
  const { match } = rule;
  const target = rule.is === 'filter' ? undefined : rule.target;
  const families = familiesOf(match, match.family);
  if (families.length === 0) return 'pf finds no family that its addresses share';
  if (target && match.family && !admits(target.hosts, match.family))
    return 'pf finds no address of its family to translate to';
  // Of a protocol whose name isn't known nothing is said.
  if (match.doubts.length > 0) return undefined;
  if (rule.is === 'filter')
    return (
      foreignProtocol(match, families) ?? typesAlone(match, families) ?? portsAlone(match, false) ?? asksTooMuch(match)
    );
  return rule.is === 'rdr' ? portsAlone(match, target?.port !== undefined) : undefined;
}

/** The family that all of its addresses have: then the rule is about that family alone. Source: decide_address_family. */
export function sharedFamily({ hosts }: SideText): Family | undefined {
  const [first, ...others] = (hosts ?? []).map(familyOfHost);
  return others.every((one) => one === first) ? first : undefined;
}

/** The family of a translation that names none: of its first source, or else destination, or else target. Source: natrule, binatrule. */
export const translatedFamily = ({ from, to }: MatchText, target: TargetText | undefined): Family | undefined =>
  familyOfHost(from.hosts?.[0]) ?? familyOfHost(to.hosts?.[0]) ?? familyOfHost(target?.hosts[0]);

/** What pfctl's grammar has no place for, or refuses at once. Source: natrule, binatrule, redirection. */
export function misfitTranslation(
  is: TranslationText['is'],
  { from, to }: MatchText,
  target: TargetText | undefined,
): string | undefined {
  const onlyNat = target?.staticPort === true && is !== 'nat';
  if (onlyNat) return 'pf keeps ports of nat alone';
  if (target?.hosts.some(({ host }) => host.is === 'any') === true) return 'nothing can be translated to any';
  if (target?.hosts.some(({ not }) => not) === true) return 'pf translates to no negated address';
  if (target?.staticPort === true && target.port && target.port.first !== 50_001 && target.port.last !== 65_535)
    return 'pf keeps no ports where a range of them is given';
  if (is === 'rdr')
    return to.ports?.some(({ compared }) => compared) === true
      ? 'pf redirects ports by number and range alone'
      : undefined;
  if (is === 'nat') return undefined;
  if (from.ports || to.ports) return 'pf takes no ports in a binat';
  if (target?.pool) return 'pf takes no pool in a binat';
  const several = [from.hosts, to.hosts, target?.hosts].some((hosts) => (hosts?.length ?? 1) > 1);
  return several ? 'pf takes one network on each side of a binat' : undefined;
}

/** Of each pair of addresses that pfctl makes a rule of; undefined: of both. */
function familiesOf({ from, to }: MatchText, asked: Family | undefined): readonly (Family | undefined)[] {
  const found = new Set<Family | undefined>();
  for (const source of familiesAt(from)) {
    for (const destination of familiesAt(to)) {
      const told = [asked, source, destination].filter((one) => one !== undefined);
      if (told.every((one) => one === told[0])) found.add(told[0]);
    }
  }
  return [...found];
}

const familiesAt = ({ hosts }: SideText): ReadonlySet<Family | undefined> =>
  new Set(hosts?.map(familyOfHost) ?? [undefined]);

const familyOfHost = (one: NegatedHost | undefined): Family | undefined =>
  one?.host.is === 'range' ? familyOf(one.host.range.first) : undefined;

const admits = (hosts: readonly NegatedHost[], family: Family): boolean =>
  hosts.some((host) => (familyOfHost(host) ?? family) === family);

const ICMP: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };
const OTHER: Readonly<Record<Family, Family>> = { ip: 'ip6', ip6: 'ip' };

const foreignProtocol = ({ protocols }: MatchText, families: readonly (Family | undefined)[]): string | undefined =>
  families.some((family) => family && protocols?.includes(ICMP[OTHER[family]]))
    ? "pf takes no rule about one family with the other family's ICMP"
    : undefined;

function typesAlone({ icmp, protocols }: MatchText, families: readonly (Family | undefined)[]): string | undefined {
  if (!icmp) return undefined;
  if (!protocols || protocols.some((one) => icmp.some(({ family }) => one !== ICMP[family])))
    return 'pf takes types of ICMP with their protocol alone';
  return families.includes(undefined) ? 'pf takes types of ICMP with their family alone' : undefined;
}

/** What no fragment has, and flags of other protocols than TCP. */
function asksTooMuch(match: MatchText): string | undefined {
  const flags = match.flags?.some(({ wanted, among }) => (wanted | among) !== 0) === true;
  if (match.never && (flags || match.icmp || match.from.ports || match.to.ports))
    return 'pf compares of fragments the header of IP alone';
  return flags && withoutTcp(match) ? 'pf compares flags of TCP alone' : undefined;
}

/** The newest know the ports of SCTP, too. */
const WITH_PORTS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, 132];

function portsAlone({ from, to, protocols }: MatchText, leadsToPort: boolean): string | undefined {
  if (!from.ports && !to.ports && !leadsToPort) return undefined;
  return protocols?.every((one) => WITH_PORTS.includes(one)) === true
    ? undefined
    : 'pf takes ports with TCP or UDP alone';
}

/** Older parsers refuse such sources, newer ones ignore the sign. Source: pf.md, seen in pf's own code and section 3. */
export const isDoubtedBinat = (rule: Rule): boolean =>
  rule.is === 'binat' && !rule.no && (rule.match.from.hosts ?? [ANY]).some(({ not, host }) => not || host.is === 'any');
const ANY: NegatedHost = { not: false, host: { is: 'any' } };
