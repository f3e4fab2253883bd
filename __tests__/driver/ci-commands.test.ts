// Tests that text from outside is escaped in all output, so that no CI runner (GitHub, Azure, TeamCity) takes a line
// for a command, and that other text stays as it is.

import { escapeCiCommands } from '../../lib/problems/escape-ci-commands';
import { farWithin } from '../ends-within-seconds';
import { printDisplayJson } from '../../lib/problems/print-json';
import { escapeForDisplay } from '../../lib/problems/problem';

// Lines that CI runners take for commands, according to their sources and manuals.
const COMMANDS = [
  '::add-mask::x',
  '  ::add-mask::x',
  '::error file=a.ts,line=1::x',
  '::stop-commands::token',
  '::set-output name=a::b',
  '::SAVE-STATE name=a::b',
  '::group::x',
  '::endgroup::',
  '##[error]x',
  'before ##[add-path]x',
  '###[error]x',
  '##vso[task.setvariable variable=a]b',
  "x ##teamcity[buildStatus status='SUCCESS']",
  '##VSO[task.complete result=Succeeded]',
];

/** GitHub's runner and Azure's agent look for `##[` and `##vso[` anywhere, and for `::` at the beginning of a line. */
const isTaken = (line: string): boolean => /##\[|##[a-z]+\[/i.test(line) || /^\s*::[a-z-]+( [^:]*)?::/i.test(line);

test.each(COMMANDS)('%s', (line) => {
  expect(isTaken(line)).toBe(true);
  for (const shown of [
    escapeCiCommands(line),
    escapeForDisplay(line),
    ...printDisplayJson({ a: [line] }).split('\n'),
  ]) {
    expect(isTaken(shown)).toBe(false);
    expect(shown).not.toBe(line);
  }
  expect(JSON.parse(printDisplayJson({ a: [line] }))).toEqual({ a: [line] });
});

test('a line that is wrapped before such text is no command either', () =>
  expect(escapeCiCommands('a long line ::add-mask::x').split(' ').some(isTaken)).toBe(false));

test("a command of ours that quotes such text isn't ended by it", () =>
  expect(escapeForDisplay('x%0A::error::y%0d')).not.toMatch(/%0[ad]/i));

test.each([
  '::1',
  '::',
  '2001:db8::/32 to ::',
  'from ::a to ::b',
  '::ffff:192.0.2.1',
  'tcp 80, ::dead:beef and fe80::1',
  '# heading',
  '100%',
  'a::b::c',
  '#[x]',
])('%s is left unchanged', (text) => expect([escapeCiCommands(text), escapeForDisplay(text)]).toEqual([text, text]));

test.each([' ::gx ', ' ::g', '##', '::', ' ::gggggggg', '%0'])(
  'half a million repetitions of %s are escaped in linear time',
  (part) => farWithin(60, () => escapeCiCommands(part.repeat(500_000))),
);
