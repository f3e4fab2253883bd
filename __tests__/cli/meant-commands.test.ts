// Tests the command that is suggested for an unknown one: one with a similar name, or the one that does the same as a
// command of another tool, such as `plan`.

import { createProgram } from '../../cli/commands';
import { codesOf, problemsOf } from '../problems';

describe('what other tools call a command', () => {
  it.each([
    ['lint', /^cpanel-edge review for a plan, cpanel-edge exposure FILE for the rules of any server/],
    ['plan', /^npx cdktf synth, then terraform plan/],
    ['deploy', /^npx cdktf deploy, /],
    ['diff', /^cpanel-edge review/],
    ['status', /^cpanel-edge verify/],
    ['show', /^cpanel-edge exposure FILE\.$/],
    ['version', /^cpanel-edge --version\.$/],
  ])('%s: what does it here', (word, instead) => {
    expect(codesOf(() => createProgram([word]))).toEqual(['cli/no-such-command']);
    expect(problemsOf(() => createProgram([word]))[0]!.instead).toMatch(instead);
  });

  it('names commands that there are', () => {
    const commandNames = new Set(createProgram([]).commands.map((one) => one.name()));
    for (const word of ['lint', 'validate', 'plan', 'deploy', 'destroy', 'diff', 'check', 'status', 'show'])
      for (const [, named] of problemsOf(() => createProgram([word]))[0]!.instead.matchAll(/cpanel-edge ([a-z]+)/g))
        expect(commandNames).toContain(named);
  });

  it.each([
    ['lintt', 'lint'],
    ['pla', 'plan'],
    ['statuss', 'status'],
  ])('%s: what %s gets', (mistyped, word) => {
    const [meant] = problemsOf(() => createProgram([word]));
    expect(problemsOf(() => createProgram([mistyped]))).toEqual([
      { ...meant, where: mistyped, what: `No command is called so, and none is called ${word}.` },
    ]);
  });

  it('a command that is as near is what was meant', () => {
    for (const word of ['reviev', 'textt', 'expose', 'iniit', '--plan', '-', ''])
      expect([word, problemsOf(() => createProgram([word]))]).toEqual([word, []]);
  });

  it.each([
    ['revieww', 'cpanel-edge help review.'],
    ['plan', 'one of those that cpanel-edge --help lists.'],
  ])('help of %s, which there isn’t: what there is', (word, instead) =>
    expect(problemsOf(() => createProgram(['help', word]))).toEqual([
      { code: 'cli/no-such-command', where: word, what: 'No command is called so.', instead },
    ]),
  );

  it.each([['review'], ['help'], ['--help'], []])('help of what there is: %s', (...words) =>
    expect(() => createProgram(['help', ...words.filter((word) => word !== 'help')])).not.toThrow(),
  );

  it('of a typing mistake nothing is known', () => expect(() => createProgram(['veryfi'])).not.toThrow());
});
