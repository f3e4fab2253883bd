// Tests that a plan or a ruleset beyond the size limit is refused before it is read.

import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

/** Creates a sparse file of this size. */
function sized(name: string, bytes: number): string {
  const path = join(mkdtempSync(join(folder, 'sized-')), name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}

test.each([
  ['a plan of more than 160 MB', 'review', sized('plan.json', 160_000_001)],
  ['a ruleset of more than 64 MiB', 'exposure', sized('rules.nft', 64 * 1024 * 1024 + 1)],
])('%s is refused before it is read', (_, command, path) => {
  const { status, said } = typed(built, [command, path], { cwd: folder });
  expect([status, said]).toEqual([2, expect.stringMatching(/^review\/too-large/)]);
});
