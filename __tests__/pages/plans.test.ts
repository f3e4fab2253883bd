// Tests the command of docs/reference/plans.md that pipes a plan to `review - --synthesized STACK`: the plan is judged
// by that stack, and another stack is an objection.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStack } from '../review/plan/sample-stack';
import { typedReviews } from '../review/typed-reviews';
import { terraformEnvironment } from '../terraform';

const { built, folder } = typedReviews();

test('terraform show -json PLAN | cpanel-edge review - --synthesized STACK judges the plan by that stack', () => {
  const piped = (stack: string): readonly [number | null, string] => {
    const words = `terraform show -json plan | '${process.execPath}' '${built}/cli/main.js' review - --synthesized '${join(folder, stack)}'`;
    const { status, stdout } = spawnSync('sh', ['-c', words], {
      cwd: join(folder, 'cdktf.out/stacks/edge'),
      env: terraformEnvironment(),
      encoding: 'utf8',
    });
    return [status, stdout.split(':')[0]!];
  };
  expect(piped('cdktf.out/stacks/edge')).toEqual([0, 'NEW WARNINGS']);
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other/cdk.tf.json'), sampleStack({ services: ['smtp'] }));
  expect(piped('other')).toEqual([1, 'OBJECTIONS']);
});
