// Tests answers of `exposure` to a question about a stack: end to end through gateway and server, with the device that
// refuses.

import { ExposureOptions, parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { printExposureJson } from '../../lib/exposure/print/exposure-json';
import { printExposureMarkdown } from '../../lib/exposure/print/exposure-markdown';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { Policy } from '../../lib/policy/policy';
import { edge, profile, recorded, server, web } from '../review/samples';

describe('a stack', () => {
  const stack = (policies: readonly Policy[], asking: ExposureOptions = {}): string => {
    const releases = policies.map((policy) => ({ ...policy, ...recorded(policy) }));
    const source = {
      is: 'releases',
      name: 'edge',
      formatLabel: 'a synthesized stack',
      releases,
      unknowns: [],
      omittedLines: [],
    } as const;
    return createExposureReport([source], NO_FACTS, parseQuestion(asking)).headline;
  };

  test('is answered end to end, with the device that decides', () => {
    expect(stack(web(['https']), { service: ['mysql'], start: ['outside'] })).toMatch(
      /^mysql: NO, not from the internet \(.*lines? [\d, ]+\)$/,
    );
    expect(stack(web(['https']), { service: ['https'], to: ['203.0.113.10'], start: ['outside'] })).toMatch(
      /^https to 203\.0\.113\.10: YES, from any address in the internet, translated to 10\.0\.0\.10 \(edge: line \d+; web1: line \d+\)$/,
    );
  });

  test('is printed in every format', () => {
    const releases = web(['https']).map((policy) => ({ ...policy, ...recorded(policy) }));
    const source = {
      is: 'releases',
      name: 'edge',
      formatLabel: 'a synthesized stack',
      releases,
      unknowns: [],
      omittedLines: [],
    } as const;
    const report = createExposureReport([source], NO_FACTS, parseQuestion({}));
    const text = printExposureText(report);
    expect(text).toMatch(/^Reachable from the internet by wan0, end to end/m);
    for (const print of [printExposureMarkdown, printExposureJson]) expect(print(report)).toContain('tcp 443');
  });

  test('names the server if the server denies', () => {
    const [wide, narrow] = [web(['https'], { extra: [{ service: 'mysql', from: 'anywhere' }] }), web(['https'])];
    const parts = [wide.find(({ kind }) => kind === 'gateway')!, narrow.find(({ kind }) => kind === 'server')!];
    expect(stack(parts, { service: ['mysql'], start: ['outside'] })).toMatch(
      /^mysql: NO, not from the internet \(web1: policy drop, line \d+\)$/,
    );
  });

  test('includes what reaches a server past the gateway', () => {
    const both = edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile(['https']), { addresses: ['10.0.0.10/24', '2001:db8:1::10/64'] })],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
    expect(stack(both, { service: ['https'], to: ['2001:db8:1::10'], start: ['outside'] })).toMatch(
      /^https to 2001:db8:1::10: YES, from any address in the internet \(web1: line \d+\)$/,
    );
    expect(stack(both)).toMatch(/^Open to the internet: tcp 443; icmpv6 [a-z,-]+\. For some sources only: tcp 22\.$/);
  });

  test('says "on one address or another" for a port that is open at one address only', () => {
    const two = (more: readonly string[]) =>
      edge(
        { vip1: '203.0.113.10', vip2: '203.0.113.11' },
        [server('web1', '10.0.0.10', profile(['https'])), server('web2', '10.0.0.11', profile(['https', ...more]))],
        [
          { name: 'web1', virtualIp: 'vip1', internal: { server: 'web1' } },
          { name: 'web2', virtualIp: 'vip2', internal: { server: 'web2' } },
        ],
      );
    expect(stack(two([]))).toBe('Open to the internet: tcp 443. For some sources only: tcp 22.');
    expect(stack(two(['smtp']))).toBe(
      'Open to the internet, on one address or another: tcp 25,443. For some sources only: tcp 22.',
    );
  });
});
