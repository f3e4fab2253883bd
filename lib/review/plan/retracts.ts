import { ADOPT_VARIABLE, LEASE_VARIABLE, WORK_VARIABLE, isRecord } from '../../delivering/codec';

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

/** Whether these are the orders that `retract` needs, and nothing else: a variable can name another program, or what node loads first. */
export const isRetractOrder = (environment: unknown): boolean =>
  isRecord(environment) &&
  Object.keys(environment).every((key) => Object.hasOwn(RETRACT, key)) &&
  Object.entries(RETRACT).every(([key, value]) => environment[key] === value);

/** Whether an environment holds nothing but what `deliver` is told. */
export const isDeliverOrder = (environment: Record<string, unknown>): boolean =>
  Object.keys(environment).every(
    (key) =>
      key === LEASE_VARIABLE ||
      key === ADOPT_VARIABLE ||
      (key.startsWith(WORK_VARIABLE) && /^\d{1,2}$/.test(key.slice(WORK_VARIABLE.length))),
  );

/**
 * Whether the stack runs a resource's provisioner at another time than cpanel-edge does, or lets its failure pass. Plan JSON has neither
 * `when` nor `on_failure`. False where the stack has no such resource: it is a module's.
 */
export function runsOtherwise(stack: unknown, { type, name }: { readonly type: string; readonly name: string }, when?: 'destroy'): boolean {
  const all = isRecord(stack) && isRecord(stack['resource']) ? stack['resource'][type] : undefined;
  const resource = isRecord(all) && Object.hasOwn(all, name) ? all[name] : undefined;
  const provisioners = isRecord(resource) ? resource['provisioner'] : undefined;
  return (
    Array.isArray(provisioners) &&
    !(provisioners as readonly unknown[]).every((one) => isRecord(one) && isRecord(one['local-exec']) && runsAt(one['local-exec'], when))
  );
}

const EXPRESSIONS = ['command', 'environment', 'when'];

const runsAt = (exec: Record<string, unknown>, when: 'destroy' | undefined): boolean =>
  exec['when'] === when && Object.keys(exec).every((key) => EXPRESSIONS.includes(key));

/**
 * Addresses of holders that a stack's `removed` blocks take off their devices. Plan JSON has nothing of these blocks (tried with
 * Terraform 1.11: an owner that is retired and one that is only missing make the same JSON), so this looks at cdk.tf.json.
 */
export function retiredHolders(configuration: unknown): ReadonlySet<string> {
  const removed = isRecord(configuration) ? configuration['removed'] : undefined;
  const blocks: readonly unknown[] = Array.isArray(removed) ? removed : [removed];
  return new Set(
    blocks.flatMap((block) => (isRecord(block) && typeof block['from'] === 'string' && retracts(block) ? [block['from']] : [])),
  );
}

function retracts({ lifecycle, provisioner }: Record<string, unknown>): boolean {
  const destroys = isRecord(lifecycle) && lifecycle['destroy'] === true;
  const [only, ...more] = Array.isArray(provisioner) ? (provisioner as readonly unknown[]) : [];
  const exec = isRecord(only) ? only['local-exec'] : undefined;
  return (
    destroys &&
    more.length === 0 &&
    isRecord(exec) &&
    runsAt(exec, 'destroy') &&
    starts('retract', exec['command']) &&
    isRetractOrder(exec['environment'])
  );
}
