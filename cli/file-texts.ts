import { Dirent, readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MOST_BYTES, textOf, tooLarge } from '../lib/exposure/texts/bytes';
import { recognise } from '../lib/exposure/texts/recognise';
import { SPREAD } from '../lib/exposure/texts/spread-files';
import { isFile, isFolder } from './on-disk';
import { Entry, readAmong, textOfFiles } from './spread-files';
import { entriesOf, tarIn } from './tar';
import { bytesOfText, named, wholeBytes } from './whole-file';
import { whyNot } from './why-not';

/** How deep in a folder a program's own may lie, as in the copy of a server: usr/lib/x. Below are its folders, and those in them. */
const [MOST_ABOVE, MOST_DEEP] = [3, 6];

/**
 * A file's bytes, or those of standard input for `-`; of a folder and of a tar the text of the files that programs read in them, each below
 * its path, and of those that `more` has. Throws Refusal cli/… and review/… with what is wrong.
 */
export async function bytesAt(
  path: string,
  input: Readable,
  instead: string,
  more: readonly More[] = [],
): Promise<Buffer> {
  const name = named(path);
  const has = (own: string): boolean => more.some((one) => one.has(own));
  if (path !== '-' && isFolder(path)) {
    const entries = entriesBelow(path, instead);
    const files = readAmong(entries, has);
    if (files.length === 0) throw new Refusal([nothingInFolder(name, instead, await rulesAmong(entries))]);
    return Buffer.from(await textOfFiles(files, name));
  }
  const bytes = await bytesOfText(path, input, instead);
  const tar = tarIn(bytes, name);
  if (tar === undefined) return bytes;
  const files = readAmong(await entriesOf(tar, name), has);
  if (files.length === 0) throw new Refusal([nothingInTar(name, [SPREAD, ...more])]);
  return Buffer.from(await textOfFiles(files, name));
}

/** Files besides those that programs read. */
interface More {
  readonly called: string;
  readonly packedBy: string;
  readonly has: (path: string) => boolean;
}

/** The same as a text. */
export const textAt = async (path: string, input: Readable, instead: string): Promise<string> =>
  textOf(await bytesAt(path, input, instead), named(path));

function entriesBelow(folder: string, instead: string): readonly Entry[] {
  const whole = resolve(folder).split(sep).join('/');
  const named = SPREAD.folders.find((one) => whole.endsWith(`/${one}`));
  const before = named === undefined ? '' : `${named}/`;
  const below = (path: string, depth: number): readonly Entry[] => {
    const found = listed(join(folder, path), instead);
    if (!Array.isArray(found)) {
      if (depth === 0) throw new Refusal([found]);
      return [{ path: before + path, bytes: found }];
    }
    return found.flatMap((one) => {
      const own = path === '' ? one.name : `${path}/${one.name}`;
      if (!one.isDirectory()) return [entry(before + own, join(folder, own), instead)];
      return depth < MOST_ABOVE || (depth < MOST_DEEP && SPREAD.mayHold(own)) ? below(own, depth + 1) : [];
    });
  };
  return below('', 0);
}

function listed(folder: string, instead: string): Dirent[] | Problem {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return unreadable(folder, whyNot(error), instead);
  }
}

const entry = (path: string, onDisk: string, instead: string): Entry => ({
  path,
  bytes: isFile(onDisk)
    ? (most) =>
        wholeBytes(onDisk, Readable.from([]), {
          most,
          tooLarge: (size) => tooLarge(onDisk, MOST_BYTES - most + size),
          unreadable: (why) => unreadable(onDisk, why, instead),
        })
    : unreadable(onDisk, 'it is no file, and no link to one', instead),
});

const unreadable = (where: string, why: string, instead: string): Problem => ({
  code: 'cli/file-unreadable',
  where,
  what: `It can't be read: ${why}.`,
  instead,
});

/** Files by themselves that are rules: no folder of them is read as one host's. */
async function rulesAmong(entries: readonly Entry[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, bytes } of entries.slice(0, MOST_LOOKED.files)) {
    if (found.length === MOST_LOOKED.named) break;
    try {
      if (typeof bytes === 'function' && recognise(textOf(await bytes(MOST_LOOKED.bytes), path), path).is === 'rules')
        found.push(path);
    } catch (error) {
      // It is none, or too large: who names it is told why.
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return found;
}

const MOST_LOOKED = { files: 100, bytes: 1_000_000, named: 4 };

const nothingInFolder = (where: string, instead: string, rules: readonly string[]): Problem => ({
  code: 'cli/nothing-in-folder',
  where,
  what: `There is nothing in it that is read${rules.length === 0 ? ' here' : ' by its folder'}.`,
  instead:
    rules.length === 0
      ? instead
      : `the file itself: ${rules.map((one) => join(where, one)).join(', or ')}; or ${instead}`,
});

const nothingInTar = (where: string, looked: readonly Omit<More, 'has'>[]): Problem => ({
  code: 'cli/nothing-in-archive',
  where,
  what: `It holds none of ${looked.map(({ called }) => called).join(' or ')}.`,
  instead: looked.map(({ packedBy }) => packedBy).join('; '),
});
