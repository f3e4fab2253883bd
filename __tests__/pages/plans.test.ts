import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../review/live-samples';
import { sampleStack } from '../review/plan/sample-stack';
import { codes, typedReviews } from '../review/typed-reviews';
import { terraformEnvironment } from '../terraform';
import { page } from './says';

const { says } = page('plans.md');
const { built, folder, judged, file } = typedReviews();

says('terraform show -json production.tfplan | cpanel-edge review - --synthesized cdktf.out/stacks/production', () => {
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

says('`review --live live.json` (once for each such file)', () => {
  const [one, other] = [answer, { ...answer, device: 'nobody' }].map((said, at) => file(`live${at}.json`, JSON.stringify(said)));
  const { review } = judged(['cdktf.out', '--live', one!, '--live', other!]);
  expect(review.devices.find(({ device }) => device === 'edge1')?.evidence).toBe('read from the device');
  expect(codes({ status: 3, review })).toContain('? review/answer-unused');
});
