import { Exposure, Verdict, unknown } from '../../reachability/exposure';
import { Policy } from '../../policy/policy';
import { Refusal } from '../../problems/problem';
import { Meant, compared, evidenceOf, platformOf, wholly } from '../../verifier/prove';
import { Reading } from '../../parse/reader';
import { Plan, PlannedOwner, RecordedRelease } from '../plan';
import { Outcome } from '../policies';
import { Known, LiveAnswer } from './known';
import { besideNotJudged, besides, drifted } from './drift';
import { Judged, Remarks, State, whyUnsure } from './state';
import { severalStay } from './staying';
import { Texts } from './texts';
import { unspoken } from './unspoken';

/** Reads everything that a plan says of one owner. Undefined where nothing at all can be read: then the remarks say so. */
export function judgedOwner(
  planned: PlannedOwner,
  plan: Plan,
  known: Known,
  texts: Texts,
  remarks: Remarks,
): Judged | undefined {
  const name = `${planned.device}/${planned.owner}`;
  const reader = new OwnerReader(planned, plan.name, texts, remarks);
  const live = known.live?.get(planned.device);
  const after = planned.after && reader.release(planned.after, 'planned', true);
  const recorded = planned.before.map((release) => reader.release(release, release.as, false));
  const meant = [...(after ? [after] : []), ...recorded].flatMap((state) => state.meant ?? [])[0];
  if (meant === undefined) {
    if (planned.after === undefined && planned.before.length === 0) remarks.unknown.push(nothingRecorded(name));
    return undefined;
  }
  const bare = planned.mayRunNone || recorded.length === 0 ? [reader.bare(meant)] : [];
  // A device answers in the form of the platform that filters there now: where it doesn't say which, of the one that was recorded.
  const recordedPolicy = (recorded[0]?.meant ?? meant).policy;
  const runs = { ...recordedPolicy, platform: live?.readAs?.get(planned.owner) ?? recordedPolicy.platform };
  const was = live ? [reader.live(live, runs, recorded[0]?.meant)] : distinct([...recorded, ...bare]);
  const stays = after === undefined && !goesAway(planned) && givenUp(planned);
  if (stays && was.length > 1) remarks.unknown.push(severalStay(name));
  const before = stays ? was.slice(0, 1) : was;
  const planning =
    after ?? (stays ? before[0]! : goesAway(planned) ? reader.left(meant, planned.role) : reader.withoutAfter());
  const here = live && after ? reader.here(after, live) : after;
  if (live && here?.meant && was[0]?.is === 'live' && planned.action !== 'unchanged')
    reader.besides(live, runs, here, here.meant);
  const will =
    planned.action === 'unchanged' && after ? undelivered(name, before, after, here, remarks) : (here ?? planning);
  return { name, plan, planned, ...settled(before, will), evidence: live ? 'read from the device' : evidenceOf(meant) };
}

/** Nothing is delivered, so what runs now is what runs afterwards, whatever is recorded. `here`: what was delivered, on the device as it answered. */
function undelivered(
  name: string,
  before: readonly State[],
  after: State,
  here: State | undefined,
  remarks: Remarks,
): State {
  const [running, ...others] = before;
  if (here && running?.is === 'live') {
    drifted(name, here, running, remarks);
    return running;
  }
  if (others.length > 0) remarks.unknown.push(severalStay(name));
  return after;
}

/** Whether nothing of the owner is left: a gateway's release is taken off, a server's only where it isn't kept closed. */
const goesAway = ({ action, role, onRetract }: PlannedOwner): boolean =>
  action === 'retired' && (role === 'gateway' || onRetract === 'as before');

/** Whether its rules stay on the device though the plan has no release of it any more. */
const givenUp = ({ action }: PlannedOwner): boolean =>
  action === 'stays open' || action === 'released' || action === 'retired';

/** What isn't known on one side makes unknown whatever the other side lets through. */
function settled(before: readonly State[], after: State): Pick<Judged, 'before' | 'after'> {
  if (after.is === 'unreadable')
    return { before, after: { ...after, device: before[0]!.device, exposure: unsure(before[0]!.exposure, after) } };
  return {
    before: before.map((one) =>
      one.is === 'unreadable' ? { ...one, device: after.device, exposure: unsure(after.exposure, one) } : one,
    ),
    after,
  };
}

const unsure = ({ views }: Exposure, state: State): Exposure => {
  const because = unknown(whyUnsure(state));
  return { views: views.map((view) => ({ ...view, verdicts: view.verdicts.map<Verdict>(() => because) })) };
};

/** Several records of one text are one state. */
function distinct(states: readonly State[]): readonly State[] {
  return states.filter(
    (one, i) => states.findIndex((other) => other.text === one.text && other.meant === one.meant) === i,
  );
}

class OwnerReader {
  private readonly name: string;

  constructor(
    private readonly planned: PlannedOwner,
    private readonly plan: string,
    private readonly texts: Texts,
    private readonly remarks: Remarks,
  ) {
    this.name = `${planned.device}/${planned.owner}`;
  }

  release({ text, policy }: RecordedRelease, as: string, isPlanned: boolean): State {
    const meant = this.value(
      this.texts.meaning({ text, policy }),
      isPlanned ? 'planned-policy' : 'recorded-policy',
      `the policy of the ${as} release`,
    );
    if (!meant || !this.isOwn(meant, as)) return unreadable(as, text);
    const reading = this.value(
      text === meant.written.text
        ? this.texts.written(meant, 'release')
        : this.texts.reading(text, meant.device, meant.policy),
      isPlanned ? 'planned-text' : 'recorded-text',
      `the text of the ${as} release`,
    );
    if (!reading) return { ...unreadable(as, text), meant, device: meant.device };
    if (isPlanned) this.compare(text, meant, reading);
    return { is: 'release', as, text, meant, device: meant.device, exposure: reading.exposure, reading };
  }

  live({ text, device }: LiveAnswer, policy: Policy, meant: Meant | undefined): State {
    const reading = this.value(this.texts.reading(text, device, policy), 'live-text', 'what the device answered');
    if (!reading) return { ...unreadable('running', text), device };
    return { is: 'live', as: 'running', text, meant, device, exposure: reading.exposure, reading };
  }

  /** A release replaces its own rules, and others' stay. `planned`: on the device as it answered. */
  besides({ text }: LiveAnswer, runs: Policy, planned: State, meant: Meant): void {
    const isOneForm = runs.platform === meant.policy.platform;
    const joined = isOneForm ? platformOf(meant.policy).live.beside?.(text, planned.text) : undefined;
    const both = joined && this.live({ text: joined, device: planned.device }, meant.policy, meant);
    if (both) besides(this.name, planned, both, this.remarks);
    else this.remarks.notes.push(besideNotJudged(this.name));
  }

  /** A release on the device as it answered, which may have interfaces that no intent names: they are nobody's rules. */
  here(release: State, { device }: LiveAnswer): State {
    if (release.is !== 'release' || !release.meant) return release;
    const localAddresses = [...new Set([...device.localAddresses, ...release.device.localAddresses])];
    const there = { ...device, localAddresses };
    const reading = this.value(
      this.texts.reading(release.text, there, release.meant.policy),
      'planned-text',
      'the text of the release',
    );
    return reading ? { ...release, device: there, exposure: reading.exposure, reading } : release;
  }

  /** The holder says whose release it is, and nothing in Terraform keeps the policy of the release to it. */
  private isOwn({ policy: { device, owner, kind } }: Meant, as: string): boolean {
    const isOwn = device === this.planned.device && owner === this.planned.owner && kind === this.planned.role;
    if (!isOwn)
      this.remarks.unknown.push({
        code: 'review/policy-of-another',
        where: this.name,
        what: `The policy of the ${as} release is that of ${kind} ${owner} on ${device}, so what this ${this.planned.role} runs can not be said.`,
        instead:
          "a plan made anew from the commit; where it is recorded so, cpanel-edge verify for the device's own answer.",
      });
    return isOwn;
  }

  /** The device without anything of the owner. */
  bare(meant: Meant): State {
    const { device, written } = meant;
    const { text, supposed } = written.surroundings;
    const reading = valueOf(this.texts.written(meant, 'rest'));
    const { exposure } = reading;
    return {
      is: 'bare',
      as: 'nothing',
      text,
      ...(supposed ? { supposed } : {}),
      meant: undefined,
      device,
      exposure,
      reading,
    };
  }

  /** A gateway without its release translates nothing to our addresses; what a server lets in then, its other rules say. */
  left(meant: Meant, role: PlannedOwner['role']): State {
    return role === 'gateway' ? this.bare(meant) : { ...unreadable('nothing', ''), device: meant.device };
  }

  withoutAfter(): State {
    this.remarks.unknown.push({
      code: 'review/no-planned-release',
      where: this.name,
      what: 'What it runs after the apply is not in the plan.',
      instead: 'a plan that was made without -target and -refresh-only, and without values that only the apply knows.',
    });
    return unreadable('planned', '');
  }

  /** The planned text against what its policy asks for and, where this version would write another one, against that one. */
  private compare(text: string, meant: Meant, reading: Reading): void {
    const isOurs = text === meant.written.text;
    if (isOurs && this.texts.shapes.isProven([meant])) return;
    const everywhere = wholly(meant.device);
    const whole = this.value(
      this.texts.reading(text, everywhere, meant.policy),
      'planned-text',
      'the text of the planned release',
    );
    if (!whole) return;
    const rest = valueOf(this.texts.reading(meant.written.surroundings.text, everywhere, meant.policy));
    const { differences, faults, narrowed } = compared(meant, text, whole, rest);
    for (const { text: what } of narrowed)
      this.remarks.notes.push({
        code: 'review/narrowed',
        where: this.name,
        what: `Others on the device narrow it: ${what}.`,
        instead: '',
      });
    const outside = differences.map(({ kind, text: what }) => `${kind}: ${what}`);
    const written = isOurs
      ? undefined
      : this.value(this.texts.written(meant, 'release'), 'written-text', 'what this version writes for it');
    // What lies outside the policy mostly shows beside it, too: it is said once.
    const beyond = written && outside.length === 0 ? unspoken(written, reading, meant) : [];
    // What it does to others' rules shows in no exposure.
    const strange = faults.map(({ text: what }) => what);
    for (const what of [...outside, ...beyond, ...strange])
      this.remarks.objections.push({
        code: 'review/text-altered',
        where: this.name,
        what: `The planned text is not what its policy asks for (${what}).`,
        instead:
          'a plan made anew from the commit, by the version of cpanel-edge that reviews it; ask who could write to this one.',
      });
    if (outside.length + beyond.length + strange.length > 0) return;
    if (isOurs) {
      if (narrowed.length === 0) this.texts.shapes.addProven([meant]);
      return;
    }
    this.remarks.otherTexts.push({ plan: this.plan, name: this.name });
  }

  private value<T>(outcome: Outcome<T>, code: string, what: string): T | undefined {
    if ('value' in outcome) return outcome.value;
    for (const problem of outcome.problems)
      this.remarks.unknown.push({
        code: `review/${code}`,
        where: this.name,
        what: `${what[0]!.toUpperCase()}${what.slice(1)} can not be judged: ${problem.code}${problem.where === '' ? '' : ` at ${problem.where}`}: ${problem.what}`,
        instead: problem.instead,
      });
    return undefined;
  }
}

/** Of what a release was written around: its writer has read that, so where our reader can't it is a mistake of ours, and nothing is judged. */
function valueOf<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  throw new Refusal(outcome.problems);
}

const unreadable = (as: string, text: string): State => ({
  is: 'unreadable',
  as,
  text,
  meant: undefined,
  reading: undefined,
  device: { interfaces: [], localAddresses: [], forwarding: false },
  exposure: { views: [] },
});

const nothingRecorded = (name: string): Remarks['unknown'][number] => ({
  code: 'review/nothing-recorded',
  where: name,
  what: 'Neither a former nor a planned release of it is in the plan: what it opens or closes can not be said.',
  instead: 'cpanel-edge verify for what the device runs.',
});
