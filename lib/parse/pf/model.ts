import { NumberRange } from '../../net/device';
import { PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { RangeBounds } from './range-bounds';

/**
 * What FreeBSD's pf has loaded, as two forms say it: its own text (`pfctl -sn`, `-sr`, rules.debug) and the configuration that pfSense
 * generates it from. Both end here, and one evaluator reads it. Interfaces have the names of the Device that the text is read for;
 * macros, lists and groups are resolved, and rules are in the kernel's order.
 */
export interface PfRules {
  /** Interfaces that pf doesn't look at: `set skip on`. Groups are resolved. */
  readonly skipped: readonly string[];
  /** First match each. Inbound the kernel asks `rdr` before `binat`, outbound `binat` before `nat`. Source: FreeBSD pf_lb.c. */
  readonly rdr: readonly PfRedirect[];
  readonly binat: readonly PfBinat[];
  readonly nat: readonly PfNat[];
  /** Last match, `quick` ends. What no rule matches passes. */
  readonly filter: readonly PfFilterRule[];
  /** Why nothing at all can be said: the box could not load this, and runs what it had before. */
  readonly unloadable?: { readonly line: PfLine; readonly because: string };
  /** The filter is off: everything passes, and nothing is translated. Where that is said, if it is. */
  readonly off?: Pick<PfLine, 'number'> | 'told';
}

export const EMPTY_PF_RULES: PfRules = { skipped: [], rdr: [], binat: [], nat: [], filter: [] };

/** Where a rule stands: for texts the line, for configurations the line of the entry that it was generated from. */
export interface PfLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The text is a name for it, not what stands in that line. */
  readonly isName?: true;
}

/** A rule's place, and where it is asked. */
export interface PfRuleScope {
  readonly line: PfLine;
  /** Interfaces that it is on; `any` without `on`. With `but`, all except these. */
  readonly on: 'any' | { readonly is: readonly string[] } | { readonly but: readonly string[] };
}

/** The packets that a rule is about. */
export interface PfMatch extends PfRuleScope {
  /** What it matches for certain. */
  readonly packets: PacketSet;
  /** What it may match besides, by something that nobody told: a table without its content, a schedule, a tag, a probability. */
  readonly perhaps?: { readonly packets: PacketSet; readonly because: string };
}

/** `no`: ends its own list, and the next list is asked all the same. */
interface PfTranslation {
  readonly no: boolean;
  /**
   * All that the kernel compares when it looks for a rule like this one, as text: everything but target, pool and `tag`. Newer kernels
   * refuse the second of two rules of one list with the same. `to any` and a table of everything are not the same.
   */
  readonly asks: string;
  /** `rdr pass`, `nat pass`, `binat pass`: filter rules aren't asked. */
  readonly pass: boolean;
}

export interface PfRedirect extends PfMatch, PfTranslation {
  /** Undefined with `no`. */
  readonly to?: PfTarget;
}

/** Where a redirect leads. */
export type PfTarget =
  /** To one address. */
  | { readonly is: 'address'; readonly address: bigint; readonly port?: PfTargetPort }
  /** `bitmask`: the network's bits come from `network`, which is a prefix, the host's from the packet's destination. */
  | { readonly is: 'bitmask'; readonly network: Range; readonly port?: PfTargetPort }
  /** A pool, a table, an interface without a known address. `among` has every address that it may be. */
  | {
      readonly is: 'unclear';
      readonly because: string;
      readonly among: readonly Range[];
      readonly port?: PfTargetPort;
    };

/**
 * One port; or the rule's first port, `from`, becomes the first of `to`, the next one the next, and after the last it begins again. No packet
 * of the rule has a port below `from`. Source: FreeBSD pf_lb.c, proxy_port.
 */
export type PfTargetPort =
  | { readonly is: 'one'; readonly port: number }
  | { readonly is: 'shifted'; readonly from: number; readonly to: NumberRange };

/**
 * `from inside to peers -> outside`. Outbound: packets of `inside` to `peers` get the source in `outside`; inbound: packets from `peers`
 * to `outside` get the destination in `inside`. With `no` packets of `inside` to `peers` are left alone in both directions. What makes the
 * whole rule doubtful (a tag) makes its peers doubtful.
 */
export interface PfBinat extends PfRuleScope, PfTranslation {
  /** A prefix; all of the family for `any`. */
  readonly inside: Range;
  /**
   * A prefix as large as `inside`; undefined with `no`. Where `any` is inside it may be smaller: outbound every source gets the network's
   * bits, inbound the destination stays as it is.
   */
  readonly outside?: Range;
  readonly peers: RangeBounds;
  readonly protocols: 'any' | readonly NumberRange[];
  /** Its `to` as text: the kernel leaves out what follows with the same. `any` where it is. */
  readonly to: string;
}

export interface PfNat extends PfMatch, PfTranslation {
  /** Undefined with `no`. */
  readonly to?:
    | { readonly is: 'address'; readonly address: bigint; readonly ports: 'kept' | 'free' }
    | { readonly is: 'bitmask'; readonly network: Range; readonly ports: 'kept' | 'free' }
    | { readonly is: 'unclear'; readonly because: string };
}

export interface PfFilterRule extends PfMatch {
  readonly way: 'in' | 'out' | 'both';
  /** `match` decides nothing. */
  readonly action: 'pass' | 'block' | 'match';
  readonly quick: boolean;
  /** Whether what it passes makes a state, so that answers come back. */
  readonly state: boolean;
  /** What it asks of the flags of TCP, all of it. Undefined: as pfctl fills in, `S/SA` where it passes with a state, and nothing else. */
  readonly flags?: readonly PfFlags[];
  /** `route-to`: what it passes leaves by this interface, whatever the routes say. Undefined: by the routes. */
  readonly routedTo?: string;
}

/** `wanted/among`: of the flags among these the packet has exactly the wanted ones. FIN is 1, SYN 2, RST 4, PSH 8, ACK 16. */
export interface PfFlags {
  readonly wanted: number;
  readonly among: number;
}

/** Whether a rule is asked on an interface. */
export function isOnInterface({ on }: PfRuleScope, name: string): boolean {
  if (on === 'any') return true;
  return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
}

/** A reason with the line that it is about. */
export const addLineNumber = (line: PfLine, reason: string): string =>
  reason.startsWith('line ') ? reason : `line ${line.number}: ${reason}`;
