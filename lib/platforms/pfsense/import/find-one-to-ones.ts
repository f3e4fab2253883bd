// Finds the 1:1 NAT entries of pfSense's config.xml that an intent can express, and gives the reason for each other
// one.

import { Prefix, getFamily, getNetwork, parseAddress, toRange, printPrefix } from '../../../net/address';
import { intersectRanges } from '../../../net/range';
import { ImportableEntry, ImportableMapping, ImportableSet, SkippedEntry } from '../../../parse/config-importer';
import { XmlElement } from '../../../xml/parse-xml';
import { PfsenseContext } from '../parse/packets/resolve-addresses';
import { getAddress } from '../parse/box/box';
import { findChild, isSet, listChildren, getText, getTruthyText } from '../parse/elements/element';
import { parsePrefixLiteral } from '../parse/elements/parse-literals';
import { isReflected } from '../parse/nat/one-to-one';
import { listReflectionNames } from '../parse/nat/reflection-interfaces';
import { Unloadable } from '../parse/elements/unloadable';
import { createImportableEntry, explainOwned, findOwner } from './importable-entry';
import { findExcluded, parsePeers } from './parse-peers';

/** A 1:1 entry that an intent can express, before its allow rules are known. */
export interface OneToOneCandidate extends Omit<ImportableMapping, 'allowRules'> {
  readonly set?: ImportableSet;
}

interface ImportedOneToOnes {
  readonly candidates: readonly OneToOneCandidate[];
  readonly skipped: readonly SkippedOneToOne[];
}

interface SkippedOneToOne extends SkippedEntry {
  readonly sides?: { readonly external: Prefix; readonly internal: Prefix };
}

/** Returns the candidates and the skipped entries. `stays` gives by line why an entry is skipped in any case. */
export function findOneToOnes(context: PfsenseContext, stays: ReadonlyMap<number, string>): ImportedOneToOnes {
  const candidates: OneToOneCandidate[] = [];
  const skipped: SkippedOneToOne[] = [];
  for (const element of listChildren(findChild(context.box.root, 'nat'), 'onetoone')) {
    const entry = createImportableEntry(element, '1:1 entry', `for ${getText(element, 'external') || 'nothing'}`);
    const candidate = stays.get(element.line) ?? toCandidate(element, entry, context);
    if (typeof candidate === 'string') {
      const sides = isSet(element, 'disabled') ? undefined : findSides(element, context);
      skipped.push({ entry, reason: candidate, ...(sides ? { sides } : {}) });
    } else
      candidates.push({ ...candidate, inboundOnly: candidates.some((earlier) => translatesFirst(earlier, candidate)) });
  }
  return { candidates, skipped };
}

/** Returns whether the earlier of two entries for one host translates the host's packets. */
const translatesFirst = (earlier: OneToOneCandidate, later: Omit<OneToOneCandidate, 'inboundOnly'>): boolean =>
  earlier.enabled &&
  later.enabled &&
  earlier.interface === later.interface &&
  intersectRanges(toRange(earlier.internal), toRange(later.internal)) !== undefined &&
  (earlier.peers === 'anywhere') === (later.peers === 'anywhere') &&
  `${earlier.excluded.map(printPeer).join()}` === `${later.excluded.map(printPeer).join()}` &&
  (earlier.peers === 'anywhere' ||
    `${earlier.peers.map(printPeer).join()}` === `${(later.peers as typeof earlier.peers).map(printPeer).join()}`);

const printPeer = (peer: Prefix | string): string => (typeof peer === 'string' ? peer : printPrefix(peer));

/** Returns the candidate, or the reason why no intent can express the entry. */
function toCandidate(
  element: XmlElement,
  entry: ImportableEntry,
  context: PfsenseContext,
): Omit<OneToOneCandidate, 'inboundOnly'> | string {
  const owner = findOwner(element);
  if (owner !== undefined) return explainOwned(owner);
  const { box } = context;
  const on = getTruthyText(element, 'interface') || 'wan';
  if (!box.byKey.has(on)) return `the box has no enabled interface ${on}, so it does nothing`;
  if (isSet(element, 'nobinat'))
    return 'it excludes what the host sends; what comes in is translated all the same, but by entries of the very same source right behind it';
  const source = findChild(element, 'source');
  if (isSet(source, 'any'))
    return 'its inside is any: it takes the source of everything that leaves, the box’s own packets too';
  if (isSet(source, 'not'))
    return 'its inside is negated, of which the box takes no notice: it maps the very host that it seems to leave out';
  const sides = findSides(element, context);
  if (!sides)
    return 'its external address follows the interface’s own, or its inside is more than one address or subnet';
  if (getFamily(sides.external.first) === 'ip6') return 'it is for IPv6, and mappings of IPv6 are not served yet';
  try {
    const parsedPeers = parsePeers(findChild(element, 'destination'), context);
    if ('reason' in parsedPeers) return `its destination can not be said: ${parsedPeers.reason}`;
    const excluded = findExcluded(parsedPeers);
    return {
      entry,
      description: getText(element, 'descr').trim(),
      interface: on,
      ...sides,
      enabled: !isSet(element, 'disabled'),
      ...(excluded ? { peers: 'anywhere', excluded } : { peers: parsedPeers.peers, excluded: [] }),
      reflection: getReflection(element, on, context),
      ...(parsedPeers.set && !excluded ? { set: parsedPeers.set } : {}),
    };
  } catch (error) {
    if (error instanceof Unloadable) return `the box can not load it: ${error.reason}`;
    throw error;
  }
}

/** Returns both sides, with one length; undefined if they aren't literal. */
function findSides(
  element: XmlElement,
  { box }: PfsenseContext,
): { readonly external: Prefix; readonly internal: Prefix } | undefined {
  const source = findChild(element, 'source');
  const interfaceAddress = getAddress(box.byKey.get(getText(source, 'network')), 'ip');
  const internal = interfaceAddress
    ? getNetwork(interfaceAddress.address, interfaceAddress.length)
    : parsePrefixLiteral(getText(source, 'address'));
  const external = parseAddress(getText(element, 'external'));
  if (!internal || external === undefined || getFamily(internal.first) !== getFamily(external)) return undefined;
  return { internal, external: getNetwork(external, internal.length) };
}

function getReflection(element: XmlElement, on: string, { box }: PfsenseContext): ImportableMapping['reflection'] {
  const from = isReflected(element, box.root)
    ? listReflectionNames(box, box.byKey.get(on)).filter((name) => box.byKey.get(name)?.virtual === false)
    : [];
  return from.length > 0 ? { mode: 'pure-nat', from } : { mode: 'disabled' };
}
