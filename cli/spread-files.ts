import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { MOST_BYTES, textOf, tooLarge } from '../lib/exposure/texts/bytes';
import { SPREAD } from '../lib/exposure/texts/spread-files';

/** Something in a folder or an archive that is no folder itself. */
export interface Entry {
  /** With "/", and relative. */
  readonly path: string;
  /** What it holds, where that is no more than so much; what is wrong with it, where it is no file. */
  readonly bytes: ((most: number) => Promise<Buffer>) | Problem;
}

/** Those that the programs read, and `more`. */
export function readAmong(entries: readonly Entry[], more: (path: string) => boolean): readonly Entry[] {
  const read = SPREAD.among(entries.map(({ path, bytes }) => ({ path, isFile: typeof bytes === 'function' })));
  return entries.filter(({ path }) => read.has(path) || more(path)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As `tail -v -n +1 FILE...` prints them. Throws Refusal with what is wrong with any of them. */
export async function textOfFiles(entries: readonly Entry[], name: string): Promise<string> {
  const problems: Problem[] = entries.flatMap(({ path, bytes }) =>
    /[\p{Cc}\p{Zl}\p{Zp}]| <==|(^|\/)\.\.(\/|$)/u.test(path)
      ? [oddPath(`${name}: ${path}`)]
      : typeof bytes === 'function'
        ? []
        : [bytes],
  );
  refuseIfAny(problems);
  let left = MOST_BYTES;
  const texts: string[] = [];
  for (const { path, bytes } of entries) {
    if (typeof bytes !== 'function') continue;
    const content = await bytes(left);
    left -= content.length;
    if (left < 0) throw new Refusal([tooLarge(name, MOST_BYTES - left)]);
    const text = textOf(content, `${name}: ${path}`);
    if (/^==> .* <==$/m.test(text)) throw new Refusal([likeAHeader(`${name}: ${path}`)]);
    texts.push(`==> ${path} <==\n${text}${text === '' || text.endsWith('\n') ? '' : '\n'}`);
  }
  return texts.join('\n');
}

const oddPath = (where: string): Problem => ({
  code: 'cli/odd-path',
  where,
  what: 'None of these files is called like this: its path could be taken for something else.',
  instead: 'the files with the names that they have on the server.',
});

const likeAHeader = (where: string): Problem => ({
  code: 'cli/looks-like-several-files',
  where,
  what: 'One of its lines looks like the beginning of another file: ==> PATH <==.',
  instead: 'the file without that line.',
});
