#!/usr/bin/env node
// The command `cpanel-edge`. In: words and options, files, standard input, and devices by way of driver. Out: a report
// on standard output, problems on standard error, and an exit status. Each command is a file of this folder;
// commands.ts lists them.
import { join, sep } from 'node:path';
import type { CommanderError } from 'commander';
import { applyStepBudget } from '../driver/step-budget';
import { JSON_SCHEMA, printDisplayJson } from '../lib/problems/print-json';
import { Refusal } from '../lib/problems/problem';
import type * as Commands from './commands';

/** Reports a failed output. A closed pipe (`| head`) is no failure: the reader has read enough. */
function reportUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The output could not be written: ${error.message}\n`);
  // It overrides the exit status of the command.
  process.once('exit', () => (process.exitCode = 2));
}

async function main(): Promise<void> {
  process.stdout.on('error', reportUnwritten);
  // No output is left to report it on.
  process.stderr.on('error', () => undefined);
  applyStepBudget(process.env);
  // It is required here and not above: a failed import at the top could not be reported as cli/not-installed.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
  const { createProgram: program } = require('./commands') as typeof Commands;
  await program(process.argv.slice(2)).parseAsync();
}

const isCommanderError = (error: unknown): error is CommanderError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');

/**
 * Returns the name of the package that Node doesn't find, or the path of a missing file of this package. A Refusal
 * reports a missing file that the operator named.
 */
function findMissing(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  if (error.code === 'MODULE_NOT_FOUND')
    return /^Cannot find module '([^']*)'/.exec(error.message)?.[1] ?? error.message;
  const path = error.code === 'ENOENT' && 'path' in error ? String(error.path) : '';
  return path.startsWith(join(__dirname, '..', sep)) ? path : undefined;
}

const createNotInstalledProblem = (where: string): Refusal =>
  new Refusal([
    {
      code: 'cli/not-installed',
      where,
      what: 'Node doesn’t find it: cpanel-edge is here without the packages that it needs, or without its own files.',
      instead:
        'npm ci in the folder of the project; of a copy elsewhere, its node_modules beside it; where it was bundled, leave it out of the bundle.',
    },
  ]);

/** Returns the message of an error, never its stack: wrong input is a Refusal. */
function formatError(error: unknown): string {
  const missingModule = findMissing(error);
  if (missingModule !== undefined) return createNotInstalledProblem(missingModule).message;
  return error instanceof Refusal
    ? error.message
    : `unforeseen: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * Returns whether JSON is asked for: a program expects the problems where it expects the answer, on standard output.
 */
const asksForJson = (words: readonly string[]): boolean =>
  words.some(
    (word, index) => /^--(json|format=json)$/.test(word) || (word === '--format' && words[index + 1] === 'json'),
  );

main().catch((error: unknown) => {
  if (error instanceof Refusal && asksForJson(process.argv.slice(2)))
    process.stdout.write(`${printDisplayJson({ schema: JSON_SCHEMA, problems: error.problems })}\n`);
  // Commander has printed its own message, or the help, already.
  if (!isCommanderError(error)) process.stderr.write(`${formatError(error)}\n`);
  process.exitCode = isCommanderError(error) && error.exitCode === 0 ? 0 : 2;
});
