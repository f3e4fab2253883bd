import { createReadStream, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MAX_BYTES, decodeText, createTooLargeProblem } from '../lib/exposure/texts/decode-text';
import { getSize } from './file-stats';
import { explainError } from './error-reason';

/** What is said of a file that isn't read. */
interface ReadProblems {
  /** Bytes. */
  readonly most: number;
  readonly tooLarge: (size: number) => Problem;
  readonly unreadable: (why: string) => Problem;
}

/** Never more than what is read, of a huge file as of an endless pipe. `-` is the input. Throws Refusal as it is told to. */
export async function readLimited(
  path: string,
  input: Readable,
  { most: maxBytes, tooLarge, unreadable }: ReadProblems,
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
    throw error instanceof Refusal ? error : new Refusal([unreadable(explainError(error))]);
  } finally {
    if (path !== '-') stream.destroy();
  }
  return Buffer.concat(parts, length);
}

/** The bytes of what is no plan. Throws Refusal cli/file-unreadable, review/too-large. */
export const readTextBytes = (path: string, input: Readable, instead: string): Promise<Buffer> =>
  readLimited(path, input, {
    most: MAX_BYTES,
    tooLarge: (size) => createTooLargeProblem(printPath(path), size),
    unreadable: (why) => ({
      code: 'cli/file-unreadable',
      where: printPath(path),
      what: `It can't be read: ${why}.`,
      instead,
    }),
  });

/** A file's text, or that of standard input for `-`. Throws Refusal cli/file-unreadable, or what its bytes are refused for. */
export const readWholeText = async (path: string, instead: string): Promise<string> =>
  decodeText(await readTextBytes(path, process.stdin, instead), printPath(path));

/** The same of a file in which something has to stand. Throws Refusal cli/file-empty, too. */
export async function readNonEmptyText(path: string, instead: string): Promise<string> {
  const text = await readWholeText(path, instead);
  if (text.trim() !== '') return text;
  throw new Refusal([{ code: 'cli/file-empty', where: printPath(path), what: 'It is empty.', instead }]);
}

/** Nobody sees a name without letters, as of a shell's variable that isn't set. */
export const printPath = (path: string): string => (path === '-' ? 'standard input' : path === '' ? '""' : path);

/** All bytes of a file whose size somebody has looked at. Throws Refusal as it is told to. */
export function readFileOrRefuse(path: string, unreadable: (why: string) => Problem): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Refusal([unreadable(explainError(error))]);
  }
}

/**
 * Whoever reads the file finds the whole of it or what was there before. A link leads to it and stays one; a pipe, a terminal or /dev/null is
 * written to, and nothing is put into its place, nor into that of the file that an output of ours goes to: what stands there already stays. Throws Refusal, cli/file-unwritable unless something else is said.
 */
export function writeAtomically(
  path: string,
  content: string | Buffer,
  problem: (where: string, why: string) => Problem = unwritable,
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

/** The number of an output that is open already, where this is its name. */
function findOpenOutput(path: string): number | undefined {
  const named = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(path);
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d{1,5})$/.exec(path)?.[1] ?? (named > 0 ? named : undefined);
  return number === undefined ? undefined : Number(number);
}

/** A report in the place of what it is of: what was read is gone. Throws Refusal cli/file-unwritable. */
export function refuseOverwrite(out: string | undefined, readPaths: readonly (string | undefined)[]): void {
  if (out !== undefined && readPaths.some((path) => path !== undefined && resolve(path) === resolve(out)))
    throw new Refusal([{ ...unwritable(out, 'it is what is read here'), instead: 'another file.' }]);
}

/** Prints a text, or writes it as `writeWhole` does and prints that line in its place. */
export function printOrWrite(text: string, out: string | undefined, line: string, problem = unwritable): void {
  if (out !== undefined) writeAtomically(out, text, problem);
  process.stdout.write(out === undefined ? text : `${line}\n`);
}

const unwritable = (where: string, why: string): Problem => ({
  code: 'cli/file-unwritable',
  where,
  what: `It can't be written: ${why}.`,
  instead: 'a file in a folder that is there and that this user may write to.',
});
