import { Family, familyOf } from '../../net/address';
import { PROTOCOL } from '../../net/packet';
import { FilterText, MatchText, NegatedHost, Rule, SideText, TranslationText } from './parse-text';

/** Why pfctl refuses a rule whose parts don't fit each other, and the whole text with it. Source: FreeBSD, pfctl, parse.y. */
export function misfit(rule: FilterText | TranslationText): string | undefined {
  const { match } = rule;
  const target = rule.is === 'filter' ? undefined : rule.target;
  const asked = match.family ?? familyOfHost(target?.hosts[0]);
  const families = familiesOf(match, asked);
  if (families.length === 0) return 'pf finds no family that its addresses share';
  if (target && asked !== undefined && !admits(target.hosts, asked)) return 'pf finds no address of its family to translate to';
  // Of a protocol whose name isn't known nothing is said.
  if (match.doubts.length > 0) return undefined;
  if (rule.is === 'filter') return foreignProtocol(match, families) ?? typesAlone(match, families) ?? portsAlone(match, false);
  return rule.is === 'rdr' ? portsAlone(match, target?.port !== undefined) : undefined;
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

const familiesAt = ({ hosts }: SideText): ReadonlySet<Family | undefined> => new Set(hosts?.map(familyOfHost) ?? [undefined]);

const familyOfHost = (one: NegatedHost | undefined): Family | undefined =>
  one?.host.is === 'range' ? familyOf(one.host.range.first) : undefined;

const admits = (hosts: readonly NegatedHost[], family: Family): boolean => hosts.some((host) => (familyOfHost(host) ?? family) === family);

const ICMP: Readonly<Record<Family, number>> = { ip: PROTOCOL.icmp, ip6: PROTOCOL.icmpv6 };
const OTHER: Readonly<Record<Family, Family>> = { ip: 'ip6', ip6: 'ip' };

const foreignProtocol = ({ protocols }: MatchText, families: readonly (Family | undefined)[]): string | undefined =>
  families.some((family) => family && protocols?.includes(ICMP[OTHER[family]]))
    ? "pf takes no rule about one family with the other family's ICMP"
    : undefined;

function typesAlone({ icmp, protocols }: MatchText, families: readonly (Family | undefined)[]): string | undefined {
  if (!icmp) return undefined;
  if (!protocols || protocols.some((one) => one !== PROTOCOL.icmp && one !== PROTOCOL.icmpv6))
    return 'pf takes types of ICMP with the protocol alone';
  return families.includes(undefined) ? 'pf takes types of ICMP with their family alone' : undefined;
}

/** The newest know the ports of SCTP, too. */
const WITH_PORTS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, 132];

function portsAlone({ from, to, protocols }: MatchText, leadsToPort: boolean): string | undefined {
  if (!from.ports && !to.ports && !leadsToPort) return undefined;
  return protocols?.every((one) => WITH_PORTS.includes(one)) === true ? undefined : 'pf takes ports with TCP or UDP alone';
}

/** Older parsers refuse such sources, newer ones ignore the sign. Source: pf.md, seen in pf's own code and section 3. */
export const isDoubtedBinat = (rule: Rule): boolean =>
  rule.is === 'binat' && !rule.no && (rule.match.from.hosts ?? [ANY]).some(({ not, host }) => not || host.is === 'any');
const ANY: NegatedHost = { not: false, host: { is: 'any' } };
