// Command `complete` (hidden): prints the candidates for the word that the operator types. The shell scripts that
// `completion` prints call it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { OwnershipRecord } from '../driver/synthesized-stack';
import { CompletionCandidate, CompletionCandidates, ValueSources, findCandidates } from './completion-candidates';
import { CommandDefinition, describeCommand } from './command-definition';

/** The candidates that don't depend on the folder. */
interface CompletionTable {
  readonly commands: CommandDefinition;
  readonly codes: readonly string[];
  readonly services: readonly string[];
}

/**
 * Path of the table that the build writes. Loading every command takes longer than an operator waits after pressing a
 * key.
 */
const BUILT_TABLE_PATH = join(__dirname, 'completion.json');

/**
 * Returns the command that the scripts of `completion` call: `complete -- WORDS`. Its first line is `files` or `words`.
 * The lines below have a word, a tab and the word's description each. It reports no errors: the operator is still
 * typing.
 */
export const createCompleteCommand = (createRoot: () => Command): Command =>
  new Command('complete').argument('[words...]').action((words: readonly string[]) => {
    process.stdout.write(printCandidates(catchToNone(() => findFitting(words, createRoot))));
  });

/* eslint-disable @typescript-eslint/no-require-imports -- each of these is a file of this package, loaded when its names are asked for */
export const createTable = (root: Command): CompletionTable => ({
  commands: describeCommand(root),
  codes: [...(require('./explain') as typeof import('./explain')).listCodes()].sort(),
  services: (require('../lib/exposure/answer/question') as typeof import('../lib/exposure/answer/question'))
    .KNOWN_SERVICES,
});

const listRecords = (): readonly OwnershipRecord[] =>
  (require('./target') as typeof import('./target')).readRecords(undefined);
/* eslint-enable @typescript-eslint/no-require-imports */

function findFitting(words: readonly string[], createRoot: () => Command): CompletionCandidates {
  const { commands, codes, services } = existsSync(BUILT_TABLE_PATH)
    ? (JSON.parse(readFileSync(BUILT_TABLE_PATH, 'utf8')) as CompletionTable)
    : createTable(createRoot());
  const files = (): CompletionCandidates => 'files';
  const sources: ValueSources = {
    file: files,
    folder: files,
    plan: files,
    source: files,
    code: () => toBareCandidates(codes),
    services: () => toBareCandidates(services),
    places: () => toBareCandidates(['outside', 'inside', 'server', 'localhost']),
    command: () => commands.commands.map(({ name, description }) => ({ word: name, description })),
    device: () =>
      mergeCandidates(
        listRecords().map(({ device, owner, role }) => ({ word: device, description: `${role} ${owner}` })),
      ),
    owner: () =>
      mergeCandidates(
        listRecords().map(({ device, owner, role }) => ({ word: owner, description: `${role} ${device}` })),
      ),
  };
  return findCandidates(words, commands, sources);
}

const toBareCandidates = (words: readonly string[]): readonly CompletionCandidate[] =>
  words.map((word) => ({ word, description: '' }));

/** Returns one candidate for each word, with all its descriptions. */
function mergeCandidates(candidates: readonly CompletionCandidate[]): readonly CompletionCandidate[] {
  const descriptionsByWord = new Map<string, Set<string>>();
  for (const { word, description } of candidates)
    descriptionsByWord.set(word, (descriptionsByWord.get(word) ?? new Set()).add(description));
  return [...descriptionsByWord].map(([word, says]) => ({ word, description: [...says].join(', ') }));
}

const printCandidates = (candidates: CompletionCandidates): string =>
  candidates === 'files'
    ? 'files\n'
    : `words\n${candidates.map(({ word, description }) => `${word}\t${description}\n`).join('')}`;

function catchToNone(find: () => CompletionCandidates): CompletionCandidates {
  try {
    return find();
  } catch {
    return [];
  }
}
