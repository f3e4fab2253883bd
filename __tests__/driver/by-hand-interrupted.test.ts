// Tests `remove` interrupted by a signal before and after it reached the device: it reports whether the device goes on,
// and how to ask it. Runs on a test device with the real agent.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgent } from '../../driver/agent-program';
import { builtCommand } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { sent, tableText } from '../agent/stream';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';
import { eventually } from './eventually';

const built = builtCommand();
const folder = temporaryFolder();

describeWhere(
  canHaveDevice,
  'a removal by hand that is interrupted',
  'root on Linux',
)('an interrupted removal by hand', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder, false)));
  afterAll(() => device.stop());

  const program = (from: string, to: string): void =>
    void device.run(
      'cat >/usr/local/sbin/cpanel-edge-device; chmod 755 /usr/local/sbin/cpanel-edge-device',
      loadAgent().text.replace(from, to),
    );
  const rules = (): string => device.run('nft list ruleset');

  /**
   * Sends the signal to the process group like Ctrl-C in a terminal, or to the process like a runner whose time is
   * over.
   */
  const interrupted = async (
    signal: NodeJS.Signals,
    whole: boolean,
    begun: () => boolean,
  ): Promise<readonly [NodeJS.Signals | null, string]> => {
    writeFileSync(join(folder, 'gw.json'), JSON.stringify(device.connection()));
    const words = [
      'remove',
      'gw',
      '--owner',
      'web',
      '--lease',
      'lease-1',
      '--role',
      'gateway',
      '--connection',
      'gw.json',
    ];
    const typed = spawn(process.execPath, [join(built, 'cli', 'main.js'), ...words], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    });
    let said = '';
    for (const stream of [typed.stdout, typed.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    expect(await eventually(begun)).toBe(true);
    process.kill(whole ? -typed.pid! : typed.pid!, signal);
    const [, by] = (await once(typed, 'close')) as [number | null, NodeJS.Signals | null];
    return [by, said];
  };

  beforeEach(() => {
    program('', '');
    const release = sent({ text: tableText(1001, 'cpanel_edge_web_gw') });
    device.program(release.upload, release.file);
    device.program(`check ${release.identity}`);
    device.program(`arm ${release.identity} 60`);
    expect(device.program(`confirm ${release.identity}`)).toMatch(/ok confirmed/);
  });

  test.each([
    ['SIGINT', true],
    ['SIGTERM', false],
  ] as const)(
    'by %s after the device got the command: says that the device goes on, and how to ask it',
    async (signal, whole) => {
      program(
        'command_retract() {',
        'command_retract() {\n  : >/run/cpanel-edge/told; until [ -e /run/cpanel-edge/go ]; do sleep 0.1; done',
      );
      const [by, said] = await interrupted(signal, whole, () => device.run('ls /run/cpanel-edge').includes('told'));
      device.run(': >/run/cpanel-edge/go');
      expect(by).toBe(signal);
      expect(said).toMatch(
        /^driver\/interrupted at web on gw: It was interrupted before the device had said what became of it\.\n/,
      );
      expect(said).toMatch(
        /On the device: not known: it was told to remove the owner .* what it has begun it finishes[^]*What the device runs: .*verify gw/,
      );
      expect(await eventually(() => rules() === '')).toBe(true);
      device.run('rm /run/cpanel-edge/told /run/cpanel-edge/go');
    },
  );

  test('before the device got the command: nothing is removed', async () => {
    program(
      'command_protocol() {',
      'command_protocol() {\n  : >/run/cpanel-edge/asked; until [ -e /run/cpanel-edge/go ]; do sleep 0.1; done',
    );
    const [by, said] = await interrupted('SIGTERM', false, () => device.run('ls /run/cpanel-edge').includes('asked'));
    expect(by).toBe('SIGTERM');
    expect(said).toMatch(
      /^driver\/interrupted at web on gw: It was interrupted, and the device has begun nothing of it\.\n[^]*what it ran before/,
    );
    expect(rules()).toContain('tcp dport 1001');
    device.run(': >/run/cpanel-edge/go');
  });
});
