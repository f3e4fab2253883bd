import { EVERY_BIT, Mark, MarkChange } from './marks';
import {
  BaseChain,
  chainsOf,
  Decision,
  End,
  everyChain,
  fieldsOf,
  LoweredChain,
  LoweredRule,
  marksAmong,
  Setting,
  withDecisions,
} from './model';

/** Chains made of others for what follows on a setting. What is told apart grows with their square: of more of them none is followed. */
const MOST_MADE = 200;

/**
 * The same lists, in which coming into a chain is what sets a mark, or takes a packet out of connection tracking, and nothing comes back from there: a
 * rule that does so goes to what follows on it. Marks that no rule asks for are left alone. Where more rules set something than are followed, it is
 * unclear everywhere whether any of them did.
 */
export function followed<T extends Pick<BaseChain, 'chain'>>(bases: readonly T[]): readonly T[] {
  const rules = [...everyChain(bases)].flatMap((chain) => chain.rules);
  const all = rules.flatMap(({ sets = [] }) => sets);
  const asked = all.length === 0 ? NOTHING : askedFor(rules, all);
  if (asked.size === 0) return bases;
  const following = new Following(asked);
  const made = bases.map((base) => ({ ...base, chain: following.list(base.chain) }));
  if (!following.tooMany) return made;
  const marks = unclear(asked);
  return bases.map((base) => {
    const untracks = [...everyChain([base])].some((chain) =>
      chain.rules.some(({ sets = [] }) => sets.some(({ what }) => typeof what !== 'object')),
    );
    const sets: readonly Setting[] = [...marks, ...(untracks ? (['perhaps untracked'] as const) : [])];
    return { ...base, chain: { ...base.chain, sets } };
  });
}

type Placed = NonNullable<LoweredRule['sets']>[number];
const NOTHING: ReadonlySet<Placed> = new Set();

/** What connection tracking shall know nothing of, and what is done to marks that some rule looks at, or takes over to one. */
function askedFor(rules: readonly LoweredRule[], all: readonly Placed[]): ReadonlySet<Placed> {
  const changes = marksAmong(all.map(({ what }) => what));
  const asked = new Set<Mark>();
  for (const { looksAt } of rules.flatMap(fieldsOf))
    if (looksAt.is === 'fact' && (looksAt.fact === 'mark' || looksAt.fact === 'ct mark')) asked.add(looksAt.fact);
  for (const of of [...asked])
    if (changes.some((one) => one.of === of && one.takes !== 0)) asked.add(of === 'mark' ? 'ct mark' : 'mark');
  return new Set(all.filter(({ what }) => typeof what !== 'object' || asked.has(what.of)));
}

const unclear = (settings: ReadonlySet<Placed>): readonly MarkChange[] =>
  (['mark', 'ct mark'] as const).map((of) => {
    const changes = marksAmong([...settings].map(({ what }) => what)).filter((one) => one.of === of);
    const bits = changes.reduce((some, { takes, turns, unclear: lost }) => some | takes | turns | lost, 0) >>> 0;
    return { of, keeps: EVERY_BIT, takes: 0, turns: 0, unclear: bits };
  });

class Following {
  private readonly setting = new Map<LoweredChain, boolean>();
  private readonly made = new Map<LoweredChain, Map<LoweredChain | undefined, LoweredChain>>();
  private count = 0;

  constructor(private readonly asked: ReadonlySet<Placed>) {}

  get tooMany(): boolean {
    return this.count > MOST_MADE;
  }

  list(chain: LoweredChain): LoweredChain {
    return this.sets(chain) ? this.leading(chain, undefined) : chain;
  }

  /** Whether it, or what it leads to, sets what is asked for. */
  private sets(chain: LoweredChain): boolean {
    let found = this.setting.get(chain);
    if (found === undefined) {
      found = chain.rules.some(
        (rule) => this.setBy(rule).length > 0 || chainsOf(rule.end).some((next) => this.sets(next)),
      );
      this.setting.set(chain, found);
    }
    return found;
  }

  private setBy({ sets = [] }: LoweredRule): readonly Placed[] {
    return sets.filter((one) => this.asked.has(one));
  }

  /** The chain for those who come from it to `next`. Undefined: to the end of the list. */
  private leading(chain: LoweredChain, next: LoweredChain | undefined): LoweredChain {
    return this.once(chain, next, () => this.divided(chain, next));
  }

  private once(chain: LoweredChain, next: LoweredChain | undefined, make: () => LoweredChain): LoweredChain {
    let some = this.made.get(chain);
    if (!some) this.made.set(chain, (some = new Map()));
    let found = some.get(next);
    if (!found) some.set(next, (found = make()));
    return found;
  }

  /** From the last rule to the first: each that sets something leads to what follows on it, and so does the one before. */
  private divided(chain: LoweredChain, next: LoweredChain | undefined): LoweredChain {
    const part = (rules: LoweredRule[], what?: Setting): LoweredChain => {
      this.count++;
      return { ...chain, rules, leads: next ? 'on' : 'to the end', ...(what ? { sets: [what] } : {}) };
    };
    let rules: LoweredRule[] = next ? [goingTo(next)] : [];
    let alike: { readonly what: Setting; readonly end: End } | undefined;
    const last = chain.rules.length - 1;
    for (let i = last; i >= 0 && !this.tooMany; i--) {
      const rule = chain.rules[i]!;
      const sets = this.setBy(rule);
      // Who comes by one of several that only set the same needs none of the others.
      if (alike && onlySets(rule, sets) && isSame(alike.what, sets[0]!.what)) {
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
      if (onlySets(rule, sets) && isOnceAndForAll(sets[0]!.what)) alike = { what: sets[0]!.what, end: goes.end! };
      rules = [goingTo(rest), goes];
    }
    return part(rules.reverse());
  }

  /** A rule whose last setting is done by coming into what follows on it, and so on. */
  private settingIn(
    rule: LoweredRule,
    sets: readonly Placed[],
    rest: LoweredChain,
    part: (rules: LoweredRule[], what: Setting) => LoweredChain,
  ): LoweredRule {
    const last = sets.at(-1);
    if (!last) return rule;
    const { after, what } = last;
    const then: LoweredRule = { ...rule, conditions: rule.conditions.slice(after) };
    const made = onlySets(rule, [last]) ? { ...rest, sets: [what] } : part([then, goingTo(rest)], what);
    const goes: LoweredRule = { ...rule, conditions: rule.conditions.slice(0, after), end: to(made) };
    return this.settingIn(goes, sets.slice(0, -1), rest, part);
  }

  /** A rule that sets none, where its chain is not come back from. */
  private passing(rule: LoweredRule, next: LoweredChain | undefined): LoweredRule {
    return next && rule.end ? { ...rule, end: this.end(rule.end, next, next) } : rule;
  }

  private end(end: End, rest: LoweredChain, next: LoweredChain | undefined): End {
    return withDecisions(end, (verdict) => this.decision(verdict, rest, next));
  }

  private decision(verdict: Decision, rest: LoweredChain, next: LoweredChain | undefined): Decision {
    if (verdict.is === 'return') return next ? { is: 'goto', chain: next } : verdict;
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return verdict;
    const back = verdict.is === 'jump' ? rest : next;
    if (this.sets(verdict.chain)) return { is: 'goto', chain: this.leading(verdict.chain, back) };
    // It comes back by itself, and then goes on to what its caller would have gone on to.
    return verdict.is === 'jump' || !next ? verdict : { is: 'goto', chain: this.comingTo(verdict.chain, next) };
  }

  /** A chain that sets none, and then `next`. */
  private comingTo(chain: LoweredChain, next: LoweredChain): LoweredChain {
    return this.once(chain, next, () => {
      this.count++;
      const jump: End = { is: 'verdict', verdict: { is: 'jump', chain } };
      return { ...chain, leads: 'on', rules: [{ line: 0, text: '', conditions: [], end: jump }, goingTo(next)] };
    });
  }
}

const onlySets = ({ conditions, end }: LoweredRule, sets: readonly Placed[]): boolean =>
  sets.length === 1 && sets[0]!.after === conditions.length && end === undefined;

const isSame = (a: Setting, b: Setting): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.of === b.of && a.keeps === b.keeps && a.takes === b.takes && a.turns === b.turns && a.unclear === b.unclear
    : a === b;

/** Done twice it comes to the same. */
const isOnceAndForAll = (what: Setting): boolean =>
  typeof what !== 'object' || (what.keeps & (what.takes | what.turns)) === 0;

const to = (chain: LoweredChain): End => ({ is: 'verdict', verdict: { is: 'goto', chain } });
const goingTo = (chain: LoweredChain): LoweredRule => ({ line: 0, text: '', conditions: [], end: to(chain) });
