// Tests which packets and targets the parser gives for each form of pf's translation rules.

import { parseAddress } from '../../../lib/net/address';
import { rulesOf, says } from './texts';

const C = '198.51.100.7';

describe('translations', () => {
  const I = parseAddress('10.0.1.50')!;
  it.each([
    ['rdr on em0 proto tcp to 203.0.113.2 port 25 -> 10.0.1.50', { to: { is: 'address', address: I } }],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port = 8025 -> 10.0.1.50 port smtp',
      { to: { is: 'address', address: I, port: { is: 'one', port: 25 } } },
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port 2000:2010 -> 10.0.1.50 port 3000:*',
      { to: { is: 'address', address: I, port: { is: 'shifted', from: 2000, to: { first: 3000, last: 3010 } } } },
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port 2000:2010 -> 10.0.1.50 port 3000:3001',
      { to: { port: { is: 'shifted', from: 2000, to: { first: 3000, last: 3001 } } } },
    ],
    ['rdr on em1 inet from any to 203.0.113.0/28 -> 10.0.9.0/28 bitmask', { to: { is: 'bitmask' } }],
    [
      'rdr on em0 proto tcp to any port 25 -> { 10.0.1.50, 10.0.1.51 } round-robin',
      { to: { is: 'unclear', pool: [{ first: I, last: I + 1n }] } },
    ],
    ['rdr on em0 inet proto tcp to any port 25 -> <mail> round-robin', { to: { is: 'unclear' } }],
    ['rdr pass on em0 proto tcp to any port 25 -> 127.0.0.1', { pass: true }],
    ['no rdr on em0 proto tcp to any port 25', { no: true }],
  ])('%s', (line, wanted) => {
    const [rule, ...more] = rulesOf(`${line}\n`).rdr;
    expect(more).toEqual([]);
    expect(rule).toMatchObject(wanted);
  });

  it('counts each range of ports from its own first', () => {
    const rules = rulesOf('rdr on em0 inet proto tcp to any port { 10:12 20:22 } -> 10.0.1.50 port 30:*\n').rdr;
    expect(rules.map(({ to }) => to?.port)).toEqual([
      { is: 'shifted', from: 10, to: { first: 30, last: 32 } },
      { is: 'shifted', from: 20, to: { first: 30, last: 32 } },
    ]);
  });

  it('are limited to the family of their target', () => {
    const [rule] = rulesOf('rdr on em0 proto tcp to port 25 -> 10.0.1.50\n').rdr;
    expect([says(rule!, `tcp ${C} > 203.0.113.2#25`), says(rule!, 'tcp 2001:db8::7 > 2001:db8:1::2#25')]).toEqual([
      'matches',
      'no',
    ]);
  });

  it.each([
    [
      'nat on em0 inet from 10.0.1.0/24 to any -> 203.0.113.2 port 1024:65535',
      { to: { is: 'address', ports: 'free' } },
    ],
    ['nat on em0 inet from 10.0.1.0/24 to any -> 203.0.113.2 static-port', { to: { is: 'address', ports: 'kept' } }],
    [
      'nat on em0 inet from 10.0.1.0/24 to any -> (em0:0)',
      { to: { is: 'address', address: parseAddress('203.0.113.2') } },
    ],
    ['nat on em0 inet from 10.0.1.0/24 to any -> (em0) round-robin', { to: { is: 'unclear' } }],
    ['nat on em0 inet from 10.0.9.0/28 to any -> 203.0.113.0/28 bitmask', { to: { is: 'bitmask' } }],
    [
      'nat on em0 inet from 10.0.9.0/28 to any -> 203.0.113.0/28 source-hash 0x0123456789abcdef0123456789abcdef',
      { to: { is: 'unclear' } },
    ],
    ['no nat on em1 from (em1) to 10.0.1.50', { no: true, to: undefined }],
  ])('%s', (line, wanted) => {
    const [rule, ...more] = rulesOf(`${line}\n`).nat;
    expect(more).toEqual([]);
    expect({ to: undefined, ...rule }).toMatchObject(wanted);
  });

  const whole = { first: 0n, last: (1n << 32n) - 1n };
  it.each([
    [
      'binat on em0 inet from 10.0.1.50 to any -> 203.0.113.10',
      { internal: { first: I, last: I }, peers: { must: [whole] }, protocols: 'any' },
    ],
    ['binat on { em0 em1 } inet from 10.0.1.50 to any -> 203.0.113.10', { on: { is: ['em0'] } }],
    ['binat on em0 inet from ! 10.0.1.50 to any -> 203.0.113.10', { internal: { first: I, last: I } }],
    [
      'binat on em0 inet proto tcp from 10.0.1.50 to 198.51.100.0/24 -> 203.0.113.10',
      { protocols: [{ first: 6, last: 6 }] },
    ],
    ['binat pass on em0 from 10.0.9.0/28 to any -> 203.0.113.0/28', { pass: true }],
    ['binat on em0 from 10.0.1.50 to <office> -> 203.0.113.10', { peers: { must: [], uncertain: [whole] } }],
    ['binat on em0 inet from any to any -> 203.0.113.10', { internal: whole }],
    ['no binat on em0 from 10.0.1.50 to any', { no: true, internal: { first: I, last: I } }],
  ])('%s', (line, wanted) => expect(rulesOf(`${line}\n`).binat).toMatchObject([wanted]));

  it('know which of two lines a newer kernel refuses, if the text isn’t pfctl’s output', () => {
    const lines = ['10', '11']
      .map((last) => `binat on em0 from 10.0.1.50 to any tag T${last} -> 203.0.113.${last}\n`)
      .join('');
    const asks = (text: string) => new Set(rulesOf(text).binat.map((rule) => rule.matchKey)).size;
    expect([asks(lines), asks(`set skip on lo0\n${lines}`)]).toEqual([2, 1]);
  });

  it('limit a tag of redirects to their targets', () => {
    const text =
      'rdr on em1 inet proto tcp to 203.0.113.2 port 25 tag REFLECT -> 127.0.0.1 port 19000\npass in inet tagged REFLECT\n';
    const [rule] = rulesOf(text).filter;
    expect([says(rule!, 'tcp 10.0.1.9 > 127.0.0.1#19000'), says(rule!, 'tcp 10.0.1.9 > 10.0.2.9#25')]).toEqual([
      'perhaps',
      'no',
    ]);
  });

  it('are unknown if a part is not understood', () => {
    const [rule] = rulesOf('rdr on em0 inet proto tcp from any to 203.0.113.2 port = 25 frotz 3 -> 10.0.1.50\n').rdr;
    expect([says(rule!, `tcp ${C} > 203.0.113.2#25`), says(rule!, `tcp ${C} > 203.0.113.2#26`)]).toEqual([
      'perhaps',
      'no',
    ]);
  });
});
