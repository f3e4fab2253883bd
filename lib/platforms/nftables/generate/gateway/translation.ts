import { isHost } from '../../../../net/address';
import { groupBy } from '../../../../net/group-by';
import { Part, arrivals, nearestFirst, peersKey, sortedBy } from '../../../../generate/parts';
import { AddressMap, Match, Rule } from '../model';
import { Sets } from '../sets';
import { Group } from './model';

interface Translation {
  readonly maps: readonly AddressMap[];
  readonly rules: readonly Rule[];
}

/** Public to inside, for what arrives from outside or is reflected. The packet's source is the peer. */
export const inbound = (parts: readonly Part[], sets: Sets): Translation =>
  translation(
    grouped(sortedBy(parts, 'outside'), (part) => arrivals(part.mapping)),
    'in',
    sets,
  );

/** Inside to public, for what leaves by the mapping's interface. The packet's destination is the peer. */
export const outbound = (parts: readonly Part[], sets: Sets): Translation =>
  translation(
    grouped(
      sortedBy(
        parts.filter(({ mapping }) => !mapping.inboundOnly),
        'inside',
      ),
      (part) => [part.mapping.interface],
    ),
    'out',
    sets,
  );

function grouped(parts: readonly Part[], interfacesOf: (part: Part) => readonly string[]): readonly Group[] {
  const groups = groupBy(
    parts,
    (part) => `${part.mapping.peers === 'anywhere'} ${interfacesOf(part).join(' ')} ${peersKey(part.peers)}`,
  );
  const all = [...groups.values()].map((alike): Group => {
    const [first] = alike;
    return { interfaces: interfacesOf(first), peers: first.peers, parts: alike };
  });
  return nearestFirst(all, ({ parts: [first] }) => first);
}

function translation(groups: readonly Group[], way: 'in' | 'out', sets: Sets): Translation {
  const maps: AddressMap[] = [];
  const kind = way === 'in' ? 'dnat' : 'snat';
  const rules = groups.flatMap((group): readonly Rule[] => {
    const matches: readonly Match[] = [
      { is: 'interface', way, names: group.interfaces },
      ...peerMatch(group, way, sets),
    ];
    const pairs = group.parts.map(({ outside, inside }) =>
      way === 'in' ? { from: outside, to: inside } : { from: inside, to: outside },
    );
    const hosts = pairs.filter(({ from }) => isHost(from)).map(({ from, to }) => ({ from: from.first, to: to.first }));
    const prefixes = pairs.filter(({ from }) => !isHost(from));
    const out: Rule[] = [];
    if (hosts.length > 0) {
      const name = `m_${way}_${maps.length + 1}`;
      maps.push({ is: 'addresses', name, type: 'ipv4_addr', elements: hosts });
      out.push({ matches, verdict: { is: 'translate', kind, family: 'ip', map: name } });
    }
    if (prefixes.length > 0) out.push({ matches, verdict: { is: 'translate prefixes', kind, pairs: prefixes } });
    return out;
  });
  return { maps, rules };
}

export function peerMatch({ peers }: Pick<Part, 'peers'>, way: 'in' | 'out', sets: Sets): readonly Match[] {
  if (peers.is === 'anywhere') return [];
  const field = way === 'in' ? 'saddr' : 'daddr';
  const among = sets.addresses('peers', 'ip', peers.ranges);
  return [{ is: 'address', family: 'ip', field, among, ...(peers.is === 'except' ? { not: true as const } : {}) }];
}
