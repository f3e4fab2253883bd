// Creates the chains of an nftables gateway that hold allow rules: hosts with equal lists of rules share one chain.

import { AllowRules } from '../../../../policy/policy';
import { createAllowClauses } from '../../../../generate/netfilter/clauses';
import { toAllowRulesKey } from '../../../../generate/allow-rule-keys';
import { encodeComment } from '../nft-names';
import { NftChain } from '../nft-table';
import { lowerClause } from '../lower-clause';
import { NftSetBuilder } from '../nft-set-builder';

/**
 * Holds one chain for each list of allow rules. Hosts with equal lists jump to the same chain. Packets that it doesn't
 * accept return.
 */
export class AllowChains {
  private readonly byKey = new Map<string, string | undefined>();
  private readonly chains: NftChain[] = [];

  constructor(private readonly sets: NftSetBuilder) {}

  get list(): readonly NftChain[] {
    return this.chains;
  }

  /** Returns the chain's name. Returns undefined if the list allows nothing: then there is nothing to jump to. */
  findOrAdd(allowRules: AllowRules): string | undefined {
    const key = toAllowRulesKey(allowRules);
    if (this.byKey.has(key)) return this.byKey.get(key);
    const rules = createAllowClauses(allowRules).flatMap((clause) => lowerClause(clause, 'in', ['ip'], this.sets));
    const hasAccept = rules.some(({ verdict }) => verdict.is === 'accept');
    const name = hasAccept ? `c_open_${this.chains.length + 1}` : undefined;
    this.byKey.set(key, name);
    if (name !== undefined) this.chains.push({ name, rules });
    return name;
  }
}

export const createComment = (kind: string, name: string): string => `${kind} ${encodeComment(name)}`;
