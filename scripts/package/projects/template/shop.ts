// Creates the stack for the tests of this project: a gateway and a server with https published by 1:1 NAT.

import { TerraformStack, Testing } from 'cdktf';
import { CpanelFirewallProfile, CpanelServer, Gateway, OneToOneNat, VirtualIp } from 'cpanel-edge';

const hostKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO3TARdtIVD8IOh+RQOd+QSay+rmqvZ3UtoGasBzNRd5'];
const nftables = { owner: 'shop', platform: 'nftables', version: '1.0.6' };

export function shop(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'shop');
  const gateway = new Gateway(stack, 'gw1', {
    ...nftables,
    connection: { host: '192.0.2.2', hostKeys },
    interfaces: [
      {
        name: 'wan',
        role: 'outside',
        addresses: ['203.0.113.2/24'],
        publicPrefixes: [{ prefix: '203.0.113.0/24', delivery: 'on-link' }],
      },
      { name: 'lan', role: 'inside', addresses: ['10.0.0.1/24'] },
    ],
  });
  const profile = new CpanelFirewallProfile(stack, 'web', {
    services: ['https'],
    sources: 'anywhere',
    management: { from: ['198.51.100.0/24'], port: 22 },
  });
  const server = new CpanelServer(stack, 'web1', {
    ...nftables,
    connection: { host: '10.0.0.10', hostKeys },
    addresses: ['10.0.0.10/24'],
    trustedNetworks: ['10.0.0.0/24'],
    profile,
  });
  const virtualIp = new VirtualIp(stack, 'vip', {
    gateway,
    interface: 'wan',
    address: '203.0.113.10',
    kind: 'ip-alias',
  });
  new OneToOneNat(stack, 'shop', { virtualIp, internal: server });
  return stack;
}
