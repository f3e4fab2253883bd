import { Problem, Refusal, escapeForDisplay } from './problem';

/** What is wrong in a line of a text, counted from 1. */
export type LineProblemFactory = (code: string, line: number, what: string, instead: string) => Problem;
/** Where reading stops at once: text whose structure can't be accounted for means nothing that could be relied on. */
export type LineRefusal = (...problem: Parameters<LineProblemFactory>) => never;

/** Problems of one reader's texts. */
export const createLineProblems =
  (parser: string): LineProblemFactory =>
  (code, line, what, instead) => ({ code: `${parser}/${code}`, where: `line ${line}`, what, instead });

export const createLineRefusal =
  (problem: LineProblemFactory): LineRefusal =>
  (...args) => {
    throw new Refusal([problem(...args)]);
  };

/** What stands in a text, no longer than a line of a message. */
export const quoteForDisplay = (text: string): string =>
  `"${escapeForDisplay(text.length > 60 ? `${text.slice(0, 57)}...` : text)}"`;

/** How the reader of a text says no in what others share with it. */
export interface ParserRefusals {
  readonly refuse: LineRefusal;
  readonly unexpected: (line: number, got: string, wanted: string) => never;
  /** What every text can be had from. */
  readonly whole: string;
}
