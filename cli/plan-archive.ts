import { inflateRawSync } from 'node:zlib';
import { allowed } from '../lib/net/work';
import { MORE_WORK } from '../lib/problems/more-work';
import { Problem, Refusal } from '../lib/problems/problem';

/** What a plan of ten thousand mappings unpacks to, four times. */
const MOST_INFLATED = 128 * 1024 * 1024;
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];

/** Whether these are the first bytes of a plan file as terraform plan -out writes it: an archive. */
export const isPlanArchive = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL;

/**
 * Looks before Terraform opens it, which unpacks whatever there is: how much its files say that they are, and that they are no more.
 * Throws Refusal cli/plan-file-too-large, cli/plan-file-unreadable.
 */
export function measured(archive: Buffer, where: string): void {
  let left = allowed(MOST_INFLATED);
  try {
    for (const entry of entries(archive)) {
      const says = archive.readUInt32LE(entry + 24);
      left -= says;
      if (left < 0) throw new Refusal([tooLarge(where)]);
      if ((content(archive, entry, says)?.length ?? says) !== says) throw new RangeError('another size');
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([unreadable(where)]);
  }
}

/**
 * One file of a plan file. Terraform keeps the configuration in it, which is what it will apply; `terraform show -json` leaves parts of
 * that out. Undefined where there is no such file, or the archive is of a kind that Terraform doesn't write.
 */
export function archived(archive: Buffer, path: string): Buffer | undefined {
  try {
    return found(archive, path);
  } catch {
    return undefined;
  }
}

function found(archive: Buffer, path: string): Buffer | undefined {
  for (const at of entries(archive)) {
    const name = archive.toString('utf8', at + 46, at + 46 + archive.readUInt16LE(at + 28));
    if (name === path) return content(archive, at, allowed(MOST_INFLATED));
  }
  return undefined;
}

/** Where each file of it is described. */
function* entries(archive: Buffer): Generator<number> {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new RangeError('no list of files');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new RangeError('no list of files');
    yield at;
    at += 46 + [28, 30, 32].reduce((sum, offset) => sum + archive.readUInt16LE(at + offset), 0);
  }
}

/** `most`: nothing is unpacked beyond. Throws RangeError there. */
function content(archive: Buffer, entry: number, most: number): Buffer | undefined {
  const [method, size, at] = [archive.readUInt16LE(entry + 10), archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 42)];
  if (archive.readUInt32LE(at) !== LOCAL) return undefined;
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(start, start + size);
  if (packed.length !== size) return undefined;
  if (method === 0) return packed;
  return method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, most) }) : undefined;
}

const tooLarge = (where: string): Problem => ({
  code: 'cli/plan-file-too-large',
  where,
  what: `It unpacks to more than ${allowed(MOST_INFLATED) / 1024 / 1024} MiB, and no plan of ours is that large. Terraform was not asked to open it.`,
  instead: `split the stack, or its owners into stacks of their own. ${MORE_WORK}`,
});

const unreadable = (where: string): Problem => ({
  code: 'cli/plan-file-unreadable',
  where,
  what: 'It begins like a plan file, and its files are not what its list says of them. Terraform was not asked to open it.',
  instead: 'the plan file as terraform plan -out wrote it.',
});
