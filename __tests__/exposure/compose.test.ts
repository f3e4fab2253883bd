// Tests the composition of a gateway's reachability with a server's: end to end both must pass a packet, and the server
// sees it after the gateway's translation.

import {
  ALLOWED,
  Reachability,
  createMove,
  createTarget,
  createTranslation,
  UNTRANSLATED,
} from '../../lib/reachability/reachability';
import { computeEndToEnd } from '../../lib/reachability/end-to-end';
import { Address } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { PacketMap } from '../../lib/net/packet-map';
import { toSingleRange } from '../../lib/net/range';
import { at } from '../devices';

const [publicly, server, wan, lan, client] = ['203.0.113.10', '10.0.0.10', '203.0.113.1', '10.0.0.1', '10.0.0.20'].map(
  at,
) as [Address, Address, Address, Address, Address];
const tcp = (ports: readonly number[], source?: Address) => ({
  protocol: [{ first: 6, last: 6 }],
  port: ports.map((port) => ({ first: port, last: port })),
  ...(source === undefined ? {} : { source: [toSingleRange(source)] }),
});

const gateway: Device = {
  interfaces: [
    { name: 'wan0', role: 'outside', addresses: [{ address: wan, length: 24 }], routes: [] },
    { name: 'lan0', role: 'inside', addresses: [{ address: lan, length: 24 }], routes: [] },
  ],
  localAddresses: [publicly],
  forwarding: true,
};
const host: Device = {
  interfaces: [{ name: 'eth0', role: 'inside', addresses: [{ address: server, length: 24 }], routes: [] }],
  localAddresses: [server],
  forwarding: false,
};

const atGateway: Reachability = {
  views: [
    {
      startLocation: { kind: 'interface', name: 'wan0' },
      dispositions: PacketMap.create(ALLOWED, {
        destination: [toSingleRange(publicly)],
        ...tcp([25, 443, 3306]),
      }).unite(PacketMap.create(ALLOWED, { destination: [toSingleRange(wan)], ...tcp([22]) })),
      translations: PacketMap.create(createTranslation({ destination: createMove(server - publicly) }), {
        destination: [toSingleRange(publicly)],
      }).unite(PacketMap.createConstant(UNTRANSLATED)),
    },
    {
      startLocation: { kind: 'interface', name: 'lan0' },
      dispositions: PacketMap.create(ALLOWED, { destination: [toSingleRange(publicly)], ...tcp([25, 443]) }),
      translations: PacketMap.create(
        createTranslation({ destination: createMove(server - publicly), source: createTarget(lan) }),
        {
          destination: [toSingleRange(publicly)],
        },
      ),
    },
  ],
};
const atHost: Reachability = {
  views: [
    {
      startLocation: { kind: 'interface', name: 'eth0' },
      // 443 for every source, 25 for the gateway's own address only, which is the source of hairpin clients.
      dispositions: PacketMap.create(ALLOWED, { destination: [toSingleRange(server)], ...tcp([443]) }).unite(
        PacketMap.create(ALLOWED, { destination: [toSingleRange(server)], ...tcp([25], lan) }),
      ),
      translations: PacketMap.createConstant(UNTRANSLATED),
    },
  ],
};

const packet = (source: Address, port: number, destination = publicly) => ({
  source,
  destination,
  protocol: 6,
  port,
  sourcePort: 40_000,
});

it("end to end both must allow it, and the server sees the gateway's translation", () => {
  const [outside, inside] = computeEndToEnd(atGateway, gateway, [{ device: host, reachability: atHost }]);
  const internet = at('198.51.100.7');
  expect([25, 443, 3306].map((port) => outside!.view.dispositions.findValue(packet(internet, port))?.is)).toEqual([
    undefined,
    'allowed',
    undefined,
  ]);
  expect([25, 443, 3306].map((port) => outside!.refusedByHost.findValue(packet(internet, port)))).toEqual([
    true,
    undefined,
    true,
  ]);
  // The hairpin client arrives with the gateway's address, which the server allows to port 25.
  expect([25, 443].map((port) => inside!.view.dispositions.findValue(packet(client, port))?.is)).toEqual([
    'allowed',
    'allowed',
  ]);
  expect(inside!.refusedByHost.isEmpty).toBe(true);
  // Packets that end at the gateway don't depend on a server.
  expect(outside!.view.dispositions.findValue(packet(internet, 22, wan))?.is).toBe('allowed');
});

it('a server with an unknown firewall leaves the decision to the gateway', () => {
  const [outside] = computeEndToEnd(atGateway, gateway, []);
  expect(outside!.view.dispositions.findValue(packet(client, 25))?.is).toBe('allowed');
  expect(outside!.gatewayOnly.findValue(packet(client, 25))).toBe(true);
  expect(outside!.gatewayOnly.findValue(packet(client, 22, wan))).toBeUndefined();
});

it('an address of two servers is as open as the more open one, in either order', () => {
  const closed: Reachability = {
    views: [
      {
        startLocation: { kind: 'interface', name: 'eth0' },
        dispositions: PacketMap.createEmpty(),
        translations: PacketMap.createEmpty(),
      },
    ],
  };
  const [open, shut] = [
    { device: host, reachability: atHost },
    { device: host, reachability: closed },
  ];
  const alone = computeEndToEnd(atGateway, gateway, [open])[0]!;
  for (const both of [
    [open, shut],
    [shut, open],
  ]) {
    const [outside] = computeEndToEnd(atGateway, gateway, both);
    expect(outside!.view.dispositions.equals(alone.view.dispositions)).toBe(true);
    expect(outside!.refusedByHost.equals(alone.refusedByHost)).toBe(true);
  }
});
