// Types of the states before and after a change in which an owner's part of a device may be, and of a judged owner;
// tests whether a state is decided; and the class that collects remarks.

import { Reachability, Disposition } from '../../reachability/reachability';
import { Device } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { SpecifiedConfig } from '../../verifier/verify-policy';
import { EvaluatedConfig } from '../../parse/config-parser';
import { Plan, PlannedOwner } from '../plan';
import { Change, Objection, Remark } from '../review';
import { OtherVersionText } from './other-versions';

/** One state that an owner's part of a device may be in, before or after the apply. */
export interface ReviewState {
  /**
   * `release`: a text of ours. `live`: the device's answer, with unmanaged rules. `bare`: nothing of this owner, and
   * other rules aren't known. `unreadable`: the text can't be read or decided.
   */
  readonly is: 'release' | 'live' | 'bare' | 'unreadable';
  /** The origin of the state: `applied`, `tainted`, `deposed`, or another word for its source. */
  readonly origin: string;
  readonly text: string;
  /** Set where the text is only assumed: none of its lines is known to be on the device. */
  readonly isAssumed?: true;
  /** The policy with its spec. For a live state, the one that was recorded last. Undefined where there is none. */
  readonly specified: SpecifiedConfig | undefined;
  readonly device: Device;
  readonly reachability: Reachability;
  /** The evaluation that explains packets. Undefined for an unreadable state. */
  readonly evaluated: EvaluatedConfig | undefined;
}

/** Returns the reason why nothing is known of a state. */
export const explainUnknown = ({ origin }: Pick<ReviewState, 'origin'>): string =>
  origin === 'nothing' ? 'what it lets in without our rules is not known' : `the ${origin} release can not be read`;

/** Whether two states are the same, so that one comparison is enough. */
export const isSameState = (state: ReviewState, otherState: ReviewState): boolean =>
  state === otherState ||
  (state.is === 'release' &&
    otherState.is === 'release' &&
    state.text === otherState.text &&
    state.specified === otherState.specified);

/**
 * Whether an owner doesn't change and all of its packets are decided. Undecided packets are reported for unchanged
 * owners, too.
 */
export const isStillDecided = ({ before, after }: Pick<JudgedOwner, 'before' | 'after'>): boolean =>
  before.every((state) => isSameState(state, after)) &&
  after.reachability.views.every(({ dispositions }) => isDecided(dispositions));

export const isDecided = (dispositions: PacketMap<Disposition>): boolean =>
  [...dispositions.values].every(({ is }) => is !== 'unknown');

/** One owner on one device, evaluated: every state that it may be in before the apply, and the one after it. */
export interface JudgedOwner {
  /** `device/owner`. */
  readonly name: string;
  readonly plan: Plan;
  readonly plannedOwner: PlannedOwner;
  /** The possible states before the apply; at least one. */
  readonly before: readonly ReviewState[];
  readonly after: ReviewState;
  readonly evidence: Change['evidence'];
}

/** The remarks of a judgement, in the order in which they are found. */
export class RemarkCollector {
  readonly objections: Objection[] = [];
  readonly unknown: Remark[] = [];
  readonly notes: Remark[] = [];
  readonly otherVersionTexts: OtherVersionText[] = [];

  add({ objections, unknown, notes, otherVersionTexts }: RemarkCollector): void {
    this.objections.push(...objections);
    this.unknown.push(...unknown);
    this.notes.push(...notes);
    this.otherVersionTexts.push(...otherVersionTexts);
  }
}
