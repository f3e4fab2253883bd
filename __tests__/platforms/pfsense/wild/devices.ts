import { parseAddress, parseInterfaceAddress, parsePrefix } from '../../../../lib/net/address';
import { Device, Role } from '../../../../lib/net/device';

const port = (name: string, role: Role, addresses: readonly string[], routes: readonly string[] = []) => ({
  name,
  role,
  addresses: addresses.map((text) => parseInterfaceAddress(text)!),
  routes: routes.map((text) => parsePrefix(text)!),
});

const WAN = port('wan', 'outside', ['203.0.113.2/28']);
const LAN = port('lan', 'inside', ['10.0.1.1/24']);

/** A box with these interfaces, and with virtual IPs that it has itself (IP alias, CARP). */
const box = (interfaces: Device['interfaces'], ...virtualIps: readonly string[]): Device => ({
  forwarding: true,
  localAddresses: virtualIps.map((text) => parseAddress(text)!),
  interfaces,
});

/** The boxes that hold the configurations beside this file; an interface is named by its key. */
export const WILD_BOXES: Readonly<Record<string, Device>> = {
  'small-office': box([WAN, LAN], '203.0.113.10'),
  hosting: box(
    [WAN, port('lan', 'inside', ['10.0.9.1/24']), port('opt1', 'inside', ['172.31.255.1/30'])],
    ...['203.0.113.3', '203.0.113.10', '203.0.113.11', '203.0.113.12', '10.0.9.254'],
  ),
  'multi-wan': box([WAN, LAN, port('opt1', 'outside', ['198.51.100.2/29'])], '203.0.113.10', '198.51.100.4'),
  vpn: box([WAN, LAN, port('opt1', 'vpn', ['10.8.0.1/24'])], '203.0.113.10', '203.0.113.11'),
  'port-forwards': box([WAN, LAN], '203.0.113.10'),
  'allow-all': box([WAN, LAN], '203.0.113.10'),
  aliases: box([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  ipv6: box(
    [port('wan', 'outside', ['203.0.113.2/28', '2001:db8:1::2/64']), port('lan', 'inside', ['10.0.1.1/24', '2001:db8:2::1/64'])],
    '203.0.113.10',
  ),
  'hand-edited': box([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13', '203.0.113.14'),
  old: box([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12'),
  newest: box([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  reflection: box([WAN, LAN, port('opt1', 'dmz', ['10.0.2.1/24'])], '203.0.113.10'),
  floating: box([WAN, LAN], '203.0.113.10'),
  schedules: box([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  'not-loaded': box([WAN, LAN], '203.0.113.10'),
  dynamic: box([WAN, LAN]),
  'behind-a-router': box([WAN, port('lan', 'inside', ['10.0.1.1/24'], ['10.9.0.0/24'])], '203.0.113.10'),
  'static-routes': box([WAN, port('lan', 'inside', ['10.0.1.1/24'], ['10.9.0.0/24'])]),
  pfblocker: box([WAN, LAN], '203.0.113.10'),
  'ipv6-mapping': box(
    [port('wan', 'outside', ['203.0.113.2/28', '2001:db8:1::2/64']), port('lan', 'inside', ['10.0.1.1/24', '2001:db8:2::1/64'])],
    '2001:db8:1::10',
  ),
  forwards: box([WAN, LAN]),
  outbound: box([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12'),
  'single-interface': box([WAN], '203.0.113.10'),
  'lan-is-uplink': box([WAN, port('lan', 'outside', ['198.51.100.2/29']), port('opt1', 'inside', ['10.0.1.1/24'])]),
};
