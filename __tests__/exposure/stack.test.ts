// Tests the exposure of a stack: what reaches a server through its gateways, what reaches it past them, and from inside
// networks.

import { ExposureOptions } from '../../lib/exposure/answer/question';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { edge, profile, server } from '../review/samples';
import { stack } from './report-on-policies';

/** A server with an inside network, behind a gateway by IPv4 and past it by IPv6. */
const both = edge(
  { vip: '203.0.113.10' },
  [
    server('web1', '10.0.0.10', profile(['https']), {
      addresses: ['10.0.0.10/24', '2001:db8:1::10/64'],
      trustedNetworks: ['10.0.0.0/24'],
    }),
  ],
  [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
);

/** Returns the headings of a report, and the lines below each. */
const headings = (text: string): readonly string[] =>
  text.split('\n').filter((line) => /^(Let through|Reachable)/.test(line));
const headingOf = (text: string, line: RegExp): string | undefined => headings(text.slice(0, text.search(line))).at(-1);

describe('a server of a stack', () => {
  it('is shown behind its gateways, and what reaches it past them apart', () => {
    const text = printExposureText(stack(both));
    expect(headings(text)).toEqual([
      'Reachable from the internet by wan0, end to end through edge',
      'Let through from the internet by eth0, past the gateways: server web1, owner hosting',
    ]);
    expect(text).toMatch(
      /^More by --all: \d+ lines of what one device lets through by itself; \d+ lines of what starts elsewhere\.$/m,
    );
    expect(headingOf(printExposureText(stack(both), { all: true }), / tcp 443 .* to 10\.0\.0\.10 /)).toBe(
      'Let through from the internet by eth0, by itself: server web1, owner hosting',
    );
  });

  it('allows its trusted networks from inside, by whatever interface', () => {
    const alone = both.filter(({ kind }) => kind === 'server');
    const report = stack(alone);
    const text = printExposureText(report, { all: true });
    expect(headingOf(text, / all protocols .* from 10\.0\.0\.0\/24/)).toBe(
      'Let through from inside by eth0: server web1, owner hosting',
    );
    expect(headingOf(text, / tcp 443 .* from anywhere/)).toBe(
      'Let through from the internet by eth0: server web1, owner hosting',
    );
    expect(report.headline).toMatch(
      /^Open to the internet: tcp 443; icmpv6 [a-z,-]+\. For some sources only: tcp 22\.$/,
    );
  });
});

it('an address without a mapping gets an explicit answer', () => {
  const to = (address: string, asking: ExposureOptions = {}): string =>
    stack(both, { to: [address], ...asking }).headline;
  expect(to('203.0.113.77')).toBe('to 203.0.113.77: NO, nothing of this stack leads there from the internet');
  expect(to('203.0.113.77', { start: ['outside'] })).toBe(
    'to 203.0.113.77: NO, nothing of this stack leads there from the internet',
  );
  expect(to('203.0.113.10', { start: ['outside'] })).toMatch(/^to 203\.0\.113\.10: YES, /);
});
