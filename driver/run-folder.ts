import { lstatSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from '../lib/problems/problem';

const PREFIX = 'cpanel-edge-run-';
const OWNER = 'process';
/** ssh expands `%` and `$` in the paths of its configuration, and hands its own path unquoted to the shell that begins a jump. */
const PLAIN = /^[A-Za-z0-9/._+@=,:-]+$/;
const MOST = 1000;

/**
 * A new folder of this process for what ssh reads, in TMPDIR where its path is one that ssh takes as it is, else in /tmp. What processes
 * that were killed left there goes. Throws Refusal driver/no-folder.
 */
export async function runFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const wished = resolve(environment['TMPDIR'] || tmpdir());
  const parent = PLAIN.test(wished) ? wished : '/tmp';
  removeLeft(parent);
  const folder = await mkdtemp(join(parent, PREFIX)).catch((error: unknown) => Promise.reject(noFolder(parent, error)));
  try {
    writeInRun(folder, OWNER, `${process.pid} ${machine()}\n`);
    return folder;
  } catch (error) {
    // Without a note of whose it is nobody would ever take it away.
    tried(() => rmSync(folder, { recursive: true, force: true }));
    throw error;
  }
}

/** A file that this user alone reads. Throws Refusal driver/no-folder. */
export function writeInRun(folder: string, name: string, text: string): void {
  try {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  } catch (error) {
    throw noFolder(dirname(folder), error);
  }
}

/** Process numbers mean something on one machine only, and there in one container. */
const machine = (): string => `${hostname()} ${tried(() => readlinkSync('/proc/self/ns/pid')) ?? 'none'}`;

function removeLeft(parent: string): void {
  const names = tried(() => readdirSync(parent)) ?? [];
  for (const name of names.filter((one) => one.startsWith(PREFIX)).slice(0, MOST)) {
    const folder = join(parent, name);
    if (tried(() => isLeft(folder)) === true) tried(() => rmSync(folder, { recursive: true, force: true }));
  }
}

/** Ours, and of a process that is gone. Whatever isn't sure stays. */
function isLeft(folder: string): boolean {
  const file = join(folder, OWNER);
  const [itself, note] = [lstatSync(folder), lstatSync(file)];
  if (!itself.isDirectory() || !note.isFile() || note.size > 1000) return false;
  if (itself.uid !== process.getuid?.() || note.uid !== itself.uid) return false;
  const [, pid, where] = /^([1-9]\d{0,9}) (.+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  return pid !== undefined && where === machine() && isGone(Number(pid));
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function tried<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

const noFolder = (where: string, error: unknown): Refusal =>
  new Refusal([
    {
      code: 'driver/no-folder',
      where,
      what: `The files that ssh reads can't be written there: ${error instanceof Error ? error.message : String(error)}.`,
      instead: 'TMPDIR with a folder that is there, may be written to, and has room.',
    },
  ]);
