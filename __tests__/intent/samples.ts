// A valid sample intent (gateway, server, mapping), which tests change, and the assertion of a refusal.

import { EdgeIntent, compileIntent } from './compile-intent';
import { KnownPlatform } from '../../lib/intent/device-fields';
import { printProblem } from '../../lib/problems/problem';

export const PLATFORMS: readonly KnownPlatform[] = [
  { id: 'nftables', roles: ['gateway', 'server'] },
  { id: 'pfsense', roles: ['gateway'] },
  { id: 'csf', roles: ['server'], ownPublic: false, givesWay: {} },
];

/** A valid gateway, server and mapping. Tests change a copy. */
export const edge = (): EdgeIntent => ({
  gateway: {
    device: 'edge',
    owner: 'team',
    platform: 'nftables',
    version: '1.0.6',
    sourceSets: { office: ['192.0.2.0/24', '2001:db8:1::/48'] },
    interfaces: [
      {
        name: 'eth0',
        role: 'outside',
        addresses: ['203.0.113.2/28'],
        publicPrefixes: [
          { prefix: '203.0.113.0/28', delivery: 'on-link' },
          { prefix: '198.51.100.16/28', delivery: 'routed' },
        ],
      },
      { name: 'eth1', role: 'inside', addresses: ['10.0.0.1/24'] },
      { name: 'eth2', role: 'dmz', addresses: ['10.0.1.1/24'], routes: ['10.0.2.0/24'] },
      { name: 'tun0', role: 'vpn', addresses: ['10.8.0.1/24'] },
    ],
  },
  virtualIps: [{ name: 'web', interface: 'eth0', address: '203.0.113.10', kind: 'ip-alias' }],
  servers: [
    {
      server: {
        device: 'web-1',
        owner: 'team',
        platform: 'nftables',
        version: '1.0.6',
        addresses: ['10.0.0.10/24', '2001:db8::10/64'],
        trustedNetworks: 'none',
      },
      profile: {
        name: 'web',
        services: ['web'],
        sources: 'anywhere',
        management: { from: ['192.0.2.0/24'], port: 22 },
      },
    },
  ],
  mappings: [{ name: 'web', virtualIp: 'web', internal: { server: 'web-1' } }],
});

/** Deep, writable and of any shape: tests write what the types forbid. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- wrong types are the point
export type Loose = any;

export type Edit = (wish: Loose) => void;

/** Returns every problem of the edge after a change, as printed. */
function problemsAfter(edit: Edit): readonly string[] {
  const wish: Loose = edge();
  edit(wish);
  return compileIntent(wish, PLATFORMS).problems.map(printProblem);
}

export type Wrong = readonly [name: string, edit: Edit, ...problems: string[]];

/** Registers one test for each wrong intent: exactly these problems, in this order, with their full text. */
export function refuses(thing: string, wrong: readonly Wrong[]): void {
  test.each(wrong.map(([name, edit, ...problems]) => ({ name, edit, problems })))(
    `${thing}: $name`,
    ({ edit, problems }) => {
      expect(problems.length).toBeGreaterThan(0);
      expect(problemsAfter(edit)).toEqual(problems);
    },
  );
}
