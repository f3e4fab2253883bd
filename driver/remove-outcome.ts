// Describes the outcome of a removal, or of `forget`, for the operator.

import { join } from 'node:path';
import { Problem, escapeForDisplay } from '../lib/problems/problem';
import { UNAUTHENTICATED_WORDS, isUnauthenticated } from './delivery-outcome';
import { OwnerStatus } from './device-status';
import { describeDuration } from './next-start';
import { RemoveOrder } from './remove-order';
import { OrderOutcome, VerifyFormatter, formatParagraph, printProblems } from './outcome-paragraph';
import { OperatorProject, formatCommand } from './operator-project';
import { readOwnershipRecords } from './synthesized-stack';

/**
 * The result of a removal. `problems`: why it failed. `left`: remains that the operator has to handle although it is
 * done.
 */
export type RemoveOutcome = OrderOutcome & { readonly problems?: readonly Problem[]; readonly left?: 'rules' | 'copy' };

/** Returns the words on Terraform's state after a removal by hand. */
export const describeUnaware = ({ device, owner }: Pick<RemoveOrder, 'device' | 'owner'>): string =>
  `it knows nothing of this: if a state holds ${owner} on ${device}, it still does, and an apply that changes nothing touches nothing. Take ${owner} out of the stack with DecommissionedOwner (retracting twice is once) or HandedOverOwner.`;

/** The remains that a device reports, with its status if there are any; undefined if it reports none. */
interface RemovedState {
  readonly left: string | undefined;
  /** Path of a file with a remaining copy of the rules. */
  readonly file?: string | undefined;
  readonly status: OwnerStatus | undefined;
}

export const describeRemoved = (
  order: RemoveOrder,
  { left, status, ...removedState }: RemovedState,
  formatVerify: VerifyFormatter,
  isByHand = false,
): RemoveOutcome => {
  const { device, owner } = order;
  const file = escapeForDisplay(removedState.file ?? 'a file');
  const terraform = isByHand
    ? describeUnaware(order)
    : `it forgets the ownership record of ${owner} on ${device} and the owner token.`;
  switch (left) {
    case 'closed':
      return {
        delivered: true,
        paragraph: formatParagraph(
          undefined,
          `${owner} is removed from ${device}; its inbound rules stay closed as they were (onRemove: "keep closed").`,
          `the rules of its last release, ${describeDuration(status)}. They have no owner any more.`,
          terraform,
          `nothing. To take them away, too: deliver ${owner} again with onRemove: 'as before', then remove it.`,
        ),
      };
    case 'rules':
      return {
        delivered: true,
        left,
        paragraph: formatParagraph(
          undefined,
          `${owner} has no ownership record on ${device} any more; the rules of its last release stay, because it was forgotten before.`,
          `these rules, open ports included, ${describeDuration(status)}. They have no owner any more.`,
          terraform,
          `look at them: ${formatVerify(order)}. To take them away: deliver ${owner} again${order.role === 'server' ? " with onRemove: 'as before'" : ''}, then remove it.`,
        ),
      };
    case 'copy':
      return {
        delivered: true,
        left,
        paragraph: formatParagraph(
          undefined,
          `${owner} is removed from ${device}: rules and addresses that it brought are gone. A copy of the rules is left in ${file}: it could not be taken out.`,
          `nothing of ${owner} now; whatever loads ${file} brings the copy back, at the next start, too.`,
          terraform,
          `on ${device}, save the rules that run there anew with the program that wrote ${file}, or take them out by hand.`,
        ),
      };
    default:
      return {
        delivered: true,
        paragraph: formatParagraph(
          undefined,
          `${owner} is removed from ${device}: rules and addresses that it brought are gone.`,
          `nothing of ${owner}, now and after every restart.`,
          terraform,
          'nothing.',
        ),
      };
  }
};

/** Returns the outcome of forget, which is by hand only: Terraform has no word for it. */
export const describeForgotten = (
  order: RemoveOrder,
  { left, status }: RemovedState,
  project: OperatorProject,
): OrderOutcome => {
  const { device, owner } = order;
  const verifyText = formatCommand(project, ['verify', device], undefined, device);
  return {
    delivered: true,
    paragraph:
      left === 'rules'
        ? formatParagraph(
            project,
            `${owner} has no ownership record on ${device} any more.`,
            `the rules of its last release, open ports included, ${describeDuration(status)}. They have no owner any more, and any state may deliver this owner again.`,
            describeUnaware(order),
            `look at them: ${verifyText}`,
          )
        : formatParagraph(
            undefined,
            `${device} holds no release of ${owner}; there was nothing to forget.`,
            `nothing of ${owner}.`,
            describeUnaware(order),
            'nothing.',
          ),
  };
};

/** The progress of a failed removal. */
interface FailedRemoval {
  readonly problems: readonly Problem[];
  /** Whether the order went to the device, and it didn't refuse. */
  readonly asked: boolean;
  /** The owner token that an operator named; undefined if Terraform ordered the removal. */
  readonly namedToken?: string;
  /** The owner token under which the device holds the owner, if that was the reason. */
  readonly deviceToken?: string;
}

export function describeNotRemoved(
  order: RemoveOrder,
  failure: FailedRemoval,
  project: OperatorProject,
  formatVerify: VerifyFormatter,
): RemoveOutcome {
  const { device, owner } = order;
  const { problems, asked: wasAsked, namedToken, deviceToken: otherToken } = failure;
  return {
    delivered: false,
    problems,
    paragraph: [
      ...printProblems(problems),
      ...formatParagraph(
        project,
        `${owner} on ${device} was not removed.`,
        wasAsked
          ? 'not known: it was told to remove the owner and did not say that it did. It runs the last release, or nothing of it any more; what it has begun it finishes, at its next start at the latest.'
          : problems.some(isUnauthenticated)
            ? `${UNAUTHENTICATED_WORDS}; nothing was sent.`
            : 'what it ran before: what it opens stays open.',
        namedToken === undefined
          ? 'it keeps the ownership record, and with it the owner token, in the state. The next run removes again, and twice is once.'
          : 'it knows nothing of this.',
        `${otherToken === undefined ? describeRetry(order, namedToken, project) : describeOtherToken(order, namedToken, otherToken, project)} What the device runs: ${formatVerify(order)}`,
      ),
    ],
  };
}

const formatRemoveCommand = (
  { device, owner, role, connection }: RemoveOrder,
  ownerToken: string,
  project: OperatorProject,
): string =>
  formatCommand(
    project,
    ['remove', device, '--owner', owner, '--owner-token', ownerToken, '--role', role],
    connection,
    device,
  );

function describeRetry(order: RemoveOrder, manualToken: string | undefined, project: OperatorProject): string {
  if (manualToken !== undefined)
    return `once the cause above is gone: ${formatRemoveCommand(order, manualToken, project)}.`;
  const command = getRetryCommand(order, project);
  return `once the cause above is gone: ${command}. If the device is gone for ever: ${formatForget(order, command)}.`;
}

/**
 * Returns the words for an owner token that differs from the order's: the operator has to decide which state owns the
 * rules.
 */
function describeOtherToken(
  order: RemoveOrder,
  manualToken: string | undefined,
  otherToken: string,
  project: OperatorProject,
): string {
  const removeText = `to take it away all the same, under the owner token that the device names: ${formatRemoveCommand(order, otherToken, project)}.`;
  if (manualToken !== undefined) return removeText;
  const keepText = `if the other state keeps it, let this one forget its own ownership record: ${formatForget(order, getRetryCommand(order, project))}`;
  return `${keepText}; ${removeText}`;
}

/**
 * Returns the command that repeats this removal: `destroy` while the stack still has the ownership record, else an
 * apply.
 */
function getRetryCommand(order: RemoveOrder, project: OperatorProject): string {
  if (project.stack === undefined) return project.destroy;
  try {
    const isNamed = readOwnershipRecords(join(project.folder, project.stack))?.some(
      ({ device, owner }) => device === order.device && owner === order.owner,
    );
    return isNamed ? project.destroy : project.apply;
  } catch {
    return project.apply;
  }
}

const formatForget = ({ device, owner }: Pick<RemoveOrder, 'device' | 'owner'>, command: string): string =>
  `CPANEL_EDGE_FORGET=${device}/${owner} ${command}`;

export const describeNotContacted = ({ device, owner, role }: RemoveOrder): OrderOutcome => ({
  delivered: true,
  paragraph: formatParagraph(
    undefined,
    `${device} was not contacted, as CPANEL_EDGE_FORGET asks: Terraform forgets ${owner} on it.`,
    role === 'gateway'
      ? `if it still runs, its public addresses and mappings of ${owner} stay as they were, open ports included, also after a restart.`
      : `if it still runs, its rules of ${owner} stay as they were, open ports included, also after a restart.`,
    'the ownership record and the owner token are gone from the state.',
    'if the device was given up, make sure that it stays off the network. Leave CPANEL_EDGE_FORGET out of the next run.',
  ),
});
