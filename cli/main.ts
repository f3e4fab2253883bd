#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { allowWorkOf } from '../driver/work-allowed';
import { Refusal } from '../lib/problems/problem';
import { version } from './version';

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a file of this package */
/** Each is loaded when it is asked for: Terraform starts `deliver` for every release, and that needs little of the rest. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  init: () => (require('./init') as typeof import('./init')).init,
  review: () => (require('./review') as typeof import('./review')).review,
  exposure: () => (require('./exposure') as typeof import('./exposure')).exposure,
  text: () => (require('./text') as typeof import('./text')).text,
  explain: () => (require('./explain') as typeof import('./explain')).explain,
  verify: () => (require('./verify') as typeof import('./verify')).verify,
  doctor: () => (require('./doctor') as typeof import('./doctor')).doctor,
  capture: () => (require('./capture') as typeof import('./capture')).capture,
  import: () => (require('./import') as typeof import('./import')).importCommand,
  accept: () => (require('./accept') as typeof import('./accept')).accept,
  forget: () => (require('./forget') as typeof import('./forget')).forget,
  retract: () => (require('./retract') as typeof import('./retract')).retract,
  bootstrap: () => (require('./bootstrap') as typeof import('./bootstrap')).bootstrap,
  deliver: () => (require('./deliver') as typeof import('./deliver')).deliver,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The one that the first word names, and all of them where it is help that is asked for, or none. */
function program([first = '']: readonly string[]): Command {
  const all = new Command('cpanel-edge')
    .description('Gives public addresses to cPanel & WHM servers behind a firewall, and proves what that exposes.')
    .version(version())
    .exitOverride()
    .showHelpAfterError();
  const named = Object.hasOwn(COMMANDS, first) ? [COMMANDS[first]!] : Object.values(COMMANDS);
  for (const load of named) all.addCommand(load().exitOverride());
  return all;
}

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
