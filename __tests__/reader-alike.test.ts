import * as fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress, parseInterfaceAddress } from '../lib/net/address';
import { LATER_PHASES } from '../lib/exposure/phase';
import { Device, vantageKey } from '../lib/net/device';
import { kindsOf } from '../lib/reading/stages/alike/alike';
import { Evaluation } from '../lib/reading/stages/evaluate';
import { parseRuleset } from '../lib/platforms/nftables/read/parse';
import { understand } from '../lib/platforms/nftables/read/understand';
import { WILD_DEVICES } from './wild/devices';

// Hosts that a text can't tell apart are evaluated once. That must be what comes of evaluating each of them.

const device: Device = {
  interfaces: [
    { name: 'wan', role: 'outside', addresses: [parseInterfaceAddress('203.0.113.2/24')!], routes: [] },
    { name: 'lan', role: 'inside', addresses: [parseInterfaceAddress('10.0.0.1/24')!], routes: [] },
  ],
  localAddresses: [],
  forwarding: true,
};

/** Vantages where the two ways differ, and how many hosts were left out. */
function compared(text: string, on: Device): { readonly differ: readonly string[]; readonly spared: number } {
  const understood = understand(parseRuleset(text));
  const [short, whole] = [new Evaluation(understood, on), new Evaluation(understood, on, 'each')];
  const differ = (['first', ...LATER_PHASES] as const).flatMap((phase) => {
    const { views } = short.exposure(phase);
    return whole
      .exposure(phase)
      .views.flatMap(({ vantage, verdicts, translations }, i) =>
        views[i]!.verdicts.equals(verdicts) && views[i]!.translations.equals(translations) ? [] : [`${phase} ${vantageKey(vantage)}`],
      );
  });
  return { differ, spared: kindsOf(understood, on).reduce((sum, { hosts }) => sum + hosts.length - 1, 0) };
}

const outside = (n: number): string => `203.0.113.${n}`;
const inside = (n: number): string => `10.0.0.${n}`;

/** Blocks of twenty hosts, some beside each other, so that members of one kind are neighbours and members of two alternate. */
const HOSTS = Array.from({ length: 20 }, (_, n) => 20 + n + (n > 9 ? 3 : 0));
const some = fc.constantFrom<(n: number) => boolean>(
  () => true,
  (n) => n % 2 === 0,
  (n) => n > 8,
  (n) => n < 16,
  (n) => n !== 3,
);
/** Which inside address a public one has: at one distance, in another order, two to one. */
const paired = fc.constantFrom<(n: number) => number>(
  (n) => HOSTS[n]!,
  (n) => HOSTS[(n * 7) % HOSTS.length]!,
  (n) => HOSTS[n - (n % 2)]!,
);

const ruleset = fc
  .record({
    held: fc.array(some, { minLength: 3, maxLength: 3 }),
    mapped: some,
    paired,
    rules: fc.array(fc.nat(17), { minLength: 1, maxLength: 7 }),
    nat: fc.uniqueArray(fc.nat(8), { minLength: 1, maxLength: 5 }),
    drop: fc.boolean(),
  })
  .map(({ held, mapped, paired: pair, rules, nat, drop }) => {
    const hosts = HOSTS.map((_, n) => n);
    const set = (name: string, address: (n: number) => string, wanted: (n: number) => boolean): string =>
      `  set ${name} { type ipv4_addr; elements = { ${hosts
        .filter(wanted)
        .map((n) => address(HOSTS[n]!))
        .join(', ')} } }`;
    const map = (name: string, entries: ReadonlyMap<string, string>): string =>
      `  map ${name} { type ipv4_addr : ipv4_addr; elements = { ${[...entries].map(([key, to]) => `${key} : ${to}`).join(', ')} } }`;
    const taken = hosts.filter(mapped);
    const verdicts = hosts.map((n) => `${inside(HOSTS[n]!)} : ${held[0]!(n) ? 'accept' : 'drop'}`).join(', ');
    const filters = [
      'ip daddr @a accept',
      'ip daddr @a tcp dport 443 accept',
      'ip saddr @b drop',
      'ip daddr != @b tcp dport 22 accept',
      'ip saddr @a ip daddr @b accept',
      'ct original ip daddr @c tcp dport { 80, 443 } accept',
      'ip daddr 10.0.0.24 accept',
      'ip daddr 10.0.0.24-10.0.0.28 drop',
      'ip saddr 203.0.113.25 accept',
      `ip daddr vmap { ${verdicts} }`,
      `tcp dport 25 ip saddr vmap { ${verdicts} }`,
      'ct status dnat accept',
      'iifname "lan" accept',
      'ip daddr . tcp dport { 10.0.0.26 . 25, 10.0.0.27 . 26 } accept',
      'ip saddr { 10.0.0.21, 10.0.0.22 } accept',
      'meta protocol ip6 accept',
      'limit rate 5/second ip daddr @a accept',
      'fib daddr type local accept',
    ];
    const translations = [
      'iifname "wan" dnat to ip daddr map @in',
      'dnat to ip daddr map @in',
      'ip daddr @c dnat to 10.0.0.99',
      'ip daddr @c tcp dport 80 dnat to 10.0.0.22:8080',
      'ip daddr @a tcp dport 80 redirect to :8080',
      'tcp dport 443 dnat to ip daddr map @in',
      'ip saddr @b dnat to ip saddr map @in',
      'ip daddr 203.0.113.33 dnat to 10.0.0.30',
      'tcp dport 25 ip daddr @c accept',
    ];
    const sources = [
      'oifname "wan" snat to ip saddr map @out',
      'oifname "lan" ip saddr @a ip daddr @b masquerade',
      'oifname "wan" ip saddr @b snat to 203.0.113.2',
      'snat to ip saddr map @out',
    ];
    const public_ = (n: number): string => outside(HOSTS[n]!);
    const both = taken.map((n) => [public_(n), inside(pair(n))] as const);
    return `table ip x {
${set('a', inside, held[0]!)}
${set('b', inside, held[1]!)}
${set('c', outside, held[2]!)}
${map('in', new Map(both))}
${map('out', new Map(both.map(([key, to]) => [to, key])))}
  chain pre {
    type nat hook prerouting priority -100; policy accept;
${nat.map((n) => `    ${translations[n]}`).join('\n')}
  }
  chain post {
    type nat hook postrouting priority 100; policy accept;
    ${sources[nat[0]! % sources.length]}
    ${sources[rules[0]! % sources.length]}
  }
  chain through {
    type filter hook forward priority 0; policy ${drop ? 'drop' : 'accept'};
${rules.map((n) => `    ${filters[n]}`).join('\n')}
  }
  chain in {
    type filter hook input priority 0; policy drop;
${rules
  .slice(0, 3)
  .map((n) => `    ${filters[n]}`)
  .join('\n')}
  }
}
`;
  });

describe('hosts that a ruleset treats alike', () => {
  it('are said of what is said of each', () => {
    let spared = 0;
    fc.assert(
      fc.property(ruleset, fc.boolean(), (text, local) => {
        const on = local ? { ...device, localAddresses: HOSTS.map((n) => parseAddress(outside(n))!) } : device;
        const { differ, spared: here } = compared(text, on);
        spared += here;
        expect(differ).toEqual([]);
      }),
      { numRuns: 60 },
    );
    // Else nothing was compared with anything.
    expect(spared).toBeGreaterThan(60);
  });

  it.each(readdirSync(join(__dirname, 'wild')).filter((name) => name.endsWith('.nft')))('in %s, too', (name) => {
    const text = readFileSync(join(__dirname, 'wild', name), 'utf8');
    expect(compared(text, WILD_DEVICES[name.replace('.nft', '')]!).differ).toEqual([]);
  });

  it('are told apart where a rule names one of them', () => {
    const text = (rule: string, translation = ''): string => `table ip x {
  set hosts { type ipv4_addr; elements = { ${HOSTS.map(inside).join(', ')} } }
  chain c {
    type filter hook forward priority 0; policy drop;
    ip daddr @hosts accept
    ${rule}
  }
  chain n {
    type nat hook prerouting priority -100; policy accept;
    ${translation}
  }
}
`;
    expect(compared(text(''), device).spared).toBe(19);
    expect(compared(text('ip saddr 10.0.0.21 accept'), device).spared).toBe(18);
    expect(compared(text('', 'dnat ip prefix to ip daddr map { 203.0.113.0/24 : 10.0.0.0/24 }'), device).spared).toBe(0);
  });
});
