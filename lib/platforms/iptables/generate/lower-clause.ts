// Lowers one clause of a policy (allowed service, sessions, neighbours, blocked peers and others) to iptables rules of
// one family. Rules that allow a packet return from the owner's chain.

import { Family, getFamily, toHostPrefix } from '../../../net/address';
import { mergeNumbers } from '../../../net/axis-nodes';
import { NumberRange } from '../../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../../net/packet';
import { toSingleRange } from '../../../net/range';
import { Clause, ClausePeers, ServiceClause, selectPeers } from '../../../generate/netfilter/clauses';
import { splitMultiport } from '../../../generate/netfilter/split-multiport';
import { DROP, IptablesMatch, IptablesPorts, RETURN, IptablesRule } from './iptables-table';

const ALL_TYPES: NumberRange = { first: 0, last: 255 };

/** Returns the rules of one family for a clause. Returns none if the clause is about the other family. */
export function lowerClause(clause: Clause, direction: 'in' | 'out', family: Family): readonly IptablesRule[] {
  const createReturnRule = (...matches: readonly IptablesMatch[]): IptablesRule => ({ matches, target: RETURN });
  switch (clause.is) {
    case 'loopback':
      return [createReturnRule({ is: 'interface', direction, name: 'lo' })];
    case 'session':
      return [createReturnRule({ is: 'state', state: 'ESTABLISHED', replies: clause.replies })];
    case 'errors':
      if (clause.family !== family) return [];
      return clause.types.map((type) =>
        createReturnRule({ is: 'state', state: 'RELATED' }, { is: 'type', family, type }),
      );
    case 'neighbours':
      return family === 'ip' ? [] : clause.types.map((type) => createReturnRule({ is: 'type', family, type }));
    case 'service':
      return matchPeers(clause, direction, family).flatMap((peer) =>
        matchService(clause).map((service) => createReturnRule(...peer, service)),
      );
    case 'inside':
      return matchPeers(clause, direction, family).map((peer) => createReturnRule(...peer));
    case 'blocked':
      return matchPeers(clause, direction, family).map((matches) => ({ matches, target: DROP }));
    case 'own public':
      return clause.pairs
        .filter(({ local }) => getFamily(local) === family)
        .map(({ local, public: address }) =>
          createReturnRule(
            { is: 'address', end: 'destination', range: toSingleRange(local) },
            { is: 'original destination', prefix: toHostPrefix(address) },
          ),
        );
    default:
      return clause satisfies never;
  }
}

/** Returns one match list for each range of addresses. */
function matchPeers(clause: ClausePeers, way: 'in' | 'out', family: Family): readonly (readonly IptablesMatch[])[] {
  const peers = selectPeers(family, clause) ?? [];
  if (peers === 'anywhere') return [[]];
  return peers.map((range) => [{ is: 'address', end: way === 'in' ? 'source' : 'destination', range }]);
}

function matchService({ protocol, ports, sourcePorts }: ServiceClause): readonly IptablesMatch[] {
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) return matchTypes(protocol, ports);
  const [sources, destinations] = [sourcePorts, ports].map((numbers) => splitPorts(numbers));
  return sources!.flatMap((source) =>
    destinations!.map((destination): IptablesMatch =>
      source === 'all' && destination === 'all'
        ? { is: 'protocol', protocol }
        : { is: 'ports', protocol, source, destination },
    ),
  );
}

function matchTypes(protocol: number, ports: ServiceClause['ports']): readonly IptablesMatch[] {
  const ranges = ports === 'all' ? [ALL_TYPES] : mergeNumbers(ports);
  if (ranges.some((range) => coversRange(range, ALL_TYPES))) return [{ is: 'protocol', protocol }];
  const family = protocol === PROTOCOL.icmp ? 'ip' : 'ip6';
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, offset) => ({ is: 'type', family, type: first + offset }) as const),
  );
}

function splitPorts(ports: ServiceClause['ports']): readonly IptablesPorts[] {
  const ranges = ports === 'all' ? [ALL_PORTS] : mergeNumbers(ports);
  return ranges.some((range) => coversRange(range, ALL_PORTS)) ? ['all'] : splitMultiport(ranges);
}

const coversRange = ({ first, last }: NumberRange, fullRange: NumberRange): boolean =>
  first <= fullRange.first && fullRange.last <= last;
