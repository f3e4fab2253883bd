import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Connection, hopsOf } from '../lib/agent-protocol/release';
import { Problem, printable } from '../lib/problems/problem';

/**
 * Keys that ssh would look for in vain: it offers none then, and what it comes to is a login that was refused. `home`: what ssh takes for `~`.
 */
export function missingIdentityFiles(connection: Connection, home = homeHere()): readonly Problem[] {
  // The user's own file may name others, of any hop.
  if (connection.userConfiguration) return [];
  return hopsOf(connection).flatMap(({ host, identityFile }) => {
    const path = identityFile === undefined ? undefined : onDisk(identityFile, home);
    // Of a key in the agent the public half is enough.
    return path === undefined || existsSync(path) || existsSync(`${path}.pub`)
      ? []
      : [missing(host, path, identityFile!)];
  });
}

/** Undefined for another user's: ssh alone knows. */
function onDisk(path: string, home: string | undefined): string | undefined {
  if (!path.startsWith('~')) return resolve(path);
  return path.startsWith('~/') && home !== undefined ? resolve(home, path.slice(2)) : undefined;
}

/** That of the account, as ssh has it, whatever HOME says. Undefined for a user without one. */
function homeHere(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

const missing = (host: string, path: string, wrote: string): Problem => ({
  code: 'driver/no-identity-file',
  where: `connection to ${printable(host)}, identity file`,
  what: `There is no file ${printable(path)}${wrote.startsWith('~') ? ': "~" is the home of whoever runs this' : ''}.`,
  instead: 'the path of a private key on the machine that runs this; or no identityFile, for the keys of the agent.',
});
