// Creates the temporary folder for ssh's configuration and known host keys, readable only by this user, and removes the
// folders that killed processes left.
import { lstatSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from '../lib/problems/problem';

const FOLDER_PREFIX = 'cpanel-edge-run-';
const OWNER_FILE = 'process';
/**
 * ssh expands `%` and `$` in the paths of its configuration, and passes its own path unquoted to the shell that starts
 * a jump.
 */
const PLAIN_PATH = /^[A-Za-z0-9/._+@=,:-]+$/;
const MAX_FOLDERS = 1000;

/**
 * Returns a new folder of this process for files that ssh reads: in TMPDIR if ssh takes its path as it is, else in
 * /tmp. Removes the folders of killed processes there.
 *
 * @throws Refusal driver/no-folder.
 */
export async function createRunFolder(environment: NodeJS.ProcessEnv): Promise<string> {
  const configuredParent = resolve(environment['TMPDIR'] || tmpdir());
  const parent = PLAIN_PATH.test(configuredParent) ? configuredParent : '/tmp';
  removeStaleFolders(parent);
  const folder = await mkdtemp(join(parent, FOLDER_PREFIX)).catch((error: unknown) =>
    Promise.reject(createNoFolderProblem(parent, error)),
  );
  try {
    writeRunFile(folder, OWNER_FILE, `${process.pid} ${getMachineId()}\n`);
    return folder;
  } catch (error) {
    // A folder without a note of its process would never be removed.
    tryOrUndefined(() => rmSync(folder, { recursive: true, force: true }));
    throw error;
  }
}

/**
 * Writes a file that only this user can read.
 *
 * @throws Refusal driver/no-folder.
 */
export function writeRunFile(folder: string, name: string, text: string): void {
  try {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  } catch (error) {
    throw createNoFolderProblem(dirname(folder), error);
  }
}

/** Returns an id of the machine and container: a process number is valid only there. */
const getMachineId = (): string => `${hostname()} ${tryOrUndefined(() => readlinkSync('/proc/self/ns/pid')) ?? 'none'}`;

function removeStaleFolders(parent: string): void {
  const names = tryOrUndefined(() => readdirSync(parent)) ?? [];
  for (const name of names.filter((folderName) => folderName.startsWith(FOLDER_PREFIX)).slice(0, MAX_FOLDERS)) {
    const folder = join(parent, name);
    if (tryOrUndefined(() => isStaleFolder(folder)) === true)
      tryOrUndefined(() => rmSync(folder, { recursive: true, force: true }));
  }
}

/** Returns whether the folder is ours and its process is gone. An uncertain folder stays. */
function isStaleFolder(folder: string): boolean {
  const file = join(folder, OWNER_FILE);
  const [folderStats, fileStats] = [lstatSync(folder), lstatSync(file)];
  if (!folderStats.isDirectory() || !fileStats.isFile() || fileStats.size > 1000) return false;
  if (folderStats.uid !== process.getuid?.() || fileStats.uid !== folderStats.uid) return false;
  const [, pid, machineId] = /^([1-9]\d{0,9}) (.+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  return pid !== undefined && machineId === getMachineId() && isProcessGone(Number(pid));
}

function isProcessGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function tryOrUndefined<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

const createNoFolderProblem = (folder: string, error: unknown): Refusal =>
  new Refusal([
    {
      code: 'driver/no-folder',
      where: folder,
      what: `The files that ssh reads can't be written there: ${error instanceof Error ? error.message : String(error)}.`,
      instead: 'TMPDIR with a folder that is there, may be written to, and has room.',
    },
  ]);
