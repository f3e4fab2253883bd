// Tests that shellcheck finds nothing in the text of the agent.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgent, renderInstallScript } from '../../driver/agent-program';

const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the text of the agent', () => {
  const file = join(folder, 'program');
  const install = join(folder, 'install');
  writeFileSync(file, loadAgent().text);
  writeFileSync(install, renderInstallScript(loadAgent(), 'deploy'));

  // scripts/lint.sh checks the agent alone.
  test('passes shellcheck', () => {
    for (const script of [file, install]) {
      const { stdout, stderr, error } = spawnSync('shellcheck', ['-s', 'sh', script], { encoding: 'utf8' });
      expect(error ?? stdout + stderr).toBe('');
    }
  });
});
