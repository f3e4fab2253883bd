import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MOST_BYTES, tooLarge } from '../lib/exposure/texts/bytes';
import { SPREAD } from '../lib/exposure/texts/spread-files';
import { Entry } from './spread-files';

/**
 * The tar that these bytes are, unpacked where gzip has packed it; undefined where they are something else.
 * Throws Refusal review/too-large, cli/archive-broken, cli/no-tar.
 */
export function tarIn(bytes: Buffer, where: string): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return isTar(bytes) ? bytes : undefined;
  const unpacked = gunzipped(bytes, where);
  if (!isTar(unpacked)) throw new Refusal([noTar(where)]);
  return unpacked;
}

const isTar = (bytes: Buffer): boolean => bytes.toString('latin1', 257, 262) === 'ustar';

function gunzipped(bytes: Buffer, where: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Refusal([isBomb ? tooLargeUnpacked(where) : broken(where)]);
  }
}

/**
 * What is found after it was unpacked with tar: of two of the same path the later one.
 * The library (tar-stream) knows ustar, pax and GNU's long names, and refuses what is no header. It lets in an archive that ends between two
 * files, and what stands behind the end, which tar doesn't read; of some sizes that are none it waits for more for ever. These are refused
 * here. Throws Refusal cli/archive-broken.
 */
export async function entriesOf(tar: Buffer, where: string): Promise<readonly Entry[]> {
  // All bytes are there, so the library is done before anything else has its turn, or never.
  const turn = new Promise<never>((_, reject) => setImmediate(() => reject(new RangeError('waits for more'))));
  try {
    return await Promise.race([walked(tar, where), turn]);
  } catch {
    throw new Refusal([broken(where)]);
  }
}

async function walked(tar: Buffer, where: string): Promise<readonly Entry[]> {
  const found = new Map<string, Entry>();
  const parser = extract();
  let end = 0;
  parser.end(tar);
  for await (const source of parser) {
    if (end > 0 && isEnd(tar, end)) throw new RangeError('more behind its end');
    const { name, size = 0, type, linkname } = source.header;
    const parts: Buffer[] = [];
    for await (const part of source as AsyncIterable<Buffer>) parts.push(part);
    end = offsetOf(source) + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'directory') continue;
    const path = relative(name);
    // With -h tar writes the second way to a file as a link to the first.
    const same = type === 'link' ? found.get(relative(linkname ?? ''))?.bytes : undefined;
    const isPlain = type === 'file' || type === 'contiguous-file';
    const bytes = isPlain
      ? () => Promise.resolve(Buffer.concat(parts))
      : (same ?? noFile(`${where}: ${name}`, linkname));
    found.set(path, { path, bytes });
  }
  if (!isEnd(tar, end)) throw new RangeError('no end');
  return [...found.values()];
}

const BLOCK = 512;
const isEnd = (tar: Buffer, at: number): boolean => tar.subarray(at, at + BLOCK).equals(Buffer.alloc(BLOCK));

const relative = (path: string): string => path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');

/** Of its header. The library's types don't have it. */
const offsetOf = (source: object): number => (source as { readonly offset: number }).offset;

const noFile = (where: string, linkname: string | null | undefined): Problem => ({
  code: 'cli/archive-link',
  where,
  what: `${(linkname ?? '') === '' ? 'It is no file' : `It is a link to ${linkname}`}, and what is read there is not in the archive.`,
  instead: `${SPREAD.packedBy}: with -h tar writes what links lead to.`,
});

const broken = (where: string): Problem => ({
  code: 'cli/archive-broken',
  where,
  what: 'It begins like an archive, and is cut off or damaged.',
  instead: `the archive whole; or again: ${SPREAD.packedBy}`,
});

const noTar = (where: string): Problem => ({
  code: 'cli/no-tar',
  where,
  what: 'It is packed with gzip, and what is packed is no tar.',
  instead: 'the text itself, as gunzip gives it.',
});

const tooLargeUnpacked = (where: string): Problem => ({
  ...tooLarge(where, MOST_BYTES),
  what: `Unpacked it has more than ${MOST_BYTES / 1024 / 1024} MiB, and more are not read: no ruleset has that many.`,
  instead: `${SPREAD.called} alone: ${SPREAD.packedBy}`,
});
