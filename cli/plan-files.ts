import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { Problem, Refusal } from '../lib/problems/problem';
import { Plan } from '../lib/review/plan';
import { MOST_BYTES, textOf } from '../lib/exposure/texts/bytes';
import { Policies } from '../lib/review/policies';
import { isEncrypted } from '../lib/json/encrypted';
import { jsonFrom, mostBytes, mostTogether, tooLarge, tooLargeTogether } from '../lib/json/json';
import { readPlan } from '../lib/review/plan/read-plan';
import { releasesInStack } from '../lib/review/plan/in-stack';
import { inflateWithin } from '../driver/synthesized';
import { isFile, isFolder } from './on-disk';
import { sourcesChanged } from './newer-sources';
import { fileWithin, isPlanArchive } from './plan-archive';
import { STACK_FILE, stackFile, stackFolders, stackFrom, unreadable } from './stack-folders';
import { CONFIGURATION, doubtOverrides } from './stack-overrides';
import { shownAsJson } from './terraform-show';
import { version } from './version';
import { named, wholeBytes } from './whole-file';

/** Plans that were read, and the stacks that have none. */
interface Plans {
  readonly plans: readonly Plan[];
  readonly missing: readonly string[];
  readonly files: readonly string[];
}

/** A stack that a plan of which no more than its JSON is there may have been made of: its name, and cdk.tf.json, parsed. */
interface Stack {
  readonly name: string;
  readonly stack: unknown;
}

interface Where {
  /** This project's output folder, for where nothing is given. */
  readonly output: string;
  readonly stacks: readonly Stack[];
  readonly policies: Policies;
  readonly input: Readable;
}

/** One plan to read: its file, `-` for standard input, and how it is called. */
interface Wanted {
  readonly path: string;
  readonly name: string;
  /** Nobody has named the file: it was found in the folder of its stack. */
  readonly isFound?: true;
}

const PLAN_NAMES = ['plan', 'plan.json'];

/** Throws Refusal cli/… and review/… with what is wrong with any of them. */
export async function plansIn(given: readonly string[], { output, stacks, policies, input }: Where): Promise<Plans> {
  const problems: Problem[] = [];
  // Without anything given it is this project's output, and nobody has named a file that could be missing.
  if (given.length === 0 && !isFolder(output)) throw new Refusal([noOutput('cli/no-plan', output)]);
  const wanted = (given.length > 0 ? given : [output]).map((path) =>
    path !== '-' && isFolder(path) ? inFolder(path) : { wanted: [{ path, name: nameOf(path) }], missing: [] },
  );
  const plans: Plan[] = [];
  let left = mostTogether();
  // One after another: what one takes is free again before the next.
  const files = eachFile(wanted.flatMap((each) => each.wanted));
  for (const one of files) {
    try {
      const bytes = await wholeBytes(one.path, input, {
        most: Math.min(left, mostBytes()),
        tooLarge: (size) => (size > mostBytes() ? tooLarge : tooLargeTogether)(one.name),
        unreadable: (why) => unreadable(one.path, why),
      });
      left -= bytes.length;
      plans.push(lookedUp(await planOf(one, bytes, stacks, policies), one.path));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems.map((problem) => asGiven(problem, one)));
    }
  }
  if (problems.length > 0) throw new Refusal(problems);
  const [first] = plans;
  // Whoever names a folder or a file means what is in it.
  if (given.length === 0 && first) {
    const beside = wanted.flatMap((each) => each.wanted.map(({ path }) => join(dirname(path), STACK_FILE)));
    plans[0] = { ...first, doubts: [...first.doubts, ...sourcesChanged('.', output, beside)] };
  }
  return { plans, missing: wanted.flatMap(({ missing }) => missing), files: files.map(({ path }) => path) };
}

/** With whether the program that it starts is there. Of a plan that lies elsewhere than its stack nobody knows where it is applied. */
function lookedUp(plan: Plan, path: string): Plan {
  const folder = dirname(path);
  if (plan.command === undefined || process.env['CPANEL_EDGE'] || path === '-' || !existsSync(join(folder, STACK_FILE)))
    return plan;
  // Not joined: on its way up a shell follows links.
  return existsSync(`${folder}/${plan.command}`) ? plan : { ...plan, commandIsMissing: true };
}

/** A folder and the plan in it name one file. */
function eachFile(wanted: readonly Wanted[]): readonly Wanted[] {
  const paths = new Set<string>();
  return wanted.filter(({ path }) => !paths.has(resolve(path)) && paths.add(resolve(path)));
}

/** What is no plan is looked for by its path, also where a plan would be called by its stack. */
const asGiven = (problem: Problem, { path, name }: Wanted): Problem =>
  problem.where === name ? { ...problem, where: named(path) } : problem;

/** Of a plan file, or of its JSON. */
export async function planOf(
  { path, name, isFound }: Wanted,
  bytes: Buffer,
  stacks: readonly Stack[],
  policies?: Policies,
): Promise<Plan> {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const own = version();
  const means = {
    inflate: inflateWithin(name),
    sha256,
    ...(own === 'unknown' ? {} : { version: own }),
    ...(policies === undefined ? {} : { policies }),
  };
  if (isPlanArchive(bytes)) {
    if (path === '-') throw new Refusal([archiveOnInput]);
    // The plan file carries its own stack, and that is what will be applied, whatever lies beside it now.
    const configured: string[] = [];
    const own = await fileWithin(bytes, `${CONFIGURATION}/${STACK_FILE}`, name, (file) => {
      if (dirname(file) === CONFIGURATION) configured.push(basename(file));
    });
    const json = jsonFrom(await shownAsJson(path, name, mostBytes()), name);
    const stack = own === undefined ? undefined : stackFrom(own, `${name}: ${STACK_FILE}`);
    const plan = doubtOverrides(
      readPlan(json, name, { ...means, ...(stack === undefined ? {} : { stack }) }),
      configured,
    );
    // Stacks that were given are what the plans are compared with, by the review.
    const now = isFound && stacks.length === 0 && stack !== undefined ? stackBeside(path) : undefined;
    return now === undefined || isSameStack(stack, now)
      ? plan
      : { ...plan, doubts: [...plan.doubts, stalePlan(path, name)] };
  }
  const given = jsonFrom(bytes, name, areRules(bytes, name) ? OF_RULES : undefined);
  const encrypted = isEncrypted(given);
  if (encrypted && path === '-') throw new Refusal([archiveOnInput]);
  const json = encrypted ? jsonFrom(await shownAsJson(path, name, mostBytes(), encrypted), name) : given;
  const beside = stackBeside(path);
  const stack = beside ?? stackOf(name, stacks);
  const plan = readPlan(json, name, { ...means, ...(stack === undefined ? {} : { stack }) });
  return beside === undefined ? plan : doubtOverrides(plan, readdirSync(dirname(path)));
}

const OF_RULES =
  'cpanel-edge exposure FILE, for what rules let through. A review is of a plan: terraform show -json PLAN, or the plan file.';

type Recognising = typeof import('../lib/exposure/texts/recognise');

/** Whether somebody gave the rules of a server in place of a plan. */
function areRules(bytes: Buffer, name: string): boolean {
  if (/^\s*[{[]/.test(bytes.toString('latin1', 0, 100)) || bytes.length > MOST_BYTES) return false;
  try {
    // Not above: it loads every platform.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
    const { recognise } = require('../lib/exposure/texts/recognise') as Recognising;
    return recognise(textOf(bytes, name), name).is === 'rules';
  } catch {
    return false;
  }
}

/** The releases are: another machine, or another Node, may write other paths and other bytes of what the driver is handed. */
const isSameStack = (one: unknown, other: unknown): boolean =>
  isDeepStrictEqual(releasesInStack(one), releasesInStack(other));

/** The stack in the plan's folder. */
function stackBeside(path: string): unknown {
  const beside = join(dirname(path), STACK_FILE);
  return path === '-' || !existsSync(beside) ? undefined : stackFile(beside);
}

/** Of several stacks the one with the plan's name, else the only one. The reader looks whether it is the plan's. */
const stackOf = (name: string, stacks: readonly Stack[]): unknown =>
  (stacks.find((one) => one.name === name) ?? (stacks.length === 1 ? stacks[0] : undefined))?.stack;

/** Every stack of a folder: it is one, or holds them as cdktf puts them. Throws Refusal cli/no-stack, review/not-readable. */
export function stacksIn(folder: string): readonly (Stack & { readonly folder: string })[] {
  const found = synthesizedIn(folder);
  if (found.length === 0) throw new Refusal([existsSync(folder) ? noStack(folder) : noOutput('cli/no-stack', folder)]);
  return found.map((path) => ({ folder: path, name: basename(path), stack: stackFile(join(path, STACK_FILE)) }));
}

export const holdsStacks = (folder: string): boolean => synthesizedIn(folder).length > 0;

function synthesizedIn(folder: string): readonly string[] {
  const folders = existsSync(join(folder, STACK_FILE)) ? [folder] : stackFolders(folder).map(({ path }) => path);
  return folders.filter((path) => existsSync(join(path, STACK_FILE)));
}

interface InFolder {
  readonly wanted: readonly Wanted[];
  readonly missing: readonly string[];
}

/** cdktf's output folder: a plan for each of its stacks. A stack's own folder: its plan. */
function inFolder(folder: string): InFolder {
  const own = planIn(folder);
  if (own !== undefined)
    return { wanted: [{ path: own, name: basename(normalize(folder)), isFound: true }], missing: [] };
  const stacks = stackFolders(folder).map(({ name, path }) => ({ name, plan: planIn(path) }));
  const wanted = stacks.flatMap(({ name, plan }) =>
    plan === undefined ? [] : [{ path: plan, name, isFound: true as const }],
  );
  if (wanted.length === 0) throw new Refusal([noPlan(folder, stacks.length)]);
  return { wanted, missing: stacks.filter(({ plan }) => plan === undefined).map(({ name }) => name) };
}

/** The plan file before its JSON: it is what will be applied, and it carries its stack. */
const planIn = (folder: string): string | undefined =>
  PLAN_NAMES.map((name) => join(folder, name)).find((path) => isFile(path));

/** `cdktf.out/stacks/production/plan.json` is of production; `production.json` and `production.tfplan` too. */
function nameOf(path: string): string {
  if (path === '-') return 'standard input';
  const own = basename(path);
  return PLAN_NAMES.includes(own) && dirname(path) !== '.'
    ? basename(dirname(path))
    : own.replace(/(?<=.)\.(?:json|tfplan|plan)$/, '');
}

const stalePlan = (path: string, name: string): Problem => ({
  code: 'cli/stale-plan',
  where: `plan ${name}`,
  what: `${path} delivers other releases than the stack that lies beside it now, which was synthesized again since.`,
  instead: 'plan again in that folder, then review; or name the plan file, where that is what will be applied.',
});

const archiveOnInput: Problem = {
  code: 'cli/plan-file-on-standard-input',
  where: 'standard input',
  what: 'It is a plan file, which the program that made it has to read, in the folder that it was made in.',
  instead:
    'the path of the plan file; or terraform show -json PLAN | cpanel-edge review -, with tofu where that made it.',
};

const noOutput = (code: string, where: string): Problem => ({
  code,
  where,
  what: 'There is no such folder here.',
  instead:
    'run it in the folder of the project, where cdktf.json is, after npx cdktf synth; or name the folder, or the plan.',
});

const noPlan = (where: string, stacks: number): Problem => ({
  code: 'cli/no-plan',
  where,
  what:
    stacks === 0
      ? 'There is no plan in it, and no stack.'
      : stacks === 1
        ? 'Its only stack has no plan.'
        : `None of its ${stacks} stacks has a plan.`,
  instead: 'npx cdktf diff STACK for each stack, or terraform plan -out=plan in its folder; then review again.',
});

const noStack = (where: string): Problem => ({
  code: 'cli/no-stack',
  where,
  what: 'There is no synthesized stack in it.',
  instead: 'npx cdktf synth, then its output folder or that of one stack.',
});
