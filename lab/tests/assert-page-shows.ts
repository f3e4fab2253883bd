// Asserts that a page of docs/ shows a command's output, apart from values that differ between labs (MAC addresses,
// leases, counts).
import { strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../stack';

/**
 * Patterns of text that differs between labs: wires, owner tokens, users and times of deliveries, counts of tries, and
 * the project's folder.
 */
const MASKS: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/[0-9a-f]{2}(:[0-9a-f]{2}){5}/g, 'MAC'],
  [/\d+ in conntrack: \d+ translated to (\S+), \d+ answered/g, 'N in conntrack to $1'],
  [/made .* UTC by \S+/g, 'made by somebody'],
  [/owner token: \S+/g, 'owner token'],
  [
    /Next, in \S+: ([^:]*): .* (accept \S+ [0-9a-f]{64}) .*; then .*; (where the plan shows no change): .* -replace=\w+\.(\w+)/g,
    '$1 $2 $3 $4',
  ],
];
const masked = (text: string): string =>
  MASKS.reduce((done, [pattern, instead]) => done.replace(pattern, instead), text);

/** Asserts that a page shows the text that was printed. */
export function isShownOn(page: string, printed: string): void {
  const [, shown = ''] = /^```text\n([\s\S]*?)^```/m.exec(readFileSync(join(REPOSITORY, 'docs', page), 'utf8'))!;
  strictEqual(masked(printed), masked(shown));
}
