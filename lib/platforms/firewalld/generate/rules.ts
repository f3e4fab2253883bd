import { FAMILIES, rangeOf } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { PROTOCOL } from '../../../net/packet';
import { Range } from '../../../net/range';
import { Clause, Peers, Service, peersIn } from '../../../generate/netfilter/clauses';
import { icmpType, namesListeners } from './icmp-types';
import { Asked, Ends, Rule } from './model';

type Way = 'in' | 'out';

const LINK_LOCAL = rangeOf('fe80::/10');
const MULTICAST = rangeOf('ff00::/8');
const ICMPV6: Asked = { is: 'protocol', protocol: PROTOCOL.icmpv6 };

/** What a clause is as rules. Sessions, loopback and what is said about a session firewalld lets pass before it asks any. */
export function rulesFor(clause: Clause, way: Way, version: string): readonly Rule[] {
  switch (clause.is) {
    case 'loopback':
    case 'session':
    case 'errors':
      return [];
    case 'inside': // Left to the zones: `leftToZones`.
      return [];
    case 'neighbours':
      return [
        ...(namesListeners(version) ? [] : listeners(way, version)),
        ...clause.types.flatMap((type) => {
          const name = icmpType('ip6', type, version);
          return name === undefined
            ? []
            : [{ family: 'ip6', asks: { is: 'icmp-type', name }, does: 'accept' } as const];
        }),
      ];
    case 'service':
      return byPeers(clause, way).flatMap((ends) =>
        asked(clause, version).map((asks) => ({ ...ends, asks, does: 'accept' }) as const),
      );
    case 'blocked':
      return byPeers(clause, way).map((ends) => ({ ...ends, does: 'drop' }));
    case 'own public': // It was refused.
      return [];
    default:
      return clause satisfies never;
  }
}

/**
 * Who listens to which group is asked, and told, in types that firewalld has no names for before 2.1, by neighbours and to groups alone. Who is there, of all
 * that listen to a group, isn't told, and that a way leads elsewhere isn't ours to say.
 */
const listeners = (way: Way, version: string): readonly Rule[] =>
  way === 'in'
    ? [
        {
          family: 'ip6',
          destination: ends([MULTICAST]),
          asks: { is: 'icmp-type', name: icmpType('ip6', 128, version)! },
          does: 'drop',
        },
        { family: 'ip6', source: ends([LINK_LOCAL]), destination: ends([MULTICAST]), asks: ICMPV6, does: 'accept' },
      ]
    : [
        { family: 'ip6', asks: { is: 'icmp-type', name: icmpType('ip6', 137, version)! }, does: 'drop' },
        { family: 'ip6', destination: ends([MULTICAST]), asks: ICMPV6, does: 'accept' },
      ];

/** Drops everybody else; what is left is for the zones to decide. */
export const leftToZones = (peers: readonly Range[]): readonly Rule[] =>
  FAMILIES.flatMap((family): readonly Rule[] => {
    const its = peersIn(family, { peers });
    if (its === 'anywhere') return [];
    return [{ family, ...(its === undefined ? {} : { source: { ranges: its, inverted: true } }), does: 'drop' }];
  });

const ends = (ranges: readonly Range[]): Ends => ({ ranges });

/** A rule for both families where it is for everybody, else one for each that somebody is of. */
function byPeers(peers: Peers, way: Way): readonly Pick<Rule, 'family' | 'source' | 'destination'>[] {
  const found = FAMILIES.flatMap((family) => {
    const its = peersIn(family, peers);
    return its === undefined ? [] : [{ family, its }];
  });
  if (found.length === FAMILIES.length && found.every(({ its }) => its === 'anywhere')) return [{}];
  return found.map(({ family, its }) => ({
    family,
    ...(its === 'anywhere' ? {} : { [way === 'in' ? 'source' : 'destination']: ends(its) }),
  }));
}

function asked({ protocol, ports }: Service, version: string): readonly Asked[] {
  if (ports === 'all') return [{ is: 'protocol', protocol }];
  const ranges = joinedNumbers(ports);
  if (protocol !== PROTOCOL.icmp && protocol !== PROTOCOL.icmpv6)
    return ranges.map((one) => ({ is: 'port', protocol, ports: one }));
  const family = protocol === PROTOCOL.icmp ? 'ip' : 'ip6';
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, at): Asked => ({
      is: 'icmp-type',
      name: icmpType(family, first + at, version)!,
    })),
  );
}
