import { EVERY_BIT, Mark, MarkChange } from './marked';
import { BaseChain, Decision, End, UnderstoodChain, UnderstoodRule, chainsOf, everyChain, fieldsOf } from './model';

/** Chains made of others for what follows on a mark. What is told apart grows with their square: of more of them no mark is followed. */
const MOST_MADE = 200;

/**
 * The same lists, in which coming into a chain is what sets a mark, and nothing comes back from there: a rule that sets one goes to what follows on
 * it. Marks that no rule asks for are left alone. Where more rules set some than are followed, bits that any of them sets are unclear everywhere.
 */
export function followingMarks<T extends Pick<BaseChain, 'chain'>>(bases: readonly T[]): readonly T[] {
  const rules = [...everyChain(bases)].flatMap((chain) => chain.rules);
  const changes = askedFor(
    rules,
    rules.flatMap(({ marks = [] }) => marks),
  );
  if (changes.size === 0) return bases;
  const following = new Following(changes);
  const made = bases.map((base) => ({ ...base, chain: following.list(base.chain) }));
  return following.tooMany ? bases.map((base) => ({ ...base, chain: { ...base.chain, marks: unclear(changes) } })) : made;
}

/** What is done to marks that some rule looks at, or takes over to one. */
function askedFor(rules: readonly UnderstoodRule[], changes: readonly MarkSet[]): ReadonlySet<MarkSet> {
  const asked = new Set<Mark>();
  for (const { looksAt } of rules.flatMap(fieldsOf))
    if (looksAt.is === 'fact' && (looksAt.fact === 'mark' || looksAt.fact === 'ct mark')) asked.add(looksAt.fact);
  for (const of of [...asked]) if (changes.some((one) => one.of === of && one.takes !== 0)) asked.add(of === 'mark' ? 'ct mark' : 'mark');
  return new Set(changes.filter(({ of }) => asked.has(of)));
}

type MarkSet = NonNullable<UnderstoodRule['marks']>[number];

const unclear = (changes: ReadonlySet<MarkSet>): readonly MarkChange[] =>
  (['mark', 'ct mark'] as const).map((of) => {
    const bits = [...changes].filter((one) => one.of === of).map(({ takes, turns, unclear: lost }) => takes | turns | lost);
    return { of, keeps: EVERY_BIT, takes: 0, turns: 0, unclear: bits.reduce((all, one) => all | one, 0) >>> 0 };
  });

class Following {
  private readonly setting = new Map<UnderstoodChain, boolean>();
  private readonly made = new Map<UnderstoodChain, Map<UnderstoodChain | undefined, UnderstoodChain>>();
  private count = 0;

  constructor(private readonly changes: ReadonlySet<MarkSet>) {}

  get tooMany(): boolean {
    return this.count > MOST_MADE;
  }

  list(chain: UnderstoodChain): UnderstoodChain {
    return this.sets(chain) ? this.leading(chain, undefined) : chain;
  }

  /** Whether it, or what it leads to, sets marks that are asked for. */
  private sets(chain: UnderstoodChain): boolean {
    let found = this.setting.get(chain);
    if (found === undefined) {
      found = chain.rules.some((rule) => this.setBy(rule).length > 0 || chainsOf(rule.end).some((next) => this.sets(next)));
      this.setting.set(chain, found);
    }
    return found;
  }

  private setBy({ marks = [] }: UnderstoodRule): readonly MarkSet[] {
    return marks.filter((one) => this.changes.has(one));
  }

  /** The chain for those who come from it to `next`. Undefined: to the end of the list. */
  private leading(chain: UnderstoodChain, next: UnderstoodChain | undefined): UnderstoodChain {
    let some = this.made.get(chain);
    if (!some) this.made.set(chain, (some = new Map()));
    let found = some.get(next);
    if (!found) some.set(next, (found = this.divided(chain, next)));
    return found;
  }

  /** From the last rule to the first: each that sets a mark leads to what follows on it, and so does the one before. */
  private divided(chain: UnderstoodChain, next: UnderstoodChain | undefined): UnderstoodChain {
    const part = (rules: UnderstoodRule[], marks?: MarkChange): UnderstoodChain => {
      this.count++;
      return { ...chain, rules, leads: next ? 'on' : 'to the end', ...(marks ? { marks: [marks] } : {}) };
    };
    let rules: UnderstoodRule[] = next ? [goingTo(next)] : [];
    let alike: { readonly change: MarkChange; readonly end: End } | undefined;
    const last = chain.rules.length - 1;
    for (let i = last; i >= 0 && !this.tooMany; i--) {
      const rule = chain.rules[i]!;
      const sets = this.setBy(rule);
      // Who comes by one of several that only set the same needs none of the others.
      if (alike && onlySets(rule, sets) && isSame(alike.change, sets[0]!)) {
        rules.push({ ...rule, end: alike.end });
        continue;
      }
      alike = undefined;
      if (sets.length === 0 && !chainsOf(rule.end).some((one) => this.sets(one))) {
        rules.push(this.passing(rule, next));
        continue;
      }
      const rest = next && i === last ? next : part(rules.reverse());
      const { end, ...whole } = { ...rule, end: rule.end && this.end(rule.end, rest, next) };
      const goes = this.settingIn({ ...whole, ...(end ? { end } : {}) }, sets, rest, part);
      if (onlySets(rule, sets) && isOnceAndForAll(sets[0]!)) alike = { change: sets[0]!, end: goes.end! };
      rules = [goingTo(rest), goes];
    }
    return part(rules.reverse());
  }

  /** A rule whose last mark is set by coming into what follows on it, and so on. */
  private settingIn(
    rule: UnderstoodRule,
    sets: readonly MarkSet[],
    rest: UnderstoodChain,
    part: (rules: UnderstoodRule[], marks: MarkChange) => UnderstoodChain,
  ): UnderstoodRule {
    const last = sets.at(-1);
    if (!last) return rule;
    const { conditions, notrackAfter: notrack, end, ...said } = rule;
    const late = notrack !== undefined && notrack > last.after;
    const then: UnderstoodRule = {
      ...{ ...said, conditions: conditions.slice(last.after) },
      ...(late ? { notrackAfter: notrack - last.after } : {}),
      ...(end ? { end } : {}),
    };
    const made = onlySets(rule, [last]) ? { ...rest, marks: [last] } : part([then, goingTo(rest)], last);
    const goes: UnderstoodRule = {
      ...{ ...said, conditions: conditions.slice(0, last.after), end: to(made) },
      ...(notrack !== undefined && !late ? { notrackAfter: notrack } : {}),
    };
    return this.settingIn(goes, sets.slice(0, -1), rest, part);
  }

  /** A rule that sets none, where its chain is not come back from. */
  private passing(rule: UnderstoodRule, next: UnderstoodChain | undefined): UnderstoodRule {
    return next && rule.end ? { ...rule, end: this.end(rule.end, next, next) } : rule;
  }

  private end(end: End, rest: UnderstoodChain, next: UnderstoodChain | undefined): End {
    if (end.is === 'verdict') return { ...end, verdict: this.decision(end.verdict, rest, next) };
    if (end.is !== 'choose') return end;
    return { ...end, choices: end.choices.map((one) => ({ ...one, verdict: this.decision(one.verdict, rest, next) })) };
  }

  private decision(verdict: Decision, rest: UnderstoodChain, next: UnderstoodChain | undefined): Decision {
    if (verdict.is === 'return') return next ? { is: 'goto', chain: next } : verdict;
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return verdict;
    const back = verdict.is === 'jump' ? rest : next;
    if (this.sets(verdict.chain)) return { is: 'goto', chain: this.leading(verdict.chain, back) };
    // It comes back by itself, and then goes on to what its caller would have gone on to.
    return verdict.is === 'jump' || !next ? verdict : { is: 'goto', chain: this.comingTo(verdict.chain, next) };
  }

  /** A chain that sets none, and then `next`. */
  private comingTo(chain: UnderstoodChain, next: UnderstoodChain): UnderstoodChain {
    let some = this.made.get(chain);
    if (!some) this.made.set(chain, (some = new Map()));
    let found = some.get(next);
    if (!found) {
      this.count++;
      const jump: End = { is: 'verdict', verdict: { is: 'jump', chain } };
      found = { ...chain, leads: 'on', rules: [{ line: 0, text: '', conditions: [], end: jump }, goingTo(next)] };
      some.set(next, found);
    }
    return found;
  }
}

const onlySets = ({ conditions, end, notrackAfter }: UnderstoodRule, sets: readonly MarkSet[]): boolean =>
  sets.length === 1 && sets[0]!.after === conditions.length && end === undefined && notrackAfter === undefined;

const isSame = (a: MarkChange, b: MarkChange): boolean =>
  a.of === b.of && a.keeps === b.keeps && a.takes === b.takes && a.turns === b.turns && a.unclear === b.unclear;

/** Done twice it comes to the same. */
const isOnceAndForAll = ({ keeps, takes, turns }: MarkChange): boolean => (keeps & (takes | turns)) === 0;

const to = (chain: UnderstoodChain): End => ({ is: 'verdict', verdict: { is: 'goto', chain } });
const goingTo = (chain: UnderstoodChain): UnderstoodRule => ({ line: 0, text: '', conditions: [], end: to(chain) });
