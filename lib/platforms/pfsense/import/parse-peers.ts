// Converts the `source` or `destination` of a pfSense entry to peers of an intent, or gives the reason why no intent
// can express it.

import { FAMILY_RANGE, Prefix, toPrefixes } from '../../../net/address';
import { Range, isSameRange, subtractRanges } from '../../../net/range';
import { ImportablePeers, ImportableSet } from '../../../parse/config-importer';
import { XmlElement } from '../../../xml/parse-xml';
import { PfsenseContext, resolveAddresses } from '../parse/packets/resolve-addresses';
import { isSet, getTruthyText } from '../parse/elements/element';

/**
 * The peers in a `source` or `destination`, in the form of an intent. `ranges` holds all of them, ascending and
 * disjoint.
 */
export interface ParsedPeers {
  readonly peers: ImportablePeers;
  readonly ranges: readonly Range[];
  readonly set?: ImportableSet;
}

/**
 * Returns the peers, or `reason` if no intent can express them.
 *
 * @throws Unloadable, like the parser, if the box can't load the element.
 */
export function parsePeers(
  element: XmlElement | undefined,
  context: PfsenseContext,
): ParsedPeers | { readonly reason: string } {
  if (!element) return { reason: 'it names no source' };
  if (isSet(element, 'any')) return ANYWHERE;
  const addresses = resolveAddresses(element, 'ip', context);
  if (!addresses) return { reason: 'what it names is not there, and the box leaves it out' };
  if (addresses.uncertain.length > 0) return { reason: addresses.reason };
  const [first, ...more] = addresses.must;
  if (!first) return { reason: 'what it names is empty' };
  if (more.length === 0 && isSameRange(first, FAMILY_RANGE.ip)) return ANYWHERE;
  const members = addresses.must.flatMap(toPrefixes);
  const name = getTruthyText(element, 'address');
  const isNamed = context.aliases.getKind(name) === 'addresses' && !isSet(element, 'not');
  return { ranges: addresses.must, ...(isNamed ? { peers: [name], set: { name, members } } : { peers: members }) };
}

const ANYWHERE: ParsedPeers = { peers: 'anywhere', ranges: [FAMILY_RANGE.ip] };

/** Returns the excluded peers if these are fewer prefixes than the named ones, else undefined. */
export function findExcluded({ peers, ranges }: ParsedPeers): readonly Prefix[] | undefined {
  if (peers === 'anywhere') return undefined;
  const excluded = subtractRanges([FAMILY_RANGE.ip], ranges).flatMap(toPrefixes);
  return excluded.length < ranges.flatMap(toPrefixes).length ? excluded : undefined;
}
