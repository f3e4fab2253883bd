// Reads files and standard input up to a size limit, and writes files atomically, for all commands. A failure is a
// Refusal.
import { createReadStream, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MAX_BYTES, decodeText, createTooLargeProblem } from '../lib/exposure/texts/decode-text';
import { getSize } from './file-stats';
import { explainError } from './explain-file-error';

/** The limit of a file's size, and the problems of a file that can't be read. */
interface ReadProblems {
  /** Largest size in bytes. */
  readonly maxBytes: number;
  readonly tooLarge: (size: number) => Problem;
  readonly createUnreadableProblem: (why: string) => Problem;
}

/**
 * Returns the bytes of a file, or of `input` for the path `-`. It stops at the limit, for a huge file as for an endless
 * pipe.
 *
 * @throws Refusal with the problem that `tooLarge` or `createUnreadableProblem` returns.
 */
export async function readLimited(
  path: string,
  input: Readable,
  { maxBytes, tooLarge, createUnreadableProblem }: ReadProblems,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = path === '-' ? 0 : getSize(path);
  if (length > maxBytes) throw new Refusal([tooLarge(length)]);
  const stream = path === '-' ? input : createReadStream(path, { highWaterMark: 1024 * 1024 });
  length = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > maxBytes) throw new Refusal([tooLarge(length)]);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal([createUnreadableProblem(explainError(error))]);
  } finally {
    if (path !== '-') stream.destroy();
  }
  return Buffer.concat(parts, length);
}

/**
 * Returns the bytes of a file that is no plan.
 *
 * @throws Refusal cli/file-unreadable, review/too-large.
 */
export const readTextBytes = (path: string, input: Readable, instead: string): Promise<Buffer> =>
  readLimited(path, input, {
    maxBytes: MAX_BYTES,
    tooLarge: (size) => createTooLargeProblem(printPath(path), size),
    createUnreadableProblem: (reason) => ({
      code: 'cli/file-unreadable',
      where: printPath(path),
      what: `It can't be read: ${reason}.`,
      instead,
    }),
  });

/**
 * Returns the text of a file, or of standard input for `-`.
 *
 * @throws Refusal cli/file-unreadable, or the refusals of `decodeText`.
 */
export const readWholeText = async (path: string, instead: string): Promise<string> =>
  decodeText(await readTextBytes(path, process.stdin, instead), printPath(path));

/**
 * Returns the text of a file, like `readWholeText`, if it isn't empty.
 *
 * @throws Refusal cli/file-empty, too.
 */
export async function readNonEmptyText(path: string, instead: string): Promise<string> {
  const text = await readWholeText(path, instead);
  if (text.trim() !== '') return text;
  throw new Refusal([{ code: 'cli/file-empty', where: printPath(path), what: 'It is empty.', instead }]);
}

/** Returns a path for messages. An empty path, as from a shell's variable that isn't set, is shown as `""`. */
export const printPath = (path: string): string => (path === '-' ? 'standard input' : path === '' ? '""' : path);

/**
 * Returns all bytes of a file. The caller has checked its size.
 *
 * @throws Refusal with the problem that `createProblem` returns.
 */
export function readFileOrRefuse(path: string, createProblem: (why: string) => Problem): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Refusal([createProblem(explainError(error))]);
  }
}

/**
 * Writes a file so that a program that reads it finds either the whole content or the earlier file. A symbolic link
 * stays one, and its target is replaced. A pipe, a terminal or /dev/null is written to and never replaced. The same
 * holds for the file of an open output of this process, such as /dev/stdout: its earlier content stays.
 *
 * @throws Refusal with the problem that `problem` returns; cli/file-unwritable by default.
 */
export function writeAtomically(
  path: string,
  content: string | Buffer,
  problem: (where: string, why: string) => Problem = createUnwritableProblem,
): void {
  let partPath: string | undefined;
  try {
    const existingStats = statSync(path, { throwIfNoEntry: false });
    const output = existingStats ? findOpenOutput(path) : undefined;
    if (output !== undefined) return writeFileSync(output, content);
    if (existingStats && !existingStats.isFile() && !existingStats.isDirectory()) return writeFileSync(path, content);
    const file = existingStats ? realpathSync(path) : path;
    partPath = `${file}.${process.pid}.part`;
    writeFileSync(partPath, content);
    renameSync(partPath, file);
  } catch (error) {
    if (partPath !== undefined) rmSync(partPath, { force: true });
    throw new Refusal([problem(path, explainError(error))]);
  }
}

/** Returns the file descriptor of an open output from its path, such as /dev/stdout; undefined for any other path. */
function findOpenOutput(path: string): number | undefined {
  const streamIndex = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(path);
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d{1,5})$/.exec(path)?.[1] ?? (streamIndex > 0 ? streamIndex : undefined);
  return number === undefined ? undefined : Number(number);
}

/**
 * Refuses a report that would replace one of its own sources.
 *
 * @throws Refusal cli/file-unwritable.
 */
export function refuseOverwrite(out: string | undefined, readPaths: readonly (string | undefined)[]): void {
  if (out !== undefined && readPaths.some((path) => path !== undefined && resolve(path) === resolve(out)))
    throw new Refusal([{ ...createUnwritableProblem(out, 'it is what is read here'), instead: 'another file.' }]);
}

/** Prints a text. If `out` is given, it writes the text there by `writeAtomically` and prints `line` instead. */
export function printOrWrite(
  text: string,
  out: string | undefined,
  line: string,
  problem = createUnwritableProblem,
): void {
  if (out !== undefined) writeAtomically(out, text, problem);
  process.stdout.write(out === undefined ? text : `${line}\n`);
}

const createUnwritableProblem = (where: string, reason: string): Problem => ({
  code: 'cli/file-unwritable',
  where,
  what: `It can't be written: ${reason}.`,
  instead: 'a file in a folder that is there and that this user may write to.',
});
