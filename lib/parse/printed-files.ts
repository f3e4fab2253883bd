// Splits a text with several files, as `tail -v -n +1` prints them, into the files with their lines.

import { FILE_HEADER } from './config-format';

/** The place of something in the text: a line of the whole text, and that line's content. */
export interface SourceLocation {
  readonly line: number;
  readonly text: string;
}

export interface PrintedFile {
  readonly path: string;
  /** Number of its first line in the whole text, from 1. */
  readonly line: number;
  readonly text: string;
}

/** The message that `tail` prints for a pattern that no file matches. */
const TAIL_ERROR = /^tail: (cannot open|error reading) /;

/** Yields the files of a text that holds several as `tail -v -n +1` prints them: each below its path. */
export function* splitPrintedFiles(text: string): Generator<PrintedFile> {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  let path: string | undefined;
  let firstIndex = 0;
  for (let index = 0; index <= lines.length; index++) {
    const [, nextPath] = index < lines.length ? (FILE_HEADER.exec(lines[index]!) ?? []) : [];
    if (nextPath === undefined && index < lines.length) continue;
    if (path !== undefined) {
      const fileLines = lines.slice(firstIndex, index).map((line) => (TAIL_ERROR.test(line) ? '' : line));
      yield { path, line: firstIndex + 1, text: fileLines.join('\n') };
    }
    [path, firstIndex] = [nextPath, index + 1];
  }
}
