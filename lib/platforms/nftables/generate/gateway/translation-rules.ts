// Creates the nftables rules and maps for the destination and source translation of a gateway's mappings (1:1 NAT),
// grouped by interfaces and peers.

import { isHost } from '../../../../net/address';
import { groupBy } from '../../../../net/group-by';
import {
  MappingPart,
  listArrivalInterfaces,
  orderByRestriction,
  toPeersKey,
  sortParts,
} from '../../../../generate/mapping-parts';
import { NftAddressMap, NftMatch, NftRule } from '../nft-table';
import { NftSetBuilder } from '../nft-set-builder';
import { TranslationGroup } from './mapping-groups';

interface TranslationRules {
  readonly maps: readonly NftAddressMap[];
  readonly rules: readonly NftRule[];
}

/**
 * Returns the translations from public to internal addresses, for packets that arrive from outside or are reflected.
 * The packet's source is the peer.
 */
export const createInboundRules = (parts: readonly MappingPart[], sets: NftSetBuilder): TranslationRules =>
  createTranslation(
    groupParts(sortParts(parts, 'external'), (part) => listArrivalInterfaces(part.mapping)),
    'in',
    sets,
  );

/**
 * Returns the translations from internal to public addresses, for packets that leave by the mapping's interface. The
 * packet's destination is the peer.
 */
export const createOutboundRules = (parts: readonly MappingPart[], sets: NftSetBuilder): TranslationRules =>
  createTranslation(
    groupParts(
      sortParts(
        parts.filter(({ mapping }) => !mapping.inboundOnly),
        'internal',
      ),
      (part) => [part.mapping.interface],
    ),
    'out',
    sets,
  );

function groupParts(
  parts: readonly MappingPart[],
  getInterfaces: (part: MappingPart) => readonly string[],
): readonly TranslationGroup[] {
  const groups = groupBy(
    parts,
    (part) => `${part.mapping.peers === 'anywhere'} ${getInterfaces(part).join(' ')} ${toPeersKey(part.peers)}`,
  );
  const translationGroups = [...groups.values()].map((sameParts): TranslationGroup => {
    const [first] = sameParts;
    return { interfaces: getInterfaces(first), peers: first.peers, parts: sameParts };
  });
  return orderByRestriction(translationGroups, ({ parts: [first] }) => first);
}

function createTranslation(
  groups: readonly TranslationGroup[],
  direction: 'in' | 'out',
  sets: NftSetBuilder,
): TranslationRules {
  const maps: NftAddressMap[] = [];
  const kind = direction === 'in' ? 'dnat' : 'snat';
  const rules = groups.flatMap((group): readonly NftRule[] => {
    const matches: readonly NftMatch[] = [
      { is: 'interface', direction, names: group.interfaces },
      ...matchPeers(group, direction, sets),
    ];
    const pairs = group.parts.map(({ external, internal }) =>
      direction === 'in' ? { from: external, to: internal } : { from: internal, to: external },
    );
    const hosts = pairs.filter(({ from }) => isHost(from)).map(({ from, to }) => ({ from: from.first, to: to.first }));
    const prefixes = pairs.filter(({ from }) => !isHost(from));
    const groupRules: NftRule[] = [];
    if (hosts.length > 0) {
      const name = `m_${direction}_${maps.length + 1}`;
      maps.push({ is: 'addresses', name, type: 'ipv4_addr', elements: hosts });
      groupRules.push({ matches, verdict: { is: 'translate', kind, family: 'ip', map: name } });
    }
    if (prefixes.length > 0) groupRules.push({ matches, verdict: { is: 'translate prefixes', kind, pairs: prefixes } });
    return groupRules;
  });
  return { maps, rules };
}

export function matchPeers(
  { peers }: Pick<MappingPart, 'peers'>,
  way: 'in' | 'out',
  sets: NftSetBuilder,
): readonly NftMatch[] {
  if (peers.is === 'anywhere') return [];
  const field = way === 'in' ? 'saddr' : 'daddr';
  const values = sets.getAddresses('peers', 'ip', peers.ranges);
  return [{ is: 'address', family: 'ip', field, values, ...(peers.is === 'except' ? { negated: true as const } : {}) }];
}
