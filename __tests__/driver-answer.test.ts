import { readAnswer, resultOf, sectionText, shown } from '../driver/answer';

describe('the result line', () => {
  test.each([
    ['cpanel-edge: ok confirmed digest=abc', { is: 'ok', word: 'confirmed', values: { digest: 'abc' } }],
    ['cpanel-edge: refused foreign-lease lease=1-2', { is: 'refused', word: 'foreign-lease', values: { lease: '1-2' } }],
    ['cpanel-edge: failed rollback-incomplete', { is: 'failed', word: 'rollback-incomplete', values: {} }],
    ['cpanel-edge: ok protocol=1', { is: 'ok', word: '', values: { protocol: '1' } }],
    [
      'cpanel-edge: refused claimed owner=a prefix=2001:db8::/32',
      { is: 'refused', word: 'claimed', values: { owner: 'a', prefix: '2001:db8::/32' } },
    ],
  ])('%s', (line, result) => expect(resultOf(line)).toEqual(result));

  test.each([
    '',
    'cpanel-edge: ok',
    'cpanel-edge: fine confirmed',
    '|cpanel-edge: ok confirmed',
    ' cpanel-edge: ok confirmed',
    'cpanel-edge: ok confirmed\u001b[2J',
    'cpanel-edge: ok confirmed; rm',
    `cpanel-edge: ok ${'a'.repeat(3000)}`,
  ])('%j is none', (line) => expect(resultOf(line)).toBeUndefined());
});

describe('an answer', () => {
  test('is judged by its very last line only, and only when that line is whole', () => {
    expect(readAnswer('cpanel-edge: ok confirmed\n', '', 255).result?.word).toBe('confirmed');
    expect(readAnswer('cpanel-edge: ok confirmed', '', 0).result).toBeUndefined();
    expect(readAnswer('cpanel-edge: ok confirmed\nand more\n', '', 0).result).toBeUndefined();
    expect(readAnswer('', 'Connection closed', 255).result).toBeUndefined();
  });

  test('a ruleset that holds a result or a section is payload', () => {
    const answer = readAnswer(
      'cpanel-edge: section ruleset\n|cpanel-edge: section addresses\n|cpanel-edge: ok read\ncpanel-edge: failed unreadable\n',
      '',
      1,
    );
    expect(answer.result?.is).toBe('failed');
    expect(sectionText(answer, 'ruleset')).toBe('cpanel-edge: section addresses\ncpanel-edge: ok read\n');
    expect(answer.sections.has('addresses')).toBe(false);
  });

  test('what is shown of it holds no control characters and no endless lines', () => {
    const answer = readAnswer('', `\u001b]0;title\u0007\u001b[31mred\r\n${'x'.repeat(5000)}\n`, 255);
    expect(answer.said.join('')).not.toMatch(/[\u0000-\u001f]/); // eslint-disable-line no-control-regex
    expect(Math.max(...answer.said.map((line) => line.length))).toBeLessThanOrEqual(600);
    expect(
      shown(
        Array.from({ length: 100 }, () => '\u001b[2J'),
        3,
      ),
    ).toEqual(['\\u{1b}[2J', '\\u{1b}[2J', '\\u{1b}[2J', '… and 97 more lines']);
  });
});
