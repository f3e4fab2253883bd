// Tests scripts/test/contained.sh: it ends with the status of its command, and leaves no process, mount or network
// namespace if it is killed.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const CONTAINED = join(__dirname, '../../scripts/test/contained.sh');
const canContain = spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0;

describeWhere(
  canContain,
  'a contained command',
  'root on Linux',
)('a contained command', () => {
  const folder = temporaryFolder();
  const hosts = (): string => readFileSync('/proc/mounts', 'utf8');

  test('has the status of what it runs', () => {
    for (const status of [0, 7]) expect(spawnSync('sh', [CONTAINED, 'sh', '-c', `exit ${status}`]).status).toBe(status);
  });

  test('leaves no process, mount or network namespace when it is ended in its middle', async () => {
    const makes = `mount -t tmpfs cpe-contained ${folder} && ip netns add cpe-contained && { sleep 600 & } && { setsid sleep 601 & } && echo made && sleep 602`;
    const child = spawn('sh', [CONTAINED, 'sh', '-c', makes], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    // Every process that it started had its standard output, so the pipe closes with the last one.
    await closed;
    expect(hosts()).not.toContain('cpe-contained');
    expect(existsSync('/run/netns/cpe-contained')).toBe(false);
  });
});
