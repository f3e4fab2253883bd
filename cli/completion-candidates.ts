// Returns the completions of a partly typed command line: commands, options and values. The scripts of the shells get
// them from the command `complete`.
import { escapeForDisplay } from '../lib/problems/problem';
import { CommandDefinition, OptionDefinition, ArgumentDefinition } from './command-definition';

export interface CompletionCandidate {
  readonly word: string;
  readonly description: string;
}

/** The completions of the last word: one of a list, or `files` for the name of any file. */
export type CompletionCandidates = 'files' | readonly CompletionCandidate[];

/** Sources of values that depend on the folder or the package, by the name of the value in help. */
export type ValueSources = Readonly<Record<string, () => CompletionCandidates>>;

interface CursorPosition {
  readonly command: CommandDefinition;
  /** Number of the command's arguments before the last word. */
  readonly before: number;
  /** The option whose value is the last word; undefined if there is none. */
  readonly pendingOption?: OptionDefinition;
  /** Whether `--` came before: no word is an option after it. */
  readonly hasOptionsEnded: boolean;
}

/** Returns the completions of the last word. `words` are the words between the program's name and the cursor. */
export function findCandidates(
  words: readonly string[],
  definition: CommandDefinition,
  sources: ValueSources,
): CompletionCandidates {
  const lastWord = words.at(-1) ?? '';
  const candidates = listFitting(
    lastWord,
    words.slice(0, -1).reduce(advance, { command: definition, before: 0, hasOptionsEnded: false }),
    sources,
  );
  return candidates === 'files'
    ? candidates
    : candidates.filter(({ word }) => word.startsWith(lastWord) && PLAIN_WORD.test(word)).map(toSingleLine);
}

/**
 * Words that every shell takes literally. Other words are not offered: a name may come from an untrusted plan.
 */
const PLAIN_WORD = /^[\w./,:=@+-]+$/;

const toSingleLine = ({ word, description }: CompletionCandidate): CompletionCandidate => ({
  word,
  description: escapeForDisplay(description),
});

function advance(position: CursorPosition, word: string): CursorPosition {
  const { command, before, pendingOption, hasOptionsEnded } = position;
  if (pendingOption) return { command, before, hasOptionsEnded };
  if (!hasOptionsEnded && word === '--') return { ...position, hasOptionsEnded: true };
  if (!hasOptionsEnded && /^-./.test(word)) {
    const flag = findFlag(command, word);
    return flag?.value ? { ...position, pendingOption: flag } : position;
  }
  const subcommand = before === 0 ? command.commands.find(({ name }) => name === word) : undefined;
  return subcommand ? { command: subcommand, before: 0, hasOptionsEnded } : { ...position, before: before + 1 };
}

const findFlag = ({ options }: CommandDefinition, word: string): OptionDefinition | undefined =>
  options.find(({ names }) => names.includes(word));

function listFitting(
  word: string,
  { command, before, pendingOption, hasOptionsEnded }: CursorPosition,
  sources: ValueSources,
): CompletionCandidates {
  if (pendingOption?.value) return listValues(pendingOption.value, word, sources);
  const assigned = /^(--[^=]+=)(.*)$/s.exec(word);
  if (!hasOptionsEnded && assigned) {
    const [, head = '', value = ''] = assigned;
    const flag = findFlag(command, head.slice(0, -1));
    return flag?.value ? addPrefix(head, listValues(flag.value, value, sources)) : [];
  }
  if (!hasOptionsEnded && word.startsWith('-'))
    return command.options.map(({ names, description }) => ({ word: names.at(-1)!, description }));
  if (before === 0 && command.commands.length > 0)
    return command.commands.map(({ name, description }) => ({ word: name, description }));
  const argument = command.arguments[before] ?? command.arguments.at(-1);
  if (!argument || (before >= command.arguments.length && !argument.isVariadic)) return [];
  return listValues(argument, word, sources);
}

function listValues(
  { name, choices, isVariadic }: ArgumentDefinition,
  word: string,
  sources: ValueSources,
): CompletionCandidates {
  const candidates =
    choices.length > 0
      ? choices.map((choice) => ({ word: choice, description: '' }))
      : Object.hasOwn(sources, name)
        ? sources[name]!()
        : [];
  if (candidates === 'files') return candidates;
  const head = isVariadic ? word.slice(0, word.lastIndexOf(',') + 1) : '';
  const givenWords = head.split(',');
  return addPrefix(
    head,
    candidates.filter(({ word }) => !givenWords.includes(word)),
  );
}

const addPrefix = (head: string, candidates: CompletionCandidates): CompletionCandidates =>
  candidates === 'files' ? candidates : candidates.map(({ word, description }) => ({ word: head + word, description }));
