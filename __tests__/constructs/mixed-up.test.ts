// Tests refusals of devices that are mixed up: a server with its gateway's connection, two devices with one connection,
// and constructs of another App.

import { App, TerraformStack } from 'cdktf';
import { CpanelServer, Gateway, NatReflection, OneToOneNat, VirtualIp } from '../../constructs/public';
import {
  HOST_KEY,
  gatewayIn,
  gatewayProps,
  profileIn,
  serverIn,
  serverProps,
  stackOf,
  vipIn,
} from './construct-samples';
import { refusalOf, refusedBy, saidOf } from './refused-stacks';

const here = '(__tests__/constructs/mixed-up.test.ts:N)';
const samples = '(__tests__/constructs/construct-samples.ts:N)';

describe('a server with its gateway’s connection', () => {
  const refused = (connection: object, gateway: object = {}): readonly string[] => {
    const stack = stackOf();
    gatewayIn(stack, { connection: { ...gatewayProps.connection, ...gateway } });
    serverIn(stack, { connection: { hostKeys: [HOST_KEY], ...connection } });
    return saidOf(stack);
  };

  it('is refused, with both lines', () => {
    expect(refused(gatewayProps.connection)).toEqual([
      `constructs/one-connection at CpanelServer "mail1" ${samples} connection: SSH goes to 10.0.0.1, port 22, and that of Gateway "edge1" ${samples} too: what is of this device would be loaded on that one.`,
    ]);
  });

  it('is accepted with another port or behind another jump host', () => {
    const jump = { host: 'bastion', hostKeys: [HOST_KEY] };
    expect(refused({ host: '10.0.0.1', port: 2222 })).toEqual([]);
    expect(refused({ host: '10.0.0.1', jump })).toEqual([]);
    expect(refused({ host: '10.0.0.1', jump }, { jump })).toEqual([
      expect.stringMatching(/^constructs\/one-connection/),
    ]);
  });
});

describe('two devices with one connection', () => {
  const connection = { host: '192.0.2.7', hostKeys: [HOST_KEY] };
  const said = (kind: string, id: string, other: string): unknown =>
    expect.stringMatching(
      new RegExp(
        `^constructs/one-connection at ${kind} "${id}" .* connection: SSH goes to 192\\.0\\.2\\.[78], port 22, and that of ${other} "`,
      ),
    );

  it('are refused in one stack', () => {
    const stack = stackOf();
    const props = serverProps(profileIn(stack));
    for (const [id, address] of [
      ['a', '10.0.0.11/24'],
      ['b', '10.0.0.12/24'],
      ['c', '10.0.0.13/24'],
    ] as const)
      new CpanelServer(stack, id, { ...props, addresses: [address], connection });
    for (const n of [1, 2]) {
      const interfaces = [`wan0: outside 203.0.113.${n}/24`, `lan0: inside 10.0.0.${n}/24`] as const;
      new Gateway(stack, `edge${n}`, { ...gatewayProps, interfaces, connection: { ...connection, host: '192.0.2.8' } });
    }
    expect(refusedBy(stack).filter((one) => !one.startsWith('constructs/one-connection'))).toEqual([]);
    expect(saidOf(stack)).toEqual(
      expect.arrayContaining([
        said('CpanelServer', 'b', 'CpanelServer'),
        said('CpanelServer', 'c', 'CpanelServer'),
        said('Gateway', 'edge2', 'Gateway'),
      ]),
    );
  });

  it('are accepted as two owners of one device, and in two stacks', () => {
    const app = new App({ stackTraces: false });
    const [one, two] = [stackOf('one', app), stackOf('two', app)];
    new Gateway(one, 'edge1', { ...gatewayProps, connection });
    new Gateway(one, 'shop', { ...gatewayProps, connection, device: 'edge1', owner: 'shop' });
    new Gateway(two, 'edge2', { ...gatewayProps, connection });
    expect(saidOf(one)).toEqual([]);
  });
});

describe('a server that is mapped by its address', () => {
  const text = (props: object = {}): readonly string[] => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    serverIn(stack, { addresses: ['10.0.0.10/24', '10.0.0.11/24'] });
    gateway.publish('10.0.0.11', '203.0.113.10', props);
    return saidOf(stack);
  };
  const said = [
    `constructs/server-by-address at OneToOneNat "nat-203-0-113-10" ${here} internal: 10.0.0.11 is CpanelServer "mail1" ${samples}, and stands here as a text: the gateway opens nothing of its profile, and the server doesn't know this public address of its own.`,
  ];

  it('is refused, whatever the mapping opens', () => {
    expect(text()).toEqual(said);
    expect(text({ open: [{ service: 'https', from: 'anywhere' }] })).toEqual(said);
    expect(text({ enabled: false })).toEqual(said);
  });

  it('is accepted if the mapping names a server, though another one has its address, too', () => {
    const stack = stackOf();
    gatewayIn(stack).publish(serverIn(stack), '203.0.113.10');
    new CpanelServer(stack, 'web2', serverProps(profileIn(stackOf('more', stack.node.root as App))));
    expect(refusalOf(stack).map(({ code }) => code)).toEqual(['constructs/one-connection']);
  });

  it('is accepted if another mapping names it, or if it is part of a subnet', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const server = serverIn(stack);
    gateway.publish(server, '203.0.113.10');
    gateway.publish('10.0.0.10', '203.0.113.11', { inboundOnly: true });
    gateway.publish('10.0.16.0/29', '203.0.113.16/29', { kind: 'proxy-arp' });
    new CpanelServer(stack, 'web2', {
      ...serverProps(profileIn(new TerraformStack(stack.node.root, 'more'))),
      addresses: ['10.0.16.2/28'],
      connection: { hostKeys: [HOST_KEY] },
    });
    expect(saidOf(stack)).toEqual([]);
  });

  it('is refused in another stack as well, if only this gateway maps servers of it', () => {
    const refused = (isFirst: boolean, isSecond: boolean): readonly string[] => {
      const servers = stackOf('servers');
      const site = (id: string): Gateway => gatewayIn(stackOf(id, servers.node.root as App));
      const [first, second] = [site('site1'), site('site2')];
      const mapped = serverIn(servers);
      new CpanelServer(servers, 'web2', {
        ...serverProps(profileIn(stackOf('more', servers.node.root as App))),
        connection: { hostKeys: [HOST_KEY] },
        addresses: ['10.0.0.11/24'],
      });
      first.publish('10.0.0.11', '203.0.113.11');
      if (isFirst) first.publish(mapped, '203.0.113.10');
      if (isSecond) second.publish(mapped, '203.0.113.10');
      return refusalOf(servers).map(({ code }) => code);
    };
    expect(refused(true, false)).toEqual(['constructs/server-by-address']);
    expect(refused(false, false)).toEqual([]);
    expect(refused(false, true)).toEqual([]);
    expect(refused(true, true)).toEqual([]);
  });
});

describe('a construct of another App', () => {
  it('is refused with its own line, in whatever construct it is used', () => {
    const theirs = stackOf();
    const gateway = gatewayIn(theirs);
    const virtualIp = vipIn(gateway);
    const server = serverIn(theirs);
    const mapping = new OneToOneNat(theirs, 'nat', { virtualIp, internal: server });
    const stack = stackOf('mine', new App({ stackTraces: false }));
    const own = gatewayIn(stack);
    new VirtualIp(stack, 'a', { gateway, address: '203.0.113.12' });
    new OneToOneNat(stack, 'b', { virtualIp, internal: '10.0.0.11' });
    new OneToOneNat(stack, 'c', { gateway, external: '192.0.2.1', internal: '10.0.0.11' });
    new NatReflection(stack, 'd', { gateway, mode: 'pure-nat' });
    new NatReflection(stack, 'e', { mapping, mode: 'pure-nat' });
    own.publish(server, '203.0.113.13');
    own.publish({ server, address: '10.0.0.10' }, '203.0.113.14');
    new CpanelServer(stack, 'f', serverProps(profileIn(stackOf())));
    expect(refusedBy(stack)).toEqual([
      `constructs/other-app at VirtualIp "a" ${here} gateway`,
      `constructs/other-app at OneToOneNat "b" ${here} virtualIp`,
      `constructs/other-app at OneToOneNat "c" ${here} gateway`,
      `constructs/other-app at NatReflection "d" ${here} gateway`,
      `constructs/other-app at NatReflection "e" ${here} mapping`,
      `constructs/other-app at OneToOneNat "nat-203-0-113-13" ${here} internal`,
      `constructs/other-app at OneToOneNat "nat-203-0-113-14" ${here} internal`,
      `constructs/other-app at CpanelServer "f" ${here} profile`,
    ]);
    expect(saidOf(stack)[0]).toMatch(
      /: This is Gateway "edge1" \(__tests__\/constructs\/construct-samples\.ts:N\) of another App\.$/,
    );
    expect(saidOf(theirs)).toEqual([]);
  });
});
