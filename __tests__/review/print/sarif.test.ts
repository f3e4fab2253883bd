// Tests the SARIF of a review: it fits the published schema, and has every objection, unknown and warning with level,
// place and fingerprint.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Location, Log, Result } from 'sarif';
import { fc } from '../../randomly';
import { lintRules } from '../../../lib/lint/rules';
import { Change, LintRemark, Review } from '../../../lib/review/review';
import { printSarif } from '../../../lib/review/print/review-sarif';
import { printText } from '../../../lib/review/print/review-text';
import { expectGolden } from '../../support';
import { review as hostile } from './hostile-reviews';
import { mysql, remark } from './review-parts';
import * as samples from './samples';
import { wrongIn } from './sarif-schema';

const { quiet, example, mistake, afterFailure, huge } = samples;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const printed = (review: Review): string => printSarif(review, { version: '0.1.0', digest });
const runOf = (review: Review) => (JSON.parse(printed(review)) as Log).runs[0]!;
const resultsOf = (review: Review): readonly Result[] => runOf(review).results!;
const short = (review: Review): readonly string[] => resultsOf(review).map(({ ruleId, level }) => `${level} ${ruleId}`);
const prints = (review: Review): readonly string[] =>
  resultsOf(review).map((one) => one.partialFingerprints!['primaryLocationLineHash']!);

const lineAt = ({ physicalLocation: at }: Location): string => `${at?.artifactLocation?.uri}:${at?.region?.startLine}`;

const finding = (code: string, more: Partial<LintRemark> = {}): LintRemark => ({
  ...remark(code, 'server web1, owner hosting, profile cpanel', `What ${code} says.`, 'Something else.'),
  severity: 'warning',
  page: `docs/reference/lint/${code}.md`,
  ...more,
});

describe.each(Object.entries(samples))('%s', (name, review) => {
  if (review.changes.length < 100)
    it('prints the SARIF of the golden', () =>
      expectGolden(printed(review), join(__dirname, 'goldens', `${name}.sarif`)));

  it('is valid by the published schema', () => expect(wrongIn(printed(review))).toEqual([]));
});

it('the schema refuses invalid SARIF', () => {
  const log = JSON.parse(printed(mistake)) as { runs: { results: object[] }[] };
  log.runs[0]!.results[0] = { ...log.runs[0]!.results[0], level: 'objection' };
  expect(wrongIn(JSON.stringify(log))).not.toEqual([]);
});

it('reports everything that decides the verdict as an error, before the rest', () => {
  expect(short(example)).toEqual(['error rules/forbidden', 'error ports/mysql-public']);
  expect(short(afterFailure)).toEqual([
    'error review/wider-in-between',
    'error review/server-missing',
    'error plan/interrupted',
    'error review/undecided',
  ]);
  expect(short(mistake)).toEqual([
    'error review/forbidden-service',
    'error cpanel/database-open',
    'error review/wider-in-between',
    'warning cpanel/plaintext-twin',
    'note review/rules-change',
    'note review/rules-change',
    'note review/first-release',
  ]);
  expect(short(quiet)).toEqual(['note review/program-only']);
});

it('has an error for undecided changes even if none is listed', () => {
  const unknown: Review = { ...quiet, notes: [], verdict: 'unknown', counts: { ...quiet.counts, unknown: 7 } };
  expect(short(unknown)).toEqual(['error review/undecided']);
  expect(resultsOf(unknown)[0]!.message.text).toContain("7 more changes can't be decided.");
  expect(runOf(unknown).properties).toEqual({ verdict: 'unknown', headline: quiet.headline });
});

it("has the text form's words and place in a message", () => {
  expect(resultsOf(example)[1]!.message.text).toBe(
    'Any source in the internet reaches MySQL (tcp 3306) at 203.0.113.10.\nat server web1, owner hosting, profile cpanel\n' +
      "instead: { service: 'mysql', from: [...] } with the remote clients, or nothing: sites on the server itself need no opening.",
  );
  expect(resultsOf(afterFailure)[3]!.message.text).toBe(
    "It can't be decided whether this passes: 203.0.113.13 from the internet by wan0: tcp 21,30000-50000 from anywhere, reaches 10.0.0.13 " +
      '(one device, generated config + captured config): line 7 of the captured config is not understood; mapping ftp.\nat edge1/hosting',
  );
});

it('has a line for each result, as code scanning requires, and the owner on its device if the place names one', () => {
  const located = resultsOf(example).map(({ locations }) => locations![0]!);
  for (const { physicalLocation } of located)
    expect(physicalLocation).toEqual({ artifactLocation: { uri: 'cdktf.json' }, region: { startLine: 1 } });
  expect(located.map(({ logicalLocations }) => logicalLocations)).toEqual([
    [{ name: 'gateway edge, owner hosting, mapping web', fullyQualifiedName: 'edge/hosting', kind: 'gateway' }],
    [{ name: 'server web1, owner hosting, profile cpanel', fullyQualifiedName: 'web1/hosting', kind: 'server' }],
  ]);
  expect(resultsOf(quiet)[0]!.locations![0]!.logicalLocations).toEqual([
    { name: 'edge1/hosting', fullyQualifiedName: 'edge1/hosting', kind: 'gateway' },
  ]);
  expect(resultsOf(afterFailure)[1]!.locations![0]!.logicalLocations).toEqual([
    { name: '10.0.0.13, behind 203.0.113.13' },
  ]);
});

it('has a second source line as a related location, which the text form prints after the first', () => {
  const lines = { sourceLine: 'profiles.ts:3', relatedSourceLine: 'main.ts:41' };
  const review: Review = {
    ...quiet,
    notes: [],
    findings: [finding('ports/unused-open', lines), finding('ports/everything-open')],
  };
  const places = resultsOf(review).map(({ locations, relatedLocations }) =>
    [locations, relatedLocations].map((all) => all?.map(lineAt)),
  );
  expect(places).toEqual([
    [['profiles.ts:3'], ['main.ts:41']],
    [['cdktf.json:1'], undefined],
  ]);
  expect(printText(review)).toContain('written    profiles.ts:3, with main.ts:41');
});

it('locates a result at the source line that wrote it, if known', () => {
  const [only] = resultsOf({
    ...quiet,
    notes: [],
    findings: [finding('ports/unused-open', { sourceLine: 'stacks/my edge#1.ts:41' })],
  });
  expect(only!.locations![0]!.physicalLocation).toEqual({
    artifactLocation: { uri: 'stacks/my%20edge%231.ts' },
    region: { startLine: 41 },
  });
});

it('marks existing findings as unchanged, those of the change as new, and others not at all', () => {
  const review: Review = {
    ...quiet,
    objections: [
      { ...remark('rules/forbidden', 'a', 'b', 'c'), existedBefore: true },
      remark('review/owned-twice', 'a', 'b', 'c'),
    ],
    findings: [
      finding('ports/plaintext-open', { existedBefore: true }),
      finding('ports/unused-open', { existedBefore: false }),
    ],
  };
  expect(resultsOf(review).map(({ baselineState }) => baselineState)).toEqual([
    'unchanged',
    undefined,
    'unchanged',
    'new',
    undefined,
  ]);
});

it('suppresses acknowledged findings, with their reason', () => {
  expect(resultsOf(mistake).map(({ suppressions }) => suppressions)).toEqual([
    undefined,
    undefined,
    undefined,
    [
      {
        kind: 'external',
        status: 'accepted',
        justification: 'until 2027-01-31: two customers still fetch without TLS; ticket 4711',
      },
    ],
    undefined,
    undefined,
    undefined,
  ]);
});

describe('rules', () => {
  it('are listed once each, only those in use, and each result refers to its own', () => {
    const { tool, results } = runOf(huge);
    expect(tool.driver.rules!.map(({ id }) => id)).toEqual([
      'review/not-allowed',
      'review/admin-source',
      'review/more-results',
    ]);
    for (const { ruleId, ruleIndex } of results!) expect(tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
    expect(tool.driver).toMatchObject({ name: 'cpanel-edge', version: '0.1.0' });
  });

  it('have the title and the page of a lint rule, within the limits of code scanning', () => {
    const all = runOf({ ...quiet, notes: [], findings: lintRules.map(({ code }) => finding(code)) }).tool.driver.rules!;
    expect(all).toHaveLength(lintRules.length);
    for (const { id, shortDescription, fullDescription, help, defaultConfiguration } of all) {
      const rule = lintRules.find(({ code }) => code === id)!;
      expect([id, shortDescription!.text, defaultConfiguration!.level]).toEqual([id, rule.title, rule.severity]);
      expect(help!.markdown).toContain(`# ${id}\n`);
      expect(help!.markdown).toContain('## What to do');
      expect([id, fullDescription!.text.length <= 1024]).toEqual([id, true]);
    }
  });

  it('have a description in words if they have no page', () => {
    const [rule] = runOf(afterFailure).tool.driver.rules!;
    expect(rule).toMatchObject({
      shortDescription: { text: 'review: wider in between' },
      defaultConfiguration: { level: 'error' },
    });
  });
});

describe('fingerprints', () => {
  const open = {
    ...remark('rules/forbidden', 'gateway edge, owner a', 'It is open.', 'Close it.'),
    subject: 'tcp 3306 from anywhere',
    existedBefore: false,
  };
  const of = (...objections: Review['objections']): readonly string[] => prints({ ...quiet, notes: [], objections });

  it('stay the same if words and counts change, and if other findings come and go', () => {
    const [mine] = of(open);
    expect(of({ ...open, what: 'It stood open.', instead: '', existedBefore: true })).toEqual([mine]);
    expect(of({ ...open, subject: 'tcp 22 from anywhere', what: 'SSH is.' }, open)[1]).toBe(mine);
    const places = (where: string) => of({ ...open, where })[0];
    expect(places('mappings a, b, c and 12 more')).toBe(places('mappings a, b, c and 1,200 more'));
    expect(of({ ...open, subject: 'a, b and 80 more tcp 3306' })).toEqual(
      of({ ...open, subject: 'a, b and 9 more tcp 3306' }),
    );
  });

  it('stay the same if a warning becomes an objection', () => {
    const warning = finding('ports/plaintext-open');
    const { code, where, what, instead } = warning;
    const objected: Review = {
      ...quiet,
      notes: [],
      objections: [{ code, where, what, instead }],
      findings: [{ ...warning, severity: 'error' }],
    };
    expect(prints(objected)).toEqual(prints({ ...quiet, notes: [], findings: [warning] }));
  });

  it('differ if the code, the place or the subject differs', () => {
    const others = [
      open,
      { ...open, code: 'rules/not-allowed' },
      { ...open, where: 'gateway edge, owner b' },
      { ...open, subject: 'tcp 22', what: 'SSH is.' },
    ];
    expect(new Set(of(...others)).size).toBe(4);
    // These differ only in their words.
    expect(new Set(of(open, { ...open, what: 'Another one.' })).size).toBe(2);
  });

  it('of undecided changes depend on what is undecided', () => {
    const change: Change = {
      ...mysql,
      kind: 'unknown',
      reason: 'line 7 is not understood',
      destinations: ['203.0.113.10'],
      destinationCount: 5,
    };
    const only = (one: Change) => prints({ ...quiet, notes: [], changes: [one] })[0];
    expect(only({ ...change, destinationCount: 6, reason: 'line 8 is not understood' })).toBe(only(change));
    expect(only({ ...change, service: 'tcp 22' })).not.toBe(only(change));
  });
});

it('has at most as many results as code scanning shows of a file, the worst first, and counts the rest', () => {
  const results = resultsOf(huge);
  expect(results).toHaveLength(5_000);
  const many: Review = { ...huge, unknown: huge.objections.map((one) => ({ ...one, code: 'u/x' })) };
  const shown = resultsOf(many);
  expect(shown).toHaveLength(5_000);
  expect(shown.at(-1)).toMatchObject({ ruleId: 'review/more-results', level: 'error' });
  expect(shown.at(-1)!.message.text).toContain('5,004 more are not listed here.');
});

it('messages have no links and no placeholders, whatever names are in them', () => {
  const [only] = resultsOf({
    ...quiet,
    notes: [remark('a/b', 'w [x](https://evil.example) {0} \\[v](https://evil.example)', 'W {12} [y] (z) { a }', '')],
  });
  expect(only!.message.text).toBe(
    'W {{12}} [y] (z) { a }\nat w \\[x](https://evil.example) {{0}} \\\\\\[v](https://evil.example)',
  );
});

it('has one rule for codes that are shown alike', () => {
  const [one, other] = ['1', '2'].map((end) => remark(`x/${'y'.repeat(2_000)}${end}`, 'w', 'W.', ''));
  expect(wrongIn(printed({ ...quiet, notes: [one!, other!] }))).toEqual([]);
});

it('has no control or invisible characters of hostile names, and stays valid', () => {
  fc.assert(
    fc.property(hostile(4), (one) => {
      const text = printed(one);
      expect(wrongIn(text)).toEqual([]);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      const spoken = resultsOf(one).flatMap(({ message, ruleId, locations }) => [
        message.text!,
        ruleId!,
        JSON.stringify(locations),
      ]);
      for (const words of spoken) expect(words.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      const errors = resultsOf(one).filter(({ level }) => level === 'error');
      if (one.objections.length + one.unknown.length + one.counts.unknown > 0) expect(errors).not.toEqual([]);
    }),
    { numRuns: 100 },
  );
});
