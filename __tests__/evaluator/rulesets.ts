// Generates small random nftables rulesets.

import { fc } from '../randomly';
import { conditions, pick } from './conditions';

const words = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

const filterEnd = (family: string, deeper: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: pick([
        'accept',
        'drop',
        'accept',
        'drop',
        'return',
        'reject',
        'counter drop',
        'reject with tcp reset',
        'continue',
        '',
      ]),
    },
    {
      weight: 2,
      arbitrary:
        deeper.length > 0
          ? fc.tuple(pick(['jump', 'goto']), pick(deeper)).map((both) => both.join(' '))
          : fc.constant('accept'),
    },
    {
      weight: 1,
      arbitrary: pick([
        'tcp dport vmap { 22 : accept, 80-443 : drop }',
        'meta l4proto vmap { tcp : drop, udp : accept, * : return }',
        'th dport vmap { 22 : drop }',
        'iifname vmap { "wan0" : return, "br0" : accept, * : drop }',
        'tcp dport vmap { 22 : continue, 80 : accept, * : drop }',
        ...deeper.map((name) => `meta l4proto vmap { tcp : jump ${name}, udp : accept, * : drop }`),
        ...deeper.map((name) => `iifname vmap { "wan0" : goto ${name}, "br0" : jump ${name}, * : accept }`),
        'ct state vmap { new : return, established : accept, invalid : drop }',
        ...(family === 'ip6'
          ? []
          : [
              'ip saddr vmap @verdicts',
              'ip saddr vmap @some_verdicts',
              'ip daddr . tcp dport vmap { 10.0.0.10 . 80 : accept, 10.0.0.0/24 . 22 : drop }',
            ]),
      ]),
    },
    {
      weight: 1,
      arbitrary: pick([
        'frobnicate the packet',
        'tcp dport set 80',
        'ip daddr set 10.0.0.11',
        'meta pkttype set other',
        'tcp dport 80 tcp sport set 1020 accept',
        'ip dscp set cs1',
        'queue num 3',
        'meta mark set 0x1',
        'add @learned { ip saddr }',
        'update @learned { ip saddr } accept',
        'add @lports { tcp dport } drop',
        'update @lports { th dport } accept',
        'meta mark set tcp dport map { 22 : 1, 80 : 2 } drop',
        'meta mark set ct mark drop',
        'meta mark set ip dscp accept',
        'ct mark set 0x1 accept',
        'ct mark set meta mark drop',
        'meta priority set ip dscp map { cs1 : 1:2 } drop',
        'meta priority set tcp dport map { 80 : 1:2 } drop',
        'meta priority set 1:2 accept',
        'counter name "hits" accept',
        'dup to 10.0.0.11',
        'meta l4proto tcp tproxy ip to :8080',
        'ip6 hoplimit set 3 drop',
        'numgen random mod 2 vmap { 0 : accept, 1 : drop }',
        'rt type 0 drop',
        'tcp option maxseg size set 1400 accept',
        'xt match "recent" drop',
        'xt target "LOG"',
        'xt target "TPROXY"',
        'notrack',
        'tcp dport 80 notrack accept',
        'limit rate 5/second notrack',
      ]),
    },
  );

const natEnd = (hook: string, family: string, deeper: readonly string[]): fc.Arbitrary<string> => {
  const ip = family === 'inet' ? 'ip ' : '';
  const dnat = [
    `dnat ${ip}to 10.0.0.10`,
    `dnat ${ip}to 10.0.0.11:8080`,
    `dnat ${ip}to ip daddr map @inward`,
    `dnat ${ip}to tcp dport map { 80 : 10.0.0.10, 443 : 10.0.0.11 }`,
    'redirect to :8080',
    'redirect',
    `dnat ${ip}to 203.0.113.10`,
    `dnat ${ip}to 10.0.0.10-10.0.0.12`,
    `dnat ${ip}to ip daddr . tcp dport map { 203.0.113.10 . 80 : 10.0.0.10 . 8080, 203.0.113.11 . 443 : 10.0.0.11 . 443 }`,
    `ip daddr 203.0.113.8/29 dnat ${ip}prefix to 10.0.0.8/29`,
    `dnat ${ip}prefix to ip daddr map { 203.0.113.8/29 : 10.0.0.8/29 }`,
    `dnat ${ip}to 10.0.0.10:80`,
    'tcp dport 80 dnat to :8080',
  ];
  const snat = [
    'masquerade',
    'masquerade random',
    `snat ${ip}to 203.0.113.10`,
    `snat ${ip}to ip saddr map @outward`,
    `snat ${ip}to 203.0.113.10:1024-65535`,
    `snat ${ip}to 203.0.113.8-203.0.113.11`,
    `meta l4proto tcp snat ${ip}to 198.51.100.7`,
    'meta l4proto tcp snat to :30000',
    `ip saddr 10.0.0.8/29 snat ${ip}prefix to 203.0.113.8/29`,
  ];
  const dnat6 = ['dnat to [2001:db8:2::10]:80', 'dnat to 2001:db8:2::10', 'redirect to :8080'];
  const own =
    hook === 'prerouting' || hook === 'output'
      ? family === 'ip6'
        ? dnat6
        : dnat
      : family === 'ip6'
        ? ['masquerade', 'snat to 2001:db8:1::7']
        : hook === 'input'
          ? snat.slice(2)
          : snat;
  return fc.oneof(
    { weight: 6, arbitrary: pick(own) },
    { weight: 2, arbitrary: pick(['accept', 'return', 'counter', ...deeper.map((name) => `jump ${name}`)]) },
    { weight: 1, arbitrary: pick(['frobnicate the packet', 'drop']) },
  );
};

const rules = (family: string, end: fc.Arbitrary<string>): fc.Arbitrary<string[]> =>
  fc
    .array(
      fc.tuple(fc.array(conditions(family), { maxLength: 2 }), end).map(([some, last]) => words([...some, last])),
      { maxLength: 4 },
    )
    .map((lines) => lines.filter((line) => line !== ''));

const SETS = `
  set some { type ipv4_addr; flags interval; elements = { 10.0.0.10, 192.0.2.0/24, 203.0.113.11 }; }
  set some6 { type ipv6_addr; flags interval; elements = { 2001:db8:2::/64 }; }
  set ports { type inet_service; elements = { 22, 80, 443 }; }
  set pairs { type ipv4_addr . inet_service; elements = { 10.0.0.10 . 80, 10.0.0.1 . 22 }; }
  set triples { type ipv4_addr . inet_proto . inet_service; flags interval; elements = { 10.0.0.0/24 . tcp . 80, 10.0.0.10 . udp . 1-100 }; }
  set learned { type ipv4_addr; flags dynamic, timeout; elements = { 192.0.2.5, 10.0.0.10 timeout 1h }; }
  counter hits { }
  set lports { type inet_service; size 1000; flags dynamic; }
  map verdicts { type ipv4_addr : verdict; elements = { 10.0.0.10 : accept, 192.0.2.5 : drop }; }
  map some_verdicts { type ipv4_addr : verdict; flags timeout; elements = { 10.0.0.10 timeout 1h : return, 192.0.2.5 : accept, * : drop }; }
  map inward { type ipv4_addr : ipv4_addr; elements = { 203.0.113.10 : 10.0.0.10, 203.0.113.11 : 10.0.0.11 }; }
  map outward { type ipv4_addr : ipv4_addr; elements = { 10.0.0.10 : 203.0.113.10, 10.0.0.11 : 203.0.113.11 }; }`;

const chain = (name: string, head: string, lines: readonly string[]): string =>
  `  chain ${name} {\n${[head, ...lines]
    .filter((line) => line !== '')
    .map((line) => `    ${line}\n`)
    .join('')}  }\n`;

const FILTER_HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'];

function table(family: string, index: number): fc.Arbitrary<string> {
  const filters = fc.array(
    fc.record({
      hook: pick([...FILTER_HOOKS, 'forward', 'input']),
      priority: pick(['raw', '-150', '0', '0', '10', '-200', '-100', '150']),
      policy: pick(['accept', 'accept', 'drop']),
      lines: rules(family, filterEnd(family, ['one', 'two'])),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const nats = fc.array(
    pick(['prerouting', 'postrouting', 'prerouting', 'output', 'input']).chain((hook) =>
      fc.record({
        hook: fc.constant(hook),
        priority:
          hook === 'prerouting' || hook === 'output' ? pick(['-100', '-110', '-100', '10']) : pick(['100', '90']),
        lines: rules(family, natEnd(hook, family, ['translate'])),
      }),
    ),
    { maxLength: 2 },
  );
  return fc
    .record({
      filters,
      nats,
      one: rules(family, filterEnd(family, ['two'])),
      two: rules(family, filterEnd(family, [])),
      translate: rules(family, pick(['accept', 'return', ''])),
    })
    .map((parts) => {
      const heads = [
        ...parts.filters.map(({ hook, priority, policy, lines }, i) =>
          chain(`f${i}`, `type filter hook ${hook} priority ${priority}; policy ${policy};`, lines),
        ),
        ...parts.nats.map(({ hook, priority, lines }, i) =>
          chain(`n${i}`, `type nat hook ${hook} priority ${priority};`, lines),
        ),
      ];
      return `table ${family} t${index} {${SETS}\n${chain('two', '', parts.two)}${chain('one', '', parts.one)}${chain('translate', '', parts.translate)}${heads.join('')}}\n`;
    });
}

/** Small random rulesets. */
/** The chain on the outside interface before all others; only some rulesets have it. */
const device: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: rules('inet', pick(['accept', 'drop', 'tcp dport 80 notrack', 'fwd to "br0"', 'dup to "br0"', ''])).map(
      (lines) =>
        `table netdev d {${SETS}\n${chain('c', 'type filter hook ingress device "wan0" priority 0; policy accept;', lines)}}\n`,
    ),
  },
);

export const rulesets: fc.Arbitrary<string> = fc
  .array(pick(['inet', 'ip', 'ip6', 'inet', 'ip']), { minLength: 1, maxLength: 3 })
  .chain((families) => fc.tuple(device, ...families.map((family, i) => table(family, i))))
  .map((tables) => tables.join(''));
