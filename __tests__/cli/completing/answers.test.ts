// Tests which candidates shell completion offers for a partly typed word: commands, options, values, error codes, and
// the devices and owners of the synthesized stacks.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../../../cli/commands';
import { CommandDefinition, describeCommand } from '../../../cli/command-definition';
import { Printed, typed } from '../../built-command';
import { projectIn, stackText } from '../../driver/projects';
import { connectionOf, releaseOf } from '../../driver/samples';
import { temporaryFolder } from '../../temporary-folder';
import { ROOT } from '../../walls/sources';
import { commandWithTable } from './with-table';

const built = commandWithTable();
const folder = temporaryFolder();
const project = (): string => join(folder, 'project');

// A project with a device whose name a shell would misread.
beforeAll(() => {
  const stack = (parts: Parameters<typeof releaseOf>[0]): string => stackText(releaseOf(parts), connectionOf());
  projectIn(project(), {
    one: stack({ device: 'gw1', owner: 'shop' }),
    two: stack({ device: 'gw1', owner: 'mail' }),
    odd: stack({ device: 'gw$(id)', owner: 'odd' }),
  });
});

const asked = (words: readonly string[], cwd = project()): Printed =>
  typed(built, ['complete', '--', ...words], { cwd });
const answer = (words: readonly string[], cwd?: string): readonly string[] =>
  asked(words, cwd).out.trimEnd().split('\n');
/** Returns the candidates without their descriptions. */
const offered = (...words: readonly string[]): readonly string[] =>
  answer(words).map((line) => line.replace(/\t.*/, ''));

describe('candidates', () => {
  it('after the program: its commands with their descriptions, without the hidden command', () => {
    const lines = answer(['']);
    expect(lines).toContain(
      'explain\tSays what the code of an error, or of a finding of lint, is about, and what to do.',
    );
    expect(lines).toContain('help\tdisplay help for command');
    expect(lines.filter((line) => line.startsWith('complete\t'))).toEqual([]);
  });

  it.each<readonly [readonly string[], readonly string[]]>([
    [['re'], ['words', 'review', 'remove']],
    [
      ['help', 'exp'],
      ['words', 'exposure', 'explain'],
    ],
    [['--v'], ['words', '--version']],
    [
      ['bootstrap', '-'],
      ['words', '--user', '--allow', '--reader', '--help'],
    ],
    [
      ['review', '--format', ''],
      ['words', 'text', 'markdown', 'html', 'json', 'sarif'],
    ],
    [
      ['review', '--format=', 'plan', '--format', 'j'],
      ['words', 'json'],
    ],
    [
      ['review', '--format=m'],
      ['words', '--format=markdown'],
    ],
    [['review', '--format', 'text,'], ['words']],
    [
      ['exposure', '--fail-on', ''],
      ['words', 'reachable', 'unknown'],
    ],
    [
      ['review', '--fail-on', 'opened,mo'],
      ['words', 'opened,moved'],
    ],
    [
      ['exposure', '--fail-on=unknown,'],
      ['words', '--fail-on=unknown,reachable'],
    ],
    [
      ['completion', ''],
      ['words', 'bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], ['words']],
    [
      ['explain', 'cli/several-d'],
      ['words', 'cli/several-devices'],
    ],
    [
      ['explain', 'ports/mysql-'],
      ['words', 'ports/mysql-public'],
    ],
    [['review', ''], ['files']],
    [['review', 'a', 'b'], ['files']],
    [['review', '--out', ''], ['files']],
    [['review', '--out=x'], ['files']],
    [['review', '--', '--format', 'x'], ['files']],
    [['verify', '--stack', ''], ['files']],
    [['text', 'gw1', ''], ['files']],
    [['import', '-o', ''], ['files']],
    [
      ['exposure', '--service', 'mys'],
      ['words', 'mysql'],
    ],
    [
      ['exposure', '--service=https,rpcb'],
      ['words', '--service=https,rpcbind'],
    ],
    [['exposure', '--service', 'mysql,mysq'], ['words']],
    [
      ['exposure', '--start', 'outside,'],
      ['words', 'outside,inside', 'outside,server', 'outside,localhost'],
    ],
    [['exposure', '--facts', ''], ['files']],
    [['exposure', '--port', ''], ['words']],
    [['review', '--mumbo=x'], ['words']],
    [['mumbo', ''], ['words']],
    [['constructor', ''], ['words']],
    [['review', "'--fo"], ['files']],
  ])('%j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('are the devices of the synthesized stacks, each once with its owners; owners as well', () => {
    expect(answer(['text', ''])).toEqual(['words', 'gw1\tgateway shop, gateway mail']);
    expect(answer(['doctor', '203.0.113.10:443', '--gateway', 'g'])).toEqual([
      'words',
      'gw1\tgateway shop, gateway mail',
    ]);
    expect(answer(['forget', 'gw1', '--owner', 's'])).toEqual(['words', 'shop\tgateway gw1']);
  });

  it("are empty if the stacks can't be read or don't exist", () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'cdk.tf.json'), '{');
    for (const cwd of [broken, folder])
      expect(asked(['verify', ''], cwd)).toEqual({ status: 0, out: 'words\n', said: '' });
  });

  it('are harmless for words of no command', () => {
    for (const words of [
      [],
      [''],
      ['\n', ''],
      ['review', '"', '`id`', '$(id)', '--fail-on', "'"],
      ['--help', '--version', 'x'],
    ])
      expect(asked(words)).toEqual({ status: 0, out: expect.stringMatching(/^words\n/), said: '' });
  });

  it('are the same without the table of the build', () => {
    const before = answer(['']);
    const [table, away] = [join(built, 'cli/completion.json'), join(folder, 'completion.json')];
    renameSync(table, away);
    try {
      expect(answer([''])).toEqual(before);
      expect(offered('explain', 'cli/several-d')).toEqual(['words', 'cli/several-devices']);
    } finally {
      renameSync(away, table);
    }
  });
});

const every = (all: CommandDefinition): readonly CommandDefinition[] => [all, ...all.commands.flatMap(every)];

describe('the definitions', () => {
  const values = every(describeCommand(createProgram([]))).flatMap((one) => [
    ...one.arguments,
    ...one.options.flatMap(({ value }) => value ?? []),
  ]);

  it('use one argument name each for files, devices, owners, codes and commands', () => {
    const names = values.filter(({ choices }) => choices.length === 0).map(({ name }) => name);
    // These have no candidates: users type them. Check whether a new name stands for a file.
    const TYPED = [
      'address',
      'addresses',
      'fact',
      'fingerprint',
      'lines',
      'name',
      'port',
      'ports',
      'text',
      'token',
      'version',
      'words',
    ];
    const OFFERED = ['code', 'command', 'device', 'file', 'folder', 'owner', 'places', 'plan', 'services', 'source'];
    expect([...new Set(names)].sort()).toEqual([...OFFERED, ...TYPED].sort());
  });

  it('have choices that all shells read alike', () => {
    for (const choice of values.flatMap(({ choices }) => choices)) expect(choice).toMatch(/^[a-z0-9-]+$/);
  });

  it('are in the build, and so in the package', () => {
    expect(readFileSync(join(ROOT, 'scripts/build.sh'), 'utf8')).toContain('cli/completion.json');
  });
});
