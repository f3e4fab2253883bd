// Reads the files, folders, plans and stacks that `exposure` gets as arguments, and returns their rules or releases.
// Reads the file of a device's facts (output of `ip` and `sysctl`), too.
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { NAT_FILES } from '../lib/cpnat/nat-files';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { decodeText } from '../lib/exposure/texts/decode-text';
import { ExposureInput, STACK_FORM, ExposureSource } from '../lib/exposure/create-exposure-report';
import { findTruncation } from '../lib/exposure/facts/truncated-facts';
import { Facts, splitFacts } from '../lib/exposure/facts/device-facts';
import { joinFiles } from '../lib/exposure/join-files';
import { createEmptyProblem, recognizeText } from '../lib/exposure/texts/recognize-text';
import { MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';
import { Plan, PlannedOwner } from '../lib/review/plan';
import { createNothingOfOurs } from '../lib/review/plan/plan-problems';
import { readOwnershipRecords } from '../driver/synthesized-stack';
import { readBytes } from './read-files';
import { isFile, isFolder } from './file-stats';
import { isPlanArchive } from './plan-archive';
import { findChangedSources } from './newer-sources';
import { STACK_FILE } from './stack-folders';
import { findOutputFolder } from './target';
import { printPath, readWholeText } from './file-io';
import { findFrameworkCommand } from '../driver/operator-project';

/** Loads the parser of plans only when it is needed: rules don't need it. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
const loadPlans = (): typeof import('./plan-files') => require('./plan-files') as typeof import('./plan-files');

/**
 * Returns the sources in files, folders and standard input. Without any path it returns this project's synthesized
 * stacks.
 *
 * @throws Refusal with the problems of all paths.
 */
export async function readSources(paths: readonly string[], input: Readable): Promise<readonly ExposureSource[]> {
  if (paths.length === 0)
    return isFile(STACK_FILE) ? readStackSources('.') : readStackSources(findOutputFolder(), { isOfProject: true });
  const problems: Problem[] = [];
  const sources: ExposureInput[] = [];
  for (const path of paths) {
    try {
      sources.push(
        ...(path !== '-' && isFolder(path) && loadPlans().hasStacks(path)
          ? readStackSources(path)
          : await readFileSources(path, input)),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0)
    refuseIfAny([
      ...problems,
      ...sources.flatMap(({ is, name }) => (is === 'empty' ? [createEmptyProblem(name)] : [])),
    ]);
  return joinFiles(sources);
}

/**
 * Returns the releases of all stacks in a folder. Stacks without a gateway or server of ours are left out.
 *
 * @throws Refusal review/nothing-of-ours if no stack has one; for this project, the problems of findChangedSources.
 */
function readStackSources(folder: string, { isOfProject } = { isOfProject: false }): readonly ExposureSource[] {
  const parsedStacks = loadPlans().readStacks(folder);
  if (isOfProject)
    refuseIfAny(
      findChangedSources(
        '.',
        folder,
        parsedStacks.map((stack) => join(stack.folder, STACK_FILE)),
      ),
    );
  const stacks = parsedStacks.map(({ name, folder: stackFolder }) => ({
    name: name === '.' ? 'cdk.tf.json' : name,
    ownershipRecords: readOwnershipRecords(stackFolder) ?? [],
  }));
  const deliveredStacks = stacks.filter(({ ownershipRecords }) => ownershipRecords.length > 0);
  if (deliveredStacks.length === 0) throw new Refusal([createNothingOfOurs(folder)]);
  return deliveredStacks.map(({ name, ownershipRecords }) => ({
    is: 'releases',
    name,
    formatLabel: STACK_FORM,
    releases: ownershipRecords.flatMap(({ release }) => (release ? [release] : [])),
    unknowns: ownershipRecords
      .filter(({ release }) => !release)
      .map(({ device, owner }) => createWithoutReleaseProblem(`${owner} on ${device}`)),
    omittedLines: [],
  }));
}

const SOURCE_WORDS = `a file; a folder with a synthesized stack, or with ${MULTI_FILE_FORMATS.label} or ${NAT_FILES.label}; a tar of these; or - for standard input.`;

async function readFileSources(path: string, input: Readable): Promise<readonly ExposureInput[]> {
  const name = printPath(path);
  const bytes = await readBytes(path, input, SOURCE_WORDS, [NAT_FILES]);
  if (path !== '-' && isPlanArchive(bytes))
    return [toPlanSource(await loadPlans().parsePlan({ path, name }, bytes, []))];
  const text = decodeText(bytes, name);
  if (text.trim() === '') return [{ is: 'empty', name }];
  const recognized = recognizeText(text, name);
  switch (recognized.is) {
    case 'rules':
    case 'nat files':
    case 'facts':
      return [{ ...recognized, name }];
    case 'looked':
      return recognized.devices.map((json) => ({ is: 'looked', name, json }));
    case 'plan':
      return [toPlanSource(await loadPlans().parsePlan({ path, name }, bytes, []))];
    case 'stack':
      if (basename(path) === 'cdk.tf.json') return readStackSources(dirname(path));
      throw new Refusal([createStackByFolderProblem(name)]);
  }
}

/**
 * Returns the releases that run after the plan is applied.
 *
 * @throws Refusal review/nothing-of-ours if the plan has none of ours.
 */
function toPlanSource({ name, owners, unknowns, objections }: Plan): ExposureSource {
  if (owners.length + unknowns.length + objections.length === 0) throw new Refusal([createNothingOfOurs(name)]);
  return {
    is: 'releases',
    name,
    formatLabel: 'the state after a plan',
    releases: owners.flatMap(({ device, owner, after }) => (after ? [{ device, owner, ...after }] : [])),
    unknowns: [
      ...unknowns,
      ...objections,
      ...owners
        .filter((plannedOwner) => plannedOwner.after === undefined && !isGone(plannedOwner))
        .map(createNotShownProblem),
    ],
    omittedLines: owners.filter(isGone).map(({ device, owner }) => `gateway ${device}, owner ${owner}: it is retired`),
  };
}

/**
 * Returns whether nothing of the owner is left on the device. That is true for a retired gateway only: what the host of
 * a retired server lets in then is unknown here.
 */
const isGone = ({ action, role }: PlannedOwner): boolean => action === 'retired' && role === 'gateway';

/**
 * Returns the problem of an owner that can't be shown. The plan states its action, but not what the device lets through
 * afterwards.
 */
const createNotShownProblem = ({ device, owner, role, action, onRetract }: PlannedOwner): Problem => ({
  code: 'cli/owner-left-out',
  where: `${role} ${device}, owner ${owner}`,
  what:
    action === 'retired'
      ? `It is retired, so it is not shown: ${onRetract === 'keep closed' ? 'its rules stay as they are' : 'what the server lets in without them is not known'}.`
      : action === 'released' || action === 'stays open'
        ? 'The plan gives it up and leaves its rules on the device, so it is not shown: what they let through stays open.'
        : 'What it runs afterwards is not in the plan, so it is not shown.',
  instead: "cpanel-edge review for what changes, cpanel-edge verify for the device's own answer.",
});

/**
 * Returns the facts in a file with the output of `ip -o addr`, `ip -o link`, `ip -o route` and
 * `sysctl -a | grep forwarding`.
 *
 * @throws Refusal cli/no-facts, or for a truncated file.
 */
export async function readFacts(path: string): Promise<Facts> {
  const fullText = await readWholeText(path, FACTS_COMMAND);
  const { text, facts } = splitFacts(fullText);
  const cutProblem = findTruncation(fullText, printPath(path));
  if (cutProblem) throw new Refusal([cutProblem]);
  const isTold = facts.interfaces.size > 0 || facts.forwarding !== undefined;
  if (!isTold) throw new Refusal([createNoFactsProblem(path, text.trim() === '')]);
  return facts;
}

const createWithoutReleaseProblem = (where: string): Problem => ({
  code: 'cli/stack-without-release',
  where,
  what: 'The stack holds no release for it, so what it exposes is not shown.',
  instead: `${findFrameworkCommand()} synth again.`,
});

/** The commands that print the facts on a server. */
export const FACT_COMMANDS = ['ip -o addr', 'ip -o link', 'ip -o route show table all', 'sysctl -a | grep forwarding'];

const FACTS_COMMAND = `on the server: (${FACT_COMMANDS.join('; ')}) > facts.txt`;

const createNoFactsProblem = (where: string, isEmpty: boolean): Problem => ({
  code: 'cli/no-facts',
  where,
  what: isEmpty
    ? 'It is empty.'
    : 'No line of it is one that `ip -o addr`, `ip -o link`, `ip -o route` or `sysctl -a | grep forwarding` prints.',
  instead: FACTS_COMMAND,
});

const createStackByFolderProblem = (where: string): Problem => ({
  code: 'cli/stack-by-folder',
  where,
  what: 'It is a synthesized stack, and what one delivers is found by its folder.',
  instead: 'the folder that holds cdk.tf.json.',
});
