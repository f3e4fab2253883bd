import { Exposure, Verdict } from '../../reachability/exposure';
import { Device } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { Meant } from '../../verifier/prove';
import { Reading } from '../../parse/reader';
import { Plan, PlannedOwner } from '../plan';
import { Change, Objection, Remark } from '../review';
import { OtherText } from './versions';

/** What one owner's part of a device may be, before the apply or after it. */
export interface State {
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
  readonly meant: Meant | undefined;
  readonly device: Device;
  readonly exposure: Exposure;
  /** For what can be explained. */
  readonly reading: Reading | undefined;
}

/** Why nothing can be said of a state. */
export const whyUnsure = ({ as }: Pick<State, 'as'>): string =>
  as === 'nothing' ? 'what it lets in without our rules is not known' : `the ${as} release can not be read`;

/** Whether two states are one: nothing of it needs to be looked at twice. */
export const sameState = (one: State, other: State): boolean =>
  one === other ||
  (one.is === 'release' && other.is === 'release' && one.text === other.text && one.meant === other.meant);

/** Whether nothing becomes of an owner, and all of it is decided: what can't be is said of what stays, too. */
export const staysDecided = ({ before, after }: Pick<Judged, 'before' | 'after'>): boolean =>
  before.every((state) => sameState(state, after)) && after.exposure.views.every(({ verdicts }) => isDecided(verdicts));

export const isDecided = (verdicts: PacketMap<Verdict>): boolean =>
  [...verdicts.values].every(({ is }) => is !== 'unknown');

/** One owner on one device, read: every state that it may be in before the apply, and the one after it. */
export interface Judged {
  /** `device/owner`. */
  readonly name: string;
  readonly plan: Plan;
  readonly planned: PlannedOwner;
  /** At least one. */
  readonly before: readonly State[];
  readonly after: State;
  readonly evidence: Change['evidence'];
}

/** What was found while something was judged, collected in the order in which it was found. */
export class Remarks {
  readonly objections: Objection[] = [];
  readonly unknown: Remark[] = [];
  readonly notes: Remark[] = [];
  readonly otherTexts: OtherText[] = [];

  add({ objections, unknown, notes, otherTexts }: Remarks): void {
    this.objections.push(...objections);
    this.unknown.push(...unknown);
    this.notes.push(...notes);
    this.otherTexts.push(...otherTexts);
  }
}
