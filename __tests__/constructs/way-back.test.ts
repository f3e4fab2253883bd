// Tests that a release which would close the SSH connection that delivers it is refused at synthesis: directly, by a
// virtual IP, by a jump host, or by a mapping.

import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  Gateway,
  OneToOneNat,
  VirtualIp,
} from '../../constructs/public';
import { ConnectionIntent } from '../../lib/intent/intent';
import { HOST_KEY, gatewayIn, gatewayProps, profileIn, profileProps, serverProps, stackOf } from './construct-samples';
import { refusalOf, refusedBy, saidOf } from './refused-stacks';

const here = '(__tests__/constructs/way-back.test.ts:N)';

const refused = (
  connection: object,
  profile: Partial<CpanelFirewallProfileProps> = {},
  more: Partial<CpanelServerProps> = {},
): readonly string[] => {
  const stack = stackOf();
  const own = new CpanelFirewallProfile(stack, 'own', { ...profileProps, ...profile });
  new CpanelServer(stack, 'web1', {
    ...serverProps(own),
    trustedNetworks: 'none',
    connection: { hostKeys: [HOST_KEY], ...connection },
    ...more,
  });
  return refusedBy(stack);
};

test("SSH to a port of the server that its profile doesn't open is refused", () => {
  const closed = [`constructs/ssh-closed at CpanelServer "web1" ${here} connection`];
  expect(refused({ port: 2222 })).toEqual(closed);
  expect(refused({ port: 2222, host: '10.0.0.10' })).toEqual(closed);
  const management = { from: ['10.0.0.0/28'], port: 2222 };
  expect(refused({}, { management })).toEqual(closed);
  expect(refused({ port: 2222 }, { management })).toEqual([]);
  expect(refused({})).toEqual([]);
});

test('accepted if another owner opens it, or if it may be another port or address', () => {
  expect(refused({ port: 2222 }, { services: ['smtp', { service: '2222/tcp', from: ['192.0.2.0/28'] }] })).toEqual([]);
  expect(refused({ port: 2222 }, {}, { trustedNetworks: ['10.0.0.0/24'] })).toEqual([]);
  expect(refused({ port: 2222, host: '203.0.113.10' })).toEqual([]);
  expect(refused({ port: 2222, host: 'web1.example.com' })).toEqual([]);
  expect(refused({ port: 2222, userConfiguration: true })).toEqual([]);
});

test.each<[string, string, object, readonly string[]]>([
  ['for every source', '203.0.113.10', {}, ['constructs/host-published']],
  ['of another address', '203.0.113.11', {}, []],
])('SSH to an address that a mapping %s translates away', (_, host, mapping, expected) => {
  const stack = stackOf();
  const gateway = gatewayIn(stack, { connection: { ...gatewayProps.connection, host } });
  const virtualIp = new VirtualIp(stack, 'vip', { gateway, address: '203.0.113.10' });
  const open = [{ ports: 443, protocol: 'tcp', from: 'anywhere' }] as const;
  new OneToOneNat(stack, 'web', { virtualIp, internal: '10.0.0.10', open, ...mapping });
  const problems = refusalOf(stack);
  expect(problems.map(({ code }) => code)).toEqual(expected);
  expect(problems.map(({ where, what }) => [where.replace(/:\d+\)/, ':N)'), what])).toEqual(
    expected.map(() => [
      'Gateway "edge1" (__tests__/constructs/construct-samples.ts:N) connection',
      'SSH goes to 203.0.113.10, and mapping web translates what comes there to 10.0.0.10: the next connection would end at that host, and the delivery be rolled back.',
    ]),
  );
});

describe('SSH to a virtual IP of the gateway itself', () => {
  const said = (vip: object = {}, mapping?: object): readonly string[] => {
    const stack = stackOf();
    const gateway = gatewayIn(stack, { connection: { ...gatewayProps.connection, host: '203.0.113.10' } });
    const virtualIp = new VirtualIp(stack, 'spare', { gateway, address: '203.0.113.10', ...vip });
    if (mapping) new OneToOneNat(stack, 'web', { virtualIp, internal: '10.0.0.10', ...mapping });
    return saidOf(stack);
  };
  const dropped = [
    'constructs/host-virtual-ip at Gateway "edge1" (__tests__/constructs/construct-samples.ts:N) connection: SSH goes to 203.0.113.10, the virtual IP spare, where the gateway answers port 22 to no source: the next connection would be dropped, and the delivery be rolled back.',
  ];

  test('is refused, also beside a mapping for some peers and a disabled one', () => {
    expect(said()).toEqual(dropped);
    expect(said({ answers: [{ service: 'https', from: 'anywhere' }] })).toEqual(dropped);
    expect(said({ kind: 'proxy-arp' })).toEqual(dropped);
    expect(said({}, { destination: ['192.0.2.0/28'] })).toEqual(dropped);
    expect(said({}, { enabled: false })).toEqual(dropped);
  });

  test('is accepted if the virtual IP answers it, whatever the source', () => {
    const answers = [{ service: 'ssh', from: ['198.51.100.0/24'] }];
    expect(said({ answers })).toEqual([]);
    expect(said({ answers }, { destination: ['192.0.2.0/28'] })).toEqual([]);
  });
});

describe('SSH to a server by way of a jump host', () => {
  const said = (
    { jump, ...connection }: { readonly host?: string; readonly jump: Omit<ConnectionIntent, 'hostKeys'> },
    profile: Partial<CpanelFirewallProfileProps> = {},
    more: Partial<CpanelServerProps> = {},
    gatewayHost?: string,
  ): readonly string[] => {
    const stack = stackOf();
    if (gatewayHost !== undefined) gatewayIn(stack, { connection: { ...gatewayProps.connection, host: gatewayHost } });
    const own = new CpanelFirewallProfile(stack, 'own', {
      ...profileProps,
      management: { from: ['198.51.100.0/24'], port: 22 },
      ...profile,
    });
    const by = { hostKeys: [HOST_KEY], jump: { hostKeys: [HOST_KEY], ...jump }, ...connection };
    new CpanelServer(stack, 'web1', { ...serverProps(own), trustedNetworks: 'none', ...more, connection: by });
    return saidOf(stack);
  };
  const closed = (by: string): readonly string[] => [
    `constructs/ssh-closed-to-jump at CpanelServer "web1" ${here} connection: SSH comes by ${by}, so out of 10.0.0.0/24, and the profile opens port 22 to no source there: the delivery would lock itself out, and be rolled back.`,
  ];

  test("in the server's network, which the server doesn't allow, is refused", () => {
    const jump = { host: '10.0.0.5' };
    expect(said({ jump })).toEqual(closed('the jump host 10.0.0.5'));
    expect(said({ jump: { ...jump, jump: { host: '192.0.2.9', hostKeys: [HOST_KEY] } } })).toEqual(
      closed('the jump host 10.0.0.5'),
    );
    // The jump host may have several addresses there, and 10.0.0.5 may be a floating one.
    expect(said({ jump }, { management: { from: ['10.0.0.6'], port: 22 } })).toEqual([]);
    expect(said({ jump }, { services: [{ service: 'ssh', from: ['10.0.0.0/28'] }] })).toEqual([]);
    expect(said({ jump }, { services: [{ service: 'ssh', from: 'anywhere' }] })).toEqual([]);
    expect(said({ jump }, {}, { trustedNetworks: ['10.0.0.5/32'] })).toEqual([]);
    expect(said({ jump }, {}, { trustedNetworks: ['10.0.0.5/32'], trustedConnections: 'listed' })).toEqual(
      closed('the jump host 10.0.0.5'),
    );
  });

  test('that is the gateway, by any address or name, is refused', () => {
    for (const host of ['10.0.0.1', '203.0.113.2', 'edge1.example.com']) {
      expect(said({ jump: { host } }, {}, {}, host)).toEqual(closed(`the jump host ${host}`));
      expect(
        said({ jump: { host } }, { management: { from: ['198.51.100.0/24', '10.0.0.1'], port: 22 } }, {}, host),
      ).toEqual([]);
    }
    expect(said({ jump: { host: '203.0.113.2' } }, {}, {}, '10.0.0.1')).toEqual(closed('the jump host 203.0.113.2'));
  });

  test('with an unknown path to the server is accepted', () => {
    expect(said({ jump: { host: '192.0.2.9' } })).toEqual([]);
    expect(said({ jump: { host: 'bastion.example.com' } }, {}, {}, '10.0.0.1')).toEqual([]);
    // A port of the gateway's address may be translated to another host.
    expect(said({ jump: { host: '203.0.113.2', port: 2222 } }, {}, {}, '203.0.113.2')).toEqual([]);
    expect(said({ jump: { host: '10.0.0.5', userConfiguration: true } })).toEqual([]);
    expect(said({ jump: { host: '10.0.0.5' }, host: 'web1.example.com' })).toEqual([]);
    expect(said({ jump: { host: '10.0.0.5' } }, {}, { addresses: ['10.0.0.10'] })).toEqual([]);
    expect(
      said({ jump: { host: '10.0.0.5' }, host: '10.1.0.10' }, {}, { addresses: ['10.0.0.10/24', '10.1.0.10/24'] }),
    ).toEqual([]);
  });
});

describe('SSH to a public address that a gateway translates', () => {
  const said = (connection: object, publish: (gateway: Gateway, server: CpanelServer) => void): readonly string[] => {
    const stack = stackOf();
    const profile = profileIn(stack, { management: { from: ['198.51.100.0/24'], port: 2222 } });
    const by = { hostKeys: [HOST_KEY], host: '203.0.113.10', ...connection };
    publish(gatewayIn(stack), new CpanelServer(stack, 'web1', { ...serverProps(profile), connection: by }));
    return saidOf(stack);
  };
  const publish = (gateway: Gateway, server: CpanelServer): void => void gateway.publish(server, '203.0.113.10');
  const closed = (port: number, by: string): readonly string[] => [
    `constructs/ssh-not-led-on at CpanelServer "web1" ${here} connection: SSH goes to 203.0.113.10, port ${port}, of Gateway "edge1" (__tests__/constructs/construct-samples.ts:N), and ${by}: the delivery would lock itself out, and be rolled back.`,
  ];
  const ofMapping = 'its mapping nat-203-0-113-10 opens that port to no source';

  test('by a closed port is refused', () => {
    expect(said({}, publish)).toEqual(closed(22, ofMapping));
    expect(said({ port: 2222 }, publish)).toEqual([]);
    expect(said({ host: '10.0.0.10', jump: { host: '203.0.113.10', hostKeys: [HOST_KEY] } }, publish)).toEqual(
      closed(22, ofMapping),
    );
    expect(
      said({ host: '10.0.0.10', jump: { host: '203.0.113.10', port: 2222, hostKeys: [HOST_KEY] } }, publish),
    ).toEqual([]);
  });

  test('without an enabled mapping, or to an unknown address, is accepted', () => {
    const none = 'nothing leads it on';
    expect(
      said({ port: 2222 }, (gateway, server) => void gateway.publish(server, '203.0.113.10', { enabled: false })),
    ).toEqual(closed(2222, none));
    expect(said({}, (gateway) => void new VirtualIp(gateway, 'vip', { gateway, address: '203.0.113.10' }))).toEqual(
      closed(22, none),
    );
    const answers = [{ service: 'ssh', from: 'anywhere' }] as const;
    const jump = { host: '203.0.113.11', hostKeys: [HOST_KEY] };
    const answering = (gateway: Gateway): void =>
      void new VirtualIp(gateway, 'vip', { gateway, address: '203.0.113.11', answers });
    expect(said({ host: '10.0.0.10', port: 2222, jump }, answering)).toEqual([]);
    expect(said({ host: '203.0.113.99' }, publish)).toEqual([]);
    expect(said({ userConfiguration: true }, publish)).toEqual([]);
  });
});
