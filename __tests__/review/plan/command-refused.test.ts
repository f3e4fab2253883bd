import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleStack } from './sample-stack';
import { typedReviews } from '../typed-reviews';

// What somebody may give in the place of a plan, and to which program a plan file goes.

const { built, folder, stack, json, review, judged, file } = typedReviews();

describe('what is no plan, or does harm', () => {
  /** Each is refused by its code; one start says it of all of them. */
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

  test('truncated, no UTF-8, no JSON, no file, no plan: all said at once', () => {
    refused(
      ...[0, 0.1, 0.5, 0.9, 0.999].map(
        (share) => [file(`${share}.json`, json().slice(0, Math.floor(json().length * share))), 'review/not-readable'] as const,
      ),
      [file('x.json', Buffer.concat([Buffer.from(json().slice(0, -3)), Buffer.from([0xc3, 0x28])])), 'review/not-readable'],
      [file('utf16.json', Buffer.from(json(), 'utf16le')), 'review/not-readable'],
      [file('yaml.json', 'plan: {}'), 'review/not-readable'],
      ['no-such-file', 'cli/plan-unreadable'],
      [file('version.json', json().replace('"format_version":"1.2"', '"format_version":"2.0"')), 'review/foreign-plan-format'],
      [file('stack.json', sampleStack()), 'review/not-a-plan'],
    );
    refused(['.', 'cli/no-plan']);
    refused([
      file('x.json', JSON.stringify({ format_version: '1.2', terraform_version: '1', configuration: {} })),
      'review/nothing-of-ours',
    ]);
  });

  test('rules of a server: the command that reads them', () => {
    const done = review([
      file('rules.nft', 'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t}\n}\n'),
    ]);
    expect(done.said).toMatch(/^review\/not-readable at rules\.nft: It is not JSON\.\n {2}instead: cpanel-edge exposure FILE, /);
    expect(review([file('words.txt', 'hello\n')]).said).toMatch(/\n {2}instead: terraform show -json PLAN/);
  });

  test('review rules in place of a plan: the option that takes them', () => {
    const rules = file('cpanel-edge.rules.json', JSON.stringify({ format: 1, forbidden: ['mysql'] }));
    expect(review([rules]).said).toBe(
      'review/not-a-plan at cpanel-edge.rules.json: It is a file of review rules, by which plans are judged.\n' +
        '  instead: --rules with this file, and as a plan terraform show -json of the plan file that will be applied.\n',
    );
  });

  test('what it is in is named as it was given', () => {
    const beside = ['cdk.tf.json', './b.tf.json', 'x/../c.tf.json'];
    mkdirSync(join(folder, 'x'));
    for (const name of ['cdk.tf.json', 'b.tf.json', 'c.tf.json']) file(name, sampleStack());
    const done = review([...beside, file('cut.plan.json', '{')]);
    expect(done.said.match(/ at (.*): It is/g)).toEqual([...beside, 'cut.plan.json'].map((name) => ` at ${name}: It is`));
  });

  test('what a state prints, and a plan without something: in words of its own', () => {
    const said = (json: object): string => review([file('x.json', JSON.stringify(json))]).said;
    expect(said({ format_version: '1.0' })).toMatch(
      /^review\/not-a-plan at x\.json: It is terraform show -json of a state, not of a plan\.\n/,
    );
    expect(said({ format_version: '1.2', terraform_version: 1, resource_changes: {} }).match(/ at x\.json: .*/g)).toEqual([
      ' at x.json: terraform_version is no text.',
      ' at x.json: resource_changes is no list.',
      ' at x.json: configuration is not there.',
    ]);
  });

  test('a stack that cannot be read', () => {
    mkdirSync(join(folder, 'unread'));
    // The kernel refuses it to root, too.
    symlinkSync('/proc/self/mem', join(folder, 'unread', 'cdk.tf.json'));
    const done = review(['--synthesized', 'unread', file('plan.json', json())]);
    expect([done.status, done.said]).toEqual([
      2,
      expect.stringMatching(/^cli\/plan-unreadable at unread\/cdk\.tf\.json: It can't be read: /),
    ]);
  });

  test('a name that would write on the terminal', () => {
    const done = review([file('\u001b[2Jx\u202e.json', '{}')]);
    expect(done.status).toBe(2);
    // eslint-disable-next-line no-control-regex -- it is what must not pass
    expect(done.said).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('which program reads a plan file', () => {
  /** A PATH with programs of these names, each of which does this. */
  function installed(name: string, programs: Readonly<Record<string, string>>): { readonly env: NodeJS.ProcessEnv } {
    const at = join(folder, name);
    mkdirSync(at);
    for (const [program, does] of Object.entries(programs)) writeFileSync(join(at, program), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    return { env: { PATH: at, TERRAFORM_BINARY_NAME: '' } };
  }
  const real = (plan: string): string =>
    `exec ${spawnSync('which', ['terraform'], { encoding: 'utf8' }).stdout.trim()} show -json -no-color ${plan}`;
  /** What exposure shows of plans. */
  const shown = (given: readonly string[], { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}): unknown => {
    const argv = [join(built, 'cli', 'main.js'), 'exposure', '--format', 'json', ...given];
    const { stdout } = spawnSync(process.execPath, argv, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
    return (JSON.parse(stdout) as { readonly devices: readonly { readonly sections: unknown }[] }).devices.map(({ sections }) => sections);
  };
  /** As both programs print errors, one of them twice. */
  const FRAMED = `printf '%s\n' 'Warning: something' ${[1, 2].map(() => "'╷' '│ Error: Invalid expression' '│' '│   on TF_ENCRYPTION line 1:' '│ A single static variable reference is required.' '╵'").join(' ')} '╷' '│ Error: Plan read error' '╵' >&2; exit 1`;
  const REFUSES = 'echo "Error: the plan file was made by another program" >&2; exit 1';

  test('where Terraform and OpenTofu are installed, the one that can read it does', () => {
    const plan = join(stack(), 'plan');
    const one = judged([plan], installed('other-reads', { terraform: REFUSES, tofu: real(plan) }));
    expect([one.status, one.review.changes]).toEqual([0, judged([plan]).review.changes]);
    const { status, said } = review(
      [plan],
      installed('neither-reads', { terraform: REFUSES, tofu: 'echo "Error: no, neither" >&2; exit 1' }),
    );
    expect(status).toBe(2);
    expect(said).toMatch(
      /cli\/terraform-refused[^]*terraform show -json says: [^]*another program[^]*tofu show -json says: [^]*no, neither/,
    );
    expect(said).toContain('TERRAFORM_BINARY_NAME');
    expect(review([plan], { env: { TERRAFORM_BINARY_NAME: '/bin/false' } }).said).toContain(
      ' /bin/false show -json says: nothing, and ends with status 1.\n',
    );
    // Nor is the plan empty.
    expect(review([plan], { env: { TERRAFORM_BINARY_NAME: '/bin/true' } }).said).toMatch(
      /^cli\/terraform-refused at .*: \/bin\/true show -json says: nothing, and ends with status 0\.\n/,
    );
  });

  test('a plan that OpenTofu has encrypted is read by OpenTofu', () => {
    // As opentofu writes it, internal/encryption/base.go.
    const encrypted = JSON.stringify({ meta: { 'key_provider.pbkdf2.own': 'e30=' }, encrypted_data: 'AAAA', encryption_version: 'v0' });
    const path = file('cdktf.out/stacks/edge/encrypted.tfplan', encrypted);
    const plan = join(stack(), 'plan');
    const one = judged([path], installed('both', { terraform: REFUSES, tofu: real(plan) }));
    expect([one.status, one.review.changes]).toEqual([0, judged([plan]).review.changes]);
    expect(shown([path], installed('both-shown', { terraform: REFUSES, tofu: real(plan) }))).toEqual(shown([plan]));
    const keyless = installed('no-keys', { tofu: FRAMED });
    expect(review([path], keyless).said).toBe(
      `cli/terraform-refused at ${path}: tofu show -json says: Error: Invalid expression on TF_ENCRYPTION line 1: A single static variable reference is required. Error: Plan read error\n` +
        '  instead: the keys that OpenTofu encrypted it with, in TF_ENCRYPTION or in the stack; TERRAFORM_BINARY_NAME with the path of that tofu: Terraform reads none of it.\n',
    );
    const named = installed('only-terraform', { terraform: real(plan) });
    expect(review([path], named)).toMatchObject({ status: 2, said: expect.stringMatching(/cli\/no-terraform[^]*encrypted[^]*tofu/) });
    expect(review(['-'], { input: encrypted })).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/plan-file-on-standard-input'),
    });
  });
});
