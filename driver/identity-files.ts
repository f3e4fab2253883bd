// Checks that the SSH key files of a connection exist on this machine.

import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { Connection, listHops } from '../lib/agent-protocol/release';
import { Problem, escapeForDisplay } from '../lib/problems/problem';

/**
 * Returns a problem for each key file that doesn't exist: ssh then offers no key, and the login is refused. `home`:
 * ssh's value of `~`.
 */
export function findMissingIdentityFiles(connection: Connection, home = findHome()): readonly Problem[] {
  // The user's own file may name other keys, for any hop.
  if (connection.userConfiguration) return [];
  return listHops(connection).flatMap(({ host, identityFile }) => {
    const path = identityFile === undefined ? undefined : resolvePath(identityFile, home);
    // For a key in the agent the public half is enough.
    return path === undefined || existsSync(path) || existsSync(`${path}.pub`)
      ? []
      : [createMissingFileProblem(host, path, identityFile!)];
  });
}

/** Returns the path; undefined for another user's home, which only ssh knows. */
function resolvePath(path: string, home: string | undefined): string | undefined {
  if (!path.startsWith('~')) return resolve(path);
  return path.startsWith('~/') && home !== undefined ? resolve(home, path.slice(2)) : undefined;
}

/** Returns the account's home, like ssh, whatever HOME says. Undefined for a user without one. */
function findHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

const createMissingFileProblem = (host: string, path: string, writtenPath: string): Problem => ({
  code: 'driver/no-identity-file',
  where: `connection to ${escapeForDisplay(host)}, identity file`,
  what: `There is no file ${escapeForDisplay(path)}${writtenPath.startsWith('~') ? ': "~" is the home of the user who runs this' : ''}.`,
  instead: 'the path of a private key on the machine that runs this; or no identityFile, for the keys of the agent.',
});
