// Tests files beside a plan: a stack with one key twice is refused, and override files that Terraform merges into the
// stack make the answer unknown.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStack } from './sample-stack';
import { typedReviews } from '../typed-reviews';

// A stack beside a plan's JSON, with other files beside it.

const { folder, json, review, file } = typedReviews();

test('refuses a stack with one key twice, since Terraform applies both', () => {
  mkdirSync(join(folder, 'twice'));
  const other =
    '"provisioner": [{ "local-exec": { "command": "touch /tmp/other", "when": "destroy" } }], "provisioner": [';
  const stack = sampleStack({ retired: [{ device: 'edge1', owner: 'hosting' }] });
  file('twice/cdk.tf.json', stack.replace('"provisioner": [', other));
  expect(review([file('twice/plan.json', json())])).toMatchObject({
    status: 2,
    said: expect.stringMatching(
      /^review\/not-readable at twice\/cdk\.tf\.json: One object has the key "provisioner" twice\./,
    ) as string,
  });
});

test('reports unknown if override files beside the stack change it', () => {
  mkdirSync(join(folder, 'laid'));
  file('laid/cdk.tf.json', sampleStack());
  for (const name of ['x_override.tf.json', 'override.tf', 'y_override.tofu', 'overrides.tf', 'more.tf'])
    file(`laid/${name}`, '{}');
  const done = review([file('laid/plan.json', json())]);
  expect([done.status, done.out.replace(/\s+/g, ' ')]).toEqual([
    3,
    expect.stringContaining(
      'Beside cdk.tf.json Terraform reads override.tf, x_override.tf.json, y_override.tofu, which may replace',
    ),
  ]);
});
