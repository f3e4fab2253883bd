import { Unsendable, asWord, line, printed, quoted } from '../../lib/delivering/dialogue';

describe('a command', () => {
  it.each(['', 'a b', 'a\nb', 'a\rcommit', 'a?', 'a\tb', '-a', 'a;b', 'a"', 'a|b', '$(a)', 'é', '\u0003', 'a!'])(
    'is not made of the word %j',
    (word) => {
      expect(() => line`set ${word}`).toThrow(Unsendable);
    },
  );

  it('takes texts in quotes, without the keys of a terminal', () => {
    expect(line`set ${quoted('a "b" \\ ; ! | # toy# ')} ${7}`).toBe('set "a \\"b\\" \\\\ ; ! | # toy# " 7');
    for (const text of ['a\nb', 'a\r', '\u001b[A', 'what?', 'a\tb', 'é', '\u007f'])
      expect(() => line`set ${quoted(text)}`).toThrow(Unsendable);
  });
});

test('somebody’s name is a word of a result', () => {
  expect(['bob', 'b?b $(x)', '', 'ü'.repeat(100)].map(asWord)).toEqual(['bob', 'b_b___x_', 'unnamed', '_'.repeat(60)]);
});

test('what a step tells is what a device program prints', () => {
  expect(printed({ result: 'ok read', sections: { '': ['said'], rules: ['a', 'cpanel-edge: ok'] } })).toBe(
    '|said\ncpanel-edge: section rules\n|a\n|cpanel-edge: ok\ncpanel-edge: ok read\n',
  );
});
