import { Range } from '../../../../net/range';
import { AllowRules } from '../../../../policy/policy';
import { MappingPart, MappingPeers } from '../../../../generate/mapping-parts';

/** Parts that one rule translates: alike in everything but their addresses. */
export interface TranslationGroup {
  /** Interfaces by which packets arrive (inbound) or leave (outbound), sorted. */
  readonly interfaces: readonly string[];
  readonly peers: MappingPeers;
  /** Ascending by the side that is matched. */
  readonly parts: readonly [MappingPart, ...MappingPart[]];
}

/** One list of openings and whom it is for, by what tells its packets from others after translation. */
export interface AllowRuleGroup {
  readonly openings: AllowRules;
  /** Hosts that nothing else is opened to: their address decides. */
  readonly inside: readonly Range[];
  /** Hosts with other openings behind other public addresses: the public address decides, too. */
  readonly shared: { readonly inside: readonly Range[]; readonly outside: readonly Range[] } | undefined;
  /** Neither side alone decides: one public and one inside address, and for whose peers. */
  readonly pairs: readonly MappingPart[];
}
