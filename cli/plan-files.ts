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
import { CONFIGURATION, findOverrideDoubts } from './stack-overrides';
import { showAsJson } from './terraform-show';
import { getVersion } from './package-files';
import { printPath, readLimited } from './file-io';

/** Plans that were read, and the stacks that have none. */
interface ReadPlans {
  readonly plans: readonly Plan[];
  readonly missing: readonly string[];
  readonly files: readonly string[];
}

/** A stack that a plan of which no more than its JSON is there may have been made of: its name, and cdk.tf.json, parsed. */
interface ParsedStack {
  readonly name: string;
  readonly stack: unknown;
}

interface PlanSources {
  /** This project's output folder, for where nothing is given. */
  readonly output: string;
  readonly stacks: readonly ParsedStack[];
  readonly policies: PolicyCache;
  readonly input: Readable;
}

/** One plan to read: its file, `-` for standard input, and how it is called. */
interface PlanFile {
  readonly path: string;
  readonly name: string;
  /** Nobody has named the file: it was found in the folder of its stack. */
  readonly isFound?: true;
}

const PLAN_NAMES = ['plan', 'plan.json'];

/** Throws Refusal cli/… and review/… with what is wrong with any of them. */
export async function readPlans(
  paths: readonly string[],
  { output, stacks, policies, input }: PlanSources,
): Promise<ReadPlans> {
  const problems: Problem[] = [];
  // Without anything given it is this project's output, and nobody has named a file that could be missing.
  if (paths.length === 0 && !isFolder(output)) throw new Refusal([noOutput('cli/no-plan', output)]);
  const foundPlans = (paths.length > 0 ? paths : [output]).map((path) =>
    path !== '-' && isFolder(path)
      ? findFolderPlans(path)
      : { wanted: [{ path, name: getPlanName(path) }], missing: [] },
  );
  const plans: Plan[] = [];
  let bytesLeft = getMaxTotalBytes();
  // One after another: what one takes is free again before the next.
  const files = removeDuplicates(foundPlans.flatMap((folderPlans) => folderPlans.wanted));
  for (const planFile of files) {
    try {
      const bytes = await readLimited(planFile.path, input, {
        most: Math.min(bytesLeft, getMaxBytes()),
        tooLarge: (size) => (size > getMaxBytes() ? createTooLargeProblem : createTotalTooLargeProblem)(planFile.name),
        unreadable: (why) => createUnreadable(planFile.path, why),
      });
      bytesLeft -= bytes.length;
      plans.push(checkCommand(await parsePlan(planFile, bytes, stacks, policies), planFile.path));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems.map((problem) => nameByPath(problem, planFile)));
    }
  }
  if (problems.length > 0) throw new Refusal(problems);
  const [first] = plans;
  // Whoever names a folder or a file means what is in it.
  if (paths.length === 0 && first) {
    const stackPaths = foundPlans.flatMap((folderPlans) =>
      folderPlans.wanted.map(({ path }) => join(dirname(path), STACK_FILE)),
    );
    plans[0] = { ...first, doubts: [...first.doubts, ...findChangedSources('.', output, stackPaths)] };
  }
  return { plans, missing: foundPlans.flatMap(({ missing }) => missing), files: files.map(({ path }) => path) };
}

/** With whether the program that it starts is there. Of a plan that lies elsewhere than its stack nobody knows where it is applied. */
function checkCommand(plan: Plan, path: string): Plan {
  const folder = dirname(path);
  if (plan.command === undefined || process.env['CPANEL_EDGE'] || path === '-' || !existsSync(join(folder, STACK_FILE)))
    return plan;
  // Not joined: on its way up a shell follows links.
  return existsSync(`${folder}/${plan.command}`) ? plan : { ...plan, commandIsMissing: true };
}

/** A folder and the plan in it name one file. */
function removeDuplicates(planFiles: readonly PlanFile[]): readonly PlanFile[] {
  const paths = new Set<string>();
  return planFiles.filter(({ path }) => !paths.has(resolve(path)) && paths.add(resolve(path)));
}

/** What is no plan is looked for by its path, also where a plan would be called by its stack. */
const nameByPath = (problem: Problem, { path, name }: PlanFile): Problem =>
  problem.where === name ? { ...problem, where: printPath(path) } : problem;

/** Of a plan file, or of its JSON. */
export async function parsePlan(
  { path, name, isFound }: PlanFile,
  bytes: Buffer,
  stacks: readonly ParsedStack[],
  policies?: PolicyCache,
): Promise<Plan> {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const ownVersion = getVersion();
  const parseOptions = {
    inflate: createInflater(name),
    sha256,
    ...(ownVersion === 'unknown' ? {} : { version: ownVersion }),
    ...(policies === undefined ? {} : { policies }),
  };
  if (isPlanArchive(bytes)) {
    if (path === '-') throw new Refusal([archiveOnInput]);
    // The plan file carries its own stack, and that is what will be applied, whatever lies beside it now.
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
    // Stacks that were given are what the plans are compared with, by the review.
    const currentStack = isFound && stacks.length === 0 && stack !== undefined ? readStackBeside(path) : undefined;
    return currentStack === undefined || isSameStack(stack, currentStack)
      ? plan
      : { ...plan, doubts: [...plan.doubts, stalePlan(path, name)] };
  }
  const givenJson = parseJson(bytes, name, looksLikeRules(bytes, name) ? RULES_ADVICE : undefined);
  const encrypted = isEncryptedPlan(givenJson);
  if (encrypted && path === '-') throw new Refusal([archiveOnInput]);
  const json = encrypted ? parseJson(await showAsJson(path, name, getMaxBytes(), encrypted), name) : givenJson;
  const beside = readStackBeside(path);
  const stack = beside ?? pickStack(name, stacks);
  const plan = readPlan(json, name, { ...parseOptions, ...(stack === undefined ? {} : { stack }) });
  return beside === undefined ? plan : findOverrideDoubts(plan, readdirSync(dirname(path)));
}

const RULES_ADVICE =
  'cpanel-edge exposure FILE, for what rules let through. A review is of a plan: terraform show -json PLAN, or the plan file.';

type RecognizeModule = typeof import('../lib/exposure/texts/recognize-text');

/** Whether somebody gave the rules of a server in place of a plan. */
function looksLikeRules(bytes: Buffer, name: string): boolean {
  if (/^\s*[{[]/.test(bytes.toString('latin1', 0, 100)) || bytes.length > MAX_BYTES) return false;
  try {
    // Not above: it loads every platform.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
    const { recognizeText } = require('../lib/exposure/texts/recognize-text') as RecognizeModule;
    return recognizeText(decodeText(bytes, name), name).is === 'rules';
  } catch {
    return false;
  }
}

/** The releases are: another machine, or another Node, may write other paths and other bytes of what the driver is handed. */
const isSameStack = (first: unknown, second: unknown): boolean =>
  isDeepStrictEqual(listStackReleases(first), listStackReleases(second));

/** The stack in the plan's folder. */
function readStackBeside(path: string): unknown {
  const beside = join(dirname(path), STACK_FILE);
  return path === '-' || !existsSync(beside) ? undefined : readStackFile(beside);
}

/** Of several stacks the one with the plan's name, else the only one. The reader looks whether it is the plan's. */
const pickStack = (name: string, stacks: readonly ParsedStack[]): unknown =>
  (stacks.find((stack) => stack.name === name) ?? (stacks.length === 1 ? stacks[0] : undefined))?.stack;

/** Every stack of a folder: it is one, or holds them as cdktf puts them. Throws Refusal cli/no-stack, review/not-readable. */
export function readStacks(folder: string): readonly (ParsedStack & { readonly folder: string })[] {
  const folders = listSynthesized(folder);
  if (folders.length === 0)
    throw new Refusal([existsSync(folder) ? noStack(folder) : noOutput('cli/no-stack', folder)]);
  return folders.map((path) => ({ folder: path, name: basename(path), stack: readStackFile(join(path, STACK_FILE)) }));
}

export const hasStacks = (folder: string): boolean => listSynthesized(folder).length > 0;

function listSynthesized(folder: string): readonly string[] {
  const folders = existsSync(join(folder, STACK_FILE)) ? [folder] : listStackFolders(folder).map(({ path }) => path);
  return folders.filter((path) => existsSync(join(path, STACK_FILE)));
}

interface FolderPlans {
  readonly wanted: readonly PlanFile[];
  readonly missing: readonly string[];
}

/** cdktf's output folder: a plan for each of its stacks. A stack's own folder: its plan. */
function findFolderPlans(folder: string): FolderPlans {
  const ownPlan = findPlan(folder);
  if (ownPlan !== undefined)
    return { wanted: [{ path: ownPlan, name: basename(normalize(folder)), isFound: true }], missing: [] };
  const stacks = listStackFolders(folder).map(({ name, path }) => ({ name, plan: findPlan(path) }));
  const planFiles = stacks.flatMap(({ name, plan }) =>
    plan === undefined ? [] : [{ path: plan, name, isFound: true as const }],
  );
  if (planFiles.length === 0) throw new Refusal([noPlan(folder, stacks.length)]);
  return { wanted: planFiles, missing: stacks.filter(({ plan }) => plan === undefined).map(({ name }) => name) };
}

/** The plan file before its JSON: it is what will be applied, and it carries its stack. */
const findPlan = (folder: string): string | undefined =>
  PLAN_NAMES.map((name) => join(folder, name)).find((path) => isFile(path));

/** `cdktf.out/stacks/production/plan.json` is of production; `production.json` and `production.tfplan` too. */
function getPlanName(path: string): string {
  if (path === '-') return 'standard input';
  const fileName = basename(path);
  return PLAN_NAMES.includes(fileName) && dirname(path) !== '.'
    ? basename(dirname(path))
    : fileName.replace(/(?<=.)\.(?:json|tfplan|plan)$/, '');
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
