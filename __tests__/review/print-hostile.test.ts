import Ajv from 'ajv/dist/2020';
import * as fc from 'fast-check';
import { printable } from '../../lib/problems/problem';
import { code, inline } from '../../lib/printing/escape';
import { printJson } from '../../lib/review/print/json';
import { printMarkdown } from '../../lib/review/print/markdown';
import { printText } from '../../lib/review/print/text';
import { Change, DeviceReview, LintRemark, Remark, Review, reviewSchema } from '../../lib/review/review';
import { rendered } from '../rendered';

// Thousands of pages are rendered; a busy machine takes its time.
jest.setTimeout(120_000);

/** For each place; more of them by hand: `REVIEW_RUNS=20000`. */
const RUNS = Number(process.env['REVIEW_RUNS'] ?? 400);

/** What somebody would call a thing to make a review say something else. */
const NAMES = [
  '<img src=x onerror=alert(1)>',
  '##[add-mask]x ##vso[task.setvariable variable=x]y ::add-mask::x ##teamcity[x]',
  '::error file=a,line=1::x%0A::set-output name=x::y',
  '</details></td></table><h1>Nothing to object to</h1>',
  '<!-- cpanel-edge review -->',
  '-->',
  '<!--',
  '<script>',
  '&lt;b&gt; &#64;everyone &commat;x',
  '@octocat and @org/team',
  'a@example.com mailto:a@example.com',
  '#123 GH-123 owner/repo#12 JIRA-7 !4 ~bug %7 $5 &6',
  'fixes #1',
  'a5c3785ed8d6a35868bc169f07e40e889087fd2e and 0123abc',
  'https://evil.example/x www.evil.example www.1.2 ftp://e.x //localhost evil.example 1.com',
  '[link](https://evil.example) ![image](https://evil.example/x.png) [ref]: x',
  '[x]: https://evil.example "t"',
  '[^1]',
  '| a | b |',
  '| |',
  'a\\|b',
  'a\\\\|b `c|d`',
  '\\',
  '`',
  '``` ` `` ````',
  '`a` | `b',
  '```\n```\n# heading',
  'line\nline\r\nline\u2028line\u2029line\u0085line\vline\fline',
  '\n\n# heading\n\n- item\n\n    code',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '---',
  'www.1.2',
  '(//localhost/x)',
  'GH-123',
  'JIRA-7',
  '===',
  '=',
  '==',
  '/close',
  '/lgtm',
  '**bold** __bold__ *it* _it_ ~~gone~~ ==mark==',
  ':tada: :+1:',
  '$$x^2$$ $`x`$',
  '${{ secrets.TOKEN }} ${var.x} %{ if true } {{ .Values }} <%= x %> $(id) `id`',
  'user\u202egnp.exe',
  '\u2066hidden\u2069 zero\u200bwidth \ufeff \u00ad \u061c \u{e0041}',
  '\u001b[2J\u001b[31mred\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '\ud800 alone \udc00',
  ' leading and trailing  and   many ',
  '\u00a0\u3000',
  '',
  ' ',
  'ü é 漢字 \u{1f310} e\u0301',
  'x'.repeat(700),
  '\u{1f310}'.repeat(400),
  'a `'.repeat(250),
];

const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 3 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom(...'`|\\<>&@#[]()!*_~:/.-w1a \n"\''), maxLength: 25 }) },
);

const names = (maxLength = 3) => fc.array(name, { maxLength });
const remark: fc.Arbitrary<Remark> = fc.record({ code: name, where: name, what: name, instead: name });
const evidence = fc.constantFrom<Change['evidence']>('own text', 'own text + captured surroundings', 'read from the device');

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom<Change['kind']>('opened', 'closed', 'moved', 'identity', 'unknown'),
  proof: fc.constantFrom<Change['proof']>('end to end', 'one device'),
  device: name,
  vantage: name,
  outside: fc.boolean(),
  destinations: names(),
  destinationCount: fc.nat(30),
  service: name,
  sources: name,
  reaches: name,
  from: name,
  to: name,
  mappings: names(),
  reason: name,
  witness: name,
  lines: fc.array(fc.record({ device: name, number: fc.integer(), text: name }), { maxLength: 3 }),
  evidence,
});

const device: fc.Arbitrary<DeviceReview> = fc.record({
  device: name,
  owner: name,
  role: fc.constantFrom<DeviceReview['role']>('gateway', 'server'),
  plan: name,
  action: name,
  before: name,
  evidence,
  sessions: name,
  delivery: name,
  textDiff: names(5),
});

const lint: fc.Arbitrary<LintRemark> = fc.record(
  {
    code: name,
    where: name,
    what: name,
    instead: name,
    severity: fc.constantFrom<LintRemark['severity']>('error', 'warning', 'note'),
    page: name,
    acknowledged: fc.record({ reason: name, expires: name }),
  },
  { requiredKeys: ['code', 'where', 'what', 'instead', 'severity', 'page'] },
);

const review = (most: number): fc.Arbitrary<Review> => {
  const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: most, size: 'max' });
  const counts = fc.record({
    opened: fc.nat(),
    closed: fc.nat(),
    moved: fc.nat(),
    identity: fc.nat(),
    unknown: fc.nat(),
    devices: fc.nat(),
  });
  return fc.record({
    format: fc.constant(1 as const),
    verdict: fc.constantFrom<Review['verdict']>('nothing to object to', 'warnings', 'objections', 'unknown'),
    headline: name,
    counts,
    objections: list(remark),
    unknown: list(remark),
    notes: list(remark),
    changes: list(change),
    devices: list(device),
    lint: list(lint),
    plans: list(fc.record({ name, terraformVersion: name, foreignChanged: names(), foreignUnchanged: fc.nat() })),
    universe: name,
    policy: fc.record({ name, changed: names() }),
  });
};

/** What a reader of a rendered page sees of a text. */
const seen = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();
const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** GitHub and GitLab make something of these outside code; entities and backslashes are already resolved where they look. */
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
      fc.property(name, fc.constantFrom(inline, code), (text, escape) => {
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
        examples: NAMES.flatMap((text) => [[text, inline] as [string, typeof inline], [text, code] as [string, typeof code]]),
      },
    );
  });

  it('in a cell stays in its cell', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const page = rendered(`| x | y |\n|---|---|\n| ${inline(a)} | ${code(b)} |\n`);
        expect(page.cells.map(spaced)).toEqual([seen(a), seen(b)]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a review with such names everywhere', () => {
  const validate = new Ajv({ strict: true }).compile(reviewSchema());

  it('prints text without control characters, in lines of the width', () => {
    fc.assert(
      fc.property(review(4), fc.constantFrom(60, 100), (one, width) => {
        const text = printText(one, { width });
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(text.split('\n').filter((line) => [...line].length > width)).toEqual([]);
        expect(text).not.toMatch(/^\s*::(?=[a-f-]*[g-z])[a-z-]+(\s[^\n]*)?::/im);
        expect(text.split('\n')[0]).toMatch(/^(NOTHING TO OBJECT TO|NEW WARNINGS|OBJECTIONS|UNKNOWN):/);
      }),
      { numRuns: 100 },
    );
  });

  it('prints a comment in which every name is only text, each cell in its place', () => {
    fc.assert(
      fc.property(review(3), (one) => {
        const text = printMarkdown(one);
        const page = rendered(text);
        expect(page.strange).toEqual([]);
        for (const { code: codeName, what, instead } of one.objections)
          for (const part of [codeName, what, instead]) expect(spaced(page.unfolded)).toContain(seen(part));
        for (const { kind, reaches, from, to } of one.changes)
          for (const part of kind === 'moved' || kind === 'identity' ? [from ?? '', to ?? ''] : [reaches || 'several hosts'])
            expect(page.cells.map(spaced)).toContain(seen(part));
        for (const pattern of LOOKED_FOR.filter(({ source }) => source !== '\\b[0-9a-f]{7,40}\\b'))
          expect([pattern, page.prose.split('\n').find((line) => pattern.test(line.trim()))]).toEqual([pattern, undefined]);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps within the limit of a comment, however much there is', () => {
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

  it('prints JSON that says the same, and shows no mark', () => {
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
