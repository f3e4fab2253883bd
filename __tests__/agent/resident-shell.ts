// Runs shell commands in one process that stays, because starting a shell for each costs most of a test's time.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resident } from '../resident';

/** The result of a command. */
export interface Done {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The loop runs in the folder $0, whose file `asked` is a command. Each command has its own files, because processes
 * that it leaves behind may still write.
 */
const WAITS = 'while read -r n; do (. "$0/asked") <"$0/in" >"$0/out-$n" 2>"$0/err-$n" 3<&- 4>&-; echo $? >&4; done <&3';

/**
 * A shell that waits for commands and runs each in a subshell. It starts a program in a fraction of the time that Jest
 * takes, whose memory would be copied; and it enters namespaces once.
 */
export class ResidentShell {
  private commands = 0;

  private constructor(
    private readonly folder: string,
    private readonly resident: Resident,
  ) {}

  /** `within`: a program and its arguments that run the command after them. The shell's files are in `folder`. */
  static start(folder: string, [program, ...words]: readonly [string, ...string[]]): ResidentShell {
    return new ResidentShell(folder, Resident.start(folder, program, [...words, 'sh', '-c', WAITS, folder]));
  }

  run(command: string, input = ''): Done {
    const number = (this.commands += 1);
    writeFileSync(join(this.folder, 'asked'), command);
    writeFileSync(join(this.folder, 'in'), input);
    const status = Number(this.resident.ask(String(number), command));
    const [stdout, stderr] = ['out', 'err'].map((name) => {
      const path = join(this.folder, `${name}-${number}`);
      const text = readFileSync(path, 'utf8');
      rmSync(path);
      return text;
    }) as [string, string];
    return { status, stdout, stderr };
  }

  stop(): void {
    this.resident.stop();
  }
}
