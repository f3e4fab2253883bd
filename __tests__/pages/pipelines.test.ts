// Tests the shell steps of the workflows in pipelines/: how the run goes on or ends for each exit status of `verify`
// and `review`.

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflow } from '../../lab/workflows';
import { temporaryFolder } from '../temporary-folder';

const top = temporaryFolder();

/** Runs a step of a job as the provider does. `npx` and `terraform` exit with this status and log their arguments. */
function step(job: 'plan' | 'apply', name: string, status: number, folder = mkdtempSync(join(top, 'run-'))) {
  const { run } = workflow('github').jobs[job].steps.find((one) => one.name === name)!;
  for (const program of ['npx', 'terraform', 'git']) {
    writeFileSync(
      join(folder, program),
      `#!/bin/sh\necho "$*" >>'${folder}/done'\nexit ${program === 'git' ? 1 : status}\n`,
    );
    chmodSync(join(folder, program), 0o755);
  }
  const env = { PATH: `${folder}:${process.env['PATH']}`, BASE: 'main' };
  const ended = spawnSync('sh', ['-e', '-c', run], { cwd: folder, encoding: 'utf8', env });
  const done = existsSync(join(folder, 'done')) ? readFileSync(join(folder, 'done'), 'utf8') : '';
  return { folder, status: ended.status, done };
}

describe('the step of verify', () => {
  const asked = [0, 1, 2, 3].map((status) => step('plan', 'Ask the devices', status).status);
  test('goes on if verify finds nothing of ours (1) or is unsure (3)', () =>
    expect([asked[0], asked[1], asked[3]]).toEqual([0, 0, 0]));
  test("ends the run if a device can't be asked (2)", () => expect(asked[2]).toBe(1));
});

describe('the step of review', () => {
  test('gives the job its exit status before anything is applied', () => {
    for (const status of [0, 1, 2, 3]) {
      const reviewed = step('apply', 'Review', status);
      expect([reviewed.status, step('apply', 'Decide', 0, reviewed.folder).status]).toEqual([0, status]);
    }
    const names = workflow('github').jobs.apply.steps.map(({ name }) => name);
    expect(names.slice(names.indexOf('Review'), names.indexOf('Review') + 3)).toEqual(['Review', 'Decide', 'Apply']);
  });
});

test('stacks are applied in the order of their names', () => {
  const folder = mkdtempSync(join(top, 'run-'));
  for (const stack of ['servers-2', 'gateway', 'servers-1'])
    mkdirSync(join(folder, 'cdktf.out/stacks', stack), { recursive: true });
  const { done } = step('apply', 'Apply', 0, folder);
  expect([...done.matchAll(/stacks\/(\S+) apply .* plan$/gm)].map(([, name]) => name)).toEqual([
    'gateway',
    'servers-1',
    'servers-2',
  ]);
});
