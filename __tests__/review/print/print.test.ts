// Compares sample reviews printed as text, Markdown, HTML and JSON with stored files, and tests single forms of each.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMENT_MARKER, printMarkdown } from '../../../lib/review/print/review-markdown';
import { printHtml } from '../../../lib/review/print/review-html';
import { printJson } from '../../../lib/review/print/review-json';
import { printText } from '../../../lib/review/print/review-text';
import { Change, Review } from '../../../lib/review/review';
import * as samples from './samples';
import { parsed, sha256 } from '../../printing/parsed';
import { rendered } from '../../printing/rendered';
import { expectGolden } from '../../support';

const golden = (file: string): string => join(__dirname, 'goldens', file);
const { quiet, mistake, afterFailure, huge } = samples;
/** Returns the part of a page that differs between reviews. */
const bodyOf = (review: Review): string => /<body>\n(.*)<script>/s.exec(printHtml(review, sha256))![1]!;
const bytes = (text: string): number => Buffer.byteLength(text);

describe.each(Object.entries(samples))('%s', (name, review) => {
  it('prints the text of the golden', () => expectGolden(printText(review), golden(`${name}.txt`)));
  it('prints the comment of the golden', () => expectGolden(printMarkdown(review), golden(`${name}.md`)));
  it('prints a page without HTML errors', () => {
    const page = parsed(printHtml(review, sha256));
    expect([page.errors, page.strange]).toEqual([[], []]);
  });
  if (review.changes.length < 100)
    it('prints the page of the golden', () => expectGolden(bodyOf(review), golden(`${name}.html`)));
  if (review.changes.length < 100)
    it('prints the JSON of the golden', () => expectGolden(printJson(review), golden(`${name}.json`)));
});

describe('text', () => {
  it('has the verdict first, and objections before changes', () => {
    const lines = printText(mistake).split('\n');
    expect(lines[0]).toBe(`OBJECTIONS: ${mistake.headline}`);
    const places = [
      'Objections',
      'Opens',
      'Translated elsewhere',
      'Closes',
      'Translated to another source',
      'Devices',
      'Lint',
    ].map((title) => lines.indexOf(title));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('shows changes for the internet before those for inside, whatever the order of the review', () => {
    const turned = printText({ ...mistake, changes: [...mistake.changes].reverse() });
    expect(turned.indexOf('from the internet by wan0 (')).toBeLessThan(turned.indexOf('from inside by lan0 ('));
  });

  it('says in one row that a change holds for the internet and inside, and keeps differing rows apart', () => {
    const [internet, inside] = samples.example.changes as [Change, Change];
    const [line] = inside.decidingLines;
    const there = { ...inside, decidingLines: [line!, { device: 'edge', number: 99, text: 'iifname "lan0" accept' }] };
    const sides = (...changes: Change[]): readonly string[] =>
      printText({ ...samples.example, changes }).match(
        /^ {2}203\.0\.113\.10 from .*(?= \()|^ +decided by .*line 99.*/gm,
      ) ?? [];
    expect(sides(there, internet)).toEqual([
      '  203.0.113.10 from the internet by wan0, also from inside by lan0',
      '      decided by edge line 99: iifname "lan0" accept',
    ]);
    for (const other of [
      { sources: '10.0.0.0/24' },
      { destinationHost: '' },
      { service: 'tcp 3307' },
      { reason: 'x' },
      { kind: 'closed' as const },
    ])
      expect(sides({ ...inside, ...other }, internet)).toEqual([
        '  203.0.113.10 from the internet by wan0',
        '  203.0.113.10 from inside by lan0',
      ]);
    expect(sides(inside)).toEqual(['  203.0.113.10 from inside by lan0']);
  });

  it('counts a joined row once, and unlisted rows as the review counts them', () => {
    const counted = (opened: number, ...changes: readonly Change[]): string => {
      const counts = { ...samples.example.counts, opened };
      return printText({ ...samples.example, counts, changes: [...changes] }).split('\n')[1]!;
    };
    const [internet, inside] = samples.example.changes as [Change, Change];
    expect(counted(2, internet, inside)).toBe('1 row opened; 2 devices');
    expect(counted(2, internet, { ...inside, sources: '10.0.0.0/24' })).toBe(
      '2 rows opened (1 to any source, 1 inside); 2 devices',
    );
    expect(counted(2, internet, { ...internet, sources: '198.51.100.0/24' })).toBe(
      '2 rows opened (1 to any source, 1 to listed sources); 2 devices',
    );
    expect(counted(400, internet, inside)).toBe('399 rows opened; 2 devices');
  });

  it('has no heading without content', () => {
    const bare: Review = { ...quiet, notes: [], devices: [], plans: [] };
    expect(printText(bare).match(/^[A-Z].*$/gm)).toEqual([
      `NOTHING TO OBJECT TO: ${quiet.headline}`,
      'No port changes; 1 device',
      'What this rests on',
    ]);
  });

  it('prints a lint finding that is an objection once, with its page', () => {
    expect(printText(mistake).split('cpanel/database-open at')).toHaveLength(2);
    expect(printText(mistake)).toContain('page       npx cpanel-edge explain cpanel/database-open');
    const reworded = { ...mistake, findings: [{ ...mistake.findings[0]!, what: 'Something else.' }] };
    expect(printText(reworded).split('cpanel/database-open at')).toHaveLength(3);
  });

  it('has colours only on request, with the same words', () => {
    const coloured = printText(mistake, { colour: true });
    expect(printText(mistake)).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[1m\u001b[31mOBJECTIONS');
    // eslint-disable-next-line no-control-regex -- the colours
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(printText(mistake));
  });

  it.each([60, 80, 100, 140])('keeps within %i columns', (width) => {
    for (const review of [quiet, mistake, afterFailure])
      expect(
        Math.max(
          ...printText(review, { width })
            .split('\n')
            .map(({ length }) => length),
        ),
      ).toBeLessThanOrEqual(width);
  });

  it("names the mappings that the reason doesn't name, whether or not a profile has the same name", () => {
    const why = (reason: string): string | undefined =>
      /^ +why +(.*)$/m.exec(
        printText({ ...mistake, changes: [{ ...mistake.changes[0]!, reason, mappings: ['cpanel', 'shop'] }] }),
      )?.[1];
    expect(why('profile cpanel opens tcp 3306 (mysql)')).toBe(
      'profile cpanel opens tcp 3306 (mysql); mapping cpanel, shop',
    );
    expect(why('mapping cpanel is gone')).toBe('mapping cpanel is gone; mapping shop');
  });

  it('counts what it omits of a huge review', () => {
    const text = printText(huge);
    expect(text).toContain('  and 4,975 more; the JSON output has all of it:\n');
    expect(text).toContain('  and 9,700 more; the JSON output has the worst 300 changes and counts the others\n');
    expect(text.split('\n').length).toBeLessThan(900);
  });

  it('has a heading and a count for a kind that the worse ones leave no room for', () => {
    const closing = { ...huge, counts: { ...huge.counts, closed: 260 } };
    const others = 'the JSON output has the worst 300 changes and counts the others';
    expect(printText(closing)).toContain(`\n\nCloses\n  260; ${others}\n\n`);
    expect(rendered(printMarkdown(closing)).unfolded).toContain(`260 of “Closes” left out here; ${others}.`);
    const page = parsed(printHtml(closing, sha256));
    expect(page.unfolded).toContain(`260 of “Closes” left out here; ${others}.`);
  });
});

test('a page says of which plans, owners and commit it is, and when it was made', () => {
  const origin = { madeAt: '2026-12-01 08:30 UTC', commit: '5b7b21ae'.repeat(5) };
  const printOrigin = (review: Review): string => parsed(printHtml(review, sha256, origin)).unfolded;
  expect(printOrigin(samples.quiet)).toContain(
    `plan edge; owner hosting; commit ${origin.commit}; made 2026-12-01 08:30 UTC`,
  );
  expect(parsed(printHtml(samples.quiet, sha256, { madeAt: origin.madeAt })).unfolded).toContain(
    'plan edge; owner hosting; made 2026-12-01 08:30 UTC',
  );
  expect(printOrigin({ ...samples.quiet, devices: [] })).toContain(`plan edge; commit ${origin.commit}`);
});

describe('Markdown', () => {
  it('begins with the marker, alone on its line', () => {
    for (const review of Object.values(samples))
      expect(printMarkdown(review).startsWith(`${COMMENT_MARKER}\n`)).toBe(true);
    expect(COMMENT_MARKER).toBe('<!-- cpanel-edge review -->');
  });

  it('shows objections and opened ports without unfolding', () => {
    const open = rendered(printMarkdown(mistake)).unfolded;
    for (const { code } of mistake.objections) expect(open).toContain(code);
    expect(open).toContain('tcp\u00a03306');
    expect(open).not.toContain('ct status dnat accept');
  });

  it('keeps the verdict, the counts and the code of every objection within the limit', () => {
    const text = printMarkdown(huge);
    expect(bytes(text)).toBeLessThanOrEqual(65_000);
    expect(bytes(text)).toBeGreaterThan(50_000);
    const { unfolded } = rendered(text);
    expect(unfolded).toContain(`Objections: ${huge.headline}`);
    expect(unfolded).toContain('10,000 rows opened; 400 devices');
    expect(unfolded).toContain('review/admin-source (3,317 times), review/not-allowed (1,658 times)');
  });

  it('names at least the code of an objection without room', () => {
    const long = '\u{1f310}'.repeat(300);
    const objections = Array.from({ length: 200 }, (_, i) => ({
      code: `review/rule-${i}`,
      where: long,
      what: long,
      instead: long,
    }));
    const text = printMarkdown({
      ...huge,
      objections,
      unknown: objections.map((remark) => ({ ...remark, code: `u/${remark.code}` })),
    });
    expect(bytes(text)).toBeLessThanOrEqual(65_000);
    for (const { code } of objections) expect(text).toContain(code);
  });

  it('has some of each section if all are too long', () => {
    const text = printMarkdown({
      ...huge,
      findings: huge.objections.map((remark, at) => ({
        ...remark,
        code: 'lint/x',
        severity: 'warning',
        page: 'p',
        existedBefore: at % 2 === 0,
      })),
    });
    for (const said of [
      'Devices: 400',
      '### New warnings',
      'Lint: 2,500 warnings',
      '2,500 findings as before: lint/x (2,500 times)',
      'What this rests on',
      'Text that changes',
    ])
      expect(text).toContain(said);
  });
});

describe('new findings stand apart from existing ones', () => {
  const warning = (code: string, existedBefore: boolean, where = 'gateway edge'): Review['findings'][number] => ({
    code,
    where,
    what: 'It is.',
    instead: 'Another.',
    severity: 'warning',
    page: 'p',
    existedBefore,
  });
  const both: Review = {
    ...samples.example,
    findings: [warning('lint/new', false), warning('lint/old', true), warning('lint/old', true, 'server web1')],
  };

  it('new ones in full and existing ones as a count, in every format', () => {
    const text = printText(both);
    expect(text).toContain('\nNew warnings\n  lint/new at gateway edge\n');
    expect(text).toContain('\nLint\n  2 findings as before: lint/old (2 times); the JSON output has all of it\n');
    const [open = ''] = printMarkdown(both).split('<details>');
    expect([open.includes('### New warnings'), open.includes('lint/new'), open.includes('lint/old')]).toEqual([
      true,
      true,
      false,
    ]);
    const { text: page } = parsed(printHtml(both, sha256));
    expect(page.indexOf('New warnings')).toBeGreaterThan(0);
  });
});

describe('HTML', () => {
  it('has the verdict first, as its title and its one top-level heading', () => {
    const page = parsed(printHtml(mistake, sha256));
    expect(page.elements.filter(({ tagName }) => tagName === 'h1')).toHaveLength(1);
    expect(page.text.trim().split('\n')[0]).toBe(`✘ Objections: ${mistake.headline}`);
    expect(printHtml(mistake, sha256)).toContain(`<title>Objections: ${mistake.headline}</title>`);
  });

  it('shows objections and opened ports without unfolding', () => {
    const { unfolded } = parsed(printHtml(mistake, sha256));
    for (const { code, what } of mistake.objections)
      expect([unfolded.includes(code), unfolded.includes(what)]).toEqual([true, true]);
    expect(unfolded).toContain('tcp 3306');
    expect(unfolded).not.toContain('ct status dnat accept');
  });

  it('has every row that a review lists, and counts the others', () => {
    const page = parsed(printHtml(huge, sha256));
    expect(page.elements.filter(({ tagName }) => tagName === 'tr')).toHaveLength(302);
    expect(page.text).toContain('Opens: 9,975 more');
    expect(page.text).toContain(
      '9,700 more of “Opens” left out here; the JSON output has the worst 300 changes and counts the others.',
    );
    expect(page.text).toContain(
      '4,975 more of “Objections” left out here; the JSON output has all of it: review/admin-source (3,317 times)',
    );
  });
});

it('docs/how-to/review.md has the example as it is printed, up to the devices', () => {
  const page = readFileSync(join(__dirname, '../../../docs/how-to/review.md'), 'utf8');
  const [head] = printText(samples.example).split(/^(?=Devices$)/m);
  expect(head).toContain('decided by');
  expect(page).toContain(head!.replace(/^(?=.)/gm, '    '));
});
