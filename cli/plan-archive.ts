// Recognizes a plan file of `terraform plan -out`, which is a zip archive, and extracts one file of it within a limit
// of the unpacked size.
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { computeLimit } from '../lib/net/step-budget';
import { RAISE_BUDGET_HINT } from '../lib/problems/step-budget-problems';
import { Problem, Refusal } from '../lib/problems/problem';

/** Four times the size that a plan of ten thousand mappings unpacks to. */
const MAX_INFLATED_BYTES = 128 * 1024 * 1024;
const ZIP_SIGNATURE = 0x04034b50;

/**
 * Returns whether the bytes are a plan file of terraform plan -out: a zip archive with an entry called tfplan. The
 * names of entries are not packed.
 */
export const isPlanArchive = (bytes: Buffer): boolean =>
  bytes.length >= 4 && bytes.readUInt32LE(0) === ZIP_SIGNATURE && bytes.includes('tfplan');

/**
 * Returns one file of a plan file, by its path; undefined if the plan file has none of this name. `visit` gets the path
 * of each. Terraform keeps the configuration there that it will apply; `terraform show -json` leaves parts of it out.
 * This unpacks everything before Terraform opens the plan file, because Terraform unpacks without a limit: the files
 * are as large as the archive's list says, and not too large.
 * @throws Refusal cli/plan-file-too-large, cli/plan-file-unreadable
 */
export async function extractFile(
  archive: Buffer,
  path: string,
  archiveName: string,
  visit: (path: string) => void = () => undefined,
): Promise<Buffer | undefined> {
  let bytesLeft = computeLimit(MAX_INFLATED_BYTES);
  let fileBytes: Buffer | undefined;
  try {
    const files = await fromBufferPromise(archive, { lazyEntries: true });
    for await (const entry of files.eachEntry()) {
      bytesLeft -= entry.uncompressedSize;
      if (bytesLeft < 0) throw new Refusal([createTooLargeProblem(archiveName)]);
      const content = await buffer(await files.openReadStreamPromise(entry));
      visit(entry.fileName);
      if (entry.fileName === path) fileBytes = content;
    }
    return fileBytes;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal([createUnreadableProblem(archiveName)]);
  }
}

const createTooLargeProblem = (where: string): Problem => ({
  code: 'cli/plan-file-too-large',
  where,
  what: `It unpacks to more than ${computeLimit(MAX_INFLATED_BYTES) / 1024 / 1024} MiB, and no plan of ours is that large. Terraform was not asked to open it.`,
  instead: `split the stack, or its owners into stacks of their own. ${RAISE_BUDGET_HINT}`,
});

const createUnreadableProblem = (where: string): Problem => ({
  code: 'cli/plan-file-unreadable',
  where,
  what: 'It begins like a plan file, and its files are not what its list says of them. Terraform was not asked to open it.',
  instead: 'the plan file as terraform plan -out wrote it.',
});
