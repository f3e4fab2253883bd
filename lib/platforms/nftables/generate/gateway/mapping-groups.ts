// Types of the groups of mappings that one nftables rule translates, and of hosts with equal allow rules.

import { Range } from '../../../../net/range';
import { AllowRules } from '../../../../policy/policy';
import { MappingPart, MappingPeers } from '../../../../generate/mapping-parts';

/** Parts that one rule translates. They differ only in their addresses. */
export interface TranslationGroup {
  /** Interfaces by which packets arrive (inbound) or leave (outbound), sorted. */
  readonly interfaces: readonly string[];
  readonly peers: MappingPeers;
  /** In ascending order of the matched side. */
  readonly parts: readonly [MappingPart, ...MappingPart[]];
}

/**
 * A list of allow rules and the hosts that it is for, grouped by what distinguishes their packets after translation.
 */
export interface AllowRuleGroup {
  readonly allowRules: AllowRules;
  /** Hosts with no other list of allow rules: their address decides. */
  readonly internal: readonly Range[];
  /** Hosts with other lists behind other public addresses: the public address decides, too. */
  readonly shared: { readonly internal: readonly Range[]; readonly external: readonly Range[] } | undefined;
  /** Neither side alone decides: each part has one public and one internal address, and its peers. */
  readonly pairs: readonly MappingPart[];
}
