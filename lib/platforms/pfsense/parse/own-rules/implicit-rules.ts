// Creates the pf rules that pfSense adds for features and that stand in no configuration: UPnP and NAT-PMP, RADIUS
// users of OpenVPN, captive portals, packages such as squid, bypass for static routes.

import { toRange } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { PfFilterRule, PfRedirect } from '../../../../parse/pf/model';
import { PfsenseContext, listOwnAddresses, createUnknownAddress } from '../packets/resolve-addresses';
import { findInterfaceNames, getInterfaceNetwork } from '../box/box';
import { findChild, isSet, listChildren, getText } from '../elements/element';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import { uniteBounds, narrowToFamily, createMergedCertain } from '../../../../parse/pf/range-bounds';
import { GatewayLookup, listStaticRoutes } from '../box/gateways';
import { createSiproxdRules } from './siproxd-rules';
import { PackageRules, createSquidRules } from './squid-rules';
import { createNamedLine, createBoxRule } from './system-rules';

/** Rules that are in no configuration, of features that open ports by themselves. */
interface ImplicitRules {
  /** Before every user rule. */
  readonly early: readonly PfFilterRule[];
  /** After every user rule. */
  readonly late: readonly PfFilterRule[];
  readonly rdr: readonly PfRedirect[];
  /** Before or after the user's redirects, depending on the release: each may match first. */
  readonly firstRdr: readonly PfRedirect[];
}

const TCP_AND_UDP = toNumberRanges(6, 17);

export function createImplicitRules(context: PfsenseContext): ImplicitRules {
  const upnp = createPortMappingRules(context);
  const packageRules = createPackageRules(context);
  return {
    early: [...createRadiusRules(context), ...createPortalRules(context), ...packageRules.filter],
    late: upnp.late,
    rdr: upnp.rdr,
    firstRdr: packageRules.rdr,
  };
}

/**
 * Returns the rules of UPnP and NAT-PMP: every inside host opens ports of the uplink to itself. The rules that the
 * daemon adds name no destination.
 */
function createPortMappingRules(context: PfsenseContext): Pick<ImplicitRules, 'late' | 'rdr'> {
  const { box } = context;
  const settings = findChild(box.root, 'installedpackages', 'miniupnpd', 'config');
  if (!settings || !isSet(settings, 'enable')) return { late: [], rdr: [] };
  const key = getText(settings, 'ext_iface') || 'wan';
  const names = findInterfaceNames(box, key) ?? [];
  const uplink = box.byKey.get(key);
  const reason = 'UPnP or NAT-PMP may have opened it';
  const line = createNamedLine(settings, 'UPnP and NAT-PMP');
  const pool = listInsideNetworks(context, key);
  if (!uplink || names.length === 0) return { late: [], rdr: [] };
  const on = { is: names };
  const outside = {
    line,
    on,
    family: 'ip',
    protocols: TCP_AND_UDP,
    unknownReasons: [reason],
  } as const;
  const rdr: PfRedirect = {
    ...matchCriteria(outside),
    matchKey: 'upnp',
    no: false,
    pass: false,
    to: { is: 'unclear', reason, pool },
  };
  return {
    rdr: [rdr],
    late: [
      createBoxRule(
        line,
        { on, family: 'ip', protocols: TCP_AND_UDP, destination: createMergedCertain(pool), unknownReasons: [reason] },
        { quick: true },
      ),
    ],
  };
}

function listInsideNetworks({ box }: PfsenseContext, outside: string): readonly Range[] {
  return box.interfaces.flatMap((boxInterface) =>
    boxInterface.key === outside || boxInterface.hasGateway ? [] : (getInterfaceNetwork(boxInterface, 'ip') ?? []),
  );
}

/** Returns rules for tunnels whose users RADIUS checks: it may give each user rules. */
function createRadiusRules({ box }: PfsenseContext): readonly PfFilterRule[] {
  const names = findInterfaceNames(box, 'openvpn') ?? [];
  return listChildren(findChild(box.root, 'openvpn'), 'openvpn-server').flatMap((server): readonly PfFilterRule[] => {
    const mode = getText(server, 'authmode');
    if (isSet(server, 'disable') || mode === '' || mode === 'Local Database') return [];
    const unknownReasons = [`${mode.slice(0, 80)} may give each user rules of his own`];
    return [
      createBoxRule(
        createNamedLine(server, 'rules of OpenVPN users'),
        { on: { is: names }, unknownReasons },
        { quick: true },
      ),
    ];
  });
}

/**
 * Returns the rules of captive portals: a client passes only after login, and every client reaches the portal's pages.
 */
function createPortalRules(context: PfsenseContext): readonly PfFilterRule[] {
  const { box } = context;
  const zones = findChild(box.root, 'captiveportal')?.children ?? [];
  return zones.flatMap((zone): readonly PfFilterRule[] => {
    if (!isSet(zone, 'enable')) return [];
    const keys = getText(zone, 'interface').split(',');
    const boxInterfaces = keys.flatMap((key) => box.byKey.get(key) ?? []);
    const on = { is: boxInterfaces.flatMap(({ covers }) => covers) };
    if (boxInterfaces.length === 0) return [];
    const line = createNamedLine(zone, `captive portal ${zone.name}`);
    const id = Number(getText(zone, 'zoneid')) || 0;
    const port = (name: string, otherwise: number): number => Number(getText(zone, name)) || otherwise;
    const ports = createPortBounds(port('listenporthttp', 8000 + id), port('listenporthttps', 8001 + id));
    const destination = uniteBounds(
      boxInterfaces.map((boxInterface) => narrowToFamily(listOwnAddresses(boxInterface, 'ip', context), 'ip')),
    );
    return [
      createBoxRule(line, { on, family: 'ip', protocols: toNumberRanges(6), destination, ports }, { quick: true }),
      createBoxRule(
        line,
        { on, unknownReasons: ['who has not logged in at the captive portal is stopped'] },
        { action: 'block', quick: true },
      ),
    ];
  });
}

/** The packages whose function is known, by its name. */
const PACKAGE_RULES: ReadonlyMap<string, (context: PfsenseContext) => PackageRules | undefined> = new Map([
  ['squid_generate_rules', createSquidRules],
  ['siproxd_generate_rules', createSiproxdRules],
]);

/**
 * Returns the rules of packages. A package that adds rules names a function for it. Every packet may match the rules of
 * a package whose function or settings aren't known; they come before user rules.
 */
function createPackageRules(context: PfsenseContext): PackageRules {
  const packages = listChildren(findChild(context.box.root, 'installedpackages'), 'package');
  const rules = packages.flatMap((element): PackageRules[] => {
    const functionName = getText(element, 'filter_rule_function');
    if (functionName === '') return [];
    const packageRules = PACKAGE_RULES.get(functionName)?.(context);
    if (packageRules) return [packageRules];
    const name = getText(element, 'name').slice(0, 80);
    const unknownReasons = [`package ${name} may add rules of its own`];
    const line = createNamedLine(element, `rules of package ${name}`);
    return [{ filter: [createBoxRule(line, { unknownReasons }, { direction: 'both', quick: true })], rdr: [] }];
  });
  return { filter: rules.flatMap(({ filter }) => filter), rdr: rules.flatMap(({ rdr }) => rdr) };
}

/**
 * Returns the rules between networks of static routes and those of their interfaces, if the box is set to exempt these.
 */
export function createBypassRules(context: PfsenseContext, gateways: GatewayLookup): readonly PfFilterRule[] {
  const { box } = context;
  if (!isSet(box.root, 'filter', 'bypassstaticroutes')) return [];
  return listStaticRoutes(box, gateways).flatMap(({ element, to, key }): readonly PfFilterRule[] => {
    const boxInterface = box.byKey.get(key);
    const prefix = parsePrefixLiteral(to);
    if (!boxInterface || !prefix) return [];
    const routed = createMergedCertain([toRange(prefix)]);
    const family = to.includes(':') ? 'ip6' : 'ip';
    const network = getInterfaceNetwork(boxInterface, family);
    const isLeased = (family === 'ip' ? boxInterface.v4 : boxInterface.v6) === 'unknown';
    if (!network && !isLeased) return [];
    const local = network ? createMergedCertain([network]) : createUnknownAddress(boxInterface, family);
    const line = createNamedLine(element, `let static routes of ${boxInterface.key} alone`);
    const on = { is: boxInterface.covers };
    const bothWays = { quick: true, direction: 'both' } as const;
    return [
      createBoxRule(line, { on, family, source: local, destination: routed }, bothWays),
      createBoxRule(line, { on, family, source: routed, destination: local }, bothWays),
    ];
  });
}
