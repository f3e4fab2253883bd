// Tests that docs/reference/exit-statuses.md lists the exit statuses that the commands' --help states.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { createProgram } from '../../cli/commands';

const FILE = join(__dirname, '../../docs/reference/exit-statuses.md');

function helpOf(command: Command): string {
  const out: string[] = [];
  command.configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => out.push(text) });
  command.outputHelp();
  return out.join('').replace(/\s+/g, ' ');
}

/** Returns the meaning of each status according to a command's help. */
function statusesOf(command: Command): ReadonlyMap<string, string> {
  const [, said = ''] = /Exit status: (.*?)\.(?: |$)(?!\.)/.exec(helpOf(command)) ?? [];
  return new Map(
    said.split(/; (?=\d )/).flatMap((one) => (one === '' ? [] : [[one.charAt(0), one.slice(2)] as const])),
  );
}

const STATUSES = ['0', '1', '2', '3'];

function madeSection(): string {
  const rows = createProgram([]).commands.flatMap((command) => {
    const all = statusesOf(command);
    return all.size === 0 ? [] : [[`\`${command.name()}\``, ...STATUSES.map((one) => all.get(one) ?? '')]];
  });
  const head = [
    ['command', ...STATUSES],
    ['---', ...STATUSES.map(() => '---')],
  ];
  return [...head, ...rows].map((row) => `| ${row.join(' | ')} |`.replace(/ {2,}\|/g, ' |')).join('\n');
}

it("the list of exit statuses agrees with the commands' help", () => {
  const page = readFileSync(FILE, 'utf8');
  const made = page.replace(/(?<=^# Exit statuses\n\n[^|]*)\|[^]*?(?=\n\n|\n$)/m, madeSection());
  if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
  expect(made.match(/^\| `\w+` \| .*\|$/gm)!.length).toBeGreaterThan(10);
});
