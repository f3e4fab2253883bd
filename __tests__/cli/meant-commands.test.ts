// Tests the command that is suggested for an unknown one: one with a similar name, or the one that does the same as a
// command of another tool, such as `plan`.

import { createProgram } from '../../cli/commands';
import { codesOf, problemsOf } from '../problems';

describe('commands of other tools', () => {
  it.each([
    ['lint', /^cpanel-edge review for a plan, cpanel-edge exposure FILE for the rules of any server/],
    ['plan', /^npx cdktf synth, then terraform plan/],
    ['deploy', /^npx cdktf deploy, /],
    ['diff', /^cpanel-edge review/],
    ['status', /^cpanel-edge verify/],
    ['show', /^cpanel-edge exposure FILE\.$/],
    ['version', /^cpanel-edge --version\.$/],
  ])('%s: the suggestion is the command that does the same', (word, instead) => {
    expect(codesOf(() => createProgram([word]))).toEqual(['cli/no-such-command']);
    expect(problemsOf(() => createProgram([word]))[0]!.instead).toMatch(instead);
  });

  it('suggestions name existing commands', () => {
    const commandNames = new Set(createProgram([]).commands.map((one) => one.name()));
    for (const word of ['lint', 'validate', 'plan', 'deploy', 'destroy', 'diff', 'check', 'status', 'show'])
      for (const [, named] of problemsOf(() => createProgram([word]))[0]!.instead.matchAll(/cpanel-edge ([a-z]+)/g))
        expect(commandNames).toContain(named);
  });

  it.each([
    ['lintt', 'lint'],
    ['pla', 'plan'],
    ['statuss', 'status'],
  ])('%s: gets the suggestion of %s', (mistyped, word) => {
    const [meant] = problemsOf(() => createProgram([word]));
    expect(problemsOf(() => createProgram([mistyped]))).toEqual([
      { ...meant, where: mistyped, what: `No command is called so, and none is called ${word}.` },
    ]);
  });

  it('a similar existing command comes first', () => {
    for (const word of ['reviev', 'textt', 'expose', 'iniit', '--plan', '-', ''])
      expect([word, problemsOf(() => createProgram([word]))]).toEqual([word, []]);
  });

  it.each([
    ['revieww', 'cpanel-edge help review.'],
    ['plan', 'one of those that cpanel-edge --help lists.'],
  ])('help of the unknown command %s', (word, instead) =>
    expect(problemsOf(() => createProgram(['help', word]))).toEqual([
      { code: 'cli/no-such-command', where: word, what: 'No command is called so.', instead },
    ]),
  );

  it.each([['review'], ['help'], ['--help'], []])('help of existing commands: %s', (...words) =>
    expect(() => createProgram(['help', ...words.filter((word) => word !== 'help')])).not.toThrow(),
  );

  it('a simple typing mistake is left to the command parser', () =>
    expect(() => createProgram(['veryfi'])).not.toThrow());
});
