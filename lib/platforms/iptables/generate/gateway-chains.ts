// Collects, with their names, the iptables chains of one gateway while the generator lowers the policy: chains that
// look up addresses, and one chain for each list of allow rules.

import { Prefix, toRange } from '../../../net/address';
import { AllowRules } from '../../../policy/policy';
import { createAllowClauses } from '../../../generate/netfilter/clauses';
import { toAllowRulesKey } from '../../../generate/allow-rule-keys';
import { PrefixLookup } from './prefix-lookup';
import { IptablesChain, DROP, IptablesMatch, IptablesRule, IptablesTarget } from './iptables-table';
import { lowerClause } from './lower-clause';

export type AddressField = 'source' | 'destination' | 'original destination';

export const matchAddress = (field: AddressField, prefix: Prefix): IptablesMatch =>
  field === 'original destination' ? { is: field, prefix } : { is: 'address', end: field, range: toRange(prefix) };

/** The chains of one owner. */
export class GatewayChains {
  private readonly targetsByKey = new Map<string, IptablesTarget>();
  private chains: IptablesChain[] = [];
  private chainCount = 0;

  constructor(private readonly owner: string) {}

  nameChain = (purpose: 'fwd' | 'in' | 'pre' | 'post'): string => `cg-${this.owner}-${purpose}`;

  createLookup = (
    field: AddressField,
    way: PrefixLookup['way'],
    fallbackRules: readonly IptablesRule[] = [],
  ): PrefixLookup => ({
    way,
    rest: fallbackRules,
    by: (prefix) => matchAddress(field, prefix),
    chain: (rules) => this.addChain(rules),
  });

  /**
   * Returns the target that decides by a list of allow rules: one chain for each list, or DROP if the list allows
   * nothing.
   */
  getAllowTarget(allowRules: AllowRules): IptablesTarget {
    const key = toAllowRulesKey(allowRules);
    let allowTarget = this.targetsByKey.get(key);
    if (!allowTarget) {
      const rules = createAllowClauses(allowRules).flatMap((clause) => lowerClause(clause, 'in', 'ip'));
      const hasAllowRule = rules.some(({ target }) => target.is === 'return');
      allowTarget = hasAllowRule ? this.createGoto([...rules, { matches: [], target: DROP }]) : DROP;
      this.targetsByKey.set(key, allowTarget);
    }
    return allowTarget;
  }

  createGoto = (rules: readonly IptablesRule[]): IptablesTarget => ({ is: 'go to', chain: this.addChain(rules) });

  /** Returns the chains of a finished table and starts the next one. */
  takeChains(): readonly IptablesChain[] {
    const taken = this.chains;
    this.chains = [];
    return taken;
  }

  private addChain(rules: readonly IptablesRule[]): string {
    this.chainCount += 1;
    const name = `cg-${this.owner}-${this.chainCount}`;
    this.chains.push({ name, rules });
    return name;
  }
}
