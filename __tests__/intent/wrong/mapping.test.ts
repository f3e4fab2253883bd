// Tests that wrong 1:1 NAT mappings (unknown virtual IP, two external addresses, unequal prefix lengths) are refused,
// each with code, place and advice.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'mapping on nothing',
    (w) => {
      delete w.mappings[0].virtualIp;
      w.mappings[0].external = '203.0.113.12';
    },
    `intent/no-virtual-ip at mappings[0]: Nothing answers for 203.0.113.12: it is in no virtual IP of one interface, and in no public prefix that is routed to one.
  instead: A VirtualIp for it, or its network among the publicPrefixes of an outside interface with delivery "routed".`,
  ],
  [
    'mapping on a missing VIP',
    (w) => (w.mappings[0].virtualIp = 'mail'),
    `intent/unknown-virtual-ip at mappings[0] virtualIp: There is no virtual IP "mail".
  instead: One of web.`,
  ],
  [
    'mapping with two external addresses',
    (w) => (w.mappings[0].external = '203.0.113.10'),
    `intent/exactly-one at mappings[0]: "virtualIp" and "external" are both set.
  instead: Exactly one of them.`,
  ],
  [
    'mapping without an external address',
    (w) => delete w.mappings[0].virtualIp,
    `intent/exactly-one at mappings[0]: Neither "virtualIp" nor "external" is set.
  instead: Exactly one of them.`,
  ],
  [
    'mapping without internal',
    (w) => delete w.mappings[0].internal,
    `intent/missing at mappings[0]: "internal" is not set, and it has no default.
  instead: internal: '10.0.0.10', or a CpanelServer.`,
  ],
  [
    'mapping of the address of the gateway',
    (w) => {
      delete w.mappings[0].virtualIp;
      w.mappings[0].external = '203.0.113.2';
    },
    `intent/public-is-own-address at mappings[0] external: 203.0.113.2 is or contains the gateway's own address on eth0: translating it would take away its way to the internet and to its operators.
  instead: Another public address, as a virtual IP.`,
  ],
  [
    'masks that differ',
    (w) => {
      delete w.mappings[0].virtualIp;
      w.mappings[0].external = '198.51.100.16/29';
      w.mappings[0].internal = '10.0.2.0/28';
    },
    `intent/masks-differ at mappings[0]: 198.51.100.16/29 and 10.0.2.0/28 have different sizes, so addresses can't stand for each other one by one.
  instead: Two prefixes of the same length.`,
  ],
  [
    'host bits',
    (w) => {
      delete w.mappings[0].virtualIp;
      w.mappings[0].external = '198.51.100.17/29';
      w.mappings[0].internal = '10.0.2.3/29';
    },
    `intent/host-bits-set at mappings[0] external: "198.51.100.17/29" has host bits set, so it names a host and a network at once.
  instead: 198.51.100.16/29 for the network, or the address without a length.`,
    `intent/host-bits-set at mappings[0] internal: "10.0.2.3/29" has host bits set, so it names a host and a network at once.
  instead: 10.0.2.0/29 for the network, or the address without a length.`,
  ],
  [
    'overlap of external addresses',
    (w) =>
      w.mappings.push(
        { name: 'a', external: '198.51.100.16/29', internal: '10.0.2.0/29' },
        { name: 'b', external: '198.51.100.18', internal: '10.0.2.100' },
      ),
    `intent/outside-overlap at mappings[2]: 198.51.100.18 overlaps the external address of "a" at mappings[1]: the device would have to choose who gets a packet.
  instead: External prefixes that have no address in common; or enabled: false on one of the two.`,
  ],
  [
    'overlap of external addresses, the wider one last',
    (w) =>
      w.mappings.push(
        { name: 'b', external: '198.51.100.18', internal: '10.0.2.100' },
        { name: 'a', external: '198.51.100.16/29', internal: '10.0.2.0/29' },
      ),
    `intent/outside-overlap at mappings[2]: 198.51.100.16/29 overlaps the external address of "b" at mappings[1]: the device would have to choose who gets a packet.
  instead: External prefixes that have no address in common; or enabled: false on one of the two.`,
  ],
];

refuses('mapping', WRONG);
