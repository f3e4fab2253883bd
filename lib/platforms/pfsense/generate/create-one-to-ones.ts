// Creates the 1:1 NAT entries of pfSense's config.xml from the mappings of a policy, in the order in which pfSense
// evaluates them.

import { FAMILY_RANGE, printPrefix } from '../../../net/address';
import { Range, compareValues, isSameRange } from '../../../net/range';
import { Mapping } from '../../../policy/policy';
import { MappingPart, MappingPeers, toPeersKey } from '../../../generate/mapping-parts';
import { AliasBuilder } from './aliases';
import { ANY_ENDPOINT, PfsenseEndpoint, OneToOneEntry } from './pfsense-entries';
import { EntryNames } from './entry-names';

const MAX_DESCRIPTION_LENGTH = 200;

/**
 * Returns a person's text without line breaks and invisible characters, to stand behind a tag. The box would let them
 * through into its rules: a break ends the comment that a rule became, and the rest is a rule.
 */
function cleanDescription(text: string): string {
  const cleaned = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`)
    .replace(/\s+/g, ' ')
    .trim();
  return cleaned.length > MAX_DESCRIPTION_LENGTH
    ? cleaned.slice(0, MAX_DESCRIPTION_LENGTH).replace(/[\ud800-\udbff]$/, '')
    : cleaned;
}

/** A part of a mapping, with its reflection on the box. */
export interface NumberedPart {
  readonly part: MappingPart;
  readonly key: string;
  /** The number of the part; undefined if its mapping has only one. */
  readonly number: number | undefined;
  /** Undefined: the default of the box. */
  readonly reflection: OneToOneEntry['reflection'] | undefined;
}

/**
 * All of IPv4 in two halves. An alias of both matches every address, and a kernel that drops duplicates sees another
 * destination than `any`.
 */
const IPV4_HALVES: readonly Range[] = [
  { first: FAMILY_RANGE.ip.first, last: 0x7fffffffn },
  { first: 0x80000000n, last: FAMILY_RANGE.ip.last },
];

/**
 * Returns the 1:1 entries in order; the first match translates. Restricted entries come before those for all peers.
 * Inbound-only entries come after all entries that their hosts go out by. Entries of equal rank are sorted by address,
 * so that the order in the policy has no effect.
 */
export function createOneToOnes(
  parts: readonly NumberedPart[],
  names: EntryNames,
  aliases: AliasBuilder,
): readonly OneToOneEntry[] {
  const copiesByKind = new Map<string, number>();
  return [...parts].sort(compareParts).map(({ part, key, number, reflection }): OneToOneEntry => {
    const { mapping } = part;
    const kind = `${key} ${printPrefix(part.internal)} ${toPeersKey(part.peers)}`;
    const copy = mapping.enabled ? (copiesByKind.get(kind) ?? 0) : 0;
    if (mapping.enabled) copiesByKind.set(kind, copy + 1);
    const purpose = number === undefined ? mapping.name : `${mapping.name}.${number}`;
    return {
      interface: key,
      external: part.external.first,
      source: part.internal,
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
  compareValues(a.part.external.first, b.part.external.first) ||
  a.part.external.length - b.part.external.length ||
  compareValues(a.part.internal.first, b.part.internal.first) ||
  compareValues(a.part.mapping.name, b.part.mapping.name);

/** Returns the destination. A kernel that drops duplicates compares the names of tables, not their contents. */
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
