// Tests that `import --project` writes a whole project around the imported stack, or nothing if anything is wrong.

import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Printed, builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand('pipelines');
const folder = temporaryFolder();

const BOX = join(__dirname, '../platforms/pfsense/wild/outbound.xml');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL6LcQrNEdyKy2pE6vCg0KwVvAb5+KqpJX8YMH2ZAj0D';
const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif "lo" accept
    ct state established accept
    ip saddr 192.0.2.0/24 tcp dport 22 accept
    tcp dport { 80, 443 } accept
  }
}
2: eth0    inet 198.51.100.50/24 scope global eth0
default via 198.51.100.1 dev eth0
`;

const run = (words: readonly string[], input = ''): Printed =>
  typed(built, ['import', ...words], { cwd: folder, input });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const filesIn = (name: string): readonly string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();
const AROUND = ['.gitignore', 'cdktf.json', 'cpanel-edge.rules.json', 'main.ts', 'package.json', 'tsconfig.json'];
const sorted = (files: readonly string[]): readonly string[] => [...files].sort();

describe('cpanel-edge import --project', () => {
  it('writes a project around a gateway, and prints the next commands', () => {
    const { out, said } = run([BOX, '--project', 'a', '--host-key', KEY]);
    expect(said).toBe('');
    expect(out.split('\n').slice(2)).toEqual([
      'all of it: a/edge1.report.md',
      'SSH goes to 10.0.1.1: where that is wrong, change it in edge1.ts',
      'Next:',
      '  cd a',
      '  npm install PATH/cpanel-edge-3.2.1.tgz    # where this command is from; npm install alone, once npm has this version',
      '  npm test',
      '  npm run plan && npm run review                 # with Terraform',
      '',
    ]);
    const own = ['__tests__/edge1.test.ts', 'edge1.captured.xml', 'edge1.report.md', 'edge1.ts'];
    expect(filesIn('a')).toEqual(sorted([...AROUND, ...own, '.github/workflows/cpanel-edge.yml']));
    expect(read('a/edge1.ts')).toContain(KEY);
    expect(JSON.parse(read('a/package.json'))).toMatchObject({
      dependencies: { 'cpanel-edge': '3.2.1' },
      scripts: { plan: expect.stringContaining('-chdir=cdktf.out/stacks/edge1 plan') },
    });
    expect(read('a/main.ts')).toContain("new Edge1Stack(app, 'edge1');");
  });

  it('--framework cdktn: the stack and the files around it import cdktn', () => {
    expect(run([BOX, '--project', 'n', '--host-key', KEY, '--framework', 'cdktn']).said).toBe('');
    for (const path of ['edge1.ts', 'main.ts', '__tests__/edge1.test.ts'])
      expect(read(`n/${path}`).match(/from 'cdkt[fn]'/g)).toEqual(["from 'cdktn'"]);
    expect(read('n/edge1.report.md')).toContain('`npx cdktn diff edge1`');
    expect(run(['-', '-o', 'o', '--platform-version', '1.0.6', '--framework', 'cdktn'], RULES).said).toBe('');
    expect(read('o/web1.ts')).toContain("from 'cdktn'");
  });

  it('writes a project around a server, and says that its host key is a placeholder', () => {
    const { status, out } = run(
      ['-', '--project', 'b c', '--platform-version', '1.0.6', '--pipeline', 'gitlab'],
      RULES,
    );
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(
        /^Examples, so change them in web1\.ts before[^]*^ {2}host-key ssh-ed25519 [^]*^ {2}cd 'b c'$/m,
      ),
    ]);
    expect(filesIn('b c')).toEqual(
      sorted([...AROUND, '__tests__/web1.test.ts', 'web1.report.md', 'web1.ts', '.gitlab-ci.yml']),
    );
    expect((JSON.parse(read('b c/cpanel-edge.rules.json')) as { allowed: unknown }).allowed).toEqual([
      { services: ['ssh'], from: ['192.0.2.0/24'] },
      { services: ['http', 'https'] },
    ]);
  });

  it('overwrites nothing, and reports all problems at once', () => {
    mkdirSync(join(folder, 'd'));
    for (const name of ['main.ts', 'edge1.ts', 'web1.ts']) writeFileSync(join(folder, 'd', name), 'mine');
    const places = ({ said }: Printed): unknown =>
      said.match(/^[a-z]+\/\S+ at \S+|(?<=There are such files already: ).*/gm);
    const gateway = run([BOX, '--project', 'd', '--host-key', 'SHA256:abc']);
    expect([gateway.status, places(gateway)]).toEqual([
      2,
      ['intent/bad-host-key at --host-key:', 'cli/file-there at d:', 'main.ts, edge1.ts.'],
    ]);
    const server = run(['-', '--project', 'd', '--host-key', 'SHA256:abc'], RULES);
    expect([server.status, places(server)]).toEqual([
      2,
      [
        'intent/bad-host-key at --host-key:',
        'cli/file-there at d:',
        'main.ts, web1.ts.',
        'import/unknown-version at --platform-version:',
      ],
    ]);
    expect(filesIn('d')).toEqual(['edge1.ts', 'main.ts', 'web1.ts']);
    expect(read('d/main.ts')).toBe('mine');
    expect(run([BOX, '--project', 'd', '--force']).said).toBe('');
    expect(read('d/main.ts')).toContain('Edge1Stack');
    expect(read('d/web1.ts')).toBe('mine');
  });

  it("leaves nothing behind if a file can't be written", () => {
    mkdirSync(join(folder, 'e'));
    writeFileSync(join(folder, 'e', '__tests__'), 'a file');
    const { status, said } = run([BOX, '--project', 'e']);
    expect([status, said]).toEqual([2, expect.stringMatching(/^cli\/file-unwritable at e\/__tests__: /)]);
    expect(filesIn('e')).toEqual(['__tests__']);
  });

  it("leaves existing files as they were if one can't be overwritten", () => {
    mkdirSync(join(folder, 'f'));
    const mine = ['main.ts', 'edge1.ts', 'package.json'];
    for (const name of mine) writeFileSync(join(folder, 'f', name), 'mine');
    writeFileSync(join(folder, 'f', '__tests__'), 'a file');
    const { status, said } = run([BOX, '--project', 'f', '--force']);
    expect([status, said]).toEqual([2, expect.stringMatching(/^cli\/file-unwritable at f\/__tests__: /)]);
    expect(filesIn('f')).toEqual(sorted([...mine, '__tests__']));
    expect(mine.map((name) => read(`f/${name}`))).toEqual(mine.map(() => 'mine'));
  });
});
