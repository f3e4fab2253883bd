// Searches files, archives and processes of the lab for secrets that must be visible nowhere, in all their encodings.

import { Dirent, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** A secret that must be visible nowhere, and all its forms that are searched for. */
export interface Canary {
  readonly name: string;
  readonly forms: readonly Buffer[];
}

/** Returns a canary: the secret itself, in hexadecimal, and in base64 at any offset of a longer text. */
export function canary(name: string, secret: string | Buffer): Canary {
  const plain = Buffer.from(secret);
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), plain]).toString('base64');
    // The first and last characters also depend on the neighbouring bytes.
    return text.slice(before === 0 ? 0 : 4, Math.floor((before + plain.length) / 3) * 4);
  });
  return { name, forms: [plain, ...[plain.toString('hex'), ...base64].map((text) => Buffer.from(text))] };
}

export const namesIn = (bytes: Buffer | string, canaries: readonly Canary[]): readonly string[] => {
  const where = Buffer.from(bytes);
  return canaries.filter(({ forms }) => forms.some((form) => where.includes(form))).map(({ name }) => name);
};

/** Returns `PATH: NAME` for each canary in a file's content, link target or name. Archives are searched, too. */
export async function foundBelow(folder: string, canaries: readonly Canary[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of entriesOf(folder)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) found.push(...(await foundBelow(path, canaries)));
    const hits = (bytes: Buffer | string, what = ''): void =>
      void found.push(...namesIn(bytes, canaries).map((name) => `${path}${what}: ${name}`));
    hits(entry.name, ' (its name)');
    if (entry.isSymbolicLink()) hits(linkOrNothing(path));
    if (!entry.isFile()) continue;
    const bytes = readOrNothing(path);
    hits(bytes);
    for (const part of await unzipped(bytes)) hits(part, ' (inside)');
  }
  return found;
}

const entriesOf = (folder: string): readonly Dirent[] =>
  ifThere(() => readdirSync(folder, { withFileTypes: true })) ?? [];
const linkOrNothing = (path: string): string => ifThere(() => readlinkSync(path)) ?? '';
const readOrNothing = (path: string): Buffer => ifThere(() => readFileSync(path)) ?? Buffer.alloc(0);

// A file that disappears meanwhile (a socket's lock, a file of a process) has no content any more.
function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Returns the parts of a zip file, which a plan file is. */
async function unzipped(bytes: Buffer): Promise<readonly Buffer[]> {
  if (bytes.subarray(0, 4).toString('latin1') !== 'PK\u0003\u0004') return [];
  const files = await fromBufferPromise(bytes, { lazyEntries: true });
  const parts: Buffer[] = [];
  for await (const entry of files.eachEntry()) parts.push(await buffer(await files.openReadStreamPromise(entry)));
  return parts;
}

const SAMPLE_EVERY = 25;

export interface Seen {
  /**
   * Hits as `NAME in the arguments|environment of PROGRAM`, without duplicates. A device's programs are named
   * `device: PROGRAM`.
   */
  readonly hits: ReadonlySet<string>;
  /** Programs that were searched, with the same names. */
  readonly programs: ReadonlySet<string>;
  readonly samples: number;
}

/** Searches every process of this machine, including the devices', until it is stopped. */
export function watchProcesses(canaries: readonly Canary[]): () => Seen {
  const [hits, programs] = [new Set<string>(), new Set<string>()];
  const ours = readlinkSync('/proc/self/ns/pid');
  let samples = 0;
  const look = (): void => {
    samples += 1;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
      const words = readOrNothing(`/proc/${pid}/cmdline`);
      if (words.length === 0) continue;
      const program = programOf(pid, words, ours);
      programs.add(program);
      for (const name of namesIn(words, canaries)) hits.add(`${name} in the arguments of ${program}`);
      for (const name of namesIn(readOrNothing(`/proc/${pid}/environ`), canaries))
        hits.add(`${name} in the environment of ${program}`);
    }
  };
  const timer = setInterval(look, SAMPLE_EVERY);
  return () => {
    clearInterval(timer);
    look();
    return { hits, programs, samples };
  };
}

function programOf(pid: string, words: Buffer, ours: string): string {
  try {
    const exe = basename(readlinkSync(`/proc/${pid}/exe`));
    const script = words.toString('latin1').split('\0').includes('/usr/local/sbin/cpanel-edge-device');
    return readlinkSync(`/proc/${pid}/ns/pid`) === ours ? exe : `device: ${script ? 'cpanel-edge-device' : exe}`;
  } catch {
    return 'one that ended';
  }
}
