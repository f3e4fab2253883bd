// Tests that an unknown option or argument is refused with a code and with the ones that exist, and that the message
// can't move the cursor of a terminal.

import { createProgram } from '../../cli/commands';
import { Problem, Refusal } from '../../lib/problems/problem';

async function refusedOf(...words: readonly string[]): Promise<readonly Problem[]> {
  try {
    await createProgram(words).parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
  return [];
}

describe('unknown options and arguments are refused with a code and the existing ones', () => {
  it.each<[readonly string[], Problem]>([
    [
      ['review', '--formt', 'json'],
      {
        code: 'cli/no-such-option',
        where: 'cpanel-edge review',
        what: "Unknown option '--formt'.",
        instead: '--format; cpanel-edge review --help says what there is.',
      },
    ],
    [
      ['veryfi'],
      {
        code: 'cli/no-such-command',
        where: 'cpanel-edge',
        what: "Unknown command 'veryfi'.",
        instead: 'verify; cpanel-edge --help says what there is.',
      },
    ],
    [
      ['capture', '--json'],
      {
        code: 'cli/no-such-option',
        where: 'cpanel-edge capture',
        what: "Unknown option '--json'.",
        instead: 'cpanel-edge capture without it: what it prints has one form.',
      },
    ],
  ])('%j', async (words, problem) => expect(await refusedOf(...words)).toEqual([problem]));

  it.each([
    ['cli/argument-missing', ['exposure', '--start']],
    ['cli/argument-missing', ['explain']],
    ['cli/bad-argument', ['review', '--format', 'xml']],
    ['cli/too-many-arguments', ['forget', 'a', 'b']],
    ['cli/options-conflict', ['review', '--json', '--format', 'text']],
  ])('%s: %j', async (code, words) => expect((await refusedOf(...words)).map((one) => one.code)).toEqual([code]));

  it('are escaped, so that they move no cursor', async () =>
    expect((await refusedOf('review', '--a\u001b[2J'))[0]!.what).toBe("Unknown option '--a\\u{1b}[2J'."));
});
