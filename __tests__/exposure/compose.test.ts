import { ALLOWED, Exposure, moved, set, translation, UNTRANSLATED } from '../../lib/reachability/exposure';
import { composed } from '../../lib/reachability/compose';
import { Address } from '../../lib/net/address';
import { Device } from '../../lib/net/device';
import { PacketMap } from '../../lib/net/packet-map';
import { point } from '../../lib/net/range';
import { at } from '../devices';

const [publicly, server, wan, lan, client] = ['203.0.113.10', '10.0.0.10', '203.0.113.1', '10.0.0.1', '10.0.0.20'].map(
  at,
) as [Address, Address, Address, Address, Address];
const tcp = (ports: readonly number[], source?: Address) => ({
  protocol: [{ first: 6, last: 6 }],
  port: ports.map((port) => ({ first: port, last: port })),
  ...(source === undefined ? {} : { source: [point(source)] }),
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

const atGateway: Exposure = {
  views: [
    {
      vantage: { kind: 'interface', name: 'wan0' },
      verdicts: PacketMap.of(ALLOWED, { destination: [point(publicly)], ...tcp([25, 443, 3306]) }).or(
        PacketMap.of(ALLOWED, { destination: [point(wan)], ...tcp([22]) }),
      ),
      translations: PacketMap.of(translation({ destination: moved(server - publicly) }), {
        destination: [point(publicly)],
      }).or(PacketMap.everywhere(UNTRANSLATED)),
    },
    {
      vantage: { kind: 'interface', name: 'lan0' },
      verdicts: PacketMap.of(ALLOWED, { destination: [point(publicly)], ...tcp([25, 443]) }),
      translations: PacketMap.of(translation({ destination: moved(server - publicly), source: set(lan) }), {
        destination: [point(publicly)],
      }),
    },
  ],
};
const atHost: Exposure = {
  views: [
    {
      vantage: { kind: 'interface', name: 'eth0' },
      // 443 for everybody, 25 for the gateway's own address only: what hairpin makes of a client.
      verdicts: PacketMap.of(ALLOWED, { destination: [point(server)], ...tcp([443]) }).or(
        PacketMap.of(ALLOWED, { destination: [point(server)], ...tcp([25], lan) }),
      ),
      translations: PacketMap.everywhere(UNTRANSLATED),
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

it('end to end both must let it pass, and the host sees what the gateway made of it', () => {
  const [outside, inside] = composed(atGateway, gateway, [{ device: host, exposure: atHost }]);
  const internet = at('198.51.100.7');
  expect([25, 443, 3306].map((port) => outside!.view.verdicts.at(packet(internet, port))?.is)).toEqual([
    undefined,
    'allowed',
    undefined,
  ]);
  expect([25, 443, 3306].map((port) => outside!.refusedByHost.at(packet(internet, port)))).toEqual([
    true,
    undefined,
    true,
  ]);
  // The hairpin client comes as the gateway, which the host lets through to 25.
  expect([25, 443].map((port) => inside!.view.verdicts.at(packet(client, port))?.is)).toEqual(['allowed', 'allowed']);
  expect(inside!.refusedByHost.isEmpty).toBe(true);
  // What ends at the gateway is no host's matter.
  expect(outside!.view.verdicts.at(packet(internet, 22, wan))?.is).toBe('allowed');
});

it("a host whose firewall is unknown leaves the gateway's word alone", () => {
  const [outside] = composed(atGateway, gateway, []);
  expect(outside!.view.verdicts.at(packet(client, 25))?.is).toBe('allowed');
  expect(outside!.gatewayOnly.at(packet(client, 25))).toBe(true);
  expect(outside!.gatewayOnly.at(packet(client, 22, wan))).toBeUndefined();
});

it('an address that two servers have is as open as at the one that opens more, in either order', () => {
  const closed: Exposure = {
    views: [
      {
        vantage: { kind: 'interface', name: 'eth0' },
        verdicts: PacketMap.nothing(),
        translations: PacketMap.nothing(),
      },
    ],
  };
  const [open, shut] = [
    { device: host, exposure: atHost },
    { device: host, exposure: closed },
  ];
  const alone = composed(atGateway, gateway, [open])[0]!;
  for (const both of [
    [open, shut],
    [shut, open],
  ]) {
    const [outside] = composed(atGateway, gateway, both);
    expect(outside!.view.verdicts.equals(alone.view.verdicts)).toBe(true);
    expect(outside!.refusedByHost.equals(alone.refusedByHost)).toBe(true);
  }
});
