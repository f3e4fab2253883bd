import { Testing } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  GatewayProps,
  OneToOneNat,
  OneToOneNatProps,
  VirtualIp,
  VirtualIpProps,
} from '../../constructs/public';
import { HOST_KEY, gatewayIn, profileProps, serverProps, stackOf } from '../constructs/construct-samples';
import { page } from './says';

interface Said {
  readonly gateway?: Partial<GatewayProps>;
  readonly virtualIp?: Partial<VirtualIpProps>;
  readonly mapping?: Partial<OneToOneNatProps>;
  readonly profile?: Partial<CpanelFirewallProfileProps>;
  readonly server?: Partial<CpanelServerProps>;
}

/** What Terraform receives of a gateway, a server behind it and all between them. */
function written({ gateway, virtualIp, mapping, profile, server }: Said): string {
  const stack = stackOf();
  const witnesses = [{ arrives: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22 }];
  const edge = gatewayIn(stack, { witnesses, ...gateway });
  const inside = new CpanelServer(stack, 'mail1', {
    ...serverProps(new CpanelFirewallProfile(stack, 'profile', { ...profileProps, ...profile })),
    ...server,
  } as CpanelServerProps);
  const vip = new VirtualIp(stack, 'mail-vip', { gateway: edge, address: '203.0.113.10', ...virtualIp } as VirtualIpProps);
  new OneToOneNat(stack, 'nat', { virtualIp: vip, inside, ...mapping } as OneToOneNatProps);
  return Testing.synth(stack);
}
const asItIs = written({});
const connection = (more: object): Said => ({ gateway: { connection: { host: '10.0.0.1', hostKeys: [HOST_KEY], ...more } } });

/** Where a page says what is meant when nothing is said, that said is the same. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, Said>>>> = {
  gateway: {
    "name of the device; default: the construct's id": { gateway: { device: 'edge1' } },
    '`cut` (default): sessions on a port that closes end': { gateway: { whenClosed: 'cut' } },
    '`protocol` (default `tcp`)': {
      gateway: { witnesses: [{ arrives: 'lan0', from: '10.0.0.2', to: '10.0.0.1', port: 22, protocol: 'tcp' }] },
    },
    '`port` (22); `user` (`root`;': connection({ port: 22, user: 'root' }),
    '`userConfiguration` (no)': connection({ userConfiguration: false }),
    '`rollbackSeconds` (90; 10 to 3600)': connection({ rollbackSeconds: 90 }),
  },
  'cpanel-server': {
    "default: the construct's id": { server: { device: 'mail1' } },
    'the one that has `addresses`; default `eth0`': { server: { interface: 'eth0' } },
    '`unmanaged` (default): what comes from inside stays as it was': { server: { insideConnections: 'unmanaged' } },
    '`keep closed` (default)': { server: { onRetract: 'keep closed' } },
    'Without a `host` it is reached at its only address, or its only one of IPv4': { server: { connection: { hostKeys: [HOST_KEY] } } },
  },
  'cpanel-firewall-profile': {
    "in plans and reports; default: the construct's id": { profile: { name: 'profile' } },
    "default `'anywhere'`": { profile: { outbound: 'anywhere' } },
    'of the port table: `112`, the only one so far': { profile: { cpanelVersion: '112' } },
  },
  'virtual-ip': {
    "default: the construct's id": { virtualIp: { name: 'mail-vip' } },
    'may be left out where only one exists': { virtualIp: { interface: 'wan0' } },
    "default: that of the interface's network it lies in": { virtualIp: { mask: 24 } },
    '`ip-alias` where it has several': { virtualIp: { kind: 'ip-alias' } },
  },
  'one-to-one-nat': {
    "in plans and reports; default: the construct's id": { mapping: { name: 'nat' } },
    "only traffic with these peers is translated; default `'anywhere'`": { mapping: { destination: 'anywhere' } },
  },
  'nat-reflection': {
    'default: all of role inside or dmz': { mapping: { reflection: { mode: 'pure-nat', from: ['lan0'] } } },
    'default: where its platform can': { mapping: { reflection: { mode: 'pure-nat', onServer: true } } },
  },
};

describe.each(Object.entries(DEFAULTS))('%s', (name, rows) => {
  const { says } = page(`constructs/${name}.md`);
  for (const [quote, said] of Object.entries(rows)) says(quote, () => expect(written(said)).toBe(asItIs));
});
test('what is no default is another stack', () => expect(written({ gateway: { whenClosed: 'finish' } })).not.toBe(asItIs));

test('what is undefined is not said', () => {
  const of = (...keys: readonly string[]): object => Object.fromEntries(keys.map((key) => [key, undefined]));
  const said = { gateway: of('device', 'whenClosed'), server: of('device', 'onRetract'), virtualIp: of('name', 'kind') };
  expect(written({ ...said, mapping: of('name', 'destination'), profile: of('name', 'outbound') })).toBe(asItIs);
});
