import { FAMILY_RANGE, Prefix, prefixesOf } from '../../../net/address';
import { Range, sameRange, without } from '../../../net/range';
import { FoundPeers, FoundSet } from '../../../parse/importing';
import { XmlElement } from '../../../xml/xml';
import { Surroundings, addressesOf } from '../parse/packets/addresses';
import { isSet, truthyAt } from '../parse/elements/element';

/** The peers that a `source` or `destination` names, as an intent says them. `ranges`: all of them, ascending and disjoint. */
export interface SaidPeers {
  readonly peers: FoundPeers;
  readonly ranges: readonly Range[];
  readonly set?: FoundSet;
}

/** Returns `why` where no intent can say them. Throws what reading throws, where the box could not load it. */
export function peersAt(element: XmlElement | undefined, given: Surroundings): SaidPeers | { readonly why: string } {
  if (!element) return { why: 'it names nobody' };
  if (isSet(element, 'any')) return ANYWHERE;
  const found = addressesOf(element, 'ip', given);
  if (!found) return { why: 'what it names is not there, and the box leaves it out' };
  if (found.perhaps.length > 0) return { why: found.because };
  const [first, ...more] = found.sure;
  if (!first) return { why: 'nobody is in what it names' };
  if (more.length === 0 && sameRange(first, FAMILY_RANGE.ip)) return ANYWHERE;
  const members = found.sure.flatMap(prefixesOf);
  const name = truthyAt(element, 'address');
  const isNamed = given.aliases.kindOf(name) === 'addresses' && !isSet(element, 'not');
  return { ranges: found.sure, ...(isNamed ? { peers: [name], set: { name, members } } : { peers: members }) };
}

const ANYWHERE: SaidPeers = { peers: 'anywhere', ranges: [FAMILY_RANGE.ip] };

/** The peers that are left out, where these are fewer prefixes than those that are named: all but a few. */
export function excludedBy({ peers, ranges }: SaidPeers): readonly Prefix[] | undefined {
  if (peers === 'anywhere') return undefined;
  const excluded = without([FAMILY_RANGE.ip], ranges).flatMap(prefixesOf);
  return excluded.length < ranges.flatMap(prefixesOf).length ? excluded : undefined;
}
