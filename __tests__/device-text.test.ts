import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapScript, deviceProgram, installScript } from '../driver/program';

const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the text of the device program', () => {
  const file = join(folder, 'program');
  const install = join(folder, 'install');
  writeFileSync(file, deviceProgram().text);
  writeFileSync(install, installScript(deviceProgram(), 'deploy'));

  test.each([
    ['shellcheck', ['-s', 'sh']],
    ['dash', ['-n']],
    ['bash', ['--posix', '-n']],
    ['busybox', ['sh', '-n']],
  ] as const)('passes %s', (tool, options) => {
    for (const script of [file, install]) {
      const { stdout, stderr, error } = spawnSync(tool, [...options, script], { encoding: 'utf8' });
      expect(error ?? stdout + stderr).toBe('');
    }
  });

  test('names its protocol', () => expect(deviceProgram().protocol).toBeGreaterThanOrEqual(1));
});

test('the script that first-gateway.md has an administrator run writes the sudoers line that it says', () => {
  const page = readFileSync(join(__dirname, '../docs/first-gateway.md'), 'utf8');
  const [, options = ''] = /npx cpanel-edge bootstrap (.*)> bootstrap\.sh .* and one sudoers line$/m.exec(page)!;
  const [, user] = /^--user (\w+) $/.exec(options) ?? [];
  expect(page).toContain(`${user}@gateway sudo sh bootstrap.sh`);
  expect(bootstrapScript(user)).toContain(`echo '${user} ALL=(root) NOPASSWD: /usr/local/sbin/cpanel-edge-device'`);
  expect(bootstrapScript()).not.toContain('NOPASSWD');
});
