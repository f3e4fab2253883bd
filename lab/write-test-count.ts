// Writes the numbers of passed and failed lab tests to a file, from which `npm test` takes them.

import { writeFileSync } from 'node:fs';

/** Prints the count of these tests, so that npm test counts each of them and its last lines name the failed ones. */
export function tellCount(passed: number, failed: readonly string[]): void {
  const count = process.env['CPANEL_EDGE_TEST_COUNT'];
  if (count) writeFileSync(count, [`${passed} passed, ${failed.length} failed`, ...failed, ''].join('\n'));
}
