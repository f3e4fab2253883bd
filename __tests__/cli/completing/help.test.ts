// Tests the --help of all commands: it fits in 80 columns, and has every command, option and value that pages of docs/
// tell people to type.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createProgram } from '../../../cli/commands';

/** Returns the help on a terminal of 80 columns, and through a pipe. */
function helpOf(command: Command): readonly string[] {
  let said = '';
  command.configureOutput({ writeOut: (text) => (said += text), writeErr: (text) => (said += text) });
  command.outputHelp();
  return said.split('\n');
}

const all = createProgram([]);

describe('help fits in 80 columns', () => {
  it.each([all, ...all.commands].map((command) => [command.name(), command] as const))('%s', (_, command) => {
    const lines = helpOf(command);
    expect(lines.length).toBeGreaterThan(5);
    // A command to copy stays on one line.
    const whole = (line: string): boolean => /^ {2}(ssh|cpanel-edge) /.test(line);
    expect(lines.filter((line) => [...line].length > 80 && !whole(line))).toEqual([]);
  });
});

describe('commands on pages', () => {
  const root = join(__dirname, '../../..');
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`),
  ];
  /** Only in code: elsewhere `cpanel-edge` may begin a sentence. */
  const codeOf = (text: string): readonly string[] =>
    [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+)`|^ {4}(.*)$/gm)].map(
      ([, block, span, line]) => block ?? span ?? line!,
    );
  const typed = pages
    .filter((page) => page.endsWith('.md'))
    .flatMap((page) => codeOf(readFileSync(join(root, page), 'utf8')).map((code) => [page, code] as const))
    .flatMap(([page, code]) =>
      [...code.matchAll(/(?:npx |^)cpanel-edge ([a-z]+)([^|;&>\n]*)/gm)].map(([, name, rest]) => ({
        page,
        name: name!,
        rest: rest!,
      })),
    );

  /** Returns the mistakes in a command, in words. */
  function wrongWith({ page, name, rest }: (typeof typed)[number]): readonly string[] {
    const command = all.commands.find((one) => one.name() === name);
    if (!command) return [`${page}: no command ${name}`];
    return [...rest.matchAll(/(?<!\S)(--?[a-z][a-z-]*)(?:[ =]([\w.,-]+))?/g)].flatMap(([, word, value]) => {
      const option = command.options.find(({ short, long }) => word === short || word === long);
      if (!option) return word === '--help' ? [] : [`${page}: ${name} has no ${word!}`];
      const known = option.argChoices;
      return known && !known.includes(value!) ? [`${page}: ${name} ${word!} is not ${value ?? 'nothing'}`] : [];
    });
  }

  it('exist: each command, each option, and each value of a list', () => {
    expect(typed.length).toBeGreaterThan(100);
    expect(new Set(typed.map(({ name }) => name)).size).toBeGreaterThan(10);
    expect(typed.flatMap(wrongWith)).toEqual([]);
  });
});
