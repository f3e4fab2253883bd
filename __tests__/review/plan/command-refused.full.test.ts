// Tests which program converts a plan file to JSON if both Terraform and OpenTofu are installed: the one that can read
// it.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedReviews } from '../typed-reviews';

// The program to which `review` gives a plan file.

const { built, folder, stack, review, judged, file } = typedReviews();

describe('the program that converts a plan file', () => {
  /** Returns a PATH with programs of these names and scripts. */
  function installed(name: string, programs: Readonly<Record<string, string>>): { readonly env: NodeJS.ProcessEnv } {
    const at = join(folder, name);
    mkdirSync(at);
    for (const [program, does] of Object.entries(programs))
      writeFileSync(join(at, program), `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    return { env: { PATH: at, TERRAFORM_BINARY_NAME: '' } };
  }
  const real = (plan: string): string =>
    `exec ${spawnSync('which', ['terraform'], { encoding: 'utf8' }).stdout.trim()} show -json -no-color ${plan}`;
  /** Returns the output of `exposure` on plans. */
  const shown = (given: readonly string[], { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}): unknown => {
    const argv = [join(built, 'cli', 'main.js'), 'exposure', '--format', 'json', ...given];
    const { stdout } = spawnSync(process.execPath, argv, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return (JSON.parse(stdout) as { readonly devices: readonly { readonly sections: unknown }[] }).devices.map(
      ({ sections }) => sections,
    );
  };
  /** An error as both programs print it, one of them twice. */
  const FRAMED = `printf '%s\n' 'Warning: something' ${[1, 2].map(() => "'╷' '│ Error: Invalid expression' '│' '│   on TF_ENCRYPTION line 1:' '│ A single static variable reference is required.' '╵'").join(' ')} '╷' '│ Error: Plan read error' '╵' >&2; exit 1`;
  const REFUSES = 'echo "Error: the plan file was made by another program" >&2; exit 1';

  test('is the one of Terraform and OpenTofu that can read it, if both are installed', () => {
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
    // The plan isn't empty either.
    expect(review([plan], { env: { TERRAFORM_BINARY_NAME: '/bin/true' } }).said).toMatch(
      /^cli\/terraform-refused at .*: \/bin\/true show -json says: nothing, and ends with status 0\.\n/,
    );
  });

  test('is OpenTofu for a plan that OpenTofu encrypted', () => {
    // The format that OpenTofu writes: internal/encryption/base.go.
    const encrypted = JSON.stringify({
      meta: { 'key_provider.pbkdf2.own': 'e30=' },
      encrypted_data: 'AAAA',
      encryption_version: 'v0',
    });
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
    expect(review([path], named)).toMatchObject({
      status: 2,
      said: expect.stringMatching(/cli\/no-terraform[^]*encrypted[^]*tofu/),
    });
    expect(review(['-'], { input: encrypted })).toMatchObject({
      status: 2,
      said: expect.stringContaining('cli/plan-file-on-standard-input'),
    });
  });
});
