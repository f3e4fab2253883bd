// Derives the rulesets that a new client meets: one that has sent nothing before and goes over no limit, where neither it
// nor its destination is on a list whose members aren't known. Conditions on these are gone from them.

import {
  Condition,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  Members,
  RuleAction,
  Tuple,
  listChains,
  mapVerdicts,
} from './ruleset-model';

/** Whether elements that may expire are assumed to be there or gone. */
type ElementState = 'there' | 'gone';

/**
 * Returns the rulesets that a new client may meet; none if no condition depends on earlier packets or on members that
 * aren't known. There are two if elements may expire: with these elements, and without them.
 */
export function listNewClientRulesets(ruleset: LoweredRuleset): readonly LoweredRuleset[] {
  const chains = [...listChains(ruleset.baseChains), ...listChains(ruleset.replyChains ?? [])];
  const conditions = chains.flatMap(({ rules }) => rules.flatMap((rule) => rule.conditions));
  const actions = chains.flatMap(({ rules }) => rules.flatMap(({ action }) => action ?? []));
  const mayExpire = conditions.some(hasExpiring) || actions.some((action) => listEntries(action).some(isExpiring));
  if (!mayExpire && !conditions.some(dependsOnClient)) return [];
  return (mayExpire ? (['gone', 'there'] as const) : (['there'] as const)).map((elements) =>
    new ClientResolver(elements).resolveRuleset(ruleset),
  );
}

type Entry = Pick<Tuple, 'expires' | 'counts'>;
const isExpiring = ({ expires, counts }: Entry): boolean => expires && counts !== true;
const hasExpiring = (condition: Condition): boolean =>
  condition.is === 'member' && condition.members.tuples.some(isExpiring);
const listEntries = (action: RuleAction): readonly Entry[] =>
  action.is === 'choose' ? action.choices : action.is === 'look up' ? action.entries : [];

const dependsOnClient = (condition: Condition): boolean =>
  condition.is === 'doubt' || condition.is === 'packets'
    ? condition.newClient !== undefined
    : condition.is === 'member'
      ? condition.members.dynamic && condition.members.addsOnTheWay !== true
      : condition.is === 'fact' && isRoomInSet(condition);

const isRoomInSet = ({ field: { looksAt } }: Extract<Condition, { is: 'fact' }>): boolean =>
  looksAt.is === 'fact' && looksAt.fact === 'room';

class ClientResolver {
  private readonly chains = new Map<LoweredChain, LoweredChain>();
  private readonly membersByOriginal = new Map<Members, Members>();

  constructor(private readonly elements: ElementState) {}

  resolveRuleset(ruleset: LoweredRuleset): LoweredRuleset {
    const resolveBases = (bases: LoweredRuleset['baseChains']): LoweredRuleset['baseChains'] =>
      bases.map((base) => ({ ...base, chain: this.resolveChain(base.chain) }));
    return {
      ...ruleset,
      baseChains: resolveBases(ruleset.baseChains),
      replyChains: ruleset.replyChains && resolveBases(ruleset.replyChains),
    };
  }

  /** Chains that jump to each other keep doing so: a chain is created before its rules. */
  private resolveChain(chain: LoweredChain): LoweredChain {
    const existing = this.chains.get(chain);
    if (existing) return existing;
    const resolved: LoweredChain = { ...chain, rules: [] };
    this.chains.set(chain, resolved);
    resolved.rules.push(...chain.rules.flatMap((rule) => this.resolveRule(rule)));
    return resolved;
  }

  /** Returns the rule for a new client; none if it never matches one. */
  private resolveRule(rule: LoweredRule): readonly LoweredRule[] {
    const conditions: Condition[] = [];
    for (const condition of rule.conditions) {
      const resolved = this.resolveCondition(condition);
      if (resolved === 'never') return [];
      conditions.push(resolved);
    }
    return [{ ...rule, conditions, ...(rule.action && { action: this.resolveAction(rule.action) }) }];
  }

  private resolveCondition(condition: Condition): Condition | 'never' {
    switch (condition.is) {
      case 'doubt':
        if (condition.newClient === undefined) return condition;
        return condition.newClient ? { is: 'has', fields: condition.fields } : 'never';
      case 'packets': {
        const { newClient } = condition;
        return newClient === undefined ? condition : { is: 'packets', must: newClient, may: newClient, reason: '' };
      }
      case 'member':
        return { ...condition, members: this.resolveMembers(condition.members) };
      case 'fact':
        return isRoomInSet(condition) ? { is: 'has', fields: [] } : condition;
      case 'joined':
      case 'has':
        return condition;
    }
  }

  private resolveMembers(members: Members): Members {
    const { tuples, dynamic, addsOnTheWay } = members;
    if (!tuples.some(isExpiring) && !dynamic) return members;
    let resolved = this.membersByOriginal.get(members);
    if (!resolved)
      this.membersByOriginal.set(
        members,
        (resolved = { tuples: this.resolveExpiring(tuples), dynamic: dynamic && addsOnTheWay === true }),
      );
    return resolved;
  }

  private resolveExpiring<T extends Entry>(entries: readonly T[]): readonly T[] {
    if (!entries.some(isExpiring)) return entries;
    return this.elements === 'gone'
      ? entries.filter((entry) => !isExpiring(entry))
      : entries.map((entry) => (isExpiring(entry) ? { ...entry, expires: false } : entry));
  }

  private resolveAction(action: RuleAction): RuleAction {
    const withChains = mapVerdicts(action, (verdict) =>
      verdict.is === 'jump' || verdict.is === 'goto'
        ? { ...verdict, chain: this.resolveChain(verdict.chain) }
        : verdict,
    );
    if (withChains.is === 'choose') return { ...withChains, choices: this.resolveExpiring(withChains.choices) };
    if (withChains.is === 'look up') return { ...withChains, entries: this.resolveExpiring(withChains.entries) };
    return withChains;
  }
}
