import { createReadStream, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Problem, Refusal } from '../lib/problems/problem';
import { MOST_BYTES, textOf, tooLarge } from '../lib/showing/bytes';
import { isFolder, sizeOf } from './on-disk';
import { whyNot } from './why-not';

/** A file's text, or that of standard input for `-`. Throws Refusal cli/file-unreadable, or what its bytes are refused for. */
export async function wholeText(path: string, instead: string): Promise<string> {
  const name = path === '-' ? 'standard input' : path;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    if (path !== '-' && isFolder(path)) throw new Refusal([unreadable(name, 'it is a folder', instead)]);
    const size = path === '-' ? 0 : sizeOf(path);
    if (size > MOST_BYTES) throw new Refusal([tooLarge(name, size)]);
    for await (const part of (path === '-' ? process.stdin : createReadStream(path)) as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > MOST_BYTES) throw new Refusal([tooLarge(name, length)]);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([unreadable(name, whyNot(error), instead)]);
  }
  return textOf(Buffer.concat(parts, length), name);
}

/** Whoever reads the file finds the whole of it or what was there before. Throws Refusal cli/file-unwritable. */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw new Refusal([unwritable(path, whyNot(error))]);
  }
}

const unreadable = (where: string, why: string, instead: string): Problem => ({
  code: 'cli/file-unreadable',
  where,
  what: `It can't be read: ${why}.`,
  instead,
});

const unwritable = (where: string, why: string): Problem => ({
  code: 'cli/file-unwritable',
  where,
  what: `It can't be written: ${why}.`,
  instead: 'a file in a folder that is there and that this user may write to.',
});
