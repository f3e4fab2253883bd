// Tests rules of pf that name an interface in place of addresses which aren't told: a packet that comes in by it is for
// one of its own.

import { NO_FACTS, NO_INTERFACE_FACTS } from '../../lib/exposure/facts/device-facts';
import { parseInterfaceAddress } from '../../lib/net/address';
import { reportOf } from './report-on-file';

const headline = (rules: string, ...addresses: readonly string[]): string =>
  reportOf(
    `# pfctl -sn\n# pfctl -sr\n${rules}\n`,
    {},
    {
      ...NO_FACTS,
      interfaces: new Map([
        [
          'em0',
          {
            ...NO_INTERFACE_FACTS,
            role: 'outside' as const,
            addresses: addresses.map((text) => parseInterfaceAddress(text)!),
          },
        ],
      ]),
      forwarding: false,
    },
    'rules.pf',
  ).headline;
const SSH = 'port = ssh flags S/SA keep state';
const UNKNOWN =
  /^Open to the internet: nothing for sure\. UNKNOWN: tcp 22 \(line \d: the addresses of em[01] are not told\)/;

describe('an interface in place of a destination', () => {
  it.each([
    `pass in on em0 inet proto tcp from any to (em0) ${SSH}`,
    `pass in on em0 inet proto tcp from any to em0 ${SSH}`,
    `pass in on em0 inet proto tcp from any to (em0:0) ${SSH}`,
    `pass in on em0 inet proto tcp from any to (em0:network) ${SSH}`,
    `pass in inet proto tcp from any to (self) ${SSH}`,
  ])('block in all; %s is open at the address of em0', (rule) => {
    expect(headline(`block drop in all\n${rule}`)).toBe('Open to the internet: tcp 22.');
    expect(headline(`block drop in all\n${rule}`, '203.0.113.5/24')).toBe('Open to the internet: tcp 22.');
    expect(headline(`block drop in all\n${rule}`, '203.0.113.5/24', '2001:db8::5/64')).toBe(
      'Open to the internet: tcp 22.',
    );
  });

  it.each([
    // Another address of the server may be reached by em0, too.
    `block drop in all\npass in on em0 proto tcp from any to ! (em0) ${SSH}`,
    `block drop in all\npass in on em0 proto tcp from any to (em1) ${SSH}`,
    `block drop in all\npass in on em0 proto tcp from (em0) to any ${SSH}`,
    `block drop in all\npass in on em0 proto tcp from (em0:network) to any ${SSH}`,
  ])('%s leaves it unknown', (rules) => expect(headline(rules)).toMatch(UNKNOWN));

  it('is no address of the interface that a packet comes in by, if it is another one', () =>
    expect(headline(`block drop in all\npass in on em0 inet proto tcp from any to ! (em1) ${SSH}`)).toBe(
      'Open to the internet: tcp 22.',
    ));

  it('is one of the assumptions, with how to tell it', () => {
    const { assumptions } = reportOf(
      `# pfctl -sn\n# pfctl -sr\nblock in all\npass in proto tcp to (em0) ${SSH}\n`,
      {},
      NO_FACTS,
      'rules.pf',
    ).devices[0]!;
    expect(assumptions.join('\n')).toContain('--interface em0=ADDRESS/LENGTH tells them');
  });
});

it('a source that is translated to an interface without a told address is not the one before', () => {
  const { headline: answer } = reportOf(
    `# pfctl -sn\nnat on em0 inet from 10.0.0.0/24 to any -> (em0)\n# pfctl -sr\nblock drop all\npass in on em1 inet from 10.0.0.0/24 to any keep state\npass out on em0 inet from 10.0.0.0/24 to any keep state\n`,
    { start: ['em1'] },
    NO_FACTS,
    'rules.pf',
  );
  expect(answer).toContain('a rule may ask for its source, which is not known');
});
