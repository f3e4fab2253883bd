import { Range } from '../../../../net/range';
import { Openings } from '../../../../policy/policy';
import { Part, Peers } from '../../../../generate/parts';

/** Parts that one rule translates: alike in everything but their addresses. */
export interface Group {
  /** Interfaces by which packets arrive (inbound) or leave (outbound), sorted. */
  readonly interfaces: readonly string[];
  readonly peers: Peers;
  /** Ascending by the side that is matched. */
  readonly parts: readonly [Part, ...Part[]];
}

/** One list of openings and whom it is for, by what tells its packets from others after translation. */
export interface OpenGroup {
  readonly openings: Openings;
  /** Hosts that nothing else is opened to: their address decides. */
  readonly inside: readonly Range[];
  /** Hosts with other openings behind other public addresses: the public address decides, too. */
  readonly shared: { readonly inside: readonly Range[]; readonly outside: readonly Range[] } | undefined;
  /** Neither side alone decides: one public and one inside address, and for whose peers. */
  readonly pairs: readonly Part[];
}
