// A real sshd on loopback, for tests of the driver's SSH, that runs one given command for each connection.

import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../lib/agent-protocol/release';
import { connectionOf } from './samples';

/** A real sshd on loopback that runs one fixed command for each session. */
export class TestSshd {
  private constructor(
    private readonly sshd: ChildProcess,
    readonly connection: Connection,
  ) {}

  static async start(folder: string, command: string): Promise<TestSshd> {
    const home = mkdtempSync(join(folder, 'sshd-'));
    for (const name of ['host', 'login'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, name)]);
    const port = await freePort();
    mkdirSync('/run/sshd', { recursive: true });
    writeFileSync(
      join(home, 'config'),
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${join(home, 'host')}`,
        'KexAlgorithms curve25519-sha256',
        `AuthorizedKeysFile ${join(home, 'login.pub')}`,
        'StrictModes no',
        'UsePAM no',
        'PidFile none',
        'PermitRootLogin yes',
        // Bash then doesn't take the session for its user's first shell, and doesn't read the .bashrc of the user who
        // runs the tests.
        'SetEnv SHLVL=1',
        'MaxStartups 100',
        'PrintMotd no',
        'PrintLastLog no',
        `ForceCommand exec ${command}`,
        '',
      ].join('\n'),
    );
    const log = openSync(join(home, 'log'), 'a');
    const sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(home, 'config')], {
      stdio: ['ignore', 'ignore', log],
    });
    closeSync(log);
    await untilAnswers(port, join(home, 'log'));
    const hostKeys = [readFileSync(join(home, 'host.pub'), 'utf8').trim()];
    return new TestSshd(sshd, connectionOf({ port, hostKeys, identityFile: join(home, 'login') }));
  }

  stop(): void {
    this.sshd.kill('SIGKILL');
  }
}

/** Throws with sshd's log if it doesn't answer. */
export async function untilAnswers(port: number, log: string): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end;) {
    if ((await greetingOf(port)).startsWith('SSH-')) return;
    await sleep(50);
  }
  throw new Error(`the test's sshd does not answer: ${readFileSync(log, 'utf8')}`);
}

/** Returns the first text of a server, or nothing. It uses no program, since sshd takes some tries to start. */
const greetingOf = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(10_000, () => socket.destroy());
    socket.once('data', (said) => {
      resolve(said.toString('latin1'));
      socket.destroy();
    });
    socket.once('error', () => undefined).once('close', () => resolve(''));
  });

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
