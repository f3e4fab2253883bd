import { lint, lintRules } from '../../lib/lint/lint';
import { HOST_SAMPLES } from './samples-hosts';
import { MAPPING_SAMPLES } from './samples-mappings';
import { PROFILE_SAMPLES, hosting } from './samples-profiles';
import { TEXT_SAMPLES } from './samples-texts';
import { wished } from './samples';

const SAMPLES = [...PROFILE_SAMPLES, ...MAPPING_SAMPLES, ...TEXT_SAMPLES, ...HOST_SAMPLES];

describe('every rule', () => {
  it('has a sample, and no sample is of another', () => {
    expect(SAMPLES.map(({ code }) => code).sort()).toEqual(lintRules.map(({ code }) => code).sort());
  });

  it('says its severity, its page and what to write instead', () => {
    for (const { code, title, explanation } of lintRules) {
      expect(code).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
      for (const text of [title, ...Object.values(explanation)]) expect(text.length).toBeGreaterThan(10);
    }
  });
});

describe.each(SAMPLES)('$code', ({ code, fires, where, what, twin }) => {
  it('is found', () => {
    const found = lint(fires()).filter((one) => one.code === code);
    expect(found).toEqual([expect.objectContaining({ where, page: `docs/lint/${code}.md` })]);
    expect(found[0]!.what).toContain(what);
    expect(found[0]!.instead.length).toBeGreaterThan(10);
  });

  it('is silent about the twin', () => expect(lint(twin()).filter((one) => one.code === code)).toEqual([]));
});

it('nothing is found in a plain server behind a plain gateway', () => expect(lint(wished(hosting()))).toEqual([]));
