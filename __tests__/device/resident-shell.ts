import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a command did. */
export interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A pipe to a child, or from it: this process waits for what it reads. */
function pipe(path: string): readonly [read: number, write: number] {
  execFileSync('mkfifo', [path]);
  // Neither end opens without the other one.
  const both = openSync(path, 'r+');
  const ends = [openSync(path, 'r'), openSync(path, 'w')] as const;
  closeSync(both);
  return ends;
}

/** In the folder $0, whose file `asked` is a command. */
const WAITS = 'while read -r _; do (. "$0/asked") <"$0/in" >"$0/out" 2>"$0/err" 3<&- 4>&-; echo $? >&4; done <&3';

/**
 * A shell that waits for commands, each of which has a subshell. A program begins from it in a fraction of the time that it takes from Jest, whose memory
 * would be copied; and namespaces are entered once.
 */
export class ResidentShell {
  private constructor(
    private readonly folder: string,
    private readonly asks: number,
    private readonly hears: number,
  ) {}

  /** `within`: a program and its words, that start what is behind them. Files of its own are in `folder`. */
  static start(folder: string, [program, ...words]: readonly [string, ...string[]]): ResidentShell {
    const [asked, asks] = pipe(join(folder, 'asks'));
    const [hears, heard] = pipe(join(folder, 'hears'));
    const its = [...words, 'sh', '-c', WAITS, folder];
    spawn(program, its, { stdio: ['ignore', 'ignore', 'ignore', asked, heard] }).unref();
    for (const end of [asked, heard]) closeSync(end);
    return new ResidentShell(folder, asks, hears);
  }

  run(command: string, input = ''): Done {
    const [asked, given, out, err] = ['asked', 'in', 'out', 'err'].map((name) => join(this.folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(asked, command);
    writeFileSync(given, input);
    writeSync(this.asks, '\n');
    const answer = Buffer.alloc(8);
    const length = readSync(this.hears, answer);
    if (length === 0) throw new Error(`The shell in ${this.folder} is gone.`);
    const status = Number(answer.toString('latin1', 0, length));
    return { status, stdout: readFileSync(out, 'utf8'), stderr: readFileSync(err, 'utf8') };
  }

  /** It has no more to read then. */
  stop(): void {
    for (const end of [this.asks, this.hears]) closeSync(end);
  }
}
