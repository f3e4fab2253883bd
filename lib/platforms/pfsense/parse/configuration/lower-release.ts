// Lowers pfSense's config.xml to pf's rules as one release of pfSense makes them, in pf's order.

import { getFamily, parseAddress } from '../../../../net/address';
import { Device, toNumberRanges } from '../../../../net/device';
import { toSingleRange } from '../../../../net/range';
import { createCertain, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import { PfFilterRule, PfRedirect, PfRules } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext } from '../packets/resolve-addresses';
import { createAliasTable } from '../packets/alias-table';
import { createIpsecTunnelRules } from '../own-rules/assigned-tunnels';
import { createAutomaticOutbound } from '../nat/automatic-outbound';
import { PfsenseBox, parseBox, listNetworks } from '../box/box';
import { createBridgeRules } from '../own-rules/bridges';
import { findChild, isEmpty, isSet, listChildren, getText } from '../elements/element';
import { lowerFilterRule, createRuleContext } from '../rules/lower-filter-rule';
import { GatewayLookup, createGatewayLookup } from '../box/gateways';
import { createInterfaceRules } from '../own-rules/interface-rules';
import { lowerOneToOnes } from '../nat/one-to-one';
import { createBypassRules, createImplicitRules } from '../own-rules/implicit-rules';
import { lowerManualOutbound } from '../nat/manual-outbound';
import { createAntiLockoutRules, createOutgoingRules } from '../own-rules/outgoing-rules';
import { lowerPortForwards } from '../nat/port-forward';
import { lowerPrefixTranslations } from '../nat/prefix-translation';
import { ReflectionProxy } from '../nat/reflection-proxy';
import { listHelperRoutes } from '../nat/reflection-source-nat';
import { ReleaseBehavior } from '../box/release-behavior';
import { orderRules } from '../rules/rule-order';
import { createFirstRules, createNamedLine, createBoxRule } from '../own-rules/system-rules';
import { Unloadable } from '../elements/unloadable';
import { createIpsecNat, createIpsecRules, findVpnNetworks } from '../own-rules/vpn-rules';

/**
 * Returns the rules that one release makes of a configuration, in pf's order.
 *
 * @throws Unloadable if the release can't generate or load them.
 */
export function lowerRelease(root: XmlElement, device: Device, release: ReleaseBehavior): PfRules {
  const box = parseBox(root, device);
  checkMacros(box);
  const context: PfsenseContext = { box, aliases: createAliasTable(root), release };
  const gateways = createGatewayLookup(box);
  const routes = listHelperRoutes(box, gateways);
  const proxy = new ReflectionProxy();
  const mappings = [...lowerOneToOnes(context, routes), ...lowerPrefixTranslations(context)];
  const ipsec = createIpsecNat(context);
  const forwards = lowerPortForwards(context, routes, proxy);
  const implicit = createImplicitRules(context);
  const reflected = mappings.flatMap((mapping) => mapping.reflected);
  return {
    skipped: [],
    rdr: [
      ...createSystemRedirects(box),
      ...implicit.firstRdr,
      ...addDoubts(
        [...forwards.flatMap(({ rdr }) => rdr), ...implicit.rdr],
        mappings.flatMap(({ doubts }) => doubts),
      ),
      ...reflected,
    ],
    binat: [...mappings.flatMap(({ binat }) => binat), ...ipsec.binat],
    nat: [
      ...mappings.flatMap(({ nat }) => nat),
      ...ipsec.nat,
      ...lowerManualOutbound(context),
      ...createAutomaticOutbound(context, gateways),
      ...forwards.flatMap(({ nat }) => nat),
      ...mappings.flatMap(({ helper }) => helper),
    ],
    filter: [
      ...createUnknownInterfaceRules(device, context),
      ...createBridgeRules(context),
      ...createIpsecTunnelRules(context),
      ...createFirstRules(context),
      ...implicit.early,
      ...createInterfaceRules(context),
      ...createOutgoingRules(context),
      ...createAntiLockoutRules(context),
      ...createRelayRules(root, proxy),
      ...lowerUserRules(context, gateways),
      ...createBypassRules(context, gateways),
      ...createIpsecRules(context, gateways),
      ...implicit.late,
    ],
  };
}

/**
 * Returns the redirects with doubts about 1:1 mappings. pf asks for a mapping where no redirect matches, and also where
 * an exclusion does, so the doubts stand before the first exclusion. Source: pf_match_translation, pf_get_translation.
 */
function addDoubts(redirects: readonly PfRedirect[], doubts: readonly PfRedirect[]): readonly PfRedirect[] {
  const firstExcluded = redirects.findIndex(({ no }) => no);
  const at = firstExcluded === -1 ? redirects.length : firstExcluded;
  return [...redirects.slice(0, at), ...doubts, ...redirects.slice(at)];
}

/** Returns the rules that let packets in to the box's relays unless a user rule says otherwise. */
function createRelayRules(root: XmlElement, proxy: ReflectionProxy): readonly PfFilterRule[] {
  if (!proxy.hasRelays) return [];
  const destination = createMergedCertain([toSingleRange(parseAddress('127.0.0.1')!)]);
  const ports = createCertain([ReflectionProxy.PORTS]);
  return [
    createBoxRule(createNamedLine(findChild(root, 'nat') ?? root, 'reflected to a relay'), {
      family: 'ip',
      protocols: toNumberRanges(6, 17),
      destination,
      ports,
    }),
  ];
}

function lowerUserRules(context: PfsenseContext, gateways: GatewayLookup): readonly PfFilterRule[] {
  const { box, release } = context;
  const entries = listChildren(findChild(box.root, 'filter'), 'rule');
  const empty = entries.find((entry) => isEmpty(entry));
  if (empty && release.stopsAtEmptyAddress)
    throw new Unloadable(empty, `the generator of ${release.name} stops at a rule without anything`);
  const ruleContext = createRuleContext(context, gateways, findVpnNetworks(box));
  return orderRules(box, release).flatMap((entry) => lowerFilterRule(entry, ruleContext));
}

/**
 * Checks the names of macros. An interface is a macro by its description, and an alias by its name. A second one of a
 * name replaces the first, and rules of one interface become those of another. The box's own pages don't allow this.
 *
 * @throws Unloadable for a name that occurs twice.
 */
function checkMacros({ root, interfaces }: PfsenseBox): void {
  const names = new Set<string>();
  for (const { virtual, element, description } of interfaces) {
    if (virtual) continue;
    if (names.has(description)) throw new Unloadable(element, `two interfaces are called ${description.slice(0, 80)}`);
    names.add(description);
  }
  for (const alias of listChildren(findChild(root, 'aliases'), 'alias')) {
    const name = getText(alias, 'name');
    if (names.has(name)) throw new Unloadable(alias, `an interface and an alias are called ${name.slice(0, 80)}`);
  }
}

/** Returns the redirects of system switches, which come before all port forwards. */
const createSystemRedirects = (box: PfsenseBox): readonly PfRedirect[] => [
  ...createTftpRedirects(box),
  ...createTunnelRedirects(box),
];

/** Returns redirects of TFTP to the box's own proxy, past the filter. */
function createTftpRedirects({ root, byKey }: PfsenseBox): readonly PfRedirect[] {
  const element = findChild(root, 'system', 'tftpinterface');
  if (!element) return [];
  return getText(element)
    .split(',')
    .flatMap((key): PfRedirect[] => {
      const boxInterface = byKey.get(key);
      if (!boxInterface) return [];
      const line = createNamedLine(element, `TFTP proxy on ${key}`);
      const match = matchCriteria({
        line,
        on: { is: boxInterface.covers },
        family: 'ip',
        protocols: toNumberRanges(17),
        ports: createPortBounds(69),
      });
      const to = { is: 'address', address: parseAddress('127.0.0.1')!, port: { is: 'one', port: 6969 } } as const;
      return [{ ...match, matchKey: `tftp|${key}`, no: false, pass: true, to }];
    });
}

/** Returns the redirect of IPv6 in IPv4 from the uplink to one inside host. */
function createTunnelRedirects({ root, byKey }: PfsenseBox): readonly PfRedirect[] {
  const element = findChild(root, 'diag', 'ipv6nat');
  const address = parseAddress(getText(element, 'ipaddr'));
  const boxInterface = byKey.get('wan');
  if (!element || !boxInterface || !isSet(element, 'enable') || address === undefined || getFamily(address) !== 'ip')
    return [];
  const match = matchCriteria({
    line: createNamedLine(element, 'IPv6 in IPv4 on wan'),
    on: { is: boxInterface.covers },
    family: 'ip',
    protocols: toNumberRanges(41),
  });
  return [{ ...match, matchKey: 'ipv6nat', no: false, pass: false, to: { is: 'address', address } }];
}

/**
 * Returns rules that make the result unknown where Device and configuration don't have the same interfaces: for packets
 * from an interface that the configuration lacks, and for packets to the network of one that the Device lacks.
 */
function createUnknownInterfaceRules(device: Device, { box }: PfsenseContext): readonly PfFilterRule[] {
  const assigned = findChild(box.root, 'interfaces')?.children ?? [];
  const configuredNames = new Set([
    ...box.interfaces.map(({ name }) => name),
    ...assigned.flatMap((element) => [
      element.name.toLowerCase(),
      ...element.children.filter(({ name }) => name === 'if').map(({ text }) => text.trim()),
    ]),
  ]);
  const unassigned = device.interfaces.filter(({ name }) => !configuredNames.has(name)).map(({ name }) => name);
  const deviceNames = new Set(device.interfaces.map(({ name }) => name));
  const rules: PfFilterRule[] = [];
  if (unassigned.length > 0) {
    const line = createNamedLine(
      findChild(box.root, 'interfaces') ?? box.root,
      `interfaces without ${unassigned.join(', ')}`,
    );
    const reasons = [`the configuration has no interface ${unassigned.join(', ')}`];
    rules.push(createBoxRule(line, { on: { is: unassigned }, unknownReasons: reasons }, { quick: true }));
  }
  for (const boxInterface of box.interfaces) {
    const { name, key, element } = boxInterface;
    const networks = listNetworks(boxInterface);
    if (deviceNames.has(name) || networks.length === 0) continue;
    const reasons = [`the device that was described has no interface ${key}`];
    rules.push(
      createBoxRule(
        createNamedLine(element, `interface ${key}`),
        { destination: createMergedCertain(networks), unknownReasons: reasons },
        { action: 'block', quick: true },
      ),
    );
  }
  return rules;
}
