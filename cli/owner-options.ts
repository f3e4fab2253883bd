// The options of commands about one owner on one device (`remove`, `forget`), and the request that they give.

import { Command, Option } from 'commander';
import { findRole } from '../driver/forget-owner';
import { RemoveOrder } from '../driver/remove-order';
import { OperatorProject } from '../driver/operator-project';
import { Remote } from '../driver/ssh';
import { Connection } from '../lib/agent-protocol/release';
import { Problem, refuseIfAny } from '../lib/problems/problem';
import { TargetOptions, findTarget, addTargetOptions } from './target';
import { parseOwnerToken, parseOwner } from './option-values';

/** Options of a command that an operator gives for one owner. */
export interface OwnerOptions extends TargetOptions {
  readonly owner?: string;
  readonly ownerToken?: string;
  /** Former name of `ownerToken`. */
  readonly lease?: string;
  readonly role?: RemoveOrder['role'];
}

export const addOwnerOptions = (command: Command): Command =>
  addTargetOptions(command)
    .option('--owner <owner>', 'the owner of the rules', parseOwner)
    .option(
      '--owner-token <token>',
      'the token under which the device holds the owner, as verify prints it',
      parseOwnerToken,
    )
    .addOption(
      new Option('--lease <token>', 'former name of --owner-token')
        .argParser(parseOwnerToken)
        .conflicts('ownerToken')
        .hideHelp(),
    )
    .addOption(new Option('--role <role>', 'default: as the stack or the device says').choices(['gateway', 'server']));

export interface RemoveRequest {
  readonly device: string;
  readonly owner: string;
  readonly connection: Connection;
  readonly project: OperatorProject;
  readonly ownerToken: string;
  /** Asks the device for the role, if neither the options nor the stack decide it. */
  orderFor(remote: Remote): Promise<RemoveOrder>;
}

/**
 * Returns the request for one device from its name and the options.
 * @throws Refusal cli/option-missing, and the codes of findTarget
 */
export function parseOrder(name: string, options: OwnerOptions): RemoveRequest {
  const { owner, lease, ownerToken = lease } = options;
  refuseIfAny([
    ...(owner === undefined ? [createMissingOptionProblem('--owner')] : []),
    ...(ownerToken === undefined ? [createMissingOptionProblem('--owner-token')] : []),
  ]);
  // An owner that has left the stack is removed over the connection of the device's other owners.
  const { device, connection, ownershipRecords, project } = findTarget(name, options);
  const roles = ownershipRecords.filter((record) => record.owner === owner).map(({ role }) => role);
  return {
    device,
    owner: owner!,
    connection,
    project,
    ownerToken: ownerToken!,
    orderFor: async (remote) => ({
      device,
      owner: owner!,
      connection,
      role: options.role ?? (roles.length === 1 ? roles[0]! : await findRole(remote, device, owner!, project)),
    }),
  };
}

const createMissingOptionProblem = (option: string): Problem => ({
  code: 'cli/option-missing',
  where: option,
  what: 'The owner and its token are missing.',
  instead: 'both as verify prints them: --owner web --owner-token 0f6c….',
});
