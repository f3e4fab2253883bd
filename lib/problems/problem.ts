// The type Problem (code, place, mistake, advice) and the error Refusal, which carries all problems of an input at
// once; prints problems, and escapes untrusted text in them. Every folder may import this one.

import { escapeCiCommands } from './escape-ci-commands';

/** One reason for a refusal. `code` is `room/what-is-wrong`, stable: never reused, never renamed. */
export interface Problem {
  readonly code: string;
  /** The place of the problem: a path in the intent, a file and line, or a device. */
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
    // Not enumerable: node prints the fields of an uncaught error below its message, and this would be the same list
    // again.
    Object.defineProperty(this, 'problems', { value: problems });
    // The place in our code is no news to the author of the text; node and cdktf print the stack of an uncaught error.
    this.stack = this.message;
  }
}

/** The most that a terminal still shows: of a text with a mistake in each of its lines, the first thousand or so. */
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

/** Returns the result of `run`. If it throws a Refusal, adds its problems to `problems` and returns undefined. */
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
 * Escapes untrusted text for display. Control characters, line breaks, and invisible marks that turn or join what is
 * around them become visible escapes, because they would let a name rewrite the line it stands in. Commands to a CI
 * system become escapes, too.
 */
export const escapeFullText = (text: string): string =>
  escapeCiCommands(text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`));

/** Escapes untrusted text for display, and cuts it at 600 characters. */
export function escapeForDisplay(text: string): string {
  const escaped = escapeFullText(text);
  // A cut between the two halves of one character would leave half of it.
  return escaped.length > 600 ? `${escaped.slice(0, 597).replace(/[\ud800-\udbff]$/, '')}...` : escaped;
}
