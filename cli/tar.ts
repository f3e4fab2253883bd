// Unpacks tar and tar.gz files in memory, within a limit of size.

import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { Problem, Refusal } from '../lib/problems/problem';
import { MAX_BYTES, createTooLargeProblem } from '../lib/exposure/texts/decode-text';
import { MULTI_FILE_FORMATS } from '../lib/exposure/texts/multi-file-formats';
import { ServerFileEntry } from './server-file-entries';

/**
 * Returns the tar in these bytes, unpacked if gzip has packed it; undefined if they are no archive.
 * @throws Refusal review/too-large, cli/archive-broken, cli/no-tar
 */
export function unpackTar(bytes: Buffer, archiveName: string): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return isTar(bytes) ? bytes : undefined;
  const tarBytes = gunzipTar(bytes, archiveName);
  if (!isTar(tarBytes)) throw new Refusal([createNoTarProblem(archiveName)]);
  return tarBytes;
}

const isTar = (bytes: Buffer): boolean => bytes.toString('latin1', 257, 262) === 'ustar';

function gunzipTar(bytes: Buffer, archiveName: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new Refusal([isBomb ? createTooLargeUnpackedProblem(archiveName) : createBrokenProblem(archiveName)]);
  }
}

/**
 * Returns the entries that tar would unpack: of two with the same path the later one. The library (tar-stream) knows
 * ustar, pax and GNU's long names, and refuses an invalid header. It accepts an archive that ends between two files. It
 * accepts bytes behind the end, which tar doesn't read. On some invalid sizes it waits for more bytes for ever. This
 * function refuses all three.
 * @throws Refusal cli/archive-broken
 */
export async function readEntries(tar: Buffer, archiveName: string): Promise<readonly ServerFileEntry[]> {
  // All bytes are there. The library is done before anything else has its turn, or never.
  const timeout = new Promise<never>((_, reject) => setImmediate(() => reject(new RangeError('waits for more'))));
  try {
    return await Promise.race([walkEntries(tar, archiveName), timeout]);
  } catch {
    throw new Refusal([createBrokenProblem(archiveName)]);
  }
}

async function walkEntries(tar: Buffer, archiveName: string): Promise<readonly ServerFileEntry[]> {
  const entriesByPath = new Map<string, ServerFileEntry>();
  const parser = extract();
  let end = 0;
  parser.end(tar);
  for await (const source of parser) {
    if (end > 0 && isEnd(tar, end)) throw new RangeError('more behind its end');
    const { name, size = 0, type, linkname } = source.header;
    const parts: Buffer[] = [];
    for await (const part of source as AsyncIterable<Buffer>) parts.push(part);
    end = getOffset(source) + BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (type === 'directory') continue;
    const path = toRelative(name);
    // With -h tar writes the second path to a file as a link to the first.
    const linkedBytes = type === 'link' ? entriesByPath.get(toRelative(linkname ?? ''))?.bytes : undefined;
    const isPlain = type === 'file' || type === 'contiguous-file';
    const bytes = isPlain
      ? () => Promise.resolve(Buffer.concat(parts))
      : (linkedBytes ?? createNoFileProblem(`${archiveName}: ${name}`, linkname));
    entriesByPath.set(path, { path, bytes });
  }
  if (!isEnd(tar, end)) throw new RangeError('no end');
  return [...entriesByPath.values()];
}

const BLOCK_BYTES = 512;
const isEnd = (tar: Buffer, offset: number): boolean =>
  tar.subarray(offset, offset + BLOCK_BYTES).equals(Buffer.alloc(BLOCK_BYTES));

const toRelative = (path: string): string => path.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');

/** Returns the offset of an entry's content in the archive, which the library's types don't declare. */
const getOffset = (source: object): number => (source as { readonly offset: number }).offset;

const createNoFileProblem = (where: string, linkname: string | null | undefined): Problem => ({
  code: 'cli/archive-link',
  where,
  what: `${(linkname ?? '') === '' ? 'It is no file' : `It is a link to ${linkname}`}, and what is read there is not in the archive.`,
  instead: `${MULTI_FILE_FORMATS.packCommand}: with -h tar writes what links lead to.`,
});

const createBrokenProblem = (where: string): Problem => ({
  code: 'cli/archive-broken',
  where,
  what: 'It begins like an archive, and is cut off or damaged.',
  instead: `the archive whole; or again: ${MULTI_FILE_FORMATS.packCommand}`,
});

const createNoTarProblem = (where: string): Problem => ({
  code: 'cli/no-tar',
  where,
  what: 'It is packed with gzip, and what is packed is no tar.',
  instead: 'the text itself, as gunzip gives it.',
});

const createTooLargeUnpackedProblem = (archiveName: string): Problem => ({
  ...createTooLargeProblem(archiveName, MAX_BYTES),
  what: `Unpacked it has more than ${MAX_BYTES / 1024 / 1024} MiB, and more are not read: no ruleset has that many.`,
  instead: `${MULTI_FILE_FORMATS.label} alone: ${MULTI_FILE_FORMATS.packCommand}`,
});
