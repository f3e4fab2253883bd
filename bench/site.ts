// Creates the synthetic sites (gateway, servers, 1:1 mappings) of which the stacks of the benchmarks consist.
import { TerraformStack } from 'cdktf';
import { CpanelFirewallProfile } from '../constructs/cpanel-firewall-profile';
import { CpanelServer } from '../constructs/cpanel-server';
import { Gateway } from '../constructs/gateway';
import { OneToOneNat } from '../constructs/one-to-one-nat';
import { numbers } from './farm';

const SERVERS = 10;

/** apart: each site has an inside network of its own. alike: all sites have the same one. */
export type Numbered = 'apart' | 'alike';

/** Adds the Nth site to a stack: a gateway, ten servers, twenty mappings. `more`: one port more on the first server. */
export function site(stack: TerraformStack, n: number, inside: Numbered, more = false): void {
  const hostKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHSpEIQczXkVx9iX'];
  const around = { owner: 'farm', platform: 'nftables', version: '1.0.6' };
  // Each site has 32 public addresses of its own.
  const outside = (m: number): string => `198.${18 + (n >> 11)}.${(n >> 3) & 255}.${32 * (n & 7) + m}`;
  const network = inside === 'apart' ? n : 0;
  const within = (last: number): string => `10.${network >> 8}.${network & 255}.${last}`;
  const gateway = new Gateway(stack, `gw${n}`, {
    ...around,
    connection: { host: `192.0.2.${n & 255}`, hostKeys },
    interfaces: [
      {
        name: 'wan',
        role: 'outside',
        addresses: ['192.0.2.2/24'],
        publicPrefixes: [{ prefix: '198.18.0.0/15', delivery: 'routed' }],
      },
      { name: 'lan', role: 'inside', addresses: [`${within(1)}/24`] },
    ],
  });
  const its = { sources: 'anywhere', management: { from: ['203.0.113.0/24'], port: 22 } } as const;
  const profile = new CpanelFirewallProfile(stack, 'web', { ...its, services: ['http', 'https'] });
  const wider = new CpanelFirewallProfile(stack, 'mail', { ...its, name: 'web', services: ['http', 'https', 'smtp'] });
  for (const s of numbers(SERVERS)) {
    const addresses = [10 + s, 110 + s].map(within);
    const server = new CpanelServer(stack, `web${n}-${s}`, {
      ...around,
      connection: { host: addresses[0]!, hostKeys },
      addresses: addresses.map((address) => `${address}/24`),
      trustedNetworks: [`${within(0)}/24`],
      profile: more && s === 0 ? wider : profile,
    });
    addresses.forEach(
      (address, i) =>
        new OneToOneNat(stack, `m${s}-${i}`, { gateway, external: outside(2 * s + i), internal: { server, address } }),
    );
  }
}
