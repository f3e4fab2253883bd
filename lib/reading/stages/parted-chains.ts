import { UnderstoodChain, UnderstoodRule } from './model';

interface Parted extends Readonly<Record<'before' | 'matched' | 'perhaps', UnderstoodChain>> {
  readonly tested: UnderstoodRule['conditions'];
}

/** Chains parted at a rule with `notrack`, each made once. */
export class PartedChains {
  private readonly known = new Map<UnderstoodRule, Parted>();

  /** What stands before it, what it tests before `notrack`, and what comes from it on: `matched` where that holds, `perhaps` where it is asked again. */
  of({ called, rules }: UnderstoodChain, at: number): Parted {
    const { notrackAfter, ...rule } = rules[at]!;
    let found = this.known.get(rules[at]!);
    if (!found) {
      const from = (conditions: UnderstoodRule['conditions']): UnderstoodChain => ({
        called,
        rules: [{ ...rule, conditions }, ...rules.slice(at + 1)],
      });
      const before = { called, rules: rules.slice(0, at) };
      found = {
        tested: rule.conditions.slice(0, notrackAfter),
        before,
        matched: from(rule.conditions.slice(notrackAfter)),
        perhaps: from(rule.conditions),
      };
      this.known.set(rules[at]!, found);
    }
    return found;
  }
}
