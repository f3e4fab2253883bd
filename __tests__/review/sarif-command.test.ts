// Tests `review --format sarif`, and that the workflow step of docs/how-to/code-scanning.md goes on where a review
// objects.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { Log } from 'sarif';
import { parseAllDocuments } from 'yaml';
import { typedReviews } from './typed-reviews';

// The command as a pipeline starts it, on a plan of the real Terraform.

const { folder, review, file } = typedReviews();
const runOf = (text: string) => (JSON.parse(text) as Log).runs[0]!;

test('prints it or writes it to a file, with the exit status of every format', () => {
  const plain = review(['cdktf.out', '--format', 'sarif']);
  expect(plain.status).toBe(0);
  expect(runOf(plain.out).properties!['verdict']).toBe('warnings');
  file('rules.json', JSON.stringify({ format: 1, forbidden: ['https'] }));
  const objected = review(['cdktf.out', '--format', 'sarif', '--rules', 'rules.json', '--out', 'review.sarif']);
  expect([objected.status, objected.out]).toEqual([1, expect.stringMatching(/^objections: /)]);
  const { results, properties } = runOf(readFileSync(join(folder, 'review.sarif'), 'utf8'));
  expect(properties!['verdict']).toBe('objections');
  expect(results![0]).toMatchObject({ ruleId: 'rules/forbidden', level: 'error', baselineState: 'new' });
  // Two runs give the same output.
  expect(review(['cdktf.out', '--format', 'sarif', '--rules', 'rules.json']).out).toBe(
    readFileSync(join(folder, 'review.sarif'), 'utf8'),
  );
});

test('is in the help, and conflicts with --json', () => {
  expect(review(['--help']).out).toMatch(/choices: "text", "markdown",\s+"html",\s+"json",\s+"sarif"/);
  const { status, out } = review(['cdktf.out', '--json', '--format', 'sarif']);
  expect([status, JSON.parse(out)]).toMatchObject([2, { problems: [{ code: 'cli/options-conflict' }] }]);
});

describe('docs/how-to/code-scanning.md', () => {
  const page = readFileSync(join(__dirname, '../../docs/how-to/code-scanning.md'), 'utf8');
  const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, block]) => parseAllDocuments(block!)[0]!.toJS() as unknown,
  );
  const [steps, jobs] = blocks as [
    { name: string; run?: string }[],
    { scan: { permissions: object; steps: object[] } },
  ];
  const command = steps[0]!.run!.replace('npx --no-install cpanel-edge', 'answer');

  // The command as the step has it; only `npx` is replaced.
  const answering = (status: number, writes: boolean) => {
    rmSync(join(folder, 'review.sarif'), { force: true });
    const script = `answer() { test "$1" = review && { ${writes ? ': >review.sarif;' : ''} return ${status}; }; }\n${command}`;
    return spawnSync('sh', ['-e', '-c', script], { cwd: folder }).status;
  };

  test('the step goes on if the review objects, and fails if there is no report', () => {
    expect([0, 1, 3].map((status) => answering(status, true))).toEqual([0, 0, 0]);
    expect(answering(2, false)).not.toBe(0);
    expect(existsSync(join(folder, 'review.sarif'))).toBe(false);
  });

  test("the step runs the workflow's own review, and the job with write permission runs no command", () => {
    const workflow = readFileSync(join(__dirname, '../../pipelines/github/cpanel-edge.yml'), 'utf8');
    const own = /npx --no-install cpanel-edge review (.*) --format markdown/.exec(workflow)![1]!;
    expect(steps[0]!.run).toContain(`cpanel-edge review ${own} --format sarif --out review.sarif`);
    expect(jobs.scan.permissions).toEqual({ contents: 'read', 'security-events': 'write' });
    for (const step of jobs.scan.steps) expect(step).not.toHaveProperty('run');
  });
});
