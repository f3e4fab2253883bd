import { Program, programOf } from '../parse/programs';
import {
  BaseChain,
  Condition,
  Decision,
  End,
  everyChain,
  LoweredChain,
  LoweredRule,
  LoweredRuleset,
  withDecisions,
} from './model';

/** Some rules of a text for what comes to the device itself, in the text as if it had no others for that. */
export interface RulesApart {
  readonly ruleset: LoweredRuleset;
  /** Their chains: `chain cphulk of table inet filter`. */
  readonly called: readonly string[];
}

interface ProgramApart extends RulesApart {
  readonly program: Program;
  /** Some rule leads to them. */
  readonly isAsked: boolean;
}

interface FilterApart extends RulesApart {
  /** Programs that keep rules in it. */
  readonly programs: readonly string[];
}

const isInput = ({ hook, type, family }: BaseChain): boolean =>
  hook === 'input' && type === 'filter' && family !== 'bridge' && family !== 'arp';

const alone = (
  ruleset: LoweredRuleset,
  inputs: readonly BaseChain[],
  others: readonly BaseChain[],
): LoweredRuleset => ({
  ...ruleset,
  bases: [...others, ...inputs],
});

/** What changes the packets that an input list sees, and nothing of what drops them before. */
function changing({ bases }: LoweredRuleset): readonly BaseChain[] {
  const passing = new Passing();
  const others = bases.filter((base) => !isInput(base));
  const changes = (base: BaseChain): boolean => [...everyChain([base])].some(({ sets }) => sets);
  return others.flatMap((base) =>
    base.type === 'nat' ? [base] : changes(base) ? [{ ...base, policy: 'accept', chain: passing.all(base.chain) }] : [],
  );
}

/** By what each program keeps somebody out. What packets meet before that hook nobody could tell apart from the rest. */
export function programsApart(ruleset: LoweredRuleset): readonly ProgramApart[] {
  const kept = (ruleset.keepers ?? []).filter(({ chain }) => chain.rules.length > 0);
  const inputs = ruleset.bases.filter(isInput);
  const others = ruleset.bases.filter((base) => !isInput(base));
  const asked = everyChain(inputs);
  const early = everyChain(ruleset.bases.filter(({ hook }) => hook === 'prerouting' || hook === 'ingress'));
  const programs = [...new Set(kept.flatMap(({ chain }) => programOf(chain.name ?? '') ?? []))];
  return programs.flatMap((program) => {
    const own = kept.filter(({ chain }) => programOf(chain.name ?? '') === program);
    const mine = own.filter(({ chain }) => asked.has(chain));
    const idle = own.filter(({ chain }) => !asked.has(chain) && !early.has(chain));
    const leading = new Leading(new Set(mine.map(({ chain }) => chain)));
    const of = (isAsked: boolean, some: typeof own, bases: readonly BaseChain[]): readonly ProgramApart[] =>
      some.length === 0
        ? []
        : [{ program, isAsked, ruleset: alone(ruleset, bases, others), called: some.map(({ chain }) => chain.called) }];
    return [
      ...of(
        true,
        mine,
        inputs.map((base) => ({ ...base, policy: 'accept', chain: leading.only(base.chain) })),
      ),
      ...of(
        false,
        idle,
        idle.map(({ family, line, chain }) => ({ ...IDLE, family, line, chain: held(chain) })),
      ),
    ];
  });
}

/** Each list that decides beside another about packets of one family: what one of them drops is dropped. */
export function filtersApart(ruleset: LoweredRuleset): readonly FilterApart[] {
  const deciding = ruleset.bases.filter(
    (base) => isInput(base) && (base.policy === 'drop' || base.chain.rules.length > 0),
  );
  return deciding
    .filter((base) => deciding.some((other) => other !== base && shareFamily(base, other)))
    .map((base) => {
      const names = [...everyChain([base])].flatMap(({ name = '', rules }) =>
        rules.length > 0 ? (programOf(name)?.name ?? []) : [],
      );
      return {
        ruleset: alone(ruleset, [base], changing(ruleset)),
        called: [base.chain.called],
        programs: [...new Set(names)],
      };
    });
}

const shareFamily = (a: BaseChain, b: BaseChain): boolean =>
  a.family === b.family || a.family === 'inet' || b.family === 'inet';

const IDLE = { type: 'filter', hook: 'input', priority: 0, devices: [], policy: 'accept' } as const;

/** Chains without the rules that lead to none of some others. */
class Leading {
  private readonly made = new Map<LoweredChain, LoweredChain>();

  constructor(private readonly goals: ReadonlySet<LoweredChain>) {}

  only(chain: LoweredChain): LoweredChain {
    let found = this.made.get(chain);
    if (!found) {
      found = this.goals.has(chain)
        ? held(chain)
        : { ...chain, rules: chain.rules.flatMap((rule) => this.leading(rule)) };
      this.made.set(chain, found);
    }
    return found;
  }

  private leading(rule: LoweredRule): readonly LoweredRule[] {
    const { end } = rule;
    // Which element of a map leads there is more than is told apart.
    if (end?.is !== 'verdict' || (end.verdict.is !== 'jump' && end.verdict.is !== 'goto')) return [];
    const chain = this.only(end.verdict.chain);
    return chain.rules.length === 0
      ? []
      : [{ ...rule, end: { is: 'verdict', verdict: { is: end.verdict.is, chain } } satisfies End }];
  }
}

/** Chains that drop nothing. */
class Passing {
  private readonly made = new Map<LoweredChain, LoweredChain>();

  all(chain: LoweredChain): LoweredChain {
    let found = this.made.get(chain);
    if (!found) {
      found = {
        ...chain,
        rules: chain.rules.map(({ end, ...rule }) =>
          end ? { ...rule, end: withDecisions(end, (one) => this.decision(one)) } : rule,
        ),
      };
      this.made.set(chain, found);
    }
    return found;
  }

  private decision(verdict: Decision): Decision {
    if (verdict.is === 'drop') return { is: 'accept' };
    return verdict.is === 'jump' || verdict.is === 'goto' ? { ...verdict, chain: this.all(verdict.chain) } : verdict;
  }
}

/** A ban that may be over by itself is one as long as the text has it. */
const held = (chain: LoweredChain): LoweredChain => ({
  ...chain,
  rules: chain.rules.map((rule) =>
    rule.end?.is === 'verdict' && rule.end.verdict.is === 'drop'
      ? { ...rule, conditions: rule.conditions.map(holding) }
      : rule,
  ),
});

function holding(one: Condition): Condition {
  if (one.is === 'doubt') return { is: 'has', fields: one.fields };
  if (one.is === 'packets') return { ...one, sure: one.may };
  if (one.is !== 'member' || one.negated) return one;
  return {
    ...one,
    members: { learned: false, tuples: one.members.tuples.map((tuple) => ({ ...tuple, fleeting: false })) },
  };
}
