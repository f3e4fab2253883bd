// Tests with the real Terraform that a plan file keeps the source lines in its stack's comments, that a review names
// them, and that a moved line alone plans no change.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { sampleStack } from './plan/sample-stack';
import { typedReviews } from './typed-reviews';
import { terraform } from '../terraform';

// The real Terraform's handling of the source lines in a stack's comments.

const { planned, review, file } = typedReviews();

/** Returns the sample stack, as if its mapping stood at this line. */
function writtenAt(line: number): string {
  const stack = JSON.parse(sampleStack()) as { resource: { terraform_data: Record<string, object> } };
  const places = { 'device edge1': `stacks/edge.ts:${line - 9}`, 'mapping mail': `stacks/edge.ts:${line}` };
  stack.resource.terraform_data['edge1_hosting'] = {
    ...stack.resource.terraform_data['edge1_hosting'],
    '//': { places },
  };
  return JSON.stringify(stack);
}

test('a plan file keeps them, a moved line plans nothing, and a review prints them', () => {
  const at = planned('lines.out', 'edge', writtenAt(41));
  file('rules.json', JSON.stringify({ format: 1, forbidden: ['https'] }));
  // The plan file alone decides: the stack beside it is another one by now.
  const plan = join(at, 'plan');
  file('lines.out/stacks/edge/cdk.tf.json', '{}');
  const { status, out } = review([plan, '--rules', 'rules.json', '--format', 'sarif']);
  expect(status).toBe(1);
  const [first] = (JSON.parse(out) as Log).runs[0]!.results!;
  expect(first).toMatchObject({ ruleId: 'rules/forbidden' });
  expect(first!.locations![0]!.physicalLocation).toEqual({
    artifactLocation: { uri: 'stacks/edge.ts' },
    region: { startLine: 41 },
  });
  expect(review([plan, '--rules', 'rules.json']).out).toContain('written    stacks/edge.ts:41\n');

  file('lines.out/stacks/edge/cdk.tf.json', writtenAt(41));
  terraform(at, 'apply', '-input=false', '-auto-approve');
  file('lines.out/stacks/edge/cdk.tf.json', writtenAt(77));
  rmSync(plan);
  expect(terraform(at, 'plan', '-input=false', '-no-color')).toContain('No changes.');
});
