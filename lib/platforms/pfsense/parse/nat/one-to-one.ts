import { Address, FAMILY_RANGE, Family, familyOf, parseAddress, prefixRange } from '../../../../net/address';
import { Range, point, without } from '../../../../net/range';
import { PfBinat, PfNat, PfRedirect } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, addressesOf, everyOwn, networkCount, primaryAddress } from '../packets/addresses';
import { askedBy } from './asked-by';
import { childOf, isEmpty, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { lineOf } from '../elements/line-of';
import { matched } from '../../../../parse/pf/matched';
import { prefixAt } from '../elements/literals';
import { ANY, Known, inFamily, negated, onlyOne, possibly, surely } from '../../../../parse/pf/known';
import { HelperRoutes, helperNat } from './reflection-helper';
import { namesOf, networkOn } from '../box/box';
import { helpedNames, reflectionNames } from './reflection';
import { Unloadable } from '../elements/unloadable';

/** What a 1:1 entry becomes: its mapping, and at the end of all translation what reflects it. */
export interface OneToOne {
  readonly binat: readonly PfBinat[];
  readonly nat: readonly PfNat[];
  readonly reflected: readonly PfRedirect[];
  readonly helper: readonly PfNat[];
}

export const NOTHING: OneToOne = { binat: [], nat: [], reflected: [], helper: [] };

/** Every 1:1 entry, in order. */
export const oneToOnes = (given: Surroundings, routes: HelperRoutes): readonly OneToOne[] =>
  listOf(childOf(given.box.root, 'nat'), 'onetoone').map((element, at) =>
    isSet(element, 'disabled') || isEmpty(element) ? NOTHING : oneToOne(element, at + 1, given, routes),
  );

function oneToOne(element: XmlElement, position: number, given: Surroundings, routes: HelperRoutes): OneToOne {
  const { box } = given;
  const external = textAt(element, 'external');
  const key = truthyAt(element, 'interface') || 'wan';
  const names = namesOf(box, key);
  const literal = parseAddress(external);
  const family: Family = textAt(element, 'ipprotocol') === 'inet6' || external.includes(':') ? 'ip6' : 'ip';
  const outside = literal ?? primaryAddress(box, external, family);
  if (outside === undefined || !names) return NOTHING;
  const inside = insideOf(element, family, given);
  const peers = inside && peersOf(childOf(element, 'destination'), family, given);
  if (!inside || !peers) return NOTHING;
  const no = isSet(element, 'nobinat');
  const line = lineOf(element, `1:1 entry ${position}${no ? ' (excluded)' : ''}`);
  const on = { is: names };
  const peer = toOf(element, peers);
  const common = {
    line,
    on,
    pass: false,
    asks: [no ? 'no' : '', key, `${inside.range.first}-${inside.range.last}`, peer].join('|'),
  };
  const each = box.byKey.get(key);
  const helper = (reflected: boolean): readonly PfNat[] => {
    const helped = { line, names: helpedNames(box, each, reflected), family, target: inside.range, service: {} };
    return inside.any ? [] : helperNat(helped, given, routes);
  };
  const mapping = {
    ...common,
    inside: inside.range,
    peers: inFamily(peers, family),
    protocols: 'any',
    to: peer,
  } as const;
  if (no) return { ...NOTHING, binat: [{ ...mapping, no: true }], helper: helper(false) };
  if (outside !== 'unknown' && familyOf(outside) !== family)
    throw new Unloadable(element, `${external} is of the other family than its 1:1 entry`);
  const also = reflects(element, box.root) ? reflectionNames(box, each) : [];
  if (also.length > 0 && inside.any)
    throw new Unloadable(element, 'reflection of a mapping of any is a line that pfctl refuses');
  const led = (by: readonly string[], destination: Known): PfRedirect => ({
    ...matched({ line, on: { is: by }, family, source: peers, destination }),
    asks: askedBy(element, by.join(' '), family, external),
    no: false,
    pass: false,
    to: { is: 'bitmask', network: inside.range },
  });
  if (outside === 'unknown') {
    const because = `the address of ${external} is leased and not known`;
    const match = matched({ line, on, family, source: inside.any ? ANY : surely([inside.range]), destination: peers });
    // The box has it beside what it has otherwise.
    const any = possibly(without([FAMILY_RANGE[family]], [...everyOwn(family, given).sure, inside.range]), because);
    return {
      ...NOTHING,
      nat: [{ ...common, ...match, no: false, to: { is: 'unclear', because } }],
      reflected: inside.any ? [] : [led([...names, ...also], any)],
    };
  }
  const to = inside.any ? point(outside) : sameSize(outside, inside.range);
  return {
    binat: [{ ...mapping, no: false, outside: to }],
    nat: [],
    reflected: also.length > 0 ? [led(also, surely([to]))] : [],
    helper: helper(also.length > 0),
  };
}

/** The one address or subnet inside. Throws for what pfctl takes none of. */
function insideOf(
  element: XmlElement,
  family: Family,
  given: Surroundings,
): { readonly range: Range; readonly any: boolean } | undefined {
  const source = childOf(element, 'source');
  if (!source) return undefined;
  const written = truthyAt(source, 'address');
  if (isSet(source, 'any')) return { range: FAMILY_RANGE[family], any: true };
  const named = truthyAt(source, 'network');
  if (isSet(source, 'not') && !given.release.losesNegatedSource) {
    throw new Unloadable(
      source,
      'the inside address is negated, and whether pfctl refuses that or takes no notice of it is not known',
    );
  }
  const network = named === '' ? undefined : networkOn(given.box.byKey.get(named), family);
  if (network) return { range: network, any: false };
  const literal = named === '' ? prefixAt(written) : undefined;
  if (literal && familyOf(literal.first) === family) return { range: prefixRange(literal), any: false };
  const found = addressesOf(source, family, given);
  if (!found) return undefined;
  const one = named === '' ? undefined : onlyOne(found);
  if (one !== undefined) return { range: point(one), any: false };
  throw new Unloadable(
    source,
    'the inside of a 1:1 entry is one address or one subnet, and pfctl refuses anything else',
  );
}

/** Whom it is for. Source: filter_generate_address, where a rule has `external`. */
function peersOf(element: XmlElement | undefined, family: Family, given: Surroundings): Known | undefined {
  const { box, release } = given;
  const named = element && !isSet(element, 'any') ? truthyAt(element, 'network') : '';
  const each = box.byKey.get(named);
  if (!element || named === '' || each?.virtual) return addressesOf(element, family, given);
  if (box.groups.has(named) && release.peersOwnSubnet) return undefined;
  // Networks of WAN and LAN over IPv6 are written as in any rule.
  if (each && release.peersOwnSubnet && (family === 'ip' || /^opt\d+$/.test(named))) {
    const network = networkOn(each, family);
    if (!network) return addressesOf(element, family, given);
    return isSet(element, 'not') ? inFamily(negated(surely([network])), family) : surely([network]);
  }
  if (each && networkCount(each, family, given) > 1)
    throw new Unloadable(element, `${named} has several networks, and pfctl takes one in a 1:1 entry`);
  return addressesOf(element, family, given);
}

/** The network of `outside` that is as large as `inside`: pf masks the host's bits away. */
function sameSize(outside: Address, inside: Range): Range {
  const size = inside.last - inside.first + 1n;
  const first = outside - ((outside - FAMILY_RANGE[familyOf(outside)].first) % size);
  return { first, last: first + size - 1n };
}

/** Two entries with the same, and the same inside, differ in their outside alone; an alias is asked for by its name. */
function toOf(element: XmlElement, peers: Known): string {
  const destination = childOf(element, 'destination');
  const alias = prefixAt(textAt(destination, 'address')) ? '' : textAt(destination, 'address');
  const ranges = peers.sure.map(({ first, last }) => `${first}-${last}`).join(' ');
  return peers === ANY ? 'any' : alias === '' ? ranges : `${isSet(destination, 'not') ? '!' : ''}<${alias}>`;
}

export const reflects = (element: XmlElement, root: XmlElement): boolean => {
  const own = textAt(element, 'natreflection');
  return own !== 'disable' && (own === 'enable' || isSet(root, 'system', 'enablebinatreflection'));
};
