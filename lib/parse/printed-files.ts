import { FILE_HEADER } from './foreign';

/** Where something is written: a line of the whole text, and what stands in it. */
export interface Place {
  readonly line: number;
  readonly text: string;
}

export interface PrintedFile {
  readonly path: string;
  /** Of its first line in the text, from 1. */
  readonly line: number;
  readonly text: string;
}

/** What `tail` says of a pattern that no file has. */
const COMPLAINT = /^tail: (cannot open|error reading) /;

/** The files in a text that holds several as `tail -v -n +1` prints them: each below its path. */
export function* filesIn(text: string): Generator<PrintedFile> {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  let path: string | undefined;
  let from = 0;
  for (let at = 0; at <= lines.length; at++) {
    const [, next] = at < lines.length ? (FILE_HEADER.exec(lines[at]!) ?? []) : [];
    if (next === undefined && at < lines.length) continue;
    if (path !== undefined) {
      const own = lines.slice(from, at).map((line) => (COMPLAINT.test(line) ? '' : line));
      yield { path, line: from + 1, text: own.join('\n') };
    }
    [path, from] = [next, at + 1];
  }
}
