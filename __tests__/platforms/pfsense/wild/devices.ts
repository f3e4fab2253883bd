// The devices of the sample pfSense configurations in this folder.

import { Device } from '../../../../lib/net/device';
import { port, router } from '../../../devices';

const WAN = port('wan', 'outside', ['203.0.113.2/28']);
const LAN = port('lan', 'inside', ['10.0.1.1/24']);

/** The devices of the configurations in this folder; an interface is named by its key. */
export const WILD_BOXES: Readonly<Record<string, Device>> = {
  'small-office': router([WAN, LAN], '203.0.113.10'),
  hosting: router(
    [WAN, port('lan', 'inside', ['10.0.9.1/24']), port('opt1', 'inside', ['172.31.255.1/30'])],
    ...['203.0.113.3', '203.0.113.10', '203.0.113.11', '203.0.113.12', '10.0.9.254'],
  ),
  'multi-wan': router([WAN, LAN, port('opt1', 'outside', ['198.51.100.2/29'])], '203.0.113.10', '198.51.100.4'),
  vpn: router([WAN, LAN, port('opt1', 'vpn', ['10.8.0.1/24'])], '203.0.113.10', '203.0.113.11'),
  'port-forwards': router([WAN, LAN], '203.0.113.10'),
  'allow-all': router([WAN, LAN], '203.0.113.10'),
  aliases: router([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  ipv6: router(
    [
      port('wan', 'outside', ['203.0.113.2/28', '2001:db8:1::2/64']),
      port('lan', 'inside', ['10.0.1.1/24', '2001:db8:2::1/64']),
    ],
    '203.0.113.10',
  ),
  'hand-edited': router([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12', '203.0.113.13', '203.0.113.14'),
  old: router([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12'),
  newest: router([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  reflection: router([WAN, LAN, port('opt1', 'dmz', ['10.0.2.1/24'])], '203.0.113.10'),
  floating: router([WAN, LAN], '203.0.113.10'),
  schedules: router([WAN, LAN], '203.0.113.10', '203.0.113.11'),
  'not-loaded': router([WAN, LAN], '203.0.113.10'),
  dynamic: router([WAN, LAN]),
  'behind-a-router': router([WAN, port('lan', 'inside', ['10.0.1.1/24'], ['10.9.0.0/24'])], '203.0.113.10'),
  'static-routes': router([WAN, port('lan', 'inside', ['10.0.1.1/24'], ['10.9.0.0/24'])]),
  pfblocker: router([WAN, LAN], '203.0.113.10'),
  'ipv6-mapping': router(
    [
      port('wan', 'outside', ['203.0.113.2/28', '2001:db8:1::2/64']),
      port('lan', 'inside', ['10.0.1.1/24', '2001:db8:2::1/64']),
    ],
    '2001:db8:1::10',
  ),
  forwards: router([WAN, LAN]),
  outbound: router([WAN, LAN], '203.0.113.10', '203.0.113.11', '203.0.113.12'),
  'single-interface': router([WAN], '203.0.113.10'),
  'lan-is-uplink': router([WAN, port('lan', 'outside', ['198.51.100.2/29']), port('opt1', 'inside', ['10.0.1.1/24'])]),
};
