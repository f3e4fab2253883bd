// Tests that a virtual IP or a mapped server with an address that a gateway itself has is refused, also if it is
// another gateway of the stack; and an SSH connection by an address that leads to another device.

import { App } from 'cdktf';
import { CpanelServer, Gateway, GatewayProps, VirtualIp } from '../../constructs/public';
import { HOST_KEY, gatewayIn, gatewayProps, profileIn, serverIn, serverProps, stackOf } from './construct-samples';
import { saidOf } from './refused-stacks';

const here = '(__tests__/constructs/own-addresses.test.ts:N)';
const samples = '(__tests__/constructs/construct-samples.ts:N)';

const other = (outside: string, inside: string, host = outside): GatewayProps => ({
  ...gatewayProps,
  interfaces: [`wan0: outside ${outside}/24`, `lan0: inside ${inside}/24`],
  connection: { host, hostKeys: [HOST_KEY] },
});

describe('the own address of another gateway', () => {
  const refused = (publish: (gateway: Gateway) => void, app = new App({ stackTraces: false })): readonly string[] => {
    const stack = stackOf('edge', app);
    publish(gatewayIn(stack));
    const connection = { host: '203.0.113.3', hostKeys: [HOST_KEY] };
    const interfaces = ['wan0: outside 203.0.113.3/24', 'lan0: inside 10.0.0.3/24'] as const;
    new Gateway(stack, 'edge2', { ...gatewayProps, interfaces, connection });
    return saidOf(stack);
  };

  it('is refused as a virtual IP of any kind', () => {
    const said = (id: string): readonly string[] => [
      `constructs/address-of-other-gateway at VirtualIp "${id}" ${here}: 203.0.113.3 is the own address of Gateway "edge2" ${here} on wan0: both would answer for it, and what is for the one, SSH too, would go to either.`,
    ];
    expect(refused((gateway) => void gateway.publish('10.0.0.20', '203.0.113.3'))).toEqual(said('vip-203-0-113-3'));
    const answered = (gateway: Gateway): void =>
      void new VirtualIp(gateway, 'vip', { gateway, address: '203.0.113.3', kind: 'proxy-arp' });
    expect(refused(answered)).toEqual(said('vip'));
  });

  it('is accepted if it differs', () => {
    expect(refused((gateway) => void gateway.publish('10.0.0.20', '203.0.113.4'))).toEqual([]);
  });

  it('is refused in a copied gateway that still has it', () => {
    const said = (outside: string): readonly string[] => {
      const stack = stackOf('edge');
      gatewayIn(stack);
      const connection = { host: '203.0.113.3', hostKeys: [HOST_KEY] };
      new Gateway(stack, 'edge2', {
        ...gatewayProps,
        interfaces: [`wan0: outside ${outside}/24`, 'lan0: inside 10.0.0.3/24'],
        connection,
      });
      return saidOf(stack);
    };
    expect(said('203.0.113.2')).toEqual([
      `constructs/address-of-other-gateway at Gateway "edge2" ${here} wan0: 203.0.113.2 is the own address of Gateway "edge1" ${samples} on wan0: both would answer for it, and what is for the one, SSH too, would go to either.`,
    ]);
    expect(said('203.0.113.3')).toEqual([]);
  });

  it('is accepted in another stack, which may be a copy with the same addresses', () => {
    const app = new App({ stackTraces: false });
    const other = stackOf('copy', app);
    new Gateway(other, 'edge1', {
      ...gatewayProps,
      interfaces: ['wan0: outside 203.0.113.4/24', 'lan0: inside 10.0.0.3/24'],
    });
    expect(refused((gateway) => void gateway.publish('10.0.0.20', '203.0.113.4'), app)).toEqual([]);
  });
});

describe('a server with the address of a gateway', () => {
  const said = (address: string, others: readonly string[] = []): readonly string[] => {
    const stack = stackOf();
    gatewayIn(stack, { connection: { ...gatewayProps.connection, host: '203.0.113.2' } });
    new Gateway(stack, 'edge2', other('203.0.113.3', '10.0.0.3'));
    const connection = { host: '10.0.0.77', hostKeys: [HOST_KEY] };
    serverIn(stack, { addresses: [address, ...others].map((one) => `${one}/24`), connection });
    return saidOf(stack);
  };
  const both = 'on one wire both would answer for it, and what is for the server would go to either.';

  it('is refused, whether it is the gateway before it or another one', () => {
    expect(said('10.0.0.1')).toEqual([
      `constructs/address-of-gateway at CpanelServer "mail1" ${samples} addresses: 10.0.0.1 is the own address of Gateway "edge1" ${samples} on lan0: ${both}`,
    ]);
    expect(said('10.0.0.10', ['10.0.0.3'])).toEqual([
      `constructs/address-of-gateway at CpanelServer "mail1" ${samples} addresses: 10.0.0.3 is the own address of Gateway "edge2" ${here} on lan0: ${both}`,
    ]);
    expect(said('10.0.0.4')).toEqual([]);
  });

  it('is accepted in another stack, which may be another site', () => {
    const app = new App({ stackTraces: false });
    const stack = stackOf('servers', app);
    gatewayIn(stackOf('edge', app), { connection: { ...gatewayProps.connection, host: '203.0.113.2' } });
    serverIn(stack, { addresses: ['10.0.0.1/24'], connection: { host: '10.0.0.77', hostKeys: [HOST_KEY] } });
    expect(saidOf(stack)).toEqual([]);
  });

  it('is accepted if both are one device with one name', () => {
    const stack = stackOf();
    gatewayIn(stack);
    new CpanelServer(stack, 'host', {
      ...serverProps(profileIn(stack)),
      owner: 'panel',
      device: 'edge1',
      addresses: ['10.0.0.1/24'],
      connection: gatewayProps.connection,
    });
    expect(saidOf(stack)).toEqual([]);
  });
});

describe('a connection by an address of another device', () => {
  const wan = { ...gatewayProps.connection, host: '203.0.113.2' };
  const to = (host: string, more: object = {}): object => ({ host, hostKeys: [HOST_KEY], ...more });
  const said = (connection: object, gateway: object = {}, publish = false): readonly string[] => {
    const stack = stackOf();
    const edge = gatewayIn(stack, { connection: { ...wan, ...gateway } });
    const mail = serverIn(stack, {
      addresses: ['10.0.0.10/24', '10.0.0.11/24'],
      connection: { host: '10.0.0.10', hostKeys: [HOST_KEY] },
    });
    if (publish) edge.publish({ server: mail, address: '10.0.0.10' }, '203.0.113.10');
    const profile = profileIn(stack, { name: 'web' }, 'web-profile');
    new CpanelServer(stack, 'web1', {
      ...serverProps(profile),
      addresses: ['10.0.0.20/24'],
      connection: connection as never,
    });
    return saidOf(stack);
  };
  const one = (host: string, whose: string): readonly string[] => [
    `constructs/one-connection at CpanelServer "web1" ${here} connection: SSH goes to ${host}, port 22, ${whose}: what is of this device would be loaded on that one.`,
  ];

  it("by that device's own address is refused", () => {
    expect(said(to('10.0.0.1'))).toEqual(one('10.0.0.1', `an own address of Gateway "edge1" ${samples}`));
    expect(said(to('10.0.0.11'))).toEqual(one('10.0.0.11', `an own address of CpanelServer "mail1" ${samples}`));
  });

  it('by a public address of that device is refused', () =>
    expect(said(to('203.0.113.10'), {}, true)).toEqual(
      one('203.0.113.10', `which OneToOneNat "nat-203-0-113-10" ${here} leads to CpanelServer "mail1" ${samples}`),
    ));

  it('is accepted with another port or jump host, since a port may be forwarded, and by its own address', () => {
    expect(said(to('10.0.0.1', { port: 2222 })).filter((text) => !text.startsWith('constructs/ssh-closed'))).toEqual(
      [],
    );
    expect(said(to('10.0.0.11', { jump: to('198.51.100.9') }))).toEqual([]);
    expect(said(to('203.0.113.2'), { host: '10.0.0.1' })).toEqual([]);
    expect(said(to('10.0.0.20'))).toEqual([]);
  });

  it('of a gateway is refused, too', () => {
    const stack = stackOf();
    gatewayIn(stack);
    new Gateway(stack, 'edge2', other('203.0.113.3', '10.0.0.3', '203.0.113.2'));
    expect(saidOf(stack)).toEqual([
      `constructs/one-connection at Gateway "edge2" ${here} connection: SSH goes to 203.0.113.2, port 22, an own address of Gateway "edge1" ${samples}: what is of this device would be loaded on that one.`,
    ]);
  });
});
