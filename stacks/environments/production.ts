// Example environment `production` for EdgeStack, with a gateway, servers, profiles, virtual IPs and mappings. main.ts
// makes a stack of it.

import { EdgeEnvironment } from '../edge-stack';

// Documentation addresses (RFC 5737, RFC 3849): no such machines exist. The host keys were made for this file.
const OPERATORS = ['10.9.0.0/24', '198.51.100.64/27'] as const;
const WITNESS_OPERATOR = '10.9.0.2';

const GATEWAY_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL6LcQrNEdyKy2pE6vCg0KwVvAb5+KqpJX8YMH2ZAj0D';
const SERVER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKhy0j1Q4iQ5MP2FhQ5Dd9Jm9nkyVTnRHNc4X3YjSdU7';

const throughBastion = (host: string, key: string) => ({
  host,
  hostKeys: [key],
  user: 'deploy',
  jump: { host: 'bastion.hosting.example', user: 'deploy', hostKeys: [GATEWAY_KEY] },
});

const server = (address: string) => ({
  owner: 'hosting',
  platform: 'nftables',
  version: '1.0.9',
  connection: throughBastion(address, SERVER_KEY),
  trustedNetworks: ['10.9.0.0/24', '10.20.255.0/24'],
});

/**
 * An example with two uplinks, a routed /28, a mail server, a full cPanel server and a DNS server. Two partners reach
 * another server, each by its own public address.
 */
export const production: EdgeEnvironment = {
  backend: { kind: 'pg', schema: 'edge_production' },
  releaseResource: 'null_resource',
  gateway: {
    device: 'edge1',
    owner: 'hosting',
    platform: 'nftables',
    version: '1.0.9',
    interfaces: [
      {
        name: 'wan0',
        role: 'outside',
        addresses: ['203.0.113.2/26'],
        publicPrefixes: [
          { prefix: '203.0.113.0/26', delivery: 'on-link' },
          { prefix: '192.0.2.16/28', delivery: 'routed' },
        ],
      },
      {
        name: 'wan1',
        role: 'outside',
        addresses: ['198.51.100.2/27'],
        publicPrefixes: [{ prefix: '198.51.100.0/27', delivery: 'on-link' }],
      },
      { name: 'lan0', role: 'inside', addresses: ['10.20.0.1/24'], routes: ['10.20.16.0/28'] },
      { name: 'lan1', role: 'inside', addresses: ['10.20.255.1/24'] },
      { name: 'mgmt0', role: 'inside', addresses: ['10.9.0.1/24'] },
    ],
    sourceSets: { 'partner-north': ['198.51.100.128/26'], 'partner-south': ['192.0.2.128/26'] },
    healthChecks: [{ interface: 'mgmt0', from: WITNESS_OPERATOR, to: '10.9.0.1', port: 22 }],
    connection: throughBastion('10.9.0.1', GATEWAY_KEY),
  },
  profiles: {
    mail: {
      services: ['smtp', 'smtps', 'imaps', 'https'],
      sources: 'anywhere',
      management: { from: OPERATORS, port: 22 },
      blocked: ['192.0.2.192/26'],
      ping: 'anywhere',
      outbound: ['licence', 'dns', 'http', 'https', 'smtp', 'ntp'],
    },
    cpanel: {
      services: ['web', 'mail', 'dns', 'panel', 'ftp'],
      sources: 'anywhere',
      management: { from: OPERATORS, port: 22 },
      ping: 'anywhere',
    },
    dns: {
      services: ['dns'],
      sources: 'anywhere',
      management: { from: OPERATORS, port: 22 },
      outbound: ['licence', 'dns', 'https', 'ntp'],
    },
    partners: { services: ['https', '8443/tcp'], sources: 'anywhere', management: { from: OPERATORS, port: 22 } },
    web: { services: ['web'], sources: 'anywhere', management: { from: OPERATORS, port: 22 } },
  },
  servers: {
    mail1: { ...server('10.20.0.25'), addresses: ['10.20.0.25', '2001:db8:20::25'], profile: 'mail' },
    cpanel1: { ...server('10.20.0.30'), addresses: ['10.20.0.30', '10.20.0.31'], profile: 'cpanel' },
    ns1: { ...server('10.20.0.53'), addresses: ['10.20.0.53'], profile: 'dns' },
    exchange1: { ...server('10.20.0.60'), addresses: ['10.20.0.60'], profile: 'partners' },
  },
  virtualIps: {
    mail: { interface: 'wan0', address: '203.0.113.25', kind: 'ip-alias' },
    cpanel: { interface: 'wan0', address: '203.0.113.30', kind: 'ip-alias' },
    shop: { interface: 'wan0', address: '203.0.113.31', kind: 'proxy-arp' },
    ns: { interface: 'wan1', address: '198.51.100.10', kind: 'ip-alias' },
    'exchange-north': { interface: 'wan0', address: '203.0.113.60', kind: 'ip-alias' },
    'exchange-south': { interface: 'wan1', address: '198.51.100.20', kind: 'ip-alias' },
  },
  mappings: {
    mail: {
      external: { virtualIp: 'mail' },
      internal: { server: 'mail1', address: '10.20.0.25' },
      description: 'Mail for customers',
    },
    cpanel: { external: { virtualIp: 'cpanel' }, internal: { server: 'cpanel1', address: '10.20.0.30' } },
    shop: {
      external: { virtualIp: 'shop' },
      internal: { server: 'cpanel1', address: '10.20.0.31' },
      description: 'The shop has an address of its own',
    },
    ns: { external: { virtualIp: 'ns' }, internal: { server: 'ns1' } },
    'exchange-north': {
      external: { virtualIp: 'exchange-north' },
      internal: { server: 'exchange1' },
      destination: ['partner-north'],
    },
    'exchange-south': {
      external: { virtualIp: 'exchange-south' },
      internal: { server: 'exchange1' },
      destination: ['partner-south'],
    },
    'customer-hosts': { external: { routed: '192.0.2.16/28' }, internal: { hosts: '10.20.16.0/28', profile: 'web' } },
  },
  reflection: { mode: 'pure-nat', onServer: true },
};
