import { Problem } from '../problems/problem';
import { FieldChange } from './plan/delivery-fields';

/** A release as Terraform has recorded or planned it: the plain triggers of the release's resource. */
export interface RecordedRelease {
  /** The native text that was or will be sent. */
  readonly text: string;
  /** The policy as its codec writes it (lib/verifier/policy-codec.ts). */
  readonly policy: string;
  /** The readable lines: key and value. */
  readonly lines: Readonly<Record<string, string>>;
  readonly hostKeys: string;
  /** Undefined where Terraform knows it only after the apply. */
  readonly lease: string | undefined;
}

/** A release that a device may run now, and why: the newest untainted one, or any tainted one. */
export interface PossibleRelease extends RecordedRelease {
  readonly as: 'applied' | 'tainted' | 'deposed';
}

/** What a plan does with one owner on one device. */
export interface PlannedOwner {
  readonly device: string;
  readonly owner: string;
  readonly role: 'gateway' | 'server';
  /**
   * `first`: nothing is recorded; `unchanged`: nothing is done; `changed`: another text or policy; `program`: the same text and policy are
   * delivered again (other host keys, another lease, lines); `retired`: taken off the device by a destroy provisioner; `stays open`: the
   * plan forgets or destroys it without taking anything off the device; `released`: given up for another state, on purpose;
   * `adopted`: its holder is imported.
   */
  readonly action: 'first' | 'unchanged' | 'changed' | 'program' | 'retired' | 'stays open' | 'released' | 'adopted';
  /** Every release that the device may run before the apply. Empty: Terraform knows of none. */
  readonly before: readonly PossibleRelease[];
  /** Whether it may run nothing of this owner before the apply: no release is recorded that was delivered for sure. */
  readonly mayRunNone: boolean;
  /**
   * What the record can't tell about `before`, a sentence each; never empty, because a killed Terraform leaves no trace at all. The
   * device's own answer settles it.
   */
  readonly uncertain: readonly string[];
  /** What it runs after it; undefined where it is retired, released or forgotten, and where it can't be read: then there is a doubt. */
  readonly after: RecordedRelease | undefined;
  /** Triggers whose value changes, by name: `host keys`, `lease`, readable lines; never text and policy. */
  readonly changedTriggers: readonly string[];
  /** For a server that is retired: whether it stays closed. From the holder's recorded input. */
  readonly onRetract: 'keep closed' | 'as before';
  readonly rollbackSeconds: number | undefined;
  /** Parts of its delivery that no policy decides and that change; of a first release all of them, from `none`. */
  readonly settings?: readonly FieldChange[];
  /** Where its parts were written, as its stack says: `mapping web` → `stacks/edge.ts:41`. */
  readonly places?: ReadonlyMap<string, string>;
  /** user@host:port, for people. */
  readonly reachedAt: string | undefined;
  /** The same of the last apply, where it was another. */
  readonly reachedBefore?: string;
}

/** One plan, read. Nothing in it is proven yet. */
export interface Plan {
  /** The stack's name or the file's, as it may be shown. */
  readonly name: string;
  /** `Terraform 1.11.4`. */
  readonly madeBy: string;
  /** The program that it starts to deliver and to retract: a path from the folder that it is applied in. Undefined where it starts none. */
  readonly command?: string;
  /** Seen from the stack's folder that the plan lies in, there is no such program. */
  readonly commandIsMissing?: true;
  readonly owners: readonly PlannedOwner[];
  /** Resources that aren't ours: those that change, by address; the others are counted. */
  readonly foreign: {
    readonly changed: readonly { readonly address: string; readonly actions: readonly string[] }[];
    readonly unchanged: number;
  };
  /**
   * Why the plan isn't the whole truth: `-target`, `-refresh-only`, an error while planning, values that are known only after the apply,
   * a format that was not tried. Each makes the review's answer "unknown".
   */
  readonly doubts: readonly Problem[];
  /** What is wrong with it whatever it opens: a holder that is replaced, a release that Terraform plans away. */
  readonly objections: readonly Problem[];
  /** For a reviewer to know. */
  readonly notes?: readonly Problem[];
  /** The versions of the package that synthesized its deliveries, where it isn't the one that reviews. */
  readonly otherVersions?: { readonly made: readonly string[]; readonly reviewing: string };
}
