// Builds the syntax tree of the iptables rules, chains and sets that a program (csf, APF) makes of its configuration
// files.
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

/**
 * The state of a family before the first rule: the policy of table filter and its line, and whether it has chains
 * beside the built-in ones.
 */
interface FamilyDefaults {
  readonly line: number;
  readonly policy: 'accept' | 'drop';
  readonly chains: boolean;
}

/**
 * The unknown of a set: `expires` if each member may be gone, `unknownOption` with the reason if its members aren't known.
 */
interface SetUncertainty {
  readonly expires?: boolean;
  readonly unknownOption?: string | undefined;
}

/** Builds the rules, chains and sets that a program makes of its files. */
export class XtablesBuilder extends LoadNotes {
  /** Chains of table filter, beside the built-in ones. */
  protected readonly chains: Set<string>;
  private readonly sets = new Map<string, IpSet>();
  private readonly rules = { ip: new Map<string, XtablesRule[]>(), ip6: new Map<string, XtablesRule[]>() };

  constructor(
    private readonly messages: XtablesProblems,
    private readonly defaults: Readonly<Record<Family, FamilyDefaults>>,
    chains: readonly string[] = [],
  ) {
    super();
    this.chains = new Set(chains);
  }

  /** Adds networks as one set. Returns the match for it. */
  addSet(name: string, family: Family, members: readonly string[], uncertainty: SetUncertainty = {}): string {
    const { expires = false, unknownOption } = uncertainty;
    const elements = members.map((text) => ({ text, expires, nomatch: false, wildcard: false }));
    this.sets.set(name, {
      name,
      method: 'hash',
      parts: ['net'],
      family,
      elements,
      ...(unknownOption === undefined ? {} : { unknownOption }),
    });
    return `-m set --match-set ${name}`;
  }

  /** Parses a rule; undefined if it isn't understood. */
  protected parseWords(words: readonly string[], { line, text }: SourceLocation): XtablesRule | undefined {
    spendSteps(1);
    try {
      return parseRule(words, line, text, this.messages);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }

  /**
   * Inserts a rule at the end of a chain, or at its front. `nat PREROUTING` names the table; a name without one is in
   * table filter.
   */
  protected insertRule(family: Family, chain: string, rule: XtablesRule, isFirst = false): void {
    const familyRules = this.rules[family];
    const rules = familyRules.get(chain) ?? [];
    familyRules.set(chain, rules);
    if (isFirst) rules.unshift(rule);
    else rules.push(rule);
  }

  /** Returns the ruleset as it runs. Chains without rules are made, too. */
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
