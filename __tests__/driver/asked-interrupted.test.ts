// Tests that commands which only ask devices (`verify`, `doctor` and others) end by the signal that interrupts them,
// with one line and without a running ssh.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wordsOf } from '../../lab/process';
import { builtCommand } from '../built-command';
import { addFullRows } from '../tier';
import { temporaryFolder } from '../temporary-folder';
import { holdersOf, MAIL } from './doctor/samples';
import { eventually } from './eventually';
import { projectIn, stackText } from './projects';
import { connectionOf, releaseOf } from './samples';

// Commands that only ask devices, and their message when they are interrupted.

const built = builtCommand();
const folder = temporaryFolder();
const begun = join(folder, 'begun');

let root = '';
beforeAll(() => {
  const [edge, servers] = holdersOf(MAIL).map(({ release }) => release!);
  root = projectIn(join(folder, 'mail'), {
    edge: stackText(edge!, connectionOf({}), 'edge'),
    servers: stackText(servers!, connectionOf({}), 'servers'),
  });
  // A device that accepts the connection and never answers.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin', 'ssh'),
    `#!/bin/sh\n[ "$1" = -V ] && exit 0\necho $$ >>'${begun}'\nexec sleep 300\n`,
  );
  chmodSync(join(folder, 'bin', 'ssh'), 0o755);
});

/**
 * Returns whether the process with this number is one of our `ssh`. Numbers are reused, and an ended process may wait
 * for its parent.
 */
function isOurs(pid: string): boolean {
  const words = wordsOf(Number(pid));
  return words.includes(join(folder, 'bin', 'ssh')) || words.join(' ').trim() === 'sleep 300';
}

/** Returns the processes of the connections that were started last. */
const lasting = (): readonly string[] => readFileSync(begun, 'utf8').trim().split('\n').filter(isOurs);

/** Interrupts the process group, as Ctrl-C in a terminal does. */
async function interrupted(
  words: readonly string[],
  signal: NodeJS.Signals = 'SIGINT',
  cwd = root,
): Promise<readonly unknown[]> {
  rmSync(begun, { force: true });
  const typed = spawn(process.execPath, [join(built, 'cli', 'main.js'), ...words], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: process.env['HOME'] },
  });
  let [out, said] = ['', ''];
  typed.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  typed.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  expect(await eventually(() => existsSync(begun))).toBe(true);
  process.kill(-typed.pid!, signal);
  const [, by] = (await once(typed, 'close')) as [number | null, NodeJS.Signals | null];
  const haveEnded = await eventually(() => lasting().length === 0);
  for (const pid of lasting()) process.kill(Number(pid));
  expect(haveEnded).toBe(true);
  return [by, out, said];
}

const OWNER = ['--owner', 'hosting', '--lease', 'lease-1'];
const NOTHING = 'Interrupted: nothing was changed on any device.';

test.each(
  addFullRows<readonly [string, readonly string[], string]>(
    [
      ['verify of several, once', ['verify'], NOTHING],
      [
        'accept',
        ['accept', 'edge', 'f'.repeat(64)],
        'Interrupted: what runs on edge was not changed. Whether the edits are accepted is not known: the same again makes sure.',
      ],
      [
        'forget, after the device got the command',
        ['forget', 'edge', ...OWNER],
        'Interrupted: its rules were not changed. Whether the owner is forgotten is not known; what the device says: ',
      ],
    ],
    [
      ['verify', ['verify', 'edge'], NOTHING],
      ['doctor', ['doctor', '203.0.113.10'], NOTHING],
      ['capture', ['capture', 'edge', '--out', 'x.txt'], `${NOTHING} Nothing was written.`],
      [
        'forget, before the device got the command',
        ['forget', 'edge', '--owner', 'other', '--lease', 'lease-1'],
        NOTHING,
      ],
    ],
  ),
)('%s: prints one line and ends by the signal', async (_, words, line) => {
  const [by, out, said] = (await interrupted(words)) as [string, string, string];
  expect([by, out]).toEqual(['SIGINT', '']);
  expect(said.startsWith(line)).toBe(true);
  expect(said.split('\n')).toHaveLength(2);
  expect(said.slice(line.length)).toMatch(line.endsWith(' ') ? /^\S.*verify edge/ : /^\n$/);
});

test("ends as well if a runner's time is over", async () =>
  expect(await interrupted(['verify', 'edge'], 'SIGTERM')).toEqual(['SIGTERM', '', `${NOTHING}\n`]));

test('removal of many devices starts no further one, and says so in one line', async () => {
  const names = Array.from({ length: 12 }, (_, at) => `gw${at + 1}`);
  const stacks = names.map((device) => [device, stackText(releaseOf({ device }), connectionOf({}), device)]);
  const many = projectIn(join(folder, 'many'), Object.fromEntries(stacks) as Record<string, string>);
  const owners = [{ owner: 'web', role: 'gateway', ownerToken: 'lease-1' }];
  writeFileSync(
    join(many, 'live.json'),
    JSON.stringify({ schema: 2, devices: names.map((device) => ({ device, owners })) }),
  );
  const [by, out] = (await interrupted(
    ['retract', '--owner', 'web', '--live', 'live.json', '--all'],
    'SIGINT',
    many,
  )) as [string, string];
  expect(by).toBe('SIGINT');
  expect(out.match(/^web on gw\d was not removed\.$/gm)).toHaveLength(8);
  expect(out).toMatch(
    /\nInterrupted; nothing of web was begun on gw9, gw10, gw11, gw12: the same command again\.\nweb is removed from 0 of 12 devices\.\n$/,
  );
});
