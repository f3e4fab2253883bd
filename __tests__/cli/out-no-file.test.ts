// Tests `-o` with a path that is no plain file: pipes and links are written through and stay what they are, and a full
// disk is reported.

import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();

const captured = readFileSync(join(__dirname, '../platforms/pfsense/captures/secrets.captured.xml'), 'utf8');
const run = (words: readonly string[], input: string) => typed(built, ['capture', ...words], { cwd: folder, input });

// All commands share this code; capture is used since it needs no device.
describe('-o with a path that is no plain file', () => {
  it('writes to a pipe and through a link, and both remain', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('behind.xml', join(folder, 'link'));
    writeFileSync(join(folder, 'behind.xml'), 'before');
    const command = `cat pipe >heard & '${process.execPath}' '${join(built, 'cli', 'main.js')}' capture - -o pipe; wait`;
    execFileSync('sh', ['-c', command], { cwd: folder, input: captured, timeout: 120_000 });
    expect(run(['-', '-o', 'link'], captured)).toMatchObject({ status: 0 });
    for (const name of ['heard', 'behind.xml']) expect(readFileSync(join(folder, name), 'utf8')).toBe(captured);
    expect([lstatSync(join(folder, 'pipe')).isFIFO(), lstatSync(join(folder, 'link')).isSymbolicLink()]).toEqual([
      true,
      true,
    ]);
  });

  it.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])('appends to the open file behind %s', (out) => {
    writeFileSync(join(folder, 'log'), 'before\n');
    const command = `'${process.execPath}' '${join(built, 'cli', 'main.js')}' capture - -o ${out} >>log; echo after >>log`;
    execFileSync('sh', ['-c', command], { cwd: folder, input: captured, timeout: 120_000 });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(`before\n${captured}after\n`);
  });
});

const device = join(folder, 'full');
const canMake = spawnSync('mknod', [device, 'c', '1', '7']).status === 0;
describeWhere(
  canMake,
  'a device that takes nothing',
  'root who may make device nodes',
)('-o with a device', () => {
  it('reports that no space is left, and keeps the device', () => {
    expect(run(['-', '-o', 'full'], captured)).toMatchObject({
      status: 2,
      out: '',
      said: expect.stringMatching(/^cli\/file-unwritable at full: It can't be written: there is no space left\./),
    });
    expect(lstatSync(device).isCharacterDevice()).toBe(true);
  });
});
