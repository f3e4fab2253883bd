import { Reachability, Disposition } from '../../reachability/reachability';
import { Device } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { SpecifiedConfig } from '../../verifier/verify-policy';
import { EvaluatedConfig } from '../../parse/config-parser';
import { Plan, PlannedOwner } from '../plan';
import { Change, Objection, Remark } from '../review';
import { OtherVersionText } from './other-versions';

/** What one owner's part of a device may be, before the apply or after it. */
export interface ReviewState {
  /**
   * `release`: a text of ours; `live`: what the device answered, with what others put there; `bare`: nothing of this owner, and what
   * else is there isn't known; `unreadable`: what can't be read or decided.
   */
  readonly is: 'release' | 'live' | 'bare' | 'unreadable';
  /** Why it may run this: `applied`, `tainted`, `deposed`, or where it is from. */
  readonly as: string;
  readonly text: string;
  /** No line of the text is on the device: they stand for what nobody knows. */
  readonly supposed?: true;
  /** Its policy; of what is live, the one that was recorded last. */
  readonly meant: SpecifiedConfig | undefined;
  readonly device: Device;
  readonly exposure: Reachability;
  /** For what can be explained. */
  readonly reading: EvaluatedConfig | undefined;
}

/** Why nothing can be said of a state. */
export const explainUnknown = ({ as: origin }: Pick<ReviewState, 'as'>): string =>
  origin === 'nothing' ? 'what it lets in without our rules is not known' : `the ${origin} release can not be read`;

/** Whether two states are one: nothing of it needs to be looked at twice. */
export const isSameState = (state: ReviewState, otherState: ReviewState): boolean =>
  state === otherState ||
  (state.is === 'release' &&
    otherState.is === 'release' &&
    state.text === otherState.text &&
    state.meant === otherState.meant);

/** Whether nothing becomes of an owner, and all of it is decided: what can't be is said of what stays, too. */
export const isStillDecided = ({ before, after }: Pick<JudgedOwner, 'before' | 'after'>): boolean =>
  before.every((state) => isSameState(state, after)) &&
  after.exposure.views.every(({ verdicts }) => isDecided(verdicts));

export const isDecided = (dispositions: PacketMap<Disposition>): boolean =>
  [...dispositions.values].every(({ is }) => is !== 'unknown');

/** One owner on one device, read: every state that it may be in before the apply, and the one after it. */
export interface JudgedOwner {
  /** `device/owner`. */
  readonly name: string;
  readonly plan: Plan;
  readonly planned: PlannedOwner;
  /** At least one. */
  readonly before: readonly ReviewState[];
  readonly after: ReviewState;
  readonly evidence: Change['evidence'];
}

/** What was found while something was judged, collected in the order in which it was found. */
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
