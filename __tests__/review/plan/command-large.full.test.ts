// Tests that `review` accepts plans of up to 160 MB and refuses larger ones, single or together, before it exhausts
// memory.

import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { codes, typedReviews } from '../typed-reviews';

const { built, folder, json, review, judged } = typedReviews();

describe('a plan of hundreds of megabytes', () => {
  const refused = ([name, code]: readonly [name: string, code: string]): void => {
    const { status, out, said } = review([name], { env: { NODE_OPTIONS: '--max-old-space-size=900' } });
    expect([status, out, said]).toEqual([2, '', expect.stringMatching(new RegExp(`^${code} at `, 'm'))]);
    expect(said).not.toMatch(/\n\s+at /);
  };

  /** Writes a file of the given size piece by piece, so that it isn't held in memory. */
  const large = (name: string, head: string, piece: string, tail: string, bytes: number): string => {
    const out = openSync(join(folder, name), 'w');
    const many = piece.repeat(Math.ceil(1_000_000 / piece.length));
    writeSync(out, head);
    for (let left = bytes; left > 0; left -= many.length) writeSync(out, many);
    writeSync(out, tail);
    closeSync(out);
    return name;
  };

  test("accepts 150 MB of another module's text in a plan of ours", () => {
    const [head, tail] = [json().trimEnd().slice(0, -1), '"}'];
    const name = large('x.json', `${head},"checks":"`, 'x'.repeat(1000), tail, 150_000_000);
    const one = judged([name], { env: { NODE_OPTIONS: '--max-old-space-size=900' } });
    expect([one.status, codes(one)]).toEqual([0, []]);
  });

  test.each([
    ['small values', '{"format_version":"1.2","x":[', '[],', '[]]}', 'review/too-many-values'],
    ['lists in lists', '{"format_version":"1.2","x":', '[', '}', 'review/not-readable'],
    ['text without an end', '{"format_version":"1.2","x":"', 'y', '', 'review/not-readable'],
    ['zeros', '', '\0', '', 'review/not-readable'],
  ])('refuses 150 MB of %s in bounded memory', (_, head, piece, tail, code) =>
    refused([large('x.json', head, piece, tail, 150_000_000), code]),
  );

  /** Writes a file of this many zeros. */
  const sparse = (name: string, size: number): string => {
    const out = openSync(join(folder, name), 'w');
    ftruncateSync(out, size);
    closeSync(out);
    return name;
  };

  test('refuses more than 160 MB, as a file and on standard input', () => {
    refused([sparse('x.json', 161_000_000), 'review/too-large']);
    const input = spawnSync(
      'sh',
      ['-c', `head -c 161000000 /dev/zero | exec "$0" "$1" review -`, process.execPath, join(built, 'cli', 'main.js')],
      { encoding: 'utf8' },
    );
    expect([input.status, input.stderr]).toEqual([2, expect.stringContaining('review/too-large')]);
  });

  test('refuses several plans of more than 512 MB together, each of an accepted size', () => {
    const each = [1, 2, 3, 4].map((n) => sparse(`${n}.json`, 130_000_000));
    const { status, said } = review(each, { env: { NODE_OPTIONS: '--max-old-space-size=900' } });
    expect([status, said]).toEqual([
      2,
      expect.stringMatching(
        /not-readable at 1\.json[^]*not-readable at 2\.json[^]*not-readable at 3\.json[^]*too-large at 4\.json.*before it.*512 MB/,
      ),
    ]);
  });
});
