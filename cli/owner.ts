import { Command, Option } from 'commander';
import { roleOf } from '../driver/by-hand';
import { RetractOrder } from '../driver/retract-order';
import { Project } from '../driver/project';
import { Remote } from '../driver/ssh';
import { Connection } from '../lib/agent-protocol/release';
import { Problem, refuseIfAny } from '../lib/problems/problem';
import { TargetOptions, targetOf, withTarget } from './target';
import { leaseWord, ownerWord } from './words';

/** Options of what a person orders for one owner. */
export interface ByHand extends TargetOptions {
  readonly owner?: string;
  readonly lease?: string;
  readonly role?: RetractOrder['role'];
}

export const withOwner = (command: Command): Command =>
  withTarget(command)
    .option('--owner <owner>', 'whose rules', ownerWord)
    .option('--lease <id>', 'the lease under which the device holds them, as verify prints it', leaseWord)
    .addOption(new Option('--role <role>', 'default: as the stack or the device says').choices(['gateway', 'server']));

export interface Ordered {
  readonly device: string;
  readonly owner: string;
  readonly connection: Connection;
  readonly project: Project;
  readonly lease: string;
  /** The role may have to be asked for. */
  orderFor(remote: Remote): Promise<RetractOrder>;
}

/** Throws Refusal cli/option-missing and what the target is refused for. */
export function orderOf(name: string, options: ByHand): Ordered {
  const { owner, lease } = options;
  refuseIfAny([
    ...(owner === undefined ? [missing('--owner')] : []),
    ...(lease === undefined ? [missing('--lease')] : []),
  ]);
  // An owner that has left the stack is retracted over the connection of the device's others.
  const { device, connection, holders, project } = targetOf(name, options);
  const roles = holders.filter((holder) => holder.owner === owner).map(({ role }) => role);
  return {
    device,
    owner: owner!,
    connection,
    project,
    lease: lease!,
    orderFor: async (remote) => ({
      device,
      owner: owner!,
      connection,
      role: options.role ?? (roles.length === 1 ? roles[0]! : await roleOf(remote, device, owner!, project)),
    }),
  };
}

const missing = (option: string): Problem => ({
  code: 'cli/option-missing',
  where: option,
  what: 'By hand the owner and its lease have to be said.',
  instead: 'both as verify prints them: --owner web --lease 0f6c….',
});
