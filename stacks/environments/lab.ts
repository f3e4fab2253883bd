// Environment `lab` of the edge stack: backend, gateway, server, mapping and connections, for the test network that
// `npm start` builds.

import { readFileSync } from 'node:fs';
import { EdgeEnvironment } from '../edge-stack';

/**
 * Connections to the lab's devices. Each lab has new keys: a running one names the file with them in CPANEL_EDGE_LAB.
 */
interface Reached {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeys: readonly string[];
  readonly identityFile: string;
}

const nobody = (host: string): Reached => ({
  host,
  port: 22,
  user: 'root',
  // These keys let `cdktf synth` work without a lab. Their private halves don't exist, so every device refuses a
  // deployment.
  hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ5xP2rWXWFLTgXyIWPUlxcjM8b1ioXZ7sZYQ4Z9W3YX'],
  identityFile: '/no-lab-is-running',
});

const file = process.env['CPANEL_EDGE_LAB'];
const reached: { readonly gateway: Reached; readonly server: Reached } = file
  ? (JSON.parse(readFileSync(file, 'utf8')) as { gateway: Reached; server: Reached })
  : { gateway: nobody('10.9.0.1'), server: nobody('10.9.0.10') };

/**
 * The network that `npm start` builds: a gateway, a cPanel-like server, an inside neighbour, an office and an operator.
 */
export const lab: EdgeEnvironment = {
  backend: { kind: 'local', path: 'terraform.lab.tfstate' },
  releaseResource: 'terraform_data',
  gateway: {
    device: 'edge1',
    owner: 'hosting',
    platform: 'nftables',
    version: '1.0.6',
    interfaces: [
      {
        name: 'wan0',
        role: 'outside',
        addresses: ['203.0.113.2/24', '2001:db8:0:ffff::2/64'],
        publicPrefixes: [
          { prefix: '203.0.113.0/24', delivery: 'on-link' },
          { prefix: '192.0.2.0/28', delivery: 'routed' },
        ],
      },
      { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24', '2001:db8:0:1::1/64'] },
      { name: 'lan1', role: 'inside', addresses: ['10.0.1.1/24'] },
      { name: 'mgmt0', role: 'inside', addresses: ['10.9.0.1/24'] },
    ],
    healthChecks: [{ interface: 'mgmt0', from: '10.9.0.2', to: '10.9.0.1', port: 22 }],
    connection: reached.gateway,
  },
  profiles: {
    cpanel: {
      services: ['web', 'mail', 'dns', 'panel'],
      sources: 'anywhere',
      management: { from: ['10.9.0.0/24'], port: 22 },
      blocked: ['203.0.113.99'],
      ping: 'anywhere',
    },
  },
  servers: {
    web1: {
      owner: 'hosting',
      platform: 'nftables',
      version: '1.0.6',
      interfaces: [
        { name: 'eth0', addresses: ['10.0.0.10/24', '2001:db8:0:1::10/64'] },
        { name: 'mgmt0', addresses: ['10.9.0.10/24'] },
      ],
      trustedNetworks: ['10.9.0.0/24', '10.0.0.0/24'],
      healthChecks: [{ interface: 'mgmt0', from: '10.9.0.2', to: '10.9.0.10', port: 22 }],
      connection: reached.server,
      profile: 'cpanel',
    },
  },
  virtualIps: { web: { interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' } },
  mappings: {
    web: {
      external: { virtualIp: 'web' },
      internal: { server: 'web1', address: '10.0.0.10' },
      description: 'The lab server',
    },
  },
  reflection: { mode: 'pure-nat', onServer: true },
};
