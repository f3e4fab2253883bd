// Fuzzes the parsers and evaluators of nftables and iptables: each changed text is parsed or refused within a limit of
// memory, and its evaluation never contradicts the trace of a packet.

import { GIANTS } from './giants';
import { found } from './run';
import { endsBetweenStatements } from './truncation';

jest.setTimeout(600_000);

describe('the nft parser', () => {
  it('parses or refuses every ruleset with a fault in it, and the evaluator never contradicts the trace', () =>
    expect(found('mutations', 600)).toEqual([]));

  it('parses or refuses words in any order', () => expect(found('soups', 400)).toEqual([]));

  it('parses or refuses, within little memory, texts that are made to be too much', () =>
    expect(found('giants', Object.keys(GIANTS).length, { size: 40 })).toEqual([]));

  it('refuses every text that is cut, except after a whole top-level statement', () =>
    expect(found('truncation', 63, { size: 6 })).toEqual([]));
});

/** Tests the rule by which cuts are judged: it must not accept too much. */
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

describe('the iptables parser', () => {
  it('parses or refuses, within little memory, texts with faults, words in any order and texts that are too much', () =>
    expect(found('saved', 200, { size: 40 })).toEqual([]));
});
