/**
 * Creates the function that lowers the resolved rules of FreeBSD's pf into the ruleset model, for packets with given
 * TCP flags. It knows no text of pf and no platform's configuration: model.ts is its input.
 */

import { Device } from '../../../net/device';
import { BaseChain, KernelBehavior, LoweredRule, LoweredRuleset } from '../../../evaluator/ruleset-model';
import { SYN_ACK, TCP_PACKETS, blocksByFlags, narrowToFlags } from './tcp-flags';
import { PfFilterRule, PfMatch, PfRules, isOnInterface, addLineNumber } from '../model';
import { lowerMatch, createPacketRule, createVerdict } from './lowered-rule';
import { computeInboundReach } from './binat-skips';
import { lowerInboundBinats, indexBinats, lowerNat, lowerRedirect, lowerOutboundBinats } from './translations';

/** FreeBSD translates all packets that come in, over the loopback interface, too. */
const PF_BOX: KernelBehavior = {
  loopback: 'lo0',
  translates: 'all',
  loops: 'to be translated',
  actionWords: { accept: 'passes', drop: 'blocks' },
  routedAnywayReason: "pfSense's kernel leaves such a destination to the routes, where FreeBSD's does not",
};

/**
 * Returns a function that lowers pf's lists for packets with these flags, if they are of TCP. The parts that depend on
 * no flag are lowered once. Inbound the kernel evaluates `rdr`, then `binat`, then the filter; outbound `binat`, then
 * `nat`, then the filter; every list on every interface that a packet passes. Source: FreeBSD pf.c and pf_lb.c.
 */
export function createLowering(rules: PfRules, device: Device): (flags: number) => LoweredRuleset {
  const routedInterfaces = rules.filter.flatMap(({ routedTo }) => routedTo ?? []);
  const names = [...new Set([...device.interfaces.map(({ name }) => name), PF_BOX.loopback, ...routedInterfaces])];
  const { unloadable } = rules;
  const translating = names.flatMap((name) => lowerTranslations(rules, name));
  const shared: Omit<LoweredRuleset, 'baseChains'> = {
    replyChains: [...translating, ...lowerFilters(narrowToFlags(rules, SYN_ACK), names, createAnswerLowering(rules))],
    ...(unloadable
      ? {
          unloadable: {
            line: unloadable.line.number,
            text: unloadable.line.text,
            reason: addLineNumber(unloadable.line, unloadable.reason),
          },
        }
      : {}),
    facts: {
      hasConnectionMarks: false,
      hasHelpers: false,
      trackedFamilies: new Set(['ip', 'ip6']),
      dynamicSets: new Set(),
    },
    kernel: PF_BOX,
  };
  return (flags) => ({
    ...shared,
    baseChains: [...translating, ...lowerFilters(narrowToFlags(rules, flags), names, FIRST_PACKET_LOWERING)],
  });
}

/** How a list of filter rules is lowered. */
interface FilterLowering {
  readonly first: readonly LoweredRule[];
  readonly rule: (rule: PfFilterRule) => readonly LoweredRule[];
  readonly policy: BaseChain['policy'];
}

const FIRST_PACKET_LOWERING: FilterLowering = {
  first: [],
  rule: (rule) => {
    const { action, state, routedTo } = rule;
    return lowerMatch(
      rule,
      createVerdict(
        action === 'block'
          ? { is: 'drop' }
          : { is: 'pass', state, ...(routedTo === undefined ? {} : { exitInterface: routedTo }) },
      ),
    );
  },
  policy: 'pass without state',
};

/**
 * Lowers the rules for answers that certainly pass. An answer doesn't certainly pass where a rule that makes a state
 * meets the middle of a connection, nor where a rule routes it elsewhere. Rules that block by flags may let a
 * connection begin and end it then.
 */
const createAnswerLowering = (rules: PfRules): FilterLowering => ({
  first: blocksByFlags(rules)
    ? [createPacketRule({ line: 1, text: '' }, TCP_PACKETS, TCP_PACKETS, '', createVerdict({ is: 'drop' }))]
    : [],
  rule: (rule) => {
    if (rule.action === 'block' || rule.routedTo !== undefined) return lowerMatch(rule, createVerdict({ is: 'drop' }));
    const passed = lowerMatch(rule, createVerdict({ is: 'accept' }));
    return rule.state ? [...lowerMatch(rule, createVerdict({ is: 'drop' }), TCP_PACKETS), ...passed] : passed;
  },
  policy: 'accept',
});

type ChainPosition = Pick<BaseChain, 'type' | 'hook' | 'priority'>;

const createChain = (position: ChainPosition, name: string, rules: LoweredRule[]): BaseChain => ({
  ...position,
  devices: [name],
  policy: 'accept',
  line: 1,
  family: 'inet',
  chain: { label: `${position.hook} on ${name}`, rules },
});

function lowerTranslations({ rdr, binat, nat, skipped }: PfRules, name: string): readonly BaseChain[] {
  if (skipped.includes(name)) return [];
  const indexedBinats = indexBinats(binat, name);
  const lowerRules = <R extends PfMatch>(
    rules: readonly R[],
    lowerRule: (rule: R) => readonly LoweredRule[],
  ): LoweredRule[] => rules.filter((rule) => isOnInterface(rule, name)).flatMap(lowerRule);
  return [
    createChain({ type: 'nat', hook: 'prerouting', priority: -100 }, name, lowerRules(rdr, lowerRedirect)),
    createChain(
      { type: 'nat', hook: 'prerouting', priority: -99 },
      name,
      lowerInboundBinats(indexedBinats, computeInboundReach(binat, name)),
    ),
    createChain({ type: 'nat', hook: 'postrouting', priority: 100 }, name, lowerOutboundBinats(indexedBinats)),
    createChain({ type: 'nat', hook: 'postrouting', priority: 101 }, name, lowerRules(nat, lowerNat)),
  ];
}

const INBOUND: ChainPosition = { type: 'filter', hook: 'prerouting', priority: 0 };
const OUTBOUND: ChainPosition = { type: 'filter', hook: 'postrouting', priority: 150 };

function lowerFilters(rules: PfRules, names: readonly string[], filterLowering: FilterLowering): readonly BaseChain[] {
  const loweredRules = new Map<string, LoweredRule[]>();
  const defaultSource = describeDefault(rules);
  return names.flatMap((name): readonly BaseChain[] => {
    if (rules.skipped.includes(name))
      return [INBOUND, OUTBOUND].map((position) => ({
        ...createChain(position, name, []),
        defaultSource: { description: `pf skips ${name}` },
      }));
    return [
      {
        ...createChain(INBOUND, name, lowerFilter(rules, name, 'in', filterLowering, loweredRules)),
        policy: filterLowering.policy,
        defaultSource,
      },
      {
        ...createChain(OUTBOUND, name, lowerFilter(rules, name, 'out', filterLowering, loweredRules)),
        policy: filterLowering.policy,
        defaultSource,
      },
    ];
  });
}

function describeDefault({ filterOff }: PfRules): NonNullable<BaseChain['defaultSource']> {
  if (!filterOff) return { description: 'no rule matches it, and then it passes' };
  return { description: 'the filter is off', ...(filterOff === 'told' ? {} : { line: filterOff.number }) };
}

/**
 * Lowers the filter in order of first match. In pf the last match decides except for `quick`: so all quick rules come
 * first in their order, then the others from the last to the first. Interfaces with the same rules share the result.
 */
function lowerFilter(
  { filter }: PfRules,
  name: string,
  way: 'in' | 'out',
  filterLowering: FilterLowering,
  loweredRules: Map<string, LoweredRule[]>,
): LoweredRule[] {
  const applicable = [...filter.entries()].filter(
    ([, rule]) =>
      rule.action !== 'match' && (rule.direction === 'both' || rule.direction === way) && isOnInterface(rule, name),
  );
  const key = applicable.map(([at]) => at).join(' ');
  let lowered = loweredRules.get(key);
  if (!lowered) {
    const order = [
      ...applicable.filter(([, { quick }]) => quick),
      ...applicable.filter(([, { quick }]) => !quick).reverse(),
    ];
    loweredRules.set(
      key,
      (lowered = [...filterLowering.first, ...order.flatMap(([, rule]) => filterLowering.rule(rule))]),
    );
  }
  return lowered;
}
