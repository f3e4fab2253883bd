// Generates random nftables rulesets with many hosts that rules treat alike, for the tests of equivalence classes.
// Also a table of rules by which some of the hosts differ.

import { fc } from '../randomly';

export const outside = (n: number): string => `203.0.113.${n}`;
export const inside = (n: number): string => `10.0.0.${n}`;

/** Blocks of twenty hosts, some adjacent, so that members of one class are neighbours and members of two alternate. */
export const HOSTS = Array.from({ length: 20 }, (_, n) => 20 + n + (n > 9 ? 3 : 0));
const some = fc.constantFrom<(n: number) => boolean>(
  () => true,
  (n) => n % 2 === 0,
  (n) => n > 8,
  (n) => n < 16,
  (n) => n !== 3,
);
/** The internal address of a public one: at one distance, in another order, or two to one. */
const paired = fc.constantFrom<(n: number) => number>(
  (n) => HOSTS[n]!,
  (n) => HOSTS[(n * 7) % HOSTS.length]!,
  (n) => HOSTS[n - (n % 2)]!,
);

export const ruleset = fc
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

/** Rules that name one host; `n` is the host's number. */
const NAMING: readonly ((n: number) => string)[] = [
  (n) => `ip daddr ${inside(n)} tcp dport 80 accept`,
  (n) => `ip daddr ${inside(n)} accept`,
  (n) => `ip daddr ${inside(n)} tcp dport { 25, 26 } drop`,
  (n) => `ip saddr ${inside(n)} tcp dport 25 drop`,
  (n) => `ip saddr ${inside(n)} accept`,
  (n) => `ip saddr ${inside(n)} ip daddr 10.0.0.99 drop`,
  (n) => `ip saddr 203.0.113.99 ip daddr ${inside(n)} tcp dport 22 accept`,
  (n) => `ip saddr ${inside(n)} ip daddr @a accept`,
  (n) => `limit rate 5/second ip daddr ${inside(n)} tcp dport 80 accept`,
  (n) => `limit rate 5/second ip saddr ${inside(n)} drop`,
  (n) => `iifname "wan" ct status dnat ip daddr ${inside(n)} tcp dport 443 accept`,
  (n) => `ct state new ip saddr ${inside(n)} tcp dport 443 accept`,
  (n) => `ip daddr ${inside(n)} counter`,
  (n) => `ip daddr ${inside(n)} jump sub`,
  (n) => `ip saddr ${inside(n)} tcp dport 81 goto sub`,
  (n) => `ip daddr ${inside(n)} tcp dport 82 return`,
  (n) => `ip daddr ${inside(n)} tcp dport vmap { 80 : accept, 81 : drop }`,
  (n) => `ip daddr ${inside(n)} meta mark set 1`,
  (n) => `meta mark 1 ip daddr ${inside(n)} accept`,
  (n) => `ct original ip daddr ${outside(n)} tcp dport 83 accept`,
  (n) => `ip daddr != ${inside(n)} tcp dport 84 drop`,
  (n) => `ip daddr { ${inside(n)}, ${inside(n + 1)} } tcp dport 85 accept`,
  (n) => `ip saddr ${outside(n)} ip daddr ${inside(n)} drop`,
];
const NAMING_TRANSLATED: readonly ((n: number, to: number) => string)[] = [
  (n, to) => `ip daddr ${outside(n)} dnat to ${inside(to)}`,
  (n, to) => `iifname "wan" ip daddr ${outside(n)} dnat to ${inside(to)}`,
  (n, to) => `ip daddr ${outside(n)} tcp dport 80 dnat to ${inside(to)}:8080`,
  (n, to) => `ip saddr 203.0.113.99 ip daddr ${outside(n)} dnat to ${inside(to)}`,
  (n, to) => `limit rate 1/second ip daddr ${outside(n)} dnat to ${inside(to)}`,
  (n) => `ip saddr ${inside(n)} ip daddr ${outside(n)} dnat to 10.0.0.99`,
  (n) => `ip daddr ${outside(n)} tcp dport 443 dnat to 10.0.0.99`,
  (n) => `ip daddr ${outside(n)} tcp dport 25 redirect to :8080`,
  (n) => `ip daddr ${outside(n)} tcp dport 26 dnat to 10.0.0.99:100-200`,
  (n) => `ip daddr ${outside(n)} tcp dport 22 accept`,
];
const NAMING_SENDERS: readonly ((n: number, to: number) => string)[] = [
  (n, to) => `oifname "wan" ip saddr ${inside(to)} snat to ${outside(n)}`,
  (_, to) => `ip saddr ${inside(to)} ip daddr ${inside(to)} snat to 10.0.0.1`,
  (n) => `ip saddr ${inside(n)} tcp dport 25 masquerade`,
  (n, to) => `limit rate 1/second ip saddr ${inside(to)} snat to ${outside(n)}`,
  (n, to) => `ip saddr ${inside(to)} tcp dport 80 snat to ${outside(n)}:1024-2048`,
];

const EARLY: readonly ((n: number) => string)[] = [
  (n) => `ip daddr ${outside(n)} notrack`,
  (n) => `ip saddr ${inside(n)} tcp dport 80 notrack accept`,
  (n) => `ip saddr ${outside(n)} drop`,
];

/** Some of these rules for some hosts, in one order or another. */
function naming(
  forms: readonly ((n: number, to: number) => string)[],
): fc.Arbitrary<(pair: (n: number) => number) => string> {
  const order = fc.constantFrom<'by host' | 'by rule' | 'backwards' | 'otherwise'>(
    'by host',
    'by rule',
    'backwards',
    'otherwise',
  );
  return fc
    .record({ chosen: fc.uniqueArray(fc.nat(forms.length - 1), { minLength: 1, maxLength: 3 }), of: some, order })
    .map(({ chosen, of, order: wanted }) => (pair) => {
      const hosts = HOSTS.map((_, n) => n).filter(of);
      const rule = (n: number, one: number): string => `    ${forms[one]!(HOSTS[n]!, pair(n))}`;
      if (wanted === 'by rule') return chosen.flatMap((one) => hosts.map((n) => rule(n, one))).join('\n');
      if (wanted === 'backwards')
        return [...hosts]
          .reverse()
          .flatMap((n) => chosen.map((one) => rule(n, one)))
          .join('\n');
      // One host has them in another order.
      const last = wanted === 'otherwise' ? hosts.at(-1) : undefined;
      return hosts.flatMap((n) => (n === last ? [...chosen].reverse() : chosen).map((one) => rule(n, one))).join('\n');
    });
}

/** Rules that name hosts, and between them few that name none. */
export const namingRuleset = fc
  .record({
    held: fc.array(some, { minLength: 2, maxLength: 2 }),
    paired,
    through: fc.array(naming(NAMING), { minLength: 1, maxLength: 2 }),
    input: fc.option(naming(NAMING), { nil: undefined }),
    translated: fc.option(naming(NAMING_TRANSLATED), { nil: undefined }),
    senders: fc.option(naming(NAMING_SENDERS), { nil: undefined }),
    early: fc.option(fc.nat(EARLY.length - 1), { nil: undefined }),
    between: fc.constantFrom(
      '',
      'tcp dport 80 accept',
      'ip saddr @b drop',
      'ct state established accept',
      'limit rate 5/second drop',
    ),
    drop: fc.boolean(),
  })
  .map(({ held, paired: pair, through, input, translated, senders, early, between, drop }) => {
    const hosts = HOSTS.map((_, n) => n);
    const set = (name: string, wanted: (n: number) => boolean): string =>
      `  set ${name} { type ipv4_addr; elements = { ${hosts
        .filter(wanted)
        .map((n) => inside(HOSTS[n]!))
        .join(', ')} } }`;
    const policy = drop ? 'drop' : 'accept';
    const chain = (name: string, base: string, rules: string): string =>
      `  chain ${name} {\n    type ${base};\n${rules}\n  }`;
    return `table ip x {
${set('a', held[0]!)}
${set('b', held[1]!)}
  chain sub {
    ip saddr @b drop
    ip daddr 10.0.0.25 tcp dport 81 accept
    limit rate 2/second tcp dport 80 accept
  }
${early === undefined ? '' : chain('raw', 'filter hook prerouting priority -300', HOSTS.map((n) => `    ${EARLY[early]!(n)}`).join('\n'))}
${chain('pre', 'nat hook prerouting priority -100', translated?.(pair) ?? '')}
${chain('post', 'nat hook postrouting priority 100', senders?.(pair) ?? '')}
${chain('through', `filter hook forward priority 0; policy ${policy}`, through.map((one) => one(pair)).join(`\n    ${between}\n`))}
${input ? chain('in', 'filter hook input priority 0', input(pair)) : ''}
}
`;
  });

/** Rules by which the two halves of the hosts differ, or by which unclear rules of one half could be lost. */
export const PARTED: Readonly<
  Record<string, (some: readonly number[], others: readonly number[]) => readonly string[]>
> = {
  'a rule between those of both halves': (some, others) => [
    ...some.map((n) => `ip daddr ${inside(n)} tcp dport 80 accept`),
    'tcp dport 80 drop',
    ...others.map((n) => `ip daddr ${inside(n)} tcp dport 80 accept`),
  ],
  'rules on sources and destinations that may not match': (some, others) =>
    [...some, ...others].flatMap((n) => [
      `limit rate 5/second ip daddr ${inside(n)} accept`,
      `limit rate 5/second ip saddr ${inside(n)} accept`,
    ]),
  'a rule on a source between other rules': (some, others) => {
    const received = (n: number): readonly string[] => [
      `ip daddr ${inside(n)} tcp dport 1 accept`,
      `ip daddr ${inside(n)} tcp dport 1-9 drop`,
    ];
    return [...some.flatMap(received), 'ip saddr 203.0.113.99 accept', ...others.flatMap(received)];
  },
  'lines with two rules': (some, others) => {
    const rules = (n: number): readonly string[] =>
      ['80', '81'].map((port) => `limit rate 5/second ip daddr ${inside(n)} tcp dport ${port} accept`);
    return [...some.map((n) => rules(n).join('; ')), ...others.flatMap(rules)];
  },
};
