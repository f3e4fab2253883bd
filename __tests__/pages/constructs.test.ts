import { TerraformStack } from 'cdktf';
import { CpanelFirewallProfileProps, CpanelServer, CpanelServerProps, OneToOneNat, OneToOneNatProps } from '../../constructs/public';
import { exposureMatchers } from '../../constructs/testing';
import { gatewayIn, profileIn, serverProps, stackOf, vipIn } from '../constructs/construct-samples';
import { releasesOf } from '../constructs/synthesized';
import { page } from './says';

expect.extend(exposureMatchers);

const V6 = '2001:db8:0:1::10';

/** A server behind a gateway, what is said of each, and of the mapping between them. */
function stackWith(
  profile: Partial<CpanelFirewallProfileProps> = {},
  server: Partial<CpanelServerProps> = {},
  mapping: Partial<OneToOneNatProps> = {},
): TerraformStack {
  const stack = stackOf();
  const all = { ...serverProps(profileIn(stack, profile)), addresses: ['10.0.0.10/24', `${V6}/64`], ...server } as CpanelServerProps;
  const web = new CpanelServer(stack, 'mail1', all);
  new OneToOneNat(stack, 'nat', { virtualIp: vipIn(gatewayIn(stack)), inside: web, ...mapping } as OneToOneNatProps);
  return stack;
}
const textOf = (stack: TerraformStack, name: string): string => releasesOf(stack).get(name)!.text;

describe('a server', () => {
  const { says } = page('constructs/cpanel-server.md');
  says('open by IPv6 to the prefixes of IPv6 in the list, so with IPv4 alone to nobody', () => {
    const [four, both] = [['198.51.100.0/24'], ['198.51.100.0/24', '2001:db8:5::/48']].map((from) =>
      stackWith({ management: { from, port: 22 } }),
    );
    expect(four).not.toExpose(`tcp 22 on ${V6} from anywhere`);
    expect(both).toExpose(`tcp 22 on ${V6} from 2001:db8:5::/48`);
    expect(both).not.toExpose(`tcp 22 on ${V6} from anywhere but 2001:db8:5::/48`);
  });
  says('IPv6 gets the same profile, without NAT.', () => expect(stackWith()).toExpose(`tcp 25,443 on ${V6} from anywhere`));
  says("With `'none'` the network gets what the profile opens, as everybody does", () => {
    const past = (inside: 'none' | readonly string[]): boolean =>
      textOf(stackWith({}, { inside }), 'mail1_hosting').includes('comment "inside"');
    expect([past(['10.0.0.0/24']), past('none')]).toEqual([true, false]);
  });
});

describe('a profile', () => {
  const { says } = page('constructs/cpanel-firewall-profile.md');
  says('It comes before everything, `blocked` too', () => {
    const stack = stackWith({ management: { from: ['198.51.100.0/24'], port: 22 }, blocked: ['198.51.100.0/24'] });
    expect(stack).toExpose('tcp 22 on 203.0.113.10 from 198.51.100.0/24');
    expect(stack).not.toExpose('tcp 25,443 on 203.0.113.10 from 198.51.100.0/24');
  });
  says('A name means the TLS or normal port only; the plaintext one ends in `-plain` (`imap-plain`).', () => {
    expect(stackWith({ services: ['imaps'] })).not.toExpose('tcp 143 on 203.0.113.10 from anywhere');
    expect(stackWith({ services: ['imap-plain'] })).toExpose('tcp 143 on 203.0.113.10 from anywhere');
  });
  says('the plan lists its ports once per device', () => {
    const lines = releasesOf(stackWith()).get('edge1_hosting')!.lines;
    expect(lines.filter((line) => line.includes('opens tcp 443'))).toHaveLength(1);
  });
});

describe('a mapping', () => {
  const { says } = page('constructs/one-to-one-nat.md');
  says('`false`: translates and opens nothing, and its virtual IP stays', () => {
    const stack = stackWith({}, {}, { enabled: false });
    expect(stack).not.toExpose('everything on 203.0.113.10 from anywhere');
    expect(releasesOf(stack).get('edge1_hosting')!.addresses).toEqual([expect.objectContaining({ address: '203.0.113.10/24' })]);
  });
  says('A server has its profile: `open` on its mapping is refused', () =>
    expect(() => releasesOf(stackWith({}, {}, { open: [{ service: 'ssh', from: 'anywhere' }] }))).toThrow(/profile/),
  );
});

page('constructs/gateway.md').inLab([
  ['to wrap a gateway in a construct of your own plans nothing.', 'a construct wrapped in another plans nothing'],
]);

describe('reflection', () => {
  const { says } = page('constructs/nat-reflection.md');
  says('without a `NatReflection` every mapping has `pure-nat` from all inside and dmz interfaces, and on its server', () => {
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
