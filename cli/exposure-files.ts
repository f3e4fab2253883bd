import { createReadStream, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { MOST_BYTES, textOf, tooLarge } from '../lib/review/native/bytes';
import { Source } from '../lib/review/native/exposed';
import { Facts, splitFacts } from '../lib/review/native/facts';
import { recognise } from '../lib/review/native/recognise';
import { Plan } from '../lib/review/plan';
import { jsonFrom } from '../lib/review/plan/json-text';
import { nothingOfOurs } from '../lib/review/plan/problems';
import { readPlan } from '../lib/review/plan/read-plan';
import { holdersIn, inflate } from '../driver/synthesized';
import { isFile, isFolder, sizeOf } from './on-disk';
import { isPlanArchive } from './plan-archive';
import { stacksIn } from './plan-files';
import { outputFolder } from './target';
import { shownAsJson } from './terraform-show';
import { whyNot } from './why-not';

/** What files, folders and standard input hold; without any, this project's synthesized stacks. Throws Refusal with what is wrong with each. */
export async function sourcesIn(given: readonly string[], input: Readable): Promise<readonly Source[]> {
  if (given.length === 0) return stackSources(isFile('cdk.tf.json') ? '.' : outputFolder());
  const problems: Problem[] = [];
  const sources: Source[] = [];
  for (const path of given) {
    try {
      sources.push(...(path !== '-' && isFolder(path) ? stackSources(path) : await fileSources(path, input)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
    }
  }
  refuseIfAny(problems);
  return sources;
}

/** Stacks beside them that have nothing of ours say nothing. */
function stackSources(folder: string): readonly Source[] {
  const stacks = stacksIn(folder).map(({ name, folder: own }) => ({
    name: name === '.' ? 'cdk.tf.json' : name,
    holders: holdersIn(own) ?? [],
  }));
  const ours = stacks.filter(({ holders }) => holders.length > 0);
  if (ours.length === 0) throw new Refusal([nothingOfOurs(folder)]);
  return ours.map(({ name, holders }) => ({
    is: 'releases',
    name,
    form: 'a synthesized stack',
    releases: holders.flatMap(({ release }) => (release ? [release] : [])),
    doubts: holders.filter(({ release }) => !release).map(({ device, owner }) => withoutRelease(`${owner} on ${device}`)),
  }));
}

async function fileSources(path: string, input: Readable): Promise<readonly Source[]> {
  const name = path === '-' ? 'standard input' : path;
  const bytes = await bytesOf(path, name, input);
  if (path !== '-' && isPlanArchive(bytes))
    return [planSource(readPlan(jsonFrom(await shownAsJson(path, name, MOST_BYTES), name), name, { inflate }))];
  const found = recognise(textOf(bytes, name), name);
  switch (found.is) {
    case 'rules':
      return [{ ...found, name }];
    case 'looked':
      return found.devices.map((json) => ({ is: 'looked', name, json }));
    case 'plan':
      return [planSource(readPlan(found.json, name, { inflate }))];
    case 'stack':
      if (basename(path) === 'cdk.tf.json') return stackSources(dirname(path));
      throw new Refusal([stackByFolder(name)]);
  }
}

/** What will run after the plan is applied. */
function planSource({ name, owners, doubts }: Plan): Source {
  if (owners.length === 0 && doubts.length === 0) throw new Refusal([nothingOfOurs(name)]);
  const releases = owners.flatMap(({ after }) => (after ? [after] : []));
  return { is: 'releases', name, form: 'what a plan leads to', releases, doubts };
}

/** What `ip -o addr`, `ip -o route` and `sysctl net.ipv4.ip_forward` printed. */
export function factsIn(path: string): Facts {
  const bytes = small(path);
  const { text, facts } = splitFacts(textOf(bytes, path));
  const told = facts.interfaces.size > 0 || facts.forwarding !== undefined;
  if (!told) throw new Refusal([noFacts(path, text.trim() === '')]);
  return facts;
}

function small(path: string): Buffer {
  try {
    const size = sizeOf(path);
    if (size > MOST_BYTES) throw new Refusal([tooLarge(path, size)]);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([unreadable(path, whyNot(error))]);
  }
}

/** Never more than what is read: neither a huge file nor an endless pipe. */
async function bytesOf(path: string, name: string, input: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    const size = path === '-' ? 0 : sizeOf(path);
    if (size > MOST_BYTES) throw new Refusal([tooLarge(name, size)]);
    const stream = path === '-' ? input : createReadStream(path, { highWaterMark: 1024 * 1024 });
    for await (const part of stream as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > MOST_BYTES) throw new Refusal([tooLarge(name, length)]);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([unreadable(path, whyNot(error))]);
  }
  return Buffer.concat(parts, length);
}

const unreadable = (where: string, why: string): Problem => ({
  code: 'cli/file-unreadable',
  where,
  what: `It can't be read: ${why}.`,
  instead: 'a file, a folder with a synthesized stack, or - for standard input.',
});

const withoutRelease = (where: string): Problem => ({
  code: 'cli/stack-without-release',
  where,
  what: 'The stack holds no release for it, so what it exposes is not shown.',
  instead: 'npx cdktf synth again.',
});

const noFacts = (where: string, isEmpty: boolean): Problem => ({
  code: 'cli/no-facts',
  where,
  what: isEmpty ? 'It is empty.' : 'No line of it is one that `ip -o addr`, `ip -o route` or `sysctl net.ipv4.ip_forward` prints.',
  instead: 'on the server: (ip -o addr; ip -o route; sysctl net.ipv4.ip_forward) > facts.txt',
});

const stackByFolder = (where: string): Problem => ({
  code: 'cli/stack-by-folder',
  where,
  what: 'It is a synthesized stack, and what one delivers is found by its folder.',
  instead: 'the folder that holds cdk.tf.json.',
});
