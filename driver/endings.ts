import { Release } from '../lib/agent-protocol/release';
import { Problem, printable } from '../lib/problems/problem';
import { Held } from './look';
import { named, replacedBy } from './made-by';
import { lasting, startFaults } from './next-start';
import { Outcome, Verify, block, printProblems, short } from './paragraph';
import { Project } from './project';
import { Step } from './protocol';
import { NEXT_NARROWER } from './verify-next';

/** What a delivery that failed left. */
export type Left =
  /** Nothing was loaded. */
  | { readonly is: 'untouched' }
  /** The device runs this release already, and it is not what was asked for any more. */
  | { readonly is: 'running-unproven' }
  /** It says that it runs this again, `none` for nothing. `stopped`: the program that has to load it, which somebody stopped. */
  | { readonly is: 'undone'; readonly digest: string; readonly stopped?: string }
  /** It says that it could not bring the undoing to its end. */
  | { readonly is: 'stuck'; readonly word: string }
  /** It doesn't answer, or not of this. `yes`: it was told to confirm, so it may have. */
  | { readonly is: 'unknown'; readonly yes: boolean }
  /** It says that it confirmed what nobody, or what somebody else, told it to. */
  | { readonly is: 'odd' };

/** What is known of a device that runs the release. */
interface Reached {
  /** What it said before and after; undefined where it didn't say. */
  readonly before?: Held;
  readonly after?: Held;
  /** Ports that others' rules close to most of those they are opened to. */
  readonly narrower: readonly string[];
  /** What a server with cPanel heard of its own public addresses. */
  readonly heard: readonly string[];
}

export function delivered(
  release: Release,
  how: 'loaded' | 'running',
  reached: Reached,
  where: Project,
  by: Verify,
): Outcome {
  const { before, after, narrower, heard } = reached;
  if (after && after.digest !== release.digest) return since(release, after, where, by);
  const faults = startFaults(after ?? {});
  const left = new Set(after?.boot);
  const mended =
    after?.boot === undefined ? [] : startFaults({ boot: (before?.boot ?? []).filter((fault) => !left.has(fault)) });
  const replaced = replacedBy(release, before);
  const todo = [
    ...(faults.length > 0 ? [`look at these on the device, then ask it: ${by(release)}`] : []),
    ...(narrower.length > 0 ? [NEXT_NARROWER] : []),
  ];
  const head =
    how === 'loaded'
      ? `${release.device} runs release ${short(release)} of ${release.owner}: proven over a new connection, confirmed, and stored for the next start.`
      : `${release.device} already runs release ${short(release)} of ${release.owner}, confirmed, and it is proven again; nothing was loaded.`;
  const runs = [
    `this release, ${lasting(after)}`,
    ...(mended.length > 0 ? [`Mended: ${mended.join('; ')}`] : []),
    ...(narrower.length > 0
      ? [`Others' rules close to most what it opens, as said above: ${printable(narrower[0]!)}`]
      : []),
    ...(heard.length > 0 ? [`Its public addresses: ${printable(heard.join('; '))}`] : []),
    ...(replaced ? [`It took the place of ${named(replaced)}`] : []),
  ];
  return {
    delivered: true,
    paragraph: block(
      todo.length > 0 ? where : undefined,
      head,
      `${runs.join('. ')}.`,
      'the release is recorded; what it replaces goes from the state without touching the device.',
      todo.length > 0 ? todo.join('; ') : 'nothing.',
    ),
  };
}

/** Somebody else's delivery or retract came between the yes and the question what a restart brings. */
function since(release: Release, after: Held, where: Project, by: Verify): Outcome {
  const { device, owner } = release;
  return {
    delivered: true,
    paragraph: block(
      where,
      `${device} confirmed release ${short(release)} of ${owner}, and does not run it any more.`,
      after.digest === 'none'
        ? `nothing of ${owner} any more: somebody retracted it since it was confirmed.`
        : `${named(after)}: somebody delivered it since this one was confirmed.`,
      'the release is recorded, as it was delivered.',
      `find out who did, then ask it: ${by(release)}`,
    ),
  };
}

const TAINTED =
  'this apply fails; the new release is tainted, the former one, if there was one, is kept as deposed, and the holder with its lease stays.';

export function notDelivered(
  release: Release,
  problems: readonly Problem[],
  left: Left,
  project: Project,
  by: Verify,
): Outcome {
  const { device, owner } = release;
  const again = `once the cause above is gone: ${project.apply}`;
  const head = `Release ${short(release)} of ${owner} on ${device} was not delivered.`;
  const [runs, next] = ((): readonly [string, string] => {
    switch (left.is) {
      case 'untouched':
        return [`${untouchedBy(problems)}; nothing was loaded.`, again];
      case 'running-unproven':
        return [
          `this release, confirmed by an earlier apply. Nothing was loaded and nothing was undone: what is said above holds now.`,
          again,
        ];
      case 'undone':
        if (left.stopped !== undefined) return stoppedThere(left.digest, printable(left.stopped), owner, again);
        return [
          left.digest === 'none'
            ? `nothing of ${owner}: the release was undone.`
            : `release ${short(left)} again: the new one was undone.`,
          again,
        ];
      case 'stuck':
        return [
          `it began to undo the release and could not finish ("${printable(left.word)}"), so the new rules may still run. It tries again at its timer (${release.rollbackSeconds} s after loading), before the next delivery and when it restarts.`,
          `look at its log for what is missing (room on its disk, an interface of its addresses), then: ${project.apply} (a restart of the device undoes it, too). What it runs: ${by(release)}`,
        ];
      case 'unknown':
        return left.yes
          ? [
              `not known: it was told to confirm and its answer did not come. It runs either this release for good, or what it ran before; its timer has decided by ${release.rollbackSeconds} s after loading.`,
              `ask it: ${by(release)}; then: ${project.apply} (it loads nothing where the release runs already)`,
            ]
          : [
              `not known: it does not answer. Its own timer undoes the release ${release.rollbackSeconds} s after loading; it was never told to confirm.`,
              `ask it: ${by(release)}; ${again}`,
            ];
      case 'odd':
        return [
          'not known: it says that it confirmed, which is not what it was told. Its program is not the one that this package installs, or somebody else speaks to it.',
          `look at the device and its program first. What it says: ${by(release)}`,
        ];
      default:
        return left satisfies never;
    }
  })();
  return { delivered: false, paragraph: [...printProblems(problems), ...block(project, head, runs, TAINTED, next)] };
}

/** Returns the words for what the device runs and what to type where the program that loads the rules was stopped within the trial. */
function stoppedThere(digest: string, program: string, owner: string, again: string): readonly [string, string] {
  const loads =
    digest === 'none'
      ? `it loads nothing of ${owner} when it starts`
      : `it loads release ${short({ digest })} when it starts`;
  return [
    `nothing of ${owner}: the new release was undone, ${program} is stopped, and ${loads}. Until then the server may be open.`,
    `start ${program} there, as the first line above says; ${again}`,
  ];
}

/** The state of a device that was not authenticated. With another host key it may be another machine, or the same one rebuilt. */
export const UNAUTHENTICATED =
  'not known: what answers there showed another host key, so it may be another machine, or this one made anew, which runs nothing of before';

/** Whether a problem says that what answered was not authenticated. */
export const isUnauthenticated = ({ code }: Problem): boolean => code === 'driver/host-key';

/** Who lost to somebody else doesn't know whether that one changed what runs. */
function untouchedBy(problems: readonly Problem[]): string {
  if (problems.some(isUnauthenticated)) return UNAUTHENTICATED;
  const isSaid = (code: string): boolean => problems.some((problem) => problem.code === code);
  if (isSaid('device/foreign-lease')) return 'what the other lease has on it';
  return isSaid('device/busy') || isSaid('device/not-the-holder')
    ? 'what the other one leaves on it'
    : 'what it ran before';
}

/** Where the driver itself was killed, or failed in a way that nobody foresaw. `step`: the last that it began. */
export function cutOff(release: Release, step: Step | undefined, project: Project, by: Verify): readonly string[] {
  const { device, owner, rollbackSeconds } = release;
  const [runs, next] = ((): readonly [string, string] => {
    switch (step) {
      case undefined:
      case 'connect':
      case 'upload':
      case 'check':
        return ['what it ran before; nothing was loaded.', project.apply];
      case 'confirm':
        return [
          `this release for good, or what it ran before: it was just being told to confirm. Its timer has decided by ${rollbackSeconds} s after loading.`,
          `ask it: ${by(release)}; then: ${project.apply} (it loads nothing where the release runs already)`,
        ];
      default:
        return [
          `perhaps this release, until its timer undoes it ${rollbackSeconds} s after loading; then what it ran before. It was never told to confirm.`,
          `ask it: ${by(release)}; after that time: ${project.apply}`,
        ];
    }
  })();
  return block(
    project,
    `Release ${short(release)} of ${owner} on ${device} was not delivered, as far as anybody knows.`,
    runs,
    TAINTED,
    next,
  );
}

/** Refused before any connection was made. */
export const nothingSent = (order: 'deliver' | 'retract', project: Project): readonly string[] =>
  order === 'deliver'
    ? block(
        project,
        'Nothing was sent.',
        'what it ran before.',
        TAINTED,
        `once the cause above is gone: ${project.apply}`,
      )
    : block(
        project,
        'Nothing was sent.',
        'what it ran before: what it opens stays open.',
        'it keeps the holder, and with it the lease, in the state. The next run retracts again.',
        `once the cause above is gone: ${project.apply}, or ${project.destroy} where that was asked for`,
      );
