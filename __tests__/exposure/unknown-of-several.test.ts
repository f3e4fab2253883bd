// Tests that reports on several devices or stacks name, beside each reason of an unknown packet, the device whose line
// it is.

import { Policy } from '../../lib/policy/policy';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { STACK_FORM, ExposureSource, createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { edge, profile, recorded, server } from '../review/samples';

const policies = edge(
  { a: '203.0.113.10', b: '203.0.113.11' },
  [server('web1', '10.0.0.10', profile(['https'])), server('web2', '10.0.0.11', profile(['https']))],
  [
    { name: 'one', virtualIp: 'a', internal: { server: 'web1' } },
    { name: 'two', virtualIp: 'b', internal: { server: 'web2' } },
  ],
);

/** A stack in whose server texts a limit was added. */
const limited = (of: readonly Policy[], name = 'stack'): ExposureSource => ({
  is: 'releases',
  name,
  formatLabel: STACK_FORM,
  unknowns: [],
  omittedLines: [],
  releases: of.map((policy) => {
    const release = recorded(policy);
    return {
      ...policy,
      ...release,
      text:
        policy.kind === 'server'
          ? release.text.replace(/(tcp dport [^\n]*?) accept/, '$1 limit rate 9/second accept')
          : release.text,
    };
  }),
});
const SAID = 'Open to the internet: tcp 443. For some sources only: tcp 22. Some clients may be kept out of tcp 22 (';
const LIMIT = 'a limit may be reached';

const headline = (...sources: readonly ExposureSource[]): string =>
  createExposureReport(sources, NO_FACTS, parseQuestion({})).headline;

describe('the reason why clients may be kept out, in a report on several devices', () => {
  it('has the device of its line', () => {
    expect(headline(limited(policies))).toBe(`${SAID}web1: line 16: ${LIMIT}; web2: line 16: ${LIMIT}).`);
  });
  it('has no device name if there is only one', () => {
    expect(headline(limited(policies.filter(({ device }) => device === 'web1')))).toBe(`${SAID}line 16: ${LIMIT}).`);
  });
  it('has the names of the stacks if there are many', () => {
    const one = policies.filter(({ device }) => device === 'web1');
    expect(headline(...['a', 'b', 'c', 'd', 'e'].map((name) => limited(one, name)))).toBe(
      `${SAID}a: line 16: ${LIMIT}; b: line 16: ${LIMIT}; …).`,
    );
  });
});
