// Reduces a ruleset and its device to one host of each equivalence class, so that the evaluator computes each class
// once.

import { Device } from '../../net/device';
import { findNamedAddress } from './named-rules';
import { PacketSetReducer } from './packet-set-occurrences';
import { HostClass } from './occurrences';
import { removeSingled } from './split-addresses';
import {
  Condition,
  RuleVerdict,
  RuleAction,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  Members,
  Tuple,
  mapVerdicts,
} from '../ruleset-model';

/**
 * Returns the ruleset and the device without all but the first host of each class. Results for the other hosts then
 * mean nothing.
 */
export function reduceRuleset(
  ruleset: LoweredRuleset,
  device: Device,
  classes: readonly HostClass[],
): readonly [LoweredRuleset, Device] {
  const removed: ReadonlySet<bigint> = new Set(classes.flatMap(({ hosts }) => hosts.slice(1).flat()));
  const reducer = new ChainReducer(removed);
  const { assumption } = device;
  return [
    {
      ...ruleset,
      baseChains: reducer.reduceBases(ruleset.baseChains),
      replyChains: ruleset.replyChains && reducer.reduceBases(ruleset.replyChains),
    },
    {
      ...device,
      localAddresses: device.localAddresses.filter((address) => !removed.has(address)),
      ...(assumption ? { assumption: { ...assumption, local: removeSingled(assumption.local, removed) } } : {}),
    },
  ];
}

/** Copies the graph of chains. Each chain is made once, and conditions that shared a set share the reduced one. */
class ChainReducer {
  private readonly reducedChains = new Map<LoweredChain, LoweredChain>();
  private readonly members = new Map<Members, Members>();

  private readonly sets: PacketSetReducer;

  constructor(private readonly removed: ReadonlySet<bigint>) {
    this.sets = new PacketSetReducer(removed);
  }

  reduceBases(bases: LoweredRuleset['baseChains']): LoweredRuleset['baseChains'] {
    return bases.map((base) => ({ ...base, chain: this.reduceChain(base.chain) }));
  }

  private reduceChain(chain: LoweredChain): LoweredChain {
    const knownChain = this.reducedChains.get(chain);
    if (knownChain) return knownChain;
    const reducedChain: LoweredChain = { ...chain, rules: [] };
    this.reducedChains.set(chain, reducedChain);
    for (const rule of chain.rules) if (!this.isAboutRemoved(rule)) reducedChain.rules.push(this.reduceRule(rule));
    return reducedChain;
  }

  private isAboutRemoved({ conditions }: LoweredRule): boolean {
    return conditions.some((condition) => {
      const reference = findNamedAddress(condition);
      return reference !== undefined && this.removed.has(reference.address.first);
    });
  }

  private reduceRule(rule: LoweredRule): LoweredRule {
    const conditions = rule.conditions.map((condition) => this.reduceCondition(condition));
    return rule.action ? { ...rule, conditions, action: this.reduceAction(rule.action) } : { ...rule, conditions };
  }

  private reduceCondition(condition: Condition): Condition {
    if (condition.is === 'packets')
      return { ...condition, must: this.sets.reduce(condition.must), may: this.sets.reduce(condition.may) };
    if (condition.is !== 'member') return condition;
    const { members } = condition;
    let reducedMembers = this.members.get(members);
    if (!reducedMembers)
      this.members.set(members, (reducedMembers = { ...members, tuples: members.tuples.filter(this.isKept) }));
    return { ...condition, members: reducedMembers };
  }

  private readonly isKept = ({ values }: Tuple): boolean => {
    const [value] = values;
    return !(
      values.length === 1 &&
      value?.is === 'addresses' &&
      value.range.first === value.range.last &&
      this.removed.has(value.range.first)
    );
  };

  private reduceAction(end: RuleAction): RuleAction {
    if (end.is === 'look up') return { ...end, entries: end.entries.filter(this.isKept) };
    const reducedAction = end.is === 'choose' ? { ...end, choices: end.choices.filter(this.isKept) } : end;
    return mapVerdicts(reducedAction, (verdict) => this.reduceVerdict(verdict));
  }

  private reduceVerdict(verdict: RuleVerdict): RuleVerdict {
    return verdict.is === 'jump' || verdict.is === 'goto'
      ? { ...verdict, chain: this.reduceChain(verdict.chain) }
      : verdict;
  }
}
