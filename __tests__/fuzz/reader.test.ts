// Fuzzes the parsers and evaluators of nftables and iptables: each changed text is parsed or refused within a limit of
// memory, and its evaluation never contradicts the trace of a packet.

import { GIANTS } from './giants';
import { found } from './run';
import { endsBetweenStatements } from './truncation';

jest.setTimeout(600_000);

describe('the nft reader', () => {
  it('reads or refuses every ruleset with something wrong in it, and its sets never deny or allow what its walk does not', () =>
    expect(found('mutations', 600)).toEqual([]));

  it('reads or refuses words in any order', () => expect(found('soups', 400)).toEqual([]));

  it('reads or refuses, within little memory, what is made to be too much', () =>
    expect(found('giants', Object.keys(GIANTS).length, { size: 40 })).toEqual([]));

  it('refuses every text that is cut but after a whole statement at the top', () =>
    expect(found('truncation', 63, { size: 6 })).toEqual([]));
});

/** What the cuts are judged by is judged itself: it must not excuse too much. */
describe('a text may end', () => {
  it.each(['', '\n', '# a rem', 'table ip x {\n}', 'table ip x {\n}\n', 'table ip x\n', 'table ip x\n# a'])(
    '%j',
    (text) => expect(endsBetweenStatements(text)).toBe(true),
  );
  it.each([
    't',
    'table ip x',
    'table ip x {',
    'table ip x {\n chain c {\n }\n',
    'add rule ip x c tcp dport { 22 }',
    'define x = 1',
    'define x = {\n',
  ])('not %j', (text) => expect(endsBetweenStatements(text)).toBe(false));
});

describe('the iptables reader', () => {
  it('reads or refuses, within little memory, texts with something wrong in them, words in any order and what is too much', () =>
    expect(found('saved', 200, { size: 40 })).toEqual([]));
});
