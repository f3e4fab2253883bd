/** How one command line speaks, whatever is asked of it. Patterns are of whole lines without their end, and hold no flag `g`. */
export interface Manners {
  /** By mode: the last, unfinished line while it waits for a command. */
  readonly prompts: Readonly<Record<string, RegExp>>;
  /** Begins a line that does nothing in any mode: `!`, `#`. */
  readonly remark: string;
  /** What ends a line that is typed. */
  readonly enter: '\r' | '\n';
  /** What stands in the last line while it waits before a next page, and the key that brings the whole page. */
  readonly pager: { readonly marker: RegExp; readonly key: string };
  /** Lines that say that a command was not taken. */
  readonly errors: readonly RegExp[];
  /** Characters that a line takes. */
  readonly longestLine: number;
  /** After so many seconds without a byte nobody believes in a prompt any more. */
  readonly quietSeconds: number;
  /** Given first: they turn paging and wrapping off. */
  readonly opening: readonly Command[];
  /** Keys that end a session from any mode, and with it its lock: the next step has one of its own. */
  readonly leaving: string;
}

export interface Command {
  readonly line: Line;
  /** What each line of its reply is; without it, it says nothing. Blank lines are no reply. */
  readonly reply?: RegExp;
  /** Lines by which it says no, for the step to judge. Any other line of the manners' `errors` ends the session. */
  readonly no?: RegExp;
  /** All of them, in this order; any other question ends the session unanswered. */
  readonly questions?: readonly Question[];
  /** Modes in which it may leave the session; default: the one that it was given in. */
  readonly to?: readonly string[];
  /** Default: the manners'. A commit may be silent for longer. */
  readonly quietSeconds?: number;
}

interface Question {
  readonly asks: RegExp;
  /** The keys: `y\r`, or `y` where one key is enough. */
  readonly answer: string;
}

export interface Reply {
  readonly lines: readonly string[];
  readonly no: readonly string[];
  readonly mode: string;
}

/** What a step of the protocol says in the end, as a device program would. */
export interface Told {
  /** `ok checked rules=as-loaded`: verdict, word and values, each of `[A-Za-z0-9_.:/=-]`. */
  readonly result: string;
  /** Payload by section; '' is what stands before any. */
  readonly sections?: Readonly<Record<string, readonly string[]>>;
}

/** A step of the protocol on one connection: gives commands, gets what they replied, says the result. */
export type Step = Generator<Command, Told, Reply>;

declare const typeable: unique symbol;
/** What is typed: `line` alone makes one, so that nothing from outside is ever a command. */
export type Line = string & { readonly [typeable]: true };

/** A text from outside as a command line reads it back. */
interface Quoted {
  readonly quoted: string;
}

/** Thrown for what no command line may get; its message says why. */
export class Unsendable extends Error {}

const WORD = /^[A-Za-z0-9_][A-Za-z0-9_.:/@=,-]*$/;
// `?` and a tab are keys on the command lines of routers, within quotes too.
const KEYS = /[^ -~]|\?/;

/**
 * A command: what stands in the template is the platform's own, what is put in is a word or was quoted. Never a secret: it comes back as echo,
 * and devices log what is typed. Throws Unsendable.
 */
export function line(template: readonly string[], ...values: readonly (string | number | Quoted)[]): Line {
  const texts = values.map((value) => {
    if (typeof value === 'object') return value.quoted;
    if (!WORD.test(`${value}`)) throw new Unsendable(`${JSON.stringify(value)} is no word of a command.`);
    return `${value}`;
  });
  const typed = template.map((part, at) => part + (texts[at] ?? '')).join('');
  if (KEYS.test(typed)) throw new Unsendable(`${JSON.stringify(typed)} holds characters that a command line takes for keys.`);
  return typed as Line;
}

/** In double quotes, with a backslash before each of the text's own and before backslashes. */
export const quoted = (text: string): Quoted => ({ quoted: `"${text.replace(/["\\]/g, '\\$&')}"` });

/** Somebody's name as a value of a result. */
export const asWord = (text: string): string => text.replace(/[^A-Za-z0-9_.:/-]/g, '_').slice(0, 60) || 'unnamed';

/** As a device program writes it on its standard output. */
export const printed = ({ result, sections = {} }: Told): string =>
  [
    ...(sections['']?.map((each) => `|${each}`) ?? []),
    ...Object.entries(sections)
      .filter(([name]) => name !== '')
      .flatMap(([name, lines]) => [`cpanel-edge: section ${name}`, ...lines.map((each) => `|${each}`)]),
    `cpanel-edge: ${result}`,
    '',
  ].join('\n');
