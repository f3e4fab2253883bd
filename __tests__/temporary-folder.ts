// Creates a temporary folder for the tests of a file, and removes it afterwards.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a folder for the tests of one file or one describe, and removes it after the last of them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
