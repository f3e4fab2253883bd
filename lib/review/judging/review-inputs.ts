// Types of the inputs of a review besides the plans: the devices' answers, the review rules, and the releases that
// the commit synthesizes.
import { Device } from '../../net/device';
import { PolicyCache } from '../policy-cache';
import { Change } from '../review';
import { ReviewRules } from '../rules';

/** The answer of a device: all its rules, and the facts with which they are evaluated. */
export interface LiveAnswer {
  readonly text: string;
  readonly device: Device;
  /** The platform of the rules by owner, where the device names it. */
  readonly platformsByOwner?: ReadonlyMap<string, string>;
  /** The running release by owner, in words, where it is neither recorded in the plans nor delivered by them. */
  readonly otherReleases?: ReadonlyMap<string, string>;
}

/** The inputs of a review besides the plans. */
export interface ReviewInputs {
  /** Answers by device name. */
  readonly live?: ReadonlyMap<string, LiveAnswer>;
  /** The review rules, and those before the change. */
  readonly rules?: { readonly name: string; readonly rules: ReviewRules; readonly before?: ReviewRules };
  /** The release that the commit under review synthesizes, by `device/owner`. */
  readonly synthesized?: ReadonlyMap<string, { readonly text: string; readonly policy: string }>;
  /** The cache of policies that were decoded while the plans were parsed. @default every policy is decoded again */
  readonly policies?: PolicyCache;
  /** Names of requested stacks whose plans are missing. */
  readonly missing?: readonly string[];
  /**
   * Kinds of change that are objections. `warning`: a lint warning without acknowledgement; `new-warning`: one that
   * wasn't there before.
   */
  readonly failOn?: readonly (Change['kind'] | 'warning' | 'new-warning')[];
  /** The day of the review, `2027-01-31`. */
  readonly today: string;
}
