// Tests that a stack in which the defaults of the docs are written out synthesizes the same as one that leaves them
// out.

import { Testing } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  GatewayProps,
  OneToOneNat,
  OneToOneNatProps,
  VirtualIp,
  VirtualIpProps,
} from '../../constructs/public';
import { HOST_KEY, gatewayIn, profileProps, serverProps, stackOf } from './construct-samples';

interface Said {
  readonly gateway?: Partial<GatewayProps>;
  readonly virtualIp?: Partial<VirtualIpProps>;
  readonly mapping?: Partial<OneToOneNatProps>;
  readonly profile?: Partial<CpanelFirewallProfileProps>;
  readonly server?: Partial<CpanelServerProps>;
}

/** Returns what Terraform receives for a gateway, a server behind it and all between them. */
function written({ gateway, virtualIp, mapping, profile, server }: Said): string {
  const stack = stackOf();
  const healthChecks = [{ interface: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22 }];
  const edge = gatewayIn(stack, { healthChecks, ...gateway });
  const internal = new CpanelServer(stack, 'mail1', {
    ...serverProps(new CpanelFirewallProfile(stack, 'profile', { ...profileProps, ...profile })),
    ...server,
  } as CpanelServerProps);
  const vip = new VirtualIp(stack, 'mail-vip', {
    gateway: edge,
    address: '203.0.113.10',
    ...virtualIp,
  } as VirtualIpProps);
  new OneToOneNat(stack, 'nat', { virtualIp: vip, internal, ...mapping } as OneToOneNatProps);
  return Testing.synth(stack);
}
const asItIs = written({});

test('writing out the defaults of the pages changes nothing that Terraform receives', () =>
  expect(
    written({
      gateway: {
        device: 'edge1',
        establishedSessions: 'terminate',
        healthChecks: [{ interface: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22, protocol: 'tcp' }],
        connection: {
          host: '10.0.0.1',
          hostKeys: [HOST_KEY],
          port: 22,
          user: 'root',
          userConfiguration: false,
          rollbackSeconds: 90,
        },
      },
      server: { device: 'mail1', interface: 'eth0', trustedConnections: 'unmanaged', onRemove: 'keep closed' },
      profile: { name: 'profile', outbound: 'anywhere', cpanelVersion: '112' },
      virtualIp: { name: 'mail-vip', interface: 'wan0', mask: 24, kind: 'ip-alias' },
      mapping: {
        name: 'nat',
        destination: 'anywhere',
        reflection: { mode: 'pure-nat', from: ['lan0'], onServer: true },
      },
    }),
  ).toBe(asItIs));

test('a server without a host is reached at its only address', () =>
  expect(written({ server: { connection: { hostKeys: [HOST_KEY] } } })).toBe(asItIs));

test('another value than the default gives another stack', () =>
  expect(written({ gateway: { establishedSessions: 'keep' } })).not.toBe(asItIs));

test('undefined counts as left out', () => {
  const of = (...keys: readonly string[]): object => Object.fromEntries(keys.map((key) => [key, undefined]));
  const said = {
    gateway: of('device', 'establishedSessions'),
    server: of('device', 'onRemove'),
    virtualIp: of('name', 'kind'),
  };
  expect(written({ ...said, mapping: of('name', 'destination'), profile: of('name', 'outbound') })).toBe(asItIs);
});
