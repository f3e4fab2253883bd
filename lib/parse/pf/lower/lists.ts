import { Device } from '../../../net/device';
import { BaseChain, Box, LoweredRule, LoweredRuleset } from '../../../evaluator/model';
import { SYN_ACK, TCP, blocksByFlags, seenWith } from './flags';
import { PfFilterRule, PfMatch, PfRules, isOn, said } from '../model';
import { matching, ofPackets, verdict } from './rule';
import { askedInbound } from './left-out';
import { cameInBy, mappedOn, natted, redirected, wentOutBy } from './translations';

/** FreeBSD: all that comes in is translated, over the loopback interface, too. */
const BOX: Box = {
  loopback: 'lo0',
  translates: 'all',
  loops: 'to be translated',
  words: { accept: 'passes', drop: 'blocks' },
  leavesToRoutes: "pfSense's kernel leaves such a destination to the routes, where FreeBSD's does not",
};

/**
 * pf's five lists as packets meet them that have some flags if they are of TCP: what depends on no flag is made once. Inbound the kernel
 * asks `rdr`, then `binat`, then the filter; outbound `binat`, then `nat`, then the filter; every list on every interface that a packet
 * passes. Source: FreeBSD pf.c and pf_lb.c.
 */
export function lowering(rules: PfRules, device: Device): (has: number) => LoweredRuleset {
  const sent = rules.filter.flatMap(({ routedTo }) => routedTo ?? []);
  const names = [...new Set([...device.interfaces.map(({ name }) => name), BOX.loopback, ...sent])];
  const { unloadable } = rules;
  const translating = names.flatMap((name) => translationsOf(rules, name));
  const shared: Omit<LoweredRuleset, 'bases'> = {
    answering: [...translating, ...filtersOf(seenWith(rules, SYN_ACK), names, answering(rules))],
    ...(unloadable
      ? {
          unloadable: {
            line: unloadable.line.number,
            text: unloadable.line.text,
            because: said(unloadable.line, unloadable.because),
          },
        }
      : {}),
    facts: { connectionMarks: false, helpers: false, tracks: new Set(['ip', 'ip6']), learned: new Set() },
    box: BOX,
  };
  return (has) => ({ ...shared, bases: [...translating, ...filtersOf(seenWith(rules, has), names, ASKED)] });
}

/** What a list of filter rules says. */
interface Saying {
  readonly first: readonly LoweredRule[];
  readonly rule: (rule: PfFilterRule) => readonly LoweredRule[];
  readonly policy: BaseChain['policy'];
}

const ASKED: Saying = {
  first: [],
  rule: (rule) => {
    const { action, state, routedTo } = rule;
    return matching(
      rule,
      verdict(
        action === 'block'
          ? { is: 'drop' }
          : { is: 'pass', state, ...(routedTo === undefined ? {} : { out: routedTo }) },
      ),
    );
  },
  policy: 'pass without state',
};

/**
 * What rules say to answers, as far as they surely pass: not where one that makes a state meets the middle of a connection, nor where it sends
 * them elsewhere. Rules that block by flags may let a connection begin and end it then.
 */
const answering = (rules: PfRules): Saying => ({
  first: blocksByFlags(rules) ? [ofPackets({ line: 1, text: '' }, TCP, TCP, '', verdict({ is: 'drop' }))] : [],
  rule: (rule) => {
    if (rule.action === 'block' || rule.routedTo !== undefined) return matching(rule, verdict({ is: 'drop' }));
    const passed = matching(rule, verdict({ is: 'accept' }));
    return rule.state ? [...matching(rule, verdict({ is: 'drop' }), TCP), ...passed] : passed;
  },
  policy: 'accept',
});

type Placed = Pick<BaseChain, 'type' | 'hook' | 'priority'>;

const listOf = (placed: Placed, name: string, rules: LoweredRule[]): BaseChain => ({
  ...placed,
  devices: [name],
  policy: 'accept',
  line: 1,
  family: 'inet',
  chain: { called: `${placed.hook} on ${name}`, rules },
});

function translationsOf({ rdr, binat, nat, skipped }: PfRules, name: string): readonly BaseChain[] {
  if (skipped.includes(name)) return [];
  const mapped = mappedOn(binat, name);
  const of = <R extends PfMatch>(some: readonly R[], made: (rule: R) => readonly LoweredRule[]): LoweredRule[] =>
    some.filter((rule) => isOn(rule, name)).flatMap(made);
  return [
    listOf({ type: 'nat', hook: 'prerouting', priority: -100 }, name, of(rdr, redirected)),
    listOf({ type: 'nat', hook: 'prerouting', priority: -99 }, name, cameInBy(mapped, askedInbound(binat, name))),
    listOf({ type: 'nat', hook: 'postrouting', priority: 100 }, name, wentOutBy(mapped)),
    listOf({ type: 'nat', hook: 'postrouting', priority: 101 }, name, of(nat, natted)),
  ];
}

const IN: Placed = { type: 'filter', hook: 'prerouting', priority: 0 };
const OUT: Placed = { type: 'filter', hook: 'postrouting', priority: 150 };

function filtersOf(rules: PfRules, names: readonly string[], saying: Saying): readonly BaseChain[] {
  const known = new Map<string, LoweredRule[]>();
  const otherwise = otherwiseOf(rules);
  return names.flatMap((name): readonly BaseChain[] => {
    if (rules.skipped.includes(name))
      return [IN, OUT].map((placed) => ({ ...listOf(placed, name, []), otherwise: { words: `pf skips ${name}` } }));
    return [
      { ...listOf(IN, name, filtering(rules, name, 'in', saying, known)), policy: saying.policy, otherwise },
      { ...listOf(OUT, name, filtering(rules, name, 'out', saying, known)), policy: saying.policy, otherwise },
    ];
  });
}

function otherwiseOf({ off }: PfRules): NonNullable<BaseChain['otherwise']> {
  if (!off) return { words: 'no rule matches it, and then it passes' };
  return { words: 'the filter is off', ...(off === 'told' ? {} : { line: off.number }) };
}

/** The last match decides but for `quick`: first all quick rules in their order, then the others from the last to the first. Interfaces that ask the same share it. */
function filtering(
  { filter }: PfRules,
  name: string,
  way: 'in' | 'out',
  saying: Saying,
  known: Map<string, LoweredRule[]>,
): LoweredRule[] {
  const asked = [...filter.entries()].filter(
    ([, rule]) => rule.action !== 'match' && (rule.way === 'both' || rule.way === way) && isOn(rule, name),
  );
  const key = asked.map(([at]) => at).join(' ');
  let found = known.get(key);
  if (!found) {
    const order = [...asked.filter(([, { quick }]) => quick), ...asked.filter(([, { quick }]) => !quick).reverse()];
    known.set(key, (found = [...saying.first, ...order.flatMap(([, rule]) => saying.rule(rule))]));
  }
  return found;
}
