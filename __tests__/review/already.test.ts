// Tests changes of an allow rule of which some sources had the access before or keep it by another rule: only the
// others gain or lose it in the review.

import { Policy } from '../../lib/policy/policy';
import { printHtml } from '../../lib/review/print/review-html';
import { printText } from '../../lib/review/print/review-text';
import { sha256 } from '../printing/parsed';
import { Profile, reviewed, web } from './samples';

// An allow rule that opens or closes for any source, while some sources had the access before or keep it.

const mysql = (from: readonly string[] | 'anywhere', more: Partial<Profile> = {}): readonly Policy[] =>
  web(['https', { service: '3306/tcp', from }], more);
const ONE = '192.0.2.50';

const row = (before: readonly Policy[], after: readonly Policy[]): string | undefined =>
  printText(reviewed(before, after))
    .split('\n')
    .find((line) => line.startsWith('    tcp 3306 from'))
    ?.trim()
    .replace(/, reache.*/, '');

test("a source that already had access isn't listed as excluded", () => {
  expect(row(mysql([ONE]), mysql('anywhere'))).toBe(`tcp 3306 from anywhere (${ONE} had it before)`);
  expect(row(mysql([ONE], { blocked: ['192.0.2.66'] }), mysql('anywhere', { blocked: ['192.0.2.66'] }))).toBe(
    `tcp 3306 from anywhere but ${ONE}, 192.0.2.66 (${ONE} had it before)`,
  );
  const html = printHtml(reviewed(mysql([ONE]), mysql('anywhere')), sha256);
  expect(html).toContain(`opens to anybody (${ONE} had it)`);
  expect(html).not.toContain(`anybody but ${ONE}`);
});

test('a source that keeps its access is named', () => {
  expect(row(mysql('anywhere'), mysql([ONE]))).toBe(`tcp 3306 from anywhere but ${ONE} (stays open for ${ONE})`);
});

test('a source that another rule blocks is listed as excluded', () => {
  const blocked = { blocked: [ONE] };
  expect(row(web(['https'], blocked), mysql('anywhere', blocked))).toBe(`tcp 3306 from anywhere but ${ONE}`);
  expect(row(mysql('anywhere', blocked), web(['https'], blocked))).toBe(`tcp 3306 from anywhere but ${ONE}`);
});
