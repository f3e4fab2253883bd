import { join } from 'node:path';
import { Problem, printable } from '../lib/problems/problem';
import { UNAUTHENTICATED, isUnauthenticated } from './endings';
import { Held } from './look';
import { lasting } from './next-start';
import { RetractOrder } from './retract-order';
import { Outcome, Verify, block, printProblems } from './paragraph';
import { Project, typed } from './project';
import { holdersIn } from './synthesized';

/** How a retract ended; `problems`: why it failed; `left`: what somebody has to look after, though it is done. */
export type Retracted = Outcome & { readonly problems?: readonly Problem[]; readonly left?: 'rules' | 'copy' };

/** Terraform, where a person did it. */
export const unaware = ({ device, owner }: Pick<RetractOrder, 'device' | 'owner'>): string =>
  `it knows nothing of this: if a state holds ${owner} on ${device}, it still does, and an apply that changes nothing touches nothing. Take ${owner} out of the stack with Retired (retracting twice is once) or Released.`;

/** What a device says that it kept, and where it kept something, what it says of it; undefined where it doesn't. */
interface Kept {
  readonly left: string | undefined;
  /** Where a copy of the rules is left. */
  readonly file?: string | undefined;
  readonly held: Held | undefined;
}

export const retracted = (
  order: RetractOrder,
  { left, held, ...kept }: Kept,
  by: Verify,
  byHand = false,
): Retracted => {
  const { device, owner } = order;
  const file = printable(kept.file ?? 'a file');
  const terraform = byHand ? unaware(order) : `it forgets the holder of ${owner} on ${device} and its lease.`;
  switch (left) {
    case 'closed':
      return {
        delivered: true,
        paragraph: block(
          undefined,
          `${owner} is retracted from ${device}; its inbound rules stay closed as they were (onRetract: "keep closed").`,
          `the rules of its last release, ${lasting(held)}. They belong to nobody.`,
          terraform,
          `nothing. To take them away, too: deliver ${owner} again with onRetract: 'as before', then retract it.`,
        ),
      };
    case 'rules':
      return {
        delivered: true,
        left,
        paragraph: block(
          undefined,
          `${owner} has no lease on ${device} any more; the rules of its last release stay, because they were forgotten before.`,
          `these rules, open ports included, ${lasting(held)}. They belong to nobody.`,
          terraform,
          `look at them: ${by(order)}. To take them away: deliver ${owner} again${order.role === 'server' ? " with onRetract: 'as before'" : ''}, then retract it.`,
        ),
      };
    case 'copy':
      return {
        delivered: true,
        left,
        paragraph: block(
          undefined,
          `${owner} is retracted from ${device}: rules and addresses that it brought are gone. A copy of the rules is left in ${file}: it could not be taken out.`,
          `nothing of ${owner} now; whatever loads ${file} brings the copy back, at the next start, too.`,
          terraform,
          `on ${device}, save the rules that run there anew with the program that wrote ${file}, or take them out by hand.`,
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

/** By hand only: Terraform has no word for it. */
export const forgot = (order: RetractOrder, { left, held }: Kept, project: Project): Outcome => {
  const { device, owner } = order;
  const again = typed(project, ['verify', device], undefined, device);
  return {
    delivered: true,
    paragraph:
      left === 'rules'
        ? block(
            project,
            `${owner} has no lease on ${device} any more.`,
            `the rules of its last release, open ports included, ${lasting(held)}. They belong to nobody, and any state may deliver this owner again.`,
            unaware(order),
            `look at them: ${again}`,
          )
        : block(
            undefined,
            `${device} holds no release of ${owner}; there was nothing to forget.`,
            `nothing of ${owner}.`,
            unaware(order),
            'nothing.',
          ),
  };
};

/** How far a retract came that failed. */
interface Failed {
  readonly problems: readonly Problem[];
  /** The order went to the device, and it didn't say no. */
  readonly asked: boolean;
  /** The lease that a person named; undefined where Terraform ordered it. */
  readonly byHand?: string;
  /** The lease under which the device holds the owner, where that was the reason. */
  readonly theirs?: string;
}

export function notRetracted(order: RetractOrder, failed: Failed, project: Project, by: Verify): Retracted {
  const { device, owner } = order;
  const { problems, asked, byHand, theirs } = failed;
  return {
    delivered: false,
    problems,
    paragraph: [
      ...printProblems(problems),
      ...block(
        project,
        `${owner} on ${device} was not retracted.`,
        asked
          ? 'not known: it was told to retract and did not say that it did. It runs the last release, or nothing of it any more; what it has begun it finishes, at its next start at the latest.'
          : problems.some(isUnauthenticated)
            ? `${UNAUTHENTICATED}; nothing was sent.`
            : 'what it ran before: what it opens stays open.',
        byHand === undefined
          ? 'it keeps the holder, and with it the lease, in the state. The next run retracts again, and twice is once.'
          : 'it knows nothing of this.',
        `${theirs === undefined ? retryOf(order, byHand, project) : foreignOf(order, byHand, theirs, project)} What the device runs: ${by(order)}`,
      ),
    ],
  };
}

const retractLine = ({ device, owner, role, connection }: RetractOrder, lease: string, project: Project): string =>
  typed(project, ['retract', device, '--owner', owner, '--lease', lease, '--role', role], connection, device);

function retryOf(order: RetractOrder, byHand: string | undefined, project: Project): string {
  if (byHand !== undefined) return `once the cause above is gone: ${retractLine(order, byHand, project)}.`;
  const command = retractingCommand(order, project);
  return `once the cause above is gone: ${command}. If the device is gone for ever: ${forgetting(order, command)}.`;
}

/** What the device holds isn't what was to be retracted: somebody has to say whose it is. */
function foreignOf(order: RetractOrder, byHand: string | undefined, theirs: string, project: Project): string {
  const away = `to take it away all the same, under the lease that the device names: ${retractLine(order, theirs, project)}.`;
  if (byHand !== undefined) return away;
  const kept = `if the other state keeps it, let this one forget its own holder: ${forgetting(order, retractingCommand(order, project))}`;
  return `${kept}; ${away}`;
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

const forgetting = ({ device, owner }: Pick<RetractOrder, 'device' | 'owner'>, command: string): string =>
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
    'if the device was given up, make sure that it stays off the network. Leave CPANEL_EDGE_FORGET out of the next run.',
  ),
});
