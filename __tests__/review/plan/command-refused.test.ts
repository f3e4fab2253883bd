// Tests inputs that `review` refuses (no plan, truncated, rules in place of a plan, hostile names), each with what to
// give it instead.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStack } from './sample-stack';
import { typedReviews } from '../typed-reviews';

// Inputs in place of a plan.

const { folder, json, review, file } = typedReviews();

describe('inputs of `review` that are no plan or that do harm', () => {
  /** Asserts that each input is refused with its code, by one start of the command. */
  const refused = (...each: readonly (readonly [name: string, code: string])[]): void => {
    const done = review(
      each.map(([name]) => name),
      { env: { NODE_OPTIONS: '--max-old-space-size=900' } },
    );
    expect([done.status, done.out]).toEqual([2, '']);
    expect(
      done.said
        .split('\n')
        .filter((line) => /^\S+\/\S+ at /.test(line))
        .map((line) => line.split(' ')[0]),
    ).toEqual(each.map(([, code]) => code));
    expect(done.said).not.toMatch(/\n\s+at /);
  };

  test('refuses truncated files, no UTF-8, no JSON, missing files and other JSON, all in one message', () => {
    refused(
      ...[0, 0.1, 0.5, 0.9, 0.999].map(
        (share) =>
          [file(`${share}.json`, json().slice(0, Math.floor(json().length * share))), 'review/not-readable'] as const,
      ),
      [
        file('x.json', Buffer.concat([Buffer.from(json().slice(0, -3)), Buffer.from([0xc3, 0x28])])),
        'review/not-readable',
      ],
      [file('utf16.json', Buffer.from(json(), 'utf16le')), 'review/not-readable'],
      [file('yaml.json', 'plan: {}'), 'review/not-readable'],
      ['no-such-file', 'cli/plan-unreadable'],
      [
        file('version.json', json().replace('"format_version":"1.2"', '"format_version":"2.0"')),
        'review/foreign-plan-format',
      ],
      [file('stack.json', sampleStack()), 'review/not-a-plan'],
    );
    refused(['.', 'cli/no-plan']);
    refused([
      file('x.json', JSON.stringify({ format_version: '1.2', terraform_version: '1', configuration: {} })),
      'review/nothing-of-ours',
    ]);
  });

  test('names the command that reads rules, if it gets the rules of a server', () => {
    const done = review([
      file(
        'rules.nft',
        'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n',
      ),
    ]);
    expect(done.said).toMatch(
      /^review\/not-readable at rules\.nft: It is not JSON\.\n {2}instead: cpanel-edge exposure FILE, /,
    );
    expect(review([file('words.txt', 'hello\n')]).said).toMatch(/\n {2}instead: terraform show -json PLAN/);
  });

  test('names the option --rules, if it gets review rules', () => {
    const rules = file('cpanel-edge.rules.json', JSON.stringify({ format: 1, forbidden: ['mysql'] }));
    expect(review([rules]).said).toBe(
      'review/not-a-plan at cpanel-edge.rules.json: It is a file of review rules, by which plans are judged.\n' +
        '  instead: --rules with this file, and as a plan terraform show -json of the plan file that will be applied.\n',
    );
  });

  test('names each input as the user typed it', () => {
    const beside = ['cdk.tf.json', './b.tf.json', 'x/../c.tf.json'];
    mkdirSync(join(folder, 'x'));
    for (const name of ['cdk.tf.json', 'b.tf.json', 'c.tf.json']) file(name, sampleStack());
    const done = review([...beside, file('cut.plan.json', '{')]);
    expect(done.said.match(/ at (.*): It is/g)).toEqual(
      [...beside, 'cut.plan.json'].map((name) => ` at ${name}: It is`),
    );
  });

  test('explains that it got a state, or which part of the plan is missing', () => {
    const said = (json: object): string => review([file('x.json', JSON.stringify(json))]).said;
    expect(said({ format_version: '1.0' })).toMatch(
      /^review\/not-a-plan at x\.json: It is terraform show -json of a state, not of a plan\.\n/,
    );
    expect(
      said({ format_version: '1.2', terraform_version: 1, resource_changes: {} }).match(/ at x\.json: .*/g),
    ).toEqual([
      ' at x.json: terraform_version is no text.',
      ' at x.json: resource_changes is no list.',
      ' at x.json: configuration is not there.',
    ]);
  });

  test("refuses a stack that can't be read", () => {
    mkdirSync(join(folder, 'unread'));
    // The kernel refuses it to root, too.
    symlinkSync('/proc/self/mem', join(folder, 'unread', 'cdk.tf.json'));
    const done = review(['--synthesized', 'unread', file('plan.json', json())]);
    expect([done.status, done.said]).toEqual([
      2,
      expect.stringMatching(/^cli\/plan-unreadable at unread\/cdk\.tf\.json: It can't be read: /),
    ]);
  });

  test('escapes names that would control the terminal', () => {
    const done = review([file('\u001b[2Jx\u202e.json', '{}')]);
    expect(done.status).toBe(2);
    // eslint-disable-next-line no-control-regex -- it must not be in the output
    expect(done.said).not.toMatch(/[\u001b\u202e]/);
  });
});
