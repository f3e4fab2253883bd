import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../cli/commands';
import { described } from '../../cli/command-definition';
import { workflow } from '../../lab/workflows';
import { temporaryFolder } from '../temporary-folder';
import { page } from './says';

const { says, inLab } = page('pipelines.md');
const top = temporaryFolder();

/** A step of a job as the provider runs it, where `npx` and `terraform` end with this status and note what they were to do. */
function step(job: 'plan' | 'apply', name: string, status: number, folder = mkdtempSync(join(top, 'run-'))) {
  const { run } = workflow('github').jobs[job].steps.find((one) => one.name === name)!;
  for (const program of ['npx', 'terraform', 'git']) {
    writeFileSync(join(folder, program), `#!/bin/sh\necho "$*" >>'${folder}/done'\nexit ${program === 'git' ? 1 : status}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  const env = { PATH: `${folder}:${process.env['PATH']}`, BASE: 'main' };
  const ended = spawnSync('sh', ['-e', '-c', run], { cwd: folder, encoding: 'utf8', env });
  const done = existsSync(join(folder, 'done')) ? readFileSync(join(folder, 'done'), 'utf8') : '';
  return { folder, status: ended.status, done };
}

describe('what the devices say', () => {
  const asked = [0, 1, 2, 3].map((status) => step('plan', 'Ask the devices', status).status);
  says('Then `verify` finds nothing of ours there, and that is fine (its status is 1).', () =>
    expect([asked[0], asked[1], asked[3]]).toEqual([0, 0, 0]),
  );
  says("A device that can't be asked (2) ends the run", () => expect(asked[2]).toBe(1));
});

describe('what the review decides', () => {
  says(
    "Its exit status is the job's: 1 where there are objections, 3 where something is unknown, 2 where it could not be made; nothing of that is applied.",
    () => {
      for (const status of [0, 1, 2, 3]) {
        const reviewed = step('apply', 'Review', status);
        expect([reviewed.status, step('apply', 'Decide', 0, reviewed.folder).status]).toEqual([0, status]);
      }
      const names = workflow('github').jobs.apply.steps.map(({ name }) => name);
      expect(names.slice(names.indexOf('Review'), names.indexOf('Review') + 3)).toEqual(['Review', 'Decide', 'Apply']);
    },
  );
});

says('Stacks are applied in the order of their names.', () => {
  const folder = mkdtempSync(join(top, 'run-'));
  for (const stack of ['servers-2', 'gateway', 'servers-1']) mkdirSync(join(folder, 'cdktf.out/stacks', stack), { recursive: true });
  const { done } = step('apply', 'Apply', 0, folder);
  expect([...done.matchAll(/stacks\/(\S+) apply .* plan$/gm)].map(([, name]) => name)).toEqual(['gateway', 'servers-1', 'servers-2']);
});

inLab([
  [
    'a test of this project runs those commands, taken out of the files, against its lab',
    'planned, reviewed, commented, refused where it was tampered with, applied and verified by the commands of its workflow',
  ],
]);

says(
  `What answers a question has its answer as data, too (\`--json\`, or \`--format json\`): \`review\`, \`exposure\`, \`text\`, \`verify\`, \`doctor\`, \`import\` and
  \`explain\`; and \`retract\`, of many devices. \`capture\` writes the file that is kept, and \`init\`, \`bootstrap\`, \`deliver\`, \`accept\` and \`forget\` do something`,
  () => {
    const { commands } = described(program([]));
    const has = (name: string, choice?: string) => (one: (typeof commands)[number]) =>
      one.options.some(({ names, value }) => names.includes(name) && (choice === undefined || value!.choices.includes(choice)));
    const answer = ['doctor', 'explain', 'exposure', 'import', 'retract', 'review', 'text', 'verify'];
    for (const takes of [has('--json'), has('--format', 'json')])
      expect(
        commands
          .filter(takes)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(answer);
    const others = ['accept', 'bootstrap', 'capture', 'completion', 'deliver', 'forget', 'help', 'init'];
    expect(commands.map(({ name }) => name).sort()).toEqual([...answer, ...others].sort());
  },
);
