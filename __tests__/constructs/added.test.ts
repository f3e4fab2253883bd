// Tests that the methods of Gateway which add constructs synthesize exactly the same as the constructs themselves, and
// that `Gateway.fromCapture` takes platform, version and interfaces from a captured config.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TerraformStack, Testing } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelServer,
  FromCaptureProps,
  Gateway,
  OneToOneNat,
  VirtualIp,
} from '../../constructs/public';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { GatewayPolicy } from '../../lib/policy/policy';
import { HOST_KEY, gatewayIn, profileIn, serverIn, stackOf } from './construct-samples';
import { anything, refusedBy, saidOf } from './refused-stacks';
import { releasesOf } from './synthesized';

const here = '(__tests__/constructs/added.test.ts:N)';

/** Returns the same stack made by methods and by constructs. */
function twice(...ways: readonly ((gateway: Gateway, server: CpanelServer) => void)[]): readonly string[] {
  return ways.map((made) => {
    const stack = stackOf();
    const server = serverIn(stack);
    made(gatewayIn(stack), server);
    return Testing.synth(stack);
  });
}

describe('a method of a gateway gives exactly the construct', () => {
  it.each([
    [
      'a mapping of what is routed',
      (gateway: Gateway, internal: CpanelServer) =>
        void gateway.addMapping('mail', { external: '192.0.2.3', internal }),
      (gateway: Gateway, internal: CpanelServer) =>
        void new OneToOneNat(gateway, 'mail', { gateway, external: '192.0.2.3', internal }),
    ],
    [
      'a virtual IP and its mapping',
      (gateway: Gateway, internal: CpanelServer) => {
        const virtualIp = gateway.addVirtualIp('mail-vip', { address: '203.0.113.10' });
        gateway.addMapping('mail', { virtualIp, internal });
      },
      (gateway: Gateway, internal: CpanelServer) => {
        const virtualIp = new VirtualIp(gateway, 'mail-vip', { gateway, address: '203.0.113.10' });
        new OneToOneNat(gateway, 'mail', { virtualIp, internal });
      },
    ],
  ])('%s', (_, short, long) => {
    const [one, other] = twice(short, long);
    expect(one).toBe(other);
    expect(one).toContain('mail');
  });
});

it("refuses another gateway, in the options and as a virtual IP's, and options that are no object", () => {
  const stack = stackOf();
  const [internal, gateway] = [serverIn(stack), gatewayIn(stack)];
  const other = new Gateway(stack, 'edge2', {
    owner: 'hosting',
    platform: 'nftables',
    version: '1.0.6',
    releaseResource: 'terraform_data',
    interfaces: ['wan0: outside 198.51.100.2/24', 'lan0: inside 10.9.0.1/24'],
    connection: { host: '10.9.0.1', hostKeys: [HOST_KEY] },
  });
  gateway.addMapping('a', anything({ gateway: other, external: '192.0.2.3', internal }));
  gateway.addMapping('b', { virtualIp: other.addVirtualIp('vip', { address: '198.51.100.9' }), internal });
  gateway.addVirtualIp('c', anything('203.0.113.9'));
  expect(refusedBy(stack)).toEqual([
    `constructs/said-by-publish at addMapping of Gateway "edge1" ${here} gateway`,
    `constructs/other-gateway at OneToOneNat "b" ${here}`,
    `constructs/no-props at VirtualIp "c" ${here}`,
    `intent/inside-not-behind at OneToOneNat "b" ${here} internal`,
  ]);
});

describe('a gateway from a captured config', () => {
  const capture = readFileSync(join(__dirname, '../cases/captured/port-forward/pfsense.surroundings.xml'), 'utf8');
  const props: FromCaptureProps = {
    owner: 'hosting',
    releaseResource: 'terraform_data',
    connection: { host: '10.0.0.1', hostKeys: [HOST_KEY] },
  };
  const policyOf = (stack: TerraformStack): GatewayPolicy =>
    decodePolicy(releasesOf(stack).get('edge1_hosting')!.policy) as GatewayPolicy;

  const mapped = (text: string): TerraformStack => {
    const stack = stackOf();
    const gateway = Gateway.fromCapture(stack, 'edge1', text, props);
    const virtualIp = gateway.addVirtualIp('web-vip', { address: '203.0.113.10' });
    gateway.addMapping('web', {
      virtualIp,
      internal: '10.0.0.10',
      profile: profileIn(stack),
      reflection: { mode: 'disabled' },
    });
    return stack;
  };

  it('has the platform, version and interfaces of the capture', () => {
    const { platform, version, interfaces } = policyOf(mapped(capture.replace(/<rule>[^]*?<\/rule>\s*/, '')));
    expect([platform, version, interfaces.map(({ name, role }) => `${name} ${role}`)]).toEqual([
      'pfsense',
      '2.7.2',
      ['wan outside', 'lan inside'],
    ]);
  });

  it('is verified with the captured config: a port of the same address is forwarded', () =>
    expect(saidOf(mapped(capture))).toEqual([
      expect.stringMatching(/^pfsense\/port-forward-wins at OneToOneNat "web" .*: "new shop" in line 41\.$/),
    ]));

  it.each([
    ['a file’s name', 'edge1.captured.xml', 'pfsense/capture-not-xml at Gateway "edge1" HERE capture, line 1'],
    ['nothing', undefined, 'constructs/no-capture at Gateway "edge1" HERE capture'],
    ['rules', 'table inet filter {\n}\n', 'import/not-recognised at Gateway "edge1" HERE capture, the configuration'],
  ])('of %s: reports this problem only', (_, text, wanted) => {
    const stack = stackOf();
    Gateway.fromCapture(stack, 'edge1', anything(text), props);
    expect(refusedBy(stack)).toEqual([wanted.replace('HERE', here)]);
  });

  it('still reports what else is missing, and accepts other interfaces', () => {
    const stack = stackOf();
    Gateway.fromCapture(stack, 'edge1', capture, anything({ connection: props.connection }));
    expect(refusedBy(stack)).toEqual([`intent/missing at Gateway "edge1" ${here}`]);
    const own = stackOf();
    Gateway.fromCapture(own, 'edge1', capture, { ...props, interfaces: ['wan: outside 203.0.113.2/24'] });
    expect(saidOf(own)).toEqual([]);
  });
});

type Is<One, Other> = One extends Other ? true : false;

it('the compiler accepts no construct in place of another', () => {
  const same: readonly [
    Is<CpanelFirewallProfile, CpanelServer>,
    Is<CpanelServer, CpanelFirewallProfile>,
    Is<VirtualIp, OneToOneNat>,
    Is<OneToOneNat, VirtualIp>,
    Is<Gateway, CpanelServer>,
  ] = [false, false, false, false, false];
  expect(same).not.toContain(true);
});
