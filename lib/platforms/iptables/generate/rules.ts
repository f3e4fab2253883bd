import { Family, familyOf, hostPrefix } from '../../../net/address';
import { joinedNumbers } from '../../../net/axes';
import { NumberRange } from '../../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../../net/packet';
import { point } from '../../../net/range';
import { Clause, Peers, Service, peersIn } from '../../../generate/netfilter/clauses';
import { slotsApart } from '../../../generate/netfilter/slots';
import { DROP, Match, Ports, RETURN, Rule } from './model';

const ALL_TYPES: NumberRange = { first: 0, last: 255 };

/** What a clause is as rules of one family; none where it is about the other. */
export function rulesFor(clause: Clause, way: 'in' | 'out', family: Family): readonly Rule[] {
  const passing = (...matches: readonly Match[]): Rule => ({ matches, target: RETURN });
  switch (clause.is) {
    case 'loopback':
      return [passing({ is: 'interface', way, name: 'lo' })];
    case 'session':
      return [passing({ is: 'state', state: 'ESTABLISHED', replies: clause.replies })];
    case 'errors':
      if (clause.family !== family) return [];
      return clause.types.map((type) => passing({ is: 'state', state: 'RELATED' }, { is: 'type', family, type }));
    case 'neighbours':
      return family === 'ip' ? [] : clause.types.map((type) => passing({ is: 'type', family, type }));
    case 'service':
      return peerMatches(clause, way, family).flatMap((peer) =>
        services(clause).map((service) => passing(...peer, service)),
      );
    case 'inside':
      return peerMatches(clause, way, family).map((peer) => passing(...peer));
    case 'blocked':
      return peerMatches(clause, way, family).map((matches) => ({ matches, target: DROP }));
    case 'own public':
      return clause.pairs
        .filter(({ local }) => familyOf(local) === family)
        .map(({ local, public: address }) =>
          passing(
            { is: 'address', end: 'destination', range: point(local) },
            { is: 'original destination', prefix: hostPrefix(address) },
          ),
        );
    default:
      return clause satisfies never;
  }
}

/** One for each range of addresses. */
function peerMatches(clause: Peers, way: 'in' | 'out', family: Family): readonly (readonly Match[])[] {
  const peers = peersIn(family, clause) ?? [];
  if (peers === 'anywhere') return [[]];
  return peers.map((range) => [{ is: 'address', end: way === 'in' ? 'source' : 'destination', range }]);
}

function services({ protocol, ports, sourcePorts }: Service): readonly Match[] {
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) return types(protocol, ports);
  const [sources, destinations] = [sourcePorts, ports].map((one) => chunks(one));
  return sources!.flatMap((source) =>
    destinations!.map((destination): Match =>
      source === 'all' && destination === 'all'
        ? { is: 'protocol', protocol }
        : { is: 'ports', protocol, source, destination },
    ),
  );
}

function types(protocol: number, ports: Service['ports']): readonly Match[] {
  const ranges = ports === 'all' ? [ALL_TYPES] : joinedNumbers(ports);
  if (ranges.some((range) => isWhole(range, ALL_TYPES))) return [{ is: 'protocol', protocol }];
  const family = protocol === PROTOCOL.icmp ? 'ip' : 'ip6';
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, more) => ({ is: 'type', family, type: first + more }) as const),
  );
}

function chunks(ports: Service['ports']): readonly Ports[] {
  const ranges = ports === 'all' ? [ALL_PORTS] : joinedNumbers(ports);
  return ranges.some((range) => isWhole(range, ALL_PORTS)) ? ['all'] : slotsApart(ranges);
}

const isWhole = ({ first, last }: NumberRange, whole: NumberRange): boolean =>
  first <= whole.first && whole.last <= last;
