import { ADOPT_VARIABLE, LEASE_VARIABLE, WORK_VARIABLE, isRecord } from '../../agent-protocol/codec';
import { printValue } from './differences';

/** Whether a command starts this package's own program for this verb, and nothing else. */
export const starts = (verb: 'deliver' | 'retract', command: unknown): boolean => started(command)?.verb === verb;

/** What a command starts of this package, by its path. As the stack has it: templates escaped. */
export function started(command: unknown): { readonly verb: string; readonly path: string } | undefined {
  const found = typeof command === 'string' ? /^exec \$\$\{CPANEL_EDGE:-(.+)\} ([a-z]+)$/.exec(command) : null;
  const [, word = '', verb = ''] = found ?? [];
  // As the shell would read it: one word, plain or in single quotes.
  const isOurs = /^(?:[\w./@+-]+|'(?:[^']|'\\'')+')$/.test(word) && /dist\/cli\/main\.js'?$/.test(word);
  return isOurs ? { verb, path: word.startsWith("'") ? word.slice(1, -1).split(`'\\''`).join("'") : word } : undefined;
}

const RETRACT = { CPANEL_EDGE_RETRACT: '${jsonencode(self.input)}', CPANEL_EDGE_LEASE: '${self.id}' };

/** Variables that `retract` doesn't need, or needs with another value: a variable can name another program, or what node loads first. */
export function findForeignOrders(environment: unknown): readonly string[] {
  const given: Record<string, unknown> = isRecord(environment) ? environment : {};
  return [
    ...Object.keys(given).filter((key) => !Object.hasOwn(RETRACT, key)),
    ...Object.entries(RETRACT).flatMap(([key, value]) =>
      Object.hasOwn(given, key) && given[key] === value ? [] : [key],
    ),
  ];
}

/** Variables that `deliver` doesn't read. */
export const findForeignVariables = (environment: Record<string, unknown>): readonly string[] =>
  Object.keys(environment).filter((key) => key !== LEASE_VARIABLE && key !== ADOPT_VARIABLE && !isPiece(key));

const isPiece = (key: string): boolean =>
  key.startsWith(WORK_VARIABLE) && /^\d{1,2}$/.test(key.slice(WORK_VARIABLE.length));

/** Names of pieces of work that the first piece doesn't count. */
export function findSparePieces(environment: Record<string, unknown>): readonly string[] {
  const count = /^\d+/.exec(printValue(environment[`${WORK_VARIABLE}0`]))?.[0];
  const counted = new Set(
    Array.from({ length: Math.min(99, Number(count ?? 0)) }, (_, nth) => `${WORK_VARIABLE}${nth}`),
  );
  return Object.keys(environment).filter((key) => isPiece(key) && !counted.has(key));
}

/**
 * Whether the stack runs a resource's provisioner at another time than cpanel-edge does, or lets its failure pass. Plan JSON has neither
 * `when` nor `on_failure`. False where the stack has no such resource: it is a module's. Terraform takes a resource, or its provisioners, in other forms
 * of JSON, too, which we don't write.
 */
export function runsOtherwise(
  stack: unknown,
  { type, name }: { readonly type: string; readonly name: string },
  when?: 'destroy',
): boolean {
  const all = isRecord(stack) && isRecord(stack['resource']) ? stack['resource'][type] : undefined;
  if (!isRecord(all) || !Object.hasOwn(all, name)) return false;
  const resource = all[name];
  const provisioners = isRecord(resource) ? (resource['provisioner'] ?? []) : undefined;
  return (
    !Array.isArray(provisioners) ||
    !(provisioners as readonly unknown[]).every(
      (one) =>
        isRecord(one) &&
        hasExactly(one, ['local-exec']) &&
        isRecord(one['local-exec']) &&
        runsAt(one['local-exec'], when),
    )
  );
}

const EXPRESSIONS = ['command', 'environment', 'when'];

const runsAt = (exec: Record<string, unknown>, when: 'destroy' | undefined): boolean =>
  exec['when'] === when && Object.keys(exec).every((key) => EXPRESSIONS.includes(key));

/**
 * Addresses of holders that a stack's `removed` blocks take off their devices. Plan JSON has nothing of these blocks (tried with
 * Terraform 1.11: an owner that is retired and one that is only missing make the same JSON), so this looks at cdk.tf.json. A block counts
 * only if it holds exactly what `Retired` writes, and if it is the only one for its address.
 */
export function retiredHolders(configuration: unknown): ReadonlySet<string> {
  const removed = isRecord(configuration) ? configuration['removed'] : undefined;
  const blocks: readonly unknown[] = Array.isArray(removed) ? removed : [removed];
  const from = (block: unknown): string | undefined =>
    isRecord(block) && typeof block['from'] === 'string' ? block['from'] : undefined;
  return new Set(
    blocks.flatMap((block) => {
      const address = from(block);
      const isOnly = blocks.filter((other) => from(other) === address).length === 1;
      return address !== undefined && isOnly && isRecord(block) && retracts(block) ? [address] : [];
    }),
  );
}

function retracts(block: Record<string, unknown>): boolean {
  const { lifecycle, provisioner } = block;
  const [only, ...more] = Array.isArray(provisioner) ? (provisioner as readonly unknown[]) : [];
  const exec = isRecord(only) ? only['local-exec'] : undefined;
  return (
    hasExactly(block, ['from', 'lifecycle', 'provisioner']) &&
    isRecord(lifecycle) &&
    hasExactly(lifecycle, ['destroy']) &&
    lifecycle['destroy'] === true &&
    more.length === 0 &&
    isRecord(only) &&
    hasExactly(only, ['local-exec']) &&
    isRecord(exec) &&
    hasExactly(exec, ['command', 'environment', 'when']) &&
    exec['when'] === 'destroy' &&
    starts('retract', exec['command']) &&
    findForeignOrders(exec['environment']).length === 0
  );
}

const hasExactly = (of: Record<string, unknown>, names: readonly string[]): boolean =>
  Object.keys(of).sort().join() === names.join();
