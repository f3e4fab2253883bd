// Types of the rules that FreeBSD's pf has loaded, in the kernel's order, with all names resolved. pf's own text and
// pfSense's config.xml are both lowered to them, and `lower/` turns them into the ruleset model. Also tests whether a
// rule is on an interface.

import { NumberRange } from '../../net/device';
import { PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { RangeBounds } from './range-bounds';

/**
 * The rules that FreeBSD's pf has loaded. Two forms are lowered to it: pf's own text (`pfctl -sn`, `-sr`, rules.debug)
 * and the configuration that pfSense generates it from. One evaluator serves both. Interfaces have the names of the
 * Device that the text is parsed for; macros, lists and groups are resolved, and rules are in the kernel's order.
 */
export interface PfRules {
  /** Interfaces that pf skips: `set skip on`. Groups are resolved. */
  readonly skipped: readonly string[];
  /**
   * In each list the first match decides. Inbound the kernel evaluates `rdr` before `binat`, outbound `binat` before
   * `nat`. Source: FreeBSD pf_lb.c.
   */
  readonly rdr: readonly PfRedirect[];
  readonly binat: readonly PfBinat[];
  readonly nat: readonly PfNat[];
  /** The last match decides, and `quick` ends the list. A packet that no rule matches passes. */
  readonly filter: readonly PfFilterRule[];
  /** Why nothing can be said: the device could not load these rules, and runs its earlier ones. */
  readonly unloadable?: { readonly line: PfLine; readonly reason: string };
  /**
   * The filter is off: everything passes, and nothing is translated. Holds the line that states it; `told` if no line
   * does.
   */
  readonly filterOff?: Pick<PfLine, 'number'> | 'told';
}

export const EMPTY_PF_RULES: PfRules = { skipped: [], rdr: [], binat: [], nat: [], filter: [] };

/** The place of a rule: its line in a text, or the line of the configuration's entry that it was generated from. */
export interface PfLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The text is a name for the rule, not the content of that line. */
  readonly isName?: true;
}

/** A rule's place, and its interfaces. */
export interface PfRuleScope {
  readonly line: PfLine;
  /** Interfaces that the rule is on; `any` without `on`. With `but`, all except these. */
  readonly on: 'any' | { readonly is: readonly string[] } | { readonly but: readonly string[] };
}

/** The packets that a rule matches. */
export interface PfMatch extends PfRuleScope {
  /** Packets that the rule matches for certain. */
  readonly packets: PacketSet;
  /**
   * Packets that the rule may match besides, depending on an unknown fact: the content of a table, a schedule, a tag, a
   * probability.
   */
  readonly uncertain?: {
    readonly packets: PacketSet;
    readonly reason: string;
    /** Those of the packets that it matches if a new client sends them; undefined if that isn't known. */
    readonly newClient?: PacketSet;
  };
}

/** A translation. `no` ends its own list; the next list is evaluated all the same. */
interface PfTranslation {
  readonly no: boolean;
  /**
   * All that the kernel compares when it looks for an equal rule, as text: everything but target, pool and `tag`. Newer
   * kernels refuse the second of two rules of one list with the same text. `to any` and a table of everything differ.
   */
  readonly matchKey: string;
  /** `rdr pass`, `nat pass`, `binat pass`: filter rules aren't evaluated. */
  readonly pass: boolean;
}

export interface PfRedirect extends PfMatch, PfTranslation {
  /** Undefined with `no`. */
  readonly to?: PfTarget;
}

/** The target of a redirect. */
export type PfTarget =
  /** One address. */
  | { readonly is: 'address'; readonly address: bigint; readonly port?: PfTargetPort }
  /**
   * `bitmask`: the network's bits come from `network`, which is a prefix, the host's bits from the packet's
   * destination.
   */
  | { readonly is: 'bitmask'; readonly network: Range; readonly port?: PfTargetPort }
  /** A pool, a table, an interface without a known address. `pool` has every address that it may be. */
  | {
      readonly is: 'unclear';
      readonly reason: string;
      readonly pool: readonly Range[];
      readonly port?: PfTargetPort;
    };

/**
 * The target port. `one`: a single port. `shifted`: the rule's first port, `from`, becomes the first of `to`, the next
 * one the next, and after the last it begins again. No packet of the rule has a port below `from`. Source: FreeBSD
 * pf_lb.c, proxy_port.
 */
export type PfTargetPort =
  | { readonly is: 'one'; readonly port: number }
  | { readonly is: 'shifted'; readonly from: number; readonly to: NumberRange };

/**
 * `from inside to peers -> outside`. Outbound: packets of `internal` to `peers` get the source in `external`. Inbound:
 * packets from `peers` to `external` get the destination in `internal`. With `no`, packets of `internal` to `peers` are left
 * alone in both directions. A condition that makes the whole rule uncertain (a tag) makes its peers uncertain.
 */
export interface PfBinat extends PfRuleScope, PfTranslation {
  /** A prefix; all of the family for `any`. */
  readonly internal: Range;
  /**
   * A prefix as large as `internal`; undefined with `no`. If `internal` is `any` it may be smaller: outbound every source
   * gets the network's bits, inbound the destination stays as it is.
   */
  readonly external?: Range;
  readonly peers: RangeBounds;
  readonly protocols: 'any' | readonly NumberRange[];
  /** The `to` of the rule as text: the kernel skips following rules with the same. `any` if it is any. */
  readonly to: string;
}

export interface PfNat extends PfMatch, PfTranslation {
  /** Undefined with `no`. */
  readonly to?:
    | { readonly is: 'address'; readonly address: bigint; readonly ports: 'kept' | 'free' }
    | { readonly is: 'bitmask'; readonly network: Range; readonly ports: 'kept' | 'free' }
    | { readonly is: 'unclear'; readonly reason: string };
}

export interface PfFilterRule extends PfMatch {
  readonly direction: 'in' | 'out' | 'both';
  /** `match` decides nothing. */
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  /** Whether a packet that it passes makes a state, so that answers come back. */
  readonly state: boolean;
  /**
   * The tests of TCP flags, all of which have to hold. Undefined: pfctl's default, `S/SA` if it passes with a state,
   * and no test otherwise.
   */
  readonly flags?: readonly PfFlags[];
  /**
   * `route-to`: a packet that it passes leaves by this interface, whatever the routes say. Undefined: by the routes.
   */
  readonly routedTo?: string;
}

/**
 * `set/mask`: of the flags `mask`, the packet has exactly those of `set`. FIN is 1, SYN 2, RST 4, PSH 8, ACK
 * 16.
 */
export interface PfFlags {
  readonly set: number;
  readonly mask: number;
}

/** Returns whether a rule is evaluated on an interface. */
export function isOnInterface({ on }: PfRuleScope, name: string): boolean {
  if (on === 'any') return true;
  return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
}

/** Returns a reason with the line that it is about. */
export const addLineNumber = (line: PfLine, reason: string): string =>
  reason.startsWith('line ') ? reason : `line ${line.number}: ${reason}`;
