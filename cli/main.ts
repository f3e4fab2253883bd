#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { allowWorkOf } from '../driver/work-allowed';
import { Refusal } from '../lib/problems/problem';
import { accept } from './accept';
import { bootstrap } from './bootstrap';
import { capture } from './capture';
import { deliver } from './deliver';
import { doctor } from './doctor';
import { exposure } from './exposure';
import { forget } from './forget';
import { importCommand } from './import';
import { retract } from './retract';
import { review } from './review';
import { verify } from './verify';
import { version } from './version';

const program = new Command('cpanel-edge')
  .description('Gives public addresses to cPanel & WHM servers behind a firewall, and proves what that exposes.')
  .version(version())
  .exitOverride()
  .showHelpAfterError();

for (const command of [review, exposure, verify, doctor, capture, importCommand, accept, forget, retract, bootstrap, deliver])
  program.addCommand(command.exitOverride());

async function main(): Promise<void> {
  allowWorkOf(process.env);
  await program.parseAsync();
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
