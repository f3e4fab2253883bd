import { printable } from '../lib/problems/problem';
import { Described, Flag, Value } from './command-definition';

export interface Candidate {
  readonly word: string;
  readonly says: string;
}

/** What the last word may become: one of these, or the name of a file. */
export type Candidates = 'files' | readonly Candidate[];

/** Values that only the folder, or the package, knows. By their names in help. */
export type Known = Readonly<Record<string, () => Candidates>>;

interface At {
  readonly command: Described;
  /** How many arguments the command has before the last word. */
  readonly before: number;
  /** The option that waits for its value. */
  readonly waits?: Flag;
  /** After `--` nothing is an option. */
  readonly ended: boolean;
}

/** `words`: what follows the program's name, up to the cursor. */
export function candidatesFor(words: readonly string[], all: Described, known: Known): Candidates {
  const last = words.at(-1) ?? '';
  const found = fitting(last, words.slice(0, -1).reduce(after, { command: all, before: 0, ended: false }), known);
  return found === 'files' ? found : found.filter(({ word }) => word.startsWith(last) && PLAIN.test(word)).map(oneLine);
}

/** What some shell would read otherwise is not offered: a name may come from a plan that somebody else has written. */
const PLAIN = /^[\w./,:=@+-]+$/;

const oneLine = ({ word, says }: Candidate): Candidate => ({ word, says: printable(says) });

function after(at: At, word: string): At {
  const { command, before, waits, ended } = at;
  if (waits) return { command, before, ended };
  if (!ended && word === '--') return { ...at, ended: true };
  if (!ended && /^-./.test(word)) {
    const flag = flagOf(command, word);
    return flag?.value ? { ...at, waits: flag } : at;
  }
  const named = before === 0 ? command.commands.find(({ name }) => name === word) : undefined;
  return named ? { command: named, before: 0, ended } : { ...at, before: before + 1 };
}

const flagOf = ({ options }: Described, word: string): Flag | undefined =>
  options.find(({ names }) => names.includes(word));

function fitting(word: string, { command, before, waits, ended }: At, known: Known): Candidates {
  if (waits?.value) return valuesOf(waits.value, word, known);
  const assigned = /^(--[^=]+=)(.*)$/s.exec(word);
  if (!ended && assigned) {
    const [, head = '', value = ''] = assigned;
    const flag = flagOf(command, head.slice(0, -1));
    return flag?.value ? headed(head, valuesOf(flag.value, value, known)) : [];
  }
  if (!ended && word.startsWith('-')) return command.options.map(({ names, says }) => ({ word: names.at(-1)!, says }));
  if (before === 0 && command.commands.length > 0)
    return command.commands.map(({ name, says }) => ({ word: name, says }));
  const argument = command.arguments[before] ?? command.arguments.at(-1);
  if (!argument || (before >= command.arguments.length && !argument.several)) return [];
  return valuesOf(argument, word, known);
}

function valuesOf({ name, choices, several }: Value, word: string, known: Known): Candidates {
  const offered =
    choices.length > 0
      ? choices.map((choice) => ({ word: choice, says: '' }))
      : Object.hasOwn(known, name)
        ? known[name]!()
        : [];
  if (offered === 'files') return offered;
  const head = several ? word.slice(0, word.lastIndexOf(',') + 1) : '';
  const there = head.split(',');
  return headed(
    head,
    offered.filter(({ word }) => !there.includes(word)),
  );
}

const headed = (head: string, found: Candidates): Candidates =>
  found === 'files' ? found : found.map(({ word, says }) => ({ word: head + word, says }));
