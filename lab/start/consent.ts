// Decides whether `npm start` may install packages: by an option, or by asking the person at the terminal.

import { createInterface } from 'node:readline/promises';
import { Arguments } from './arguments';

/** The facts about the person or program that started the command. */
export interface Starter {
  readonly install: Arguments['install'];
  /** Value of the environment variable CI. */
  readonly ci: string | undefined;
  /** True if standard input and standard output are both a terminal. */
  readonly terminal: boolean;
}

/** Returns whether packages may be installed. The answer is `ask` only if there is a person at a terminal. */
export function consentOf({ install, ci, terminal }: Starter): 'yes' | 'no' | 'ask' {
  if (install !== 'decide') return install;
  return terminal && (!ci || ci === 'false') ? 'ask' : 'yes';
}

/** Returns whether an answer is yes. Enter means yes. */
export const isYes = (answer: string): boolean => /^(y(es)?)?$/i.test(answer.trim());

export async function ask(question: string): Promise<boolean> {
  const asker = createInterface({ input: process.stdin, output: process.stdout });
  // While a question waits, readline takes Ctrl-C for itself.
  asker.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return isYes(await asker.question(`${question} [Y/n] `));
  } finally {
    asker.close();
  }
}
