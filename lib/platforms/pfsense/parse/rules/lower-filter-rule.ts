// Lowers one filter rule of pfSense's config.xml to the pf rules that the box makes of it.

import { FAMILIES, Family } from '../../../../net/address';
import { NumberRange, toNumberRanges } from '../../../../net/device';
import { PfFilterRule, PfLine, PfMatch } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import {
  PfsenseContext,
  isOmittedAlias,
  resolveAddresses,
  resolveDestination,
  listOwnAddresses,
} from '../packets/resolve-addresses';
import { findPossiblyGrouped } from '../own-rules/assigned-tunnels';
import { findInterfaceNames, listNetworks } from '../box/box';
import { findChild, isSet, listChildren, getText, getTruthyText } from '../elements/element';
import { GatewayLookup } from '../box/gateways';
import { parseIcmpTypes } from '../packets/icmp-types';
import { createLine } from '../elements/entry-line';
import { PfCriteria, matchCriteria } from '../../../../parse/pf/match-packets';
import { ANY_ADDRESS, RangeBounds, PortBounds, NO_ADDRESS, splitByRanges } from '../../../../parse/pf/range-bounds';
import { listLimitReasons, listUnknownReasons, parseFlags, isNeverMatched } from './unknown-reasons';
import { parsePorts, parseProtocols, hasPortElement } from '../packets/protocols-and-ports';
import { Unloadable } from '../elements/unloadable';

/** A rule of the configuration, with its position on its page. */
export interface FilterEntry {
  readonly element: XmlElement;
  readonly floating: boolean;
  /** Key or group; for a floating rule its list. */
  readonly on: string;
  /** Position on its page, from 1. */
  readonly position: number;
}

export interface RuleContext extends PfsenseContext {
  readonly gateways: GatewayLookup;
  /** Tags that some rule sets. */
  readonly tags: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
  readonly vpnNetworks: RangeBounds | undefined;
}

export function createRuleContext(
  context: PfsenseContext,
  gateways: GatewayLookup,
  vpnNetworks?: RangeBounds,
): RuleContext {
  const { root } = context.box;
  const tags = listChildren(findChild(root, 'filter'), 'rule').map((rule) =>
    isSet(rule, 'disabled') ? '' : getTruthyText(rule, 'tag'),
  );
  const schedules = listChildren(findChild(root, 'schedules'), 'schedule').map((schedule) => getText(schedule, 'name'));
  return {
    ...context,
    gateways,
    vpnNetworks,
    tags: new Set(tags.filter((tag) => tag !== '')),
    schedules: new Set(schedules.filter((name) => name !== '')),
  };
}

/**
 * Returns the rules that the box makes of one rule: none if it omits the rule, two or more for both families or several
 * gateways.
 */
export function lowerFilterRule(entry: FilterEntry, context: RuleContext): readonly PfFilterRule[] {
  const { element } = entry;
  const line = createEntryLine(entry);
  const family = getText(element, 'ipprotocol');
  const families: readonly Family[] = family === 'inet46' ? FAMILIES : [family === 'inet6' ? 'ip6' : 'ip'];
  const rules = families.flatMap((ruleFamily) => lowerForFamily(entry, line, ruleFamily, context) ?? []);
  const commented = rules.length < families.length || context.schedules.has(getText(element, 'sched'));
  // The box turns such a rule into a comment; a line break in its description ends the comment.
  if (commented && /[\r\n]/.test(getText(element, 'descr'))) {
    throw new Unloadable(
      element,
      'the box makes a comment of this rule, and after the line break in its description the rest is a rule of its own',
    );
  }
  return rules;
}

const RULE_TYPES = ['pass', 'block', 'reject', 'match'] as const;

/** Returns the type; any unknown type passes. */
const getType = (element: XmlElement): (typeof RULE_TYPES)[number] =>
  RULE_TYPES.find((type) => type === getText(element, 'type')) ?? 'pass';

export const getAction = (element: XmlElement): PfFilterRule['action'] => {
  const type = getType(element);
  return type === 'reject' ? 'block' : type;
};

function createEntryLine({ element, floating, on, position }: FilterEntry): PfLine {
  const type = getType(element);
  return createLine(
    element,
    `${type === 'pass' ? '' : `${type} `}${floating ? 'floating rule' : 'rule'} ${position}${floating ? '' : ` on ${on}`}`,
  );
}

function resolveInterfaces(
  { element, floating, on }: FilterEntry,
  { box, release }: PfsenseContext,
): PfMatch['on'] | undefined {
  const grouped = findPossiblyGrouped(box, on.split(',')).flatMap(({ covers }) => covers);
  if (!floating) {
    if (!isSet(element, 'interface') && release.stopsWithoutInterface) {
      throw new Unloadable(element, `the generator of ${release.name} stops at a rule without an interface`);
    }
    const names = findInterfaceNames(box, on);
    return names && { is: [...new Set([...names, ...grouped])] };
  }
  if (on === '' || (on === 'any' && release.knowsAnyInterface)) return 'any';
  // Missing and disabled interfaces are dropped. If none is left, the box makes a comment of the rule.
  const namesByKey = on.split(',').map((key) => findInterfaceNames(box, key));
  const names = namesByKey.flatMap((interfaceNames) => interfaceNames ?? []);
  return namesByKey.some((interfaceNames) => interfaceNames) || grouped.length > 0
    ? { is: [...new Set([...names, ...grouped])] }
    : undefined;
}

interface FilterService {
  readonly protocols?: readonly NumberRange[];
  readonly sourcePorts?: PortBounds;
  readonly ports?: PortBounds;
}

/** Returns protocol and ports; undefined if a port names an unknown alias and the box omits the rule. */
function parseService(
  element: XmlElement,
  family: Family,
  { aliases, release }: PfsenseContext,
): FilterService | undefined {
  const source = parsePorts(findChild(element, 'source'), aliases);
  const destination = parsePorts(findChild(element, 'destination'), aliases);
  if (source === 'none' || destination === 'none') return undefined;
  const protocol = getTruthyText(element, 'protocol');
  const anyPort = getText(element, 'source', 'port') !== '' || getText(element, 'destination', 'port') !== '';
  if (protocol === '') return anyPort ? { protocols: toNumberRanges(6) } : {};
  if (protocol.toLowerCase() === 'any') {
    if (release.writesAnyProtocol)
      throw new Unloadable(element, `${release.name} writes the protocol any, which pfctl refuses`);
    return {};
  }
  if (protocol.toLowerCase() === 'icmp') {
    const types = parseIcmpTypes(element, family);
    return { protocols: toNumberRanges(family === 'ip' ? 1 : 58), ...(types ? { ports: types } : {}) };
  }
  const numbers = parseProtocols(element, protocol);
  const writes = hasPortElement(protocol);
  if (writes === 'no') return { protocols: numbers };
  const written = (ports: PortBounds | 'every'): PortBounds | undefined =>
    ports === 'every' || writes === 'yes' ? (ports === 'every' ? undefined : ports) : addOtherPorts(ports, protocol);
  const [from, to] = [written(source), written(destination)];
  return { protocols: numbers, ...(from ? { sourcePorts: from } : {}), ...(to ? { ports: to } : {}) };
}

const addOtherPorts = (ports: PortBounds, protocol: string): PortBounds => ({
  must: ports.must,
  uncertain: [{ first: 0, last: 65_535 }],
  reason: `not every release writes the ports of ${protocol}`,
});

function lowerForFamily(
  entry: FilterEntry,
  line: PfLine,
  family: Family,
  context: RuleContext,
): readonly PfFilterRule[] | undefined {
  const { element } = entry;
  const on = resolveInterfaces(entry, context);
  const written = [getTruthyText(element, 'source', 'address'), getTruthyText(element, 'destination', 'address')];
  if (written.some((name) => isOmittedAlias(name, context))) return undefined;
  const source = on && resolveAddresses(findChild(element, 'source'), family, context);
  const destination = source && resolveDestination(findChild(element, 'destination'), family, context);
  const service = destination && parseService(element, family, context);
  if (!on || !source || !service) return undefined;
  const gateway = getTruthyText(element, 'gateway');
  const ways = gateway === '' || getType(element) !== 'pass' ? undefined : context.gateways.findKeys(gateway);
  const skipped = isSet(context.box.root, 'system', 'skip_rules_gw_down') && gateway !== '';
  if (skipped && !ways && getType(element) === 'pass') return undefined;
  const grouped = findPossiblyGrouped(context.box, entry.on.split(',')).length > 0;
  const reasons = [
    ...listUnknownReasons(element, context),
    ...(skipped ? [`left out while gateway ${gateway} is down`] : []),
    ...(grouped ? ['which assigned tunnels are in the group of WireGuard is not in the configuration'] : []),
  ];
  if (isNeverMatched(element, context)) return [];
  const compared: PfCriteria = {
    ...{ line, on, family, source, destination },
    unknownReasons: reasons,
    limitReasons: listLimitReasons(element),
    ...service,
  };
  const { floating } = entry;
  const way = getText(element, 'direction');
  const type = getType(element);
  const flags = parseFlags(element);
  const rule = (match: PfCriteria): PfFilterRule => ({
    ...matchCriteria(match),
    direction:
      floating && getText(element, 'floating') === 'yes' ? (way === 'in' || way === 'out' ? way : 'both') : 'in',
    action: getAction(element),
    quick: !floating || isSet(element, 'quick'),
    state: type === 'pass' && getText(element, 'statetype') !== 'none',
    ...(flags ? { flags } : {}),
  });
  if (!ways || ways.length === 0) return [rule(compared)];
  return [
    ...createCompanionRules(rule, compared, context),
    ...createRoutedRules(rule, compared, gateway, ways, context),
  ];
}

type RuleFactory = (compared: PfCriteria) => PfFilterRule;

/**
 * Returns a rule for each gateway by which it may send. If any uplink may be used, packets that go neither inside nor
 * to the box's own addresses use whichever uplink the box leaves by.
 */
function createRoutedRules(
  rule: RuleFactory,
  compared: PfCriteria,
  gateway: string,
  ways: readonly string[],
  { box }: RuleContext,
): readonly PfFilterRule[] {
  const uplinks = box.interfaces.filter((boxInterface) => boxInterface.hasGateway && !boxInterface.virtual);
  const inside = box.interfaces.flatMap((boxInterface) =>
    boxInterface.hasGateway
      ? FAMILIES.flatMap((family) => listOwnAddresses(boxInterface, family, { box }).must)
      : listNetworks(boxInterface),
  );
  const anyUplink = ways.length > 1 && uplinks.every(({ key }) => ways.includes(key));
  const { among, outOfRange: otherDestinations } = anyUplink
    ? splitByRanges(compared.destination!, inside)
    : { among: compared.destination!, outOfRange: NO_ADDRESS };
  const doubts = compared.unknownReasons ?? [];
  const boxInterface = ways.map((key, at): PfFilterRule => {
    const unknownGateway = at === ways.length - 1 ? [] : [`which gateway of ${gateway} is up isn't known`];
    const match = { ...compared, destination: among, unknownReasons: [...doubts, ...unknownGateway] };
    return { ...rule(match), routedTo: box.byKey.get(key)?.name ?? key };
  });
  return anyUplink ? [...boxInterface, rule({ ...compared, destination: otherDestinations })] : boxInterface;
}

/** Returns the rule before one with a gateway to any destination: packets to VPNs stay on the routes. */
function createCompanionRules(
  rule: RuleFactory,
  compared: PfCriteria,
  { release, box, vpnNetworks }: RuleContext,
): readonly PfFilterRule[] {
  if (!release.negateNetworks || !vpnNetworks || isSet(box.root, 'system', 'disablenegate')) return [];
  if (compared.destination !== ANY_ADDRESS) return [];
  return [rule({ ...compared, destination: vpnNetworks })];
}
