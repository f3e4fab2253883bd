// Tests the text of the agent: it uses no variable that a caller may have set, names its protocol number, and works
// with the sudoers line that the docs show.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DELIVERY_COMMANDS,
  READ_COMMANDS,
  renderBootstrapScript,
  loadAgent,
  renderInstallScript,
} from '../../driver/agent-program';

const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the text of the agent', () => {
  const file = join(folder, 'program');
  const install = join(folder, 'install');
  writeFileSync(file, loadAgent().text);
  writeFileSync(install, renderInstallScript(loadAgent(), 'deploy'));

  test.each([
    ['dash', ['-n']],
    ['bash', ['--posix', '-n']],
  ] as const)('passes %s', (tool, options) => {
    for (const script of [file, install]) {
      const { stdout, stderr, error } = spawnSync(tool, [...options, script], { encoding: 'utf8' });
      expect(error ?? stdout + stderr).toBe('');
    }
  });

  test('reads no variable that only the caller may have set', () => {
    expect(loadAgent().text.match(/\$\{[A-Za-z_]\w*-[^}]*\}/g)).toBe(null);
  });

  test('names its protocol', () => expect(loadAgent().protocol).toBeGreaterThanOrEqual(1));
});

test('the script that first-gateway.md shows writes the sudoers line that the page shows', () => {
  const page = readFileSync(join(__dirname, '../../docs/tutorials/first-gateway.md'), 'utf8');
  const [, options = ''] = /npx cpanel-edge bootstrap (.*)> bootstrap\.sh .* and one sudoers line$/m.exec(page)!;
  const [, user] = /^--user (\w+) $/.exec(options) ?? [];
  expect(page).toContain(`${user}@gateway sudo sh bootstrap.sh`);
  expect(renderBootstrapScript(user)).toContain(
    `echo '${user} ALL=(root) NOPASSWD: EXEC: /usr/local/sbin/cpanel-edge-device protocol, `,
  );
  expect(renderBootstrapScript()).not.toContain('NOPASSWD');
});

describe('sudo lets a login run the commands of a delivery, one by one', () => {
  const known = (pattern: RegExp, system?: string): readonly string[] =>
    [...loadAgent(system).text.matchAll(pattern)].flatMap(([, words]) =>
      [...words!.matchAll(/[a-z]+/g)].map(([word]) => word),
    );

  test.each([
    ['linux', () => known(/^ {4}([a-z]+)\) command_\1 /gm), ['undo', 'boot', 'rules', 'service', 'addresses', 'units']],
    ['pfsense', () => known(/^const COMMANDS = \[([^\]]*)\]/gm, 'pfsense'), ['undo', 'boot', 'wait', 'reload']],
  ])('on %s: all but those of the boot, the timer and the services', (_, commands, own) => {
    expect([...commands()].sort()).toEqual([...READ_COMMANDS, ...DELIVERY_COMMANDS, ...own].sort());
  });

  test('each by its name, with arguments only if the command takes some', () => {
    const [, line = ''] =
      /^echo 'deploy ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules" \|\| unwritten$/m.exec(
        renderInstallScript(loadAgent(), 'deploy'),
      ) ?? [];
    const commands = line.split(', ').map((command) => command.replace('/usr/local/sbin/cpanel-edge-device ', ''));
    expect(commands).toEqual([...READ_COMMANDS, ...DELIVERY_COMMANDS.map((word) => `${word} *`)]);
  });
});
