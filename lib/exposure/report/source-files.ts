// Names lines by their files: `rules.v6:8` instead of a number through a text that was joined from several files.
import { FILE_HEADER } from '../../parse/config-format';

/** A part of a text: from this line of the text on, its lines are those of the file, counted from `fileLine`. */
export interface SourceFile {
  readonly name: string;
  readonly firstLine: number;
  /** The line of the file at `firstLine`; 1 unless the file continues behind a file that it includes. */
  readonly fileLine: number;
}

export const createWholeFile = (name: string): SourceFile => ({ name, firstLine: 1, fileLine: 1 });

/** Returns the files without their folders, where the names alone tell them apart. */
export function shortenFileNames(files: readonly SourceFile[]): readonly SourceFile[] {
  const getBaseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const isClear = ({ name }: SourceFile): boolean =>
    files.every((file) => file.name === name || getBaseName(file.name) !== getBaseName(name));
  return files.map((file) => (isClear(file) ? { ...file, name: getBaseName(file.name) } : file));
}

/** Returns the files of a text in which each file stands below its path; undefined if there are none. */
function listPackedFiles(text: string): readonly SourceFile[] | undefined {
  const files = text.split('\n').flatMap((line, index): readonly SourceFile[] => {
    const [, path] = FILE_HEADER.exec(line) ?? [];
    return path === undefined ? [] : [{ name: path, firstLine: index + 2, fileLine: 1 }];
  });
  return files.length === 0 ? undefined : shortenFileNames(files);
}

/** The name of a text that is no file. */
const STANDARD_INPUT = 'standard input';

/** Returns the files of a text of rules; undefined if its lines are of no file. */
export const listSourceFiles = ({
  name,
  text,
  files,
}: {
  readonly name: string;
  readonly text: string;
  readonly files?: readonly SourceFile[];
}): readonly SourceFile[] | undefined =>
  files ?? listPackedFiles(text) ?? (name === STANDARD_INPUT ? undefined : shortenFileNames([createWholeFile(name)]));

export interface FileLine {
  readonly file: string;
  readonly line: number;
}

export const findFileLine = (files: readonly SourceFile[], line: number): FileLine | undefined => {
  const file = files.filter(({ firstLine }) => firstLine <= line).at(-1);
  return file && { file: file.name, line: line - file.firstLine + file.fileLine };
};

/** Prints `rules.v6:8`, or `line 8` for a line of no named file. */
export const printFileLine = (line: number, file: string | undefined): string =>
  file === undefined ? `line ${line}` : `${file}:${line}`;

/** Returns a text with each `line 17` named by its file. A text of one file keeps its lines. */
export function nameLines(text: string, files: readonly SourceFile[] | undefined): string {
  if (!isJoined(files)) return text;
  return text.replace(/\blines? (\d+(?:(?:, | and )\d+)*)/g, (_, numbers: string) =>
    numbers.replace(/\d+/g, (number) => {
      const location = findFileLine(files, Number(number));
      return location ? printFileLine(location.line, location.file) : `line ${number}`;
    }),
  );
}

export const isJoined = (files: readonly SourceFile[] | undefined): files is readonly SourceFile[] =>
  files !== undefined && (files.length > 1 || files[0]!.firstLine > 1);
