import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { NAT_FILES } from '../lib/cpnat/files';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { textOf } from '../lib/exposure/texts/bytes';
import { Given, STACK, Source } from '../lib/exposure/exposed';
import { cutFacts } from '../lib/exposure/facts/cut';
import { Facts, splitFacts } from '../lib/exposure/facts/facts';
import { joined } from '../lib/exposure/joined-files';
import { recognise } from '../lib/exposure/texts/recognise';
import { SPREAD } from '../lib/exposure/texts/spread-files';
import { Plan, PlannedOwner } from '../lib/review/plan';
import { nothingOfOurs } from '../lib/review/plan/problems';
import { holdersIn } from '../driver/synthesized';
import { bytesAt } from './file-texts';
import { isFile, isFolder } from './on-disk';
import { isPlanArchive } from './plan-archive';
import { sourcesChanged } from './newer-sources';
import { STACK_FILE } from './stack-folders';
import { outputFolder } from './target';
import { named, wholeText } from './whole-file';

/** Not above: rules need nothing of what reads plans. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a file of this package
const plans = (): typeof import('./plan-files') => require('./plan-files') as typeof import('./plan-files');

/** What files, folders and standard input hold; without any, this project's synthesized stacks. Throws Refusal with what is wrong with each. */
export async function sourcesIn(given: readonly string[], input: Readable): Promise<readonly Source[]> {
  if (given.length === 0)
    return isFile(STACK_FILE) ? stackSources('.') : stackSources(outputFolder(), { isOfProject: true });
  const problems: Problem[] = [];
  const sources: Given[] = [];
  for (const path of given) {
    try {
      sources.push(
        ...(path !== '-' && isFolder(path) && plans().holdsStacks(path)
          ? stackSources(path)
          : await fileSources(path, input)),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
    }
  }
  refuseIfAny(problems);
  return joined(sources);
}

/** Stacks beside them that have nothing of ours say nothing. */
function stackSources(folder: string, { isOfProject } = { isOfProject: false }): readonly Source[] {
  const found = plans().stacksIn(folder);
  if (isOfProject)
    refuseIfAny(
      sourcesChanged(
        '.',
        folder,
        found.map((one) => join(one.folder, STACK_FILE)),
      ),
    );
  const stacks = found.map(({ name, folder: own }) => ({
    name: name === '.' ? 'cdk.tf.json' : name,
    holders: holdersIn(own) ?? [],
  }));
  const ours = stacks.filter(({ holders }) => holders.length > 0);
  if (ours.length === 0) throw new Refusal([nothingOfOurs(folder)]);
  return ours.map(({ name, holders }) => ({
    is: 'releases',
    name,
    form: STACK,
    releases: holders.flatMap(({ release }) => (release ? [release] : [])),
    doubts: holders
      .filter(({ release }) => !release)
      .map(({ device, owner }) => withoutRelease(`${owner} on ${device}`)),
    leftOut: [],
  }));
}

const GIVEN = `a file; a folder with a stack that npx cdktf synth wrote, or with ${SPREAD.called} or ${NAT_FILES.called}; a tar of these; or - for standard input.`;

async function fileSources(path: string, input: Readable): Promise<readonly Given[]> {
  const name = named(path);
  const bytes = await bytesAt(path, input, GIVEN, [NAT_FILES]);
  if (path !== '-' && isPlanArchive(bytes)) return [planSource(await plans().planOf({ path, name }, bytes, []))];
  const found = recognise(textOf(bytes, name), name);
  switch (found.is) {
    case 'rules':
    case 'nat files':
    case 'facts':
      return [{ ...found, name }];
    case 'looked':
      return found.devices.map((json) => ({ is: 'looked', name, json }));
    case 'plan':
      return [planSource(await plans().planOf({ path, name }, bytes, []))];
    case 'stack':
      if (basename(path) === 'cdk.tf.json') return stackSources(dirname(path));
      throw new Refusal([stackByFolder(name)]);
  }
}

/** What will run after the plan is applied. */
function planSource({ name, owners, doubts, objections }: Plan): Source {
  if (owners.length + doubts.length + objections.length === 0) throw new Refusal([nothingOfOurs(name)]);
  return {
    is: 'releases',
    name,
    form: 'what a plan leads to',
    releases: owners.flatMap(({ device, owner, after }) => (after ? [{ device, owner, ...after }] : [])),
    doubts: [
      ...doubts,
      ...objections,
      ...owners.filter((one) => one.after === undefined && !isGone(one)).map(notShown),
    ],
    leftOut: owners.filter(isGone).map(({ device, owner }) => `gateway ${device}, owner ${owner}: it is retired`),
  };
}

/** Nothing of it is left on the device. Of a server that is retired, nobody here says what the host lets in then. */
const isGone = ({ action, role }: PlannedOwner): boolean => action === 'retired' && role === 'gateway';

/** The plan says of it what is done, not what the device lets through then. */
const notShown = ({ device, owner, role, action, onRetract }: PlannedOwner): Problem => ({
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

/** What `ip -o addr`, `ip -o link`, `ip -o route` and `sysctl -a | grep forwarding` printed. */
export async function factsIn(path: string): Promise<Facts> {
  const whole = await wholeText(path, FACTS);
  const { text, facts } = splitFacts(whole);
  const cut = cutFacts(whole, named(path));
  if (cut) throw new Refusal([cut]);
  const told = facts.interfaces.size > 0 || facts.forwarding !== undefined;
  if (!told) throw new Refusal([noFacts(path, text.trim() === '')]);
  return facts;
}

const withoutRelease = (where: string): Problem => ({
  code: 'cli/stack-without-release',
  where,
  what: 'The stack holds no release for it, so what it exposes is not shown.',
  instead: 'npx cdktf synth again.',
});

/** What to type on a server. */
export const TELLS = ['ip -o addr', 'ip -o link', 'ip -o route show table all', 'sysctl -a | grep forwarding'];

const FACTS = `on the server: (${TELLS.join('; ')}) > facts.txt`;

const noFacts = (where: string, isEmpty: boolean): Problem => ({
  code: 'cli/no-facts',
  where,
  what: isEmpty
    ? 'It is empty.'
    : 'No line of it is one that `ip -o addr`, `ip -o link`, `ip -o route` or `sysctl -a | grep forwarding` prints.',
  instead: FACTS,
});

const stackByFolder = (where: string): Problem => ({
  code: 'cli/stack-by-folder',
  where,
  what: 'It is a synthesized stack, and what one delivers is found by its folder.',
  instead: 'the folder that holds cdk.tf.json.',
});
