// Tests that one mistake in a stack gives one problem, and that a stack which follows its advice is accepted.

import { CpanelFirewallProfile, CpanelServer, Defaults, OneToOneNat, VirtualIp } from '../../constructs/public';
import { gatewayIn, gatewayProps, profileIn, serverIn, serverProps, stackOf } from './construct-samples';
import { anything, refusalOf } from './refused-stacks';

const here = '(__tests__/constructs/one-true-refusal.test.ts:N)';

type Refused = readonly (readonly [code: string, words: string])[];
const refused = (stack: ReturnType<typeof stackOf>, of: 'what' | 'instead'): Refused =>
  refusalOf(stack).map((problem) => [problem.code, problem[of]]);

describe('one mistake gives one problem, and following its advice is accepted', () => {
  test("a profile of a wrong type isn't also missing", () => {
    const stack = stackOf();
    serverIn(stack, { profile: anything('mail') });
    expect(refused(stack, 'instead')).toEqual([
      ['constructs/not-a-construct', 'profile: the CpanelFirewallProfile that new CpanelFirewallProfile(…) gave.'],
    ]);
  });

  test("an undefined value isn't called a construct of another package copy", () => {
    const stack = stackOf();
    gatewayIn(stack);
    new VirtualIp(stack, 'vip', anything({ interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }));
    expect(refused(stack, 'what')).toEqual([
      ['constructs/not-a-construct', '"gateway" is not set, or not yet where this is written.'],
    ]);
    const another = stackOf();
    gatewayIn(another);
    new VirtualIp(
      another,
      'vip',
      anything({ gateway: {}, interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }),
    );
    expect(refused(another, 'what')[0]![1]).toBe('This is an object, and no Gateway of this package.');
  });

  test('a construct of another kind is named, and one of another package copy is called so', () => {
    const said = (gateway: unknown, stack = stackOf()): string => {
      gatewayIn(stack);
      new VirtualIp(stack, 'vip', anything({ gateway, address: '203.0.113.10' }));
      return refused(stack, 'what')[0]![1];
    };
    const stack = stackOf();
    expect(said(profileIn(stack), stack)).toMatch(
      /^This is CpanelFirewallProfile "profile" \(.*\), and no Gateway of this package\.$/,
    );
    expect(said(Promise.resolve())).toBe('This is a promise, which has to be awaited, and no Gateway of this package.');
    expect(said(null)).toBe('This is null, and no Gateway of this package.');
    expect(said(stackOf('other'))).toMatch(/^This is no Gateway of this package\. Two copies/);
  });

  test("a subnet in place of a host isn't also of another size", () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const virtualIp = new VirtualIp(stack, 'vip', {
      gateway,
      interface: 'wan0',
      address: '203.0.113.16/29',
      kind: 'ip-alias',
    });
    new OneToOneNat(stack, 'nat', { virtualIp, internal: serverIn(stack) });
    expect(refused(stack, 'what')).toEqual([
      ['intent/kind-needs-one-address', 'The kind ip-alias puts one address on the interface, and this is a subnet.'],
    ]);
  });

  test("two servers with one id aren't also one owner twice", () => {
    const stack = stackOf();
    gatewayIn(stack);
    const profile = serverIn(stack).node.scope!.node.findChild('profile') as CpanelFirewallProfile;
    new CpanelServer(stack, 'mail1', { ...serverProps(profile), addresses: ['10.0.0.11/24'] });
    expect(refused(stack, 'what').map(([code]) => code)).toEqual(['constructs/id-twice']);
  });

  test.each([undefined, null, {}, 'stack'])('Defaults.on %p, which is no scope', (scope) => {
    expect(() => Defaults.on(anything(scope), { owner: 'hosting' })).toThrow(
      'constructs/not-a-construct at Defaults.on: The first argument is no construct.',
    );
  });

  test("an outside interface with a mistyped role isn't also missing", () => {
    const stack = stackOf();
    gatewayIn(stack, { interfaces: ['wan0: outsde 203.0.113.2/24', 'lan0: inside 10.0.0.1/24'] as never });
    expect(refused(stack, 'instead')).toEqual([['intent/unknown-choice', '"outside" or "inside" or "dmz" or "vpn".']]);
  });

  test.each([
    ['services', 'https', 'A list of services: ["https"].'],
    ['sources', '192.0.2.0/24', '\'anywhere\' or a list of prefixes and names of source sets: ["192.0.2.0/24"].'],
    ['sources', 'any', "'anywhere' or a list of prefixes and names of source sets."],
  ])('%s: %s without a list around it', (key, value, instead) => {
    const stack = stackOf();
    gatewayIn(stack);
    profileIn(stack, { [key]: anything(value) });
    expect(refused(stack, 'instead')).toEqual([['intent/wrong-type', instead]]);
  });

  test.each([22.5, 70_000, NaN])('a management port is a single port: %s', (port) => {
    const stack = stackOf();
    gatewayIn(stack);
    profileIn(stack, { management: { from: ['10.0.0.0/28'], port } });
    expect(refused(stack, 'instead')).toEqual([['intent/bad-port', 'One TCP port: 22 or "22/tcp".']]);
  });

  test('a host address with a zone is refused, since the zone belongs to another machine', () => {
    const stack = stackOf();
    gatewayIn(stack, { connection: { ...gatewayProps.connection, host: 'fe80::1%eth0' } });
    expect(refused(stack, 'what')).toEqual([
      ['intent/bad-host', '"fe80::1%eth0" names an interface of one machine, and each runner has others.'],
    ]);
  });

  test('a prefix length after an address', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    new OneToOneNat(stack, 'web', { gateway, external: '192.0.2.8 255.255.255.248', internal: '10.0.0.8/29' });
    expect(refused(stack, 'what')).toEqual([
      [
        'intent/bad-address',
        '"192.0.2.8 255.255.255.248" is not an address or a prefix: the length is written as a mask.',
      ],
    ]);
  });

  test("a wrong source set in defaults isn't also missing where it is used", () => {
    const stack = stackOf();
    Defaults.on(stack, {
      sourceSets: { office: ['198.51.100.300'], anywhere: ['192.0.2.1'] },
      management: { from: ['office'], port: 22 },
    });
    gatewayIn(stack);
    new CpanelFirewallProfile(stack, 'shop', { services: ['https'], sources: 'anywhere' });
    new CpanelFirewallProfile(stack, 'other', {
      services: ['https'],
      sources: ['lab', 'office'],
      sourceSets: { lab: ['192.0.2.7'] },
    });
    expect(refusalOf(stack).map(({ code, where }) => [code, where.replace(/:\d+\)/, ':N)')])).toEqual([
      ['intent/bad-address', `Defaults on "edge" ${here} sourceSets.office[0]`],
      ['intent/anywhere-refused', `Defaults on "edge" ${here} sourceSets.anywhere`],
    ]);
  });

  test('an unknown set name is refused with the place of the sets', () => {
    const stack = stackOf();
    Defaults.on(stack, { management: { from: ['office'], port: 22 } });
    gatewayIn(stack);
    new CpanelFirewallProfile(stack, 'shop', { services: ['https'], sources: 'anywhere' });
    expect(refusalOf(stack).map(({ where, instead }) => [where.replace(/:\d+\)/, ':N)'), instead])).toEqual([
      [
        `Defaults on "edge" ${here} management.from[0]`,
        "sourceSets: { 'office': [...] } of the profile or gateway that uses it, or a prefix.",
      ],
    ]);
  });

  test('CARP on a platform without it, with settings or without', () => {
    const carps = [{}, { carp: { vhid: 10 } }].map((settings) => {
      const stack = stackOf();
      new VirtualIp(stack, 'vip', { gateway: gatewayIn(stack), address: '203.0.113.10', kind: 'carp', ...settings });
      return refused(stack, 'what');
    });
    const none = [['nftables/carp', 'Linux has no CARP: this address would never be announced.']];
    expect(carps).toEqual([none, none]);
    const pfsense = stackOf();
    const gateway = gatewayIn(pfsense, { platform: 'pfsense', version: '2.7.2' });
    new VirtualIp(pfsense, 'vip', { gateway, address: '203.0.113.10', kind: 'carp' });
    expect(refused(pfsense, 'what')).toEqual([['intent/carp-missing', 'The kind is carp, and "carp" is not set.']]);
  });

  test('a subnet that is published to one host', () => {
    for (const named of [true, false]) {
      const stack = stackOf();
      const server = serverIn(stack);
      gatewayIn(stack).publish(named ? server : '10.0.0.11', '203.0.113.16/28');
      expect(refused(stack, 'what')).toEqual([
        ['constructs/no-address', '203.0.113.16/28 is a subnet, and what it is published to is one host.'],
      ]);
    }
    const stack = stackOf();
    gatewayIn(stack).publish('10.0.16.0/28', '203.0.113.16/28', { kind: 'proxy-arp' });
    expect(refused(stack, 'what')).toEqual([]);
  });
});
