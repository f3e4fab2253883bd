// Selects the configuration files of firewall programs in a folder or an archive, and joins them to one text.

import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { MAX_BYTES, decodeText, createTooLargeProblem } from '../lib/exposure/texts/decode-text';
import { MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';

/** One entry of a folder or an archive that is no folder itself. */
export interface ServerFileEntry {
  /** The relative path, with "/". */
  readonly path: string;
  /** Reads its content of at most so many bytes; or the problem, if the entry is no file. */
  readonly bytes: ((most: number) => Promise<Buffer>) | Problem;
}

/** Returns the entries that the programs read and those of `isOther`, in the order of their paths. */
export function filterReadable(
  entries: readonly ServerFileEntry[],
  isOther: (path: string) => boolean,
): readonly ServerFileEntry[] {
  const readPaths = MULTI_FILE_FORMATS.among(
    entries.map(({ path, bytes }) => ({ path, isFile: typeof bytes === 'function' })),
  );
  return entries.filter(({ path }) => readPaths.has(path) || isOther(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Returns the text of all entries, as `tail -v -n +1 FILE...` prints them.
 * @throws Refusal with the problems of all entries
 */
export async function joinFiles(entries: readonly ServerFileEntry[], name: string): Promise<string> {
  const problems: Problem[] = entries.flatMap(({ path, bytes }) =>
    /[\p{Cc}\p{Zl}\p{Zp}]| <==|(^|\/)\.\.(\/|$)/u.test(path)
      ? [createOddPathProblem(`${name}: ${path}`)]
      : typeof bytes === 'function'
        ? []
        : [bytes],
  );
  refuseIfAny(problems);
  let bytesLeft = MAX_BYTES;
  const texts: string[] = [];
  for (const { path, bytes } of entries) {
    if (typeof bytes !== 'function') continue;
    const content = await bytes(bytesLeft);
    bytesLeft -= content.length;
    if (bytesLeft < 0) throw new Refusal([createTooLargeProblem(name, MAX_BYTES - bytesLeft)]);
    const text = decodeText(content, `${name}: ${path}`);
    if (/^==> .* <==$/m.test(text)) throw new Refusal([createLikeAHeaderProblem(`${name}: ${path}`)]);
    texts.push(`==> ${path} <==\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}`);
  }
  return texts.join('\n');
}

const createOddPathProblem = (where: string): Problem => ({
  code: 'cli/odd-path',
  where,
  what: 'None of these files is called like this: its path could be taken for something else.',
  instead: 'the files with the names that they have on the server.',
});

const createLikeAHeaderProblem = (where: string): Problem => ({
  code: 'cli/looks-like-several-files',
  where,
  what: 'One of its lines looks like the beginning of another file: ==> PATH <==.',
  instead: 'the file without that line.',
});
