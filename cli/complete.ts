import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Holder } from '../driver/synthesized';
import { Candidate, Candidates, Known, candidatesFor } from './candidates';
import { Described, described } from './command-definition';

/** What no folder decides. */
interface Table {
  readonly commands: Described;
  readonly codes: readonly string[];
  readonly services: readonly string[];
}

/** The table, written by the build: to load every command takes longer than somebody waits who has pressed a key. */
const BUILT = join(__dirname, 'completion.json');

/**
 * What the scripts of `completion` ask: `complete -- WORDS`. The first line is `files` or `words`; below it each word, a tab, and what it is.
 * Nothing is ever said to be wrong: somebody is still typing.
 */
export const completing = (all: () => Command): Command =>
  new Command('complete').argument('[words...]').action((words: readonly string[]) => {
    process.stdout.write(printed(quietly(() => fitting(words, all))));
  });

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a file of this package, loaded when its names are asked for */
export const tableOf = (all: Command): Table => ({
  commands: described(all),
  codes: [...(require('./explain') as typeof import('./explain')).codes()].sort(),
  services: (require('../lib/exposure/answer/question') as typeof import('../lib/exposure/answer/question'))
    .ASKED_SERVICES,
});

const holders = (): readonly Holder[] => (require('./target') as typeof import('./target')).holdersOf(undefined);
/* eslint-enable @typescript-eslint/no-require-imports */

function fitting(words: readonly string[], all: () => Command): Candidates {
  const { commands, codes, services } = existsSync(BUILT)
    ? (JSON.parse(readFileSync(BUILT, 'utf8')) as Table)
    : tableOf(all());
  const files = (): Candidates => 'files';
  const known: Known = {
    file: files,
    folder: files,
    plan: files,
    source: files,
    code: () => bare(codes),
    services: () => bare(services),
    places: () => bare(['outside', 'inside', 'server', 'localhost']),
    command: () => commands.commands.map(({ name, says }) => ({ word: name, says })),
    device: () => once(holders().map(({ device, owner, role }) => ({ word: device, says: `${role} ${owner}` }))),
    owner: () => once(holders().map(({ device, owner, role }) => ({ word: owner, says: `${role} ${device}` }))),
  };
  return candidatesFor(words, commands, known);
}

const bare = (words: readonly string[]): readonly Candidate[] => words.map((word) => ({ word, says: '' }));

/** A word has one line, with all that is said of it. */
function once(all: readonly Candidate[]): readonly Candidate[] {
  const said = new Map<string, Set<string>>();
  for (const { word, says } of all) said.set(word, (said.get(word) ?? new Set()).add(says));
  return [...said].map(([word, says]) => ({ word, says: [...says].join(', ') }));
}

const printed = (found: Candidates): string =>
  found === 'files' ? 'files\n' : `words\n${found.map(({ word, says }) => `${word}\t${says}\n`).join('')}`;

function quietly(find: () => Candidates): Candidates {
  try {
    return find();
  } catch {
    return [];
  }
}
