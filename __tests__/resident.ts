// A child process that answers one request after the other, with a time limit.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A limit beyond any request's time: the test process waits for the answer, so nothing else would end a request that
 * hangs.
 */
const MAX_SECONDS = 300;
const NAP = new Int32Array(new SharedArrayBuffer(4));

/** Opens both ends of a named pipe that exists. `waits`: whether its reader waits for data. */
function openPipe(path: string, waits: boolean): readonly [read: number, write: number] {
  // Neither end opens without the other.
  const both = openSync(path, 'r+');
  const ends = [openSync(path, constants.O_RDONLY | (waits ? 0 : constants.O_NONBLOCK)), openSync(path, 'w')] as const;
  closeSync(both);
  return ends;
}

/**
 * A child process that answers one request after the other, so that a test needn't start a program for each. It reads lines from file descriptor 3 and
 * writes its answers to 4; a test waits for the answer as it would for a program.
 */
export class Resident {
  private constructor(
    private readonly requests: number,
    private readonly answers: number,
  ) {}

  /** Starts the program. Its two pipes are made in `folder`. */
  static start(folder: string, program: string, words: readonly string[]): Resident {
    execFileSync('mkfifo', ['asks', 'hears'], { cwd: folder });
    const [theirRequests, requests] = openPipe(join(folder, 'asks'), true);
    const [answers, theirAnswers] = openPipe(join(folder, 'hears'), false);
    spawn(program, words, { stdio: ['ignore', 'ignore', 'ignore', theirRequests, theirAnswers] }).unref();
    for (const end of [theirRequests, theirAnswers]) closeSync(end);
    return new Resident(requests, answers);
  }

  /** Sends a line and returns the answer's line. Throws where the process ends or takes longer than 300 s; `what` names the request in the message. */
  ask(line: string, what: string): string {
    writeSync(this.requests, `${line}\n`);
    const answer = Buffer.alloc(64);
    const began = Date.now();
    for (let attempt = 0; Date.now() - began < MAX_SECONDS * 1000; attempt += 1) {
      try {
        const length = readSync(this.answers, answer);
        if (length === 0) throw new Error(`The process ended before it answered: ${what}`);
        return answer.toString('latin1', 0, length).trim();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(NAP, 0, 0, attempt < 20 ? 1 : 5);
      }
    }
    throw new Error(`No answer after ${MAX_SECONDS} s: ${what}`);
  }

  /** The process ends, as it has no more to read. */
  stop(): void {
    for (const end of [this.requests, this.answers]) closeSync(end);
  }
}
