// Reads the rules at a path for `exposure` and `import`: a file or standard input as it is, and of a folder or tar the
// files of firewall programs, joined to one text.
import { Dirent, readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MAX_BYTES, decodeText, createTooLargeProblem } from '../lib/exposure/texts/decode-text';
import { recognizeText } from '../lib/exposure/texts/recognize-text';
import { MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';
import { isFile, isFolder } from './file-stats';
import { ServerFileEntry, filterReadable, joinFiles } from './server-file-entries';
import { readEntries, unpackTar } from './tar';
import { readTextBytes, printPath, readLimited } from './file-io';
import { explainError } from './explain-file-error';

/** How deep a program's own folder may lie, as usr/lib/x in the copy of a server; and how deep its folders may go. */
const [MOST_ABOVE, MOST_DEEP] = [3, 6];

/**
 * Returns the bytes of a file, or of standard input for `-`. Of a folder or a tar it returns the text of the files that
 * programs read there, and of those in `otherFileKinds`, each below its path.
 * @throws Refusal cli/… and review/…
 */
export async function readBytes(
  path: string,
  input: Readable,
  instead: string,
  otherFileKinds: readonly OtherFiles[] = [],
): Promise<Buffer> {
  const name = printPath(path);
  const isOtherFile = (ownPath: string): boolean => otherFileKinds.some((otherFiles) => otherFiles.has(ownPath));
  if (path !== '-' && isFolder(path)) {
    const entries = listEntries(path, instead);
    const files = filterReadable(entries, isOtherFile);
    if (files.length === 0)
      throw new Refusal([createNothingInFolderProblem(name, instead, await findRuleFiles(entries))]);
    return Buffer.from(await joinFiles(files, name));
  }
  const bytes = await readTextBytes(path, input, instead);
  const tar = unpackTar(bytes, name);
  if (tar === undefined) return bytes;
  const files = filterReadable(await readEntries(tar, name), isOtherFile);
  if (files.length === 0) throw new Refusal([createNothingInTarProblem(name, [MULTI_FILE_FORMATS, ...otherFileKinds])]);
  return Buffer.from(await joinFiles(files, name));
}

/** Files that are also taken, besides those that programs read. */
interface OtherFiles {
  readonly label: string;
  readonly packCommand: string;
  readonly has: (path: string) => boolean;
}

/** Returns what readBytes gives, as a text. */
export const readText = async (path: string, input: Readable, instead: string): Promise<string> =>
  decodeText(await readBytes(path, input, instead), printPath(path));

function listEntries(folder: string, instead: string): readonly ServerFileEntry[] {
  const fullPath = resolve(folder).split(sep).join('/');
  const knownFolder = MULTI_FILE_FORMATS.folders.find((dirent) => fullPath.endsWith(`/${dirent}`));
  const parentPath = knownFolder === undefined ? '' : `${knownFolder}/`;
  const listFilesBelow = (path: string, depth: number): readonly ServerFileEntry[] => {
    const dirents = listFolder(join(folder, path), instead);
    if (!Array.isArray(dirents)) {
      if (depth === 0) throw new Refusal([dirents]);
      return [{ path: parentPath + path, bytes: dirents }];
    }
    return dirents.flatMap((dirent) => {
      const ownPath = path === '' ? dirent.name : `${path}/${dirent.name}`;
      if (!dirent.isDirectory()) return [createEntry(parentPath + ownPath, join(folder, ownPath), instead)];
      return depth < MOST_ABOVE || (depth < MOST_DEEP && MULTI_FILE_FORMATS.mayHold(ownPath))
        ? listFilesBelow(ownPath, depth + 1)
        : [];
    });
  };
  return listFilesBelow('', 0);
}

function listFolder(folder: string, advice: string): Dirent[] | Problem {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return createFolderProblem(folder, explainError(error), advice);
  }
}

const createEntry = (path: string, onDisk: string, instead: string): ServerFileEntry => ({
  path,
  bytes: isFile(onDisk)
    ? (maxBytes) =>
        readLimited(onDisk, Readable.from([]), {
          maxBytes,
          tooLarge: (size) => createTooLargeProblem(onDisk, MAX_BYTES - maxBytes + size),
          createUnreadableProblem: (reason) => createFolderProblem(onDisk, reason, instead),
        })
    : createFolderProblem(onDisk, 'it is no file, and no link to one', instead),
});

const createFolderProblem = (where: string, reason: string, instead: string): Problem => ({
  code: 'cli/file-unreadable',
  where,
  what: `It can't be read: ${reason}.`,
  instead,
});

/** Returns the paths of files that are rules by themselves. A folder of such files is not read as one host. */
async function findRuleFiles(entries: readonly ServerFileEntry[]): Promise<readonly string[]> {
  const ruleFiles: string[] = [];
  for (const { path, bytes } of entries.slice(0, MAX_INSPECTED.files)) {
    if (ruleFiles.length === MAX_INSPECTED.named) break;
    try {
      if (
        typeof bytes === 'function' &&
        recognizeText(decodeText(await bytes(MAX_INSPECTED.bytes), path), path).is === 'rules'
      )
        ruleFiles.push(path);
    } catch (error) {
      // The file is no ruleset, or too large. The operator gets the reason if they name it.
      if (!(error instanceof Refusal)) throw error;
    }
  }
  return ruleFiles;
}

const MAX_INSPECTED = { files: 100, bytes: 1_000_000, named: 4 };

const createNothingInFolderProblem = (where: string, instead: string, rules: readonly string[]): Problem => ({
  code: 'cli/nothing-in-folder',
  where,
  what: `There is nothing in it that is read${rules.length === 0 ? ' here' : ' by its folder'}.`,
  instead:
    rules.length === 0
      ? instead
      : `the file itself: ${rules.map((ruleFile) => join(where, ruleFile)).join(', or ')}; or ${instead}`,
});

const createNothingInTarProblem = (where: string, fileKinds: readonly Omit<OtherFiles, 'has'>[]): Problem => ({
  code: 'cli/nothing-in-archive',
  where,
  what: `It holds none of ${fileKinds.map(({ label }) => label).join(' or ')}.`,
  instead: fileKinds.map(({ packCommand }) => packCommand).join('; '),
});
