import { FAMILY_RANGE, printPrefix } from '../../../net/address';
import { Range, compareValues, isSameRange } from '../../../net/range';
import { Mapping } from '../../../policy/policy';
import { MappingPart, MappingPeers, toPeersKey } from '../../../generate/mapping-parts';
import { AliasBuilder } from './aliases';
import { ANY_ENDPOINT, PfsenseEndpoint, OneToOneEntry } from './pfsense-entries';
import { EntryNames } from './entry-names';
import { cleanDescription } from './description';

/** A part of a mapping, and how the box reflects it. */
export interface NumberedPart {
  readonly part: MappingPart;
  readonly key: string;
  /** The number of the part, where its mapping has several. */
  readonly number: number | undefined;
  /** Undefined: as the box does by default. */
  readonly reflection: OneToOneEntry['reflection'] | undefined;
}

/** All of it, in two halves: an alias of both is everybody, and is another destination than `any` to a kernel that drops duplicates. */
const IPV4_HALVES: readonly Range[] = [
  { first: FAMILY_RANGE.ip.first, last: 0x7fffffffn },
  { first: 0x80000000n, last: FAMILY_RANGE.ip.last },
];

/**
 * The first that matches translates: restricted ones before those for everybody, and what is inbound only behind all that its hosts go
 * out by. Sorted by addresses within, so that the order in the policy doesn't show.
 */
export function createOneToOnes(
  parts: readonly NumberedPart[],
  names: EntryNames,
  aliases: AliasBuilder,
): readonly OneToOneEntry[] {
  const copiesByKind = new Map<string, number>();
  return [...parts].sort(compareParts).map(({ part, key, number, reflection }): OneToOneEntry => {
    const { mapping } = part;
    const kind = `${key} ${printPrefix(part.inside)} ${toPeersKey(part.peers)}`;
    const copy = mapping.enabled ? (copiesByKind.get(kind) ?? 0) : 0;
    if (mapping.enabled) copiesByKind.set(kind, copy + 1);
    const purpose = number === undefined ? mapping.name : `${mapping.name}.${number}`;
    return {
      interface: key,
      external: part.outside.first,
      source: part.inside,
      destination: createDestination(part.peers, copy, `${mapping.name}_peers`, aliases),
      ...(reflection === undefined ? {} : { reflection }),
      disabled: !mapping.enabled,
      descr: names.createDescription(purpose, cleanDescription(mapping.description)),
    };
  });
}

const getRank = ({ inboundOnly, peers }: Mapping): number => (inboundOnly ? 2 : 0) + (peers === 'anywhere' ? 1 : 0);

const compareParts = (a: NumberedPart, b: NumberedPart): number =>
  getRank(a.part.mapping) - getRank(b.part.mapping) ||
  compareValues(a.part.outside.first, b.part.outside.first) ||
  a.part.outside.length - b.part.outside.length ||
  compareValues(a.part.inside.first, b.part.inside.first) ||
  compareValues(a.part.mapping.name, b.part.mapping.name);

/** A kernel that drops duplicates asks for the names of tables, not for what is in them. */
function createDestination(peers: MappingPeers, copy: number, purpose: string, aliases: AliasBuilder): PfsenseEndpoint {
  switch (peers.is) {
    case 'anywhere':
      return copy === 0 ? ANY_ENDPOINT : { is: 'alias', name: aliases.addNetwork('everybody', IPV4_HALVES, copy) };
    case 'except':
      return aliases.toAllExcept(purpose, peers.ranges, copy);
    case 'among':
      if (copy > 0) return { is: 'alias', name: aliases.addNetwork(purpose, peers.ranges, copy) };
      return isSameRange(peers.ranges[0]!, FAMILY_RANGE.ip) ? ANY_ENDPOINT : aliases.toEndpoint(purpose, peers.ranges);
    default:
      return peers satisfies never;
  }
}
