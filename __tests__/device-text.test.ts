import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceProgram, installScript } from '../driver/program';

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
