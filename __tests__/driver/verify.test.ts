// Tests the commands `verify`, `doctor` and `bootstrap` without devices and on a test device: output and exit status.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { READ_COMMANDS } from '../../driver/agent-program';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { builtCommand, Printed, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { sent, tableText } from '../agent/stream';
import { holdersOf, MAIL } from './doctor/samples';
import { projectIn, stackText } from './projects';
import { asksNothing, connectionOf, releaseOf } from './samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

// The output and exit status of verify, doctor and bootstrap.

const built = builtCommand();
const folder = temporaryFolder();

/** The published schema. */
const isVerify = new Ajv().compile(
  JSON.parse(readFileSync(join(__dirname, '../../docs/reference/schemas/verify-2.json'), 'utf8')) as object,
);

const run = (cwd: string, words: readonly string[], input = ''): Printed => typed(built, words, { cwd, input });

describe('without a device', () => {
  let root = '';
  beforeAll(() => {
    const dead = connectionOf({ port: 1 });
    const [edge, servers] = holdersOf(MAIL).map(({ release }) => release!);
    root = projectIn(join(folder, 'mail'), {
      edge: stackText(edge!, dead, 'edge'),
      servers: stackText(servers!, dead, 'servers'),
    });
  });

  test("asks every device of every stack, and lists each that can't be asked: exit 2", () => {
    const { status, out, said } = run(root, ['verify']);
    expect([status, out]).toEqual([2, 'edge could not be asked\nmail1 could not be asked\n']);
    expect(said.match(/^(edge|mail1): driver\/unreachable/gm)).toEqual([
      'edge: driver/unreachable',
      'mail1: driver/unreachable',
    ]);
    for (const all of [said, run(root, ['verify', 'edge']).said])
      expect(all.split('\n').slice(-2)).toEqual(['Nothing was changed on any device. Mend that, and ask again.', '']);
    const json = JSON.parse(run(root, ['verify', '--json']).out) as {
      schema: number;
      matches: boolean;
      devices: { device: string; problems: unknown[] }[];
    };
    expect(isVerify(json)).toBe(true);
    expect([json.schema, json.matches, json.devices.map(({ device, problems }) => [device, problems.length])]).toEqual([
      2,
      false,
      [
        ['edge', 1],
        ['mail1', 1],
      ],
    ]);
  });

  test('counts one name with two connection addresses as two devices: exit 2', () => {
    const [edge] = holdersOf(MAIL).map(({ release }) => release!);
    const at = (jump: string, key: string): string =>
      stackText(
        edge!,
        connectionOf({ port: 1, hostKeys: [`ssh-ed25519 ${key.repeat(68)}`], jump: connectionOf({ host: jump }) }),
      );
    const both = projectIn(join(folder, 'both'), { production: at('a.example', 'A'), staging: at('b.example', 'B') });
    expect(run(both, ['verify'])).toMatchObject({
      status: 2,
      out: '',
      said: expect.stringMatching(
        /^cli\/several-stacks at edge: .*\n {2}instead: a name of its own for each; or say which: --stack \S+production, or --stack \S+staging\.\n$/,
      ) as string,
    });
    expect(run(both, ['verify', '--stack', 'cdktf.out/stacks/staging']).said).toMatch(/^driver\/unreachable/);
  });

  test("tells a collector each device that couldn't be asked, and nothing else of it", () => {
    const before = Math.floor(Date.now() / 1000);
    const { status, out } = run(root, ['verify', '--format', 'prometheus', '--quiet']);
    const [, seconds] = /^cpanel_edge_verified_timestamp_seconds (\d+)$/m.exec(out)!;
    expect(Number(seconds)).toBeGreaterThanOrEqual(before);
    expect([status, out.split('\n').filter((line) => line.startsWith('cpanel_edge_device'))]).toEqual([
      2,
      ['cpanel_edge_device_asked{device="edge"} 0', 'cpanel_edge_device_asked{device="mail1"} 0'],
    ]);
    expect(run(root, ['verify', '--format', 'xml']).status).toBe(2);
  });

  test("--quiet still prints devices that couldn't be asked", () => {
    expect(run(root, ['verify', 'edge', '--quiet'])).toMatchObject({
      status: 2,
      said: expect.stringMatching(/driver\/unreachable/) as string,
    });
  });

  test('doctor finds a cause in the intent though no device answers: exit 1', () => {
    const { status, out } = run(root, ['doctor', '203.0.113.10:1', '--from', '192.0.2.1']);
    expect([status, out]).toEqual([
      1,
      expect.stringMatching(/Most likely: "mail" does not open tcp 1 to any source\./),
    ]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no address', ['doctor', 'web1'], /^cli\/not-an-address at web1/],
    ['no client', ['doctor', '203.0.113.10', '--from', 'me'], /^cli\/not-an-address at --from me/],
    ['a name with a shell in it', ['doctor', '203.0.113.10;id'], /^cli\/not-an-address/],
    ['an odd user', ['verify', '--user', 'a;b'], /a user name of letters/],
    [
      'no state',
      ['verify', '--state', 'nowhere.json'],
      /^cli\/state-unreadable at nowhere\.json: It can't be read: there is no such file/,
    ],
    ['an invalid state', ['verify', '--state', '-'], /^cli\/state-unreadable at -/],
    ['an odd reader', ['bootstrap', '--reader', 'root ALL'], /a user name of letters/],
    ['no stack', ['doctor', '203.0.113.10', '--stack', 'elsewhere'], /^cli\/no-stack at elsewhere/],
  ])('%s: exits with 2, without a stack trace', (_, words, why) => {
    const { status, said } = run(root, words, '{}');
    expect(said).toMatch(why);
    expect(said).not.toMatch(/^ {4}at /m);
    expect(status).toBe(2);
  });

  test('stacks are found in the output that cdktf.json names', () => {
    const project = projectIn(join(folder, 'project'), {
      production: stackText(releaseOf(), connectionOf({ port: 1 })),
    });
    writeFileSync(join(project, 'cdktf.json'), '{ "language": "typescript", "output": "made/here" }');
    expect(typed(built, ['verify'], { cwd: project }).said).toMatch(/^cli\/no-stack at made\/here/);
    mkdirSync(join(project, 'made'));
    renameSync(join(project, 'cdktf.out'), join(project, 'made/here'));
    expect(typed(built, ['verify'], { cwd: project }).said).toMatch(/^driver\/unreachable/);
  });

  test('doctor --help describes the command and its exit statuses', () => {
    expect(run(root, ['doctor', '--help'])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^Usage: cpanel-edge doctor [^]*Exit status: 0 [^]*1 [^]*2 [^]*3 /) as string,
    });
  });

  test('a reader gets sudo for whole command lines that change nothing', () => {
    const { out } = run(root, ['bootstrap', '--reader', 'monitor']);
    const [, commands = ''] =
      /^echo 'monitor ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules" \|\| unwritten$/m.exec(out) ?? [];
    expect(commands.split(', ')).toEqual(READ_COMMANDS.map((word) => `/usr/local/sbin/cpanel-edge-device ${word}`));
    expect(READ_COMMANDS).toEqual(['protocol', 'status', 'read', 'facts', 'look']);
    // A wildcard would allow further arguments.
    expect(commands).not.toMatch(/[*?[\]!^\\]/);
    expect(out).toMatch(/visudo -cqf/);
  });
});

const withDevice = describeWhere(canHaveDevice, 'verify on a device', 'root on Linux');

withDevice('on a device', () => {
  let device: TestDevice;
  let root = '';
  const lease = 'lease-1';
  const text = (owner: string): string => tableText(1001).replaceAll('cpanel_edge_web', `cpanel_edge_${owner}`);
  const releases = ['web', 'blog'].map((owner) =>
    releaseOf({
      owner,
      text: text(owner),
      policy: encodePolicy(asksNothing(owner)),
      claims: { outside: [], inside: [] },
    }),
  );
  beforeAll(async () => {
    device = await TestDevice.start(folder);
    const [web, blog] = releases.map((release) => stackText(release, device.connection()));
    root = projectIn(join(folder, 'two'), { a: web!, b: blog! });
    for (const release of releases) {
      const one = sent(release, lease);
      for (const words of [one.upload, `check ${one.identity}`, `arm ${one.identity} 60`, `confirm ${one.identity}`])
        device.program(words, one.file);
    }
  });
  afterAll(() => device.stop());

  test('an edit of one owner is a difference; the JSON has the whole answer and the findings', () => {
    device.run('nft add rule inet cpanel_edge_blog ce_forward tcp dport 9 drop');
    const { status, out } = run(root, ['verify', '--quiet', '--json']);
    device.program('rules');
    const json = JSON.parse(out) as Record<string, unknown>;
    expect(isVerify(json)).toBe(true);
    expect([status, Object.keys(json).sort(), json['device'], json['matches'], json['schema']]).toEqual([
      1,
      ['comparisons', 'device', 'edits', 'facts', 'matches', 'narrowed', 'owners', 'proxies', 'ruleset', 'schema'],
      'gw',
      false,
      2,
    ]);
    expect(json['comparisons']).toMatchObject([
      { owner: 'web', matches: true },
      {
        owner: 'blog',
        matches: false,
        differences: expect.arrayContaining(['a line that is not ours is in our table: tcp dport 9 drop']) as string[],
      },
    ]);
    expect(run(root, ['verify']).status).toBe(0);
  });

  test('faulty units that a restart needs are differences of each owner: exit 1, also with --quiet', () => {
    device.run(
      'mv /etc/systemd/system/nftables.service.d/cpanel-edge.conf /etc/systemd/system/nftables.service.d/away',
    );
    const { status, out } = run(root, ['verify', '--quiet']);
    const json = JSON.parse(run(root, ['verify', '--json']).out) as {
      matches: boolean;
      comparisons: { afterRestart: string }[];
    };
    device.run(
      'mv /etc/systemd/system/nftables.service.d/away /etc/systemd/system/nftables.service.d/cpanel-edge.conf',
    );
    expect([status, out.match(/^ {2}differs: .*cpanel-edge\.conf is gone: .*$/gm)?.length]).toEqual([1, 2]);
    expect([json.matches, json.comparisons.map(({ afterRestart }) => afterRestart), isVerify(json)]).toEqual([
      false,
      ['perhaps nothing of it', 'perhaps nothing of it'],
      true,
    ]);
    expect(run(root, ['verify']).out.match(/^ {2}a restart brings: this release$/gm)).toHaveLength(2);
  });
});
