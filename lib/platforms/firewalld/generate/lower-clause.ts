// Lowers one clause of a server's policy (allowed service, ICMP, neighbours, blocked peers) to rules of a firewalld
// policy.

import { FAMILIES, parseRange } from '../../../net/address';
import { mergeNumbers } from '../../../net/axis-nodes';
import { PROTOCOL } from '../../../net/packet';
import { Range } from '../../../net/range';
import { Clause, ClausePeers, ServiceClause, selectPeers } from '../../../generate/netfilter/clauses';
import { findIcmpTypeName, hasMldTypeNames } from './icmp-types';
import { FirewalldMatch, FirewalldAddresses, FirewalldRule } from './firewalld-policy';

type FirewalldDirection = 'in' | 'out';

const LINK_LOCAL = parseRange('fe80::/10');
const MULTICAST = parseRange('ff00::/8');
const ICMPV6_MATCH: FirewalldMatch = { is: 'protocol', protocol: PROTOCOL.icmpv6 };

/**
 * Returns the rules for a clause. Sessions, loopback and related errors need none: firewalld accepts them before it
 * evaluates policies.
 */
export function lowerClause(clause: Clause, direction: FirewalldDirection, version: string): readonly FirewalldRule[] {
  switch (clause.is) {
    case 'loopback':
    case 'session':
    case 'errors':
      return [];
    case 'inside': // The zones decide: see `createUntrustedDrops`.
      return [];
    case 'neighbours':
      return [
        ...(hasMldTypeNames(version) ? [] : createMldRules(direction, version)),
        ...clause.types.flatMap((type) => {
          const name = findIcmpTypeName('ip6', type, version);
          return name === undefined
            ? []
            : [{ family: 'ip6', asks: { is: 'icmp-type', name }, does: 'accept' } as const];
        }),
      ];
    case 'service':
      return matchPeers(clause, direction).flatMap((peerMatch) =>
        matchService(clause, version).map((match) => ({ ...peerMatch, asks: match, does: 'accept' }) as const),
      );
    case 'blocked':
      return matchPeers(clause, direction).map((peerMatch) => ({ ...peerMatch, does: 'drop' }));
    case 'own public': // `checkPolicy` has refused it.
      return [];
    default:
      return clause satisfies never;
  }
}

/**
 * Returns rules that let multicast listener messages pass on versions before 2.1, which have no names for their types.
 * They accept all ICMPv6 between neighbours and groups. They drop two types that this would let through: echo requests
 * to a group, and outgoing redirects.
 */
const createMldRules = (direction: FirewalldDirection, version: string): readonly FirewalldRule[] =>
  direction === 'in'
    ? [
        {
          family: 'ip6',
          destination: createAddresses([MULTICAST]),
          asks: { is: 'icmp-type', name: findIcmpTypeName('ip6', 128, version)! },
          does: 'drop',
        },
        {
          family: 'ip6',
          source: createAddresses([LINK_LOCAL]),
          destination: createAddresses([MULTICAST]),
          asks: ICMPV6_MATCH,
          does: 'accept',
        },
      ]
    : [
        { family: 'ip6', asks: { is: 'icmp-type', name: findIcmpTypeName('ip6', 137, version)! }, does: 'drop' },
        { family: 'ip6', destination: createAddresses([MULTICAST]), asks: ICMPV6_MATCH, does: 'accept' },
      ];

/** Returns rules that drop all packets from other addresses than these. The zones decide about the rest. */
export const createUntrustedDrops = (peers: readonly Range[]): readonly FirewalldRule[] =>
  FAMILIES.flatMap((family): readonly FirewalldRule[] => {
    const ranges = selectPeers(family, { peers });
    if (ranges === 'anywhere') return [];
    return [{ family, ...(ranges === undefined ? {} : { source: { ranges, inverted: true } }), does: 'drop' }];
  });

const createAddresses = (ranges: readonly Range[]): FirewalldAddresses => ({ ranges });

/**
 * Returns one match for both families if the peers are anywhere. Otherwise it returns one for each family that has
 * peers.
 */
function matchPeers(
  peers: ClausePeers,
  direction: FirewalldDirection,
): readonly Pick<FirewalldRule, 'family' | 'source' | 'destination'>[] {
  const peersByFamily = FAMILIES.flatMap((family) => {
    const ranges = selectPeers(family, peers);
    return ranges === undefined ? [] : [{ family, its: ranges }];
  });
  if (peersByFamily.length === FAMILIES.length && peersByFamily.every(({ its: ranges }) => ranges === 'anywhere'))
    return [{}];
  return peersByFamily.map(({ family, its: ranges }) => ({
    family,
    ...(ranges === 'anywhere' ? {} : { [direction === 'in' ? 'source' : 'destination']: createAddresses(ranges) }),
  }));
}

function matchService({ protocol, ports }: ServiceClause, version: string): readonly FirewalldMatch[] {
  if (ports === 'all') return [{ is: 'protocol', protocol }];
  const ranges = mergeNumbers(ports);
  if (protocol !== PROTOCOL.icmp && protocol !== PROTOCOL.icmpv6)
    return ranges.map((range) => ({ is: 'port', protocol, ports: range }));
  const family = protocol === PROTOCOL.icmp ? 'ip' : 'ip6';
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, offset): FirewalldMatch => ({
      is: 'icmp-type',
      name: findIcmpTypeName(family, first + offset, version)!,
    })),
  );
}
