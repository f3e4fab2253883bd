// Tests the evaluation of cPanel's NAT file (/var/cpanel/cpnat) on files by hand and on random ones: which public
// address cPanel takes for each local one, and which lines are mistakes.

import { fc, seeded, times } from '../randomly';
import { CpnatLine, evaluateCpnat } from '../../lib/cpnat/evaluate-cpnat';
import { at } from '../devices';
import { printAddress } from '../../lib/net/address';

/** Lines as they stand in the file; white space as cPanel divides it. */
const lines = (...texts: readonly string[]): readonly CpnatLine[] =>
  texts.map((text, i) => {
    const [local = '', outside = ''] = text.split(/\s+/);
    return { line: i + 1, local, public: outside };
  });

const taken = (local: string, ...texts: readonly string[]): string => {
  const findings = evaluateCpnat(lines(...texts)).of(at(local));
  switch (findings.is) {
    case 'public':
      return `${printAddress(findings.address)} by ${findings.line}`;
    case 'shadowed':
      return `not ${printAddress(findings.address)} by ${findings.line}, as ${findings.by.line} is first`;
    case 'nothing':
      return `nothing by ${findings.line}`;
    default:
      return findings.is;
  }
};

const mistakes = (...texts: readonly string[]): readonly string[] =>
  evaluateCpnat(lines(...texts)).mistakes.map(({ code, line }) => `${code} ${line}`);

describe('what cPanel takes for the public address', () => {
  test.each([
    ['a pair', ['10.0.0.5 203.0.113.5'], '203.0.113.5 by 1', []],
    ['tabs, a third word, and as Windows ends lines', ['10.0.0.5\t203.0.113.5  by hand\r'], '203.0.113.5 by 1', []],
    ['a line for each address', ['10.0.0.4 203.0.113.4', '10.0.0.5 203.0.113.5'], '203.0.113.5 by 2', []],
    ['its own address', ['10.0.0.5 10.0.0.5'], '10.0.0.5 by 1', []],
    ['lines of others only', ['10.0.0.4 203.0.113.4'], 'no line', []],
    ['no lines', [], 'no line', []],
    ['no answer when it was asked for', ['10.0.0.5 '], 'nothing by 1', []],
    ['what is no address', ['10.0.0.5 web.example'], 'nothing by 1', ['cpnat/bad-line 1']],
    ['IPv6 outside', ['10.0.0.5 2001:db8::5'], 'nothing by 1', ['cpnat/ipv6 1']],
    [
      'a line of IPv6 beside it',
      ['2001:db8::4 2001:db8::5', '10.0.0.5 203.0.113.5'],
      '203.0.113.5 by 2',
      ['cpnat/ipv6 1'],
    ],
    ['blank lines', ['', '10.0.0.5 203.0.113.5', ''], '203.0.113.5 by 2', []],
    [
      'another one with the same public address before',
      ['10.0.0.4 203.0.113.5', '10.0.0.5 203.0.113.5'],
      'not 203.0.113.5 by 2, as 1 is first',
      ['cpnat/shadowed-line 2'],
    ],
    [
      'another one after it',
      ['10.0.0.5 203.0.113.5', '10.0.0.4 203.0.113.5'],
      '203.0.113.5 by 1',
      ['cpnat/shadowed-line 2'],
    ],
    ['two for it', ['10.0.0.5 203.0.113.5', '10.0.0.5 203.0.113.6'], '203.0.113.6 by 2', ['cpnat/duplicate-local 2']],
    ['the same line twice', ['10.0.0.5 203.0.113.5', '10.0.0.5 203.0.113.5'], '203.0.113.5 by 1', []],
    [
      'a public address that became free again',
      ['10.0.0.4 203.0.113.5', '10.0.0.4 203.0.113.4', '10.0.0.5 203.0.113.5'],
      '203.0.113.5 by 3',
      ['cpnat/duplicate-local 2'],
    ],
    ['a comment with words', ['# of web', '10.0.0.5 203.0.113.5'], '203.0.113.5 by 2', ['cpnat/bad-line 1']],
    ['a line that was switched off by a person', ['#10.0.0.5 203.0.113.5'], 'no line', ['cpnat/bad-line 1']],
    [
      'a line that was switched off by a person, which takes its public address all the same',
      ['#10.0.0.4 203.0.113.5', '10.0.0.5 203.0.113.5'],
      'not 203.0.113.5 by 2, as 1 is first',
      ['cpnat/bad-line 1', 'cpnat/shadowed-line 2'],
    ],
    [
      'white space before it: the local address counts as the public one',
      [' 10.0.0.5 203.0.113.5'],
      'no line',
      ['cpnat/bad-line 1'],
    ],
    ['a network', ['10.0.0.0/24 203.0.113.0/24', '10.0.0.5 203.0.113.5'], '203.0.113.5 by 2', ['cpnat/bad-line 1']],
    ['loopback', ['127.0.0.1 203.0.113.5', '10.0.0.5 203.0.113.6'], '203.0.113.6 by 2', ['cpnat/loopback-local 1']],
  ])('%s', (_, texts, expected, wrong) => {
    expect(taken('10.0.0.5', ...texts)).toBe(expected);
    expect(mistakes(...texts)).toEqual(wrong);
  });
});

/** In a hash, line by line, as the program does it. */
function byHash(some: readonly CpnatLine[]): Readonly<Record<string, string>> {
  const hash: Record<string, string> = {};
  for (const { local, public: outside } of some) if (!Object.values(hash).includes(outside)) hash[local] = outside;
  return hash;
}

test('whatever the order and the repeats', () => {
  const locals = ['10.0.0.4', '10.0.0.5', '10.0.0.6'];
  const outsides = ['203.0.113.4', '203.0.113.5', '203.0.113.6'];
  const line = fc.tuple(fc.constantFrom(...locals), fc.constantFrom(...outsides)).map((pair) => pair.join(' '));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 9 }), (texts) => {
      const some = lines(...texts);
      const read = evaluateCpnat(some);
      const wanted = byHash(some);
      for (const local of locals) {
        const found = read.of(at(local));
        expect(found.is === 'public' ? printAddress(found.address) : undefined).toBe(wanted[local]);
      }
    }),
    { numRuns: times(300), seed: seeded(11) },
  );
});
