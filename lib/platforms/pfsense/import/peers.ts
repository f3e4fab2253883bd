import { FAMILY_RANGE, prefixesOf } from '../../../net/address';
import { sameRange } from '../../../net/range';
import { FoundPeers, FoundSet } from '../../../reading/importing';
import { XmlElement } from '../../../xml/xml';
import { Surroundings, addressesOf } from '../read/packets/addresses';
import { isSet, truthyAt } from '../read/elements/element';

/** Whom a `source` or `destination` names, as an intent can say it; or why none can. */
type Said = { readonly peers: FoundPeers; readonly set?: FoundSet } | { readonly why: string };

/** Throws what reading throws, where the box could not load it. */
export function peersAt(element: XmlElement | undefined, given: Surroundings): Said {
  if (!element) return { why: 'it names nobody' };
  if (isSet(element, 'any')) return { peers: 'anywhere' };
  if (isSet(element, 'not')) return { why: 'it is for everybody but some, which no intent says' };
  const found = addressesOf(element, 'ip', given);
  if (!found) return { why: 'what it names is not there, and the box leaves it out' };
  if (found.perhaps.length > 0) return { why: found.because };
  const [first, ...more] = found.sure;
  if (!first) return { why: 'nobody is in what it names' };
  if (more.length === 0 && sameRange(first, FAMILY_RANGE.ip)) return { peers: 'anywhere' };
  const members = found.sure.flatMap(prefixesOf);
  const name = truthyAt(element, 'address');
  return given.aliases.kindOf(name) === 'addresses' ? { peers: [name], set: { name, members } } : { peers: members };
}
