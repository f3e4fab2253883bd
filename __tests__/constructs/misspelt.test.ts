// Tests that a misspelt or misplaced prop is refused with the name that was probably meant, or with the construct that
// takes it.

import {
  CpanelFirewallProfile,
  CpanelServer,
  NatReflection,
  OneToOneNat,
  HandedOverOwner,
  DecommissionedOwner,
  VirtualIp,
} from '../../constructs/public';
import { gatewayIn, profileIn, serverIn, serverProps, stackOf, vipIn } from './construct-samples';
import { anything, refusalOf } from './refused-stacks';

/** Returns the problem and its advice. */
const said = (stack: Parameters<typeof refusalOf>[0]): readonly string[] =>
  refusalOf(stack).map(
    ({ code, where, what, instead }) => `${code} at ${where.replace(/ \(.*\)/, '')}: ${what} ${instead}`,
  );

describe('a misspelt or misplaced key', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const virtualIp = vipIn(gateway);
  const profile = profileIn(stack);
  const server = new CpanelServer(stack, 'mail1', serverProps(profile));
  const { mapping } = gateway.publish(server, '203.0.113.20');

  test("names the similar key, and doesn't report that one as missing", () => {
    const { profile: its, ...bare } = serverProps(profile);
    new VirtualIp(stack, 'a', anything({ gatway: gateway, address: '203.0.113.12' }));
    new OneToOneNat(stack, 'b', anything({ virtualip: virtualIp, internal: '10.0.0.11' }));
    new NatReflection(stack, 'c', anything({ maping: mapping, mode: 'disabled' }));
    new CpanelServer(
      stack,
      'd',
      anything({
        ...bare,
        profil: its,
        addresses: ['10.0.0.12/24'],
        connection: { ...bare.connection, host: '10.0.0.12' },
      }),
    );
    const meant = (at: string, wrong: string, right: string): string =>
      `intent/unknown-key at ${at}: There is no "${wrong}" here, so it would have no effect. ${right}, if that was meant.`;
    expect(said(stack)).toEqual([
      meant('VirtualIp "a"', 'gatway', 'gateway'),
      meant('OneToOneNat "b"', 'virtualip', 'virtualIp'),
      meant('NatReflection "c"', 'maping', 'mapping'),
      meant('CpanelServer "d"', 'profil', 'profile'),
    ]);
  });
});

test('of another construct names that construct', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack, anything({ rollbackSeconds: 60 }));
  serverIn(stack, anything({ hostKeys: [], services: ['http'], port: 22, address: '10.0.0.9' }));
  new VirtualIp(stack, 'a', anything({ gateway, address: '203.0.113.12', vhid: 1 }));
  new CpanelFirewallProfile(stack, 'p', anything({ services: ['http'], sources: 'anywhere', connection: {} }));
  const meant = said(stack).flatMap(
    (one) => /There is no ("\w+") .* effect\. (.*?)(?:\. Here there are .*|\.)$/.exec(one)?.slice(1).join(': ') ?? [],
  );
  expect(meant).toEqual([
    '"connection": It belongs in a Gateway or CpanelServer',
    '"rollbackSeconds": It belongs in connection: { rollbackSeconds: … }',
    '"vhid": It belongs in carp: { vhid: … }',
    '"hostKeys": It belongs in connection: { hostKeys: … }',
    '"services": It belongs in a CpanelFirewallProfile',
    '"port": It belongs in connection: { port: … }, or in management: { port: … }',
    '"address": addresses, if that was meant',
  ]);
});

test('of DecommissionedOwner and HandedOverOwner is refused, and so is a list in place of their props', () => {
  const stack = stackOf();
  const owner = { device: 'edge0', owner: 'hosting' };
  const wrong = [owner, { owner: [owner] }, { owners: [owner], retract: true }, [owner], {}];
  wrong.forEach(
    (props, at) =>
      void new (at % 2 === 0 ? DecommissionedOwner : HandedOverOwner)(stack, `${'abcde'[at]}`, anything(props)),
  );
  const unknown = (at: string, key: string, instead: string): string =>
    `intent/unknown-key at ${at}: There is no "${key}" here, so it would have no effect. ${instead}`;
  expect(said(stack)).toEqual([
    unknown('DecommissionedOwner "a"', 'device', 'owners: [{ device, owner }], if that was meant.'),
    unknown('HandedOverOwner "b"', 'owner', 'owners: [{ device, owner }], if that was meant.'),
    unknown('DecommissionedOwner "c"', 'retract', 'One of owners.'),
    'constructs/no-props at HandedOverOwner "d": The third argument is no object, or one whose properties cannot be read. new HandedOverOwner(scope, id, { … }).',
    `intent/missing at DecommissionedOwner "e": "owners" is not set, and it has no default. owners: [{ device: 'edge1', owner: 'hosting' }].`,
  ]);
});

test('without a similar key lists the existing ones, with those of the construct itself', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const server = serverIn(stack, anything({ colour: 1 }));
  new VirtualIp(stack, 'a', anything({ gateway, address: '203.0.113.12', colour: 1 }));
  new OneToOneNat(stack, 'b', anything({ gateway, external: '192.0.2.1', internal: server, colour: 1 }));
  new NatReflection(stack, 'c', anything({ gateway, mode: 'disabled', colour: 1 }));
  const listed = said(stack).map((one) => one.replace(/.* One of /, '').split(/, |\.$/));
  expect([listed[0], listed[1], listed[2], listed[3]]).toEqual([
    expect.arrayContaining(['address', 'gateway']),
    expect.arrayContaining(['internal', 'gateway', 'virtualIp', 'profile']),
    expect.arrayContaining(['mode', 'gateway', 'mapping']),
    expect.arrayContaining(['addresses', 'profile', 'connection']),
  ]);
});

test("a server's name in place of the server is refused", () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  serverIn(stack);
  new OneToOneNat(stack, 'a', anything({ gateway, external: '192.0.2.1', internal: { server: 'mail1' } }));
  new OneToOneNat(stack, 'b', anything({ gateway, external: '192.0.2.2', internal: 'mail1' }));
  gateway.publish('mail1', '203.0.113.20');
  new OneToOneNat(stack, 'c', anything({ gateway, external: '192.0.2.3' }));
  const name =
    '"mail1" is not an address or a prefix. The private address, "10.0.0.10"; or the CpanelServer itself, not its name.';
  expect(said(stack)).toEqual([
    'constructs/not-a-construct at OneToOneNat "a" internal.server: This is the text "mail1", and no CpanelServer of this package. internal.server: the CpanelServer that new CpanelServer(…) gave.',
    `intent/bad-address at OneToOneNat "b" internal: ${name}`,
    `intent/bad-address at OneToOneNat "nat-203-0-113-20" internal: ${name}`,
    'intent/missing at OneToOneNat "c": "internal" is not set, and it has no default. internal: \'10.0.0.10\', or a CpanelServer.',
  ]);
});

test('swapped external and internal addresses are refused', () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  new OneToOneNat(stack, 'a', { gateway, external: '10.0.0.11', internal: '203.0.113.11' });
  new VirtualIp(stack, 'b', { gateway, address: '10.0.0.99' });
  expect(said(stack)).toEqual([
    'intent/inside-not-behind at OneToOneNat "a" internal: 203.0.113.11 is behind wan0, which is an outside interface, and "external" is behind lan0. external: "203.0.113.11", internal: "10.0.0.11": the two are swapped.',
    'intent/public-on-other-interface at VirtualIp "b" address: 10.0.0.99 is in a network of the interface lan0, which is inside. The public address: one that the provider leads to the gateway. The host\'s own is the "internal" address of a mapping; publish takes the server itself.',
  ]);
});
