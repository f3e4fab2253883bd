// Unpacks one file of a zip archive, because a bare machine has no unzip program.

import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** Returns one file of a zip archive, by its name; undefined if there is none. A bare machine has no unzip program. */
export async function entryOf(archive: Buffer, name: string): Promise<Buffer | undefined> {
  const files = await fromBufferPromise(archive, { lazyEntries: true });
  for await (const entry of files.eachEntry())
    if (entry.fileName === name) return buffer(await files.openReadStreamPromise(entry));
  return undefined;
}
