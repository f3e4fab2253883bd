// Creates valid stacks, gateways, servers and profiles for the tests of constructs.

import { App, TerraformStack } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  CpanelServerProps,
  Gateway,
  GatewayProps,
  VirtualIp,
} from '../../constructs/public';

export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5';

export const stackOf = (id = 'edge', app = new App({ stackTraces: false })): TerraformStack =>
  new TerraformStack(app, id);

const nftables = {
  owner: 'hosting',
  platform: 'nftables',
  version: '1.0.6',
  releaseResource: 'terraform_data',
} as const;

export const gatewayProps: GatewayProps = {
  ...nftables,
  interfaces: [
    {
      name: 'wan0',
      role: 'outside',
      addresses: ['203.0.113.2/24'],
      publicPrefixes: [
        { prefix: '203.0.113.0/24', delivery: 'on-link' },
        { prefix: '192.0.2.0/28', delivery: 'routed' },
      ],
    },
    { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'], routes: ['10.0.16.0/28'] },
  ],
  connection: { host: '10.0.0.1', hostKeys: [HOST_KEY] },
};

export const profileProps: CpanelFirewallProfileProps = {
  services: ['smtp', 'https'],
  sources: 'anywhere',
  management: { from: ['10.0.0.0/28'], port: 22 },
};

export const serverProps = (profile: CpanelFirewallProfile): CpanelServerProps => ({
  ...nftables,
  addresses: ['10.0.0.10/24'],
  trustedNetworks: ['10.0.0.0/24'],
  profile,
  connection: { host: '10.0.0.10', hostKeys: [HOST_KEY] },
});

export const gatewayIn = (stack: TerraformStack, props: Partial<GatewayProps> = {}): Gateway =>
  new Gateway(stack, 'edge1', { ...gatewayProps, ...props });

export const profileIn = (
  stack: TerraformStack,
  props: Partial<CpanelFirewallProfileProps> = {},
  id = 'profile',
): CpanelFirewallProfile => new CpanelFirewallProfile(stack, id, { name: 'mail', ...profileProps, ...props });

export const serverIn = (stack: TerraformStack, props: Partial<CpanelServerProps> = {}): CpanelServer =>
  new CpanelServer(stack, 'mail1', { ...serverProps(profileIn(stack)), ...props });

export const vipIn = (gateway: Gateway, id = 'mail-vip', address = '203.0.113.10'): VirtualIp =>
  new VirtualIp(gateway.node.scope as TerraformStack, id, { gateway, interface: 'wan0', address, kind: 'ip-alias' });
