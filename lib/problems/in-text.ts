import { Problem, Refusal, printable } from './problem';

/** What is wrong in a line of a text, counted from 1. */
export type InLine = (code: string, line: number, what: string, instead: string) => Problem;
/** Where reading stops at once: text whose structure can't be accounted for means nothing that could be relied on. */
export type Refuse = (...problem: Parameters<InLine>) => never;

/** Problems of one reader's texts. */
export const inTextOf =
  (reader: string): InLine =>
  (code, line, what, instead) => ({ code: `${reader}/${code}`, where: `line ${line}`, what, instead });

export const refusing =
  (problem: InLine): Refuse =>
  (...said) => {
    throw new Refusal([problem(...said)]);
  };

/** What stands in a text, no longer than a line of a message. */
export const shown = (text: string): string => `"${printable(text.length > 60 ? `${text.slice(0, 57)}...` : text)}"`;

/** How the reader of a text says no in what others share with it. */
export interface Saying {
  readonly refuse: Refuse;
  readonly unexpected: (line: number, got: string, wanted: string) => never;
  /** What every text can be had from. */
  readonly whole: string;
}
