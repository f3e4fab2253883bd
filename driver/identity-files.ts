import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Connection, listHops } from '../lib/agent-protocol/release';
import { Problem, escapeForDisplay } from '../lib/problems/problem';

/**
 * Keys that ssh would look for in vain: it offers none then, and what it comes to is a login that was refused. `home`: what ssh takes for `~`.
 */
export function findMissingIdentityFiles(connection: Connection, home = findHome()): readonly Problem[] {
  // The user's own file may name others, of any hop.
  if (connection.userConfiguration) return [];
  return listHops(connection).flatMap(({ host, identityFile }) => {
    const path = identityFile === undefined ? undefined : resolvePath(identityFile, home);
    // Of a key in the agent the public half is enough.
    return path === undefined || existsSync(path) || existsSync(`${path}.pub`)
      ? []
      : [missing(host, path, identityFile!)];
  });
}

/** Undefined for another user's: ssh alone knows. */
function resolvePath(path: string, home: string | undefined): string | undefined {
  if (!path.startsWith('~')) return resolve(path);
  return path.startsWith('~/') && home !== undefined ? resolve(home, path.slice(2)) : undefined;
}

/** That of the account, as ssh has it, whatever HOME says. Undefined for a user without one. */
function findHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

const missing = (host: string, path: string, wrote: string): Problem => ({
  code: 'driver/no-identity-file',
  where: `connection to ${escapeForDisplay(host)}, identity file`,
  what: `There is no file ${escapeForDisplay(path)}${wrote.startsWith('~') ? ': "~" is the home of whoever runs this' : ''}.`,
  instead: 'the path of a private key on the machine that runs this; or no identityFile, for the keys of the agent.',
});
