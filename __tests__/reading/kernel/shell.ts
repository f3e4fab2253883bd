import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command did. */
export interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const AT_MOST = 20_000;
const LOOP = 'exec <"$0/told" >"$0/said"; while read -r _; do . "$0/command" <"$0/in" >"$0/out" 2>"$0/err"; echo $?; done';
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const later = new Int32Array(new SharedArrayBuffer(4));

/** A shell in a network namespace that runs one command after the other: a program begins from it in half the time that it takes from Jest, whose memory would be copied. */
export class KernelShell {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  private readonly told: number;
  private readonly said: number;

  constructor(namespace: string) {
    const [told, said] = ['told', 'said'].map((name) => join(this.folder, name)) as [string, string];
    execFileSync('mkfifo', [told, said]);
    // Opened for both, neither end waits for the other.
    this.told = openSync(told, constants.O_RDWR);
    this.said = openSync(said, constants.O_RDWR | constants.O_NONBLOCK);
    // That of legacy iptables is one of the whole machine, which doesn't wait for it: another suite may load at the same time.
    const env = { ...process.env, XTABLES_LOCKFILE: join(this.folder, 'xtables-lock') };
    spawn('ip', ['netns', 'exec', namespace, 'sh', '-c', LOOP, this.folder], { stdio: 'ignore', env }).unref();
  }

  run(command: readonly string[], input = ''): Done {
    writeFileSync(join(this.folder, 'in'), input);
    writeFileSync(join(this.folder, 'command'), command.map(quoted).join(' '));
    writeSync(this.told, '\n');
    const status = this.answer(command);
    const [stdout, stderr] = ['out', 'err'].map((name) => readFileSync(join(this.folder, name), 'utf8')) as [string, string];
    return { status, stdout, stderr };
  }

  private answer(command: readonly string[]): number {
    const buffer = Buffer.alloc(16);
    for (const end = Date.now() + AT_MOST; Date.now() < end; Atomics.wait(later, 0, 0, 1))
      try {
        return Number(buffer.toString('latin1', 0, readSync(this.said, buffer)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
    throw new Error(`${command.join(' ')}: no end after ${AT_MOST} ms`);
  }

  end(): void {
    // Then the shell has no more to read.
    for (const pipe of [this.told, this.said]) closeSync(pipe);
    rmSync(this.folder, { recursive: true });
  }
}
