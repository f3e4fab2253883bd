import { BaseChain, Condition, Decision, End, UnderstoodChain, UnderstoodRule, everyChain, isDrop, withDecisions } from '../stages/model';
import { BY_FIRST_HEADER, IN_FRONT, isFirstHeader } from './going-by';

type Choosing = End & { readonly is: 'choose' };
type Choice = Choosing['choices'][number];

/**
 * Who puts another header in front of a packet of IPv6 goes by a map or a chain that `ip6 nexthdr` leads to: what these drop they may not drop,
 * and what a map has for such a header it does with any packet. What they let in they let in.
 */
export function behindHeaders(bases: readonly Pick<BaseChain, 'chain'>[]): void {
  const found = [...everyChain(bases)].filter(({ rules }) => rules.some(asksFirstHeader));
  for (const { rules } of found) rules.splice(0, rules.length, ...rules.flatMap((rule) => mapped(rule)));
  const softer = new Softer();
  for (const { rules } of found)
    rules.splice(0, rules.length, ...rules.map((rule) => (asksFirstHeader(rule) ? softer.leading(rule) : rule)));
}

function asksFirstHeader({ conditions, end }: UnderstoodRule): boolean {
  return conditions.some(asksForFirst) || (end?.is === 'choose' && end.fields.some(isFirstHeader));
}

function asksForFirst(one: Condition): boolean {
  if (one.is === 'joined') return one.both.some(asksForFirst);
  return one.is === 'member' && !one.negated && one.fields.some(isFirstHeader);
}

const doubtful = (rule: UnderstoodRule, end: End): UnderstoodRule => ({
  ...rule,
  conditions: [...rule.conditions, { is: 'doubt', because: `line ${rule.line}: ${BY_FIRST_HEADER}`, fields: [] }],
  end,
});

/** A map as rules for its parts: what it drops, what it has for a header in front, and the rest. */
function mapped(rule: UnderstoodRule): readonly UnderstoodRule[] {
  const { end } = rule;
  const at = end?.is === 'choose' ? end.fields.findIndex(isFirstHeader) : -1;
  if (end?.is !== 'choose' || at < 0) return [rule];
  const inFront = end.choices.filter(({ values }) => {
    const value = values[at]!;
    return value.is === 'numbers' && IN_FRONT.some((number) => value.range.first <= number && number <= value.range.last);
  });
  const ofAny = (one: Choice): Choice => ({ ...one, values: one.values.map((value, i) => (i === at ? { is: 'any' } : value)) });
  const behind = inFront
    .filter(({ verdict }) => verdict.is !== 'drop')
    .map((one) => {
      const { conditions, ...rest } = doubtful(rule, { ...end, choices: [ofAny(one)] });
      return { ...rest, conditions: [...conditions, { is: 'has', fields: end.fields } as const] };
    });
  const parts = dropsApart(rule, end);
  return [...parts.slice(0, -1), ...behind, ...parts.slice(-1)];
}

const isDefault = ({ values }: Choice): boolean => values.every(({ is }) => is === 'any');

/** What a map drops by name comes before the rest, and may be gone by. */
function dropsApart(rule: UnderstoodRule, end: Choosing): readonly UnderstoodRule[] {
  const drops = end.choices.filter((one) => one.verdict.is === 'drop' && !isDefault(one));
  if (drops.length === 0) return [{ ...rule, end }];
  const others = end.choices.filter((one) => !drops.includes(one));
  return [doubtful(rule, { ...end, choices: drops }), { ...rule, end: { ...end, choices: others } }];
}

/** Copies of chains of which nobody has to meet what drops. */
class Softer {
  private readonly known = new Map<UnderstoodChain, UnderstoodChain>();

  leading(rule: UnderstoodRule): UnderstoodRule {
    return rule.end ? { ...rule, end: withDecisions(rule.end, (one) => this.decision(one)) } : rule;
  }

  private decision(one: Decision): Decision {
    return one.is === 'jump' || one.is === 'goto' ? { ...one, chain: this.chain(one.chain) } : one;
  }

  private chain(chain: UnderstoodChain): UnderstoodChain {
    let found = this.known.get(chain);
    if (!found) this.known.set(chain, (found = { ...chain, rules: chain.rules.flatMap((rule) => this.rules(rule)) }));
    return found;
  }

  private rules(rule: UnderstoodRule): readonly UnderstoodRule[] {
    if (rule.end && isDrop(rule.end)) return [doubtful(rule, rule.end)];
    const { end, ...rest } = this.leading(rule);
    if (end?.is !== 'choose') return [end ? { ...rest, end } : rest];
    const choices = end.choices.map((one) => (isDefault(one) && one.verdict.is === 'drop' ? { ...one, fleeting: true } : one));
    return dropsApart({ ...rest, end }, { ...end, choices });
  }
}
