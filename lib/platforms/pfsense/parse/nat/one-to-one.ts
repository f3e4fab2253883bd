// Lowers pfSense's 1:1 NAT entries to rules of the pf model: the mapping (binat), and the rules that reflect it.

import { Address, FAMILY_RANGE, Family, getFamily, parseAddress, toRange } from '../../../../net/address';
import { Range, toSingleRange, subtractRanges } from '../../../../net/range';
import { PfBinat, PfNat, PfRedirect } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import {
  PfsenseContext,
  resolveAddresses,
  listAllOwnAddresses,
  countNetworks,
  findPrimaryAddress,
} from '../packets/resolve-addresses';
import { getDuplicateKey } from './duplicate-key';
import { findChild, isEmpty, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { createLine } from '../elements/entry-line';
import { matchCriteria } from '../../../../parse/pf/match-packets';
import { parsePrefixLiteral } from '../elements/parse-literals';
import {
  ANY_ADDRESS,
  RangeBounds,
  narrowToFamily,
  negateBounds,
  findSingleAddress,
  createUncertain,
  createMergedCertain,
} from '../../../../parse/pf/range-bounds';
import { HelperRoutes, createHelperNat } from './reflection-source-nat';
import { PfsenseBox, findInterfaceNames, getInterfaceNetwork } from '../box/box';
import { canContainLease } from '../box/leases';
import { listHelpedNames, listReflectionNames } from './reflection-interfaces';
import { Unloadable } from '../elements/unloadable';

/** The rules of a 1:1 entry: its mapping, and the rules that reflect it, at the end of all translation. */
export interface OneToOneRules {
  readonly binat: readonly PfBinat[];
  readonly nat: readonly PfNat[];
  readonly reflected: readonly PfRedirect[];
  /** Redirects of packets to which the mapping may apply: its external address, or one that it may be, isn't known. */
  readonly doubts: readonly PfRedirect[];
  readonly helper: readonly PfNat[];
}

export const NO_ONE_TO_ONE: OneToOneRules = { binat: [], nat: [], reflected: [], doubts: [], helper: [] };

/** Returns the rules of every 1:1 entry, in order. */
export const lowerOneToOnes = (context: PfsenseContext, routes: HelperRoutes): readonly OneToOneRules[] =>
  listChildren(findChild(context.box.root, 'nat'), 'onetoone').map((element, at) =>
    isSet(element, 'disabled') || isEmpty(element) ? NO_ONE_TO_ONE : lowerOneToOne(element, at + 1, context, routes),
  );

function lowerOneToOne(
  element: XmlElement,
  position: number,
  context: PfsenseContext,
  routes: HelperRoutes,
): OneToOneRules {
  const { box } = context;
  const external = getText(element, 'external');
  const key = getTruthyText(element, 'interface') || 'wan';
  const names = findInterfaceNames(box, key);
  const literal = parseAddress(external);
  const family: Family = getText(element, 'ipprotocol') === 'inet6' || external.includes(':') ? 'ip6' : 'ip';
  const primary = literal ?? findPrimaryAddress(box, external, family);
  if (primary === undefined || !names) return NO_ONE_TO_ONE;
  const inside = parseInternal(element, family, context);
  // A subnet gets the whole network of the leased address.
  const isNetworkUnknown =
    isStandIn(primary, box) && inside !== undefined && !inside.any && inside.range.first !== inside.range.last;
  const outside = isNetworkUnknown ? 'unknown' : primary;
  const peers = inside && parsePeers(findChild(element, 'destination'), family, context);
  if (!inside || !peers) return NO_ONE_TO_ONE;
  const isExcluded = isSet(element, 'nobinat');
  const line = createLine(element, `1:1 entry ${position}${isExcluded ? ' (excluded)' : ''}`);
  const on = { is: names };
  const peer = getPeersKey(element, peers);
  const common = {
    line,
    on,
    pass: false,
    matchKey: [isExcluded ? 'no' : '', key, `${inside.range.first}-${inside.range.last}`, peer].join('|'),
  };
  const boxInterface = box.byKey.get(key);
  const helper = (reflected: boolean): readonly PfNat[] => {
    const helped = {
      line,
      names: listHelpedNames(box, boxInterface, reflected),
      family,
      target: inside.range,
      service: {},
    };
    return inside.any ? [] : createHelperNat(helped, context, routes);
  };
  const mapping = {
    ...common,
    internal: inside.range,
    peers: narrowToFamily(peers, family),
    protocols: 'any',
    to: peer,
  } as const;
  if (isExcluded) return { ...NO_ONE_TO_ONE, binat: [{ ...mapping, no: true }], helper: helper(false) };
  if (outside !== 'unknown' && getFamily(outside) !== family)
    throw new Unloadable(element, `${external} is of the other family than its 1:1 entry`);
  const reflectionInterfaces = isReflected(element, box.root) ? listReflectionNames(box, boxInterface) : [];
  if (reflectionInterfaces.length > 0 && inside.any)
    throw new Unloadable(element, 'reflection of a mapping of any is a line that pfctl refuses');
  const createRedirect = (interfaceNames: readonly string[], destination: RangeBounds): PfRedirect => ({
    ...matchCriteria({ line, on: { is: interfaceNames }, family, source: peers, destination }),
    matchKey: getDuplicateKey(element, interfaceNames.join(' '), family, external),
    no: false,
    pass: false,
    to: { is: 'bitmask', network: inside.range },
  });
  if (outside === 'unknown') {
    const reason = `the address of ${external} is leased and not known`;
    const match = matchCriteria({
      line,
      on,
      family,
      source: inside.any ? ANY_ADDRESS : createMergedCertain([inside.range]),
      destination: peers,
    });
    // The box has this address in addition to its other ones.
    const otherAddresses = createUncertain(
      subtractRanges([FAMILY_RANGE[family]], [...listAllOwnAddresses(family, context).must, inside.range]),
      reason,
    );
    return {
      ...NO_ONE_TO_ONE,
      nat: [{ ...common, ...match, no: false, to: { is: 'unclear', reason } }],
      doubts: inside.any ? [] : [createRedirect([...names, ...reflectionInterfaces], otherAddresses)],
    };
  }
  const to = inside.any ? toSingleRange(outside) : getExternalNetwork(outside, inside.range);
  const leases = box.leases[family];
  const leased =
    literal !== undefined && !inside.any && canContainLease([to], leases)
      ? createUncertain(leases.standIns, leases.reason)
      : undefined;
  return {
    binat: [{ ...mapping, no: false, external: to }],
    nat: [],
    reflected: reflectionInterfaces.length > 0 ? [createRedirect(reflectionInterfaces, createMergedCertain([to]))] : [],
    doubts: leased ? [createRedirect([...names, ...reflectionInterfaces], leased)] : [],
    helper: helper(reflectionInterfaces.length > 0),
  };
}

const isStandIn = (address: Address | 'unknown', { leases }: PfsenseBox): boolean =>
  address !== 'unknown' && leases[getFamily(address)].standIns.some(({ first }) => first === address);

/**
 * Returns the one address or subnet inside.
 *
 * @throws Unloadable for an inside that pfctl refuses.
 */
function parseInternal(
  element: XmlElement,
  family: Family,
  context: PfsenseContext,
): { readonly range: Range; readonly any: boolean } | undefined {
  const source = findChild(element, 'source');
  if (!source) return undefined;
  const written = getTruthyText(source, 'address');
  if (isSet(source, 'any')) return { range: FAMILY_RANGE[family], any: true };
  const named = getTruthyText(source, 'network');
  if (isSet(source, 'not') && !context.release.losesNegatedSource) {
    throw new Unloadable(
      source,
      'the inside address is negated, and whether pfctl refuses that or takes no notice of it is not known',
    );
  }
  const network = named === '' ? undefined : getInterfaceNetwork(context.box.byKey.get(named), family);
  if (network) return { range: network, any: false };
  const literal = named === '' ? parsePrefixLiteral(written) : undefined;
  if (literal && getFamily(literal.first) === family) return { range: toRange(literal), any: false };
  const addresses = resolveAddresses(source, family, context);
  if (!addresses) return undefined;
  const address = named === '' ? undefined : findSingleAddress(addresses);
  if (address !== undefined) return { range: toSingleRange(address), any: false };
  throw new Unloadable(
    source,
    'the inside of a 1:1 entry is one address or one subnet, and pfctl refuses anything else',
  );
}

/** Returns the peers of the entry. Source: filter_generate_address, where a rule has `external`. */
function parsePeers(element: XmlElement | undefined, family: Family, context: PfsenseContext): RangeBounds | undefined {
  const { box, release } = context;
  const named = element && !isSet(element, 'any') ? getTruthyText(element, 'network') : '';
  const boxInterface = box.byKey.get(named);
  if (!element || named === '' || boxInterface?.virtual) return resolveAddresses(element, family, context);
  if (box.groups.has(named) && release.peersOwnSubnet) return undefined;
  // The box writes the networks of WAN and LAN over IPv6 like in any rule.
  if (boxInterface && release.peersOwnSubnet && (family === 'ip' || /^opt\d+$/.test(named))) {
    const network = getInterfaceNetwork(boxInterface, family);
    if (!network) return resolveAddresses(element, family, context);
    return isSet(element, 'not')
      ? narrowToFamily(negateBounds(createMergedCertain([network])), family)
      : createMergedCertain([network]);
  }
  if (boxInterface && countNetworks(boxInterface, family, context) > 1)
    throw new Unloadable(element, `${named} has several networks, and pfctl takes one in a 1:1 entry`);
  return resolveAddresses(element, family, context);
}

/** Returns the network of `outside` with the size of `inside`: pf masks the host bits away. */
function getExternalNetwork(outside: Address, inside: Range): Range {
  const size = inside.last - inside.first + 1n;
  const first = outside - ((outside - FAMILY_RANGE[getFamily(outside)].first) % size);
  return { first, last: first + size - 1n };
}

/**
 * Returns the key of the peers. Two entries with equal keys and the same inside differ in their outside alone; the
 * kernel compares an alias by its name.
 */
function getPeersKey(element: XmlElement, peers: RangeBounds): string {
  const destination = findChild(element, 'destination');
  const alias = parsePrefixLiteral(getText(destination, 'address')) ? '' : getText(destination, 'address');
  const ranges = peers.must.map(({ first, last }) => `${first}-${last}`).join(' ');
  return peers === ANY_ADDRESS ? 'any' : alias === '' ? ranges : `${isSet(destination, 'not') ? '!' : ''}<${alias}>`;
}

export const isReflected = (element: XmlElement, root: XmlElement): boolean => {
  const mode = getText(element, 'natreflection');
  return mode !== 'disable' && (mode === 'enable' || isSet(root, 'system', 'enablebinatreflection'));
};
