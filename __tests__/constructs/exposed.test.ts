// Tests what servers, profiles, mappings and reflection of a synthesized stack expose, by `toExpose` and by the release
// texts.

import { TerraformStack } from 'cdktf';
import {
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  OneToOneNat,
  OneToOneNatProps,
} from '../../constructs/public';
import { exposureMatchers } from '../../constructs/testing';
import { gatewayIn, profileIn, serverProps, stackOf, vipIn } from './construct-samples';
import { releasesOf } from './synthesized';

expect.extend(exposureMatchers);

const V6 = '2001:db8:0:1::10';

/** A server behind a gateway, with these props of server, profile and mapping. */
function stackWith(
  profile: Partial<CpanelFirewallProfileProps> = {},
  server: Partial<CpanelServerProps> = {},
  mapping: Partial<OneToOneNatProps> = {},
): TerraformStack {
  const stack = stackOf();
  const all = {
    ...serverProps(profileIn(stack, profile)),
    addresses: ['10.0.0.10/24', `${V6}/64`],
    ...server,
  } as CpanelServerProps;
  const web = new CpanelServer(stack, 'mail1', all);
  new OneToOneNat(stack, 'nat', { virtualIp: vipIn(gatewayIn(stack)), internal: web, ...mapping } as OneToOneNatProps);
  return stack;
}
const textOf = (stack: TerraformStack, name: string): string => releasesOf(stack).get(name)!.text;

describe('a server', () => {
  test('is managed by IPv6 from the IPv6 prefixes only', () => {
    const [four, both] = [['198.51.100.0/24'], ['198.51.100.0/24', '2001:db8:5::/48']].map((from) =>
      stackWith({ management: { from, port: 22 } }),
    );
    expect(four).not.toExpose(`tcp 22 on ${V6} from anywhere`);
    expect(both).toExpose(`tcp 22 on ${V6} from 2001:db8:5::/48`);
    expect(both).not.toExpose(`tcp 22 on ${V6} from anywhere but 2001:db8:5::/48`);
  });
  test('applies its profile to IPv6 as well, without NAT', () =>
    expect(stackWith()).toExpose(`tcp 25,443 on ${V6} from anywhere`));
  test('trusts no inside network if `inside` is none', () => {
    const past = (trustedNetworks: 'none' | readonly string[]): boolean =>
      textOf(stackWith({}, { trustedNetworks }), 'mail1_hosting').includes('comment "inside"');
    expect([past(['10.0.0.0/24']), past('none')]).toEqual([true, false]);
  });
});

describe('a profile', () => {
  test('allows management before `blocked` is checked', () => {
    const stack = stackWith({ management: { from: ['198.51.100.0/24'], port: 22 }, blocked: ['198.51.100.0/24'] });
    expect(stack).toExpose('tcp 22 on 203.0.113.10 from 198.51.100.0/24');
    expect(stack).not.toExpose('tcp 25,443 on 203.0.113.10 from 198.51.100.0/24');
  });
  test('opens the plaintext port only by the name that ends in -plain', () => {
    expect(stackWith({ services: ['imaps'] })).not.toExpose('tcp 143 on 203.0.113.10 from anywhere');
    expect(stackWith({ services: ['imap-plain'] })).toExpose('tcp 143 on 203.0.113.10 from anywhere');
  });
  test('lists its ports once for each device', () => {
    const lines = releasesOf(stackWith()).get('edge1_hosting')!.lines;
    expect(lines.filter((line) => line.includes('opens tcp 443'))).toHaveLength(1);
  });
});

describe('a mapping', () => {
  test('that is disabled opens nothing, and keeps its virtual IP', () => {
    const stack = stackWith({}, {}, { enabled: false });
    expect(stack).not.toExpose('everything on 203.0.113.10 from anywhere');
    expect(releasesOf(stack).get('edge1_hosting')!.addresses).toEqual([
      expect.objectContaining({ address: '203.0.113.10/24' }),
    ]);
  });
  test('to a server is refused with `open` of its own', () =>
    expect(() => releasesOf(stackWith({}, {}, { open: [{ service: 'ssh', from: 'anywhere' }] }))).toThrow(/profile/));
});

describe('reflection', () => {
  test('applies without a NatReflection, on the gateway and on the server', () => {
    const translated = (said: Partial<OneToOneNatProps>): readonly boolean[] => [
      textOf(stackWith({}, {}, said), 'edge1_hosting').includes('iifname { "lan0", "wan0" } dnat'),
      textOf(stackWith({}, {}, said), 'mail1_hosting').includes('203.0.113.10 : 10.0.0.10'),
    ];
    expect([translated({}), translated({ reflection: { mode: 'disabled' } })]).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});
