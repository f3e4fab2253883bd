import { Address, Prefix } from '../../../net/address';
import { groupBy } from '../../../net/group-by';
import { Match, Rule } from './model';

/** Rules about the addresses of one prefix. */
export interface About {
  readonly prefix: Prefix;
  /** Each asks for the prefix, or for one within it. */
  readonly rules: (within: Prefix) => readonly Rule[];
}

/** Rules about an address and what is around it, in their order. */
interface Found {
  readonly prefix: Prefix;
  readonly rules: readonly Rule[];
}

/** From here on a few steps by leading bits are faster than a rule after the other. */
const MOST_RULES = 100;
const BITS_OF_A_STEP = 7;
const EVERYTHING: Prefix = { first: 0n as Address, length: 0 };

/**
 * How rules for IPv4 prefixes are found, however many there are.
 * @param chain makes a chain within others, and says its name.
 */
export interface Lookup {
  readonly way: 'jump' | 'go to';
  readonly by: (prefix: Prefix) => Match;
  readonly chain: (rules: readonly Rule[]) => string;
  /** What is asked of whatever nothing is found for. */
  readonly rest: readonly Rule[];
}

/** Of an address what is about any prefix that it is in, in the order of `found`. */
export function looked(lookup: Lookup, found: readonly About[]): readonly Rule[] {
  const of = groupBy(found, ({ prefix }) => keyOf(prefix));
  const order = new Map(found.map((one, at) => [one, at]));
  const lengths = [...new Set(found.map(({ prefix }) => prefix.length))];
  const all = [...of.values()].map(([{ prefix }]): Found => {
    const around = lengths.flatMap((length) =>
      length <= prefix.length ? (of.get(keyOf(cut(prefix, length))) ?? []) : [],
    );
    around.sort((a, b) => order.get(a)! - order.get(b)!);
    return { prefix, rules: around.flatMap(({ rules }) => rules(prefix)) };
  });
  all.sort((a, b) => b.prefix.length - a.prefix.length || (a.prefix.first < b.prefix.first ? -1 : 1));
  let rest: readonly Rule[] | undefined;
  // Who went somewhere comes to it there.
  const atEnd = (): readonly Rule[] =>
    (rest ??=
      lookup.rest.length < 2
        ? lookup.rest
        : [{ matches: [], target: { is: 'go to', chain: lookup.chain(lookup.rest) } }]);
  return [...stepped(lookup, all, EVERYTHING, atEnd), ...(rest ?? lookup.rest)];
}

/** `all`: the longest prefixes first. Those that are around `bounds` are about all that comes here. */
function stepped(lookup: Lookup, all: readonly Found[], bounds: Prefix, atEnd: () => readonly Rule[]): readonly Rule[] {
  const inner = all.filter(({ prefix }) => prefix.length > bounds.length);
  if (inner.length <= MOST_RULES) return all.flatMap(({ rules }) => rules);
  const length = Math.min(32, common(inner).length + BITS_OF_A_STEP);
  const longer = groupBy(
    inner.filter(({ prefix }) => prefix.length >= length),
    ({ prefix }) => cut(prefix, length).first,
  );
  const shorter = all.filter(({ prefix }) => prefix.length < length);
  const steps = [...longer.values()].flatMap((some): readonly Rule[] => {
    if (some.length === 1) return some[0].rules;
    const step = cut(some[0].prefix, length);
    // Who went there doesn't come back.
    const around =
      lookup.way === 'jump' ? [] : shorter.filter(({ prefix }) => cut(step, prefix.length).first === prefix.first);
    const inner = stepped(lookup, [...some, ...around], step, atEnd);
    const chain = lookup.chain(lookup.way === 'jump' ? inner : [...inner, ...atEnd()]);
    return [{ matches: [lookup.by(step)], target: { is: lookup.way, chain } }];
  });
  return [...steps, ...shorter.flatMap(({ rules }) => rules)];
}

const keyOf = ({ first, length }: Prefix): string => `${first}/${length}`;

const cut = ({ first }: Prefix, length: number): Prefix => ({
  first: ((first >> BigInt(32 - length)) << BigInt(32 - length)) as Address,
  length,
});

/** The longest prefix that they are all in. */
function common(all: readonly Found[]): Prefix {
  const [first, ...more] = all.map(({ prefix }) => prefix);
  return more.reduce((found, prefix) => {
    let length = Math.min(found.length, prefix.length);
    while (cut(found, length).first !== cut(prefix, length).first) length -= 1;
    return cut(found, length);
  }, first!);
}
