// Tests the command `review` with plans of the real Terraform: where it finds plans and stacks, what --synthesized and
// --live change, and the exit status.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, facts } from '../live-samples';
import { sampleStack } from './sample-stack';
import { codes, typedReviews } from '../typed-reviews';
import { terraform } from '../../terraform';

// The command as a pipeline starts it, on plans that the real Terraform makes.

const { built, folder, stack, json, planned, review, judged, file } = typedReviews();

const manifest = (output: string, stacks: Readonly<Record<string, string>>): void =>
  writeFileSync(
    join(folder, output, 'manifest.json'),
    JSON.stringify({
      stacks: Object.fromEntries(Object.entries(stacks).map(([name, at]) => [name, { name, workingDirectory: at }])),
    }),
  );

describe('where plans are found', () => {
  test("gives the same answer for the project's output, a folder, a file, JSON and standard input", () => {
    const said = [
      judged([]),
      judged(['cdktf.out']),
      judged([stack()]),
      judged([join(stack(), 'plan')]),
      judged(['cdktf.out', join(stack(), 'plan'), 'cdktf.out/stacks/../stacks/edge/plan']),
      judged([file('edge.json', json())]),
      judged(['-'], { input: json() }),
      judged([file('edge.tfplan', readFileSync(join(stack(), 'plan')))], { cwd: folder }),
    ];
    for (const one of said) {
      expect([one.status, codes(one), one.review.counts.opened > 0]).toEqual([0, [], true]);
      expect(one.review.changes).toEqual(said[0]!.review.changes);
    }
    expect(said.map(({ review: { plans } }) => plans.map(({ name }) => name).join())).toEqual([
      'edge',
      'edge',
      'edge',
      'edge',
      'edge',
      'edge',
      'standard input',
      'edge',
    ]);
  });

  test('reports unknown for a stack of the manifest without a plan, and ignores folders outside the manifest', () => {
    const at = planned('two.out', 'edge', sampleStack());
    mkdirSync(join(at, '..', 'old'));
    manifest('two.out', { edge: 'stacks/edge', mail: 'stacks/mail' });
    const one = judged(['two.out']);
    expect([one.status, codes(one), one.review.unknown[0]?.where]).toEqual([3, ['? review/plan-missing'], 'mail']);
    manifest('two.out', { edge: 'stacks/edge' });
    expect(judged(['two.out']).status).toBe(0);
    manifest('two.out', { edge: '../../elsewhere' });
    expect(review(['two.out'])).toMatchObject({ status: 2, said: expect.stringContaining('cli/manifest-unreadable') });
  });

  test('finds plans in the output of the given project folder', () => {
    file('cdktf.json', '{"output":"cdktf.out"}');
    expect(judged([folder]).review.changes).toEqual(judged([]).review.changes);
  });

  test('names the program that made the plan', () =>
    expect(judged([]).review.plans.map(({ madeBy }) => madeBy)).toEqual([expect.stringMatching(/^Terraform \d/)]));

  test('objects to one owner in two plans', () => {
    const one = judged(['cdktf.out', file('again.json', json())]);
    expect([one.status, codes(one)]).toEqual([1, ['! review/owned-twice', '! review/owned-twice']]);
  });

  test('refuses a plan file if Terraform is missing or fails', () => {
    expect(review([join(stack(), 'plan')], { env: { TERRAFORM_BINARY_NAME: 'no-such-terraform' } })).toMatchObject({
      status: 2,
      said: expect.stringMatching(/cli\/no-terraform at \S*\/stacks\/edge\/plan: .*no-such-terraform/),
    });
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'plan'), readFileSync(join(stack(), 'plan')).subarray(0, 2000));
    expect(review([join(elsewhere, 'plan')])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/plan-file-unreadable'),
    });
    const refusing = { env: { TERRAFORM_BINARY_NAME: 'false' } };
    expect(review([join(stack(), 'plan')], refusing)).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/terraform-refused'),
    });
    const input = spawnSync(process.execPath, [join(built, 'cli', 'main.js'), 'review', '-'], {
      input: readFileSync(join(stack(), 'plan')),
      encoding: 'utf8',
    });
    expect([input.status, input.stderr]).toEqual([2, expect.stringContaining('cli/plan-file-on-standard-input')]);
  });
});

describe('an owner that goes', () => {
  test('is removed according to the stack in the plan file, beside its JSON or of --synthesized; without a stack it stays open', () => {
    const at = join(folder, 'gone.out', 'stacks', 'edge');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack());
    terraform(at, 'init', '-input=false');
    terraform(at, 'apply', '-auto-approve');
    const owners = ['edge1', 'mail1'].map((device) => ({ device, owner: 'hosting' }));
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack({ retired: owners }));
    terraform(at, 'plan', '-out=plan');
    const alone = join(folder, 'edge');
    writeFileSync(alone, terraform(at, 'show', '-json', 'plan'));
    const staying = (argv: readonly string[]): number =>
      judged(argv).review.objections.filter(({ code }) => code === 'review/stays-open').length;
    expect(staying(['gone.out'])).toBe(0);
    copyFileSync(alone, join(at, 'plan.json'));
    expect(staying([join(at, 'plan.json')])).toBe(0);
    expect(staying([alone, '--synthesized', 'gone.out'])).toBe(0);
    expect(staying([alone])).toBe(2);
    // The plan file contains its configuration; a newer stack beside it doesn't count.
    writeFileSync(join(at, 'cdk.tf.json'), sampleStack());
    expect(staying(['gone.out'])).toBe(0);
    expect(codes(judged([join(at, 'plan.json')]))).toContain('? review/another-configuration');
  });
});

describe('options', () => {
  test('--format and --out', () => {
    expect(review(['cdktf.out']).out).toMatch(/^NEW WARNINGS: /);
    expect(review(['cdktf.out', '--format', 'markdown']).out).toMatch(/^<!-- cpanel-edge review -->\n/);
    expect(review(['cdktf.out', '--format', 'html']).out).toMatch(/^<!doctype html>\n[^]*<h1>.*New warnings:/);
    const done = review(['cdktf.out', '--format', 'markdown', '--out', 'review.md']);
    expect([done.status, done.out]).toEqual([
      0,
      expect.stringMatching(/^new warnings: .*1 new warning; no review rules were given\n$/),
    ]);
    expect(readFileSync(join(folder, 'review.md'), 'utf8')).toMatch(/^<!-- cpanel-edge review -->\n/);
  });

  test('--out refuses to overwrite an input', () => {
    const rules = file('own.rules.json', '{"format":1}');
    for (const [out, ...more] of [['cdktf.out/stacks/edge/plan'], ['own.rules.json', '--rules', rules]] as const) {
      const before = readFileSync(join(folder, out));
      expect(review(['--out', out, ...more])).toMatchObject({
        status: 2,
        said: expect.stringContaining(
          `cli/file-unwritable at ${out}: It can't be written: it is what is read here.\n  instead: another file.`,
        ),
      });
      expect(readFileSync(join(folder, out)).equals(before)).toBe(true);
    }
  });

  test("--out that can't be written, and a project without an output, are refused", () => {
    const done = review(['cdktf.out', '--out', 'no/such/folder/x.md']);
    expect(done).toMatchObject({ status: 2, out: '', said: expect.stringContaining('cli/review-not-written') });
    expect(review([], { cwd: built })).toMatchObject({
      status: 2,
      said: expect.stringMatching(
        /^cli\/no-plan at cdktf\.out: There is no such folder here\.\n {2}instead: run it in the folder of the project/,
      ),
    });
  });

  test('--fail-on', () => {
    const one = judged(['cdktf.out', '--fail-on', 'closed,opened']);
    expect([one.status, codes(one)]).toEqual([1, ['! review/fail-on-opened']]);
    expect(review(['cdktf.out', '--fail-on', 'everything'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('opened, moved'),
    });
  });

  test('--rules, and the default file of rules', () => {
    file('strict.json', '{ "format": 1, "forbidden": ["smtp"] }');
    expect(
      codes(judged(['cdktf.out', '--rules', 'strict.json'])).filter((code) => code.startsWith('! rules/')),
    ).not.toEqual([]);
    file('large.json', ' '.repeat(1_000_001));
    for (const [path, why] of [
      ['nowhere.json', 'There is no such file.'],
      // The shell variable isn't set.
      ['', 'There is no such file.'],
      ['.', 'It is no file.'],
      ['large.json', 'It is larger than a megabyte.'],
      // The kernel refuses reading even to root.
      ['/proc/self/mem', "It can't be read: "],
    ] as const)
      expect(review(['cdktf.out', '--rules', path])).toMatchObject({
        status: 2,
        said: expect.stringContaining(`cli/rules-unreadable at ${path || '""'}: ${why}`),
      });
    writeFileSync(join(folder, 'wide.json'), Buffer.from('\ufeff{ "format": 1 }', 'utf16le'));
    expect(review(['cdktf.out', '--rules', 'wide.json'])).toMatchObject({
      status: 2,
      said: "rules/byte-order-mark at wide.json: The file is UTF-16, as PowerShell's > writes it, and JSON in files is UTF-8 (RFC 8259, section 8.1).\n  instead: the same file saved as UTF-8 without a byte order mark.\n",
    });
    expect(review(['cdktf.out', '--rules-before', 'strict.json'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/rules-missing'),
    });
    file('cpanel-edge.rules.json', '{ "format": 1 }');
    const changed = judged(['cdktf.out', '--rules-before', 'strict.json']).review.rules;
    rmSync(join(folder, 'cpanel-edge.rules.json'));
    expect([changed?.name, changed?.changes.length]).toEqual(['cpanel-edge.rules.json', 1]);
  });

  test('--synthesized requires exactly the releases of the commit', () => {
    expect(judged(['cdktf.out', '--synthesized', 'cdktf.out']).status).toBe(0);
    const other = join(folder, 'other.out', 'stacks', 'edge');
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, 'cdk.tf.json'), sampleStack({ services: ['smtp'] }));
    const one = judged(['cdktf.out', '--synthesized', 'other.out']);
    expect([one.status, codes(one)]).toEqual([1, ['! review/not-this-commit', '! review/not-this-commit']]);
    expect(review(['cdktf.out', '--synthesized', 'nowhere'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/no-stack at nowhere: There is no such folder here.'),
    });
  });
});

describe('--live', () => {
  test('is taken as what the device runs before', () => {
    const one = judged(['cdktf.out', '--live', file('live.json', JSON.stringify(answer))]);
    const device = one.review.devices.find(({ device: name }) => name === 'edge1');
    expect(device?.evidence).toBe('running config');
    const both = { schema: 2, matches: true, devices: [answer, { ...answer, device: 'nobody' }] };
    // The other device of the plans has no answer; this one might have been meant for it.
    const other = judged(['cdktf.out', '--live', file('live.json', JSON.stringify(both))]);
    expect([other.status, other.review.unknown.map(({ code, where }) => [code, where])]).toEqual([
      3,
      [['review/answer-unused', 'nobody']],
    ]);
    const addresses = '2: wan0    inet 192.0.2.2/24 scope global wan0\n';
    const namesake = file('live.json', JSON.stringify({ ...answer, facts: { ...facts, addresses } }));
    expect(review(['cdktf.out', '--live', namesake])).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/live-of-another'),
    });
  });
});
