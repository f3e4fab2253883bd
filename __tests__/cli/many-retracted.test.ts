// Tests `remove` of several devices at once: wrong input is refused before anything begins, one device that can't be
// reached stops no other, each outcome is printed, and the worst one gives the exit status. Runs the built command,
// also on two test devices with the real agent.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { Printed, builtCommand, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { sent, tableText } from '../agent/stream';
import { projectIn, stackText } from '../driver/projects';
import { connectionOf, releaseOf } from '../driver/samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();

const isRemove = new Ajv().compile(
  JSON.parse(readFileSync(join(__dirname, '../../docs/reference/schemas/remove-2.json'), 'utf8')) as object,
);
const run = (cwd: string, ...words: readonly string[]): Printed => typed(built, ['retract', ...words], { cwd });
const held = (ownerToken = 'lease-1', role = 'gateway', owner = 'web'): object => ({ owner, role, ownerToken });
const live = (root: string, devices: readonly object[]): void =>
  writeFileSync(join(root, 'live.json'), JSON.stringify({ schema: 2, devices }));
const WEB = ['--owner', 'web', '--live', 'live.json'];

describe('bad input', () => {
  let root = '';
  beforeAll(() => {
    const stacks = ['gw1', 'gw2'].map((device) => [
      device,
      stackText(releaseOf({ device }), connectionOf({ port: 1 }), device),
    ]);
    root = projectIn(join(folder, 'dead'), Object.fromEntries(stacks) as Record<string, string>);
    live(root, [
      { device: 'gw1', owners: [held(), held('lease-2', 'server')] },
      { device: 'gw2', problems: [{}] },
    ]);
    const file = (name: string, devices: readonly object[]): void =>
      writeFileSync(join(root, name), JSON.stringify({ schema: 2, devices }));
    file('none.json', [
      { device: 'gw1', owners: [] },
      { device: 7, owners: [] },
    ]);
    file('away.json', [
      { device: 'gw9', owners: [held()] },
      { device: 'gw8', problems: [{}] },
    ]);
    file('odd.json', [{ device: 'gw1', owners: [held('a b')] }]);
    file(
      'twice.json',
      [1, 2].map(() => ({ device: 'gw1', owners: [held()] })),
    );
    writeFileSync(join(root, 'one.json'), JSON.stringify({ schema: 2, device: 'gw1', owners: [held()] }));
  });
  test.each<[string, readonly string[], RegExp]>([
    [
      'several with one owner token',
      ['gw1', 'gw2', '--owner', 'web', '--lease', 'lease-1'],
      /^cli\/option-missing at --live/,
    ],
    ['an owner token beside all owner tokens', ['gw1', ...WEB, '--lease', 'lease-1'], /^cli\/options-conflict/],
    ['no device, and not all', WEB, /^cli\/option-missing at remove/],
    ['some, and all', ['gw1', ...WEB, '--all'], /^cli\/options-conflict at --all/],
    ['an owner that does not exist', ['--owner', 'blog', '--live', 'one.json', '--all'], /^cli\/no-such-owner at blog/],
    [
      'all mistakes in the named devices',
      ['gw1', 'gw2', ...WEB],
      /^cli\/two-roles at web on gw1[^]*\ncli\/lease-not-known at web on gw2/,
    ],
    ['a device that no stack has', ['gw3', ...WEB], /^cli\/no-such-device at gw3/],
    ['one that answers twice', ['gw1', '--owner', 'web', '--live', 'twice.json'], /^cli\/live-twice at twice\.json/],
    [
      'an owner token that is no word',
      ['gw1', '--owner', 'web', '--live', 'odd.json'],
      /^cli\/live-unreadable at web on gw1: What odd\.json says of its role and owner token/,
    ],
    [
      'no owner',
      ['gw1', '--live', 'live.json'],
      /^cli\/option-missing at --owner: [^\n]*\n {2}instead: --owner web, as verify prints it\.\n$/,
    ],
    [
      'an invalid entry',
      ['gw1', '--owner', 'web', '--live', 'none.json'],
      /^cli\/live-unreadable at none\.json: .* prints: devices\.1\.device is no text\.\n/,
    ],
    ['all, one of which has two roles', [...WEB, '--all'], /^cli\/two-roles at web on gw1/],
    [
      'all, one of which is elsewhere',
      ['--owner', 'web', '--live', 'away.json', '--all'],
      /^cli\/no-such-device at gw9: By away\.json it holds web/,
    ],
  ])('%s: exits with 2 before anything has begun', (_, words, said) => {
    expect(run(root, ...words)).toEqual({ status: 2, out: '', said: expect.stringMatching(said) as string });
  });

  test("a device of --all that can't be asked stops no other: each outcome is printed, and the worst is the status", () => {
    const { status, out, said } = run(root, ...WEB, '--all', '--role', 'server');
    expect([status, said]).toEqual([2, expect.stringMatching(/^gw2: cli\/lease-not-known at web on gw2: /)]);
    expect(out).toMatch(
      /^driver\/unreachable at [^]*\nweb on gw1 was not removed\.\n[^]*\nweb on gw2: nothing of it was begun\.\nweb is removed from 0 of 2 devices\.\n$/,
    );
    const json = JSON.parse(run(root, ...WEB, '--all', '--role', 'server', '--json').out) as {
      removed: boolean;
      devices: object[];
    };
    expect([isRemove(json), json.removed, json.devices.length]).toEqual([true, false, 2]);
  });
});

describeWhere(
  canHaveDevice,
  'a retract from several devices',
  'root on Linux',
)('on devices', () => {
  let devices: readonly TestDevice[] = [];
  let root = '';
  beforeAll(async () => {
    devices = [await TestDevice.start(folder), await TestDevice.start(folder)];
    const stacks = devices.map((device, at) => [
      `gw${at + 1}`,
      stackText(releaseOf({ device: `gw${at + 1}` }), device.connection(), `gw${at + 1}`),
    ]);
    root = projectIn(join(folder, 'real'), Object.fromEntries(stacks) as Record<string, string>);
  });
  beforeEach(() => {
    for (const device of devices) {
      const release = sent({ text: tableText(1001, 'cpanel_edge_web_gw') });
      for (const words of [
        release.upload,
        `check ${release.identity}`,
        `arm ${release.identity} 60`,
        `confirm ${release.identity}`,
      ])
        device.program(words, release.file);
    }
    writeFileSync(join(root, 'live.json'), typed(built, ['verify', '--json'], { cwd: root }).out);
  });
  afterAll(() => devices.forEach((device) => device.stop()));

  test("takes the owner tokens from verify's output, and prints a line for each device and Terraform's once", () => {
    const { status, out, said } = run(root, 'gw2', 'gw1', 'gw2', ...WEB);
    expect([status, said, out.split('\n')]).toEqual([
      0,
      '',
      [
        ...['gw1', 'gw2'].map((name) => `web is removed from ${name}: rules and addresses that it brought are gone.`),
        'web is removed from 2 of 2 devices.',
        expect.stringMatching(/^ {2}In Terraform: it knows nothing of this: if a state holds web on one of them, /),
        '',
      ],
    ]);
    expect(devices.map((device) => device.run('nft list ruleset'))).toEqual(['', '']);
    const one = JSON.parse(run(root, 'gw1', ...WEB, '--json').out) as { removed: boolean };
    expect([isRemove(one), one.removed]).toEqual([true, true]);
  });

  test('prints the whole outcome of a device on which rules stay after a forget', () => {
    expect(devices[0]!.program('forget gateway web lease-1')).toContain('ok forgotten');
    const { status, out } = run(root, '--all', ...WEB);
    expect([status, out]).toEqual([
      0,
      expect.stringMatching(
        /^web has no ownership record on gw1 any more; the rules [^]*Next: +look at them: [^]*\nweb is removed from gw2: [^]*\nweb is removed from 2 of 2 devices; its rules stay on 1 of them\.\n/,
      ),
    ]);
    const { devices: each } = JSON.parse(run(root, '--all', ...WEB, '--json').out) as {
      devices: readonly { remaining?: string }[];
    };
    expect(each.map(({ remaining }) => remaining)).toEqual(['rules', undefined]);
  });
});
