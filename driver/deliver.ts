// Delivers one release to one device: takes the steps of delivery-steps.ts in order, rolls back if one fails, and
// returns the outcome. The driver (this folder) also verifies, removes and diagnoses; it takes orders from the
// environment or from commands, and returns data. It knows platforms only by lib/registry and lib/device-systems, and
// no intent, lint, review or report.

import { Release } from '../lib/agent-protocol/release';
import { Problem, Refusal } from '../lib/problems/problem';
import { DeviceContext } from './device-context';
import { FailedDeliveryState, describeDelivered, describeNotDelivered } from './delivery-outcome';
import { prepareAgent } from './prepare-agent';
import { OwnerStatus, askOwnerStatus } from './device-status';
import { findNeededWords } from './login-words';
import { askAfterDelivery } from './ask-loopback';
import { explainRevert, describeRelease, findReplaced } from './release-origin';
import { findOtherPlatform, explainOtherPlatform } from './other-platform';
import { OrderOutcome, createVerifyFormatter } from './outcome-paragraph';
import { RetryTimer } from './retry-timer';
import { DeviceAgent } from './agent-program';
import { findOwnProject } from './operator-project';
import { explainRefusal } from './refusal-messages';
import { RollbackResult, rollBack } from './rollback';
import {
  DeliveryContext,
  arm,
  createDeviceContext,
  check,
  confirm,
  verifyRelease,
  verifyRunning,
  upload,
  formatRelease,
} from './delivery-steps';

export type { OrderOutcome } from './outcome-paragraph';

/**
 * Runs the steps of a delivery. A step that fails leaves the earlier rules; a failure after loading is rolled back.
 * Never throws a Refusal.
 */
export async function deliver(
  release: Release,
  program: DeviceAgent,
  deliveryContext: DeliveryContext,
): Promise<OrderOutcome> {
  const progress = { uploading: false, uploaded: false, running: false, armed: false, yes: false };
  let before: OwnerStatus | undefined;
  let narrowedPorts: readonly string[] = [];
  const project = deliveryContext.project ?? findOwnProject();
  const verify = createVerifyFormatter(project, deliveryContext.remote.connection);
  const describeReached = async (step: 'loaded' | 'running'): Promise<OrderOutcome> => {
    if (!deliveryContext.signal.aborted) deliveryContext.step('confirm', 'asking what a restart brings');
    const after = deliveryContext.signal.aborted ? undefined : await askOwnerStatus(deliveryContext.remote, release);
    if (!deliveryContext.signal.aborted && release.cpnat)
      deliveryContext.step('confirm', 'asking whether it comes back to itself by its public addresses');
    const loopbackNotes = deliveryContext.signal.aborted ? [] : await askAfterDelivery(deliveryContext.remote, release);
    return describeDelivered(
      release,
      step,
      { narrower: narrowedPorts, loopbackNotes, ...(before ? { before } : {}), ...(after ? { after } : {}) },
      project,
      verify,
    );
  };
  // All questions about the device's decision end at the same time.
  let armTimer: RetryTimer | undefined;
  try {
    deliveryContext.step('connect');
    await prepareAgent(deliveryContext.remote, program, deliveryContext.say, { neededWords: findNeededWords(release) });
    before = await askOwnerStatus(deliveryContext.remote, release);
    reportReplaced(release, before, deliveryContext);
    refuseIfInterrupted(release, deliveryContext);
    progress.uploading = true;
    if ((await upload(release, deliveryContext)) === 'running') {
      progress.running = true;
      // Our rules are unchanged; unmanaged config may have changed since.
      narrowedPorts = await verifyRunning(release, deliveryContext);
      refuseIfInterrupted(release, deliveryContext);
      return await describeReached('running');
    }
    progress.uploaded = true;
    await check(release, deliveryContext);
    refuseIfInterrupted(release, deliveryContext);
    armTimer = new RetryTimer();
    await arm(release, deliveryContext);
    progress.armed = true;
    // The device's timer may start later than the driver's.
    armTimer = new RetryTimer();
    deliveryContext.say(`loaded; the device rolls it back in ${release.rollbackSeconds} s unless it is confirmed`);
    refuseIfInterrupted(release, deliveryContext);
    narrowedPorts = await verifyRelease(release, deliveryContext);
    refuseIfInterrupted(release, deliveryContext);
    progress.yes = true;
    await confirm(release, deliveryContext, armTimer);
  } catch (error) {
    const failures = toProblems(error);
    // A device that refused the upload has nothing of it. If its answer was lost, it may have all of it.
    const isAnswerLost =
      progress.uploading && !progress.running && !failures.some(({ code }) => code.startsWith('device/'));
    const isUploaded = progress.uploaded || isAnswerLost;
    const rollbackResult = isUploaded
      ? await rollBack(release, deliveryContext, armTimer, progress.armed && !progress.yes)
      : undefined;
    // The device got the confirmation although its answer was lost. A confirmation that the driver didn't send, or of
    // something else, doesn't count.
    const hasOddAnswer = failures.some(({ code }) => code === 'driver/odd-answer');
    if (rollbackResult?.is === 'confirmed' && progress.yes && !hasOddAnswer) return describeReached('loaded');
    // The driver's own end of the connection looks like a broken line, so the interruption is reported instead.
    const problems = deliveryContext.signal.aborted
      ? [createInterrupted(release)]
      : progress.armed
        ? addTooLate(release, failures, rollbackResult)
        : failures;
    const deviceState = ((): FailedDeliveryState => {
      if (progress.running) return { is: 'running-unproven' };
      if (
        !armTimer ||
        !rollbackResult ||
        (!progress.armed && rollbackResult.is === 'rolled-back' && isRefusedToLoad(failures))
      )
        return { is: 'untouched' };
      return toFailedState(rollbackResult, progress.yes);
    })();
    const context = createDeviceContext(release, deliveryContext);
    const first = [
      ...findStoppedProgram(deviceState, problems, context),
      ...explainOtherPlatform(release, before, problems, context),
    ];
    return describeNotDelivered(release, [...first, ...problems], deviceState, project, verify);
  }
  // Confirmed: no later failure rolls anything back.
  return describeReached('loaded');
}

/** Reports the replaced release before anything is sent, so that the operator can still interrupt. */
function reportReplaced(release: Release, status: OwnerStatus | undefined, { say }: DeliveryContext): void {
  const replacedRelease = findReplaced(release, status);
  if (!status || !replacedRelease) return;
  const formerPlatform = findOtherPlatform(release, status);
  const [replacedPlatform, newPlatform] =
    formerPlatform === undefined ? ['', ''] : [`, of platform ${formerPlatform}`, `, of platform ${release.platform},`];
  say(
    `${release.device} runs ${describeRelease(replacedRelease)}${replacedPlatform}; this delivery${newPlatform} takes its place`,
  );
  explainRevert(release, status).forEach(say);
}

/**
 * Returns the problem that comes before those of a verification if the firewall was stopped meanwhile. Alone they would
 * name ports, but all ports are open.
 */
function findStoppedProgram(
  deviceState: FailedDeliveryState,
  problems: readonly Problem[],
  context: DeviceContext,
): readonly Problem[] {
  if (deviceState.is !== 'rolled-back' || deviceState.stopped === undefined) return [];
  const result = { is: 'refused', word: `${deviceState.stopped}-stopped`, values: {} } as const;
  const refusal = explainRefusal(context, { result, sections: new Map(), errorLines: [] });
  return problems.some(({ code }) => code === refusal.code) ? [] : [refusal];
}

/** Returns whether the device refused before it loaded anything. */
const isRefusedToLoad = (problems: readonly Problem[]): boolean =>
  problems.length > 0 && problems.every(({ code }) => code.startsWith('device/') && !CODES_AFTER_LOADING.has(code));
const CODES_AFTER_LOADING = new Set(['device/load-failed', 'device/load-and-undo-failed', 'device/firewalld-stopped']);

function toFailedState(rollbackResult: RollbackResult, isConfirmSent: boolean): FailedDeliveryState {
  switch (rollbackResult.is) {
    case 'rolled-back':
      return {
        is: 'rolled-back',
        digest: rollbackResult.digest,
        ...(rollbackResult.stopped === undefined ? {} : { stopped: rollbackResult.stopped }),
      };
    case 'confirmed':
    case 'odd':
      return { is: 'odd' };
    case 'stuck':
      return rollbackResult;
    case 'unknown':
      return { is: 'unknown', yes: isConfirmSent };
    default:
      return rollbackResult satisfies never;
  }
}

function refuseIfInterrupted(release: Release, deliveryContext: DeliveryContext): void {
  if (deliveryContext.signal.aborted) throw new Refusal([createInterrupted(release)]);
}

const createInterrupted = (release: Release): Problem => ({
  code: 'driver/interrupted',
  where: formatRelease(release),
  what: 'Terraform was interrupted, so nothing is confirmed.',
  instead: 'apply again.',
});

/**
 * Adds the problem that a verification took too long: it checked the earlier rules, and its other reasons would
 * mislead.
 */
function addTooLate(
  release: Release,
  problems: readonly Problem[],
  rollbackResult: RollbackResult | undefined,
): readonly Problem[] {
  if (
    rollbackResult?.is !== 'rolled-back' ||
    !rollbackResult.byItself ||
    problems.some(({ code }) => code === 'device/not-armed')
  )
    return problems;
  const interruption: Problem = {
    code: 'driver/too-late',
    where: formatRelease(release),
    what:
      `The device had rolled the release back by itself before this was found: its timer fired (${release.rollbackSeconds} s after loading),` +
      ' or it was restarted. What follows may be true of the former rules only.',
    instead: 'raise rollbackSeconds in the connection where the proof takes longer than that, then apply again.',
  };
  return [interruption, ...problems];
}

function toProblems(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const message = error instanceof Error ? error.message : String(error);
  return [
    {
      code: 'driver/unforeseen',
      where: 'the driver',
      what: message,
      instead: 'report it with the version of cpanel-edge; then apply again.',
    },
  ];
}
