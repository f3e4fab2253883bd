// Starts a PostgreSQL server in the operator's network of a lab, for tests with Terraform's `pg` backend.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, run, until } from './command';
import type { Lab } from './lab';

const RELEASES = '/usr/lib/postgresql';

/** PostgreSQL refuses to run as root; Debian's package creates this user. */
const USER = 'postgres';

/** Returns the folder of the newest installed release's programs; undefined if none is installed. */
export function postgresPrograms(): string | undefined {
  return (existsSync(RELEASES) ? readdirSync(RELEASES) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((release) => join(RELEASES, release, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')));
}

export interface Postgres {
  /** Value for PG_CONN_STR, with the password. It works only in the operator's namespace. */
  readonly connection: string;
  /** Stops it in order, without waiting for clients. The lab's end stops it otherwise. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of the lab's own for Terraform's `pg` backend. Its data is in the lab's folder, and it listens
 * only on the operator's loopback. A cluster of the distribution is neither used nor started. Throws if PostgreSQL
 * isn't installed.
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
  // The data need not survive this machine.
  await must(
    as([join(programs, 'initdb'), '-D', data, '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', ...authentication]),
    {
      cwd: '/',
    },
  );
  rmSync(passwordFile);

  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=16MB'];
  const server = as([join(programs, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
  // Its shared memory is in a namespace of its own, so that a kill leaves nothing of it.
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
