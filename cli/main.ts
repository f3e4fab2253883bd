#!/usr/bin/env node
import { CommanderError } from 'commander';
import { allowWorkOf } from '../driver/work-allowed';
import { Refusal } from '../lib/problems/problem';
import { program } from './commands';

/** Somebody who has read enough (`| head`) is no mistake; what else is wrong with an output is. */
function unwritten(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The output could not be written: ${error.message}\n`);
  // Whatever the command comes to.
  process.once('exit', () => (process.exitCode = 2));
}

async function main(): Promise<void> {
  process.stdout.on('error', unwritten);
  // There is nobody left to tell.
  process.stderr.on('error', () => undefined);
  allowWorkOf(process.env);
  await program(process.argv.slice(2)).parseAsync();
}

main().catch((error: unknown) => {
  // Never a stack: what is wrong with the input is a Refusal, what is wrong with the arguments commander has said already.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    process.stderr.write(
      `${error instanceof Refusal ? error.message : `unforeseen: ${error instanceof Error ? error.message : String(error)}`}\n`,
    );
    process.exitCode = 2;
  }
});
