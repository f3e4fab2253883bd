#!/usr/bin/env node
import { join, sep } from 'node:path';
import type { CommanderError } from 'commander';
import { applyStepBudget } from '../driver/step-budget';
import { printDisplayJson } from '../lib/problems/print-json';
import { Refusal } from '../lib/problems/problem';
import type * as Commands from './commands';

/** Somebody who has read enough (`| head`) is no mistake; what else is wrong with an output is. */
function reportUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The output could not be written: ${error.message}\n`);
  // Whatever the command comes to.
  process.once('exit', () => (process.exitCode = 2));
}

async function main(): Promise<void> {
  process.stdout.on('error', reportUnwritten);
  // There is nobody left to tell.
  process.stderr.on('error', () => undefined);
  applyStepBudget(process.env);
  // Not above: of packages that aren't there nobody could say it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
  const { createProgram: program } = require('./commands') as typeof Commands;
  await program(process.argv.slice(2)).parseAsync();
}

const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');

/** A package that Node doesn't find, by its name, or a file beside this code. Of what somebody named a Refusal says that it isn't there. */
function findMissing(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (error.code === 'MODULE_NOT_FOUND')
    return /^Cannot find module '([^']*)'/.exec(error.message)?.[1] ?? error.message;
  const path = error.code === 'ENOENT' && 'path' in error ? String(error.path) : '';
  return path.startsWith(join(__dirname, '..', sep)) ? path : undefined;
}

const notInstalled = (where: string): Refusal =>
  new Refusal([
    {
      code: 'cli/not-installed',
      where,
      what: 'Node doesn’t find it: cpanel-edge is here without the packages that it needs, or without its own files.',
      instead:
        'npm ci in the folder of the project; of a copy elsewhere, its node_modules beside it; where it was bundled, leave it out of the bundle.',
    },
  ]);

/** Never a stack: what is wrong with the input is a Refusal. */
function formatError(error: unknown): string {
  const where = findMissing(error);
  if (where !== undefined) return notInstalled(where).message;
  return error instanceof Refusal
    ? error.message
    : `unforeseen: ${error instanceof Error ? error.message : String(error)}`;
}

/** A program looks for what is wrong where it looks for the answer. */
const asksForJson = (words: readonly string[]): boolean =>
  words.some((word, at) => /^--(json|format=json)$/.test(word) || (word === '--format' && words[at + 1] === 'json'));

main().catch((error: unknown) => {
  if (error instanceof Refusal && asksForJson(process.argv.slice(2)))
    process.stdout.write(`${printDisplayJson({ format: 1, problems: error.problems })}\n`);
  // Help that was printed.
  if (!isCommanderError(error)) process.stderr.write(`${formatError(error)}\n`);
  process.exitCode = isCommanderError(error) && error.exitCode === 0 ? 0 : 2;
});
