// Runs the program knock.ts in the network of a lab's node, starts it again after the node was restarted, and passes on
// its events.
import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Lab } from '../lab';
import { namespaceOf } from '../namespace';
import type { Knocks, Told } from './knock';
import { program } from './probe-command';

/** Most starts for a machine that never comes back. */
const STARTS = 200;

/**
 * The program knock.ts in a node's network. A machine that is started again has a new network, which the old program
 * isn't in. This is noticed, and the program is started again there, without its sessions.
 */
export class Knocking {
  private child: ChildProcess | undefined;
  private network: string | undefined;
  private starts = 0;
  private stopped = false;
  private readonly looking: NodeJS.Timeout;

  constructor(
    private readonly lab: Lab,
    private readonly node: string,
    private readonly knocks: Knocks,
    private readonly hear: (told: Told) => void,
    /** Called when no program asks on this node, until `started` is called again. */
    private readonly gone: () => void,
  ) {
    this.start();
    // The timer doesn't keep the process alive if a test forgets to stop it.
    this.looking = setInterval(() => this.look(), 100).unref();
  }

  /** Waits about a second for the last knocks, and ends the program. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.looking);
    const child = this.child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      child.on('close', () => {
        clearTimeout(late);
        resolve();
      });
      child.stdin?.end();
    });
  }

  private look(): void {
    // A failed test has forgotten it, and the next lab has networks with the same names.
    if (this.lab.isDown) return void this.stop();
    const network = this.networkNow();
    if (this.child) {
      if (network !== undefined && network !== this.network) this.child.kill('SIGKILL');
    } else if (network !== undefined) this.start({ ...this.knocks, sessions: [] });
  }

  /**
   * Returns an id that tells a machine's network from its next one with the same name. The kernel doesn't reuse the
   * number while this process is in the old one.
   */
  private networkNow(): string | undefined {
    const seen = statSync(join('/run/netns', namespaceOf(this.lab.name, this.node)), { throwIfNoEntry: false });
    return seen && `${seen.dev} ${seen.ino}`;
  }

  private start(knocks = this.knocks): void {
    if (this.starts === STARTS) return;
    this.starts += 1;
    this.network = this.networkNow();
    const [command = '', ...rest] = this.lab.at(this.node, [
      ...program(this.lab.folder, 'knock'),
      JSON.stringify(knocks),
    ]);
    const log = openSync(join(this.lab.folder, `knock-${this.node}.log`), 'a');
    const child = spawn(command, rest, { stdio: ['pipe', 'pipe', log], detached: true });
    closeSync(log);
    this.child = child;
    let line = '';
    let ran = false;
    child.stdin?.on('error', () => undefined);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${line}${text}`.split('\n');
      line = lines.pop() ?? '';
      for (const each of lines) this.hear(JSON.parse(each) as Told);
      ran = true;
    });
    child.on('error', () => undefined);
    child.on('close', () => {
      this.child = undefined;
      // A program that never ran, in a network that was just being created, had nothing to lose.
      if (ran && !this.stopped) this.gone();
    });
  }
}
