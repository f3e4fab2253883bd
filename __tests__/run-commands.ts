// The child process of `ResidentCommand`: runs one command of cli/main.js after the other.

import { readSync, readFileSync, writeFileSync, writeSync, createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import type { Printed, Request } from './resident-command';

/**
 * The process of `ResidentCommand`: runs one command after the other. Each begins by loading cli/main.js, and has ended when no work is left. Modules of
 * `lib` and of packages stay loaded, all others are loaded anew.
 * Its words: the folder of the built command, the folder of requests. It reads numbers of requests from file descriptor 3 and writes them to 4.
 */
const [built, requests] = process.argv.slice(2) as [string, string];
const load = createRequire(join(built, 'cli', 'main.js'));
const STAYS_LOADED = [join(built, 'lib', sep), `${sep}node_modules${sep}`];
/** The command reads the environment when it is loaded. */
const LOADED_ANEW = `${sep}picocolors${sep}`;

interface Running {
  readonly number: string;
  readonly stdout: Buffer[];
  readonly stderr: Buffer[];
}
let running: Running | undefined;

function collect(stream: NodeJS.WriteStream, list: (one: Running) => Buffer[]): void {
  stream.write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    if (running !== undefined) list(running).push(Buffer.from(chunk as string));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback as () => void);
    return true;
  }) as typeof stream.write;
}
collect(process.stdout, ({ stdout }) => stdout);
collect(process.stderr, ({ stderr }) => stderr);
process.on('beforeExit', begin);

const FIRST_LISTENERS = new Map(process.eventNames().map((name) => [name, process.listeners(name as 'exit')]));

/** Removes all state of the command that has ended. */
function clear(): void {
  for (const name of process.eventNames())
    for (const listener of process.listeners(name as 'exit'))
      if (FIRST_LISTENERS.get(name)?.includes(listener) !== true) process.removeListener(name, listener);
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners();
  for (const path of Object.keys(load.cache))
    if (path.includes(LOADED_ANEW) || !STAYS_LOADED.some((part) => path.includes(part))) delete load.cache[path];
  process.exitCode = undefined;
}

function answer({ number, stdout, stderr }: Running): void {
  const decode = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
  const printed: Printed = { status: Number(process.exitCode ?? 0), out: decode(stdout), said: decode(stderr) };
  writeFileSync(join(requests, `${number}.answer`), JSON.stringify(printed));
  writeSync(4, `${number}\n`);
}

/** No work is left: answers the command that ran, and begins the next one. */
function begin(): void {
  if (running !== undefined) {
    answer(running);
    clear();
  }
  const number = Buffer.alloc(16);
  const length = readSync(3, number);
  if (length === 0) process.exit(0);
  running = { number: number.toString('latin1', 0, length).trim(), stdout: [], stderr: [] };
  const input = join(requests, `${running.number}.input`);
  const request = JSON.parse(readFileSync(join(requests, `${running.number}.request`), 'utf8')) as Request;
  process.chdir(request.cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, request.env);
  process.argv = [process.execPath, join(built, 'cli', 'main.js'), ...request.words];
  const stdin = createReadStream(input);
  stdin.on('error', () => undefined);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  load('./main.js');
}
