// Lowers pfSense's port forwards to rules of the pf model: the redirect, the reflection on other interfaces (NAT or
// proxy), and the source translations for clients in the server's network.

import { FAMILY_RANGE, Family, getFamily, parseAddress } from '../../../../net/address';
import { toSingleRange } from '../../../../net/range';
import { PfNat, PfRedirect, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext, resolveAddresses, resolveDestination, findPrimaryAddress } from '../packets/resolve-addresses';
import { getDuplicateKey } from './duplicate-key';
import { createHairpinNat } from './hairpin-nat';
import { findInterfaceNames, getInterfaceNetwork } from '../box/box';
import { findChild, isEmpty, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { ParsedForward } from './parsed-forward';
import { isTranslatedPerPort, findLocalPort } from './local-port';
import { createLine } from '../elements/entry-line';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import {
  ANY_ADDRESS,
  RangeBounds,
  PortBounds,
  listRanges,
  createCertain,
  findSingleAddress,
  createMergedCertain,
} from '../../../../parse/pf/range-bounds';
import { ReflectionProxy } from './reflection-proxy';
import { listHelpedNames, listReflectionNames } from './reflection-interfaces';
import { HelperRoutes, createHelperNat } from './reflection-source-nat';
import { parsePorts, parseProtocols } from '../packets/protocols-and-ports';
import { Unloadable } from '../elements/unloadable';

/** The rules of a port forward: redirects in order, and source translations for some clients. */
interface PortForwardRules {
  readonly rdr: readonly PfRedirect[];
  readonly nat: readonly PfNat[];
}

const NO_PORT_FORWARD: PortForwardRules = { rdr: [], nat: [] };

/** Returns the rules of every port forward, in order; `proxy` assigns the ports of relays. */
export const lowerPortForwards = (
  context: PfsenseContext,
  routes: HelperRoutes,
  proxy: ReflectionProxy,
): readonly PortForwardRules[] =>
  listChildren(findChild(context.box.root, 'nat'), 'rule').map((element, at) =>
    isSet(element, 'disabled') || isEmpty(element)
      ? NO_PORT_FORWARD
      : lowerPortForward(element, at + 1, context, routes, proxy),
  );

function lowerPortForward(
  element: XmlElement,
  position: number,
  context: PfsenseContext,
  routes: HelperRoutes,
  proxy: ReflectionProxy,
): PortForwardRules {
  const { box } = context;
  const family: Family = getText(element, 'ipprotocol') === 'inet6' ? 'ip6' : 'ip';
  const key = getTruthyText(element, 'interface') || 'wan';
  const isExcluded = isSet(element, 'nordr');
  const names = findInterfaceNames(box, key);
  const address = names && parseTarget(element, family, context);
  if (!names || (!address && !isExcluded)) return NO_PORT_FORWARD;
  const source = resolveAddresses(findChild(element, 'source'), family, context);
  const destination = resolveDestination(findChild(element, 'destination'), family, context);
  const boxInterface = box.byKey.get(key);
  // The box omits a forward of any destination if its interface has no address.
  if (!source || !destination || (destination === ANY_ADDRESS && boxInterface?.v4 === undefined))
    return NO_PORT_FORWARD;
  const protocol = getText(element, 'protocol').toLowerCase();
  const withPorts = ['tcp', 'udp', 'tcp/udp'].includes(protocol);
  // A missing port alias leaves the forward without its port.
  const named = (side: string): PortBounds | undefined => {
    const ports = withPorts ? parsePorts(findChild(element, side), context.aliases) : 'every';
    return ports === 'every' || ports === 'none' ? undefined : ports;
  };
  const [sourcePorts, ports] = [named('source'), named('destination')];
  const local = withPorts ? findLocalPort(element, context.aliases) : undefined;
  const forward: ParsedForward = {
    element,
    family,
    singleInterface: boxInterface,
    names,
    no: isExcluded,
    ports,
    local,
    line: createLine(element, `${isExcluded ? 'no ' : ''}port forward ${position} on ${key}`),
    pass: !isExcluded && getText(element, 'associated-rule-id') === 'pass',
    target: isExcluded || !address ? undefined : local ? { ...address, port: local } : address,
    criteria: {
      family,
      source,
      destination,
      protocols: parseProtocols(element, protocol),
      ...(sourcePorts ? { sourcePorts } : {}),
      ...(ports ? { ports } : {}),
      ...(withPorts && isTranslatedPerPort(element, context.aliases)
        ? { unknownReasons: ['which port it leads to is not told'] }
        : {}),
    },
  };
  const reflected = createReflection(forward, context, proxy);
  return {
    rdr: [createRedirect(forward, names, forward.criteria), ...reflected.rdr],
    nat: [...createHairpinNat(forward, context), ...createForwardHelperNat(forward, reflected.names, context, routes)],
  };
}

const createRedirect = (
  { line, element, family, no, pass, target }: ParsedForward,
  names: readonly string[],
  compared: ParsedForward['criteria'],
): PfRedirect => ({
  ...matchCriteria({ ...compared, line, on: { is: names } }),
  matchKey: getDuplicateKey(element, names.join(' '), family, pass ? 'pass' : ''),
  no,
  pass,
  ...(target ? { to: target } : {}),
});

/** Returns the target: an address, an alias of some, or the address of an interface. */
function parseTarget(element: XmlElement, family: Family, { box, aliases }: PfsenseContext): PfTarget | undefined {
  const written = getText(element, 'target');
  const address = parseAddress(written);
  if (address !== undefined) {
    if (getFamily(address) !== family)
      throw new Unloadable(element, `${written} is of the other family than its port forward`);
    return { is: 'address', address };
  }
  if (aliases.getKind(written) === 'addresses')
    return createPoolTarget(aliases.addresses(written, family), `alias ${written}`);
  const primary = findPrimaryAddress(box, written, family);
  if (primary === undefined) return undefined;
  if (primary !== 'unknown') return { is: 'address', address: primary };
  return { is: 'unclear', reason: `the address of ${written} is leased and not known`, pool: [FAMILY_RANGE[family]] };
}

function createPoolTarget(pool: RangeBounds, called: string): PfTarget {
  const onlyAddress = findSingleAddress(pool);
  if (onlyAddress !== undefined) return { is: 'address', address: onlyAddress };
  return {
    is: 'unclear',
    reason: pool.reason === '' ? `${called} has several addresses` : pool.reason,
    pool: listRanges(pool),
  };
}

type ReflectionMode = 'none' | 'proxy' | 'purenat';

function getReflectionMode(element: XmlElement, root: XmlElement): ReflectionMode {
  const setting = getText(element, 'natreflection');
  if (setting === 'disable') return 'none';
  if (setting === 'enable') return 'proxy';
  if (setting === 'purenat') return 'purenat';
  if (isSet(root, 'system', 'disablenatreflection')) return 'none';
  return isSet(root, 'system', 'enablenatreflectionpurenat') ? 'purenat' : 'proxy';
}

/**
 * Returns the redirects on other interfaces, to the same target or to a relay of the box, and the interfaces on which
 * the helper translates sources.
 */
function createReflection(
  forward: ParsedForward,
  { box }: PfsenseContext,
  proxy: ReflectionProxy,
): { readonly rdr: readonly PfRedirect[]; readonly names: readonly string[] } {
  const { element, no, criteria, singleInterface: boxInterface, family } = forward;
  const names = listHelpedNames(box, boxInterface, false);
  const mode = getReflectionMode(element, box.root);
  const reflectionInterfaces = mode === 'none' ? [] : listReflectionNames(box, boxInterface);
  if (reflectionInterfaces.length === 0) return { rdr: [], names };
  // A destination of any would match everything that clients send, so the box uses the interface's network.
  const network = criteria.destination === ANY_ADDRESS ? getInterfaceNetwork(boxInterface, 'ip') : undefined;
  const narrowed = network ? { ...criteria, destination: createMergedCertain([network]) } : criteria;
  if (mode === 'purenat' || no)
    return {
      rdr: [createRedirect(forward, reflectionInterfaces, narrowed)],
      names: listHelpedNames(box, boxInterface, true),
    };
  const { line, ports, local } = forward;
  if (!ports || family === 'ip6' || ports.uncertain.length > 0) return { rdr: [], names };
  const askedFor = getDuplicateKey(element, reflectionInterfaces.join(' '), family, 'relay');
  return {
    rdr: proxy.createRelays({
      line,
      names: reflectionInterfaces,
      criteria: narrowed,
      ports: ports.must,
      local,
      matchKey: askedFor,
    }),
    names,
  };
}

function createForwardHelperNat(
  { no, target, line, criteria, family, ports, local }: ParsedForward,
  names: readonly string[],
  context: PfsenseContext,
  routes: HelperRoutes,
): readonly PfNat[] {
  if (no || target?.is !== 'address') return [];
  const inner = !local ? ports : local.is === 'one' ? createPortBounds(local.port) : createCertain([local.to]);
  const service = {
    ...(criteria.protocols ? { protocols: criteria.protocols } : {}),
    ...(inner ? { ports: inner } : {}),
  };
  return createHelperNat({ line, names, family, target: toSingleRange(target.address), service }, context, routes);
}
