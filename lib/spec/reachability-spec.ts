import { Translation } from '../reachability/reachability';
import { StartLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';

/** `must`: the policy asks for it. `may`: it isn't ours to manage. What neither holds must not pass. */
export type RequirementLevel = 'must' | 'may';

/**
 * What a policy asks for at one vantage: at least what `must` pass, at most what must or may. Where `translations` is
 * undefined, the policy doesn't say what the packet becomes.
 */
export interface LocationSpec {
  readonly vantage: StartLocation;
  readonly bounds: PacketMap<RequirementLevel>;
  readonly translations: PacketMap<Translation>;
  /** The packets that the policy says something about: what a report shows. The rest may pass or not. */
  readonly scope: PacketSet;
  /** Of those, what comes to addresses that are ours: on a gateway the public ones, on a server its own. */
  readonly inbound: PacketSet;
  /** What a release leaves alone: it passes, and becomes, what it would without the release. */
  readonly left: PacketSet;
  /** Where packets of sessions that the policy lets live may be, of either side, addressed as they arrive. */
  readonly sessions: PacketSet;
  readonly whenClosed: 'cut' | 'finish';
  /** What our addresses answer where nothing is translated. */
  readonly untranslated: PacketSet;
  /** What may pass as related to a session. */
  readonly related: PacketSet;
}

/** What a policy says about whole devices: one entry per vantage. */
export interface ReachabilitySpec {
  readonly views: readonly LocationSpec[];
}
