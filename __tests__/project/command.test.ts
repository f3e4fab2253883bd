// Tests the command `init`: which files it writes, which values it makes up and reports, and that it writes nothing if
// one is wrong or exists.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Printed, builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const ROOT = join(__dirname, '../..');
const built = builtCommand('pipelines');
const folder = temporaryFolder();

const init = (words: readonly string[]): Printed => typed(built, ['init', ...words], { cwd: folder });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const FILES = [
  '__tests__/edge.test.ts',
  '.gitignore',
  'cdktf.json',
  'cpanel-edge.rules.json',
  'edge.ts',
  'main.ts',
  'package.json',
  'tsconfig.json',
];

const filesIn = (name: string): readonly string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();

const sorted = (files: readonly string[]): readonly string[] => [...files].sort();

describe('cpanel-edge init without a terminal', () => {
  it("writes a project, and lists the values that weren't given", () => {
    const { status, out, said } = init([
      'a',
      '--owner',
      'shop',
      '--public-address',
      '203.0.113.20',
      '--services',
      'https',
    ]);
    expect([status, said]).toEqual([0, '']);
    expect(filesIn('a')).toEqual(sorted([...FILES, '.github/workflows/cpanel-edge.yml']));
    expect(read('a/.github/workflows/cpanel-edge.yml')).toBe(
      readFileSync(join(ROOT, 'pipelines/github/cpanel-edge.yml'), 'utf8'),
    );
    expect(read('a/edge.ts')).toContain("owner: 'shop'");
    expect(JSON.parse(read('a/package.json'))).toMatchObject({ dependencies: { 'cpanel-edge': '3.2.1' } });
    const lines = out.split('\n');
    expect(lines[1]).toBe('Examples, so change them in edge.ts, its test and the rules before anything is delivered:');
    expect(lines).toContain('  gateway-host 203.0.113.2');
    expect(lines).toContain('  management 198.51.100.0/24');
    expect(out).not.toMatch(/^ {2}(owner|public-address|services) /m);
    expect(lines.slice(-6)).toEqual([
      'Next:',
      '  cd a',
      '  npm install PATH/cpanel-edge-3.2.1.tgz    # where this command is from; npm install alone, once npm has this version',
      '  npm test',
      '  npm run plan && npm run review                 # with Terraform',
      '',
    ]);
  });

  it("doesn't take an unset variable for the folder", () => {
    const before = filesIn('.');
    const { status, said } = init(['', '--yes']);
    expect([status, said]).toEqual([
      2,
      "cli/bad-argument at cpanel-edge init: Command-argument value '' is invalid for argument 'folder'. it is empty, as a variable that is not set; the folder here is \".\".\n" +
        '  instead: cpanel-edge init --help says what there is.\n',
    ]);
    expect(filesIn('.')).toEqual(before);
  });

  it('overwrites nothing: names every existing file and writes none', () => {
    mkdirSync(join(folder, 'b'));
    for (const name of ['main.ts', '.gitlab-ci.yml', 'other']) writeFileSync(join(folder, 'b', name), 'mine');
    const { status, said } = init(['b', '--pipeline', 'gitlab']);
    expect(status).toBe(2);
    expect(said).toMatch(
      /^cli\/file-there at b: There are such files already: main\.ts, \.gitlab-ci\.yml\.\n {2}instead: .*\n$/,
    );
    expect(filesIn('b')).toEqual(['.gitlab-ci.yml', 'main.ts', 'other']);
    expect(read('b/main.ts')).toBe('mine');
  });

  it('writes nothing if a value is wrong, and names all wrong ones', () => {
    const { status, out, said } = init(['c', '--owner', 'Shop', '--services', 'htps', '--gateway-platform', 'toaster']);
    expect([status, out]).toEqual([2, '']);
    expect(said.match(/^\S+ at \S+/gm)).toEqual([
      'intent/bad-name at --owner:',
      'intent/unknown-platform at --gateway-platform:',
      'intent/unknown-service at --services:',
    ]);
    expect(existsSync(join(folder, 'c'))).toBe(false);
  });

  it("leaves nothing behind if a file can't be written", () => {
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'd', '__tests__'), 'a file');
    const { status, said } = init(['d']);
    expect([status, said]).toEqual([2, expect.stringMatching(/^cli\/file-unwritable at d\/__tests__: /)]);
    expect(filesIn('d')).toEqual(['__tests__']);
  });

  it("refuses a folder that can't be made", () => {
    for (const where of ['/proc/cpanel-edge/edge', 'd/__tests__/edge'])
      expect(init([where])).toMatchObject({
        status: 2,
        said: expect.stringMatching(/^cli\/file-unwritable at .*: It can't be made: /),
      });
  });

  test.each([
    ['gitlab', ['.gitlab-ci.yml']],
    ['none', []],
  ])('--pipeline %s', (pipeline, beside) => {
    expect(init([pipeline, '--pipeline', pipeline]).status).toBe(0);
    expect(filesIn(pipeline)).toEqual(sorted([...FILES, ...beside]));
    for (const file of beside)
      expect(read(`${pipeline}/${file}`)).toBe(
        readFileSync(join(ROOT, 'pipelines', pipeline, 'cpanel-edge.yml'), 'utf8'),
      );
  });

  it('--stacks apart: gateways and servers have a stack each', () => {
    expect(init(['apart', '--stacks', 'apart']).status).toBe(0);
    expect(filesIn('apart')).toEqual(sorted([...FILES, '.github/workflows/cpanel-edge.yml']));
    expect(read('apart/edge.ts').match(/new TerraformStack\(app, '\w+'\)/g)).toHaveLength(2);
    expect(read('apart/main.ts')).toContain('new EdgeStacks(app);');
    const refused = init(['other', '--stacks', 'two']);
    expect([refused.status, refused.said.includes('one, apart')]).toEqual([2, true]);
  });

  it('--framework cdktn: every file uses it, and the workflow runs its command', () => {
    expect(init(['cdktn', '--framework', 'cdktn', '--stacks', 'apart']).status).toBe(0);
    for (const path of ['edge.ts', 'main.ts', '__tests__/edge.test.ts'])
      expect(read(`cdktn/${path}`).match(/from 'cdkt[fn]'/g)).toEqual(["from 'cdktn'"]);
    expect(JSON.parse(read('cdktn/package.json'))).toMatchObject({
      scripts: { synth: 'cdktn synth', plan: expect.stringMatching(/^cdktn synth && terraform /) },
      dependencies: { cdktn: '0.24.0', constructs: '10.7.2' },
      devDependencies: { 'cdktn-cli': '0.24.0' },
    });
    expect(read('cdktn/package.json')).not.toMatch(/"cdktf/);
    expect(read('cdktn/.github/workflows/cpanel-edge.yml').match(/ cdkt[fn] synth/g)).toEqual([
      ' cdktn synth',
      ' cdktn synth',
    ]);
    expect(init(['other', '--framework', 'cdktm', '--owner', 'Shop'])).toMatchObject({
      status: 2,
      said: expect.stringMatching(
        /^intent\/unknown-choice at --framework: "cdktm" is not one of the choices\.\n {2}instead: "cdktf" or "cdktn"\.\nintent\/bad-name at --owner/,
      ),
    });
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  it('agrees with first-gateway.md in flags, files and scripts', () => {
    const page = readFileSync(join(ROOT, 'docs/tutorials/first-gateway.md'), 'utf8');
    expect(page).toMatch(/cpanel-edge init edge .*\n {4}cd edge\n/);
    expect(init(['edge']).status).toBe(0);
    const { scripts } = JSON.parse(read('edge/package.json')) as { scripts: Record<string, string> };
    const named = [...page.matchAll(/npm (?:run )?(test|synth|plan|review)\b/g)].map(([, script]) => script!);
    expect(Object.keys(scripts).filter((script) => !named.includes(script))).toEqual([]);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
    expect(init(['--help']).out).toContain('--pipeline <provider>');
  });
});
