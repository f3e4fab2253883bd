import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** One file of a zip archive, by its name; undefined when the archive holds none. Here because unzip is not on a bare machine. */
export async function entryOf(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const files = await fromBufferPromise(archive, { lazyEntries: true });
  for await (const entry of files.eachEntry())
    if (entry.fileName === name) return buffer(await files.openReadStreamPromise(entry));
  return undefined;
}
