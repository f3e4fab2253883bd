// Decodes the bytes of a file to text (UTF-8, or UTF-16 of PowerShell), and refuses files that are too large or no
// text.

import { findUtf16Encoding } from '../../json/parse-json';
import { Problem, Refusal } from '../../problems/problem';

/** Twice the size of 200,000 rules. */
export const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Returns the bytes of a file as text: UTF-8, or UTF-16 as PowerShell's `>` writes it.
 * @throws Refusal review/no-text, review/too-large
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes.length > MAX_BYTES) throw new Refusal([createTooLargeProblem(name, bytes.length)]);
  if (bytes.length > 0 && bytes.every((byte) => byte === 0)) throw new Refusal([createEmptyArchiveProblem(name)]);
  const encoding = detectEncoding(bytes);
  if (encoding === undefined) throw new Refusal([createBinaryProblem(name, bytes)]);
  const text = new TextDecoder(encoding).decode(bytes);
  const controlCount = countControlCharacters(text);
  if (controlCount * 50 > text.length) throw new Refusal([createBinaryProblem(name, bytes)]);
  // A carriage return before the end of a line is no part of a rule. Alone it ends lines of a text without line feeds.
  return text.includes('\n') ? text.replace(/\r+\n/g, '\n') : text.replace(/\r/g, '\n');
}

function detectEncoding(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | undefined {
  const markedEncoding = findUtf16Encoding(bytes);
  if (markedEncoding) return markedEncoding;
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 1].map((parity) => head.filter((byte, index) => index % 2 === parity && byte === 0).length);
  if (zeros[0] === 0 && zeros[1] === 0) return bytes.includes(0) ? undefined : 'utf-8';
  // In UTF-16, Latin letters have a zero in every other byte.
  if (zeros[0] === 0 && zeros[1]! * 2.5 > head.length) return 'utf-16le';
  return zeros[1] === 0 && zeros[0]! * 2.5 > head.length ? 'utf-16be' : undefined;
}

function countControlCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 27) count += 1;
  }
  return count;
}

export const createTooLargeProblem = (where: string, size: number): Problem => ({
  code: 'review/too-large',
  where,
  what: `It has ${Math.ceil(size / 1024 / 1024)} MiB, and more than ${MAX_BYTES / 1024 / 1024} are not read: no ruleset has that many.`,
  instead: 'the output of nft list ruleset alone; without the counters: nft -s list ruleset.',
});

/** tar ends an archive by zeros, and writes nothing else if it finds none of the files. */
const createEmptyArchiveProblem = (where: string): Problem => ({
  code: 'review/no-text',
  where,
  what: 'It holds nothing but zeros, as a tar in which there is no file.',
  instead: 'what tar said when it was made: it has found none of the files there, or may not read them.',
});

/** Programs that pack, with the first bytes of their output. Source: file(1), magic/Magdir/compress and archive. */
const PACKERS: readonly (readonly [name: string, first: string])[] = [
  ['zip', 'PK\u0003\u0004'],
  ['bzip2', 'BZh'],
  ['xz', '\u00fd7zXZ'],
  ['zstd', '(\u00b5/\u00fd'],
  ['7z', "7z\u00bc\u00af'"],
];

function createBinaryProblem(where: string, bytes: Uint8Array): Problem {
  const first = String.fromCharCode(...bytes.subarray(0, 8));
  const packer = PACKERS.find(([, magicText]) => first.startsWith(magicText))?.[0];
  return {
    code: 'review/no-text',
    where,
    what: packer === undefined ? 'It is no text: it holds bytes that no ruleset has.' : `It is packed with ${packer}.`,
    instead:
      packer === undefined
        ? 'the text as the program printed it (nft list ruleset, iptables-save) or as the file is (config.xml): not packed and not a packet capture.'
        : 'what is packed in it, as a text or a folder; of what packs, tar is read, also with gzip.',
  };
}
