// Parses the command lines of `npm test`, `npm run test:full` and `npm run test:slice` into the task to run.

import { parseArgs } from 'node:util';
import { STEPS } from './steps';

export type Task =
  | { readonly kind: 'quick' | 'full'; readonly steps: readonly string[] }
  | { readonly kind: 'changed'; readonly since: string }
  | { readonly kind: 'slice'; readonly minutes: number; readonly seed: number | undefined };

export const USAGE = `npm test                 the quick tier, ten minutes
npm test -- --changed [COMMIT]   types, and lint and unit suites of what has changed since COMMIT (HEAD)
npm run test:full        everything, about an hour
npm run test:slice -- --minutes N [--seed S]   a part of the full tier; the next seed is the next part

With npm test and npm run test:full:
  --only STEP,...        these steps alone
  --since STEP           this step and all after it

Steps: ${STEPS.map(({ name }) => name).join(', ')}
`;

/** Returns the task of a command line, or a text with what is wrong with it. */
export function parseTask([kind = '', ...args]: readonly string[]): Task | string {
  if (kind === 'slice') return parseSlice(args);
  if (kind !== 'quick' && kind !== 'full') return `The tier is quick, full or slice, not "${kind}".`;
  if (args[0] === '--changed')
    return kind === 'quick' && args.length <= 2 ? { kind: 'changed', since: args[1] ?? 'HEAD' } : WRONG_CHANGED;
  const read = parse(args, { only: { type: 'string' }, since: { type: 'string' } });
  if (typeof read === 'string') return read;
  const { only, since } = read;
  if (only !== undefined && since !== undefined) return '--only and --since exclude each other.';
  const names = STEPS.filter(({ tiers }) => tiers.includes(kind)).map(({ name }) => name);
  const wanted = only?.split(',') ?? (since === undefined ? [] : [since]);
  const wrong = wanted.filter((name) => !names.includes(name));
  if (wrong.length > 0) return `${wrong.join(', ')}: no such step. The ${kind} tier has ${names.join(', ')}.`;
  return { kind, steps: only !== undefined ? wanted : since !== undefined ? names.slice(names.indexOf(since)) : names };
}

const WRONG_CHANGED = 'npm test -- --changed [COMMIT] takes one commit and nothing else.';

function parseSlice(args: readonly string[]): Task | string {
  const read = parse(args, { minutes: { type: 'string' }, seed: { type: 'string' } });
  if (typeof read === 'string') return read;
  const { minutes, seed } = read;
  if (minutes === undefined || !/^[1-9][0-9]{0,2}$/.test(minutes))
    return '--minutes takes a whole number from 1 to 999, and has to be given.';
  if (seed !== undefined && !/^[0-9]{1,9}$/.test(seed)) return '--seed takes a whole number.';
  return { kind: 'slice', minutes: Number(minutes), seed: seed === undefined ? undefined : Number(seed) };
}

function parse<Name extends string>(
  args: readonly string[],
  options: Readonly<Record<Name, { readonly type: 'string' }>>,
): Readonly<Partial<Record<Name, string>>> | string {
  try {
    return parseArgs({ args: [...args], options }).values as Partial<Record<Name, string>>;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
