// Tests that every problem code in the source has exactly one explanation, that no explanation is without a code, and
// that `explain` finds it.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectExplanations, explanationPages } from '../../cli/explanations/error-explanations';
import { REFUSAL_MESSAGES } from '../../driver/refusal-messages';
import { NamedPartKind } from '../../lib/intent/problems/field-problems';
import { findNearestCodes } from '../../lib/problems/find-nearest-word';
import { ConfigFault } from '../../lib/verifier/config-faults';
import { DeviationKind } from '../../lib/verifier/deviations';
import { platforms, parsablePlatforms } from '../../lib/registry';
import { Change } from '../../lib/review/review';
import { ERROR_PAGES, printErrorPage } from '../../scripts/api/error-pages';
import { ROOT } from '../walls/sources';
import { Coded, codesWritten } from './codes';

const headings = explanationPages.flatMap(({ explanations }) => Object.keys(explanations));
const gateways = Object.values(platforms).flatMap(({ capabilities }) =>
  'gateway' in capabilities ? [capabilities.gateway] : [],
);

/** Names of a type; the compiler reports a missing one. */
const keysOf = <Name extends string>(all: Readonly<Record<Name, 1>>): readonly string[] => Object.keys(all);

/** Codes that are composed where they are printed, with their parts. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  '${id}/${problem.code}': [
    ...gateways.flatMap(({ reflection, virtualIps }) => [...Object.keys(reflection), ...Object.keys(virtualIps)]),
  ].map((word) => `PLATFORM/${word}`),
  '${parser}/${code}': [],
  '${supportedRole}-only': ['PLATFORM/server-only', 'PLATFORM/gateway-only'],
  '${platform}/too-much-to-evaluate': ['PLATFORM/too-much-to-evaluate'],
  "device/${/^[a-z-]{1,40}$/.test(word) ? word : 'refused'}": ['refused', ...Object.keys(REFUSAL_MESSAGES)].map(
    (word) => `device/${word}`,
  ),
  "intent/unknown-${thing.toLowerCase().replace(' ', '-')}": keysOf<NamedPartKind>({
    interface: 1,
    'virtual IP': 1,
    mapping: 1,
    server: 1,
  }).map((thing) => `intent/unknown-${thing.toLowerCase().replace(' ', '-')}`),
  'pfsense/${side}-in-use': ['pfsense/outside-in-use', 'pfsense/inside-in-use'],
  'proving/${kind}': keysOf<DeviationKind | ConfigFault['kind']>({
    opens: 1,
    missing: 1,
    undecided: 1,
    changed: 1,
    diverted: 1,
    closes: 1,
    adds: 1,
    touches: 1,
    yields: 1,
    announces: 1,
    'lets-in': 1,
  }).map((kind) => `proving/${kind}`),
  'proving/composition-${kind}': ['proving/composition-opens', 'proving/composition-missing'],
  'review/${code}': [],
  'review/fail-on-${kind}': keysOf<Change['kind']>({ opened: 1, moved: 1, closed: 1, identity: 1, unknown: 1 }).map(
    (kind) => `review/fail-on-${kind}`,
  ),
};

/** Values of a field `code` that is no problem's: zod's, and the description of a field. */
const OTHER = new Set(['custom', 'the code of a lint rule, as text']);
/** Problems that `lib/cpnat` finds in a file are lint findings, whose rules have pages of their own. */
const ofLint = ({ file }: Coded): boolean => file === 'lib/cpnat/evaluate-cpnat.ts';

const written = codesWritten().filter((one) => !OTHER.has(one.code) && !ofLint(one));
const whole = (code: string): readonly string[] => MADE[code] ?? [code.includes('/') ? code : `PLATFORM/${code}`];
const printable = new Set(written.flatMap(({ code }) => whole(code)));

describe('the codes', () => {
  it('are found in the source, composed ones too', () => {
    for (const code of [
      'intent/host-bits-set',
      'device/foreign-lease',
      'driver/no-lease',
      'PLATFORM/subnets',
      'PLATFORM/cut-off',
      'review/cpnat',
    ])
      expect([...printable]).toContain(code);
  });

  it('that are composed are listed here', () => {
    const made = new Set(written.map(({ code }) => code).filter((code) => code.includes('${')));
    expect([...made].sort()).toEqual(Object.keys(MADE).sort());
  });
});

describe('the explanations', () => {
  it('exist for every code', () => {
    const all = collectExplanations(explanationPages, Object.keys(parsablePlatforms));
    expect([...printable].filter((code) => !all.has(code) && !headings.includes(code))).toEqual([]);
  });

  it('exist for no other code, and only once for each', () => {
    expect(headings.filter((code) => !printable.has(code))).toEqual([]);
    expect(headings.filter((code, at) => headings.indexOf(code) !== at)).toEqual([]);
  });

  it('have 8 to 100 words each, and are sorted by code', () => {
    const counts = [...collectExplanations(explanationPages, ['PLATFORM'])].map(([code, text]) => ({
      code,
      words: text.split(/\s+/).length,
    }));
    expect(counts.filter(({ words }) => words < 8 || words > 100)).toEqual([]);
    for (const { explanations } of explanationPages) {
      const codes = Object.keys(explanations);
      const rooms = [...new Set(codes.map((code) => code.split('/')[0]!))];
      expect(codes).toEqual(rooms.flatMap((room) => codes.filter((code) => code.startsWith(`${room}/`)).sort()));
    }
  });
});

describe('docs/reference/errors', () => {
  it.each(explanationPages.map((page) => [page.name, page] as const))(
    '%s.md is generated from the explanations (UPDATE_GOLDENS=1 writes it)',
    (name, page) => {
      const path = join(ROOT, ERROR_PAGES, `${name}.md`);
      const made = printErrorPage(page);
      if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(path, made);
      expect(existsSync(path) ? readFileSync(path, 'utf8') : undefined).toBe(made);
    },
  );

  it('has these pages only, and docs/reference/errors.md lists each', () => {
    const index = readFileSync(join(ROOT, 'docs/reference/errors.md'), 'utf8');
    const names = explanationPages.map(({ name }) => `${name}.md`);
    expect(readdirSync(join(ROOT, ERROR_PAGES)).sort()).toEqual([...names].sort());
    expect(names.filter((name) => !index.includes(`(errors/${name})`))).toEqual([]);
  });
});

describe('an explanation', () => {
  const explanations = collectExplanations(
    [
      { explanations: { 'PLATFORM/subnets': 'Of any.', 'intent/bad-port': 'A sentence.' } },
      { explanations: { 'pf/subnets': 'Its own.' } },
    ],
    ['pf', 'nft'],
  );

  it('is the section of its code; for a platform, its own before the common one', () => {
    expect([...explanations].sort()).toEqual([
      ['intent/bad-port', 'A sentence.'],
      ['nft/subnets', 'Of any.'],
      ['pf/subnets', 'Its own.'],
    ]);
  });

  it('is found by a part of its code, and by a misspelt one', () => {
    expect(findNearestCodes('bad-prt', [...explanations.keys()])).toEqual(['intent/bad-port']);
    expect(findNearestCodes('subnets', [...explanations.keys()])).toEqual(['nft/subnets', 'pf/subnets']);
    for (const other of ['something-else', 'nope/x', 'nothing/here', 'x'])
      expect(findNearestCodes(other, [...explanations.keys(), 'proving/opens', 'import/nothing-sent'])).toEqual([]);
  });
});
