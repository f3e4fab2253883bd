import { join } from 'node:path';
import { Connection, Release } from '../lib/delivering/release';
import { Problem, printProblem, printable } from '../lib/problems/problem';
import { Project, typed } from './project';
import { RetractOrder } from './orders';
import { Step } from './protocol';
import { holdersIn } from './synthesized';

// What the operator reads in the end: what the device runs, what Terraform thinks, what to do next, with the command to type.

/** How a delivery ended, and what to tell the operator: plain words, whole lines. */
export interface Outcome {
  readonly delivered: boolean;
  readonly paragraph: readonly string[];
}

/** What a delivery that failed left. */
export type Left =
  /** Nothing was loaded. */
  | { readonly is: 'untouched' }
  /** The device runs this release already, and it is not what was asked for any more. */
  | { readonly is: 'running-unproven' }
  /** It says that it runs this again, `none` for nothing. */
  | { readonly is: 'undone'; readonly digest: string }
  /** It says that it could not bring the undoing to its end. */
  | { readonly is: 'stuck'; readonly word: string }
  /** It doesn't answer, or not of this. `yes`: it was told to confirm, so it may have. */
  | { readonly is: 'unknown'; readonly yes: boolean }
  /** It says that it confirmed what nobody, or what somebody else, told it to. */
  | { readonly is: 'odd' };

const short = (digest: string): string => digest.slice(0, 12);
/** The folder is named where there is something to type: it isn't always the one that Terraform was started in. */
const block = (project: Project | undefined, head: string, runs: string, terraform: string, next: string): readonly string[] => [
  head,
  `  On the device: ${runs}`,
  `  In Terraform: ${terraform}`,
  project === undefined ? `  Next: ${next}` : `  Next, in ${printable(project.folder)}: ${next}`,
];

export const printProblems = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap((problem) => printProblem(problem).split('\n'));

export const delivered = (release: Release, how: 'loaded' | 'running'): Outcome => ({
  delivered: true,
  paragraph: block(
    undefined,
    how === 'loaded'
      ? `${release.device} runs release ${short(release.digest)} of ${release.owner}: proven over a new connection, confirmed, and stored for the next start.`
      : `${release.device} already runs release ${short(release.digest)} of ${release.owner}, confirmed, and it is proven again; nothing was loaded.`,
    'this release, now and after every restart.',
    'the release is recorded; what it replaces goes from the state without touching the device.',
    'nothing.',
  ),
});

const TAINTED =
  'this apply fails; the new release is tainted, the former one, if there was one, is kept as deposed, and the holder with its lease stays.';

export function notDelivered(release: Release, problems: readonly Problem[], left: Left, project: Project, by: Verify): Outcome {
  const { device, owner } = release;
  const again = `once the cause above is gone: ${project.apply}`;
  const head = `Release ${short(release.digest)} of ${owner} on ${device} was not delivered.`;
  const [runs, next] = ((): readonly [string, string] => {
    switch (left.is) {
      case 'untouched':
        return ['what it ran before; nothing was loaded.', again];
      case 'running-unproven':
        return [
          `this release, confirmed by an earlier apply. Nothing was loaded and nothing was undone: what is said above holds now.`,
          again,
        ];
      case 'undone':
        return [
          left.digest === 'none'
            ? `nothing of ${owner}: the release was undone.`
            : `release ${short(left.digest)} again: the new one was undone.`,
          again,
        ];
      case 'stuck':
        return [
          `it began to undo the release and could not finish ("${printable(left.word)}"), so the new rules may still run. It tries again at its timer (${release.rollbackSeconds} s after loading), before the next delivery and when it restarts.`,
          `make room on its disk and look at its log, then: ${project.apply} (a restart of the device undoes it, too). What it runs: ${by(release)}`,
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

/** The command that asks the device. */
export type Verify = (of: { readonly device: string }) => string;

export const retracted = (order: RetractOrder, left: string | undefined, by: Verify): Outcome => {
  const { device, owner } = order;
  const terraform = `it forgets the holder of ${owner} on ${device} and its lease.`;
  switch (left) {
    case 'closed':
      return {
        delivered: true,
        paragraph: block(
          undefined,
          `${owner} is retracted from ${device}; its inbound rules stay closed as they were (onRetract: "keep closed").`,
          'the rules of its last release, now and after every restart. They belong to nobody.',
          terraform,
          `nothing. To take them away, too: deliver ${owner} again with onRetract: 'as before', then retract it.`,
        ),
      };
    case 'rules':
      return {
        delivered: true,
        paragraph: block(
          undefined,
          `${owner} has no lease on ${device} any more; the rules of its last release stay, because they were forgotten before.`,
          'these rules, open ports included, now and after every restart. They belong to nobody.',
          terraform,
          `look at them: ${by(order)}. To take them away: deliver ${owner} again${order.role === 'server' ? " with onRetract: 'as before'" : ''}, then retract it.`,
        ),
      };
    default:
      return {
        delivered: true,
        paragraph: block(
          undefined,
          `${owner} is retracted from ${device}: rules and addresses that it brought are gone.`,
          `nothing of ${owner}, now and after every restart.`,
          terraform,
          'nothing.',
        ),
      };
  }
};

/** `asked`: the order went to the device, and it didn't say no. */
export function notRetracted(order: RetractOrder, problems: readonly Problem[], asked: boolean, project: Project, by: Verify): Outcome {
  const { device, owner } = order;
  const command = retractingCommand(order, project);
  return {
    delivered: false,
    paragraph: [
      ...printProblems(problems),
      ...block(
        project,
        `${owner} on ${device} was not retracted.`,
        asked
          ? 'not known: it was told to retract and did not say that it did. It runs the last release, or nothing of it any more; what it has begun it finishes, at its next start at the latest.'
          : 'what it ran before: what it opens stays open.',
        'it keeps the holder, and with it the lease, in the state. The next run retracts again, and twice is once.',
        `once the cause above is gone: ${command}. To see what the device runs: ${by(order)}. If the device is gone for ever: ${forgetting(order, command)}`,
      ),
    ],
  };
}

/** The command that asks for this retract again: `destroy` while the stack still names the holder, else an apply. */
function retractingCommand(order: RetractOrder, project: Project): string {
  if (project.stack === undefined) return project.destroy;
  try {
    const named = holdersIn(join(project.folder, project.stack))?.some(
      ({ device, owner }) => device === order.device && owner === order.owner,
    );
    return named ? project.destroy : project.apply;
  } catch {
    return project.apply;
  }
}

export const forgetting = ({ device, owner }: Pick<RetractOrder, 'device' | 'owner'>, command: string): string =>
  `CPANEL_EDGE_FORGET=${device}/${owner} ${command}`;

export const notContacted = ({ device, owner, role }: RetractOrder): Outcome => ({
  delivered: true,
  paragraph: block(
    undefined,
    `${device} was not contacted, as CPANEL_EDGE_FORGET asks: Terraform forgets ${owner} on it.`,
    role === 'gateway'
      ? `if it still runs, its public addresses and mappings of ${owner} stay as they were, open ports included, also after a restart.`
      : `if it still runs, its rules of ${owner} stay as they were, open ports included, also after a restart.`,
    'holder and lease are gone from the state.',
    'make sure that the device stays off the network. Leave CPANEL_EDGE_FORGET out of the next run.',
  ),
});

/** Where the driver itself was killed, or failed in a way that nobody foresaw. `step`: the last that it began. */
export function cutOff(release: Release, step: Step | undefined, project: Project, by: Verify): readonly string[] {
  const { device, owner, digest, rollbackSeconds } = release;
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
    `Release ${short(digest)} of ${owner} on ${device} was not delivered, as far as anybody knows.`,
    runs,
    TAINTED,
    next,
  );
}

/** Refused before any connection was made. */
export const nothingSent = (order: 'deliver' | 'retract', project: Project): readonly string[] =>
  order === 'deliver'
    ? block(project, 'Nothing was sent.', 'what it ran before.', TAINTED, `once the cause above is gone: ${project.apply}`)
    : block(
        project,
        'Nothing was sent.',
        'what it ran before: what it opens stays open.',
        'it keeps the holder, and with it the lease, in the state. The next run retracts again.',
        `once the cause above is gone: ${project.apply}, or ${project.destroy} where that was asked for`,
      );

export const verifyCommand =
  (project: Project, connection: Connection): Verify =>
  ({ device }) =>
    typed(project, ['verify', device], connection, device);
