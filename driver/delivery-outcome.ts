// Describes the outcome of a delivery for the operator: delivered, not delivered, or cut off, and which release the
// device runs now.

import { Release } from '../lib/agent-protocol/release';
import { Problem, escapeForDisplay } from '../lib/problems/problem';
import { OwnerStatus } from './device-status';
import { describeRelease, findReplaced } from './release-origin';
import { describeDuration, listStartFaults } from './next-start';
import { OrderOutcome, VerifyFormatter, formatParagraph, printProblems, shortenDigest } from './outcome-paragraph';
import { OperatorProject } from './operator-project';
import { DeliveryStep } from './protocol';
import { NARROWED_WORDS } from './next-command';

/** The state that a failed delivery left. */
export type FailedDeliveryState =
  /** Nothing was loaded. */
  | { readonly is: 'untouched' }
  /** The device runs this release already, and it doesn't pass verification any more. */
  | { readonly is: 'running-unproven' }
  /**
   * The device reports that it runs this again, `none` for nothing. `stopped`: the program that has to load it and that
   * was stopped.
   */
  | { readonly is: 'rolled-back'; readonly digest: string; readonly stopped?: string }
  /** The device reports that it couldn't finish the rollback. */
  | { readonly is: 'stuck'; readonly word: string }
  /** The device doesn't answer, or not about this. `yes`: it was told to confirm, so it may have. */
  | { readonly is: 'unknown'; readonly yes: boolean }
  /** The device reports a confirmation that this driver didn't send. */
  | { readonly is: 'odd' };

/** The known state of a device that runs the release. */
interface DeliveredState {
  /** Its status before and after the delivery; undefined if it gave none. */
  readonly before?: OwnerStatus;
  readonly after?: OwnerStatus;
  /** Ports that unmanaged rules close to most of their allowed sources. */
  readonly narrower: readonly string[];
  /** Results of a server with cPanel about its own public addresses. */
  readonly loopbackNotes: readonly string[];
}

export function describeDelivered(
  release: Release,
  step: 'loaded' | 'running',
  reached: DeliveredState,
  project: OperatorProject,
  formatVerify: VerifyFormatter,
): OrderOutcome {
  const { before, after, narrower, loopbackNotes } = reached;
  if (after && after.digest !== release.digest) return describeReplacedSince(release, after, project, formatVerify);
  const faults = listStartFaults(after ?? {});
  const remainingFaults = new Set(after?.boot);
  const mendedFaults =
    after?.boot === undefined
      ? []
      : listStartFaults({ boot: (before?.boot ?? []).filter((fault) => !remainingFaults.has(fault)) });
  const replacedRelease = findReplaced(release, before);
  const nextSteps = [
    ...(faults.length > 0 ? [`look at these on the device, then ask it: ${formatVerify(release)}`] : []),
    ...(narrower.length > 0 ? [NARROWED_WORDS] : []),
  ];
  const head =
    step === 'loaded'
      ? `${release.device} runs release ${shortenDigest(release)} of ${release.owner}: proven over a new connection, confirmed, and stored for the next start.`
      : `${release.device} already runs release ${shortenDigest(release)} of ${release.owner}, confirmed, and it is proven again; nothing was loaded.`;
  const runningText = [
    `this release, ${describeDuration(after)}`,
    ...(mendedFaults.length > 0 ? [`Mended: ${mendedFaults.join('; ')}`] : []),
    ...(narrower.length > 0
      ? [`Others' rules close to most what it opens, as said above: ${escapeForDisplay(narrower[0]!)}`]
      : []),
    ...(loopbackNotes.length > 0 ? [`Its public addresses: ${escapeForDisplay(loopbackNotes.join('; '))}`] : []),
    ...(replacedRelease ? [`It took the place of ${describeRelease(replacedRelease)}`] : []),
  ];
  return {
    delivered: true,
    paragraph: formatParagraph(
      nextSteps.length > 0 ? project : undefined,
      head,
      `${runningText.join('. ')}.`,
      'the release is recorded; what it replaces goes from the state without touching the device.',
      nextSteps.length > 0 ? nextSteps.join('; ') : 'nothing.',
    ),
  };
}

/**
 * Returns the outcome if another delivery or removal came between the confirmation and the question about the next
 * start.
 */
function describeReplacedSince(
  release: Release,
  after: OwnerStatus,
  project: OperatorProject,
  formatVerify: VerifyFormatter,
): OrderOutcome {
  const { device, owner } = release;
  return {
    delivered: true,
    paragraph: formatParagraph(
      project,
      `${device} confirmed release ${shortenDigest(release)} of ${owner}, and does not run it any more.`,
      after.digest === 'none'
        ? `nothing of ${owner} any more: it was removed since it was confirmed.`
        : `${describeRelease(after)}: it was delivered after this one was confirmed.`,
      'the release is recorded, as it was delivered.',
      `find out who did, then ask it: ${formatVerify(release)}`,
    ),
  };
}

const TAINTED_WORDS =
  'this apply fails; the new release is tainted, the former one, if there was one, is kept as deposed, and the ownership record with its owner token stays.';

export function describeNotDelivered(
  release: Release,
  problems: readonly Problem[],
  state: FailedDeliveryState,
  project: OperatorProject,
  formatVerify: VerifyFormatter,
): OrderOutcome {
  const { device, owner } = release;
  const retryAdvice = `once the cause above is gone: ${project.apply}`;
  const head = `Release ${shortenDigest(release)} of ${owner} on ${device} was not delivered.`;
  const [runningText, nextStep] = ((): readonly [string, string] => {
    switch (state.is) {
      case 'untouched':
        return [`${describeUntouched(problems)}; nothing was loaded.`, retryAdvice];
      case 'running-unproven':
        return [
          `this release, confirmed by an earlier apply. Nothing was loaded and nothing was rolled back: what is said above holds now.`,
          retryAdvice,
        ];
      case 'rolled-back':
        if (state.stopped !== undefined)
          return describeStopped(state.digest, escapeForDisplay(state.stopped), owner, retryAdvice);
        return [
          state.digest === 'none'
            ? `nothing of ${owner}: the release was rolled back.`
            : `release ${shortenDigest(state)} again: the new one was rolled back.`,
          retryAdvice,
        ];
      case 'stuck':
        return [
          `it began to roll the release back and could not finish ("${escapeForDisplay(state.word)}"), so the new rules may still run. It tries again at its timer (${release.rollbackSeconds} s after loading), before the next delivery and when it restarts.`,
          `look at its log for what is missing (room on its disk, an interface of its addresses), then: ${project.apply} (a restart of the device rolls it back, too). What it runs: ${formatVerify(release)}`,
        ];
      case 'unknown':
        return state.yes
          ? [
              `not known: it was told to confirm and its answer did not come. It runs either this release for good, or what it ran before; its timer has decided by ${release.rollbackSeconds} s after loading.`,
              `ask it: ${formatVerify(release)}; then: ${project.apply} (it loads nothing where the release runs already)`,
            ]
          : [
              `not known: it does not answer. Its own timer rolls the release back ${release.rollbackSeconds} s after loading; it was never told to confirm.`,
              `ask it: ${formatVerify(release)}; ${retryAdvice}`,
            ];
      case 'odd':
        return [
          'not known: it says that it confirmed, which is not what it was told. Its program is not the one that this package installs, or another program answers.',
          `look at the device and its program first. What it says: ${formatVerify(release)}`,
        ];
      default:
        return state satisfies never;
    }
  })();
  return {
    delivered: false,
    paragraph: [...printProblems(problems), ...formatParagraph(project, head, runningText, TAINTED_WORDS, nextStep)],
  };
}

/**
 * Returns the words for what the device runs and what to type if the program that loads the rules was stopped before
 * the release was confirmed.
 */
function describeStopped(
  digest: string,
  program: string,
  owner: string,
  retryAdvice: string,
): readonly [string, string] {
  const bootOutcome =
    digest === 'none'
      ? `it loads nothing of ${owner} when it starts`
      : `it loads release ${shortenDigest({ digest })} when it starts`;
  return [
    `nothing of ${owner}: the new release was rolled back, ${program} is stopped, and ${bootOutcome}. Until then the server may be open.`,
    `start ${program} there, as the first line above says; ${retryAdvice}`,
  ];
}

/**
 * Words for a device that was not authenticated. With another host key it may be another machine, or the same one
 * rebuilt.
 */
export const UNAUTHENTICATED_WORDS =
  'not known: what answers there showed another host key, so it may be another machine, or this one made anew, which runs nothing of before';

/** Returns whether the device was not authenticated. */
export const isUnauthenticated = ({ code }: Problem): boolean => code === 'driver/host-key';

/** Returns the words for the running rules. After a conflict it isn't known whether the other delivery changed them. */
function describeUntouched(problems: readonly Problem[]): string {
  if (problems.some(isUnauthenticated)) return UNAUTHENTICATED_WORDS;
  const hasProblem = (code: string): boolean => problems.some((problem) => problem.code === code);
  if (hasProblem('device/foreign-lease')) return 'what the owner has there from the other state';
  return hasProblem('device/busy') || hasProblem('device/not-the-holder')
    ? 'what the other one leaves on it'
    : 'what it ran before';
}

/** Returns the paragraph for a driver that was killed or failed unexpectedly. `step`: the last step that it began. */
export function describeCutOff(
  release: Release,
  step: DeliveryStep | undefined,
  project: OperatorProject,
  formatVerify: VerifyFormatter,
): readonly string[] {
  const { device, owner, rollbackSeconds } = release;
  const [runningText, nextStep] = ((): readonly [string, string] => {
    switch (step) {
      case undefined:
      case 'connect':
      case 'upload':
      case 'check':
        return ['what it ran before; nothing was loaded.', project.apply];
      case 'confirm':
        return [
          `this release for good, or what it ran before: it was just being told to confirm. Its timer has decided by ${rollbackSeconds} s after loading.`,
          `ask it: ${formatVerify(release)}; then: ${project.apply} (it loads nothing where the release runs already)`,
        ];
      default:
        return [
          `perhaps this release, until its timer rolls it back ${rollbackSeconds} s after loading; then what it ran before. It was never told to confirm.`,
          `ask it: ${formatVerify(release)}; after that time: ${project.apply}`,
        ];
    }
  })();
  return formatParagraph(
    project,
    `Release ${shortenDigest(release)} of ${owner} on ${device} was not delivered, as far as is known.`,
    runningText,
    TAINTED_WORDS,
    nextStep,
  );
}

/** Returns the paragraph for an order that was refused before any connection. */
export const describeNothingSent = (order: 'deliver' | 'retract', project: OperatorProject): readonly string[] =>
  order === 'deliver'
    ? formatParagraph(
        project,
        'Nothing was sent.',
        'what it ran before.',
        TAINTED_WORDS,
        `once the cause above is gone: ${project.apply}`,
      )
    : formatParagraph(
        project,
        'Nothing was sent.',
        'what it ran before: what it opens stays open.',
        'it keeps the ownership record, and with it the owner token, in the state. The next run removes again.',
        `once the cause above is gone: ${project.apply}, or ${project.destroy} where that was asked for`,
      );
