// Tests the front process that Terraform starts: what it loads, its exit status, and its report if the worker process
// is killed or nothing reads its output any more. Runs in part on a test device with the real agent.

import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgent } from '../../driver/agent-program';
import { RETRACT_VARIABLE } from '../../driver/remove-order';
import { FORGET_VARIABLE, OWNER_TOKEN_VARIABLE } from '../../lib/agent-protocol/work-codec';
import { RELEASE_FORMAT } from '../../lib/agent-protocol/release';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { builtCommand, heard, Said, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { tableText } from '../agent/stream';
import { eventually } from './eventually';
import { asksNothing, connectionOf, releaseOf, startedWith } from './samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { drawCases } from '../randomly';

const built = builtCommand();
const folder = temporaryFolder();
const run = (words: readonly string[], env: NodeJS.ProcessEnv = {}): Said => heard(typed(built, words, { env }));

// Terraform starts one process for each release, ten at a time.
test('the front process loads no parser, no generator and none of the other commands', () => {
  // The worker process is started with the same Node options.
  const counting = `if (process.argv[1].endsWith('main.js')) process.on('exit', () => console.log(Object.keys(require.cache).join('\\n')))`;
  writeFileSync(join(built, 'counting.cjs'), counting);
  const { stdout } = spawnSync(process.execPath, ['-r', './counting.cjs', join('cli', 'main.js'), 'deliver'], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
    cwd: built,
  });
  expect(stdout).toContain('/driver/front-process.js');
  expect(stdout.match(/\/lib\/(parse|generate|exposure|platforms\/[^/]+\/(parse|generate))\/.*/g) ?? []).toEqual([]);
  expect(stdout.match(/\/node_modules\/(?!commander\/).*/g) ?? []).toEqual([]);
  expect(stdout.match(/\/cli\/.*/g)).toEqual([
    '/cli/main.js',
    '/cli/commands.js',
    '/cli/command-errors.js',
    '/cli/package-files.js',
    '/cli/deliver.js',
  ]);
});

describe('the command', () => {
  const order = (parts: object = {}): string =>
    JSON.stringify({
      format: RELEASE_FORMAT,
      device: 'gw',
      owner: 'web',
      role: 'gateway',
      connection: connectionOf({ port: 1 }),
      ...parts,
    });

  test.each<[string, readonly string[], NodeJS.ProcessEnv, RegExp]>([
    ['deliver without anything', ['deliver'], {}, /^driver\/no-lease at CPANEL_EDGE_LEASE/],
    [
      'deliver without work',
      ['deliver'],
      { [OWNER_TOKEN_VARIABLE]: 'a' },
      /^delivering\/no-work at CPANEL_EDGE_WORK_0/,
    ],
    [
      'retract without an order',
      ['retract'],
      { [OWNER_TOKEN_VARIABLE]: 'a' },
      /^driver\/no-order at CPANEL_EDGE_RETRACT/,
    ],
    [
      'retract in another format',
      ['retract'],
      { [OWNER_TOKEN_VARIABLE]: 'a', [RETRACT_VARIABLE]: order({ format: 2 }) },
      /^driver\/foreign-format/,
    ],
    [
      'verify without a file',
      ['verify', '--connection', 'none.json'],
      {},
      /^cli\/connection-unreadable at none\.json: It can't be read: there is no such file/,
    ],
    ['accept of no fingerprint', ['accept', 'gw', 'x'], {}, /a fingerprint as verify prints it/],
    ['accept without a stack', ['accept', 'gw', 'a'.repeat(64)], {}, /^cli\/no-stack at cdktf\.out\/stacks/],
    ['bootstrap for an odd user', ['bootstrap', '--user', 'a;b'], {}, /a user name of letters/],
    ['an unknown command', ['delivr'], {}, /^cli\/no-such-command at cpanel-edge: Unknown command 'delivr'/],
  ])('%s: exits with 2, without a stack trace', (_, words, more, said) => {
    const answer = run(words, more);
    expect(answer.status).toBe(2);
    expect(answer.said).toMatch(said);
    expect(answer.said).not.toMatch(/^ {4}at /m);
  });

  test.each([
    ['help', 'deliver'],
    ['exposure', '--help'],
  ])('%s %s ends silently if its reader closes the pipe', (...words) => {
    const { stdout } = spawnSync(
      'sh',
      ['-c', '{ "$@" 2>&4 | :; } 4>&1', 'sh', process.execPath, join('cli', 'main.js'), ...words],
      {
        env: { PATH: process.env['PATH'] },
        encoding: 'utf8',
        cwd: built,
      },
    );
    expect(stdout).toBe('');
  });

  test("an output that can't be written gives exit 2 and one line", () => {
    const { stdout } = spawnSync(
      'sh',
      ['-c', '"$@" 2>&1 >/dev/full; echo "$?"', 'sh', process.execPath, join('cli', 'main.js'), 'help'],
      {
        env: { PATH: process.env['PATH'] },
        encoding: 'utf8',
        cwd: built,
      },
    );
    expect(stdout).toMatch(/^The output could not be written: ENOSPC[^\n]*\n2\n$/);
  });

  test('a device that is gone for ever is forgotten by name, and no other', () => {
    const lease = { [OWNER_TOKEN_VARIABLE]: 'a', [RETRACT_VARIABLE]: order() };
    const forgotten = run(['retract'], { ...lease, [FORGET_VARIABLE]: 'other/web, gw/web' });
    expect(forgotten.status).toBe(0);
    expect(forgotten.said).toMatch(/^gw was not contacted[^]*stay as they were, open ports included/);
    const kept = run(['retract'], { ...lease, [FORGET_VARIABLE]: 'gw/webb' });
    expect(kept.status).toBe(1);
    expect(kept.said).toMatch(
      /driver\/unreachable[^]*web on gw was not removed\.[^]*what it opens stays open[^]*CPANEL_EDGE_FORGET=gw\/web terraform destroy\. What the device runs: /,
    );
  });
});

const withDevice = describeWhere(canHaveDevice, 'front and worker on a device', 'root on Linux');

withDevice('front and worker', () => {
  let device: TestDevice;
  beforeAll(async () => {
    device = await TestDevice.start(folder);
    // A slow reading gives the test time to kill the front process while the release is armed.
    const slow = loadAgent().text.replace('command_read() {', 'command_read() {\n  sleep 20');
    device.run('cat >/usr/local/sbin/cpanel-edge-device', slow);
  });
  afterAll(() => device.stop());

  const work = (): NodeJS.ProcessEnv => {
    const parts = {
      text: tableText(1001, 'cpanel_edge_web_gw'),
      rollbackSeconds: 600,
      policy: encodePolicy(asksNothing()),
    };
    return startedWith(releaseOf(parts), device.connection());
  };
  const started = (
    stdio: 'pipe' | 'ignore' = 'pipe',
  ): { readonly front: ChildProcess; readonly said: () => string } => {
    let said = '';
    const front = spawn(process.execPath, [join(built, 'cli', 'main.js'), 'deliver'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...work() },
      stdio: ['ignore', stdio, 'ignore'],
      cwd: built,
    });
    front.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    return { front, said: () => said };
  };
  const until = async (what: string, holds: () => boolean): Promise<void> => {
    if (!(await eventually(holds))) throw new Error(`never happened: ${what}`);
  };
  const status = (): string => device.program('status');
  const undone = (): boolean =>
    /digest=none lease=none armed=none/.test(status()) || /^cpanel-edge: ok status/.test(status());

  test.each(drawCases(['SIGKILL', 'SIGTERM', 'SIGINT'] as const, 1))(
    'if the front process gets %s while the release is armed, it is rolled back long before the timer',
    async (signal) => {
      const { front, said } = started();
      await until('loaded', () => said().includes('loaded; the device rolls it back in 600 s'));
      expect(status()).toMatch(/armed=[0-9a-f]{32}/);
      front.kill(signal);
      await until('undone', undone);
      if (signal !== 'SIGKILL') {
        // It still relays the outcome to whatever reads it.
        await until('told', () => said().includes('On the device: nothing of web: the release was rolled back.'));
        expect(said()).toContain('driver/interrupted at web on gw');
      }
    },
  );

  test('if the worker process is killed while the release is armed, the message says what the device will do and what to type', async () => {
    const { front, said } = started();
    await until('proving', () => said().includes('proving over a new connection'));
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(front.pid)], { encoding: 'utf8' });
    const workers = stdout.trim().split(/\s+/).map(Number);
    expect(workers).toHaveLength(1);
    process.kill(workers[0]!, 'SIGKILL');
    await until('ended', () => front.exitCode !== null);
    expect(front.exitCode).toBe(1);
    const paragraph = said().slice(said().indexOf("the driver's worker was killed"));
    expect(paragraph.split('\n')).toEqual([
      "the driver's worker was killed (SIGKILL).",
      expect.stringMatching(/^Release [0-9a-f]{12} of web on gw was not delivered, as far as is known\.$/),
      '  On the device: perhaps this release, until its timer rolls it back 600 s after loading; then what it ran before. It was never told to confirm.',
      expect.stringMatching(/^ {2}In Terraform: this apply fails; the new release is tainted/),
      expect.stringMatching(
        /^ {2}Next, in .*: ask it: printf '%s\\n' '\{"host":"127\.0\.0\.1".*\}' >\.\/gw\.json && cli\/main\.js verify gw --connection \.\/gw\.json; after that time: terraform apply$/,
      ),
      '',
    ]);
    // Only the device is left to roll back.
    const token = /armed=([0-9a-f]{32})/.exec(status())![1]!;
    device.program(`rollback gateway web ${token}`);
    await until('undone', undone);
  });

  test("notices within a second that its output isn't read any more", async () => {
    const { front } = started();
    await until('armed', () => /armed=[0-9a-f]{32}/.test(status()));
    front.stdout!.destroy();
    await until('undone', undone);
    await until('ended', () => front.exitCode !== null);
  });
});
