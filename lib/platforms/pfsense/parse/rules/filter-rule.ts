import { FAMILIES, Family } from '../../../../net/address';
import { NumberRange, points } from '../../../../net/device';
import { PfFilterRule, PfLine, PfMatch } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, addressesOf, ownAddresses } from '../packets/addresses';
import { perhapsGrouped } from '../own-rules/assigned-tunnels';
import { namesOf, networksOn } from '../box/box';
import { childOf, isSet, listOf, textAt, truthyAt } from '../elements/element';
import { Gateways } from '../box/gateways';
import { icmpTypes } from '../packets/icmp-types';
import { lineOf } from '../elements/line-of';
import { Compared, matched } from '../../../../parse/pf/matched';
import { ANY, Known, KnownPorts, NOBODY, partedBy } from '../../../../parse/pf/known';
import { doubtsOf, flagsOf, matchesNever } from './doubts';
import { portsNamed, protocolsNamed, writesPorts } from '../packets/services';
import { Unloadable } from '../elements/unloadable';

/** A rule of the configuration, and where it stands on its page. */
export interface Entry {
  readonly element: XmlElement;
  readonly floating: boolean;
  /** Key or group; for a floating rule its list. */
  readonly on: string;
  /** On its page, from 1. */
  readonly position: number;
}

export interface RuleSurroundings extends Surroundings {
  readonly gateways: Gateways;
  /** Tags that some rule sets. */
  readonly tags: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
  readonly vpnNetworks: Known | undefined;
}

export function ruleSurroundings(given: Surroundings, gateways: Gateways, vpnNetworks?: Known): RuleSurroundings {
  const { root } = given.box;
  const tags = listOf(childOf(root, 'filter'), 'rule').map((rule) =>
    isSet(rule, 'disabled') ? '' : truthyAt(rule, 'tag'),
  );
  const schedules = listOf(childOf(root, 'schedules'), 'schedule').map((schedule) => textAt(schedule, 'name'));
  return {
    ...given,
    gateways,
    vpnNetworks,
    tags: new Set(tags.filter((tag) => tag !== '')),
    schedules: new Set(schedules.filter((name) => name !== '')),
  };
}

/** What the box makes of one rule: none where it leaves it out, two and more for both families or several gateways. */
export function filterRules(entry: Entry, given: RuleSurroundings): readonly PfFilterRule[] {
  const { element } = entry;
  const line = entryLine(entry);
  const family = textAt(element, 'ipprotocol');
  const families: readonly Family[] = family === 'inet46' ? FAMILIES : [family === 'inet6' ? 'ip6' : 'ip'];
  const rules = families.flatMap((each) => ofFamily(entry, line, each, given) ?? []);
  const commented = rules.length < families.length || given.schedules.has(textAt(element, 'sched'));
  // A line break in the description of a rule that becomes a comment ends the comment.
  if (commented && /[\r\n]/.test(textAt(element, 'descr'))) {
    throw new Unloadable(
      element,
      'the box makes a comment of this rule, and after the line break in its description the rest is a rule of its own',
    );
  }
  return rules;
}

const TYPES = ['pass', 'block', 'reject', 'match'] as const;

/** Anything but the known types passes. */
const typeOf = (element: XmlElement): (typeof TYPES)[number] =>
  TYPES.find((type) => type === textAt(element, 'type')) ?? 'pass';

export const actionOf = (element: XmlElement): PfFilterRule['action'] => {
  const type = typeOf(element);
  return type === 'reject' ? 'block' : type;
};

function entryLine({ element, floating, on, position }: Entry): PfLine {
  const type = typeOf(element);
  return lineOf(
    element,
    `${type === 'pass' ? '' : `${type} `}${floating ? 'floating rule' : 'rule'} ${position}${floating ? '' : ` on ${on}`}`,
  );
}

function interfacesOf({ element, floating, on }: Entry, { box, release }: Surroundings): PfMatch['on'] | undefined {
  const grouped = perhapsGrouped(box, on.split(',')).flatMap(({ covers }) => covers);
  if (!floating) {
    if (!isSet(element, 'interface') && release.stopsWithoutInterface) {
      throw new Unloadable(element, `the generator of ${release.name} stops at a rule without an interface`);
    }
    const names = namesOf(box, on);
    return names && { is: [...new Set([...names, ...grouped])] };
  }
  if (on === '' || (on === 'any' && release.knowsAnyInterface)) return 'any';
  // Interfaces that aren't there or aren't enabled fall away; where none is left the box makes a comment of the rule.
  const known = on.split(',').map((key) => namesOf(box, key));
  const names = known.flatMap((each) => each ?? []);
  return known.some((each) => each) || grouped.length > 0 ? { is: [...new Set([...names, ...grouped])] } : undefined;
}

interface Service {
  readonly protocols?: readonly NumberRange[];
  readonly sourcePorts?: KnownPorts;
  readonly ports?: KnownPorts;
}

/** Protocol and ports; undefined where a port has no such alias and the rule is left out. */
function serviceOf(element: XmlElement, family: Family, { aliases, release }: Surroundings): Service | undefined {
  const source = portsNamed(childOf(element, 'source'), aliases);
  const destination = portsNamed(childOf(element, 'destination'), aliases);
  if (source === 'none' || destination === 'none') return undefined;
  const protocol = truthyAt(element, 'protocol');
  const anyPort = textAt(element, 'source', 'port') !== '' || textAt(element, 'destination', 'port') !== '';
  if (protocol === '') return anyPort ? { protocols: points(6) } : {};
  if (protocol.toLowerCase() === 'any') {
    if (release.writesAnyProtocol)
      throw new Unloadable(element, `${release.name} writes the protocol any, which pfctl refuses`);
    return {};
  }
  if (protocol.toLowerCase() === 'icmp') {
    const types = icmpTypes(element, family);
    return { protocols: points(family === 'ip' ? 1 : 58), ...(types ? { ports: types } : {}) };
  }
  const numbers = protocolsNamed(element, protocol);
  const writes = writesPorts(protocol);
  if (writes === 'no') return { protocols: numbers };
  const written = (ports: KnownPorts | 'every'): KnownPorts | undefined =>
    ports === 'every' || writes === 'yes' ? (ports === 'every' ? undefined : ports) : alsoOthers(ports, protocol);
  const [from, to] = [written(source), written(destination)];
  return { protocols: numbers, ...(from ? { sourcePorts: from } : {}), ...(to ? { ports: to } : {}) };
}

const alsoOthers = (ports: KnownPorts, protocol: string): KnownPorts => ({
  sure: ports.sure,
  perhaps: [{ first: 0, last: 65_535 }],
  because: `not every release writes the ports of ${protocol}`,
});

function ofFamily(
  entry: Entry,
  line: PfLine,
  family: Family,
  given: RuleSurroundings,
): readonly PfFilterRule[] | undefined {
  const { element } = entry;
  const on = interfacesOf(entry, given);
  const source = on && addressesOf(childOf(element, 'source'), family, given);
  const destination = source && addressesOf(childOf(element, 'destination'), family, given);
  const service = destination && serviceOf(element, family, given);
  if (!on || !source || !service) return undefined;
  const gateway = truthyAt(element, 'gateway');
  const ways = gateway === '' || typeOf(element) !== 'pass' ? undefined : given.gateways.keysOf(gateway);
  const skipped = isSet(given.box.root, 'system', 'skip_rules_gw_down') && gateway !== '';
  if (skipped && !ways && typeOf(element) === 'pass') return undefined;
  const grouped = perhapsGrouped(given.box, entry.on.split(',')).length > 0;
  const doubts = [
    ...doubtsOf(element, given),
    ...(skipped ? [`left out while gateway ${gateway} is down`] : []),
    ...(grouped ? ['which assigned tunnels are in the group of WireGuard is not in the configuration'] : []),
  ];
  if (matchesNever(element, given)) return [];
  const compared: Compared = { line, on, family, source, destination, doubts, ...service };
  const { floating } = entry;
  const way = textAt(element, 'direction');
  const type = typeOf(element);
  const flags = flagsOf(element);
  const rule = (match: Compared): PfFilterRule => ({
    ...matched(match),
    way: floating && textAt(element, 'floating') === 'yes' ? (way === 'in' || way === 'out' ? way : 'both') : 'in',
    action: actionOf(element),
    quick: !floating || isSet(element, 'quick'),
    state: type === 'pass' && textAt(element, 'statetype') !== 'none',
    ...(flags ? { flags } : {}),
  });
  if (!ways || ways.length === 0) return [rule(compared)];
  return [...companion(rule, compared, given), ...routed(rule, compared, gateway, ways, given)];
}

type Made = (compared: Compared) => PfFilterRule;

/**
 * A rule for each way that it may send by. Where any uplink may be meant, what is neither inside nor the box's own goes by whichever the
 * box leaves by.
 */
function routed(
  rule: Made,
  compared: Compared,
  gateway: string,
  ways: readonly string[],
  { box }: RuleSurroundings,
): readonly PfFilterRule[] {
  const uplinks = box.interfaces.filter((each) => each.hasGateway && !each.virtual);
  const inside = box.interfaces.flatMap((each) =>
    each.hasGateway ? FAMILIES.flatMap((family) => ownAddresses(each, family, { box }).sure) : networksOn(each),
  );
  const anyUplink = ways.length > 1 && uplinks.every(({ key }) => ways.includes(key));
  const { among, others } = anyUplink
    ? partedBy(compared.destination!, inside)
    : { among: compared.destination!, others: NOBODY };
  const doubts = compared.doubts ?? [];
  const each = ways.map((key, at): PfFilterRule => {
    const which = at === ways.length - 1 ? [] : [`which gateway of ${gateway} is up isn't known`];
    const match = { ...compared, destination: among, doubts: [...doubts, ...which] };
    return { ...rule(match), routedTo: box.byKey.get(key)?.name ?? key };
  });
  return anyUplink ? [...each, rule({ ...compared, destination: others })] : each;
}

/** Before a rule with a gateway to any destination: what goes to VPNs stays on the routes. */
function companion(
  rule: Made,
  compared: Compared,
  { release, box, vpnNetworks }: RuleSurroundings,
): readonly PfFilterRule[] {
  if (!release.negateNetworks || !vpnNetworks || isSet(box.root, 'system', 'disablenegate')) return [];
  if (compared.destination !== ANY) return [];
  return [rule({ ...compared, destination: vpnNetworks })];
}
