// Tests `gateway.publish`: it synthesizes exactly the same as the virtual IP and the mapping written out, returns both,
// and refuses wrong options.

import { TerraformStack, Testing } from 'cdktf';
import { CpanelServer, Gateway, NatReflection, OneToOneNat, PublishOptions, VirtualIp } from '../../constructs/public';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { GatewayPolicy } from '../../lib/policy/policy';
import { printPrefix } from '../../lib/net/address';
import { gatewayIn, gatewayProps, profileIn, serverIn, stackOf } from './construct-samples';
import { anything, refusalOf, refusedBy, saidOf } from './refused-stacks';
import { releasesOf } from './synthesized';

const here = '(__tests__/constructs/publish.test.ts:N)';

/** Returns the same stack made with one call and with the constructs. */
function twice(
  address: string,
  options: PublishOptions,
  byHand: (gateway: Gateway, server: CpanelServer) => void,
): [string, string] {
  const made = (with_: (gateway: Gateway, server: CpanelServer) => void): string => {
    const stack = stackOf();
    const server = serverIn(stack);
    with_(gatewayIn(stack), server);
    return Testing.synth(stack);
  };
  return [made((gateway, server) => void gateway.publish(server, address, options)), made(byHand)];
}

const policyOf = (stack: TerraformStack): GatewayPolicy =>
  decodePolicy(releasesOf(stack).get('edge1_hosting')!.policy) as GatewayPolicy;

describe('one call gives exactly the constructs', () => {
  it('a virtual IP and a mapping', () => {
    const [short, long] = twice('203.0.113.10', {}, (gateway, internal) => {
      const virtualIp = new VirtualIp(gateway, 'vip-203-0-113-10', {
        gateway,
        interface: 'wan0',
        address: '203.0.113.10',
        kind: 'ip-alias',
      });
      new OneToOneNat(gateway, 'nat-203-0-113-10', { virtualIp, internal });
    });
    expect(short).toBe(long);
    expect(short).toContain('nat-203-0-113-10');
  });

  it('with every option', () => {
    const virtual = {
      interface: 'wan0',
      mask: 32,
      kind: 'ip-alias',
      answers: [{ service: 'https', from: 'anywhere' }],
    } as const;
    const mapped = {
      name: 'mail',
      destination: ['198.51.100.0/24'],
      exclude: [{ peer: '198.51.100.7' }],
      inboundOnly: true,
      reflection: { mode: 'disabled' },
      description: 'Mail',
      enabled: false,
    } as const;
    const [short, long] = twice('203.0.113.10', { ...virtual, ...mapped }, (gateway, internal) => {
      const virtualIp = new VirtualIp(gateway, 'vip-203-0-113-10', { gateway, address: '203.0.113.10', ...virtual });
      new OneToOneNat(gateway, 'mail', { virtualIp, internal, ...mapped });
    });
    expect(short).toBe(long);
  });

  it('without a virtual IP if the address is routed to the gateway', () => {
    const [short, long] = twice('192.0.2.3', {}, (gateway, internal) => {
      new OneToOneNat(gateway, 'nat-192-0-2-3', { gateway, external: '192.0.2.3', internal });
    });
    expect(short).toBe(long);
  });
});

describe('returns', () => {
  it('virtual IP and mapping, for use in other props', () => {
    const stack = stackOf();
    const { virtualIp, mapping } = gatewayIn(stack).publish(serverIn(stack), '203.0.113.10');
    expect(virtualIp?.node.path).toBe('edge/edge1/vip-203-0-113-10');
    expect(mapping.node.path).toBe('edge/edge1/nat-203-0-113-10');
    new NatReflection(stack, 'off', { mapping, mode: 'disabled' });
    expect(policyOf(stack).mappings.map(({ reflection }) => reflection.mode)).toEqual(['disabled']);
  });

  it('no virtual IP if the address is routed, or an existing one', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    new VirtualIp(stack, 'net', { gateway, address: '203.0.113.16/29', kind: 'proxy-arp' });
    expect(gateway.publish('10.0.0.20', '192.0.2.3').virtualIp).toBeUndefined();
    expect(gateway.publish('10.0.0.21', '203.0.113.17').virtualIp).toBeUndefined();
    expect(policyOf(stack).mappings.map(({ name }) => name)).toEqual(['nat-192-0-2-3', 'nat-203-0-113-17']);
  });

  it('the same virtual IP for a second server as standby', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const first = gateway.publish('10.0.0.20', '203.0.113.10');
    expect(gateway.publish('10.0.0.21', '203.0.113.10/32', { name: 'standby', enabled: false }).virtualIp).toBe(
      first.virtualIp,
    );
    const { virtualIps, mappings } = policyOf(stack);
    expect(virtualIps.map(({ name }) => name)).toEqual(['vip-203-0-113-10']);
    expect(mappings.map(({ name, enabled }) => [name, enabled])).toEqual([
      ['nat-203-0-113-10', true],
      ['standby', false],
    ]);
  });
});

it("mappings of subnets, of one of a server's addresses, and of hosts without a server", () => {
  const stack = stackOf();
  const gateway = gatewayIn(stack);
  const server = serverIn(stack, { addresses: ['10.0.0.10', '10.0.0.11'] });
  gateway.publish({ server, address: '10.0.0.11' }, '203.0.113.10');
  gateway.publish('10.0.16.0/29', '203.0.113.16/29', {
    kind: 'proxy-arp',
    open: [{ service: 'https', from: 'anywhere' }],
  });
  gateway.publish('10.0.0.30', '203.0.113.30', { profile: profileIn(new TerraformStack(stack.node.root, 'other')) });
  expect(
    policyOf(stack).mappings.map(({ name, internal, allowRules }) => [name, printPrefix(internal), allowRules.name]),
  ).toEqual([
    ['nat-203-0-113-10', '10.0.0.11', 'mail'],
    ['nat-203-0-113-16-29', '10.0.16.0/29', 'https from anywhere'],
    ['nat-203-0-113-30', '10.0.0.30', 'mail'],
  ]);
});

describe('mistakes are reported at the call, all at once', () => {
  it('in the call itself, and not in what it would have made', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const both = gateway.publish(
      anything(gateway),
      anything(7),
      anything({ internal: 'x', virtualIp: 'y', knd: 'other' }),
    );
    new NatReflection(stack, 'off', { mapping: both.mapping, mode: 'disabled' });
    new OneToOneNat(stack, 'more', { virtualIp: both.virtualIp!, internal: '10.0.0.20' });
    gateway.publish(serverIn(stack), '192.0.2.3', { kind: 'other', mask: 32 });
    const at = `publish of Gateway "edge1" ${here}`;
    expect(refusedBy(stack)).toEqual([
      `intent/unknown-key at ${at}`,
      `constructs/said-by-publish at ${at} virtualIp`,
      `constructs/said-by-publish at ${at} internal`,
      `constructs/not-a-construct at ${at} server`,
      `constructs/no-address at ${at} address`,
      `constructs/no-virtual-ip-made at ${at} mask`,
      `constructs/no-virtual-ip-made at ${at} kind`,
    ]);
    expect(refusalOf(stack)[0]).toMatchObject({
      what: 'There is no "knd" here, so it would have no effect.',
      instead: 'kind, if that was meant.',
    });
  });

  it.each([
    [undefined, 'not set'],
    [Promise.resolve('203.0.113.10'), 'a promise, which has to be awaited'],
    [{ open: [] }, 'an object'],
    [7, 'the number 7'],
  ])('in the address: %p', (address, what) => {
    const stack = stackOf();
    gatewayIn(stack).publish('10.0.0.20', anything(address));
    expect(refusalOf(stack)).toMatchObject([
      { code: 'constructs/no-address', what: `The second argument is ${what}.` },
    ]);
  });

  it('in the order of both arguments, as the only problem', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    const server = serverIn(stack);
    gateway.publish('203.0.113.10', anything(server));
    gateway.publish('203.0.113.11', anything({ server, address: '10.0.0.10' }));
    gateway.publish('203.0.113.12', '10.0.0.12');
    gateway.publish('192.0.2.0/29', '10.0.16.0/29');
    const at = `constructs/arguments-swapped at publish of Gateway "edge1" ${here}`;
    expect(saidOf(stack)).toEqual([
      ...[1, 2].map(() => `${at}: The first argument is a public address, and the second the server.`),
      ...[1, 2].map(
        () => `${at}: The first argument is a public address, and the second one behind lan0, which is inside.`,
      ),
    ]);
    expect(refusalOf(stack).map(({ instead }) => instead)).toEqual([
      'gateway.publish(server, "203.0.113.10").',
      'gateway.publish({ server, address }, "203.0.113.11").',
      'gateway.publish("10.0.0.12", "203.0.113.12").',
      'gateway.publish("10.0.16.0/29", "192.0.2.0/29").',
    ]);
  });

  it('in what it makes, once', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    for (const address of ['203.0.113.300', '2001:db8::10', '', '203.0.113.99/24'])
      gateway.publish('10.0.0.20', address);
    gateway.publish('10.0.0.21', '203.0.113.21', { destination: [], kind: anything('alias') });
    expect(refusedBy(stack)).toEqual([
      `intent/bad-address at VirtualIp "vip-203-0-113-300" ${here} address`,
      `intent/ipv6-mapping at VirtualIp "vip-2001-db8-10" ${here} address`,
      `intent/empty-text at VirtualIp "vip" ${here} address`,
      `intent/host-bits-set at VirtualIp "vip-203-0-113-99-24" ${here} address`,
      `intent/unknown-choice at VirtualIp "vip-203-0-113-21" ${here} kind`,
      `intent/empty-list at OneToOneNat "nat-203-0-113-21" ${here} destination`,
    ]);
  });

  it('in an address that another server has', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    gateway.publish('10.0.0.20', '203.0.113.10');
    gateway.publish('10.0.0.21', '203.0.113.10', { name: 'other' });
    new VirtualIp(stack, 'late', { gateway, address: '203.0.113.10' });
    expect(refusedBy(stack)).toEqual([
      `intent/outside-overlap at OneToOneNat "nat-203-0-113-10-2" ${here}`,
      `intent/virtual-ip-overlap at VirtualIp "late" ${here}`,
    ]);
  });

  it('in a second call for an address: without a name of its own, or with another kind', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    gateway.publish('10.0.0.20', '203.0.113.10', { kind: 'proxy-arp', enabled: false });
    gateway.publish('10.0.0.21', '203.0.113.10', { kind: 'proxy-arp' });
    gateway.publish('10.0.0.22', '203.0.113.10', { name: 'third', kind: 'ip-alias' });
    const at = `publish of Gateway "edge1" ${here}`;
    expect(refusedBy(stack)).toEqual([
      `constructs/name-needed at ${at} name`,
      `constructs/no-virtual-ip-made at ${at} kind`,
    ]);
  });

  it('not for constructs that depend on a refused one', () => {
    const stack = stackOf();
    const gateway = gatewayIn(stack);
    gateway.publish('10.0.0.20', '203.0.113.10', { kind: anything('nope') });
    gateway.publish('10.0.0.21', '203.0.113.10', { name: 'second', kind: 'ip-alias', enabled: false });
    expect(refusedBy(stack)).toEqual([`intent/unknown-choice at VirtualIp "vip-203-0-113-10" ${here} kind`]);
  });

  it('if several interfaces are outside', () => {
    const stack = stackOf();
    const interfaces = [
      ...gatewayProps.interfaces,
      { name: 'wan1', role: 'outside', addresses: ['198.51.100.2/24'] } as const,
    ];
    const gateway = gatewayIn(stack, { interfaces });
    gateway.publish('10.0.0.20', '203.0.113.10');
    gateway.publish('10.0.0.21', '198.51.100.21', { interface: 'wan1' });
    expect(refusedBy(stack)).toEqual([
      `intent/virtual-ip-interface-unset at VirtualIp "vip-203-0-113-10" ${here} interface`,
    ]);
    expect(refusalOf(stack)[0]!.instead).toBe('interface: one of wan0, wan1.');
  });

  it.each([
    ['null', null],
    ['a text', 'text'],
    ['an instance', new Date()],
    [
      'a getter',
      Object.defineProperty({}, 'kind', {
        enumerable: true,
        get: () => {
          throw new Error('mine');
        },
      }),
    ],
  ])('in the options: %s', (_, options) => {
    const stack = stackOf();
    gatewayIn(stack).publish('10.0.0.20', '203.0.113.10', anything(options));
    expect(refusedBy(stack)).toEqual([expect.stringContaining(`publish of Gateway "edge1" ${here}`)]);
  });
});
