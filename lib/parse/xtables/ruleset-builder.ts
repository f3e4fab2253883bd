import { FAMILIES, Family } from '../../net/address';
import { spendSteps } from '../../net/step-budget';
import { Refusal } from '../../problems/problem';
import { IpSet } from '../ipset/ip-set';
import { SourceLocation } from '../printed-files';
import { LoadNotes, createTable } from './load-notes';
import { parseRule } from './parse-rule';
import { XtablesRule } from './rule';
import { XtablesChain, ParsedXtables, TABLES } from './parsed-xtables';
import { XtablesProblems } from './xtables-problems';

/** What a family has before the first rule: the policy of table filter and its line, and whether it has chains beside the kernel's. */
interface FamilyDefaults {
  readonly line: number;
  readonly policy: 'accept' | 'drop';
  readonly chains: boolean;
}

/** What isn't known of a set: each member may be gone, or which it has, because of one of them. */
interface SetUncertainty {
  readonly fleeting?: boolean;
  readonly unclear?: string | undefined;
}

/** Rules, chains and sets that a program has made of its files so far. */
export class XtablesBuilder extends LoadNotes {
  /** Of table filter, beside the kernel's. */
  protected readonly chains: Set<string>;
  private readonly sets = new Map<string, IpSet>();
  private readonly rules = { ip: new Map<string, XtablesRule[]>(), ip6: new Map<string, XtablesRule[]>() };

  constructor(
    private readonly say: XtablesProblems,
    private readonly defaults: Readonly<Record<Family, FamilyDefaults>>,
    chains: readonly string[] = [],
  ) {
    super();
    this.chains = new Set(chains);
  }

  /** Networks as one set. Returns what asks for it. */
  addSet(name: string, family: Family, members: readonly string[], uncertainty: SetUncertainty = {}): string {
    const { fleeting: expires = false, unclear } = uncertainty;
    const elements = members.map((text) => ({ text, fleeting: expires, nomatch: false, wildcard: false }));
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
  protected parseWords(words: readonly string[], { line, text }: SourceLocation): XtablesRule | undefined {
    spendSteps(1);
    try {
      return parseRule(words, line, text, this.say);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }

  /** At the end of a chain, or in front: `nat PREROUTING`; without a table filter's. */
  protected insertRule(family: Family, chain: string, rule: XtablesRule, isFirst = false): void {
    const familyRules = this.rules[family];
    const rules = familyRules.get(chain) ?? [];
    familyRules.set(chain, rules);
    if (isFirst) rules.unshift(rule);
    else rules.push(rule);
  }

  /** As it runs. A chain that nothing is in is made, too. */
  build(): ParsedXtables {
    const tables = FAMILIES.flatMap((family) => {
      const familyRules = this.rules[family];
      const { line, policy, chains } = this.defaults[family];
      return (['raw', 'nat', 'filter'] as const).flatMap((name) => {
        const isFilter = name === 'filter';
        if (!isFilter && ![...familyRules.keys()].some((chain) => chain.startsWith(`${name} `))) return [];
        const getChainRules = (chain: string): XtablesRule[] =>
          familyRules.get(isFilter ? chain : `${name} ${chain}`) ?? [];
        const hooks = TABLES[name].hooks.map((hook): XtablesChain => ({
          name: hook,
          line,
          policy: isFilter ? policy : 'accept',
          rules: getChainRules(hook),
        }));
        const addedChains =
          isFilter && chains
            ? [...this.chains].map((chain): XtablesChain => ({ name: chain, line, rules: getChainRules(chain) }))
            : [];
        return [createTable(family, name, line, [...hooks, ...addedChains])];
      });
    });
    return { tables, sets: this.sets, hidden: this.unknowns, warnsElsewhere: false };
  }
}
