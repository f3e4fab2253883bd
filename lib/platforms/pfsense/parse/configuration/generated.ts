import { familyOf, parseAddress } from '../../../../net/address';
import { Device, points } from '../../../../net/device';
import { point } from '../../../../net/range';
import { certain, surely } from '../../../../parse/pf/known';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { PfFilterRule, PfRedirect, PfRules } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings } from '../packets/addresses';
import { aliasesOf } from '../packets/aliases';
import { ipsecTunnelRules } from '../own-rules/assigned-tunnels';
import { automaticOutbound } from '../nat/automatic-outbound';
import { Box, boxOf, networksOn } from '../box/box';
import { bridgeRules } from '../own-rules/bridges';
import { childOf, isEmpty, isSet, listOf, textAt } from '../elements/element';
import { filterRules, ruleSurroundings } from '../rules/filter-rule';
import { Gateways, gatewaysOf } from '../box/gateways';
import { interfaceRules } from '../own-rules/interfaces';
import { oneToOnes } from '../nat/one-to-one';
import { bypassRules, openedElsewhere } from '../own-rules/opened-elsewhere';
import { manualOutbound } from '../nat/outbound';
import { antiLockout, outgoingRules } from '../own-rules/outgoing';
import { portForwards } from '../nat/port-forward';
import { prefixTranslations } from '../nat/prefix-translation';
import { Proxy } from '../nat/proxied';
import { helperRoutes } from '../nat/reflection-helper';
import { Release } from '../box/release';
import { orderedRules } from '../rules/order';
import { firstRules, lineAt, own } from '../own-rules/system';
import { Unloadable } from '../elements/unloadable';
import { ipsecNat, ipsecRules, vpnNetworks } from '../own-rules/vpns';

/** What one release makes of a configuration, in pf's order. Throws Unloadable where it could not generate or load it. */
export function generated(root: XmlElement, device: Device, release: Release): PfRules {
  const box = boxOf(root, device);
  checkMacros(box);
  const given: Surroundings = { box, aliases: aliasesOf(root), release };
  const gateways = gatewaysOf(box);
  const routes = helperRoutes(box, gateways);
  const proxy = new Proxy();
  const mappings = [...oneToOnes(given, routes), ...prefixTranslations(given)];
  const ipsec = ipsecNat(given);
  const forwards = portForwards(given, routes, proxy);
  const elsewhere = openedElsewhere(given);
  const reflected = mappings.flatMap((mapping) => mapping.reflected);
  return {
    skipped: [],
    rdr: [
      ...systemRedirects(box),
      ...elsewhere.firstRdr,
      ...forwards.flatMap(({ rdr }) => rdr),
      ...elsewhere.rdr,
      ...reflected,
    ],
    binat: [...mappings.flatMap(({ binat }) => binat), ...ipsec.binat],
    nat: [
      ...mappings.flatMap(({ nat }) => nat),
      ...ipsec.nat,
      ...manualOutbound(given),
      ...automaticOutbound(given, gateways),
      ...forwards.flatMap(({ nat }) => nat),
      ...mappings.flatMap(({ helper }) => helper),
    ],
    filter: [
      ...differingInterfaces(device, given),
      ...bridgeRules(given),
      ...ipsecTunnelRules(given),
      ...firstRules(given),
      ...elsewhere.early,
      ...interfaceRules(given),
      ...outgoingRules(given),
      ...antiLockout(given),
      ...relayed(root, proxy),
      ...peoplesRules(given, gateways),
      ...bypassRules(given, gateways),
      ...ipsecRules(given, gateways),
      ...elsewhere.late,
    ],
  };
}

/** What a relay of the box gets is let in to it, if no rule of a person says otherwise. */
function relayed(root: XmlElement, proxy: Proxy): readonly PfFilterRule[] {
  if (!proxy.any) return [];
  const destination = surely([point(parseAddress('127.0.0.1')!)]);
  const ports = certain([Proxy.PORTS]);
  return [
    own(lineAt(childOf(root, 'nat') ?? root, 'reflected to a relay'), {
      family: 'ip',
      protocols: points(6, 17),
      destination,
      ports,
    }),
  ];
}

function peoplesRules(given: Surroundings, gateways: Gateways): readonly PfFilterRule[] {
  const { box, release } = given;
  const entries = listOf(childOf(box.root, 'filter'), 'rule');
  const empty = entries.find((entry) => isEmpty(entry));
  if (empty && release.stopsAtEmptyAddress)
    throw new Unloadable(empty, `the generator of ${release.name} stops at a rule without anything`);
  const all = ruleSurroundings(given, gateways, vpnNetworks(box));
  return orderedRules(box, release).flatMap((entry) => filterRules(entry, all));
}

/**
 * Interfaces are macros by their descriptions, and so are aliases by their names: a second one of a name takes the place of the first, and
 * rules of one interface are another's. The box's own pages let nobody do this. Throws Unloadable.
 */
function checkMacros({ root, interfaces }: Box): void {
  const known = new Set<string>();
  for (const { virtual, element, description } of interfaces) {
    if (virtual) continue;
    if (known.has(description)) throw new Unloadable(element, `two interfaces are called ${description.slice(0, 80)}`);
    known.add(description);
  }
  for (const alias of listOf(childOf(root, 'aliases'), 'alias')) {
    const name = textAt(alias, 'name');
    if (known.has(name)) throw new Unloadable(alias, `an interface and an alias are called ${name.slice(0, 80)}`);
  }
}

/** Redirects that a switch of the system makes, before all port forwards. */
const systemRedirects = (box: Box): readonly PfRedirect[] => [...tftp(box), ...tunnelled(box)];

/** Interfaces whose TFTP goes to the box's own proxy, past the filter. */
function tftp({ root, byKey }: Box): readonly PfRedirect[] {
  const element = childOf(root, 'system', 'tftpinterface');
  if (!element) return [];
  return textAt(element)
    .split(',')
    .flatMap((key): PfRedirect[] => {
      const each = byKey.get(key);
      if (!each) return [];
      const line = lineAt(element, `TFTP proxy on ${key}`);
      const match = matched({ line, on: { is: each.covers }, family: 'ip', protocols: points(17), ports: portsOf(69) });
      const to = { is: 'address', address: parseAddress('127.0.0.1')!, port: { is: 'one', port: 6969 } } as const;
      return [{ ...match, asks: `tftp|${key}`, no: false, pass: true, to }];
    });
}

/** IPv6 in IPv4 that comes by the uplink, to one host inside. */
function tunnelled({ root, byKey }: Box): readonly PfRedirect[] {
  const element = childOf(root, 'diag', 'ipv6nat');
  const address = parseAddress(textAt(element, 'ipaddr'));
  const each = byKey.get('wan');
  if (!element || !each || !isSet(element, 'enable') || address === undefined || familyOf(address) !== 'ip') return [];
  const match = matched({
    line: lineAt(element, 'IPv6 in IPv4 on wan'),
    on: { is: each.covers },
    family: 'ip',
    protocols: points(41),
  });
  return [{ ...match, asks: 'ipv6nat', no: false, pass: false, to: { is: 'address', address } }];
}

/**
 * Where Device and configuration don't have the same interfaces nothing certain can be said: of what comes by one that the configuration
 * lacks, and of what goes to the network of one that the Device lacks.
 */
function differingInterfaces(device: Device, { box }: Surroundings): readonly PfFilterRule[] {
  const assigned = childOf(box.root, 'interfaces')?.children ?? [];
  const known = new Set([
    ...box.interfaces.map(({ name }) => name),
    ...assigned.flatMap((element) => [
      element.name.toLowerCase(),
      ...element.children.filter(({ name }) => name === 'if').map(({ text }) => text.trim()),
    ]),
  ]);
  const unassigned = device.interfaces.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const there = new Set(device.interfaces.map(({ name }) => name));
  const rules: PfFilterRule[] = [];
  if (unassigned.length > 0) {
    const line = lineAt(childOf(box.root, 'interfaces') ?? box.root, `interfaces without ${unassigned.join(', ')}`);
    const doubts = [`the configuration has no interface ${unassigned.join(', ')}`];
    rules.push(own(line, { on: { is: unassigned }, doubts }, { quick: true }));
  }
  for (const each of box.interfaces) {
    const { name, key, element } = each;
    const networks = networksOn(each);
    if (there.has(name) || networks.length === 0) continue;
    const doubts = [`the device that was described has no interface ${key}`];
    rules.push(
      own(
        lineAt(element, `interface ${key}`),
        { destination: surely(networks), doubts },
        { action: 'block', quick: true },
      ),
    );
  }
  return rules;
}
