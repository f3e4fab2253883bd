import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, pause, run, until } from './command';
import { processesInGroups, removeGroups } from './group';
import { kill, processStart } from './process';
import { PREFIX, allNamespaces, namespacesOf, processesIn, removeNamespace } from './namespace';

/** One folder per lab; what a lab has outside of it carries PREFIX and the lab's name. */
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

/** Takes the name for this process. Its folder is a tmpfs, so that unmounting it removes everything in it. */
export async function claim(lab: string): Promise<void> {
  if (!/^[a-z][a-z0-9]{0,11}$/.test(lab))
    throw new Error(`A lab's name is up to 12 small letters and digits, "${lab}" isn't.`);
  const owner = ownerOf(lab);
  if (owner && alive(owner) && owner.pid !== process.pid)
    throw new Error(`The lab "${lab}" is in use by process ${owner.pid}.`);
  await remove(lab);
  mkdirSync(folderOf(lab), { recursive: true, mode: 0o755 });
  await must(['mount', '-t', 'tmpfs', '-o', 'mode=755,size=2g', 'tmpfs', folderOf(lab)]);
  // `ip netns exec` gives each program copies of all mounts; shared, unmounting reaches those too, and a device's disk is really let go.
  await must(['mount', '--make-shared', folderOf(lab)]);
  mark(lab, false);
}

/** Whether this process has the name. */
export const isClaimed = (lab: string): boolean => ownerOf(lab)?.pid === process.pid;

/** A kept lab has no process that owns it and is still no remains. */
export function mark(lab: string, kept: boolean): void {
  writeFileSync(
    ownerFile(lab),
    JSON.stringify({ pid: process.pid, start: processStart(process.pid), kept } satisfies Owner),
  );
}

/** Names of labs that left something on this machine. */
export async function labs(): Promise<readonly string[]> {
  const folders = existsSync(LABS_FOLDER) ? readdirSync(LABS_FOLDER) : [];
  const named = (await allNamespaces()).map((name) => name.slice(PREFIX.length).split('-')[0] ?? '');
  return [...new Set([...folders, ...named])].filter(Boolean).sort();
}

/**
 * Removes what labs left whose process is gone and that nobody wanted kept, and with `isEnding` also the labs of a process that is about to
 * end. Returns their names.
 */
export async function removeDead(isEnding: (owner: Owner) => boolean = () => false): Promise<readonly string[]> {
  const dead = (await labs()).filter((lab) => {
    const owner = ownerOf(lab);
    return !owner || (!owner.kept && (!alive(owner) || isEnding(owner)));
  });
  await Promise.all(dead.map(remove));
  return dead;
}

/** Ends every process of the lab, unmounts its folders and deletes its namespaces; in that order, as each holds the next. */
export async function remove(lab: string): Promise<void> {
  const namespaces = await namespacesOf(lab);
  const supervisors = supervisorsOf(lab);
  await until(`the processes of the lab "${lab}" end`, 10, async () => {
    const pids = [
      ...(await Promise.all(namespaces.map(processesIn))).flat(),
      ...supervisors.filter(({ pid, start }) => processStart(pid) === start).map(({ pid }) => pid),
      // A machine that is being started is in its control group before it is in its network.
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
 * A process that was just killed keeps its files open for a moment. A mount namespace that a stranger made meanwhile may keep a
 * device's disk for as long as it likes: then what is here is only taken out of sight, and the kernel frees it when the stranger ends.
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

/** Innermost first. */
function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}
