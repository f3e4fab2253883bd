// Lowers a clause, the form of a filter rule that all netfilter platforms share, to nftables rules with matches, sets
// and verdicts. Used for the chains of servers and gateways.

import { Address, Family, getFamily } from '../../../net/address';
import { mergeNumbers } from '../../../net/axis-nodes';
import { NumberRange } from '../../../net/device';
import { PROTOCOL } from '../../../net/packet';
import { mergeRanges, toSingleRange } from '../../../net/range';
import { ServerPolicy } from '../../../policy/policy';
import {
  Clause,
  ClausePeers,
  ServiceClause,
  selectPeers,
  createSessionClauses,
} from '../../../generate/netfilter/clauses';
import { ACCEPT, DROP, NftMatch, NftPortProtocol, NftRule } from './nft-table';
import { NftSetBuilder } from './nft-set-builder';

const PORT_PROTOCOLS: ReadonlyMap<number, NftPortProtocol> = new Map([
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [132, 'sctp'],
  [136, 'udplite'],
]);

/** nft's names of ICMP types. */
const ICMP_TYPE_NAMES: Readonly<Record<Family, Readonly<Record<number, string>>>> = {
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
const getIcmpProtocol = (family: Family): 'icmp' | 'icmpv6' => (family === 'ip' ? 'icmp' : 'icmpv6');

type NonEmptyFamilies = readonly [Family, ...Family[]];

/**
 * Returns the rules of a chain for a clause.
 * @param families those of the other end. If there is only one, the rules don't match it again: an earlier rule did.
 */
export function lowerClause(
  clause: Clause,
  direction: 'in' | 'out',
  families: NonEmptyFamilies,
  sets: NftSetBuilder,
): readonly NftRule[] {
  switch (clause.is) {
    case 'loopback':
      return [{ matches: [{ is: 'loopback', direction }], verdict: ACCEPT }];
    case 'session':
      return [
        {
          matches: [...(clause.replies ? [{ is: 'reply' } as const] : []), { is: 'state', state: 'established' }],
          verdict: ACCEPT,
        },
      ];
    case 'errors':
      return [
        { matches: [{ is: 'state', state: 'related' }, matchTypes(clause.family, clause.types)], verdict: ACCEPT },
      ];
    case 'neighbours':
      return [{ matches: [matchTypes('ip6', clause.types)], verdict: ACCEPT }];
    case 'service': {
      const peerLists = matchPeers(direction === 'in' ? 'from' : 'to', clause, direction, families, sets);
      return peerLists.map((endMatches) => ({
        matches: joinServiceMatches(endMatches, matchService(clause, sets)),
        verdict: ACCEPT,
      }));
    }
    case 'inside':
      return matchPeers('inside', clause, direction, families, sets).map((matches) => ({
        matches,
        verdict: ACCEPT,
        comment: 'inside',
      }));
    case 'blocked':
      return matchPeers('blocked', clause, direction, families, sets).map((matches) => ({ matches, verdict: DROP }));
    case 'own public':
      return families.flatMap((family) => createOwnPublicRules(clause.pairs, family, sets));
    default:
      return clause satisfies never;
  }
}

/** Returns the session rules of a gateway. Its chains hold no other clauses of this kind. */
export const createSessionRules = (establishedSessions: 'terminate' | 'keep'): readonly NftRule[] =>
  createSessionClauses(establishedSessions).flatMap((clause) =>
    lowerClause(clause, 'in', ['ip', 'ip6'], new NftSetBuilder()),
  );

const matchTypes = (family: Family, types: readonly number[]): NftMatch => ({
  ...({ is: 'types', protocol: getIcmpProtocol(family) } as const),
  names: types.map((type) => ICMP_TYPE_NAMES[family][type]!),
});

/** Returns one match list for each rule that the peers need. Returns none if no peer can be of these families. */
function matchPeers(
  purpose: string,
  clause: ClausePeers,
  way: 'in' | 'out',
  families: NonEmptyFamilies,
  sets: NftSetBuilder,
): readonly (readonly NftMatch[])[] {
  const peersByFamily = families.map((family) => ({ family, peers: selectPeers(family, clause) }));
  if (clause.peers === 'anywhere' && peersByFamily.every(({ peers }) => peers !== undefined)) return [[]];
  return peersByFamily.flatMap(({ family, peers }): readonly (readonly NftMatch[])[] => {
    if (peers === undefined) return [];
    if (peers === 'anywhere') return [families.length === 1 ? [] : [{ is: 'family', family }]];
    const field = way === 'in' ? 'saddr' : 'daddr';
    return [
      [{ is: 'address', family, field, values: sets.getAddresses(nameForFamily(purpose, family), family, peers) }],
    ];
  });
}

const nameForFamily = (purpose: string, family: Family): string => `${purpose}${family === 'ip6' ? '6' : ''}`;

/**
 * Joins the matches of peers and service. An ICMP type implies its family, so the family is left out. A protocol stands
 * before the family, because nft would lose the family when it lists the rule: `meta nfproto ipv4 meta l4proto icmp`
 * comes back without its first half (1.0.6), the other way round it comes back whole.
 */
function joinServiceMatches(endMatches: readonly NftMatch[], serviceMatches: readonly NftMatch[]): readonly NftMatch[] {
  const familyMatches = serviceMatches.some(({ is }) => is === 'type')
    ? []
    : endMatches.filter(({ is }) => is === 'family');
  const otherMatches = endMatches.filter(({ is }) => is !== 'family');
  return serviceMatches.some(({ is }) => is === 'protocol')
    ? [...otherMatches, ...serviceMatches, ...familyMatches]
    : [...otherMatches, ...familyMatches, ...serviceMatches];
}

function matchService({ protocol, ports, sourcePorts }: ServiceClause, sets: NftSetBuilder): readonly NftMatch[] {
  if (ports === 'all' && sourcePorts === 'all') return [{ is: 'protocol', protocol }];
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    const type = protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6';
    if (ports === 'all') return [{ is: 'protocol', protocol }];
    return [
      { is: 'type', protocol: type, values: sets.getNumbers(`${type}_types`, `${type}_type`, mergeNumbers(ports)) },
    ];
  }
  // All other protocols were refused.
  const portProtocol = PORT_PROTOCOLS.get(protocol)!;
  const matchPort = (field: 'sport' | 'dport', numbers: 'all' | readonly NumberRange[]): readonly NftMatch[] =>
    numbers === 'all'
      ? []
      : [
          {
            is: 'port',
            protocol: portProtocol,
            field,
            values: sets.getNumbers('ports', 'inet_service', mergeNumbers(numbers)),
          },
        ];
  return [...matchPort('sport', sourcePorts), ...matchPort('dport', ports)];
}

function createOwnPublicRules(
  ownPublic: ServerPolicy['ownPublic'],
  family: Family,
  sets: NftSetBuilder,
): readonly NftRule[] {
  const pairs = ownPublic.filter(({ local }) => getFamily(local) === family);
  if (pairs.length === 0) return [];
  const matchAddresses = (
    field: 'daddr' | 'original daddr',
    purpose: string,
    addresses: readonly Address[],
  ): NftMatch => ({
    ...({ is: 'address', family, field } as const),
    values: sets.getAddresses(nameForFamily(purpose, family), family, mergeRanges(addresses.map(toSingleRange))),
  });
  const locals = pairs.map(({ local }) => local);
  const publics = pairs.map((pair) => pair.public);
  const matches = [matchAddresses('daddr', 'local', locals), matchAddresses('original daddr', 'own_public', publics)];
  return [{ matches, verdict: ACCEPT, comment: 'own public address' }];
}
