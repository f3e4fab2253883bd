import { isRecord } from '../../delivering/codec';

/** Whether a command starts this package's own program for this verb, and nothing else. As the stack has it: templates escaped. */
export function starts(verb: 'deliver' | 'retract', command: unknown): boolean {
  const found = typeof command === 'string' ? /^exec \$\$\{CPANEL_EDGE:-(.+)\} ([a-z]+)$/.exec(command) : null;
  // As the shell would read it: one word, plain or in single quotes.
  return found?.[2] === verb && /^(?:[\w./@+-]+|'(?:[^']|'\\'')+')$/.test(found[1]!) && /dist\/cli\/main\.js'?$/.test(found[1]!);
}

const RETRACT = { CPANEL_EDGE_RETRACT: '${jsonencode(self.input)}', CPANEL_EDGE_LEASE: '${self.id}' };

/** Whether these are the orders that `retract` needs. */
export const isRetractOrder = (environment: unknown): boolean =>
  isRecord(environment) && Object.entries(RETRACT).every(([key, value]) => environment[key] === value);

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
    exec['when'] === 'destroy' &&
    starts('retract', exec['command']) &&
    isRetractOrder(exec['environment'])
  );
}
