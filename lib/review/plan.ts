// Types of a parsed Terraform plan, which `plan/` creates and `judging/` evaluates: each owner on a device with the
// releases before and after the apply. Nothing here is verified, and nothing here knows Terraform's JSON.

import { Problem } from '../problems/problem';
import { FieldChange } from './plan/delivery-fields';

/** A release that Terraform has recorded or planned: the plain triggers of the release's resource. */
export interface RecordedRelease {
  /** The native text that was sent or will be sent. */
  readonly text: string;
  /** The policy, encoded by lib/verifier/policy-codec.ts. */
  readonly policy: string;
  /** The readable lines: key and value. */
  readonly lines: Readonly<Record<string, string>>;
  readonly hostKeys: string;
  /** The owner token. Undefined where Terraform knows it only after the apply. */
  readonly ownerToken: string | undefined;
}

/** A release that the device may run now, and why: it is applied, tainted or deposed. */
export interface PossibleRelease extends RecordedRelease {
  readonly origin: 'applied' | 'tainted' | 'deposed';
}

/** One owner on one device, with the plan's action on it. */
export interface PlannedOwner {
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  /**
   * `first`: nothing is recorded. `unchanged`: nothing is done. `changed`: the text or the policy differs. `program`:
   * the same text and policy are delivered again (other host keys, another lease, other lines). `retired`: a destroy
   * provisioner takes it off the device. `stays open`: the plan forgets or destroys it without taking anything off the
   * device. `released`: it is given up for another state, on purpose. `adopted`: its ownership record is imported.
   */
  readonly action: 'first' | 'unchanged' | 'changed' | 'program' | 'retired' | 'stays open' | 'released' | 'adopted';
  /** Every release that the device may run before the apply. Empty: Terraform knows of none. */
  readonly before: readonly PossibleRelease[];
  /** Whether the device may run nothing of this owner before the apply: no recorded release was delivered for sure. */
  readonly mayRunNone: boolean;
  /**
   * The facts about `before` that the record can't tell, a sentence each. Never empty, because a killed Terraform
   * leaves no trace at all. Only the device's own answer decides it.
   */
  readonly uncertain: readonly string[];
  /**
   * The release after the apply. Undefined where the owner is decommissioned, handed over or forgotten, and where the
   * release can't be read: then `unknowns` has the reason.
   */
  readonly after: RecordedRelease | undefined;
  /** Names of the triggers whose value changes: `host keys`, `lease`, readable lines; never text and policy. */
  readonly changedTriggers: readonly string[];
  /** The state of a server after its removal. From the recorded input of the ownership record. */
  readonly onRetract: 'keep closed' | 'as before';
  readonly rollbackSeconds: number | undefined;
  /** Parts of the delivery that no policy decides and that change. For a first release all of them, from `none`. */
  readonly settings?: readonly FieldChange[];
  /** The source line of each part, as the stack says: `mapping web` → `stacks/edge.ts:41`. */
  readonly sourceLines?: ReadonlyMap<string, string>;
  /** Login of the device for people: user@host:port. */
  readonly login: string | undefined;
  /** Login of the last apply, where it was another one. */
  readonly previousLogin?: string;
}

/** One parsed plan. Nothing in it is verified yet. */
export interface Plan {
  /** The name of the stack or of the file, as it may be shown. */
  readonly name: string;
  /** `Terraform 1.11.4`. */
  readonly program: string;
  /**
   * The program that the plan starts to deliver and to remove: a path from the folder in which the plan is applied.
   * Undefined where it starts none.
   */
  readonly command?: string;
  /** Whether that program is missing, seen from the stack's folder that holds the plan. */
  readonly commandIsMissing?: true;
  readonly owners: readonly PlannedOwner[];
  /** Resources that aren't ours: those that change, by address, and the number of the others. */
  readonly otherResources: {
    readonly changed: readonly { readonly address: string; readonly actions: readonly string[] }[];
    readonly unchanged: number;
  };
  /**
   * Why the plan isn't the whole truth: `-target`, `-refresh-only`, an error while planning, values that are known only
   * after the apply, an untested format. Each makes the review's answer "unknown".
   */
  readonly unknowns: readonly Problem[];
  /**
   * Problems of the plan, whatever it opens: an ownership record that is replaced, a release that Terraform plans away.
   */
  readonly objections: readonly Problem[];
  /** Remarks that a reviewer should know. */
  readonly notes?: readonly Problem[];
  /** The versions of the package that synthesized its deliveries, where they differ from the reviewing version. */
  readonly otherVersions?: { readonly made: readonly string[]; readonly reviewing: string };
}
