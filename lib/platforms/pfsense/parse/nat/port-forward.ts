import { FAMILY_RANGE, Family, familyOf, parseAddress } from '../../../../net/address';
import { point } from '../../../../net/range';
import { PfNat, PfRedirect, PfTarget } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, addressesOf, primaryAddress } from '../packets/addresses';
import { askedBy } from './asked-by';
import { backToOwnNetwork } from './back-to-own-network';
import { namesOf, networkOn } from '../box/box';
import { childOf, isEmpty, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { Forward } from './forward';
import { isLedApart, localPort } from './local-port';
import { lineOf } from '../elements/line-of';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { ANY, Known, KnownPorts, allOf, certain, onlyOne, surely } from '../../../../parse/pf/known';
import { Proxy } from './proxied';
import { helpedNames, reflectionNames } from './reflection';
import { HelperRoutes, helperNat } from './reflection-helper';
import { portsNamed, protocolsNamed } from '../packets/services';
import { Unloadable } from '../elements/unloadable';

/** What a port forward becomes: redirects in order, and for some clients a changed source. */
interface PortForward {
  readonly rdr: readonly PfRedirect[];
  readonly nat: readonly PfNat[];
}

const NOTHING: PortForward = { rdr: [], nat: [] };

/** Every port forward, in order; `proxy` hands out the ports of relays. */
export const portForwards = (given: Surroundings, routes: HelperRoutes, proxy: Proxy): readonly PortForward[] =>
  listOf(childOf(given.box.root, 'nat'), 'rule').map((element, at) =>
    isSet(element, 'disabled') || isEmpty(element) ? NOTHING : portForward(element, at + 1, given, routes, proxy),
  );

function portForward(
  element: XmlElement,
  position: number,
  given: Surroundings,
  routes: HelperRoutes,
  proxy: Proxy,
): PortForward {
  const { box } = given;
  const family: Family = textAt(element, 'ipprotocol') === 'inet6' ? 'ip6' : 'ip';
  const key = truthyAt(element, 'interface') || 'wan';
  const no = isSet(element, 'nordr');
  const names = namesOf(box, key);
  const address = names && targetOf(element, family, given);
  if (!names || (!address && !no)) return NOTHING;
  const source = addressesOf(childOf(element, 'source'), family, given);
  const destination = addressesOf(childOf(element, 'destination'), family, given);
  const each = box.byKey.get(key);
  // To any destination it is left out where its interface has no address.
  if (!source || !destination || (destination === ANY && each?.v4 === undefined)) return NOTHING;
  const protocol = textAt(element, 'protocol').toLowerCase();
  const withPorts = ['tcp', 'udp', 'tcp/udp'].includes(protocol);
  // A port alias that isn't there leaves the forward without its port.
  const named = (side: string): KnownPorts | undefined => {
    const ports = withPorts ? portsNamed(childOf(element, side), given.aliases) : 'every';
    return ports === 'every' || ports === 'none' ? undefined : ports;
  };
  const [sourcePorts, ports] = [named('source'), named('destination')];
  const local = withPorts ? localPort(element, given.aliases) : undefined;
  const forward: Forward = {
    element,
    family,
    each,
    names,
    no,
    ports,
    local,
    line: lineOf(element, `${no ? 'no ' : ''}port forward ${position} on ${key}`),
    pass: !no && textAt(element, 'associated-rule-id') === 'pass',
    target: no || !address ? undefined : local ? { ...address, port: local } : address,
    compared: {
      family,
      source,
      destination,
      protocols: protocolsNamed(element, protocol),
      ...(sourcePorts ? { sourcePorts } : {}),
      ...(ports ? { ports } : {}),
      ...(withPorts && isLedApart(element, given.aliases) ? { doubts: ['which port it leads to is not told'] } : {}),
    },
  };
  const reflected = reflection(forward, given, proxy);
  return {
    rdr: [redirect(forward, names, forward.compared), ...reflected.rdr],
    nat: [...backToOwnNetwork(forward, given), ...helped(forward, reflected.names, given, routes)],
  };
}

const redirect = (
  { line, element, family, no, pass, target }: Forward,
  names: readonly string[],
  compared: Forward['compared'],
): PfRedirect => ({
  ...matched({ ...compared, line, on: { is: names } }),
  asks: askedBy(element, names.join(' '), family, pass ? 'pass' : ''),
  no,
  pass,
  ...(target ? { to: target } : {}),
});

/** Where it leads: an address, an alias of some, or the address of an interface. */
function targetOf(element: XmlElement, family: Family, { box, aliases }: Surroundings): PfTarget | undefined {
  const written = textAt(element, 'target');
  const address = parseAddress(written);
  if (address !== undefined) {
    if (familyOf(address) !== family)
      throw new Unloadable(element, `${written} is of the other family than its port forward`);
    return { is: 'address', address };
  }
  if (aliases.kindOf(written) === 'addresses') return pooled(aliases.addresses(written, family), `alias ${written}`);
  const own = primaryAddress(box, written, family);
  if (own === undefined) return undefined;
  if (own !== 'unknown') return { is: 'address', address: own };
  return { is: 'unclear', because: `the address of ${written} is leased and not known`, among: [FAMILY_RANGE[family]] };
}

function pooled(known: Known, called: string): PfTarget {
  const one = onlyOne(known);
  if (one !== undefined) return { is: 'address', address: one };
  return {
    is: 'unclear',
    because: known.because === '' ? `${called} has several addresses` : known.because,
    among: allOf(known),
  };
}

type Mode = 'none' | 'proxy' | 'purenat';

function modeOf(element: XmlElement, root: XmlElement): Mode {
  const own = textAt(element, 'natreflection');
  if (own === 'disable') return 'none';
  if (own === 'enable') return 'proxy';
  if (own === 'purenat') return 'purenat';
  if (isSet(root, 'system', 'disablenatreflection')) return 'none';
  return isSet(root, 'system', 'enablenatreflectionpurenat') ? 'purenat' : 'proxy';
}

/** On other interfaces the same redirect, or one to a relay of the box's own; and where the helper then changes sources. */
function reflection(
  forward: Forward,
  { box }: Surroundings,
  proxy: Proxy,
): { readonly rdr: readonly PfRedirect[]; readonly names: readonly string[] } {
  const { element, no, compared, each, family } = forward;
  const names = helpedNames(box, each, false);
  const mode = modeOf(element, box.root);
  const also = mode === 'none' ? [] : reflectionNames(box, each);
  if (also.length === 0) return { rdr: [], names };
  // A destination of any would take everything that clients send: it is the interface's network instead.
  const network = compared.destination === ANY ? networkOn(each, 'ip') : undefined;
  const narrowed = network ? { ...compared, destination: surely([network]) } : compared;
  if (mode === 'purenat' || no)
    return { rdr: [redirect(forward, also, narrowed)], names: helpedNames(box, each, true) };
  const { line, ports, local } = forward;
  if (!ports || family === 'ip6' || ports.perhaps.length > 0) return { rdr: [], names };
  const askedFor = askedBy(element, also.join(' '), family, 'relay');
  return {
    rdr: proxy.relay({ line, names: also, compared: narrowed, ports: ports.sure, local, asks: askedFor }),
    names,
  };
}

function helped(
  { no, target, line, compared, family, ports, local }: Forward,
  names: readonly string[],
  given: Surroundings,
  routes: HelperRoutes,
): readonly PfNat[] {
  if (no || target?.is !== 'address') return [];
  const inner = !local ? ports : local.is === 'one' ? portsOf(local.port) : certain([local.to]);
  const service = {
    ...(compared.protocols ? { protocols: compared.protocols } : {}),
    ...(inner ? { ports: inner } : {}),
  };
  return helperNat({ line, names, family, target: point(target.address), service }, given, routes);
}
