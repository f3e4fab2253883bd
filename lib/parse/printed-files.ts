import { FILE_HEADER } from './config-format';

/** Where something is written: a line of the whole text, and what stands in it. */
export interface SourceLocation {
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
const TAIL_ERROR = /^tail: (cannot open|error reading) /;

/** The files in a text that holds several as `tail -v -n +1` prints them: each below its path. */
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
