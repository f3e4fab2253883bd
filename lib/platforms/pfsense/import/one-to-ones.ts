import { Prefix, familyOf, networkOf, parseAddress, prefixRange, printPrefix } from '../../../net/address';
import { overlap } from '../../../net/range';
import { FoundEntry, FoundMapping, FoundSet, Left } from '../../../parse/importing';
import { XmlElement } from '../../../xml/xml';
import { Surroundings } from '../parse/packets/addresses';
import { addressOn } from '../parse/box/box';
import { childOf, isSet, listOf, textAt, truthyAt } from '../parse/elements/element';
import { prefixAt } from '../parse/elements/literals';
import { reflects } from '../parse/nat/one-to-one';
import { reflectionNames } from '../parse/nat/reflection';
import { Unloadable } from '../parse/elements/unloadable';
import { entryOf, oursAlready, ownerOf } from './entries';
import { excludedBy, peersAt } from './peers';

/** A 1:1 entry that an intent can say, before anybody looked at what opens to it. */
export interface Candidate extends Omit<FoundMapping, 'openings'> {
  readonly set?: FoundSet;
}

interface OneToOnes {
  readonly candidates: readonly Candidate[];
  readonly left: readonly LeftOneToOne[];
}

interface LeftOneToOne extends Left {
  readonly sides?: { readonly outside: Prefix; readonly inside: Prefix };
}

/** `stays`: why entries are left whatever they are, by line. */
export function oneToOnesOf(given: Surroundings, stays: ReadonlyMap<number, string>): OneToOnes {
  const candidates: Candidate[] = [];
  const left: LeftOneToOne[] = [];
  for (const element of listOf(childOf(given.box.root, 'nat'), 'onetoone')) {
    const entry = entryOf(element, '1:1 entry', `for ${textAt(element, 'external') || 'nothing'}`);
    const found = stays.get(element.line) ?? candidateOf(element, entry, given);
    if (typeof found === 'string') {
      const sides = isSet(element, 'disabled') ? undefined : sidesOf(element, given);
      left.push({ entry, why: found, ...(sides ? { sides } : {}) });
    } else candidates.push({ ...found, inboundOnly: candidates.some((earlier) => isBefore(earlier, found)) });
  }
  return { candidates, left };
}

/** Of two entries for one host the first translates what the host sends. */
const isBefore = (earlier: Candidate, later: Omit<Candidate, 'inboundOnly'>): boolean =>
  earlier.enabled &&
  later.enabled &&
  earlier.interface === later.interface &&
  overlap(prefixRange(earlier.inside), prefixRange(later.inside)) !== undefined &&
  (earlier.peers === 'anywhere') === (later.peers === 'anywhere') &&
  `${earlier.excluded.map(word).join()}` === `${later.excluded.map(word).join()}` &&
  (earlier.peers === 'anywhere' ||
    `${earlier.peers.map(word).join()}` === `${(later.peers as typeof earlier.peers).map(word).join()}`);

const word = (peer: Prefix | string): string => (typeof peer === 'string' ? peer : printPrefix(peer));

/** Or why no intent says it. */
function candidateOf(
  element: XmlElement,
  entry: FoundEntry,
  given: Surroundings,
): Omit<Candidate, 'inboundOnly'> | string {
  const owner = ownerOf(element);
  if (owner !== undefined) return oursAlready(owner);
  const { box } = given;
  const on = truthyAt(element, 'interface') || 'wan';
  if (!box.byKey.has(on)) return `the box has no enabled interface ${on}, so it does nothing`;
  if (isSet(element, 'nobinat'))
    return 'it excludes what the host sends; what comes in is translated all the same, but by entries of the very same source right behind it';
  const source = childOf(element, 'source');
  if (isSet(source, 'any'))
    return 'its inside is any: it takes the source of everything that leaves, the box’s own packets too';
  if (isSet(source, 'not'))
    return 'its inside is negated, of which the box takes no notice: it maps the very host that it seems to leave out';
  const sides = sidesOf(element, given);
  if (!sides)
    return 'its external address follows the interface’s own, or its inside is more than one address or subnet';
  if (familyOf(sides.outside.first) === 'ip6') return 'it is for IPv6, and mappings of IPv6 are not served yet';
  try {
    const said = peersAt(childOf(element, 'destination'), given);
    if ('why' in said) return `its destination can not be said: ${said.why}`;
    const excluded = excludedBy(said);
    return {
      entry,
      description: textAt(element, 'descr').trim(),
      interface: on,
      ...sides,
      enabled: !isSet(element, 'disabled'),
      ...(excluded ? { peers: 'anywhere', excluded } : { peers: said.peers, excluded: [] }),
      reflection: reflectionOf(element, on, given),
      ...(said.set && !excluded ? { set: said.set } : {}),
    };
  } catch (error) {
    if (error instanceof Unloadable) return `the box can not load it: ${error.because}`;
    throw error;
  }
}

/** The two sides, of one length; undefined where they aren't literal. */
function sidesOf(
  element: XmlElement,
  { box }: Surroundings,
): { readonly outside: Prefix; readonly inside: Prefix } | undefined {
  const source = childOf(element, 'source');
  const own = addressOn(box.byKey.get(textAt(source, 'network')), 'ip');
  const inside = own ? networkOf(own.address, own.length) : prefixAt(textAt(source, 'address'));
  const external = parseAddress(textAt(element, 'external'));
  if (!inside || external === undefined || familyOf(inside.first) !== familyOf(external)) return undefined;
  return { inside, outside: networkOf(external, inside.length) };
}

function reflectionOf(element: XmlElement, on: string, { box }: Surroundings): FoundMapping['reflection'] {
  const from = reflects(element, box.root)
    ? reflectionNames(box, box.byKey.get(on)).filter((name) => box.byKey.get(name)?.virtual === false)
    : [];
  return from.length > 0 ? { mode: 'pure-nat', from } : { mode: 'disabled' };
}
