import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A `ssh` that reaches nobody, and keeps what it was started with: after so many seconds, which begin once there have been so many of it, however
 * slow the machine is.
 */
export class SshStandIn {
  readonly path: string;

  constructor(
    private readonly folder: string,
    seconds = 0,
    together = 1,
  ) {
    mkdirSync(folder);
    this.path = `${folder}:${process.env['PATH']}`;
    const others = `n=0; while [ $n -lt 100 ] && [ "$(grep -c begun ${folder}/log)" -lt ${together} ]; do sleep 0.1; n=$((n + 1)); done`;
    const asked = `cat "$2" >>${folder}/configurations; echo begun >>${folder}/log; ${others}; sleep ${seconds}; echo ended >>${folder}/log`;
    writeFileSync(
      join(folder, 'ssh'),
      `#!/bin/sh\n[ "$1" != -V ] || { echo OpenSSH_9.2p1 >&2; exit 0; }\n${asked}\necho 'Connection refused' >&2\nexit 255\n`,
    );
    chmodSync(join(folder, 'ssh'), 0o755);
  }

  /** What it was to read, of all connections. */
  configurations(): string {
    return readFileSync(join(this.folder, 'configurations'), 'utf8');
  }

  /** How many connections there were at once, at most. */
  atOnce(): number {
    let [now, most] = [0, 0];
    for (const word of readFileSync(join(this.folder, 'log'), 'utf8').trim().split('\n')) {
      now += word === 'begun' ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  }
}
