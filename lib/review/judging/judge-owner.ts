// Evaluates all states of one owner in a review, before and after the change: decodes policies, checks that planned
// texts match them, adds answers of live devices. Anything that can't be evaluated becomes a remark.

import { Reachability, Disposition, createUnknown } from '../../reachability/reachability';
import { Policy } from '../../policy/policy';
import { Refusal } from '../../problems/problem';
import {
  SpecifiedConfig,
  compareConfig,
  describeEvidence,
  getPlatform,
  assumeForwarding,
} from '../../verifier/verify-policy';
import { EvaluatedConfig } from '../../parse/config-parser';
import { Plan, PlannedOwner, RecordedRelease } from '../plan';
import { ValueOrProblems } from '../policy-cache';
import { ReviewInputs, LiveAnswer } from './review-inputs';
import { createUnjudgedRulesRemark, checkUnmanagedRules, checkDrift } from './check-drift';
import { JudgedOwner, RemarkCollector, ReviewState, explainUnknown } from './review-state';
import { createSeveralStayRemark } from './remaining-releases';
import { EvaluatedTexts } from './evaluated-texts';
import { findUnspecified } from './find-unspecified';

/** Returns every state of one owner, evaluated. Undefined where nothing at all can be read: then the remarks say so. */
export function judgeOwner(
  plannedOwner: PlannedOwner,
  plan: Plan,
  inputs: ReviewInputs,
  texts: EvaluatedTexts,
  remarks: RemarkCollector,
): JudgedOwner | undefined {
  const name = `${plannedOwner.device}/${plannedOwner.owner}`;
  const evaluator = new OwnerEvaluator(plannedOwner, plan.name, texts, remarks);
  const liveAnswer = inputs.live?.get(plannedOwner.device);
  const plannedState = plannedOwner.after && evaluator.evaluateRelease(plannedOwner.after, 'planned', true);
  const recordedStates = plannedOwner.before.map((release) =>
    evaluator.evaluateRelease(release, release.origin, false),
  );
  const specified = [...(plannedState ? [plannedState] : []), ...recordedStates].flatMap(
    (state) => state.specified ?? [],
  )[0];
  if (specified === undefined) {
    if (plannedOwner.after === undefined && plannedOwner.before.length === 0)
      remarks.unknown.push(createNothingRecordedRemark(name));
    return undefined;
  }
  const bareStates =
    plannedOwner.mayRunNone || recordedStates.length === 0 ? [evaluator.createBareState(specified)] : [];
  // A device answers in the form of the platform that filters there now. If it doesn't name the platform, the recorded
  // one counts.
  const recordedPolicy = (recordedStates[0]?.specified ?? specified).policy;
  const runningPolicy = {
    ...recordedPolicy,
    platform: liveAnswer?.platformsByOwner?.get(plannedOwner.owner) ?? recordedPolicy.platform,
  };
  const statesBefore = liveAnswer
    ? [evaluator.evaluateLive(liveAnswer, runningPolicy, recordedStates[0]?.specified)]
    : removeDuplicateStates([...recordedStates, ...bareStates]);
  const isStaying = plannedState === undefined && !isRemoved(plannedOwner) && isAbandoned(plannedOwner);
  if (isStaying && statesBefore.length > 1) remarks.unknown.push(createSeveralStayRemark(name));
  const comparedStates = isStaying ? statesBefore.slice(0, 1) : statesBefore;
  const stateWithoutLive =
    plannedState ??
    (isStaying
      ? comparedStates[0]!
      : isRemoved(plannedOwner)
        ? evaluator.createStateAfterRemoval(specified, plannedOwner.role)
        : evaluator.createUnplannedState());
  const stateOnDevice =
    liveAnswer && plannedState ? evaluator.evaluateOnDevice(plannedState, liveAnswer) : plannedState;
  if (liveAnswer && stateOnDevice?.specified && statesBefore[0]?.is === 'live' && plannedOwner.action !== 'unchanged')
    evaluator.checkUnmanagedRules(liveAnswer, runningPolicy, stateOnDevice, stateOnDevice.specified);
  const stateAfter =
    plannedOwner.action === 'unchanged' && plannedState
      ? resolveUndelivered(name, comparedStates, plannedState, stateOnDevice, remarks)
      : (stateOnDevice ?? stateWithoutLive);
  return {
    name,
    plan,
    plannedOwner,
    ...fillUnreadable(comparedStates, stateAfter),
    evidence: liveAnswer ? 'running config' : describeEvidence(specified),
  };
}

/**
 * Returns the state after a plan that delivers nothing: what runs now keeps running, whatever is recorded.
 * `stateOnDevice`: the delivered release, evaluated on the device that answered.
 */
function resolveUndelivered(
  name: string,
  before: readonly ReviewState[],
  after: ReviewState,
  stateOnDevice: ReviewState | undefined,
  remarks: RemarkCollector,
): ReviewState {
  const [runningState, ...otherStates] = before;
  if (stateOnDevice && runningState?.is === 'live') {
    checkDrift(name, stateOnDevice, runningState, remarks);
    return runningState;
  }
  if (otherStates.length > 0) remarks.unknown.push(createSeveralStayRemark(name));
  return after;
}

/** Whether nothing of the owner remains. A gateway's release is removed; a server's only where it isn't kept closed. */
const isRemoved = ({ action, role, onRetract }: PlannedOwner): boolean =>
  action === 'retired' && (role === 'gateway' || onRetract === 'as before');

/** Whether the plan has no release of the owner any more and its rules may stay on the device. */
const isAbandoned = ({ action }: PlannedOwner): boolean =>
  action === 'stays open' || action === 'released' || action === 'retired';

/** Fills an unreadable side with the other side's reachability, all of it unknown. */
function fillUnreadable(before: readonly ReviewState[], after: ReviewState): Pick<JudgedOwner, 'before' | 'after'> {
  if (after.is === 'unreadable')
    return {
      before,
      after: { ...after, device: before[0]!.device, reachability: markUnknown(before[0]!.reachability, after) },
    };
  return {
    before: before.map((state) =>
      state.is === 'unreadable'
        ? { ...state, device: after.device, reachability: markUnknown(after.reachability, state) }
        : state,
    ),
    after,
  };
}

const markUnknown = ({ views }: Reachability, state: ReviewState): Reachability => {
  const unknownDisposition = createUnknown(explainUnknown(state));
  return {
    views: views.map((view) => ({
      ...view,
      dispositions: view.dispositions.map<Disposition>(() => unknownDisposition),
    })),
  };
};

/** Returns each state once: several records of one text are one state. */
function removeDuplicateStates(states: readonly ReviewState[]): readonly ReviewState[] {
  return states.filter(
    (state, index) =>
      states.findIndex((otherState) => otherState.text === state.text && otherState.specified === state.specified) ===
      index,
  );
}

class OwnerEvaluator {
  private readonly name: string;

  constructor(
    private readonly planned: PlannedOwner,
    private readonly plan: string,
    private readonly texts: EvaluatedTexts,
    private readonly remarks: RemarkCollector,
  ) {
    this.name = `${planned.device}/${planned.owner}`;
  }

  evaluateRelease({ text, policy }: RecordedRelease, origin: string, isPlanned: boolean): ReviewState {
    const specified = this.takeValue(
      this.texts.specify({ text, policy }),
      isPlanned ? 'planned-policy' : 'recorded-policy',
      `the policy of the ${origin} release`,
    );
    if (!specified || !this.checkPolicyOwner(specified, origin)) return createUnreadableState(origin, text);
    const evaluated = this.takeValue(
      text === specified.generated.text
        ? this.texts.evaluateGenerated(specified, 'release')
        : this.texts.evaluate(text, specified.device, specified.policy),
      isPlanned ? 'planned-text' : 'recorded-text',
      `the text of the ${origin} release`,
    );
    if (!evaluated) return { ...createUnreadableState(origin, text), specified, device: specified.device };
    if (isPlanned) this.verifyText(text, specified, evaluated);
    return {
      is: 'release',
      origin,
      text,
      specified,
      device: specified.device,
      reachability: evaluated.reachability,
      evaluated,
    };
  }

  evaluateLive({ text, device }: LiveAnswer, policy: Policy, specified: SpecifiedConfig | undefined): ReviewState {
    const evaluated = this.takeValue(
      this.texts.evaluate(text, device, policy),
      'live-text',
      'what the device answered',
    );
    if (!evaluated) return { ...createUnreadableState('running', text), device };
    return {
      is: 'live',
      origin: 'running',
      text,
      specified,
      device,
      reachability: evaluated.reachability,
      evaluated,
    };
  }

  /**
   * Reports unmanaged rules beside the planned release, which replaces only its own rules. `plannedState`: the release,
   * evaluated on the device that answered.
   */
  checkUnmanagedRules(
    { text }: LiveAnswer,
    runningPolicy: Policy,
    plannedState: ReviewState,
    specified: SpecifiedConfig,
  ): void {
    const isSamePlatform = runningPolicy.platform === specified.policy.platform;
    const mergedText = isSamePlatform
      ? getPlatform(specified.policy).live.beside?.(text, plannedState.text)
      : undefined;
    const mergedState =
      mergedText && this.evaluateLive({ text: mergedText, device: plannedState.device }, specified.policy, specified);
    if (mergedState) checkUnmanagedRules(this.name, plannedState, mergedState, this.remarks);
    else this.remarks.notes.push(createUnjudgedRulesRemark(this.name));
  }

  /**
   * Returns the release, evaluated on the device that answered. The device may have interfaces that no intent names.
   */
  evaluateOnDevice(release: ReviewState, { device }: LiveAnswer): ReviewState {
    if (release.is !== 'release' || !release.specified) return release;
    const localAddresses = [...new Set([...device.localAddresses, ...release.device.localAddresses])];
    const deviceWithAddresses = { ...device, localAddresses };
    const evaluated = this.takeValue(
      this.texts.evaluate(release.text, deviceWithAddresses, release.specified.policy),
      'planned-text',
      'the text of the release',
    );
    return evaluated
      ? { ...release, device: deviceWithAddresses, reachability: evaluated.reachability, evaluated }
      : release;
  }

  /**
   * Checks that the policy is the owner's. The ownership record names the owner, and nothing in Terraform keeps the
   * release's policy to it.
   */
  private checkPolicyOwner({ policy: { device, owner, kind } }: SpecifiedConfig, origin: string): boolean {
    const isOwnPolicy = device === this.planned.device && owner === this.planned.owner && kind === this.planned.role;
    if (!isOwnPolicy)
      this.remarks.unknown.push({
        code: 'review/policy-of-another',
        where: this.name,
        what: `The policy of the ${origin} release is that of ${kind} ${owner} on ${device}, so what this ${this.planned.role} runs can not be said.`,
        instead:
          "a plan made anew from the commit; where it is recorded so, cpanel-edge verify for the device's own answer.",
      });
    return isOwnPolicy;
  }

  /** Returns the state of the device without anything of the owner. */
  createBareState(specified: SpecifiedConfig): ReviewState {
    const { device, generated } = specified;
    const { text, isAssumed } = generated.unmanagedConfig;
    const evaluated = requireValue(this.texts.evaluateGenerated(specified, 'rest'));
    const { reachability } = evaluated;
    return {
      is: 'bare',
      origin: 'nothing',
      text,
      ...(isAssumed ? { isAssumed } : {}),
      specified: undefined,
      device,
      reachability,
      evaluated,
    };
  }

  /**
   * Returns the state after removal. A gateway without its release translates nothing to our addresses; a server's
   * other rules, which aren't known, decide what it allows.
   */
  createStateAfterRemoval(specified: SpecifiedConfig, role: PlannedOwner['role']): ReviewState {
    return role === 'gateway'
      ? this.createBareState(specified)
      : { ...createUnreadableState('nothing', ''), device: specified.device };
  }

  createUnplannedState(): ReviewState {
    this.remarks.unknown.push({
      code: 'review/no-planned-release',
      where: this.name,
      what: 'What it runs after the apply is not in the plan.',
      instead: 'a plan that was made without -target and -refresh-only, and without values that only the apply knows.',
    });
    return createUnreadableState('planned', '');
  }

  /**
   * Verifies the planned text against its policy. Where this version generates another text, it also compares the two.
   */
  private verifyText(text: string, specified: SpecifiedConfig, evaluated: EvaluatedConfig): void {
    const isGenerated = text === specified.generated.text;
    if (isGenerated && this.texts.shapes.isVerified([specified])) return;
    const forwardingDevice = assumeForwarding(specified.device);
    const evaluatedFully = this.takeValue(
      this.texts.evaluate(text, forwardingDevice, specified.policy),
      'planned-text',
      'the text of the planned release',
    );
    if (!evaluatedFully) return;
    const evaluatedUnmanaged = requireValue(
      this.texts.evaluate(specified.generated.unmanagedConfig.text, forwardingDevice, specified.policy),
    );
    const {
      differences,
      faults,
      narrowed: narrowings,
    } = compareConfig(specified, text, evaluatedFully, evaluatedUnmanaged);
    for (const { text: description } of narrowings)
      this.remarks.notes.push({
        code: 'review/narrowed',
        where: this.name,
        what: `Others on the device narrow it: ${description}.`,
        instead: '',
      });
    const deviations = differences.map(({ kind, text: description }) => `${kind}: ${description}`);
    const evaluatedGenerated = isGenerated
      ? undefined
      : this.takeValue(
          this.texts.evaluateGenerated(specified, 'release'),
          'written-text',
          'what this version writes for it',
        );
    // A deviation from the policy mostly shows outside of it, too, so it is reported once.
    const unspecifiedTexts =
      evaluatedGenerated && deviations.length === 0 ? findUnspecified(evaluatedGenerated, evaluated, specified) : [];
    // Faults are effects on unmanaged rules, which no reachability shows.
    const faultTexts = faults.map(({ text: description }) => description);
    for (const description of [...deviations, ...unspecifiedTexts, ...faultTexts])
      this.remarks.objections.push({
        code: 'review/text-altered',
        where: this.name,
        what: `The planned text is not what its policy asks for (${description}).`,
        instead:
          'a plan made anew from the commit, by the version of cpanel-edge that reviews it; ask who could write to this one.',
      });
    if (deviations.length + unspecifiedTexts.length + faultTexts.length > 0) return;
    if (isGenerated) {
      if (narrowings.length === 0) this.texts.shapes.addVerified([specified]);
      return;
    }
    this.remarks.otherVersionTexts.push({ plan: this.plan, name: this.name });
  }

  private takeValue<T>(outcome: ValueOrProblems<T>, code: string, subject: string): T | undefined {
    if ('value' in outcome) return outcome.value;
    for (const problem of outcome.problems)
      this.remarks.unknown.push({
        code: `review/${code}`,
        where: this.name,
        what: `${subject[0]!.toUpperCase()}${subject.slice(1)} can not be judged: ${problem.code}${problem.where === '' ? '' : ` at ${problem.where}`}: ${problem.what}`,
        instead: problem.instead,
      });
    return undefined;
  }
}

/**
 * Returns the value for the unmanaged config of a release. The generator has parsed it, so a failure here is a mistake
 * of ours, and nothing is judged.
 */
function requireValue<T>(outcome: ValueOrProblems<T>): T {
  if ('value' in outcome) return outcome.value;
  throw new Refusal(outcome.problems);
}

const createUnreadableState = (origin: string, text: string): ReviewState => ({
  is: 'unreadable',
  origin,
  text,
  specified: undefined,
  evaluated: undefined,
  device: { interfaces: [], localAddresses: [], forwarding: false },
  reachability: { views: [] },
});

const createNothingRecordedRemark = (name: string): RemarkCollector['unknown'][number] => ({
  code: 'review/nothing-recorded',
  where: name,
  what: 'Neither a former nor a planned release of it is in the plan: what it opens or closes can not be said.',
  instead: 'cpanel-edge verify for what the device runs.',
});
