// Tests every lint rule on a pair of samples: one with the finding, one without.

import { lint, lintRules } from '../../lib/lint/lint';
import { FACT_SAMPLES, KNOWN_BETTER, known } from './samples/facts';
import { HOST_SAMPLES } from './samples/hosts';
import { MAPPING_SAMPLES } from './samples/mappings';
import { PROFILE_SAMPLES, hosting } from './samples/profiles';
import { TEXT_SAMPLES } from './samples/texts';
import { wished } from './samples/lint-subjects';

const SAMPLES = [...PROFILE_SAMPLES, ...MAPPING_SAMPLES, ...TEXT_SAMPLES, ...HOST_SAMPLES, ...FACT_SAMPLES];

describe('every rule', () => {
  it('has a sample of its own', () => {
    expect(SAMPLES.map(({ code }) => code).sort()).toEqual(lintRules.map(({ code }) => code).sort());
  });

  it('has a severity, a page and advice', () => {
    for (const { code, title, explanation } of lintRules) {
      expect(code).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
      for (const text of [title, ...Object.values(explanation)]) expect(text.length).toBeGreaterThan(10);
    }
  });
});

describe.each(SAMPLES)('$code', ({ code, fires, where, what, twin }) => {
  it('is found', () => {
    const found = lint(fires()).filter((one) => one.code === code);
    expect(found).toEqual([expect.objectContaining({ where, page: `docs/reference/lint/${code}.md` })]);
    expect(found[0]!.what).toContain(what);
    expect(found[0]!.instead.length).toBeGreaterThan(10);
  });

  it("isn't found in the twin", () => expect(lint(twin()).filter((one) => one.code === code)).toEqual([]));
});

it('finds nothing in a plain server behind a plain gateway', () => expect(lint(wished(hosting()))).toEqual([]));

it.each(KNOWN_BETTER)('%s with %j says %s', (code, facts, said, profile) => {
  const found = lint(known(facts, profile)).filter((one) => one.code === code);
  expect(found.map(({ what }) => what)).toEqual(said === undefined ? [] : [expect.stringContaining(said)]);
});

it('finds nothing on a server whose facts say that all is well', () => {
  const facts = {
    listens: { 'tcp 22': 'sshd', 'tcp 443': 'httpd', 'tcp 2083': 'cpsrvd' },
    cpnat: ['10.0.0.10 203.0.113.10'],
    hasAccounts: true,
  };
  expect(
    lint(known({ ...facts, system: 'almalinux 9.4', firewalls: ['nftables.service'], plans: [], rolesOff: [] })),
  ).toEqual([]);
});

it.each([
  ['cpnat/empty', { cpnat: 'empty' }, {}],
  ['cpnat/empty', { cpnat: 'empty' }, { natMode: 'off' }],
  ['cpnat/bad-line', { cpnat: [' 10.0.0.11'] }, { natMode: 'off' }],
  ['cpnat/flag-without-nat', { cpnat: ['10.0.0.10 10.0.0.10'] }, { natMode: 'off' }],
] as const)("%s isn't reported for a file that the release rewrites or removes", (code, facts, cpnat) => {
  expect(lint(known(facts)).map((one) => one.code)).toContain(code);
  expect(lint(known(facts, {}, { cpnat })).map((one) => one.code)).not.toContain(code);
});
