// Simulates a fleet of devices for the benchmark of `verify`: one sshd in a network namespace, with a loopback address
// for each device.
import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PORT = 22;

/**
 * Hundreds of devices: one real sshd in a network namespace of its own. For each address of loopback it answers with
 * the recorded output of the agent there (programs/devices.ts). The time of the agent is left out: each device of a
 * fleet has a processor of its own.
 */
export class Devices {
  private constructor(
    readonly namespace: string,
    private readonly sshd: ChildProcess,
  ) {}

  /** Starts sshd for a folder that has the answers, and the keys that the stacks name. */
  static start(folder: string, namespace: string): Devices {
    const ip = (...args: readonly string[]): void =>
      void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    ip('netns', 'add', namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
    mkdirSync('/run/sshd', { recursive: true });
    const config = [
      `Port ${PORT}`,
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'login.pub')}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'PermitRootLogin yes',
      'MaxStartups 100',
      'PrintMotd no',
      'PrintLastLog no',
      // The answer is chosen by the address that was connected to, and by the last word of the command.
      `ForceCommand set -- $SSH_CONNECTION; exec cat "${folder}/$3/\${SSH_ORIGINAL_COMMAND##* }"`,
    ];
    writeFileSync(join(folder, 'sshd_config'), `${config.join('\n')}\n`);
    const log = openSync(join(folder, 'sshd.log'), 'a');
    const sshd = spawn(
      'ip',
      ['netns', 'exec', namespace, '/usr/sbin/sshd', '-D', '-e', '-f', join(folder, 'sshd_config')],
      {
        stdio: ['ignore', 'ignore', log],
      },
    );
    closeSync(log);
    return new Devices(namespace, sshd);
  }

  stop(): void {
    this.sshd.kill('SIGKILL');
    execFileSync('ip', ['netns', 'del', this.namespace]);
  }
}

/** Makes the host key and the login key that all devices share. */
export function keysIn(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['host', 'login'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
}
