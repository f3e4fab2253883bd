// Runs a command of the lab's operator in a pseudo-terminal, for tests of Ctrl-C and of a terminal that is closed.
import { ChildProcess, spawn } from 'node:child_process';
import { RunOptions, until } from './command';
import type { Lab } from './lab';

const CTRL_C = '\x03';

/** A command of the operator in a real terminal. Ctrl-C reaches all processes in the terminal's foreground. */
export class Terminal {
  private said = '';
  private status: number | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly command: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    child.on('error', (error) => {
      this.said += error.message;
      this.status = 127;
    });
    child.on('close', (code) => (this.status = code ?? 128));
  }

  /** Starts a line of shell. The terminal has 200 columns, so that few lines are wrapped. */
  static open(lab: Lab, command: string, { cwd, env }: Pick<RunOptions, 'cwd' | 'env'> = {}): Terminal {
    const [program = '', ...rest] = lab.at('operator', [
      'script',
      '--quiet',
      '--return',
      '--command',
      `stty cols 200 rows 50; ${command}`,
      '/dev/null',
    ]);
    const child = spawn(program, rest, {
      cwd,
      // `script` starts the command by the user's shell, which may be any.
      env: { ...(env ?? process.env), SHELL: '/bin/sh', TERM: 'xterm' },
      stdio: ['pipe', 'pipe', 'ignore'],
      // Outside the process group that Ctrl-C in our own terminal ends.
      detached: true,
    });
    child.stdin?.on('error', () => undefined);
    return new Terminal(child, command);
  }

  /** Returns the output so far, with colours and cursor movements. */
  get output(): string {
    return this.said;
  }

  get running(): boolean {
    return this.status === undefined;
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Presses Ctrl-C. The terminal sends a signal, unless the foreground program has asked for the bare byte. */
  ctrlC(): void {
    this.type(CTRL_C);
  }

  /** Waits for a text in the output. Throws if the command ends before. */
  async shows(text: string | RegExp, seconds = 60): Promise<void> {
    const shown = () => (typeof text === 'string' ? this.said.includes(text) : text.test(this.said));
    await until(`${this.command} shows ${text}`, seconds, async () => shown() || !this.running);
    if (!shown()) throw new Error(`${this.command} ended with ${this.status} without showing ${text}:\n${this.said}`);
  }

  /** Waits for the end and returns the exit status: 128 plus the number of a signal. Throws if it takes longer. */
  async ended(seconds = 60): Promise<number> {
    await until(`${this.command} ends`, seconds, async () => !this.running);
    return this.status ?? 128;
  }

  /** Closes the terminal: its foreground processes get SIGHUP. */
  hangUp(): void {
    this.child.kill('SIGKILL');
  }
}
