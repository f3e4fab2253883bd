// Compares the policies that valid intents of gateways and servers are compiled to with those written by hand.

import { Edit } from './samples';
import { address, prefix, ranges } from '../generate/support';
import { MANAGEMENT, compiled, tcp, udp } from './compile-sample';

const WEB = {
  name: 'web',
  entries: [MANAGEMENT, tcp('web: http', 80), tcp('web: https', 443), udp('web: http3', 443)],
  blocked: [],
};

test('an interface as a plan prints it', () => {
  const { gateway } = compiled((w) => (w.gateway.interfaces[1] = 'eth1: inside 10.0.0.1/24 2001:db8:2::1/64'));
  expect(gateway.interfaces[1]).toStrictEqual({
    name: 'eth1',
    role: 'inside',
    addresses: [
      { address: address('10.0.0.1'), length: 24 },
      { address: address('2001:db8:2::1'), length: 64 },
    ],
    routes: [],
  });
});

test('a mapping to a managed server', () => {
  const { gateway, server } = compiled();
  expect(gateway).toStrictEqual({
    kind: 'gateway',
    device: 'edge',
    owner: 'team',
    platform: 'nftables',
    version: '1.0.6',
    establishedSessions: 'terminate',
    interfaces: [
      { name: 'eth0', role: 'outside', addresses: [{ address: address('203.0.113.2'), length: 28 }], routes: [] },
      { name: 'eth1', role: 'inside', addresses: [{ address: address('10.0.0.1'), length: 24 }], routes: [] },
      {
        name: 'eth2',
        role: 'dmz',
        addresses: [{ address: address('10.0.1.1'), length: 24 }],
        routes: [prefix('10.0.2.0/24')],
      },
      { name: 'tun0', role: 'vpn', addresses: [{ address: address('10.8.0.1'), length: 24 }], routes: [] },
    ],
    virtualIps: [
      {
        name: 'web',
        interface: 'eth0',
        external: prefix('203.0.113.10'),
        mask: 28,
        kind: 'ip-alias',
        answers: { name: 'nothing', entries: [], blocked: [] },
      },
    ],
    mappings: [
      {
        name: 'web',
        description: '',
        interface: 'eth0',
        external: prefix('203.0.113.10'),
        internal: prefix('10.0.0.10'),
        peers: 'anywhere',
        exclude: [],
        inboundOnly: false,
        enabled: true,
        allowRules: WEB,
        reflection: { mode: 'pure-nat', from: ['eth1', 'eth2'], globalHelper: false },
      },
    ],
  });
  expect(server).toStrictEqual({
    kind: 'server',
    device: 'web-1',
    owner: 'team',
    platform: 'nftables',
    version: '1.0.6',
    establishedSessions: 'terminate',
    interfaces: [
      {
        name: 'eth0',
        role: 'outside',
        addresses: [
          { address: address('10.0.0.10'), length: 24 },
          { address: address('2001:db8::10'), length: 64 },
        ],
        routes: [],
      },
    ],
    localAddresses: [address('10.0.0.10'), address('2001:db8::10')],
    trustedNetworks: [],
    trustedConnections: 'unmanaged',
    allowRules: WEB,
    outbound: 'anywhere',
    ownPublic: [{ public: address('203.0.113.10'), local: address('10.0.0.10') }],
    onRemove: 'keep closed',
  });
  expect(server.allowRules).toBe(gateway.mappings[0]!.allowRules);
});

test("a mapping to the address of a server gets the server's profile", () => {
  const { gateway, server } = compiled((w) => (w.mappings[0].internal = '10.0.0.10'));
  expect(gateway.mappings[0]!.allowRules).toBe(server.allowRules);
  expect(server.ownPublic).toEqual([{ public: address('203.0.113.10'), local: address('10.0.0.10') }]);
});

test('a routed subnet needs no virtual IP, and gets one that drops untranslated packets', () => {
  const { gateway } = compiled((w) =>
    w.mappings.push({
      name: 'net',
      external: '198.51.100.16/28',
      internal: '10.0.2.0/28',
      open: [{ service: 'https', from: ['office'] }],
    }),
  );
  expect(gateway.virtualIps[1]).toStrictEqual({
    name: 'net',
    interface: 'eth0',
    external: prefix('198.51.100.16/28'),
    mask: 28,
    kind: 'other',
    answers: { name: 'nothing', entries: [], blocked: [] },
  });
  expect(gateway.mappings[1]!.allowRules).toStrictEqual({
    name: 'https from listed sources',
    entries: [{ ...tcp('https', 443), sources: ranges('192.0.2.0/24', '2001:db8:1::/48') }],
    blocked: [],
  });
});

test('equal allow rules of mappings are shared, and kept apart if only their sources differ', () => {
  const mapping = (host: number, from: string[]) => ({
    name: `m-${host}`,
    external: `198.51.100.${16 + host}`,
    internal: `10.0.2.${host}`,
    open: [{ service: 'https', from }],
  });
  const { gateway } = compiled((w) =>
    w.mappings.push(mapping(1, ['office']), mapping(2, ['office']), mapping(3, ['192.0.2.7'])),
  );
  const [, one, two, three] = gateway.mappings.map(({ allowRules }) => allowRules);
  expect(two).toBe(one);
  expect([one!.name, three!.name]).toEqual(['https from listed sources', 'https from listed sources (2)']);
});

test('two public addresses of one server for different peers, one of them inbound only', () => {
  const { gateway, server } = compiled((w) => {
    w.mappings[0].destination = ['192.0.2.0/24'];
    w.mappings.push({
      name: 'rest',
      external: '198.51.100.20',
      internal: '10.0.0.10',
      exclude: [{ peer: '192.0.2.0/24' }],
    });
    w.mappings.push({ name: 'third', external: '198.51.100.21', internal: '10.0.0.10', inboundOnly: true });
  });
  expect(gateway.mappings.map(({ peers, exclude, inboundOnly }) => ({ peers, exclude, inboundOnly }))).toEqual([
    { peers: ranges('192.0.2.0/24'), exclude: [], inboundOnly: false },
    { peers: 'anywhere', exclude: [{ internal: 'all', peers: ranges('192.0.2.0/24') }], inboundOnly: false },
    { peers: 'anywhere', exclude: [], inboundOnly: true },
  ]);
  expect(server.ownPublic.map((one) => one.public)).toEqual(
    ['198.51.100.20', '198.51.100.21', '203.0.113.10'].map(address),
  );
});

test("a disabled mapping occupies no address and isn't reached from the server; its virtual IP stays", () => {
  const { gateway, server } = compiled((w) => {
    w.mappings[0].enabled = false;
    w.mappings.push({ name: 'new', external: '203.0.113.10', internal: '10.0.0.10' });
    w.mappings.push({ name: 'old', external: '198.51.100.20', internal: '10.0.2.1', enabled: false });
    w.mappings.push({ name: 'now', external: '198.51.100.20', internal: '10.0.2.2' });
  });
  expect(gateway.mappings.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['web', false],
    ['new', true],
    ['old', false],
    ['now', true],
  ]);
  expect(gateway.virtualIps.map(({ name }) => name)).toEqual(['web', 'old']);
  expect(server.ownPublic).toHaveLength(1);
});

describe('reflection', () => {
  const reflections = (edit: Edit) => {
    const { gateway, server } = compiled(edit);
    return [gateway.mappings[0]!.reflection, server.ownPublic.length];
  };
  test('of the whole gateway', () =>
    expect(reflections((w) => (w.reflections = [{ mode: 'disabled' }]))).toEqual([
      { mode: 'disabled', from: [], globalHelper: false },
      0,
    ]));
  test('of one mapping, before that of the gateway', () =>
    expect(
      reflections(
        (w) => (w.reflections = [{ mode: 'disabled' }, { mapping: 'web', mode: 'pure-nat', from: ['tun0'] }]),
      ),
    ).toEqual([{ mode: 'pure-nat', from: ['tun0'], globalHelper: false }, 1]));
  test('with consent to a global helper', () =>
    expect(reflections((w) => (w.reflections = [{ mode: 'pure-nat', globalHelper: true }]))[0]).toMatchObject({
      globalHelper: true,
    }));
  test('of a server that translates nothing: on the gateway only, unless the intent says otherwise', () => {
    const onCsf: Edit = (wish) => void (wish.servers[0].server.platform = 'csf');
    expect(reflections(onCsf)).toEqual([{ mode: 'pure-nat', from: ['eth1', 'eth2'], globalHelper: false }, 0]);
    const wished = { mode: 'pure-nat', onServer: true };
    expect(reflections((w) => (onCsf(w), (w.mappings[0].reflection = wished)))[1]).toBe(1);
  });
  test('written on the mapping and not on the server', () =>
    expect(reflections((w) => (w.mappings[0].reflection = { mode: 'nat-proxy', onServer: false }))).toEqual([
      { mode: 'nat-proxy', from: ['eth1', 'eth2'], globalHelper: false },
      0,
    ]));
});

test('ten thousand mappings of one profile share one object', () => {
  const { gateway } = compiled((w) => {
    w.gateway.interfaces[0].publicPrefixes.push({ prefix: '198.18.0.0/15', delivery: 'routed' });
    w.gateway.interfaces[2].routes.push('10.64.0.0/10');
    const profile = w.servers[0].profile;
    for (let host = 0; host < 10_000; host++) {
      const last = `${host >> 8}.${host & 255}`;
      w.mappings.push({ name: `m-${host}`, external: `198.18.${last}`, internal: `10.64.${last}`, profile });
    }
  });
  expect(new Set(gateway.mappings.map(({ allowRules }) => allowRules)).size).toBe(1);
  expect(gateway.mappings).toHaveLength(10_001);
});
