import { Device } from '../../net/device';
import { PolicyCache } from '../policy-cache';
import { Change } from '../review';
import { ReviewRules } from '../rules';

/** What a device answered itself: all its rules, and the facts of it that they are read with. */
export interface LiveAnswer {
  readonly text: string;
  readonly device: Device;
  /** By owner: the platform as whose the rules are read, where the device says it. */
  readonly readAs?: ReadonlyMap<string, string>;
  /** By owner: the release that it runs, in words, where it is neither one that the plans have recorded nor the one that they deliver. */
  readonly others?: ReadonlyMap<string, string>;
}

/** Everything that a review knows beside the plans. */
export interface ReviewInputs {
  /** By device. */
  readonly live?: ReadonlyMap<string, LiveAnswer>;
  /** The review policy, and what it was before the change. */
  readonly rules?: { readonly name: string; readonly rules: ReviewRules; readonly before?: ReviewRules };
  /** By `device/owner`: what the commit under review synthesizes to. */
  readonly synthesized?: ReadonlyMap<string, { readonly text: string; readonly policy: string }>;
  /** What was decoded while the plans were read. @default every policy is decoded again */
  readonly policies?: PolicyCache;
  /** Names of stacks that were asked for and whose plans aren't there. */
  readonly missing?: readonly string[];
  /** Kinds of change that nobody wants to see; `warning`: a lint warning that isn't acknowledged; `new-warning`: one that wasn't there before. */
  readonly failOn?: readonly (Change['kind'] | 'warning' | 'new-warning')[];
  /** `2027-01-31`. */
  readonly today: string;
}
