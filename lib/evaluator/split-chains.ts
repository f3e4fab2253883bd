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
  const ruleChanges = rules.flatMap(({ sets: changes = [] }) => changes);
  const selected = ruleChanges.length === 0 ? NO_CHANGES : selectChanges(rules, ruleChanges);
  if (selected.size === 0) return bases;
  const splitter = new ChainSplitter(selected);
  const splitBases = bases.map((base) => ({ ...base, chain: splitter.splitList(base.chain) }));
  if (!splitter.tooMany) return splitBases;
  const unknownChanges = createUnknownChanges(selected);
  return bases.map((base) => {
    const untracks = [...listChains([base])].some((chain) =>
      chain.rules.some(({ sets: changes = [] }) => changes.some(({ what: change }) => typeof change !== 'object')),
    );
    const changes: readonly PacketChange[] = [...unknownChanges, ...(untracks ? (['perhaps untracked'] as const) : [])];
    return { ...base, chain: { ...base.chain, sets: changes } };
  });
}

type PositionedChange = NonNullable<LoweredRule['sets']>[number];
const NO_CHANGES: ReadonlySet<PositionedChange> = new Set();

/**
 * Returns the changes that are followed: those that take packets out of connection tracking, and those of marks that
 * some rule tests or takes over to a tested mark.
 */
function selectChanges(
  rules: readonly LoweredRule[],
  ruleChanges: readonly PositionedChange[],
): ReadonlySet<PositionedChange> {
  const changes = listMarkChanges(ruleChanges.map(({ what: change }) => change));
  const markKinds = new Set<MarkKind>();
  for (const { looksAt } of rules.flatMap(listFields))
    if (looksAt.is === 'fact' && (looksAt.fact === 'mark' || looksAt.fact === 'ct mark')) markKinds.add(looksAt.fact);
  for (const kind of [...markKinds])
    if (changes.some((markChange) => markChange.of === kind && markChange.takes !== 0))
      markKinds.add(kind === 'mark' ? 'ct mark' : 'mark');
  return new Set(ruleChanges.filter(({ what: change }) => typeof change !== 'object' || markKinds.has(change.of)));
}

const createUnknownChanges = (ruleChanges: ReadonlySet<PositionedChange>): readonly MarkChange[] =>
  (['mark', 'ct mark'] as const).map((kind) => {
    const changes = listMarkChanges([...ruleChanges].map(({ what: change }) => change)).filter(
      (markChange) => markChange.of === kind,
    );
    const bits =
      changes.reduce((bitMask, { takes, turns, unclear: unknownMask }) => bitMask | takes | turns | unknownMask, 0) >>>
      0;
    return { of: kind, keeps: ALL_BITS, takes: 0, turns: 0, unclear: bits };
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
          this.getChanges(rule).length > 0 || listJumpTargets(rule.end).some((next) => this.changesPackets(next)),
      );
      this.changesByChain.set(chain, hasChanges);
    }
    return hasChanges;
  }

  private getChanges({ sets: changes = [] }: LoweredRule): readonly PositionedChange[] {
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
      return { ...chain, rules, leads: next ? 'on' : 'to the end', ...(change ? { sets: [change] } : {}) };
    };
    let rules: LoweredRule[] = next ? [createGotoRule(next)] : [];
    let sameChange: { readonly what: PacketChange; readonly end: RuleAction } | undefined;
    const last = chain.rules.length - 1;
    for (let i = last; i >= 0 && !this.tooMany; i--) {
      const rule = chain.rules[i]!;
      const changes = this.getChanges(rule);
      // Of several rules that only make the same change, a packet that comes by one needs none of the others.
      if (sameChange && isOnlyChange(rule, changes) && isSameChange(sameChange.what, changes[0]!.what)) {
        rules.push({ ...rule, end: sameChange.end });
        continue;
      }
      sameChange = undefined;
      if (changes.length === 0 && !listJumpTargets(rule.end).some((target) => this.changesPackets(target))) {
        rules.push(this.rewriteRule(rule, next));
        continue;
      }
      const remainder = next && i === last ? next : createPart(rules.reverse());
      const { end, ...rewrittenRule } = { ...rule, end: rule.end && this.rewriteAction(rule.end, remainder, next) };
      const changedRule = this.applyChanges(
        { ...rewrittenRule, ...(end ? { end } : {}) },
        changes,
        remainder,
        createPart,
      );
      if (isOnlyChange(rule, changes) && isIdempotent(changes[0]!.what))
        sameChange = { what: changes[0]!.what, end: changedRule.end! };
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
    const { after, what: change } = last;
    const remainingRule: LoweredRule = { ...rule, conditions: rule.conditions.slice(after) };
    const target = isOnlyChange(rule, [last])
      ? { ...remainder, sets: [change] }
      : createPart([remainingRule, createGotoRule(remainder)], change);
    const changedRule: LoweredRule = { ...rule, conditions: rule.conditions.slice(0, after), end: createGoto(target) };
    return this.applyChanges(changedRule, changes.slice(0, -1), remainder, createPart);
  }

  /** Returns a rule without changes for a chain that nothing returns from. */
  private rewriteRule(rule: LoweredRule, next: LoweredChain | undefined): LoweredRule {
    return next && rule.end ? { ...rule, end: this.rewriteAction(rule.end, next, next) } : rule;
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
      return { ...chain, leads: 'on', rules: [{ line: 0, text: '', conditions: [], end: jump }, createGotoRule(next)] };
    });
  }
}

const isOnlyChange = ({ conditions, end }: LoweredRule, changes: readonly PositionedChange[]): boolean =>
  changes.length === 1 && changes[0]!.after === conditions.length && end === undefined;

const isSameChange = (a: PacketChange, b: PacketChange): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.of === b.of && a.keeps === b.keeps && a.takes === b.takes && a.turns === b.turns && a.unclear === b.unclear
    : a === b;

/** Returns whether a change made twice equals the change made once. */
const isIdempotent = (change: PacketChange): boolean =>
  typeof change !== 'object' || (change.keeps & (change.takes | change.turns)) === 0;

const createGoto = (chain: LoweredChain): RuleAction => ({ is: 'verdict', verdict: { is: 'goto', chain } });
const createGotoRule = (chain: LoweredChain): LoweredRule => ({
  line: 0,
  text: '',
  conditions: [],
  end: createGoto(chain),
});
