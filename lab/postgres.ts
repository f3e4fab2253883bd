import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, run, until } from './command';
import type { Lab } from './lab';

const RELEASES = '/usr/lib/postgresql';

/** PostgreSQL refuses to run as root; Debian's package makes this user. */
const USER = 'postgres';

/** Where the newest installed release has its programs; undefined where none is installed. */
export function postgresPrograms(): string | undefined {
  return (existsSync(RELEASES) ? readdirSync(RELEASES) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((release) => join(RELEASES, release, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')));
}

export interface Postgres {
  /** For PG_CONN_STR. It has the password in it. Of use in the operator's namespace only. */
  readonly connection: string;
  /** In order, waiting for no client. What nobody stops ends with the lab. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of the lab's own, for Terraform's `pg` back end: its data in the lab's folder, listening on the operator's loopback
 * alone. The cluster that the distribution may have made is neither used nor started. Throws where none is installed.
 */
export async function startPostgres(lab: Lab): Promise<Postgres> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql');
  const folder = join(lab.folder, 'postgres');
  const [data, passwordFile, log] = ['data', 'password', 'log'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const password = randomBytes(16).toString('hex');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  await must(['chown', '-R', `${USER}:`, folder]);
  const as = (argv: readonly string[]) => ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--init-groups', ...argv];
  const authentication = ['--auth=scram-sha-256', `--username=${USER}`, `--pwfile=${passwordFile}`];
  // Nothing here has to survive this machine.
  await must(
    as([join(programs, 'initdb'), '-D', data, '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', ...authentication]),
    {
      cwd: '/',
    },
  );
  rmSync(passwordFile);

  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=16MB'];
  const server = as([join(programs, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
  // Its shared memory is in a space of its own, so that nothing is left of it even when it is killed.
  const [program = '', ...rest] = lab.at('operator', ['unshare', '--ipc', ...server]);
  const output = openSync(log, 'a');
  const child = spawn(program, rest, { cwd: '/', stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()).on('error', () => resolve()));
  await until(`PostgreSQL answers (see ${log})`, 30, async () => {
    const { status } = await run(lab.at('operator', [join(programs, 'pg_isready'), '-q', '-h', '127.0.0.1']));
    return status === 0;
  });
  return {
    connection: `postgres://${USER}:${password}@127.0.0.1:5432/postgres?sslmode=disable`,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}
