import { FAMILIES, Family } from '../../net/address';
import { spend } from '../../net/work';
import { Refusal } from '../../problems/problem';
import { IpSet } from '../ipset/sets';
import { Place } from '../printed-files';
import { Told, tableOf } from './made';
import { parseRule } from './parse-rule';
import { Rule } from './rule';
import { Chain, Saved, TABLES } from './saved';
import { SayingOfTables } from './saying';

/** What a family has before the first rule: the policy of table filter and its line, and whether it has chains beside the kernel's. */
interface Start {
  readonly line: number;
  readonly policy: 'accept' | 'drop';
  readonly chains: boolean;
}

/** What isn't known of a set: each member may be gone, or which it has, because of one of them. */
interface Doubt {
  readonly fleeting?: boolean;
  readonly unclear?: string | undefined;
}

/** Rules, chains and sets that a program has made of its files so far. */
export class Built extends Told {
  /** Of table filter, beside the kernel's. */
  protected readonly chains: Set<string>;
  private readonly sets = new Map<string, IpSet>();
  private readonly rules = { ip: new Map<string, Rule[]>(), ip6: new Map<string, Rule[]>() };

  constructor(
    private readonly say: SayingOfTables,
    private readonly starts: Readonly<Record<Family, Start>>,
    chains: readonly string[] = [],
  ) {
    super();
    this.chains = new Set(chains);
  }

  /** Networks as one set. Returns what asks for it. */
  set(name: string, family: Family, members: readonly string[], doubt: Doubt = {}): string {
    const { fleeting = false, unclear } = doubt;
    const elements = members.map((text) => ({ text, fleeting, nomatch: false, wildcard: false }));
    this.sets.set(name, {
      name,
      method: 'hash',
      parts: ['net'],
      family,
      elements,
      ...(unclear === undefined ? {} : { unclear }),
    });
    return `-m set --match-set ${name}`;
  }

  /** Undefined where it isn't understood. */
  protected ruleOf(words: readonly string[], { line, text }: Place): Rule | undefined {
    spend(1);
    try {
      return parseRule(words, line, text, this.say);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }

  /** At the end of a chain, or in front: `nat PREROUTING`; without a table filter's. */
  protected put(family: Family, chain: string, rule: Rule, first = false): void {
    const own = this.rules[family];
    const rules = own.get(chain) ?? [];
    own.set(chain, rules);
    if (first) rules.unshift(rule);
    else rules.push(rule);
  }

  /** As it runs. A chain that nothing is in is made, too. */
  saved(): Saved {
    const tables = FAMILIES.flatMap((family) => {
      const own = this.rules[family];
      const { line, policy, chains } = this.starts[family];
      return (['raw', 'nat', 'filter'] as const).flatMap((name) => {
        const isFilter = name === 'filter';
        if (!isFilter && ![...own.keys()].some((chain) => chain.startsWith(`${name} `))) return [];
        const of = (chain: string): Rule[] => own.get(isFilter ? chain : `${name} ${chain}`) ?? [];
        const hooks = TABLES[name].hooks.map((hook): Chain => ({
          name: hook,
          line,
          policy: isFilter ? policy : 'accept',
          rules: of(hook),
        }));
        const more =
          isFilter && chains ? [...this.chains].map((chain): Chain => ({ name: chain, line, rules: of(chain) })) : [];
        return [tableOf(family, name, line, [...hooks, ...more])];
      });
    });
    return { tables, sets: this.sets, hidden: this.doubts, warnsElsewhere: false };
  }
}
