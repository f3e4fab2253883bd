import { escapeForDisplay } from '../lib/problems/problem';
import { CommandDefinition, OptionDefinition, ArgumentDefinition } from './command-definition';

export interface CompletionCandidate {
  readonly word: string;
  readonly says: string;
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
  readonly waits?: OptionDefinition;
  /** Whether `--` came before: no word is an option after it. */
  readonly ended: boolean;
}

/** Returns the completions of the last word. `words` are the words between the program's name and the cursor. */
export function findCandidates(
  words: readonly string[],
  definition: CommandDefinition,
  sources: ValueSources,
): CompletionCandidates {
  const last = words.at(-1) ?? '';
  const candidates = listFitting(
    last,
    words.slice(0, -1).reduce(advance, { command: definition, before: 0, ended: false }),
    sources,
  );
  return candidates === 'files'
    ? candidates
    : candidates.filter(({ word }) => word.startsWith(last) && PLAIN_WORD.test(word)).map(toSingleLine);
}

/**
 * Words that every shell takes literally. Other words are not offered: a name may come from an untrusted plan.
 */
const PLAIN_WORD = /^[\w./,:=@+-]+$/;

const toSingleLine = ({ word, says }: CompletionCandidate): CompletionCandidate => ({
  word,
  says: escapeForDisplay(says),
});

function advance(position: CursorPosition, word: string): CursorPosition {
  const { command, before, waits, ended } = position;
  if (waits) return { command, before, ended };
  if (!ended && word === '--') return { ...position, ended: true };
  if (!ended && /^-./.test(word)) {
    const flag = findFlag(command, word);
    return flag?.value ? { ...position, waits: flag } : position;
  }
  const named = before === 0 ? command.commands.find(({ name }) => name === word) : undefined;
  return named ? { command: named, before: 0, ended } : { ...position, before: before + 1 };
}

const findFlag = ({ options }: CommandDefinition, word: string): OptionDefinition | undefined =>
  options.find(({ names }) => names.includes(word));

function listFitting(
  word: string,
  { command, before, waits, ended }: CursorPosition,
  sources: ValueSources,
): CompletionCandidates {
  if (waits?.value) return listValues(waits.value, word, sources);
  const assigned = /^(--[^=]+=)(.*)$/s.exec(word);
  if (!ended && assigned) {
    const [, head = '', value = ''] = assigned;
    const flag = findFlag(command, head.slice(0, -1));
    return flag?.value ? addPrefix(head, listValues(flag.value, value, sources)) : [];
  }
  if (!ended && word.startsWith('-')) return command.options.map(({ names, says }) => ({ word: names.at(-1)!, says }));
  if (before === 0 && command.commands.length > 0)
    return command.commands.map(({ name, says }) => ({ word: name, says }));
  const argument = command.arguments[before] ?? command.arguments.at(-1);
  if (!argument || (before >= command.arguments.length && !argument.several)) return [];
  return listValues(argument, word, sources);
}

function listValues(
  { name, choices, several }: ArgumentDefinition,
  word: string,
  sources: ValueSources,
): CompletionCandidates {
  const offered =
    choices.length > 0
      ? choices.map((choice) => ({ word: choice, says: '' }))
      : Object.hasOwn(sources, name)
        ? sources[name]!()
        : [];
  if (offered === 'files') return offered;
  const head = several ? word.slice(0, word.lastIndexOf(',') + 1) : '';
  const givenWords = head.split(',');
  return addPrefix(
    head,
    offered.filter(({ word }) => !givenWords.includes(word)),
  );
}

const addPrefix = (head: string, candidates: CompletionCandidates): CompletionCandidates =>
  candidates === 'files' ? candidates : candidates.map(({ word, says }) => ({ word: head + word, says }));
