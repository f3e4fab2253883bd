// Claims the name of a lab for this process, and removes labs whose process has ended, with all their processes,
// mounts, namespaces and control groups.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, pause, run, until } from './command';
import { processesInGroups, removeGroups } from './control-groups';
import { kill, processStart } from './process';
import { PREFIX, allNamespaces, namespacesOf, processesIn, removeNamespace } from './namespace';

/** Folder with a folder for each lab. All else of a lab has PREFIX and the lab's name in its name. */
const LABS_FOLDER = '/run/cpanel-edge-lab';

export const folderOf = (lab: string): string => join(LABS_FOLDER, lab);

interface Owner {
  readonly pid: number;
  readonly start: string;
  readonly kept: boolean;
}

const ownerFile = (lab: string): string => join(folderOf(lab), 'owner.json');

function ownerOf(lab: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(lab), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

const alive = (owner: Owner): boolean => owner.start !== '' && processStart(owner.pid) === owner.start;

/** Takes the lab's name for this process. The lab's folder is a tmpfs, so that unmounting removes all its files. */
export async function claim(lab: string): Promise<void> {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(lab))
    throw new Error(`A lab's name is up to 12 small letters and digits, "${lab}" isn't.`);
  const owner = ownerOf(lab);
  if (owner && alive(owner) && owner.pid !== process.pid)
    throw new Error(`The lab "${lab}" is in use by process ${owner.pid}.`);
  await remove(lab);
  mkdirSync(folderOf(lab), { recursive: true, mode: 0o755 });
  await must(['mount', '-t', 'tmpfs', '-o', 'mode=755,size=2g', 'tmpfs', folderOf(lab)]);
  // `ip netns exec` gives each program copies of all mounts. Shared mounts are unmounted in the copies too, so a
  // device's disk is released.
  await must(['mount', '--make-shared', folderOf(lab)]);
  mark(lab, false);
}

/** Returns whether this process has the name. */
export const isClaimed = (lab: string): boolean => ownerOf(lab)?.pid === process.pid;

/** Marks a lab as kept: it has no owner process, but isn't a remainder. */
export function mark(lab: string, kept: boolean): void {
  writeFileSync(
    ownerFile(lab),
    JSON.stringify({ pid: process.pid, start: processStart(process.pid), kept } satisfies Owner),
  );
}

/** Returns the names of labs that have left something on this machine. */
export async function labs(): Promise<readonly string[]> {
  const folders = existsSync(LABS_FOLDER) ? readdirSync(LABS_FOLDER) : [];
  const named = (await allNamespaces()).map((name) => name.slice(PREFIX.length).split('-')[0] ?? '');
  return [...new Set([...folders, ...named])].filter(Boolean).sort();
}

/**
 * Removes the remains of labs whose process has ended and that aren't kept; with `isEnding`, also the labs of a process
 * that is about to end. Returns their names.
 */
export async function removeDead(isEnding: (owner: Owner) => boolean = () => false): Promise<readonly string[]> {
  const dead = (await labs()).filter((lab) => {
    const owner = ownerOf(lab);
    return !owner || (!owner.kept && (!alive(owner) || isEnding(owner)));
  });
  await Promise.all(dead.map(remove));
  return dead;
}

/**
 * Ends every process of the lab, unmounts its folders and deletes its namespaces, in that order: each uses the next.
 */
export async function remove(lab: string): Promise<void> {
  const namespaces = await namespacesOf(lab);
  const supervisors = supervisorsOf(lab);
  await until(`the processes of the lab "${lab}" end`, 10, async () => {
    const pids = [
      ...(await Promise.all(namespaces.map(processesIn))).flat(),
      ...supervisors.filter(({ pid, start }) => processStart(pid) === start).map(({ pid }) => pid),
      // A machine that is starting is in its control group before it is in its network.
      ...(await processesInGroups(`${PREFIX}${lab}-*`)),
    ];
    for (const pid of pids) kill(pid, 'SIGKILL');
    return pids.length === 0;
  });
  for (const mount of mountsBelow(folderOf(lab))) {
    await letGo(mount);
  }
  await Promise.all(namespaces.map(removeNamespace));
  await removeGroups(`${PREFIX}${lab}-*`, 5);
  rmSync(folderOf(lab), { recursive: true, force: true });
  if (existsSync(LABS_FOLDER) && readdirSync(LABS_FOLDER).length === 0) await run(['rmdir', LABS_FOLDER]);
}

/**
 * Unmounts a folder. A process that was just killed keeps files open for a moment. Another program's new mount
 * namespace may keep a device's disk for any time: the mount is then only detached here, and the kernel frees the disk
 * when that program ends.
 */
export async function letGo(mount: string): Promise<void> {
  const end = Date.now() + 2000;
  while ((await run(['umount', mount])).status !== 0) {
    if (Date.now() > end) {
      await must(['umount', '--lazy', mount]);
      return;
    }
    await pause(20);
  }
}

function supervisorsOf(lab: string): readonly { readonly pid: number; readonly start: string }[] {
  const machines = join(folderOf(lab), 'machines');
  if (!existsSync(machines)) return [];
  return readdirSync(machines).flatMap((machine) => {
    const file = join(machines, machine, 'supervisor');
    if (!existsSync(file)) return [];
    const [pid = '', start = ''] = readFileSync(file, 'utf8').trim().split(' ');
    return [{ pid: Number(pid), start }];
  });
}

/** Returns the mounts below a folder, the innermost first. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}
