// Rewrites chains whose rules set marks or `notrack`: such a rule continues in a copy of the rest of its chain, one
// copy for each state. So the evaluator knows a packet's mark and tracking by the chain that it is in.

import { ALL_BITS, MarkKind, MarkChange } from './marks';
import {
  BaseChain,
  listJumpTargets,
  RuleVerdict,
  RuleAction,
  listChains,
  listFields,
  LoweredChain,
  LoweredRule,
  listMarkChanges,
  PacketChange,
  mapVerdicts,
} from './ruleset-model';

/**
 * The most chains that are made of others to follow changes of marks and tracking. The cases grow with the square of
 * their number. If there are more, no change is followed.
 */
const MAX_SPLIT_CHAINS = 200;

/**
 * Returns the same base chains, in which entering a chain is what sets a mark or takes a packet out of connection
 * tracking. Nothing returns from such a chain: a rule with a change goes to what follows on it. Marks that no rule asks
 * for are left alone. If more rules make changes than are followed, it is unclear everywhere whether any of them did.
 */
export function splitChains<T extends Pick<BaseChain, 'chain'>>(bases: readonly T[]): readonly T[] {
  const rules = [...listChains(bases)].flatMap((chain) => chain.rules);
  const ruleChanges = rules.flatMap(({ packetChanges: changes = [] }) => changes);
  const selected = ruleChanges.length === 0 ? NO_CHANGES : selectChanges(rules, ruleChanges);
  if (selected.size === 0) return bases;
  const splitter = new ChainSplitter(selected);
  const splitBases = bases.map((base) => ({ ...base, chain: splitter.splitList(base.chain) }));
  if (!splitter.tooMany) return splitBases;
  const unknownChanges = createUnknownChanges(selected);
  return bases.map((base) => {
    const untracks = [...listChains([base])].some((chain) =>
      chain.rules.some(({ packetChanges: changes = [] }) => changes.some(({ change }) => typeof change !== 'object')),
    );
    const changes: readonly PacketChange[] = [...unknownChanges, ...(untracks ? (['perhaps untracked'] as const) : [])];
    return { ...base, chain: { ...base.chain, packetChanges: changes } };
  });
}

type PositionedChange = NonNullable<LoweredRule['packetChanges']>[number];
const NO_CHANGES: ReadonlySet<PositionedChange> = new Set();

/**
 * Returns the changes that are followed: those that take packets out of connection tracking, and those of marks that
 * some rule tests or takes over to a tested mark.
 */
function selectChanges(
  rules: readonly LoweredRule[],
  ruleChanges: readonly PositionedChange[],
): ReadonlySet<PositionedChange> {
  const changes = listMarkChanges(ruleChanges.map(({ change }) => change));
  const markKinds = new Set<MarkKind>();
  for (const { looksAt } of rules.flatMap(listFields))
    if (looksAt.is === 'fact' && (looksAt.fact === 'mark' || looksAt.fact === 'ct mark')) markKinds.add(looksAt.fact);
  for (const kind of [...markKinds])
    if (changes.some((markChange) => markChange.kind === kind && markChange.takeMask !== 0))
      markKinds.add(kind === 'mark' ? 'ct mark' : 'mark');
  return new Set(ruleChanges.filter(({ change }) => typeof change !== 'object' || markKinds.has(change.kind)));
}

const createUnknownChanges = (ruleChanges: ReadonlySet<PositionedChange>): readonly MarkChange[] =>
  (['mark', 'ct mark'] as const).map((kind) => {
    const changes = listMarkChanges([...ruleChanges].map(({ change }) => change)).filter(
      (markChange) => markChange.kind === kind,
    );
    const bits =
      changes.reduce((bitMask, { takeMask, xorMask, unknownMask }) => bitMask | takeMask | xorMask | unknownMask, 0) >>>
      0;
    return { kind, keepMask: ALL_BITS, takeMask: 0, xorMask: 0, unknownMask: bits };
  });

class ChainSplitter {
  private readonly changesByChain = new Map<LoweredChain, boolean>();
  private readonly splitChains = new Map<LoweredChain, Map<LoweredChain | undefined, LoweredChain>>();
  private count = 0;

  constructor(private readonly selected: ReadonlySet<PositionedChange>) {}

  get tooMany(): boolean {
    return this.count > MAX_SPLIT_CHAINS;
  }

  splitList(chain: LoweredChain): LoweredChain {
    return this.changesPackets(chain) ? this.getContinuation(chain, undefined) : chain;
  }

  /** Returns whether a chain, or one that it leads to, makes a selected change. */
  private changesPackets(chain: LoweredChain): boolean {
    let hasChanges = this.changesByChain.get(chain);
    if (hasChanges === undefined) {
      hasChanges = chain.rules.some(
        (rule) =>
          this.getChanges(rule).length > 0 || listJumpTargets(rule.action).some((next) => this.changesPackets(next)),
      );
      this.changesByChain.set(chain, hasChanges);
    }
    return hasChanges;
  }

  private getChanges({ packetChanges: changes = [] }: LoweredRule): readonly PositionedChange[] {
    return changes.filter((ruleChange) => this.selected.has(ruleChange));
  }

  /** Returns the chain for packets that go on from it to `next`. Undefined: they go to the end of the base chain. */
  private getContinuation(chain: LoweredChain, next: LoweredChain | undefined): LoweredChain {
    return this.memoize(chain, next, () => this.splitChain(chain, next));
  }

  private memoize(chain: LoweredChain, next: LoweredChain | undefined, make: () => LoweredChain): LoweredChain {
    let byNext = this.splitChains.get(chain);
    if (!byNext) this.splitChains.set(chain, (byNext = new Map()));
    let created = byNext.get(next);
    if (!created) byNext.set(next, (created = make()));
    return created;
  }

  /**
   * Splits a chain from the last rule to the first. Each rule with a change leads to what follows on it, and so does
   * the rule before.
   */
  private splitChain(chain: LoweredChain, next: LoweredChain | undefined): LoweredChain {
    const createPart = (rules: LoweredRule[], change?: PacketChange): LoweredChain => {
      this.count++;
      return { ...chain, rules, noReturn: next ? 'on' : 'to the end', ...(change ? { packetChanges: [change] } : {}) };
    };
    let rules: LoweredRule[] = next ? [createGotoRule(next)] : [];
    let sameChange: { readonly change: PacketChange; readonly end: RuleAction } | undefined;
    const last = chain.rules.length - 1;
    for (let i = last; i >= 0 && !this.tooMany; i--) {
      const rule = chain.rules[i]!;
      const changes = this.getChanges(rule);
      // Of several rules that only make the same change, a packet that comes by one needs none of the others.
      if (sameChange && isOnlyChange(rule, changes) && isSameChange(sameChange.change, changes[0]!.change)) {
        rules.push({ ...rule, action: sameChange.end });
        continue;
      }
      sameChange = undefined;
      if (changes.length === 0 && !listJumpTargets(rule.action).some((target) => this.changesPackets(target))) {
        rules.push(this.rewriteRule(rule, next));
        continue;
      }
      const remainder = next && i === last ? next : createPart(rules.reverse());
      const { action, ...rewrittenRule } = {
        ...rule,
        action: rule.action && this.rewriteAction(rule.action, remainder, next),
      };
      const changedRule = this.applyChanges(
        { ...rewrittenRule, ...(action ? { action } : {}) },
        changes,
        remainder,
        createPart,
      );
      if (isOnlyChange(rule, changes) && isIdempotent(changes[0]!.change))
        sameChange = { change: changes[0]!.change, end: changedRule.action! };
      rules = [createGotoRule(remainder), changedRule];
    }
    return createPart(rules.reverse());
  }

  /** Returns a rule whose last change is made by entering what follows on it, and so on. */
  private applyChanges(
    rule: LoweredRule,
    changes: readonly PositionedChange[],
    remainder: LoweredChain,
    createPart: (rules: LoweredRule[], change: PacketChange) => LoweredChain,
  ): LoweredRule {
    const last = changes.at(-1);
    if (!last) return rule;
    const { after, change } = last;
    const remainingRule: LoweredRule = { ...rule, conditions: rule.conditions.slice(after) };
    const target = isOnlyChange(rule, [last])
      ? { ...remainder, packetChanges: [change] }
      : createPart([remainingRule, createGotoRule(remainder)], change);
    const changedRule: LoweredRule = {
      ...rule,
      conditions: rule.conditions.slice(0, after),
      action: createGoto(target),
    };
    return this.applyChanges(changedRule, changes.slice(0, -1), remainder, createPart);
  }

  /** Returns a rule without changes for a chain that nothing returns from. */
  private rewriteRule(rule: LoweredRule, next: LoweredChain | undefined): LoweredRule {
    return next && rule.action ? { ...rule, action: this.rewriteAction(rule.action, next, next) } : rule;
  }

  private rewriteAction(end: RuleAction, remainder: LoweredChain, next: LoweredChain | undefined): RuleAction {
    return mapVerdicts(end, (verdict) => this.rewriteVerdict(verdict, remainder, next));
  }

  private rewriteVerdict(verdict: RuleVerdict, remainder: LoweredChain, next: LoweredChain | undefined): RuleVerdict {
    if (verdict.is === 'return') return next ? { is: 'goto', chain: next } : verdict;
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return verdict;
    const returnChain = verdict.is === 'jump' ? remainder : next;
    if (this.changesPackets(verdict.chain))
      return { is: 'goto', chain: this.getContinuation(verdict.chain, returnChain) };
    // The target returns by itself, and then goes on to what its caller would have gone on to.
    return verdict.is === 'jump' || !next ? verdict : { is: 'goto', chain: this.createDetour(verdict.chain, next) };
  }

  /** Returns a chain that jumps to a chain without changes, and then goes to `next`. */
  private createDetour(chain: LoweredChain, next: LoweredChain): LoweredChain {
    return this.memoize(chain, next, () => {
      this.count++;
      const jump: RuleAction = { is: 'verdict', verdict: { is: 'jump', chain } };
      return {
        ...chain,
        noReturn: 'on',
        rules: [{ line: 0, text: '', conditions: [], action: jump }, createGotoRule(next)],
      };
    });
  }
}

const isOnlyChange = ({ conditions, action }: LoweredRule, changes: readonly PositionedChange[]): boolean =>
  changes.length === 1 && changes[0]!.after === conditions.length && action === undefined;

const isSameChange = (a: PacketChange, b: PacketChange): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.kind === b.kind &&
      a.keepMask === b.keepMask &&
      a.takeMask === b.takeMask &&
      a.xorMask === b.xorMask &&
      a.unknownMask === b.unknownMask
    : a === b;

/** Returns whether a change made twice equals the change made once. */
const isIdempotent = (change: PacketChange): boolean =>
  typeof change !== 'object' || (change.keepMask & (change.takeMask | change.xorMask)) === 0;

const createGoto = (chain: LoweredChain): RuleAction => ({ is: 'verdict', verdict: { is: 'goto', chain } });
const createGotoRule = (chain: LoweredChain): LoweredRule => ({
  line: 0,
  text: '',
  conditions: [],
  action: createGoto(chain),
});
