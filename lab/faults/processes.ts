import { existsSync, readFileSync } from 'node:fs';
import { pause, until } from '../command';
import { Lab } from '../lab';
import { namespaceOf, processesIn } from '../namespace';
import { parentOf, wordsOf } from '../process';
import { MANAGEMENT } from '../topology';
import { DeviceName } from './moment';

/** What delivers to one device right now, by process id: its connection, the half that works, the half that Terraform started. */
interface Driver {
  readonly ssh: number;
  readonly worker: number;
  readonly front: number;
}

/** Throws where nothing of this lab's operator talks to the device. */
export async function driverAt(lab: Lab, device: DeviceName): Promise<Driver> {
  for (const ssh of await processesIn(namespaceOf(lab.name, 'operator'))) {
    if (hostOf(ssh) !== MANAGEMENT[device]) continue;
    const worker = parentOf(ssh);
    // The gate starts the real ssh with the same words.
    if (/driver\/worker/.test(wordsOf(worker).join(' '))) return { ssh, worker, front: parentOf(worker) };
  }
  throw new Error(`Nobody delivers to ${device}.`);
}

/**
 * Waits until the worker has noticed that nobody hears it: it ends a connection that may be ended. Those it lets come to their
 * end show nothing, so the wait itself is short.
 */
export async function noticed({ ssh }: Driver, seconds = 3): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end && alive(ssh);) await pause(50);
}

/** Nothing of any delivery goes on at the operator. */
export async function nothingGoesOn(lab: Lab, seconds = 60): Promise<void> {
  const ours = async () =>
    (await processesIn(namespaceOf(lab.name, 'operator')))
      .map((pid) => wordsOf(pid).join(' '))
      .filter((command) => /driver\/worker|cli\/main\.js (deliver|retract)|cpanel-edge-[^ /]+\/config/.test(command));
  await until(`no delivery goes on at the operator`, seconds, async () => (await ours()).length === 0, 200).catch(
    async (error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : ''} Still there:\n${(await ours()).join('\n')}`);
    },
  );
}

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`));

function hostOf(pid: number): string | undefined {
  const command = wordsOf(pid);
  const file = command[command.indexOf('-F') + 1] ?? '';
  return /cpanel-edge-[^/]+\/config$/.test(file) ? /^\s*HostName (\S+)$/m.exec(read(file))?.[1] : undefined;
}

/** Nothing where it is gone meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
