// Tests that commands and options are still accepted by their former names (`retract`, --vantage), but not together
// with the present name, and that help doesn't show the former ones.

import { builtCommand, typed } from '../built-command';

const built = builtCommand();

describe('former names', () => {
  test.each([
    [
      ['retract', 'gw', '--owner', 'web'],
      ['remove', 'gw', '--owner', 'web'],
    ],
    [
      ['exposure', '-', '--vantage', 'outside', '--port', '22'],
      ['exposure', '-', '--start', 'outside', '--port', '22'],
    ],
  ])('%j does the same as %j', (former, present) => {
    const input =
      'table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n';
    const [one, other] = [former, present].map((words) => typed(built, words, { input }));
    expect(one).toEqual(other);
    expect(one!.out + one!.said).not.toBe('');
  });

  test.each([[['--help']], [['exposure', '--help']]])('are not in %j', (words) =>
    expect(typed(built, words).out).not.toMatch(/retract|--vantage/),
  );

  test('conflict with the present ones', () =>
    expect(typed(built, ['exposure', '-', '--vantage', 'outside', '--start', 'inside'])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/--vantage/),
    }));
});
