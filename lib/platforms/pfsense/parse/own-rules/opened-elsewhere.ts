import { prefixRange } from '../../../../net/address';
import { points } from '../../../../net/device';
import { Range } from '../../../../net/range';
import { PfFilterRule, PfRedirect } from '../../../../parse/pf/model';
import { Surroundings, ownAddresses, unknownOwn } from '../packets/addresses';
import { namesOf, networkOn } from '../box/box';
import { childOf, isSet, listOf, ownText, textAt } from '../elements/element';
import { prefixAt } from '../elements/literals';
import { matched, portsOf } from '../../../../parse/pf/matched';
import { eitherOf, inFamily, surely } from '../../../../parse/pf/known';
import { Gateways, staticRoutes } from '../box/gateways';
import { SquidRules, createSquidRules, isSquid } from './squid';
import { lineAt, own } from './system';

/** What opens ports by itself: rules that stand in no configuration. */
interface OpenedElsewhere {
  /** Before every rule of people. */
  readonly early: readonly PfFilterRule[];
  /** After them. */
  readonly late: readonly PfFilterRule[];
  readonly rdr: readonly PfRedirect[];
  /** Before or after those of people, by the release: each may match first. */
  readonly firstRdr: readonly PfRedirect[];
}

const TRANSPORT = points(6, 17);

export function openedElsewhere(given: Surroundings): OpenedElsewhere {
  const upnp = portMapping(given);
  const added = packages(given);
  return {
    early: [...radiusUsers(given), ...portals(given), ...added.filter],
    late: upnp.late,
    rdr: upnp.rdr,
    firstRdr: added.rdr,
  };
}

/** UPnP and NAT-PMP: whoever is inside opens ports of the uplink to himself. What the daemon adds names no destination. */
function portMapping(given: Surroundings): Pick<OpenedElsewhere, 'late' | 'rdr'> {
  const { box } = given;
  const settings = childOf(box.root, 'installedpackages', 'miniupnpd', 'config');
  if (!settings || !isSet(settings, 'enable')) return { late: [], rdr: [] };
  const key = textAt(settings, 'ext_iface') || 'wan';
  const names = namesOf(box, key) ?? [];
  const each = box.byKey.get(key);
  const because = 'UPnP or NAT-PMP may have opened it';
  const line = lineAt(settings, 'UPnP and NAT-PMP');
  const among = insideNetworks(given, key);
  if (!each || names.length === 0) return { late: [], rdr: [] };
  const on = { is: names };
  const outside = {
    line,
    on,
    family: 'ip',
    protocols: TRANSPORT,
    doubts: [because],
  } as const;
  const rdr: PfRedirect = {
    ...matched(outside),
    asks: 'upnp',
    no: false,
    pass: false,
    to: { is: 'unclear', because, among },
  };
  return {
    rdr: [rdr],
    late: [
      own(
        line,
        { on, family: 'ip', protocols: TRANSPORT, destination: surely(among), doubts: [because] },
        { quick: true },
      ),
    ],
  };
}

function insideNetworks({ box }: Surroundings, outside: string): readonly Range[] {
  return box.interfaces.flatMap((each) =>
    each.key === outside || each.hasGateway ? [] : (networkOn(each, 'ip') ?? []),
  );
}

/** Per-user rules from RADIUS, for tunnels whose users are checked there. */
function radiusUsers({ box }: Surroundings): readonly PfFilterRule[] {
  const names = namesOf(box, 'openvpn') ?? [];
  return listOf(childOf(box.root, 'openvpn'), 'openvpn-server').flatMap((server): readonly PfFilterRule[] => {
    const mode = textAt(server, 'authmode');
    if (isSet(server, 'disable') || mode === '' || mode === 'Local Database') return [];
    const doubts = [`${mode.slice(0, 80)} may give each user rules of his own`];
    return [own(lineAt(server, 'rules of OpenVPN users'), { on: { is: names }, doubts }, { quick: true })];
  });
}

/** A captive portal: nobody gets past it before he has logged in, and everybody reaches its pages. */
function portals(given: Surroundings): readonly PfFilterRule[] {
  const { box } = given;
  const zones = childOf(box.root, 'captiveportal')?.children ?? [];
  return zones.flatMap((zone): readonly PfFilterRule[] => {
    if (!isSet(zone, 'enable')) return [];
    const keys = textAt(zone, 'interface').split(',');
    const each = keys.flatMap((key) => box.byKey.get(key) ?? []);
    const on = { is: each.flatMap(({ covers }) => covers) };
    if (each.length === 0) return [];
    const line = lineAt(zone, `captive portal ${zone.name}`);
    const id = Number(textAt(zone, 'zoneid')) || 0;
    const port = (name: string, otherwise: number): number => Number(textAt(zone, name)) || otherwise;
    const ports = portsOf(port('listenporthttp', 8000 + id), port('listenporthttps', 8001 + id));
    const destination = eitherOf(each.map((one) => inFamily(ownAddresses(one, 'ip', given), 'ip')));
    return [
      own(line, { on, family: 'ip', protocols: points(6), destination, ports }, { quick: true }),
      own(
        line,
        { on, doubts: ['who has not logged in at the captive portal is stopped'] },
        { action: 'block', quick: true },
      ),
    ];
  });
}

/**
 * Packages that make rules of their own name a function for it. Of squid the function is known; of another each packet may meet its rules,
 * which stand before those of people.
 */
function packages(given: Surroundings): SquidRules {
  const named = listOf(childOf(given.box.root, 'installedpackages'), 'package').filter(
    (element) => ownText(childOf(element, 'filter_rule_function')) !== '',
  );
  const squid = named.some(isSquid) ? createSquidRules(given) : undefined;
  const others = named.filter((element) => !squid || !isSquid(element));
  const unknown = others.map((element) => {
    const name = textAt(element, 'name').slice(0, 80);
    const doubts = [`package ${name} may add rules of its own`];
    return own(lineAt(element, `rules of package ${name}`), { doubts }, { way: 'both', quick: true });
  });
  return { filter: [...(squid?.filter ?? []), ...unknown], rdr: squid?.rdr ?? [] };
}

/** Rules between networks of static routes and those of their interfaces, where the box is told to let these alone. */
export function bypassRules(given: Surroundings, gateways: Gateways): readonly PfFilterRule[] {
  const { box } = given;
  if (!isSet(box.root, 'filter', 'bypassstaticroutes')) return [];
  return staticRoutes(box, gateways).flatMap(({ element, to, key }): readonly PfFilterRule[] => {
    const each = box.byKey.get(key);
    const prefix = prefixAt(to);
    if (!each || !prefix) return [];
    const there = surely([prefixRange(prefix)]);
    const family = to.includes(':') ? 'ip6' : 'ip';
    const network = networkOn(each, family);
    const isLeased = (family === 'ip' ? each.v4 : each.v6) === 'unknown';
    if (!network && !isLeased) return [];
    const here = network ? surely([network]) : unknownOwn(each, family);
    const line = lineAt(element, `let static routes of ${each.key} alone`);
    const on = { is: each.covers };
    const both = { quick: true, way: 'both' } as const;
    return [
      own(line, { on, family, source: here, destination: there }, both),
      own(line, { on, family, source: there, destination: here }, both),
    ];
  });
}
