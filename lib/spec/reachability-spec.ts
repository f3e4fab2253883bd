// Types of a spec, the bounds of the reachability that a policy requires and permits, for each start location.
// lib/spec: a policy comes in, a spec goes out. It knows no generator, no parser and no platform; the verifier
// compares the spec with an evaluated config.

import { Translation } from '../reachability/reachability';
import { StartLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';

/** `must`: the policy requires it. `may`: the policy doesn't manage it. A packet with neither must not pass. */
export type RequirementLevel = 'must' | 'may';

/**
 * The spec at one start location: packets with `must` pass, and only packets with `must` or `may` pass. If
 * `translations` is undefined for a packet, the policy doesn't say what it is translated to.
 */
export interface LocationSpec {
  readonly startLocation: StartLocation;
  readonly bounds: PacketMap<RequirementLevel>;
  readonly translations: PacketMap<Translation>;
  /** The packets that the policy says something about: a report shows them. The rest may pass or not. */
  readonly scope: PacketSet;
  /** The part of the scope that is addressed to our addresses: on a gateway the public ones, on a server its own. */
  readonly inbound: PacketSet;
  /** Packets that a release leaves alone: they pass, and are translated, as without the release. */
  readonly unmanaged: PacketSet;
  /** Packets that may belong to sessions that the policy lets live, of either side, addressed as they arrive. */
  readonly sessions: PacketSet;
  readonly establishedSessions: 'terminate' | 'keep';
  /** Packets that our addresses answer without translation. */
  readonly untranslated: PacketSet;
  /** Packets that may pass as related to a session. */
  readonly related: PacketSet;
}

/** The spec of a whole device: one entry per start location. */
export interface ReachabilitySpec {
  readonly views: readonly LocationSpec[];
}
