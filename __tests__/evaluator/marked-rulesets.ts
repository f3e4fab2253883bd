// Generates random nftables rulesets in which nearly every rule tests or sets a mark.

import { fc } from '../randomly';
import { pick } from './conditions';

// Rulesets in which nearly every rule tests or sets a mark.

const ASKS = [
  'meta mark 0x1',
  'meta mark != 0x1',
  'meta mark & 0x1 == 0x1',
  'meta mark & 0x3 == 0x2',
  'meta mark 0x1-0x2',
  'meta mark { 0x0, 0x3 }',
  'ct mark 0x1',
  'ct mark & 0x2 == 0x2',
  'ct mark != 0x0',
];
const SETS = [
  'meta mark set 0x1',
  'meta mark set 0x2',
  'meta mark set meta mark | 0x2',
  'meta mark set meta mark & 0x2',
  'meta mark set meta mark ^ 0x1',
  'meta mark set meta mark & 0xfffffffe | 0x2',
  'ct mark set 0x1',
  'ct mark set meta mark',
  'ct mark set ct mark | 0x2',
  'meta mark set ct mark',
  'meta mark set ct mark & 0x1',
  'meta mark set tcp dport map { 22 : 0x1, 80 : 0x2 }',
];
const HEADERS = [
  'tcp dport 80',
  'tcp dport { 22, 443 }',
  'udp dport 80',
  'meta l4proto tcp',
  'meta l4proto != udp',
  'iifname "wan0"',
  'ip saddr 192.0.2.0/24',
  'ip daddr 10.0.0.0/24',
  'ip daddr 203.0.113.10',
  'ct state new',
  'limit rate 5/second',
  'tcp sport < 1024',
];
const some = (values: readonly string[], most: number): fc.Arbitrary<string[]> =>
  fc.array(pick(values), { maxLength: most });

function rules(ends: readonly string[], most: number): fc.Arbitrary<string[]> {
  const rule = fc
    .tuple(some(HEADERS, 1), some(ASKS, 1), some(SETS, 2), some([...HEADERS, ...ASKS, 'notrack'], 1), pick(ends))
    .map((parts) => parts.flat().filter((part) => part !== ''));
  return fc
    .array(rule, { maxLength: most })
    .map((all) => all.map((parts) => parts.join(' ')).filter((line) => line !== ''));
}

const jumps = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [
    `jump ${name}`,
    `goto ${name}`,
    `tcp dport vmap { 22 : jump ${name}, 80 : goto ${name}, 443 : return }`,
  ]);
const ENDS = ['accept', 'drop', 'return', '', '', '', '', 'accept'];

const chain = (name: string, head: string, lines: readonly string[]): string =>
  `  chain ${name} {\n${[head, ...lines].map((line) => `    ${line}\n`).join('')}  }\n`;

const PLACES = [
  'prerouting priority -150',
  'prerouting priority raw',
  'prerouting priority -150',
  'input priority 0',
  'forward priority 0',
  'forward priority 10',

  'output priority -150',
  'output priority 0',
  'postrouting priority 0',
  'postrouting priority 150',
  'input priority 150',
  'prerouting priority 0',
];

const list = pick(PLACES).chain((place) =>
  fc
    .tuple(pick(['accept', 'accept', 'drop']), rules([...ENDS, ...jumps(['one', 'two'])], 4))
    .map(([policy, lines]) => ({
      head: `type filter hook ${place}; policy ${policy};`,
      lines,
    })),
);
const nats = fc.record({
  inward: rules([...ENDS.slice(2), 'dnat ip to 10.0.0.10', 'redirect to :8080', ...jumps(['one'])], 3),
  outward: rules([...ENDS.slice(2), 'masquerade', 'snat ip to 203.0.113.10', ...jumps(['one'])], 3),
});

export const markedRulesets: fc.Arbitrary<string> = fc
  .record({
    lists: fc.array(list, { minLength: 2, maxLength: 5 }),
    nats: fc.option(nats),
    one: rules([...ENDS.slice(2), ...jumps(['two'])], 3),
    two: rules(ENDS.slice(2), 3),
  })
  .map(({ lists, nats: translating, one, two }) =>
    [
      'table inet marks {\n',
      chain('two', '', two),
      chain('one', '', one),
      ...lists.map(({ head, lines }, i) => chain(`f${i}`, head, lines)),
      ...(translating
        ? [
            chain('in', 'type nat hook prerouting priority -100;', translating.inward),
            chain('out', 'type nat hook postrouting priority 100;', translating.outward),
          ]
        : []),
      '}\n',
    ].join(''),
  );
