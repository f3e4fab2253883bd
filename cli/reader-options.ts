// The options of commands that only read, for an account of their own: see `bootstrap --reader`.

import { Command, InvalidArgumentError } from 'commander';
import { Connection } from '../lib/agent-protocol/release';

/** An account in place of the intent's, such as one that may only read: see `bootstrap --reader`. */
export interface ReaderOptions {
  readonly user?: string;
  readonly identityFile?: string;
}

export const parseLoginUser = (text: string): string => {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(text))
    throw new InvalidArgumentError('a user name of letters, digits, "_" and "-".');
  return text;
};

export const addReaderOptions = (command: Command): Command =>
  command
    .option(
      '--user <name>',
      'log in as this user instead: one that may only read is enough (bootstrap --reader)',
      parseLoginUser,
    )
    .option('--identity-file <file>', 'private key of that user');

/** Returns the connection with the reader's account. Jump hosts stay as in the intent. */
export const applyReader = (connection: Connection, { user, identityFile }: ReaderOptions): Connection => ({
  ...connection,
  ...(user === undefined ? {} : { user }),
  ...(identityFile === undefined ? {} : { identityFile }),
});
