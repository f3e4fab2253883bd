// Starts a process that runs the built command many times without loading it anew.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resident } from './resident';

export interface Printed {
  readonly status: number | null;
  readonly out: string;
  readonly said: string;
}

export interface Request {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A process that runs the built command in `built` again and again, since loading its modules takes most of a command's
 * time.
 */
export class ResidentCommand {
  private requests = 0;
  private readonly folder: string;
  private readonly resident: Resident;

  constructor(built: string) {
    this.folder = join(built, 'requests');
    mkdirSync(this.folder);
    this.resident = Resident.start(this.folder, process.execPath, [join(built, 'run-commands.js'), built, this.folder]);
  }

  run(request: Request, input: string): Printed {
    const path = join(this.folder, String((this.requests += 1)));
    writeFileSync(`${path}.input`, input);
    writeFileSync(`${path}.request`, JSON.stringify(request));
    this.resident.ask(String(this.requests), request.words.join(' '));
    return JSON.parse(readFileSync(`${path}.answer`, 'utf8')) as Printed;
  }

  stop(): void {
    this.resident.stop();
  }
}
