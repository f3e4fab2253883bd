import { escapeCiCommands } from './escape-ci-commands';

/** One thing we will not do. `code` is `room/what-is-wrong`, stable: never reused, never renamed. */
export interface Problem {
  readonly code: string;
  /** Where it was written: a path in the intent, a file and line, or a device. */
  readonly where: string;
  readonly what: string;
  readonly instead: string;
}

/** The error that carries every problem at once. Its message is what a person reads. */
export class Refusal extends Error {
  declare readonly name: 'Refusal';
  declare readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(printProblems(problems));
    Object.defineProperty(this, 'name', { value: 'Refusal' });
    // Not enumerable: below the message of an uncaught error node prints its fields, and this would be the same list again.
    Object.defineProperty(this, 'problems', { value: problems });
    // Where we found it out is no news to who wrote it; node and cdktf print the stack of what nobody caught.
    this.stack = this.message;
  }
}

/** What a terminal still shows: of a text with a mistake in each of its lines, the first thousand or so. */
const MAX_MESSAGE_CHARACTERS = 200_000;

function printProblems(problems: readonly Problem[]): string {
  const printed: string[] = [];
  let charactersLeft = MAX_MESSAGE_CHARACTERS;
  for (const problem of problems) {
    const text = printProblem(problem);
    charactersLeft -= text.length + 1;
    if (charactersLeft < 0) return [...printed, `and ${problems.length - printed.length} more problems`].join('\n');
    printed.push(text);
  }
  return printed.join('\n');
}

export function printProblem({ code, where, what, instead }: Problem): string {
  return `${code} at ${escapeForDisplay(where)}: ${escapeForDisplay(what)}\n  instead: ${escapeForDisplay(instead)}`;
}

/** What a run gives; undefined where it refuses, and then its problems stand among those that are collected. */
export function collectProblems<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

export function refuseIfAny(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new Refusal(problems);
}

/**
 * Text from outside as it may be shown: control characters, line breaks, and the marks that are not seen but turn or join what
 * is around them become visible escapes (they would let a name rewrite the line it stands in), as do commands to a CI system.
 */
export const escapeFullText = (text: string): string =>
  escapeCiCommands(text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`));

/** The same, and what is longer than 600 characters is cut. */
export function escapeForDisplay(text: string): string {
  const escaped = escapeFullText(text);
  // Not between the two halves of one character.
  return escaped.length > 600 ? `${escaped.slice(0, 597).replace(/[\ud800-\udbff]$/, '')}...` : escaped;
}
