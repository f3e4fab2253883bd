import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem, Refusal } from '../lib/problems/problem';
import { tooLarge } from '../lib/json/json';

const MOST_SECONDS = 300;

/**
 * What `terraform show -json` prints of a plan file, run where the providers are that it needs: in the file's folder, or here where only
 * this one was initialised. Throws Refusal cli/no-terraform, cli/terraform-refused, review/too-large.
 */
export async function shownAsJson(path: string, name: string, most: number): Promise<Buffer> {
  const named = process.env['TERRAFORM_BINARY_NAME'];
  const programs = named ? [named] : ['terraform', 'tofu'];
  for (const program of programs) {
    const shown = await show(program, resolve(path), name, most);
    if (shown !== undefined) return shown;
  }
  throw new Refusal([noTerraform(name, programs)]);
}

/** Undefined where there is no such program. */
function show(program: string, path: string, name: string, most: number): Promise<Buffer | undefined> {
  return new Promise((resolved, rejected) => {
    const child = spawn(program, ['show', '-json', '-no-color', path], {
      cwd: [dirname(path), '.'].find((folder) => existsSync(join(folder, '.terraform'))) ?? dirname(path),
      env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: Buffer[] = [];
    let [length, errors] = [0, ''];
    const stop = (why: Problem): void => {
      child.kill('SIGKILL');
      rejected(new Refusal([why]));
    };
    const timer = setTimeout(() => stop(refused(name, program, `It did not end within ${MOST_SECONDS} s.`)), MOST_SECONDS * 1000);
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length > most) stop(tooLarge(name));
      else parts.push(part);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2000)));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') resolved(undefined);
      else rejected(new Refusal([refused(name, program, error.message)]));
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (status === 0) resolved(Buffer.concat(parts, length));
      else rejected(new Refusal([refused(name, program, errors.trim().split('\n').slice(-6).join(' '))]));
    });
  });
}

const noTerraform = (where: string, programs: readonly string[]): Problem => ({
  code: 'cli/no-terraform',
  where,
  what: `It is a plan file, which ${programs.join(' or ')} has to read, and there is no such program on the PATH.`,
  instead: 'TERRAFORM_BINARY_NAME with its path; or terraform show -json PLAN > plan.json where there is one, and review that file.',
});

const refused = (where: string, program: string, why: string): Problem => ({
  code: 'cli/terraform-refused',
  where,
  what: `${program} show -json says: ${why}`,
  instead: 'terraform init in the folder of the plan file, with the version of Terraform that made it.',
});
