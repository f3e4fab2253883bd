// Tests the lines of docs/reference/completion.md in real shells: typed as they stand there, they complete commands and
// codes.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandWithTable } from '../cli/completing/with-table';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { describeWhere } from '../where-possible';

const built = commandWithTable();
const home = temporaryFolder();
const installed = join(home, 'bin');
const byNpx = join(home, 'npx');
const PAGE = read('docs/reference/completion.md');
const typedFor = (shell: string): readonly string[] =>
  PAGE.split('\n').filter(
    (line) => line.startsWith('    ') && new RegExp(`completion ${shell}|${shell}/completions`).test(line),
  );
const [, inBash] = /^ {4}(cpanel-edge\(\) .*)$/m.exec(PAGE)!;
const [, inFish] = /`(function cpanel-edge; .*; end)`/.exec(PAGE)!;

beforeAll(() => {
  for (const [folder, name, lines] of [
    [installed, 'cpanel-edge', `exec '${process.execPath}' '${built}/cli/main.js' "$@"`],
    [
      byNpx,
      'npx',
      `[ "$*" = "\${*#--no-install cpanel-edge }" ] && exit 1\nshift 2\nexec '${process.execPath}' '${built}/cli/main.js' "$@"`,
    ],
  ] as const) {
    mkdirSync(folder);
    writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(folder, name), 0o755);
  }
});

const run = (command: readonly string[], path: string, input = ''): string => {
  const [program, ...words] = command;
  const env = { PATH: `${path}:${process.env['PATH']!}`, HOME: home, ZDOTDIR: home, TERM: 'dumb', PS1: '' };
  const { stdout, stderr } = spawnSync(program!, words, { cwd: home, env, input, encoding: 'utf8', timeout: 240_000 });
  return stdout + stderr;
};
const there = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** The lines that the page says to type, below the existing content of the file, and a word that is then completed. */
function completed(shell: 'bash' | 'zsh', file: string, before: string, path: string): string {
  writeFileSync(join(home, file), before);
  for (const line of typedFor(shell)) expect(run(['sh', '-c', line], path)).toBe('');
  run(
    ['timeout', '200', 'script', '-qec', `${shell} -i`, '/dev/null'],
    path,
    'cpanel-edge expl\tports/mysql-public >explained\nexit\n',
  );
  const explained = readFileSync(join(home, 'explained'), 'utf8');
  rmSync(join(home, 'explained'));
  return explained.split('\n')[0]!;
}
const EXPLAINED = expect.stringContaining('ports/mysql-public') as string;

const ZSH = 'autoload -Uz compinit; compinit -u\n';
describeWhere(
  there('bash') && there('script'),
  'completion in bash',
  'bash, and script of bsdutils',
)('bash', () => {
  test("the page's lines complete a code", () =>
    expect(completed('bash', '.bashrc', '', installed)).toEqual(EXPLAINED));
  test("with the page's function each project completes with its own command", () =>
    expect(completed('bash', '.bashrc', `${inBash!}\n`, byNpx)).toEqual(EXPLAINED));
});

describeWhere(
  there('zsh') && there('script'),
  'completion in zsh',
  'zsh, and script of bsdutils',
)('zsh', () => {
  test("the page's lines complete a code", () => expect(completed('zsh', '.zshrc', ZSH, installed)).toEqual(EXPLAINED));
  test("with the page's function each project completes with its own command", () =>
    expect(completed('zsh', '.zshrc', `${ZSH}${inBash!}\n`, byNpx)).toEqual(EXPLAINED));
});

describeWhere(
  there('fish'),
  'completion in fish',
  'fish',
)('fish', () => {
  const offered = (path: string, before = ''): string =>
    run(['fish', '-c', `${before}\ncomplete -C "cpanel-edge expl"`], path);
  test("the page's lines offer a command", () => {
    for (const line of typedFor('fish')) expect(run(['sh', '-c', line], installed)).toBe('');
    expect(offered(installed)).toMatch(/^explain\t/);
  });
  test("with the page's function each project completes with its own command", () =>
    expect(offered(byNpx, inFish!)).toMatch(/^explain\t/));
});
