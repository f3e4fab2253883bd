import { Problem, Refusal } from '../lib/problems/problem';
import { Asked } from './device-asked';
import { expectOk } from './faults';
import { askHeld, look } from './look';
import { RetractOrder } from './retract-order';
import { Project, typed } from './project';
import { Outcome } from './paragraph';
import { forgot } from './retract-endings';
import { Remote } from './ssh';

type Role = RetractOrder['role'];

/** Rules stay, the lease goes. Throws Refusal. */
export async function forget(remote: Remote, order: RetractOrder, lease: string, project: Project): Promise<Outcome> {
  const asked: Asked = { connection: remote.connection, device: order.device, owner: order.owner, project };
  const answer = await remote.run(['forget', order.role, order.owner, lease]);
  const { left } = expectOk(asked, answer, ['forgotten']).values;
  return forgot(order, { left, held: await askHeld(remote, order) }, project);
}

/** `where`: the owner and its device. */
export const twoRoles = (where: string): Problem => ({
  code: 'cli/two-roles',
  where,
  what: 'The owner has a gateway and a server on this device.',
  instead: 'say which: --role gateway, or --role server.',
});

/** Whether the owner is on the device as gateway or as server, where nobody said so. Throws Refusal cli/no-such-owner or cli/two-roles. */
export async function roleOf(remote: Remote, device: string, owner: string, project: Project): Promise<Role> {
  const held = (await look(remote, { device, project })).owners;
  const roles = held.filter((one) => one.owner === owner).map(({ role }) => role);
  if (roles.length === 1) return roles[0] as Role;
  const where = `${owner} on ${device}`;
  if (roles.length > 1) throw new Refusal([twoRoles(where)]);
  const others = held.map((one) => `${one.role} ${one.owner}`).join(', ');
  const what = `The device holds nothing of this owner${others === '' ? '' : `; it has ${others}`}.`;
  const instead = `what the device holds: ${typed(project, ['verify', device], remote.connection, device)}`;
  throw new Refusal([{ code: 'cli/no-such-owner', where, what, instead }]);
}
