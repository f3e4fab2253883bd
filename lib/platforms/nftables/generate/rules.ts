import { Address, Family, familyOf } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { joined, point } from '../../../net/range';
import { ServerPolicy } from '../../../policy/policy';
import { Clause, Peers, Service, peersIn, sessionClauses } from '../../../generate/netfilter/clauses';
import { ACCEPT, DROP, Match, PortProtocol, Rule } from './model';
import { Sets } from './sets';

const PORTS: ReadonlyMap<number, PortProtocol> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

/** What nft calls types of messages. */
const TYPES: Readonly<Record<Family, Readonly<Record<number, string>>>> = {
  ip: { 3: 'destination-unreachable', 11: 'time-exceeded', 12: 'parameter-problem' },
  ip6: {
    1: 'destination-unreachable',
    2: 'packet-too-big',
    3: 'time-exceeded',
    4: 'parameter-problem',
    130: 'mld-listener-query',
    131: 'mld-listener-report',
    132: 'mld-listener-done',
    143: 'mld2-listener-report',
    133: 'nd-router-solicit',
    134: 'nd-router-advert',
    135: 'nd-neighbor-solicit',
    136: 'nd-neighbor-advert',
  },
};
const icmpOf = (family: Family): 'icmp' | 'icmpv6' => (family === 'ip' ? 'icmp' : 'icmpv6');

type Families = readonly [Family, ...Family[]];

/**
 * What a clause is as rules of a chain.
 * @param families those of the other end. With one of them the rules don't ask for it again: it was matched before.
 */
export function rulesFor(clause: Clause, way: 'in' | 'out', families: Families, sets: Sets): readonly Rule[] {
  switch (clause.is) {
    case 'loopback':
      return [{ matches: [{ is: 'loopback', way }], verdict: ACCEPT }];
    case 'session':
      return [
        {
          matches: [...(clause.replies ? [{ is: 'reply' } as const] : []), { is: 'state', state: 'established' }],
          verdict: ACCEPT,
        },
      ];
    case 'errors':
      return [{ matches: [{ is: 'state', state: 'related' }, typesOf(clause.family, clause.types)], verdict: ACCEPT }];
    case 'neighbours':
      return [{ matches: [typesOf('ip6', clause.types)], verdict: ACCEPT }];
    case 'service': {
      const ends = peerMatches(way === 'in' ? 'from' : 'to', clause, way, families, sets);
      return ends.map((end) => ({ matches: withService(end, service(clause, sets)), verdict: ACCEPT }));
    }
    case 'inside':
      return peerMatches('inside', clause, way, families, sets).map((matches) => ({
        matches,
        verdict: ACCEPT,
        comment: 'inside',
      }));
    case 'blocked':
      return peerMatches('blocked', clause, way, families, sets).map((matches) => ({ matches, verdict: DROP }));
    case 'own public':
      return families.flatMap((family) => ownPublicRules(clause.pairs, family, sets));
    default:
      return clause satisfies never;
  }
}

/** Of a gateway, whose chains hold no other clauses of this kind. */
export const sessionRules = (whenClosed: 'cut' | 'finish'): readonly Rule[] =>
  sessionClauses(whenClosed).flatMap((clause) => rulesFor(clause, 'in', ['ip', 'ip6'], new Sets()));

const typesOf = (family: Family, types: readonly number[]): Match => ({
  ...({ is: 'types', protocol: icmpOf(family) } as const),
  names: types.map((type) => TYPES[family][type]!),
});

/** One match list per rule that the peers need: none if no peer can be of these families. */
function peerMatches(
  purpose: string,
  clause: Peers,
  way: 'in' | 'out',
  families: Families,
  sets: Sets,
): readonly (readonly Match[])[] {
  const among = families.map((family) => ({ family, peers: peersIn(family, clause) }));
  if (clause.peers === 'anywhere' && among.every(({ peers }) => peers !== undefined)) return [[]];
  return among.flatMap(({ family, peers }): readonly (readonly Match[])[] => {
    if (peers === undefined) return [];
    if (peers === 'anywhere') return [families.length === 1 ? [] : [{ is: 'family', family }]];
    const field = way === 'in' ? 'saddr' : 'daddr';
    return [[{ is: 'address', family, field, among: sets.addresses(named(purpose, family), family, peers) }]];
  });
}

const named = (purpose: string, family: Family): string => `${purpose}${family === 'ip6' ? '6' : ''}`;

/**
 * An ICMP type says the family itself. Before a protocol the family would be lost when nft lists the rule: `meta nfproto ipv4
 * meta l4proto icmp` comes back without its first half (1.0.6), the other way round it comes back whole.
 */
function withService(ends: readonly Match[], of: readonly Match[]): readonly Match[] {
  const family = of.some(({ is }) => is === 'type') ? [] : ends.filter(({ is }) => is === 'family');
  const others = ends.filter(({ is }) => is !== 'family');
  return of.some(({ is }) => is === 'protocol') ? [...others, ...of, ...family] : [...others, ...family, ...of];
}

function service({ protocol, ports, sourcePorts }: Service, sets: Sets): readonly Match[] {
  if (ports === 'all' && sourcePorts === 'all') return [{ is: 'protocol', protocol }];
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    const type = protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6';
    if (ports === 'all') return [{ is: 'protocol', protocol }];
    return [{ is: 'type', protocol: type, among: sets.numbers(`${type}_types`, `${type}_type`, joinedNumbers(ports)) }];
  }
  // All others were refused.
  const known = PORTS.get(protocol)!;
  const port = (field: 'sport' | 'dport', of: 'all' | readonly NumberRange[]): readonly Match[] =>
    of === 'all'
      ? []
      : [{ is: 'port', protocol: known, field, among: sets.numbers('ports', 'inet_service', joinedNumbers(of)) }];
  return [...port('sport', sourcePorts), ...port('dport', ports)];
}

function ownPublicRules(ownPublic: ServerPolicy['ownPublic'], family: Family, sets: Sets): readonly Rule[] {
  const pairs = ownPublic.filter(({ local }) => familyOf(local) === family);
  if (pairs.length === 0) return [];
  const match = (field: 'daddr' | 'original daddr', purpose: string, of: readonly Address[]): Match => ({
    ...({ is: 'address', family, field } as const),
    among: sets.addresses(named(purpose, family), family, joined(of.map(point))),
  });
  const locals = pairs.map(({ local }) => local);
  const publics = pairs.map((pair) => pair.public);
  const matches = [match('daddr', 'local', locals), match('original daddr', 'own_public', publics)];
  return [{ matches, verdict: ACCEPT, comment: 'own public address' }];
}
