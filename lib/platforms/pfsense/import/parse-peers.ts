import { FAMILY_RANGE, Prefix, toPrefixes } from '../../../net/address';
import { Range, isSameRange, subtractRanges } from '../../../net/range';
import { ImportablePeers, ImportableSet } from '../../../parse/config-importer';
import { XmlElement } from '../../../xml/parse-xml';
import { PfsenseContext, resolveAddresses } from '../parse/packets/resolve-addresses';
import { isSet, getTruthyText } from '../parse/elements/element';

/** The peers that a `source` or `destination` names, as an intent says them. `ranges`: all of them, ascending and disjoint. */
export interface ParsedPeers {
  readonly peers: ImportablePeers;
  readonly ranges: readonly Range[];
  readonly set?: ImportableSet;
}

/** Returns `why` where no intent can say them. Throws what reading throws, where the box could not load it. */
export function parsePeers(
  element: XmlElement | undefined,
  context: PfsenseContext,
): ParsedPeers | { readonly why: string } {
  if (!element) return { why: 'it names nobody' };
  if (isSet(element, 'any')) return ANYWHERE;
  const addresses = resolveAddresses(element, 'ip', context);
  if (!addresses) return { why: 'what it names is not there, and the box leaves it out' };
  if (addresses.perhaps.length > 0) return { why: addresses.because };
  const [first, ...more] = addresses.sure;
  if (!first) return { why: 'nobody is in what it names' };
  if (more.length === 0 && isSameRange(first, FAMILY_RANGE.ip)) return ANYWHERE;
  const members = addresses.sure.flatMap(toPrefixes);
  const name = getTruthyText(element, 'address');
  const isNamed = context.aliases.kindOf(name) === 'addresses' && !isSet(element, 'not');
  return { ranges: addresses.sure, ...(isNamed ? { peers: [name], set: { name, members } } : { peers: members }) };
}

const ANYWHERE: ParsedPeers = { peers: 'anywhere', ranges: [FAMILY_RANGE.ip] };

/** The peers that are left out, where these are fewer prefixes than those that are named: all but a few. */
export function findExcluded({ peers, ranges }: ParsedPeers): readonly Prefix[] | undefined {
  if (peers === 'anywhere') return undefined;
  const excluded = subtractRanges([FAMILY_RANGE.ip], ranges).flatMap(toPrefixes);
  return excluded.length < ranges.flatMap(toPrefixes).length ? excluded : undefined;
}
