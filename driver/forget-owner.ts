// Removes an owner's ownership record from a device by the agent's command `forget`; the rules stay. Also finds the
// role of an owner on a device: gateway or server.
import { Problem, Refusal } from '../lib/problems/problem';
import { DeviceContext } from './device-context';
import { expectOk } from './answer-problems';
import { askOwnerStatus, askStatus } from './device-status';
import { RemoveOrder } from './remove-order';
import { OperatorProject, formatCommand } from './operator-project';
import { OrderOutcome } from './outcome-paragraph';
import { describeForgotten } from './remove-outcome';
import { Remote } from './ssh';

type OwnerRole = RemoveOrder['role'];

/**
 * Removes the owner token of an owner; its rules stay.
 *
 * @throws Refusal if the device doesn't do it.
 */
export async function forgetOwner(
  remote: Remote,
  order: RemoveOrder,
  ownerToken: string,
  project: OperatorProject,
): Promise<OrderOutcome> {
  const context: DeviceContext = { connection: remote.connection, device: order.device, owner: order.owner, project };
  const answer = await remote.run(['forget', order.role, order.owner, ownerToken]);
  const { left } = expectOk(context, answer, ['forgotten']).values;
  return describeForgotten(order, { left, status: await askOwnerStatus(remote, order) }, project);
}

/** `where`: the owner and its device. */
export const createTwoRoles = (where: string): Problem => ({
  code: 'cli/two-roles',
  where,
  what: 'The owner has a gateway and a server on this device.',
  instead: 'say which: --role gateway, or --role server.',
});

/**
 * Returns the role of an owner on the device, if the operator named none.
 *
 * @throws Refusal cli/no-such-owner or cli/two-roles.
 */
export async function findRole(
  remote: Remote,
  device: string,
  owner: string,
  project: OperatorProject,
): Promise<OwnerRole> {
  const owners = (await askStatus(remote, { device, project })).owners;
  const roles = owners.filter((status) => status.owner === owner).map(({ role }) => role);
  if (roles.length === 1) return roles[0] as OwnerRole;
  const subject = `${owner} on ${device}`;
  if (roles.length > 1) throw new Refusal([createTwoRoles(subject)]);
  const otherOwners = owners.map((status) => `${status.role} ${status.owner}`).join(', ');
  const message = `The device holds nothing of this owner${otherOwners === '' ? '' : `; it has ${otherOwners}`}.`;
  const instead = `what the device holds: ${formatCommand(project, ['verify', device], remote.connection, device)}`;
  throw new Refusal([{ code: 'cli/no-such-owner', where: subject, what: message, instead }]);
}
