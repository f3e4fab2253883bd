// Props with every field that users may write, and the constructs made of them.

import { TerraformStack } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  Defaults,
  DefaultsProps,
  Gateway,
  GatewayProps,
  NatReflection,
  NatReflectionProps,
  OneToOneNat,
  PublishOptions,
  RemovedOwnersProps,
  DecommissionedOwner,
  VirtualIp,
  VirtualIpProps,
} from '../../constructs/public';
import { HOST_KEY, profileProps, stackOf } from './construct-samples';

const common = {
  port: 22,
  user: 'root',
  hostKeys: [HOST_KEY],
  identityFile: '~/.ssh/id',
  agentVariable: 'SSH_AUTH_SOCK',
  userConfiguration: false,
  rollbackSeconds: 90,
  jump: { host: 'jump.example', port: 22, user: 'root', hostKeys: [HOST_KEY], identityFile: '~/.ssh/id' },
};
const connection = { host: '10.0.0.1', ...common };
const device = { owner: 'hosting', platform: 'nftables', version: '1.0.6', releaseResource: 'terraform_data' } as const;
const witnesses = [{ interface: 'lan0', from: '10.0.0.9', to: '10.0.0.1', protocol: 'tcp', port: 22 }] as const;
const sourceSets = { office: ['198.51.100.0/24'] };

/** Every field that users may write, once: each one left out is a row of the test. */
export const WHOLE = {
  defaults: {
    ...device,
    connection: common,
    trustedNetworks: ['10.0.0.0/24'],
    management: { from: ['10.0.0.0/28'], port: 22 },
  },
  gateway: {
    device: 'edge1',
    ...device,
    establishedSessions: 'terminate',
    healthChecks: witnesses,
    adopt: '01234567-89ab-cdef-0123-456789abcdef',
    sourceSets,
    interfaces: [
      {
        name: 'wan0',
        role: 'outside',
        addresses: ['203.0.113.2/24'],
        terminatesVpn: false,
        publicPrefixes: [
          { prefix: '203.0.113.0/24', delivery: 'on-link' },
          { prefix: '192.0.2.0/28', delivery: 'routed' },
        ],
      },
      { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'], routes: ['10.0.16.0/28'] },
    ],
    connection,
  } as unknown as GatewayProps,
  profile: {
    name: 'mail',
    services: [
      'smtp',
      { service: 'https', from: ['office'] },
      { ports: [8443], protocol: 'tcp', from: 'anywhere', reason: 'own panel' },
      { ports: '8444/tcp', from: 'anywhere' },
      { protocol: 'icmp', types: [13], from: 'anywhere' },
    ],
    sources: 'anywhere',
    management: { from: ['10.0.0.0/28'], port: 22 },
    blocked: ['198.51.100.7'],
    outbound: [
      'licence',
      { service: 'dns', to: ['198.51.100.53'] },
      { ports: [2089], protocol: 'tcp', to: 'anywhere', sourcePorts: [4], reason: 'licence' },
    ],
    ping: ['office'],
    extra: ['imaps'],
    sourceSets,
    cpanelVersion: '112',
  } as unknown as CpanelFirewallProfileProps,
  server: {
    device: 'mail1',
    ...device,
    establishedSessions: 'terminate',
    adopt: '01234567-89ab-cdef-0123-456789abcdee',
    healthChecks: [{ ...witnesses[0], interface: 'eth0', to: '10.0.0.10' }],
    addresses: ['10.0.0.10/24'],
    interface: 'eth0',
    trustedNetworks: ['10.0.0.0/24'],
    trustedConnections: 'unmanaged',
    onRemove: 'as before',
    facts: {
      system: 'almalinux 9.4',
      cpanel: '11.126.0.21',
      hasAccounts: false,
      rolesOff: ['dns'],
      listens: { 'tcp 443': 'httpd' },
      serviceSubdomains: true,
      redirectsToTls: true,
      autossl: 'LetsEncrypt',
      eximOldTls: false,
      passiveFtp: '49152-65534',
      firewalls: ['csf.service'],
      plans: ['/etc/cron.d/x'],
      cpnat: ['10.0.0.10 203.0.113.10'],
      myip: 'myip.cpanel.net',
    },
    cpnat: {
      natMode: 'on',
      pairs: [{ local: '10.0.0.10', public: '203.0.113.10' }],
      serverInUse: 'refuse',
      myip: 'https://ifconfig.me/ip',
      passiveFtp: { ports: '443-443', address: '203.0.113.10' },
    },
    replaces: ['ufw'],
    connection: { ...connection, host: '10.0.0.10' },
  } as unknown as Omit<CpanelServerProps, 'profile'>,
  severalInterfaces: {
    interfaces: [{ name: 'eth0', addresses: ['10.0.0.11/24'], routes: ['10.9.0.0/24'] }],
  },
  virtualIp: {
    name: 'vip',
    interface: 'wan0',
    address: '203.0.113.10',
    mask: 24,
    kind: 'ip-alias',
    answers: [{ service: 'https', from: ['office'] }],
  } as unknown as Omit<VirtualIpProps, 'gateway'>,
  carp: { address: '203.0.113.10', kind: 'carp', carp: { vhid: 10, advertiseSeconds: 1, skew: 0 } } as const,
  mapping: {
    name: 'nat',
    external: '192.0.2.1',
    internal: '10.0.16.1',
    destination: ['office'],
    exclude: [{ internal: '10.0.16.1', peer: '198.51.100.9' }],
    open: [{ service: 'https', from: 'anywhere' }],
    inboundOnly: false,
    description: 'Mail',
    enabled: true,
    reflection: { mode: 'pure-nat', from: ['lan0'], onServer: false, globalHelper: false },
  } as const,
  published: {
    name: 'published',
    interface: 'wan0',
    mask: 24,
    kind: 'ip-alias',
    inboundOnly: false,
    description: 'Mail',
    enabled: true,
  } as PublishOptions,
  reflection: {
    mode: 'pure-nat',
    from: ['lan0'],
    onServer: true,
    globalHelper: false,
  } as unknown as NatReflectionProps,
  retired: { owners: [{ device: 'edge0', owner: 'hosting' }] } as RemovedOwnersProps,
};

export type Whole = typeof WHOLE;

const OTHER = { ...device, trustedNetworks: 'none', connection: { host: '10.0.0.11', hostKeys: [HOST_KEY] } } as const;

/** The parts of it that a part needs for validation; the rest would be verified each time in vain. */
export function treeOf(all: Whole, part: keyof Whole): TerraformStack {
  const stack = stackOf();
  if (part === 'retired') {
    new DecommissionedOwner(stack, 'gone', all.retired);
    return stack;
  }
  if (part === 'defaults') {
    Defaults.on(stack, all.defaults as DefaultsProps);
    const profile = new CpanelFirewallProfile(stack, 'profile', { services: ['https'], sources: 'anywhere' });
    new CpanelServer(stack, 'server', { addresses: ['10.0.0.10/24'], profile });
    return stack;
  }
  if (part === 'profile' || part === 'server' || part === 'severalInterfaces') {
    const profile = new CpanelFirewallProfile(stack, 'profile', part === 'profile' ? all.profile : profileProps);
    if (part === 'severalInterfaces')
      new CpanelServer(stack, 'several', { ...OTHER, ...all.severalInterfaces, profile });
    else
      new CpanelServer(stack, 'server', {
        ...all.server,
        ...(part === 'profile' ? { cpnat: undefined } : {}),
        profile,
      } as CpanelServerProps);
    return stack;
  }
  const gateway = new Gateway(stack, 'gateway', all.gateway);
  if (part === 'virtualIp') new VirtualIp(stack, 'vip', { ...all.virtualIp, gateway });
  if (part === 'carp') new VirtualIp(stack, 'carp', { ...all.carp, gateway });
  if (part === 'mapping') new OneToOneNat(stack, 'nat', { ...(all.mapping as unknown as object), gateway } as never);
  if (part === 'published') gateway.publish('10.0.0.12', '203.0.113.12', all.published);
  if (part === 'reflection') new NatReflection(stack, 'reflection', { ...all.reflection, gateway } as never);
  return stack;
}
