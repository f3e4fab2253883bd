// Checks that the provisioners in a plan and its stack run only this package's `deliver` and `retract`, with unaltered
// variables and conditions. Also finds the ownership records that `removed` blocks retract.

import { ADOPT_VARIABLE, OWNER_TOKEN_VARIABLE, WORK_VARIABLE, isRecord } from '../../agent-protocol/work-codec';
import { printValue } from './differences';

/** Whether a command starts this package's own program for this verb, and nothing else. */
export const startsCliCommand = (verb: 'deliver' | 'retract', command: unknown): boolean =>
  parseCliCommand(command)?.verb === verb;

/**
 * Returns the verb and the path of this package's program in a command. The command is the stack's, with its templates
 * escaped.
 */
export function parseCliCommand(command: unknown): { readonly verb: string; readonly path: string } | undefined {
  const commandMatch = typeof command === 'string' ? /^exec \$\$\{CPANEL_EDGE:-(.+)\} ([a-z]+)$/.exec(command) : null;
  const [, quotedPath = '', verb = ''] = commandMatch ?? [];
  // The path has to be one word for the shell, plain or in single quotes.
  const isOurs = /^(?:[\w./@+-]+|'(?:[^']|'\\'')+')$/.test(quotedPath) && /dist\/cli\/main\.js'?$/.test(quotedPath);
  return isOurs
    ? { verb, path: quotedPath.startsWith("'") ? quotedPath.slice(1, -1).split(`'\\''`).join("'") : quotedPath }
    : undefined;
}

const REMOVAL_ENVIRONMENT = { CPANEL_EDGE_RETRACT: '${jsonencode(self.input)}', CPANEL_EDGE_LEASE: '${self.id}' };

/**
 * Returns the variables that `retract` doesn't need, or needs with another value. A variable can name another program,
 * or what node loads first.
 */
export function findOtherRemovalVariables(environment: unknown): readonly string[] {
  const variables: Record<string, unknown> = isRecord(environment) ? environment : {};
  return [
    ...Object.keys(variables).filter((key) => !Object.hasOwn(REMOVAL_ENVIRONMENT, key)),
    ...Object.entries(REMOVAL_ENVIRONMENT).flatMap(([key, value]) =>
      Object.hasOwn(variables, key) && variables[key] === value ? [] : [key],
    ),
  ];
}

/** Returns the variables that `deliver` doesn't read. */
export const findUnreadVariables = (environment: Record<string, unknown>): readonly string[] =>
  Object.keys(environment).filter((key) => key !== OWNER_TOKEN_VARIABLE && key !== ADOPT_VARIABLE && !isWorkPiece(key));

const isWorkPiece = (key: string): boolean =>
  key.startsWith(WORK_VARIABLE) && /^\d{1,2}$/.test(key.slice(WORK_VARIABLE.length));

/** Returns the names of pieces of work that the first piece doesn't count. */
export function findSparePieces(environment: Record<string, unknown>): readonly string[] {
  const count = /^\d+/.exec(printValue(environment[`${WORK_VARIABLE}0`]))?.[0];
  const countedNames = new Set(
    Array.from({ length: Math.min(99, Number(count ?? 0)) }, (_, index) => `${WORK_VARIABLE}${index}`),
  );
  return Object.keys(environment).filter((key) => isWorkPiece(key) && !countedNames.has(key));
}

/**
 * Whether the stack runs a resource's provisioner at another time than cpanel-edge does, or lets its failure pass. Plan
 * JSON has neither `when` nor `on_failure`. Returns false where the stack has no such resource: it is a module's.
 * Terraform accepts other forms of JSON for a resource and its provisioners, which we don't write; they count as
 * altered.
 */
export function isProvisionerAltered(
  stack: unknown,
  { type, name }: { readonly type: string; readonly name: string },
  condition?: 'destroy',
): boolean {
  const resources = isRecord(stack) && isRecord(stack['resource']) ? stack['resource'][type] : undefined;
  if (!isRecord(resources) || !Object.hasOwn(resources, name)) return false;
  const resource = resources[name];
  const provisioners = isRecord(resource) ? (resource['provisioner'] ?? []) : undefined;
  return (
    !Array.isArray(provisioners) ||
    !(provisioners as readonly unknown[]).every(
      (provisioner) =>
        isRecord(provisioner) &&
        hasExactly(provisioner, ['local-exec']) &&
        isRecord(provisioner['local-exec']) &&
        isPlainExec(provisioner['local-exec'], condition),
    )
  );
}

const EXEC_KEYS = ['command', 'environment', 'when'];

const isPlainExec = (exec: Record<string, unknown>, condition: 'destroy' | undefined): boolean =>
  exec['when'] === condition && Object.keys(exec).every((key) => EXEC_KEYS.includes(key));

/**
 * Returns the addresses of ownership records that a stack's `removed` blocks take off their devices. Plan JSON has
 * nothing of these blocks, so this reads cdk.tf.json. Terraform 1.11 makes the same JSON for an owner that is
 * decommissioned and for one that is only missing. A block counts only if it holds exactly what `DecommissionedOwner` writes, and
 * if it is the only one for its address.
 */
export function listRemovedOwnerships(configuration: unknown): ReadonlySet<string> {
  const removedBlocks = isRecord(configuration) ? configuration['removed'] : undefined;
  const blocks: readonly unknown[] = Array.isArray(removedBlocks) ? removedBlocks : [removedBlocks];
  const getAddress = (block: unknown): string | undefined =>
    isRecord(block) && typeof block['from'] === 'string' ? block['from'] : undefined;
  return new Set(
    blocks.flatMap((block) => {
      const address = getAddress(block);
      const isOnly = blocks.filter((otherBlock) => getAddress(otherBlock) === address).length === 1;
      return address !== undefined && isOnly && isRecord(block) && isRemovalBlock(block) ? [address] : [];
    }),
  );
}

function isRemovalBlock(block: Record<string, unknown>): boolean {
  const { lifecycle, provisioner } = block;
  const [provisionerBlock, ...moreBlocks] = Array.isArray(provisioner) ? (provisioner as readonly unknown[]) : [];
  const exec = isRecord(provisionerBlock) ? provisionerBlock['local-exec'] : undefined;
  return (
    hasExactly(block, ['from', 'lifecycle', 'provisioner']) &&
    isRecord(lifecycle) &&
    hasExactly(lifecycle, ['destroy']) &&
    lifecycle['destroy'] === true &&
    moreBlocks.length === 0 &&
    isRecord(provisionerBlock) &&
    hasExactly(provisionerBlock, ['local-exec']) &&
    isRecord(exec) &&
    hasExactly(exec, ['command', 'environment', 'when']) &&
    exec['when'] === 'destroy' &&
    startsCliCommand('retract', exec['command']) &&
    findOtherRemovalVariables(exec['environment']).length === 0
  );
}

const hasExactly = (section: Record<string, unknown>, keys: readonly string[]): boolean =>
  Object.keys(section).sort().join() === keys.join();
