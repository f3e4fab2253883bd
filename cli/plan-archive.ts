import { inflateRawSync } from 'node:zlib';

const MOST_INFLATED = 256 * 1024 * 1024;
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];

/** Whether these are the first bytes of a plan file as terraform plan -out writes it: an archive. */
export const isPlanArchive = (bytes: Buffer): boolean => bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL;

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
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== END) return undefined;
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) return undefined;
    const lengths = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const name = archive.toString('utf8', at + 46, at + 46 + lengths[0]!);
    if (name === path) return content(archive, at);
    at += 46 + lengths[0]! + lengths[1]! + lengths[2]!;
  }
  return undefined;
}

function content(archive: Buffer, entry: number): Buffer | undefined {
  const [method, size, at] = [archive.readUInt16LE(entry + 10), archive.readUInt32LE(entry + 20), archive.readUInt32LE(entry + 42)];
  if (archive.readUInt32LE(at) !== LOCAL) return undefined;
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28);
  const packed = archive.subarray(start, start + size);
  if (packed.length !== size) return undefined;
  if (method === 0) return packed;
  return method === 8 ? inflateRawSync(packed, { maxOutputLength: MOST_INFLATED }) : undefined;
}
