// Creates the intents of the farm that the benchmarks compile: one gateway, and N servers with a 1:1 mapping each, for
// nftables, iptables or pfSense. Also prints the rules that an expert, or another tool, would write for it.

import { CpanelFirewallProfileIntent, GatewayIntent, OneToOneNatIntent } from '../lib/intent/intent';

/** The TCP ports that are open on each server of the farm. The farm has N servers, each with a 1:1 mapping. */
export const PORTS = [
  20, 21, 22, 25, 26, 53, 80, 110, 143, 443, 465, 587, 993, 995, 2077, 2078, 2083, 2087, 2096, 3306,
] as const;

// Addresses step by 3 so that no two are neighbours: no tool gains by joining them into a prefix.
const text = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
export const outside = (n: number): string => text(0xc6120000 + 3 * n + 1); // 198.18.0.0/15, the benchmarking range
export const inside = (n: number): string => text(0x0a400000 + 3 * n + 1); // 10.64.0.0/10

export const gateway: GatewayIntent = {
  device: 'bench',
  owner: 'farm',
  platform: 'nftables',
  version: '1.0.6',
  interfaces: [
    {
      name: 'wan',
      role: 'outside',
      addresses: ['192.0.2.2/24'],
      publicPrefixes: [{ prefix: '198.18.0.0/15', delivery: 'routed' }],
    },
    { name: 'lan', role: 'inside', addresses: ['10.127.255.254/10'] },
  ],
};

const services = PORTS.map((port) => ({ ports: port, protocol: 'tcp' as const, from: 'anywhere' as const }));

/** The profile of the whole farm: the other tools' inputs have one list of ports, too. */
export const profile: CpanelFirewallProfileIntent = {
  name: 'farm',
  services,
  management: { from: ['192.0.2.0/24'], port: 22 },
};
/** The same profile without its first port, for the mappings that change. */
export const narrower: CpanelFirewallProfileIntent = { ...profile, name: 'narrower', services: services.slice(1) };

export interface Farm {
  readonly gateway: GatewayIntent;
  readonly profiles: Readonly<Record<string, CpanelFirewallProfileIntent>>;
  readonly mappings: readonly (Omit<OneToOneNatIntent, 'profile'> & { readonly profile: string })[];
}

/** Returns whether a mapping is one of the `changed` ones, which are spread over the farm. */
export const isChanged = (n: number, count: number, changed: number): boolean => {
  const step = changed === 0 ? 0 : Math.max(1, Math.floor(count / changed));
  return step > 0 && n % step === 0 && n < changed * step;
};

/** Returns a farm of `count` mappings. `changed` of them have the narrower profile. */
export const farm = (count: number, changed: number): Farm => ({
  gateway,
  profiles: { farm: profile, narrower },
  mappings: numbers(count).map((n) => ({
    name: `m${n}`,
    external: outside(n),
    internal: inside(n),
    profile: isChanged(n, count, changed) ? 'narrower' : 'farm',
  })),
});

/** Returns the same farm for iptables on Linux. */
export function iptablesFarm(count: number): Farm {
  const { gateway: same, ...rest } = farm(count, 0);
  return { ...rest, gateway: { ...same, platform: 'iptables', version: '1.8.9' } };
}

/** Returns the same farm for pfSense, without reflection: that would turn on a switch for the whole device. */
export function pfsenseFarm(count: number): Farm {
  const { mappings, ...rest } = farm(count, 0);
  return {
    ...rest,
    gateway: { ...gateway, platform: 'pfsense', version: '2.7.2' },
    mappings: mappings.map((mapping) => ({ ...mapping, reflection: { mode: 'disabled' } })),
  };
}

export const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Returns the ruleset that an expert would write by hand: two maps, two sets, nine lines. */
export function ideal(count: number): string {
  const all = numbers(count);
  const elements = (parts: readonly (string | number)[]): string => `elements = { ${parts.join(', ')} }`;
  return `table ip farm {
  map in { type ipv4_addr : ipv4_addr; ${elements(all.map((n) => `${outside(n)} : ${inside(n)}`))} }
  map out { type ipv4_addr : ipv4_addr; ${elements(all.map((n) => `${inside(n)} : ${outside(n)}`))} }
  set hosts { type ipv4_addr; ${elements(all.map(inside))} }
  set ports { type inet_service; ${elements(PORTS)} }
  chain pre { type nat hook prerouting priority dstnat; dnat to ip daddr map @in; }
  chain post { type nat hook postrouting priority srcnat; oifname "wan" snat to ip saddr map @out; }
  chain through { type filter hook forward priority filter; policy drop; ct state established accept; ip daddr @hosts tcp dport @ports accept; }
}
`;
}

/** Returns the same ruleset with one rule for each port of each server, as other tools write it. */
export function singlePortRules(count: number): string {
  const all = numbers(count);
  const rules = all.flatMap((n) =>
    PORTS.map((port) => `    iifname "wan" ct status dnat ip daddr ${inside(n)} tcp dport ${port} accept`),
  );
  return `table ip farm {
  map in { type ipv4_addr : ipv4_addr; elements = { ${all.map((n) => `${outside(n)} : ${inside(n)}`).join(', ')} } }
  map out { type ipv4_addr : ipv4_addr; elements = { ${all.map((n) => `${inside(n)} : ${outside(n)}`).join(', ')} } }
  chain pre {
    type nat hook prerouting priority dstnat; policy accept;
    iifname "wan" dnat to ip daddr map @in
  }
  chain post {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "wan" snat to ip saddr map @out
  }
  chain through {
    type filter hook forward priority filter; policy drop;
    ct state established accept
    iifname "lan" accept
${rules.join('\n')}
  }
}
`;
}
