// Reads Terraform plans for `review` and `exposure`: finds plans and stacks in folders, and parses plan files and their
// JSON. Reports a plan that is out of date, or whose stack an override file changes.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { Problem, Refusal } from '../lib/problems/problem';
import { Plan } from '../lib/review/plan';
import { MAX_BYTES, decodeText } from '../lib/exposure/texts/decode-text';
import { PolicyCache } from '../lib/review/policy-cache';
import { isEncryptedPlan } from '../lib/json/encrypted-plan';
import {
  parseJson,
  getMaxBytes,
  getMaxTotalBytes,
  createTooLargeProblem,
  createTotalTooLargeProblem,
} from '../lib/json/parse-json';
import { readPlan } from '../lib/review/plan/parse-plan';
import { listStackReleases } from '../lib/review/plan/stack-releases';
import { createInflater } from '../driver/synthesized-stack';
import { isFile, isFolder } from './file-stats';
import { findChangedSources } from './newer-sources';
import { extractFile, isPlanArchive } from './plan-archive';
import { STACK_FILE, readStackFile, listStackFolders, parseStack, createUnreadable } from './stack-folders';
import { showAsJson } from './terraform-show';
import { getVersion } from './package-files';
import { printPath, readLimited } from './file-io';
import { findFrameworkCommand } from '../driver/operator-project';

/** The folder in a plan file with the configuration of the root module. */
const CONFIGURATION = 'tfconfig/m-';

/**
 * Returns the plan, with a doubt if Terraform merges a file such as `main_override.tf.json` into the stack. Such a file
 * may set `when` and `on_failure` of a provisioner, which the plan's JSON doesn't have.
 * @param files The names of the files in the stack's folder
 */
function findOverrideDoubts(plan: Plan, files: readonly string[]): Plan {
  const overrides = files.filter((name) => /^(?:.*_)?override\.(?:tf|tofu)(?:\.json)?$/.test(name));
  return overrides.length === 0
    ? plan
    : { ...plan, unknowns: [...plan.unknowns, createStackOverriddenProblem(plan.name, overrides)] };
}

const createStackOverriddenProblem = (name: string, overrides: readonly string[]): Problem => ({
  code: 'cli/stack-overridden',
  where: `plan ${name}`,
  what: `Beside ${STACK_FILE} Terraform reads ${[...overrides].sort().join(', ')}, which may replace provisioners and settings of each resource; the plan's JSON does not show all of these.`,
  instead: 'plan without such files: the stack says what it needs itself.',
});

/** Parsed plans with their files, and the names of the stacks that have no plan. */
interface ReadPlans {
  readonly plans: readonly Plan[];
  readonly missing: readonly string[];
  readonly files: readonly string[];
}

/** A stack that a plan given as JSON may have been made of: its name, and its parsed cdk.tf.json. */
interface ParsedStack {
  readonly name: string;
  readonly stack: unknown;
}

interface PlanSources {
  /** The project's output folder. It is read if no path is given. */
  readonly output: string;
  readonly stacks: readonly ParsedStack[];
  readonly policies: PolicyCache;
  readonly input: Readable;
}

/** One plan to read: the path of its file (`-` for standard input) and its name. */
interface PlanFile {
  readonly path: string;
  readonly name: string;
  /** The file was found in the folder of its stack; it was not named. */
  readonly isFound?: true;
}

const PLAN_NAMES = ['plan', 'plan.json'];

/**
 * Returns the plans in these files and folders.
 * @throws Refusal cli/… and review/… with the problems of all of them
 */
export async function readPlans(
  paths: readonly string[],
  { output, stacks, policies, input }: PlanSources,
): Promise<ReadPlans> {
  const problems: Problem[] = [];
  // Without any path the project's output folder is read, and no named file can be missing.
  if (paths.length === 0 && !isFolder(output)) throw new Refusal([createNoOutputProblem('cli/no-plan', output)]);
  const planListings = (paths.length > 0 ? paths : [output]).map((path) =>
    path !== '-' && isFolder(path)
      ? findFolderPlans(path)
      : { planFiles: [{ path, name: getPlanName(path) }], missing: [] },
  );
  const plans: Plan[] = [];
  let bytesLeft = getMaxTotalBytes();
  // They are read one after another, so that the memory of one is free before the next.
  const files = removeDuplicates(planListings.flatMap((folderPlans) => folderPlans.planFiles));
  for (const planFile of files) {
    try {
      const bytes = await readLimited(planFile.path, input, {
        maxBytes: Math.min(bytesLeft, getMaxBytes()),
        tooLarge: (size) => (size > getMaxBytes() ? createTooLargeProblem : createTotalTooLargeProblem)(planFile.name),
        createUnreadableProblem: (reason) => createUnreadable(planFile.path, reason),
      });
      bytesLeft -= bytes.length;
      plans.push(checkCommand(await parsePlan(planFile, bytes, stacks, policies), planFile.path));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems.map((problem) => locateByPath(problem, planFile)));
    }
  }
  if (problems.length > 0) throw new Refusal(problems);
  const [first] = plans;
  // A folder or file that the operator names is taken as it is; only the default is checked for newer sources.
  if (paths.length === 0 && first) {
    const stackPaths = planListings.flatMap((folderPlans) =>
      folderPlans.planFiles.map(({ path }) => join(dirname(path), STACK_FILE)),
    );
    plans[0] = { ...first, unknowns: [...first.unknowns, ...findChangedSources('.', output, stackPaths)] };
  }
  return { plans, missing: planListings.flatMap(({ missing }) => missing), files: files.map(({ path }) => path) };
}

/**
 * Returns the plan, marked if the program that it starts is missing. A plan that doesn't lie beside its stack is not
 * checked: the folder in which it will be applied is unknown.
 */
function checkCommand(plan: Plan, path: string): Plan {
  const folder = dirname(path);
  if (plan.command === undefined || process.env['CPANEL_EDGE'] || path === '-' || !existsSync(join(folder, STACK_FILE)))
    return plan;
  // The paths are not joined: `..` in a shell follows links.
  return existsSync(`${folder}/${plan.command}`) ? plan : { ...plan, commandIsMissing: true };
}

/** Returns each file once: a folder and the plan in it name the same file. */
function removeDuplicates(planFiles: readonly PlanFile[]): readonly PlanFile[] {
  const paths = new Set<string>();
  return planFiles.filter(({ path }) => !paths.has(resolve(path)) && paths.add(resolve(path)));
}

/**
 * Returns the problem with the file's path in place of the plan's name: a file that is no plan is found by its path.
 */
const locateByPath = (problem: Problem, { path, name }: PlanFile): Problem =>
  problem.where === name ? { ...problem, where: printPath(path) } : problem;

/** Returns the plan of a plan file or of its JSON. */
export async function parsePlan(
  { path, name, isFound }: PlanFile,
  bytes: Buffer,
  stacks: readonly ParsedStack[],
  policies?: PolicyCache,
): Promise<Plan> {
  const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');
  const ownVersion = getVersion();
  const parseOptions = {
    inflate: createInflater(name),
    sha256: hashText,
    ...(ownVersion === 'unknown' ? {} : { version: ownVersion }),
    ...(policies === undefined ? {} : { policies }),
  };
  if (isPlanArchive(bytes)) {
    if (path === '-') throw new Refusal([archiveOnInput]);
    // Terraform applies the stack inside the plan file, even if another one lies beside it now.
    const configured: string[] = [];
    const ownVersion = await extractFile(bytes, `${CONFIGURATION}/${STACK_FILE}`, name, (file) => {
      if (dirname(file) === CONFIGURATION) configured.push(basename(file));
    });
    const json = parseJson(await showAsJson(path, name, getMaxBytes()), name);
    const stack = ownVersion === undefined ? undefined : parseStack(ownVersion, `${name}: ${STACK_FILE}`);
    const plan = findOverrideDoubts(
      readPlan(json, name, { ...parseOptions, ...(stack === undefined ? {} : { stack }) }),
      configured,
    );
    // The review compares the plans with the stacks that were given.
    const currentStack =
      isFound && stacks.length === 0 && stack !== undefined ? readNeighbouringStack(path) : undefined;
    return currentStack === undefined || isSameStack(stack, currentStack)
      ? plan
      : { ...plan, unknowns: [...plan.unknowns, createStalePlanProblem(path, name)] };
  }
  const givenJson = parseJson(bytes, name, looksLikeRules(bytes, name) ? () => RULES_ADVICE : undefined);
  const encrypted = isEncryptedPlan(givenJson);
  if (encrypted && path === '-') throw new Refusal([archiveOnInput]);
  const json = encrypted ? parseJson(await showAsJson(path, name, getMaxBytes(), encrypted), name) : givenJson;
  const nearbyStack = readNeighbouringStack(path);
  const stack = nearbyStack ?? pickStack(name, stacks);
  const plan = readPlan(json, name, { ...parseOptions, ...(stack === undefined ? {} : { stack }) });
  return nearbyStack === undefined ? plan : findOverrideDoubts(plan, readdirSync(dirname(path)));
}

const RULES_ADVICE =
  'cpanel-edge exposure FILE, for what rules let through. A review is of a plan: terraform show -json PLAN, or the plan file.';

type RecognizeModule = typeof import('../lib/exposure/texts/recognize-text');

/** Returns whether the bytes are the rules of a server and no plan. */
function looksLikeRules(bytes: Buffer, name: string): boolean {
  if (/^\s*[{[]/.test(bytes.toString('latin1', 0, 100)) || bytes.length > MAX_BYTES) return false;
  try {
    // It is required here and not above: it loads every platform.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
    const { recognizeText } = require('../lib/exposure/texts/recognize-text') as RecognizeModule;
    return recognizeText(decodeText(bytes, name), name).is === 'rules';
  } catch {
    return false;
  }
}

/**
 * Returns whether both stacks have the same releases. Other parts may differ: another machine, or another Node, may
 * write other paths and other bytes of the driver's input.
 */
const isSameStack = (first: unknown, second: unknown): boolean =>
  isDeepStrictEqual(listStackReleases(first), listStackReleases(second));

/** Returns the stack in the plan's folder; undefined if there is none. */
function readNeighbouringStack(path: string): unknown {
  const stackFile = join(dirname(path), STACK_FILE);
  return path === '-' || !existsSync(stackFile) ? undefined : readStackFile(stackFile);
}

/** Returns the stack with the plan's name, else the only one. readPlan checks whether it is the plan's. */
const pickStack = (name: string, stacks: readonly ParsedStack[]): unknown =>
  (stacks.find((stack) => stack.name === name) ?? (stacks.length === 1 ? stacks[0] : undefined))?.stack;

/**
 * Returns every stack of a folder, which is one stack or an output folder of cdktf.
 * @throws Refusal cli/no-stack, review/not-readable
 */
export function readStacks(folder: string): readonly (ParsedStack & { readonly folder: string })[] {
  const folders = listSynthesized(folder);
  if (folders.length === 0)
    throw new Refusal([
      existsSync(folder) ? createNoStackProblem(folder) : createNoOutputProblem('cli/no-stack', folder),
    ]);
  return folders.map((path) => ({ folder: path, name: basename(path), stack: readStackFile(join(path, STACK_FILE)) }));
}

export const hasStacks = (folder: string): boolean => listSynthesized(folder).length > 0;

function listSynthesized(folder: string): readonly string[] {
  const folders = existsSync(join(folder, STACK_FILE)) ? [folder] : listStackFolders(folder).map(({ path }) => path);
  return folders.filter((path) => existsSync(join(path, STACK_FILE)));
}

interface FolderPlans {
  readonly planFiles: readonly PlanFile[];
  readonly missing: readonly string[];
}

/** Returns the plan of each stack in cdktf's output folder, or the plan of a stack's own folder. */
function findFolderPlans(folder: string): FolderPlans {
  const ownPlan = findPlan(folder);
  if (ownPlan !== undefined)
    return { planFiles: [{ path: ownPlan, name: basename(normalize(folder)), isFound: true }], missing: [] };
  const stacks = listStackFolders(folder).map(({ name, path }) => ({ name, plan: findPlan(path) }));
  const planFiles = stacks.flatMap(({ name, plan }) =>
    plan === undefined ? [] : [{ path: plan, name, isFound: true as const }],
  );
  if (planFiles.length === 0) throw new Refusal([createNoPlanProblem(folder, stacks.length)]);
  return { planFiles, missing: stacks.filter(({ plan }) => plan === undefined).map(({ name }) => name) };
}

/** Returns the plan file, else its JSON. The plan file comes first: it will be applied, and it carries its stack. */
const findPlan = (folder: string): string | undefined =>
  PLAN_NAMES.map((name) => join(folder, name)).find((path) => isFile(path));

/**
 * Returns the name of a plan from its path: `cdktf.out/stacks/production/plan.json`, `production.json` and
 * `production.tfplan` are all called production.
 */
function getPlanName(path: string): string {
  if (path === '-') return 'standard input';
  const fileName = basename(path);
  return PLAN_NAMES.includes(fileName) && dirname(path) !== '.'
    ? basename(dirname(path))
    : fileName.replace(/(?<=.)\.(?:json|tfplan|plan)$/, '');
}

const createStalePlanProblem = (path: string, name: string): Problem => ({
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

const createNoOutputProblem = (code: string, where: string): Problem => ({
  code,
  where,
  what: 'There is no such folder here.',
  instead: `run it in the folder of the project, where cdktf.json is, after ${findFrameworkCommand()} synth; or name the folder, or the plan.`,
});

const createNoPlanProblem = (where: string, stacks: number): Problem => ({
  code: 'cli/no-plan',
  where,
  what:
    stacks === 0
      ? 'There is no plan in it, and no stack.'
      : stacks === 1
        ? 'Its only stack has no plan.'
        : `None of its ${stacks} stacks has a plan.`,
  instead: `${findFrameworkCommand()} diff STACK for each stack, or terraform plan -out=plan in its folder; then review again.`,
});

const createNoStackProblem = (where: string): Problem => ({
  code: 'cli/no-stack',
  where,
  what: 'There is no synthesized stack in it.',
  instead: `${findFrameworkCommand()} synth, then its output folder or that of one stack.`,
});
