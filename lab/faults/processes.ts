// Finds the processes of a running delivery (front process, worker process, ssh), and waits until they have ended, for
// the fault tests.
import { existsSync, readFileSync } from 'node:fs';
import { pause, until } from '../command';
import { Lab } from '../lab';
import { namespaceOf, processesIn } from '../namespace';
import { parentOf, wordsOf } from '../process';
import { MANAGEMENT } from '../topology';
import { DeviceName } from './moment';

/**
 * Process ids of a delivery to one device: its connection, the worker process, and the front process that Terraform
 * started.
 */
interface Driver {
  readonly ssh: number;
  readonly worker: number;
  readonly front: number;
}

/** Returns the delivery to a device. Throws if no process of this lab's operator is connected to it. */
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
 * Waits until the worker has noticed that its front process is gone: it ends a connection that may be ended. One that
 * must go on shows nothing, so the wait itself is short.
 */
export async function noticed({ ssh }: Driver, seconds = 3): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end && alive(ssh);) await pause(50);
}

/** Waits until no process of a delivery runs at the operator. */
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

/** Returns the file's text; empty if it is gone. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
