// Tests on random reviews with hostile names (hostile-reviews.ts) that a name is only text in every form of a review:
// text, Markdown, HTML, JSON.

import Ajv from 'ajv/dist/2020';
import stringWidth from 'string-width';
import { fc, times } from '../../randomly';
import { escapeForDisplay } from '../../../lib/problems/problem';
import { escapeWords } from '../../../lib/report/terminal-page';
import { escapeCode, escapeInline } from '../../../lib/report/escape-markdown';
import { printHtml } from '../../../lib/review/print/review-html';
import { printJson } from '../../../lib/review/print/review-json';
import { printMarkdown } from '../../../lib/review/print/review-markdown';
import { printText } from '../../../lib/review/print/review-text';
import { createReviewSchema } from '../../../lib/review/review';
import { parsed, sha256 } from '../../printing/parsed';
import { rendered } from '../../printing/rendered';
import { NAMES, name, review } from './hostile-reviews';

// Thousands of pages are rendered, which takes long on a busy machine.

/** Number of tries for each place. */
const RUNS = times(400);

/** Returns what a reader sees of a text on a rendered page. */
const seen = (text: string): string => escapeForDisplay(text).replace(/\s+/g, ' ').trim();
const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The same for our own pages, which break long texts at words and show control characters. */
const onPage = (text: string): string =>
  spaced(
    escapeWords(text).replace(/[\ufdd0-\ufdef\ufffe\uffff]|[^\0-\uffff]/gu, (one) =>
      isCharacter(one) ? one : escapeOf(one),
    ),
  );
const isCharacter = (one: string): boolean => one.length > 1 && (one.codePointAt(0)! & 0xfffe) !== 0xfffe;
const escapeOf = (one: string): string => `\\u{${one.codePointAt(0)!.toString(16)}}`;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Syntax that GitHub and GitLab interpret outside code, after they have resolved entities and backslashes. */
const LOOKED_FOR = [
  /@\w/,
  /#\d/,
  /\bGH-\d/i,
  /\b[A-Z]+-\d/i,
  /\b[0-9a-f]{7,40}\b/,
  /:\/\//,
  /www\./i,
  /:[a-z0-9_+-]+:/,
  /(^|\s)\/[a-z]/,
  /[~!%$&^]\S/,
  /`/,
  /[\p{Cc}\p{Cf}]/u,
];

describe('a name in Markdown', () => {
  const places: readonly (readonly [string, (text: string) => string])[] = [
    ['in a paragraph', (text) => `a ${text} b`],
    ['in a heading', (text) => `## a ${text} b`],
    ['at the end of a heading', (text) => `## a b ${text}`],
    ['in a list', (text) => `- a ${text} b`],
    ['at the start of a list item', (text) => `- ${text} b`],
    ['at the start of a line', (text) => `a\n\n${text} b`],
    ['alone on a line', (text) => `a b\n\n${text}\n`],
    ['in a cell', (text) => `| x | y |\n|---|---|\n| a ${text} b | c |\n`],
    ['folded', (text) => `<details><summary>x</summary>\n\n- a ${text} b\n\n</details>`],
    ['in bold', (text) => `a **${text || 'x'}** b`],
  ];

  it.each(places)('%s is only text', (_, put) => {
    fc.assert(
      fc.property(name, fc.constantFrom(escapeInline, escapeCode), (text, escape) => {
        const page = rendered(put(escape(text)));
        expect(page.strange).toEqual([]);
        expect(spaced(page.text)).toContain(seen(text));
        expect(spaced(page.text).replace(/[\sab|xyc]/g, '')).toBe(seen(text).replace(/[\sab|xyc]/g, ''));
        for (const pattern of LOOKED_FOR) {
          const prose = page.prose.split('\n').find((line) => pattern.test(line.trim()));
          expect([pattern, prose]).toEqual([pattern, undefined]);
        }
      }),
      {
        numRuns: RUNS,
        examples: NAMES.flatMap((text) => [
          [text, escapeInline] as [string, typeof escapeInline],
          [text, escapeCode] as [string, typeof escapeCode],
        ]),
      },
    );
  });

  it("in a cell doesn't leave its cell", () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const page = rendered(`| x | y |\n|---|---|\n| ${escapeInline(a)} | ${escapeCode(b)} |\n`);
        expect(page.cells.map(spaced)).toEqual([seen(a), seen(b)]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a review with hostile names everywhere', () => {
  const validate = new Ajv({ strict: true }).compile(createReviewSchema());

  it('is printed as text without control characters, in lines within the width', () => {
    fc.assert(
      fc.property(review(4), fc.constantFrom(60, 100), (one, width) => {
        const text = printText(one, { width });
        expect(text.replaceAll('\n', '')).not.toMatch(UNSEEN);
        expect(text.split('\n').filter((line) => stringWidth(line) > width)).toEqual([]);
        expect(text).not.toMatch(/^\s*::(?=[a-f-]*[g-z])[a-z-]+(\s[^\n]*)?::/im);
        expect(text.split('\n')[0]).toMatch(/^(NOTHING TO OBJECT TO|NEW WARNINGS|OBJECTIONS|UNKNOWN):/);
      }),
      { numRuns: 100 },
    );
  });

  it('is printed as a comment in which every name is only text, each cell in its place', () => {
    fc.assert(
      fc.property(review(3), (one) => {
        const text = printMarkdown(one);
        const page = rendered(text);
        expect(page.strange).toEqual([]);
        for (const { code: codeName, what, instead } of one.objections)
          for (const part of [codeName, what, instead]) expect(spaced(page.unfolded)).toContain(seen(part));
        for (const { kind, destinationHost, hostBefore, hostAfter } of one.changes)
          for (const part of kind === 'moved' || kind === 'identity'
            ? [hostBefore ?? '', hostAfter ?? '']
            : [destinationHost || 'several hosts'])
            expect(page.cells.map(spaced)).toContain(seen(part));
        for (const pattern of LOOKED_FOR.filter(({ source }) => source !== '\\b[0-9a-f]{7,40}\\b'))
          expect([pattern, page.prose.split('\n').find((line) => pattern.test(line.trim()))]).toEqual([
            pattern,
            undefined,
          ]);
      }),
      { numRuns: 150 },
    );
  });

  it('stays within the size limit of a comment', () => {
    fc.assert(
      fc.property(review(60), (one) => {
        const text = printMarkdown(one);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
        expect(rendered(text).strange).toEqual([]);
        expect(spaced(rendered(text).unfolded)).toContain(seen(one.headline));
      }),
      { numRuns: 15 },
    );
  });

  it('is printed as a page in which every name is only text, each cell in its place', () => {
    fc.assert(
      fc.property(review(3), (one) => {
        const html = printHtml(one, sha256);
        const page = parsed(html);
        expect([page.errors, page.strange]).toEqual([[], []]);
        expect(html.replaceAll('\n', '')).not.toMatch(UNSEEN);
        const text = spaced(page.unfolded);
        for (const part of [
          one.headline,
          ...one.objections.flatMap(({ code: codeName, what, instead }) => [codeName, what, instead]),
        ])
          expect(text).toContain(onPage(part));
        for (const { kind, destinationHost, hostBefore, hostAfter } of one.changes)
          for (const part of kind === 'moved' || kind === 'identity'
            ? [hostBefore ?? '', hostAfter ?? '']
            : [destinationHost || 'several hosts'])
            expect(page.cells.map(spaced)).toContain(onPage(part));
      }),
      { numRuns: 100 },
    );
  });

  it('is printed as JSON with the same content and without invisible characters', () => {
    fc.assert(
      fc.property(review(4), (one) => {
        const text = printJson(one);
        expect(JSON.parse(text)).toEqual(one);
        expect(validate(JSON.parse(text))).toBe(true);
        expect(text).not.toMatch(/[\p{Cf}\p{Cs}\u007f-\u009f\u2028\u2029]/u);
      }),
      { numRuns: 100 },
    );
  });
});
