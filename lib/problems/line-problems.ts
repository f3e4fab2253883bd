// Creates problems and refusals of a parser that name a line of its text.

import { Problem, Refusal, escapeForDisplay } from './problem';

/** Creates a problem of a line of a text, counted from 1. */
export type LineProblemFactory = (code: string, line: number, what: string, instead: string) => Problem;
/** Refuses a line and stops parsing at once: a text whose structure isn't understood has no reliable meaning. */
export type LineRefusal = (...problem: Parameters<LineProblemFactory>) => never;

/** Returns a factory for problems of one parser's texts. */
export const createLineProblems =
  (parser: string): LineProblemFactory =>
  (code, line, what, instead) => ({ code: `${parser}/${code}`, where: `line ${line}`, what, instead });

export const createLineRefusal =
  (problem: LineProblemFactory): LineRefusal =>
  (...args) => {
    throw new Refusal([problem(...args)]);
  };

/** Quotes text from a file, no longer than a line of a message. */
export const quoteForDisplay = (text: string): string =>
  `"${escapeForDisplay(text.length > 60 ? `${text.slice(0, 57)}...` : text)}"`;

/** The refusals of a parser, for code that parsers share. */
export interface ParserRefusals {
  readonly refuse: LineRefusal;
  readonly unexpected: (line: number, got: string, wanted: string) => never;
  /** The source that a complete text comes from. */
  readonly whole: string;
}
