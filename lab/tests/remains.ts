import { strictEqual } from 'node:assert';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { alone } from '../alone';
import { must, until } from '../command';
import { labs, removeDead } from '../remains';
import { REPOSITORY } from '../stack';
import { LabTest } from './test';

const DEAD = 'dead';

const mounted = (): boolean => readFileSync('/proc/self/mounts', 'utf8').includes(`/cpanel-edge-lab/${DEAD}`);

const hasDisks = async (): Promise<boolean> => (await must(['losetup', '--list', '--noheadings'])).includes(`/cpanel-edge-lab/${DEAD}/`);

/** A lab whose process is killed leaves machines, mounts and networks behind; the next one takes them away, and no other's. */
export const remains: LabTest = {
  name: 'what a killed lab left is removed by the next start, a running lab is not',
  run: async (lab) => {
    const program = `require('./lab/lab').Lab.up({ name: '${DEAD}', disks: true }).then(() => console.log('up'))`;
    const child = spawn(process.execPath, ['-r', './scripts/typescript/register.js', '-e', program], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
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
    // Any other lab that comes up now would take it away.
    await alone(async () => {
      await killed();
      strictEqual(mounted(), true);
      strictEqual(await hasDisks(), true);
      strictEqual((await labs()).includes(DEAD), true);
      strictEqual((await removeDead()).includes(DEAD), true);
      strictEqual(mounted(), false);
    });
    // Somebody else's mount namespace may have seen them and end later.
    await until('its disks are gone', 90, async () => !(await hasDisks()));
    strictEqual((await labs()).includes(DEAD), false);
    strictEqual((await labs()).includes(lab.name), true);
    strictEqual((await lab.ssh('edge1', 'true')).status, 0);
  },
};
