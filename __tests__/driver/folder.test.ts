// Tests the temporary folder of ssh's files: where it is, that leftovers of killed runs are removed and folders of
// others stay, and that a full disk is named.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunFolder } from '../../driver/run-folder';
import { builtCommand } from '../built-command';
import { canHaveDevice } from '../agent/machine';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { connectionOf } from './samples';

// The folder with the files of a run's connections.

const top = temporaryFolder();
const temporary = (name: string): string => {
  mkdirSync(join(top, name));
  return join(top, name);
};
const runsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('cpanel-edge-run-'));

/** Creates what a killed run left, as it wrote it. */
async function left(folder: string, change: (whose: string) => string = (whose) => whose): Promise<string> {
  const run = await createRunFolder({ TMPDIR: folder });
  const file = join(run, 'process');
  const { pid } = spawnSync('true');
  writeFileSync(file, change(readFileSync(file, 'utf8').replace(/^\d+/, String(pid))));
  return run;
}

test('is in TMPDIR and names its process', async () => {
  const folder = temporary('plain');
  const run = await createRunFolder({ TMPDIR: folder });
  expect(run.startsWith(join(folder, 'cpanel-edge-run-'))).toBe(true);
  expect(readFileSync(join(run, 'process'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
});

test.each(['100%', 'feature%2Fone', 'two words', 'quote"', "tick'", 'a$HOME', 'back\\slash', 'semi;colon'])(
  "isn't in a TMPDIR that ssh or its shell would misread: %s",
  async (name) => {
    const run = await createRunFolder({ TMPDIR: temporary(name) });
    expect(run).toMatch(/^\/tmp\/cpanel-edge-run-[A-Za-z0-9]+$/);
    rmSync(run, { recursive: true });
  },
);

test('a missing TMPDIR is refused by name', async () => {
  await expect(createRunFolder({ TMPDIR: join(top, 'nowhere') })).rejects.toThrow(/^driver\/no-folder at .*nowhere: /);
});

describe('folders left by killed runs', () => {
  test('are removed by the next run', async () => {
    const folder = temporary('killed');
    const killed = await left(folder);
    const next = await createRunFolder({ TMPDIR: folder });
    expect([existsSync(killed), runsIn(folder)]).toEqual([false, [next.slice(folder.length + 1)]]);
  });

  test.each<[string, (whose: string) => string]>([
    ['of a running process', () => `${process.ppid} ${readFileSync('/proc/sys/kernel/hostname', 'utf8')}`],
    ['of another machine', (whose) => whose.replace(/ .*/, ' elsewhere pid:[1]')],
    ['of another container', (whose) => whose.replace(/pid:\[\d+\]/, 'pid:[1]')],
    ['without a process', () => ''],
    ['with an invalid number', (whose) => whose.replace(/^\d+/, '-1')],
    ['with the number 0, which stands for all', (whose) => whose.replace(/^\d+/, '0')],
  ])('stay with a process file %s', async (_, change) => {
    const folder = temporary(`kept-${Math.random()}`);
    const kept = await left(folder, (whose) => (change === undefined ? whose : change(whose)));
    await createRunFolder({ TMPDIR: folder });
    expect(existsSync(kept)).toBe(true);
  });

  test('stay if they only have such a name: a link, a file, another prefix', async () => {
    const folder = temporary('others');
    const real = await left(temporary('elsewhere'));
    symlinkSync(real, join(folder, 'cpanel-edge-run-abcdef'));
    writeFileSync(join(folder, 'cpanel-edge-run-ghijkl'), '1 x');
    mkdirSync(join(folder, 'cpanel-edge-notes'));
    writeFileSync(join(folder, 'cpanel-edge-notes', 'process'), readFileSync(join(real, 'process')));
    await createRunFolder({ TMPDIR: folder });
    expect([existsSync(join(real, 'process')), readdirSync(folder).length]).toEqual([true, 4]);
  });

  test('stay if they belong to another user', async () => {
    const folder = temporary('foreign');
    const theirs = await left(folder);
    if (spawnSync('chown', ['nobody', theirs]).status !== 0) return;
    await createRunFolder({ TMPDIR: folder });
    expect(existsSync(theirs)).toBe(true);
  });
});

describeWhere(
  canHaveDevice,
  'runs whose disk is full',
  'root on Linux',
)('a runner with a full disk', () => {
  const built = builtCommand();

  // Each file takes a page of 4 KiB.
  test.each([0, 1, 2])('with room for %d files: the run is refused by name and leaves nothing', (room) => {
    writeFileSync(join(top, 'gw.json'), JSON.stringify(connectionOf({ port: 1 })));
    const script = `mount -t tmpfs -o size=16k none /mnt && head -c ${(4 - room) * 4096} /dev/zero >/mnt/other; ls /mnt
      TMPDIR=/mnt "$0" "$1" verify gw --connection "$2" 2>&1; ls /mnt`;
    const words = [
      '--mount',
      'sh',
      '-c',
      script,
      process.execPath,
      join(built, 'cli', 'main.js'),
      join(top, 'gw.json'),
    ];
    const { stdout } = spawnSync('unshare', words, { encoding: 'utf8' });
    expect(stdout).toMatch(
      /^other\ndriver\/no-folder at \/mnt: The files that ssh reads can't be written there: ENOSPC: [^\n]*\n[^\n]* and has room\.\nNothing was changed on any device\. Mend that, and ask again\.\nother\n$/,
    );
  });
});
