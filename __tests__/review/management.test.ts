// Tests that a review objects if a change opens management (SSH, WHM) to the internet, and only warns if it stood open
// before.

import { printMarkdown } from '../../lib/review/print/review-markdown';
import { printText } from '../../lib/review/print/review-text';
import { KNOWN, ownersOf, planOf, reviewed, web } from './samples';
import { codes } from './states-samples';
import { createReview } from '../../lib/review/judging/create-review';

const MANAGED = { from: ['198.51.100.0/28'], port: 22 };
const listed = web(['https', 'cpanel'], { management: MANAGED });
const open = web(['https', 'cpanel'], { management: { from: 'anywhere', port: 22 } });
const CODE = 'access/management-open';

describe('management from any source', () => {
  test('is an objection if the change opens it', () => {
    const review = reviewed(listed, open);
    expect([review.verdict, codes(review.objections)]).toEqual(['objections', [CODE]]);
    expect(review.headline).toContain('1 objection');
    expect(review.findings).toContainEqual(
      expect.objectContaining({ code: CODE, severity: 'error', existedBefore: false }),
    );
    // Reported once, not also as SSH.
    expect(codes(review.findings)).not.toContain('access/ssh-open');
  });

  test('is an objection also in a first release, at another port, and from half of all addresses', () => {
    const first = createReview([planOf(ownersOf([], open))], KNOWN);
    expect(codes(first.objections)).toContain(CODE);
    expect(
      codes(reviewed(open, web(['https', 'cpanel'], { management: { from: 'anywhere', port: 2222 } })).objections),
    ).toEqual([CODE]);
    const half = web(['https', 'cpanel'], { management: { from: ['128.0.0.0/1'], port: 22 } });
    expect(codes(reviewed(listed, half).objections)).toEqual([CODE]);
  });

  test('is a warning if it stood open before, and is in the headline', () => {
    const review = reviewed(open, open);
    expect([review.verdict, review.objections]).toEqual(['nothing to object to', []]);
    expect(review.headline).toMatch(
      /^nothing that is reachable changes; \d+ warnings? as before; no review rules were given$/,
    );
    expect(review.findings).toContainEqual(
      expect.objectContaining({ code: CODE, severity: 'warning', existedBefore: true }),
    );
  });

  test('can be acknowledged like any other finding', () => {
    const acknowledged = [{ code: CODE, reason: 'nobody has a fixed address yet', expires: '2026-12-31' }];
    const review = reviewed(listed, open, { rules: { name: 'rules', rules: { format: 1, acknowledged } } });
    expect([review.verdict, review.objections]).toEqual(['nothing to object to', []]);
  });

  test('is reported as SSH if another profile opens port 22', () => {
    const ssh = web(['https', 'cpanel', { service: 'ssh', from: 'anywhere' }], {
      management: { ...MANAGED, port: 2222 },
    });
    expect(
      codes(reviewed(web(['https', 'cpanel'], { management: { ...MANAGED, port: 2222 } }), ssh).objections),
    ).toEqual(['access/ssh-open']);
  });
});

test('an objection of lint says whether it existed before', () => {
  const [plain, mysql] = [web(['https', 'cpanel']), web(['https', 'cpanel', { service: 'mysql', from: 'anywhere' }])];
  const stood = (before: typeof plain) =>
    reviewed(before, mysql).objections.map((one) => [one.code, one.existedBefore]);
  expect(stood(plain)).toEqual([['ports/mysql-public', false]]);
  expect(stood(mysql)).toEqual([['ports/mysql-public', true]]);
});

test("a note doesn't say whether it existed before", () => {
  const held = web(['https', 'cpanel', { service: 'https', from: ['192.0.2.7'] }], { management: MANAGED });
  const notes = reviewed(held, held).findings.filter(({ severity }) => severity === 'note');
  expect(notes).not.toEqual([]);
  for (const note of notes) expect(note).not.toHaveProperty('existedBefore');
});

describe('a new warning', () => {
  const ftp = web(['https', 'cpanel', 'ftp']);
  const plain = web(['https', 'cpanel']);

  test('is in the verdict and the headline of every format', () => {
    const review = reviewed(plain, ftp);
    expect([review.verdict, review.objections, review.unknown]).toEqual(['warnings', [], []]);
    expect(review.headline).toMatch(/; 1 new warning/);
    expect(printText(review)).toMatch(/^NEW WARNINGS: .*1 new warning/);
    expect(printMarkdown(review)).toMatch(/New warnings: .*1 new warning/);
    for (const printed of [printText(review), printMarkdown(review), JSON.stringify(review)])
      expect(printed).not.toMatch(/nothing to object to/i);
  });

  test("doesn't count if it is acknowledged", () => {
    const acknowledged = [{ code: 'ports/ftp-prefer-sftp', reason: 'customers', expires: '2026-12-31' }];
    expect(reviewed(plain, ftp, { rules: { name: 'rules', rules: { format: 1, acknowledged } } }).verdict).toBe(
      'nothing to object to',
    );
  });

  test("doesn't count if it existed before; the headline says so", () => {
    const review = reviewed(ftp, ftp);
    expect([review.verdict, review.headline]).toEqual([
      'nothing to object to',
      'nothing that is reachable changes; 1 warning as before; no review rules were given',
    ]);
  });

  test('is counted beside rules that the same change loosens', () => {
    const rules = {
      name: 'rules',
      rules: { format: 1 as const },
      before: { format: 1 as const, forbidden: ['mysql'] },
    };
    expect(reviewed(plain, plain, { rules }).headline).toBe(
      'nothing that is reachable changes; the review rules change',
    );
  });
});
