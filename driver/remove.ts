// Removes an owner's release from a device by the agent's command `retract`, for `terraform destroy` and `cpanel-edge
// remove`. Waits while another delivery holds the device.
import { Problem, Refusal } from '../lib/problems/problem';
import { DeviceContext } from './device-context';
import { expectOk } from './answer-problems';
import { prepareAgent } from './prepare-agent';
import { askOwnerStatus } from './device-status';
import { RemoveOrder } from './remove-order';
import { createVerifyFormatter } from './outcome-paragraph';
import { RetryTimer } from './retry-timer';
import { DeviceAgent } from './agent-program';
import { findOwnProject } from './operator-project';
import { RemoveOutcome, describeNotRemoved, describeRemoved } from './remove-outcome';
import { MAX_WAIT_SECONDS, DeliveryContext } from './delivery-steps';

type RemoveContext = Pick<
  DeliveryContext,
  'remote' | 'ownerToken' | 'token' | 'signal' | 'say' | 'step' | 'wait' | 'project'
> & {
  /** Whether an operator ordered it, without Terraform's knowledge. */
  readonly isByHand?: boolean;
};

/** Returns whether `device/owner` is in a list, separated by commas, of devices that are gone for ever. */
export const isForgotten = ({ device, owner }: RemoveOrder, forget: string | undefined): boolean =>
  (forget ?? '').split(',').some((entry) => entry.trim() === `${device}/${owner}`);

/**
 * Removes an owner from a device. Nothing is armed: afterwards the device is as without us, or a server that stays
 * closed.
 */
export async function removeOwner(
  order: RemoveOrder,
  agent: DeviceAgent,
  removeContext: RemoveContext,
): Promise<RemoveOutcome> {
  const { device, owner } = order;
  const project = removeContext.project ?? findOwnProject();
  const context: DeviceContext = { connection: removeContext.remote.connection, device, owner, project };
  const verify = createVerifyFormatter(project, removeContext.remote.connection);
  let isOrdered = false;
  let otherToken: string | undefined;
  try {
    removeContext.step('connect');
    await prepareAgent(removeContext.remote, agent, removeContext.say, {
      signal: removeContext.isByHand ? removeContext.signal : undefined,
    });
    const words = ['retract', order.role, order.owner, removeContext.ownerToken, removeContext.token];
    const retryTimer = new RetryTimer();
    for (let first = true; ; first = false) {
      removeContext.step('retract');
      if (removeContext.isByHand && removeContext.signal.aborted)
        throw new Refusal([createInterruption(order, isOrdered)]);
      // An operator gets the known facts at once; Terraform's worker has time to wait for the end.
      const answer = await removeContext.remote.run(
        words,
        removeContext.isByHand ? { signal: removeContext.signal } : {},
      );
      isOrdered ||= answer.result?.is !== 'refused';
      if (answer.result?.word === 'foreign-lease') otherToken = answer.result.values['lease'];
      const isBusy =
        answer.result?.is === 'refused' &&
        answer.result.word === 'busy' &&
        !retryTimer.isOver(MAX_WAIT_SECONDS) &&
        !removeContext.signal.aborted;
      if (!isBusy) {
        const { left, file } = expectOk(context, answer, ['retracted']).values;
        const status =
          left === 'closed' || left === 'rules' ? await askOwnerStatus(removeContext.remote, order) : undefined;
        return describeRemoved(order, { left, status, file }, verify, removeContext.isByHand);
      }
      if (first)
        removeContext.say(
          `another delivery holds the device (${answer.result.values['holder'] ?? 'unnamed'}): waiting for it`,
        );
      await retryTimer.pause(removeContext);
    }
  } catch (error) {
    const isInterrupted = removeContext.isByHand && removeContext.signal.aborted;
    const failure = {
      ...(removeContext.isByHand ? { namedToken: removeContext.ownerToken } : {}),
      ...(otherToken === undefined ? {} : { deviceToken: otherToken }),
    };
    return describeNotRemoved(
      order,
      {
        problems: isInterrupted ? [createInterruption(order, isOrdered)] : toProblems(error),
        asked: isOrdered,
        ...failure,
      },
      project,
      verify,
    );
  }
}

/** Returns the problem of an interruption: the driver's own end of the connection looks like a broken line. */
export const createInterruption = (
  { device, owner }: Pick<RemoveOrder, 'device' | 'owner'>,
  isOrdered: boolean,
): Problem => ({
  code: 'driver/interrupted',
  where: `${owner} on ${device}`,
  what: isOrdered
    ? 'It was interrupted before the device had said what became of it.'
    : 'It was interrupted, and the device has begun nothing of it.',
  instead: isOrdered ? 'ask the device first; removing it again does no harm.' : 'remove it again.',
});

function toProblems(error: unknown): readonly Problem[] {
  if (error instanceof Refusal) return error.problems;
  const message = error instanceof Error ? error.message : String(error);
  return [
    {
      code: 'driver/unforeseen',
      where: 'the driver',
      what: message,
      instead: 'report it with the version of cpanel-edge.',
    },
  ];
}
