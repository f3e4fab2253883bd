// Tests on random prefixes the generated iptables chains that find an address among thousands of prefixes: each
// address gets the right rules after few comparisons.

import { Address, Prefix, getNetwork, toRange } from '../../../lib/net/address';
import { contains } from '../../../lib/net/range';
import { PrefixRules, PrefixLookup, createLookupRules } from '../../../lib/platforms/iptables/generate/prefix-lookup';
import { IptablesRule } from '../../../lib/platforms/iptables/generate/iptables-table';
import { at } from '../../devices';
import { fc } from '../../randomly';

// A rule about a prefix has its number as its protocol; `Walk` records the rules that an address meets.

const about = (prefix: Prefix, number: number): PrefixRules => ({
  prefix,
  rules: (within) => [
    {
      matches: [
        { is: 'address', end: 'destination', range: toRange(within) },
        { is: 'protocol', protocol: number },
      ],
      target: { is: 'drop' },
    },
  ],
});

class Walk {
  private readonly chains = new Map<string, readonly IptablesRule[]>();
  readonly way: PrefixLookup['way'];
  private readonly first: readonly IptablesRule[];

  constructor(way: PrefixLookup['way'], found: readonly PrefixRules[]) {
    this.way = way;
    const lookup: PrefixLookup = {
      way,
      rest: [
        about({ first: 0n as Address, length: 0 }, REST),
        about({ first: 0n as Address, length: 1 }, REST),
      ].flatMap(({ prefix, rules }) => rules(prefix)),
      by: (prefix) => ({ is: 'address', end: 'destination', range: toRange(prefix) }),
      chain: (rules) => {
        this.chains.set(`${this.chains.size}`, rules);
        return `${this.chains.size - 1}`;
      },
    };
    this.first = createLookupRules(lookup, found);
  }

  /**
   * The numbers of the rules that an address meets, in order and each once, and the number of rules that were
   * evaluated.
   */
  of(address: bigint): { readonly comesTo: readonly number[]; readonly asked: number } {
    const comesTo = new Set<number>();
    let asked = 0;
    const through = (rules: readonly IptablesRule[]): void => {
      for (const { matches, target } of rules) {
        asked += 1;
        if (!matches.every((match) => match.is !== 'address' || contains(match.range, address))) continue;
        for (const match of matches) if (match.is === 'protocol') comesTo.add(match.protocol);
        if (target.is !== 'jump' && target.is !== 'go to') continue;
        through(this.chains.get(target.chain)!);
        if (target.is === 'go to') return;
      }
    };
    through(this.first);
    return { comesTo: [...comesTo], asked };
  }
}

const REST = 30_000;
const BASE = at('203.0.0.0');
const prefix = fc
  .tuple(fc.integer({ min: 0, max: 4095 }), fc.constantFrom(32, 32, 32, 31, 29, 26, 22))
  .map(([n, length]) => getNetwork((BASE + BigInt(n)) as Address, length));
const prefixes = fc.array(prefix, { maxLength: 300 });

it.each(['jump', 'go to'] as const)('an address meets the rules of its prefixes, in order (%s)', (way) => {
  fc.assert(
    fc.property(prefixes, fc.array(prefix, { maxLength: 40 }), fc.integer({ min: 0, max: 4200 }), (some, ends, n) => {
      const found = some.map(about);
      const last = ends.map((one, i) => about(one, 1000 + i));
      const around = (of: readonly PrefixRules[], address: bigint): readonly PrefixRules[] =>
        of.filter((one) => contains(toRange(one.prefix), address));
      const numbers = (of: readonly PrefixRules[]): readonly number[] =>
        of.flatMap(({ prefix: own, rules }) =>
          rules(own)[0]!.matches.flatMap((match) => (match.is === 'protocol' ? [match.protocol] : [])),
        );
      for (const address of [BASE + BigInt(n), ...some.slice(0, 5).map(({ first }) => first)]) {
        const { comesTo: all } = new Walk(way, [...found, ...last]).of(address);
        expect(all.at(-1)).toBe(REST);
        const comesTo = all.slice(0, -1);
        expect(comesTo.filter((one) => one < 1000)).toEqual(numbers(around(found, address)));
        expect([...comesTo].sort()).toEqual(
          [...numbers(around(found, address)), ...numbers(around(last, address))].sort(),
        );
      }
    }),
    { numRuns: 300 },
  );
});

it('an address meets few rules of ten thousand, also within a larger prefix', () => {
  const hosts = Array.from({ length: 10_000 }, (_, n) =>
    about({ first: (BASE + BigInt(3 * n)) as Address, length: 32 }, n),
  );
  for (const way of ['jump', 'go to'] as const) {
    const walk = new Walk(way, hosts);
    for (const n of [0, 1, 5000, 29_997, 30_000, -1]) expect(walk.of(BASE + BigInt(n)).asked).toBeLessThan(250);
    const around = new Walk(way, [...hosts, about({ first: BASE, length: 17 }, 20_000)]);
    expect(around.of(BASE + 15_000n).comesTo).toEqual([5000, 20_000, REST]);
  }
});
