// Tests completion in real shells (bash, zsh, fish): each offers the candidates of `cpanel-edge complete`, and nothing
// if the command isn't found.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRIPTS } from '../../../cli/completion-scripts';
import { typed } from '../../built-command';
import { temporaryFolder } from '../../temporary-folder';
import { describeWhere } from '../../where-possible';
import { commandWithTable } from './with-table';

const built = commandWithTable();
const folder = temporaryFolder();
const ran = join(folder, 'ran');

// The shell asks the real command; other calls are logged instead of executed.
beforeAll(() => {
  for (const name of ['plan.json', 'two words']) writeFileSync(join(folder, name), '');
  const edge = `cpanel-edge() { case $1 in complete) '${process.execPath}' '${built}/cli/main.js' "$@" ;; *) printf '<%s>' "$@" >>'${ran}'; echo >>'${ran}' ;; esac; }`;
  writeFileSync(join(folder, 'rc'), `${edge}\n${SCRIPTS.bash}`);
  writeFileSync(join(folder, '.zshrc'), `autoload -Uz compinit; compinit -u\n${edge}\n${SCRIPTS.zsh}`);
  const asking = `function cpanel-edge; '${process.execPath}' '${built}/cli/main.js' $argv; end`;
  writeFileSync(join(folder, 'fishrc'), `${asking}\n${SCRIPTS.fish}`);
});

const there = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

it.each(['bash', 'zsh', 'fish'] as const)('cpanel-edge completion %s prints its script', (shell) => {
  expect(typed(built, ['completion', shell])).toEqual({ status: 0, out: SCRIPTS[shell], said: '' });
});

it('refuses another shell', () => {
  expect(typed(built, ['completion', 'tcsh'])).toMatchObject({
    status: 2,
    out: '',
    said: expect.stringContaining('bash, zsh, fish'),
  });
});

const BY_KEYS: readonly (readonly [string, string])[] = [
  ['cpanel-edge expl\t', '<explain>'],
  ['cpanel-edge review --fo\tjs\t', '<review><--format><json>'],
  ['cpanel-edge review --format=js\t', '<review><--format=json>'],
  ['cpanel-edge review --fail-on opened,mo\t', '<review><--fail-on><opened,moved>'],
  ['cpanel-edge review pl\t', '<review><plan.json>'],
  ['cpanel-edge review --out=pl\t', '<review><--out=plan.json>'],
  ['cpanel-edge review tw\t', '<review><two words>'],
  ['cpanel-edge review --format pl\t', '<review><--format><pl>'],
  ['cpanel-edge doctor 203.0.113.10:443 --fr\t', '<doctor><203.0.113.10:443><--from>'],
  [
    "cpanel-edge review '$(touch hacked)' '`touch hacked`' '' '; touch hacked' \\' \\\" --fo\t",
    '<review><$(touch hacked)><`touch hacked`><><; touch hacked><\'><"><--format>',
  ],
];

describe.each([
  ['bash', 'bash --noprofile --rcfile rc -i'],
  ['zsh', 'zsh -i'],
] as const)('%s', (shell, interactive) => {
  describeWhere(
    there(shell) && there('script'),
    `completion in ${shell}`,
    `${shell}, and script of bsdutils`,
  )('by its own keys', () => {
    it.each(BY_KEYS)('%j', (keys, expected) => {
      writeFileSync(ran, '');
      const { stdout } = spawnSync('timeout', ['60', 'script', '-qec', interactive, '/dev/null'], {
        cwd: folder,
        input: `${keys}\nexit\n`,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, ZDOTDIR: folder, TERM: 'dumb' },
      });
      expect([readFileSync(ran, 'utf8'), existsSync(join(folder, 'hacked'))]).toEqual([`${expected}\n`, false]);
      expect(stdout).not.toMatch(/(?:bash|zsh|_cpanel-edge): /);
    });
  });
});

describeWhere(
  there('fish'),
  'completion in fish',
  'fish',
)('fish', () => {
  it.each([
    ['cpanel-edge expl', ['explain']],
    ['cpanel-edge review --fail-on opened,mo', ['opened,moved']],
    ['cpanel-edge review --format=js', ['--format=json']],
    ['cpanel-edge review pl', ['plan.json']],
    ['cpanel-edge review --out=pl', ['--out=plan.json']],
    ['cpanel-edge review --format pl', []],
    ["cpanel-edge review '$(touch hacked)' '; touch hacked' --fo", ['--format']],
  ])('offers for %j', (line, offered) => {
    const call = 'source fishrc; complete -C $argv[1]';
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', call, line], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    expect([stdout.split('\n').flatMap((one) => one.split('\t').slice(0, 1)), stderr]).toEqual([[...offered, ''], '']);
    expect(existsSync(join(folder, 'hacked'))).toBe(false);
  });
});

describeWhere(
  there('bash'),
  'completion in bash',
  'bash',
)('bash', () => {
  /** Calls the function as bash does: the line, and its words. */
  const replied = (words: readonly string[]): string => {
    const line = words.join(' ');
    const call = `. ./rc; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE=$LINE COMP_POINT=\${#LINE}; _cpanel_edge; echo "\${COMPREPLY[*]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-uc', call, 'bash', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LINE: line },
    });
    return stdout + stderr;
  };

  it.each([
    [['$(touch hacked)', '--fo']],
    [['`touch hacked`', '--fo']],
    [['"$(touch hacked)', '--fo']],
    [["'", '--fo']],
    [['"', '--fo']],
    [['*', '?', '[a', '--fo']],
    [['a\nb', ';touch', 'hacked', '--fo']],
    [['${x?}', '\\', '!!', '--fo']],
  ])('evaluates no word of the line: %j', (words) => {
    expect([replied(['cpanel-edge', 'review', ...words]), existsSync(join(folder, 'hacked'))]).toEqual([
      '--format\n',
      false,
    ]);
  });

  it("offers nothing if the command isn't found", () => {
    writeFileSync(join(folder, 'alone'), SCRIPTS.bash);
    const call = `. ./alone; COMP_WORDS=(cpanel-edge '') COMP_CWORD=1 COMP_LINE='cpanel-edge ' COMP_POINT=12; PATH=/nowhere; _cpanel_edge; echo "\${#COMPREPLY[*]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', call], { cwd: folder, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});
