// Converts a Terraform plan file to JSON: runs `terraform show -json` or `tofu show -json`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Problem, Refusal } from '../lib/problems/problem';
import { createTooLargeProblem } from '../lib/json/parse-json';

const MAX_SECONDS = 300;
/** The most characters of a program's errors that are read, and that are shown. */
const [MAX_READ_CHARS, MAX_SHOWN_CHARS] = [8000, 600];

/**
 * Returns the output of `terraform show -json` for a plan file. It runs where its providers are: in the file's folder,
 * or in the current one if only that was initialised. Terraform and OpenTofu don't read each other's plans, so it tries
 * both. Terraform reads no plan that OpenTofu has encrypted.
 * @throws Refusal cli/no-terraform, cli/terraform-refused, review/too-large
 */
export async function showAsJson(path: string, name: string, maxBytes: number, isEncrypted = false): Promise<Buffer> {
  const configuredProgram = process.env['TERRAFORM_BINARY_NAME'];
  const programs = configuredProgram ? [configuredProgram] : isEncrypted ? ['tofu'] : ['terraform', 'tofu'];
  const refusals: string[] = [];
  for (const program of programs) {
    const output = await runShow(program, resolve(path), name, maxBytes);
    if (Buffer.isBuffer(output)) return output;
    if (output !== undefined) refusals.push(output);
  }
  throw new Refusal([
    refusals.length === 0
      ? createNoTerraformProblem(name, programs, isEncrypted)
      : createRefusedProblem(name, refusals, isEncrypted),
  ]);
}

/** Returns the output of the program, or a text with its refusal; undefined if there is no such program. */
function runShow(program: string, path: string, name: string, maxBytes: number): Promise<Buffer | string | undefined> {
  return new Promise((fulfil, refuse) => {
    const child = spawn(program, ['show', '-json', '-no-color', path], {
      cwd: [dirname(path), '.'].find((folder) => existsSync(join(folder, '.terraform'))) ?? dirname(path),
      env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: Buffer[] = [];
    let [length, errors] = [0, ''];
    const resolveRefusal = (reason: string): void => fulfil(`${program} show -json says: ${reason}`);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolveRefusal(`It did not end within ${MAX_SECONDS} s.`);
    }, MAX_SECONDS * 1000);
    child.stdout.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) return void parts.push(part);
      child.kill('SIGKILL');
      refuse(new Refusal([createTooLargeProblem(name)]));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(0, MAX_READ_CHARS)));
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === 'ENOENT') fulfil(undefined);
      else resolveRefusal(error.message);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (status === 0 && length > 0) fulfil(Buffer.concat(parts, length));
      else resolveRefusal(formatErrors(errors) || `nothing, and ends with status ${status}.`);
    });
  });
}

/** Returns the errors from the first one on, each once, without the frame that both programs draw around them. */
function formatErrors(errors: string): string {
  const lines = errors.split('\n').map((line) => line.replace(/^[╷│╵]/, '').trim());
  const first = lines.findIndex((line) => line.startsWith('Error'));
  const errorTexts = lines
    .slice(Math.max(0, first))
    .filter((line) => line !== '')
    .join(' ')
    .split(/ (?=Error: )/);
  const errorText = [...new Set(errorTexts)].join(' ').replace(/\.+$/, '.');
  return errorText.length > MAX_SHOWN_CHARS ? `${errorText.slice(0, MAX_SHOWN_CHARS)} …` : errorText;
}

const createNoTerraformProblem = (where: string, programs: readonly string[], isEncrypted: boolean): Problem => ({
  code: 'cli/no-terraform',
  where,
  what: `It is ${isEncrypted ? 'an encrypted' : 'a'} plan file, which ${programs.join(' or ')} has to read, and there is no such program${programs.some((program) => program.includes('/')) ? '' : ' on the PATH'}.`,
  instead: `TERRAFORM_BINARY_NAME with its path; or ${isEncrypted ? 'tofu' : 'terraform'} show -json PLAN > plan.json where there is one, and review that file.`,
});

const createRefusedProblem = (where: string, refusals: readonly string[], isEncrypted: boolean): Problem => ({
  code: 'cli/terraform-refused',
  where,
  what: refusals.join(' '),
  instead: isEncrypted
    ? 'the keys that OpenTofu encrypted it with, in TF_ENCRYPTION or in the stack; TERRAFORM_BINARY_NAME with the path of that tofu: Terraform reads none of it.'
    : 'the init of the program that made it, in the folder of the plan file; TERRAFORM_BINARY_NAME with the path of that program, in the version that made it.',
});
