import { Prefix, prefixRange } from '../../../net/address';
import { Openings } from '../../../policy/policy';
import { openingClauses } from '../../../generate/netfilter/clauses';
import { openingsKey } from '../../../generate/openings';
import { Lookup } from './lookup';
import { Chain, DROP, Match, Rule, Target } from './model';
import { rulesFor } from './rules';

export type Which = 'source' | 'destination' | 'original destination';

export const at = (is: Which, prefix: Prefix): Match =>
  is === 'original destination' ? { is, prefix } : { is: 'address', end: is, range: prefixRange(prefix) };

/** The chains of an owner within those that the host's own lead to. */
export class Chains {
  private readonly opened = new Map<string, Target>();
  private made: Chain[] = [];
  private count = 0;

  constructor(private readonly owner: string) {}

  named = (is: 'fwd' | 'in' | 'pre' | 'post'): string => `cg-${this.owner}-${is}`;

  lookup = (of: Which, way: Lookup['way'], rest: readonly Rule[] = []): Lookup => ({
    way,
    rest,
    by: (prefix) => at(of, prefix),
    chain: (rules) => this.add(rules),
  });

  /** One for each list of openings, which decides; nothing leads to one that opens nothing. */
  open(openings: Openings): Target {
    const key = openingsKey(openings);
    let found = this.opened.get(key);
    if (!found) {
      const rules = openingClauses(openings).flatMap((clause) => rulesFor(clause, 'in', 'ip'));
      const opens = rules.some(({ target }) => target.is === 'return');
      found = opens ? this.goTo([...rules, { matches: [], target: DROP }]) : DROP;
      this.opened.set(key, found);
    }
    return found;
  }

  goTo = (rules: readonly Rule[]): Target => ({ is: 'go to', chain: this.add(rules) });

  /** Those of a table that is whole. */
  take(): readonly Chain[] {
    const made = this.made;
    this.made = [];
    return made;
  }

  private add(rules: readonly Rule[]): string {
    this.count += 1;
    const name = `cg-${this.owner}-${this.count}`;
    this.made.push({ name, rules });
    return name;
  }
}
