import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a command did. */
export interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Seconds. No command of a test takes as long, and nothing else would end one that hangs: the process waits for it. */
const AT_MOST = 300;
const NAP = new Int32Array(new SharedArrayBuffer(4));

/** A pipe to a child, or from it, which is there. `waits`: whether who reads of it waits for something to read. */
function pipe(path: string, waits: boolean): readonly [read: number, write: number] {
  // Neither end opens without the other one.
  const both = openSync(path, 'r+');
  const ends = [openSync(path, constants.O_RDONLY | (waits ? 0 : constants.O_NONBLOCK)), openSync(path, 'w')] as const;
  closeSync(both);
  return ends;
}

/** In the folder $0, whose file `asked` is a command. Each has files of its own: what it leaves behind may still write. */
const WAITS = 'while read -r n; do (. "$0/asked") <"$0/in" >"$0/out-$n" 2>"$0/err-$n" 3<&- 4>&-; echo $? >&4; done <&3';

/**
 * A shell that waits for commands, each of which has a subshell. A program begins from it in a fraction of the time that it takes from Jest, whose memory
 * would be copied; and namespaces are entered once.
 */
export class ResidentShell {
  private commands = 0;

  private constructor(
    private readonly folder: string,
    private readonly asks: number,
    private readonly hears: number,
  ) {}

  /** `within`: a program and its words, that start what is behind them. Files of its own are in `folder`. */
  static start(folder: string, [program, ...words]: readonly [string, ...string[]]): ResidentShell {
    execFileSync('mkfifo', ['asks', 'hears'], { cwd: folder });
    const [asked, asks] = pipe(join(folder, 'asks'), true);
    const [hears, heard] = pipe(join(folder, 'hears'), false);
    const its = [...words, 'sh', '-c', WAITS, folder];
    spawn(program, its, { stdio: ['ignore', 'ignore', 'ignore', asked, heard] }).unref();
    for (const end of [asked, heard]) closeSync(end);
    return new ResidentShell(folder, asks, hears);
  }

  run(command: string, input = ''): Done {
    const number = (this.commands += 1);
    writeFileSync(join(this.folder, 'asked'), command);
    writeFileSync(join(this.folder, 'in'), input);
    writeSync(this.asks, `${number}\n`);
    const status = this.answer(command);
    const [stdout, stderr] = ['out', 'err'].map((name) => {
      const path = join(this.folder, `${name}-${number}`);
      const text = readFileSync(path, 'utf8');
      rmSync(path);
      return text;
    }) as [string, string];
    return { status, stdout, stderr };
  }

  private answer(command: string): number {
    const answer = Buffer.alloc(8);
    const began = Date.now();
    for (let asked = 0; Date.now() - began < AT_MOST * 1000; asked += 1) {
      try {
        const length = readSync(this.hears, answer);
        if (length === 0) throw new Error(`The shell in ${this.folder} is gone, at: ${command}`);
        return Number(answer.toString('latin1', 0, length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(NAP, 0, 0, asked < 20 ? 1 : 5);
      }
    }
    throw new Error(`Not ended after ${AT_MOST} s: ${command}`);
  }

  /** It has no more to read then. */
  stop(): void {
    for (const end of [this.asks, this.hears]) closeSync(end);
  }
}
