// Tests that nothing is left of a lab whose process was killed or stopped: machines, mounts, disks and networks are
// removed, and those of running labs stay.
import { deepStrictEqual, strictEqual } from 'node:assert';
import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { alone } from '../removal-lock';
import { must, pause, until } from '../command';
import { processesInGroups } from '../control-groups';
import { PREFIX } from '../namespace';
import { folderOf, labs, removeDead } from '../claim-lab';
import { REPOSITORY } from '../stack';
import { LabTest } from './test';

const DEAD = 'dead';

const STOPPED = 'stopped';

const mounted = (lab = DEAD): boolean => readFileSync('/proc/self/mounts', 'utf8').includes(`/cpanel-edge-lab/${lab}`);

const hasDisks = async (lab = DEAD): Promise<boolean> =>
  (await must(['losetup', '--list', '--noheadings'])).includes(`/cpanel-edge-lab/${lab}/`);

const startLab = (name: string, before = ''): ChildProcess => {
  const program = `${before}require('./lab/lab').Lab.up({ name: '${name}', disks: true }).then(() => console.log('up'))`;
  return spawn(process.execPath, ['-r', './scripts/typescript/register.js', '-e', program], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
};

/**
 * A lab whose process is killed leaves machines, mounts and networks behind. The next lab must remove them, and no
 * other lab's.
 */
export const remains: LabTest = {
  name: 'what a killed lab left is removed by the next start, a running lab is not',
  run: async (lab) => {
    const child = startLab(DEAD);
    let out = '';
    child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const killed = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    try {
      await until('the other lab is up', 60, async () => out.includes('up'));
    } catch (error) {
      await killed();
      throw error;
    }
    // Any other lab that starts now would remove it.
    await alone(async () => {
      await killed();
      strictEqual(mounted(), true);
      strictEqual(await hasDisks(), true);
      strictEqual((await labs()).includes(DEAD), true);
      strictEqual((await removeDead()).includes(DEAD), true);
      strictEqual(mounted(), false);
    });
    // Another program's mount namespace may hold the disks and end later.
    await until('its disks are gone', 90, async () => !(await hasDisks()));
    strictEqual((await labs()).includes(DEAD), false);
    strictEqual((await labs()).includes(lab.name), true);
    strictEqual((await lab.ssh('edge1', 'true')).status, 0);
  },
};

/** Milliseconds after the lab takes its name: during its start, and after that. */
const MOMENTS = [0, 400, 1200, 6000];

/** A process that is told to stop must remove its lab before it ends, even one that isn't up yet. */
export const stopped: LabTest = {
  name: "a process that is stopped during its lab's start, or later, leaves nothing of the lab",
  run: async (lab) => {
    for (const milliseconds of MOMENTS) {
      const child = startLab(STOPPED, "require('./lab/remove-on-signal').removeLabsWhenStopped();");
      const ended = new Promise((resolve) => child.on('exit', resolve));
      await until('the other lab has its name', 60, () => Promise.resolve(existsSync(folderOf(STOPPED))), 5);
      await pause(milliseconds);
      child.kill('SIGTERM');
      strictEqual(await ended, 143, `${milliseconds} ms`);
      strictEqual(mounted(STOPPED), false, `${milliseconds} ms`);
      deepStrictEqual(await processesInGroups(`${PREFIX}${STOPPED}-*`), [], `${milliseconds} ms`);
      strictEqual((await labs()).includes(STOPPED), false, `${milliseconds} ms`);
    }
    await until('its disks are gone', 90, async () => !(await hasDisks(STOPPED)));
    strictEqual((await lab.ssh('edge1', 'true')).status, 0);
  },
};
