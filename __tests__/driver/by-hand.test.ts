import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { App, TerraformStack, Testing } from 'cdktf';
import { emitDelivery } from '../../constructs/private/emit-delivery';
import { LEASE_VARIABLE, encodeWork } from '../../lib/delivering/codec';
import { Connection, RELEASE_FORMAT, Release } from '../../lib/delivering/release';
import { parseInterfaceAddress } from '../../lib/net/address';
import { Policy } from '../../lib/policy/policy';
import { encodePolicy } from '../../lib/proving/policy-codec';
import { prove } from '../../lib/proving/prove';
import { builtCommand } from '../built-command';
import { TestDevice, canHaveDevice } from '../device/machine';
import { sent, tableText } from '../device/stream';
import { connectionOf, releaseOf } from './samples';
import { describeWhere } from '../where-possible';

// The commands that a person types, as they are typed.

const built = builtCommand();
const main = join(built, 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
jest.setTimeout(60_000);

interface Said {
  readonly code: number | null;
  readonly said: string;
}

const run = (cwd: string, words: readonly string[], more: NodeJS.ProcessEnv = {}): Said => {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...more };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { env, encoding: 'utf8', cwd });
  return { code: status, said: stdout + stderr };
};

const stackText = (release: Release, connection: Connection, id = 'production'): string => {
  const stack = new TerraformStack(new App({ stackTraces: false }), id);
  emitDelivery(stack, release, 'terraform_data', () => ({ release, connection }));
  return Testing.synth(stack);
};

function project(name: string, stacks: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  mkdirSync(root);
  writeFileSync(join(root, 'cdktf.json'), '{ "language": "typescript" }');
  for (const [stack, text] of Object.entries(stacks)) {
    mkdirSync(join(root, 'cdktf.out', 'stacks', stack), { recursive: true });
    writeFileSync(join(root, 'cdktf.out', 'stacks', stack, 'cdk.tf.json'), text);
  }
  return root;
}

describe('bad input', () => {
  const dead = connectionOf({ port: 1 });
  const good = stackText(releaseOf(), dead);
  const roots: Record<string, string> = {};
  beforeAll(() => {
    roots['none'] = project('none', {});
    roots['one'] = project('one', { production: good });
    roots['two'] = project('two', { a: good, b: stackText(releaseOf({ owner: 'blog' }), dead) });
    roots['cut'] = project('cut', { a: good.slice(0, 500), b: '[' });
    roots['hostile'] = project('hostile', { a: good.replaceAll('"gw"', '"g\\u001b[2J\\u202ew"') });
    roots['odd'] = project('odd', { a: good.replace('"127.0.0.1"', '"-oProxyCommand=touch /tmp/x"') });
  });

  const LEASE = ['--lease', 'lease-1'];
  test.each<[string, string, readonly string[], RegExp]>([
    [
      'no stack',
      'none',
      ['verify', 'gw'],
      /^cli\/no-stack at cdktf\.out\/stacks: .*\n {2}instead: run it in the project, after npx cdktf synth/,
    ],
    ['no stack in the folder', 'one', ['verify', 'gw', '--stack', 'elsewhere'], /^cli\/no-stack at elsewhere/],
    ['another device', 'one', ['verify', 'gv'], /^cli\/no-such-device at gv: .* They have web on gw\./],
    [
      'a device of two stacks',
      'two',
      ['accept', 'gw', 'f'.repeat(64)],
      /say which: --stack cdktf\.out\/stacks\/a, or --stack cdktf\.out\/stacks\/b\./,
    ],
    ['texts cut off, both said', 'cut', ['verify', 'gw'], /^cli\/stack-unreadable at [^]*\ncli\/stack-unreadable at /],
    ['escapes in a name', 'hostile', ['verify', 'gw'], /They have web on g\\u\{1b\}\[2J\\u\{202e\}w\./],
    ['a host that is an option', 'odd', ['verify', 'gw'], /^driver\/connection-unusable/],
    ['stack and connection', 'one', ['verify', 'gw', '--stack', 'x', '--connection', 'y'], /cannot be used with option/],
    ['an unreachable device', 'one', ['verify'], /^driver\/unreachable at root@127\.0\.0\.1:1/],
    ['accept of no fingerprint', 'one', ['accept', 'gw', 'xyz'], /a fingerprint as verify prints it/],
    ['forget without owner and lease', 'one', ['forget', 'gw'], /^cli\/option-missing at --owner[^]*\ncli\/option-missing at --lease/],
    ['an owner with an odd name', 'one', ['forget', 'gw', '--owner', 'a;b', ...LEASE], /a name of small letters/],
    ['a lease with a space', 'one', ['retract', 'gw', '--owner', 'web', '--lease', 'a b'], /a lease as verify prints it/],
    ['retract with options and no device', 'one', ['retract', '--owner', 'web'], /^cli\/option-missing at retract/],
    ['an odd role', 'one', ['forget', 'gw', '--owner', 'web', ...LEASE, '--role', 'router'], /Allowed choices are gateway, server/],
    ['forget of an unreachable device', 'one', ['forget', 'gw', '--owner', 'web', ...LEASE], /^driver\/unreachable/],
  ])('%s: exit 2, said without a stack or an escape', (_, root, words, said) => {
    const answer = run(roots[root]!, words);
    expect(answer.said).toMatch(said);
    expect(answer.code).toBe(2);
    // eslint-disable-next-line no-control-regex -- they are what must not come through
    expect(answer.said).not.toMatch(/^ {4}at |[\u0000-\u0009\u000b-\u001f\u202e]/m);
  });

  test('retract of an unreachable device: exit 1, and the line to type again', () => {
    const { code, said } = run(roots['one']!, ['retract', 'gw', '--owner', 'web', ...LEASE]);
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/retract gw --owner web --lease lease-1 --role gateway --stack cdktf\.out\/stacks\/production/),
    ]);
    expect(said).toContain('  In Terraform: it knows nothing of this.\n');
  });

  test.each(['verify', 'accept', 'forget', 'retract', 'bootstrap', 'deliver'])('%s --help says what it does and ends with 0', (command) => {
    const { code, said } = run(folder, [command, '--help']);
    expect([code, said]).toEqual([0, expect.stringMatching(new RegExp(`^Usage: cpanel-edge ${command} `))]);
    if (!['bootstrap', 'deliver'].includes(command))
      expect(said).toMatch(/Exit status: 0 [^]*2 [^]*cdktf\.out\/stacks|cdktf\.out\/stacks[^]*Exit status: 0 [^]*2 /);
  });
});

const withDevice = describeWhere(canHaveDevice, 'commands by hand on a device', 'root on Linux');

withDevice('on a device', () => {
  let device: TestDevice;
  let root: string;
  let release: Release;
  const lease = 'lease-1';
  beforeAll(async () => {
    device = await TestDevice.start(folder);
    // Asks for nothing, of a device that is as it is.
    const policy: Policy = {
      ...{
        kind: 'gateway',
        device: 'gw',
        owner: 'web',
        platform: 'nftables',
        version: '1.0.6',
        whenClosed: 'cut',
        virtualIps: [],
        mappings: [],
      },
      interfaces: [{ name: 'wan0', role: 'outside', addresses: [parseInterfaceAddress('203.0.113.1/24')!], routes: [] }],
    };
    // As it is written: the driver sends the closing text of the policy beside it.
    release = releaseOf({ text: prove(policy).written.text, policy: encodePolicy(policy) });
    root = project('real', { production: stackText(release, device.connection()) });
  }, 30_000);
  afterAll(() => device.stop());
  afterEach(() => void device.run('nft flush ruleset; rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*'));

  const types = (...words: readonly string[]): Said => run(root, words);
  const delivers = (): Said =>
    run(join(root, 'cdktf.out', 'stacks', 'production'), ['deliver'], {
      ...encodeWork({ format: RELEASE_FORMAT, connection: device.connection(), release }, (bytes) => deflateSync(bytes)),
      [LEASE_VARIABLE]: lease,
    });
  const next = (): string => `Next, in ${root}: `;
  const STACK = '--stack cdktf.out/stacks/production';
  const REPLACE = 'terraform -chdir=cdktf.out/stacks/production apply -replace=terraform_data.gw_web';
  const byPerson = (line: string): Said => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line.replace(/^\S*main\.js/, `'${process.execPath}' '${main}'`)], {
      cwd: root,
      encoding: 'utf8',
    });
    return { code: status, said: stdout + stderr };
  };

  test('verify says 0 for what was delivered, and nothing to do', () => {
    expect(types('verify', 'gw')).toEqual({ code: 1, said: expect.stringContaining('differs: the device holds nothing of this owner\n') });
    expect(delivers().code).toBe(0);
    const expected = new RegExp(
      [
        '^gw: gateway web',
        '  state: confirmed',
        `  release: ${release.digest}, made 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC by \\S+`,
        '  lease: lease-1',
        '  rules: as-loaded',
        '  a restart brings: this release',
        '$',
      ].join('\n'),
    );
    for (const said of [types('verify', 'gw'), types('verify')]) expect(said).toEqual({ code: 0, said: expect.stringMatching(expected) });
    const json = types('verify', 'gw', '--json');
    expect([json.code, JSON.parse(json.said)]).toEqual([0, expect.objectContaining({ device: 'gw', same: true })]);
  });

  test('verify --json shows no mark of a device that turns a line around', () => {
    device.run(`nft add table inet odd '{ comment "a\u202eb\u009bc" ; }'`);
    const { said } = types('verify', 'gw', '--json');
    device.run('nft delete table inet odd');
    expect(said).toContain('a\\u202eb\\u009bc');
    expect(said).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect((JSON.parse(said) as { ruleset: string }).ruleset).toContain('a\u202eb\u009bc');
  });

  test('verify compares the facts that the proof rests on, too', () => {
    delivers();
    device.run('ip addr del 203.0.113.1/24 dev wan0');
    const { code, said } = types('verify', 'gw');
    device.run('ip addr add 203.0.113.1/24 dev wan0');
    expect([code, said]).toEqual([1, expect.stringMatching(/ {2}rules: as-loaded\n {2}differs: .*203\.0\.113\.1/)]);
  });

  test('verify finds edits, and the line it prints accepts exactly them', () => {
    delivers();
    device.run('nft add chain inet cpanel_edge_web_gw theirs');
    const { code, said } = types('verify', 'gw');
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/ {2}rules: edited, fingerprint [0-9a-f]{64}\n {2}differs: somebody edited our rules by hand\n/),
    ]);
    const line = /to overwrite exactly these edits: (.*?); then /.exec(said)![1]!;
    expect(said).toContain(
      `${STACK}; then terraform -chdir=cdktf.out/stacks/production apply; where the plan shows no change: ${REPLACE}\n`,
    );
    expect(byPerson(line)).toEqual({
      code: 0,
      said: `The next delivery of gateway web to gw may overwrite these edits, and no others. Nothing is changed yet.\n  ${next()}terraform -chdir=cdktf.out/stacks/production apply; where the plan shows no change: ${REPLACE}\n`,
    });
    expect(delivers().code).toBe(0);
    expect(types('verify', 'gw').code).toBe(0);
    expect(types('accept', 'gw', 'a'.repeat(64))).toEqual({
      code: 2,
      said: expect.stringMatching(/^device\/no-such-edit at gw: [^]*ask what it holds now: .*verify gw --stack/),
    });
  });

  test('verify says how long a trial lasts, and that another release runs', () => {
    delivers();
    const one = sent({ text: tableText(1002, 'cpanel_edge_web_gw') });
    device.program(one.upload, one.file);
    expect(types('verify', 'gw').said).toMatch(
      / {2}state: offered\n[^]*differs: a delivery has begun: its release is uploaded\n.*a restart brings.*\n.*wait for it, a minute at most/,
    );
    device.program(`check ${one.identity}`);
    device.program(`arm ${one.identity} 60`);
    const armed = types('verify', 'gw');
    expect([armed.code, armed.said]).toEqual([
      1,
      expect.stringMatching(/ {2}state: armed; undone in (60|[1-5]?\d) s unless it is confirmed\n/),
    ]);
    expect(armed.said).toContain(`, on trial ${one.release.digest}\n`);
    device.program(`confirm ${one.identity}`);
    const { code, said } = types('verify', 'gw');
    expect([code, said]).toEqual([
      1,
      expect.stringContaining(
        `  differs: it runs another release than this folder's, which is ${release.digest}\n  a restart brings: this release\n  ${next()}terraform`,
      ),
    ]);
    device.run('nft flush ruleset');
    expect(types('verify', 'gw').said).toMatch(/differs: our rules are absent: somebody flushed them/);
  });

  test('verify of a connection in a file says what the device alone can tell', () => {
    writeFileSync(join(root, 'gw.json'), JSON.stringify(device.connection()));
    const asked = (): Said => types('verify', 'gw', '--connection', 'gw.json');
    expect(asked()).toEqual({ code: 0, said: 'gw holds nothing of cpanel-edge\n' });
    delivers();
    expect(asked().code).toBe(0);
    device.run('nft flush ruleset');
    expect(asked()).toEqual({ code: 1, said: expect.stringMatching(/rules: absent/) });
    expect(types('forget', 'gw', '--connection', 'gw.json', '--owner', 'blog', '--lease', lease)).toEqual({
      code: 2,
      said: expect.stringMatching(
        /^cli\/no-such-owner at blog on gw: .*it has gateway web\.\n {2}instead: .*verify gw --connection gw\.json/,
      ),
    });
  });

  test('retract by hand refuses a foreign lease and does it with the right one', () => {
    delivers();
    const foreign = types('retract', 'gw', '--owner', 'web', '--lease', 'lease-2');
    expect([foreign.code, foreign.said]).toEqual([
      1,
      expect.stringMatching(/^device\/foreign-lease at web on gw: .*lease lease-1\.[^]*On the device: what it ran before/),
    ]);
    expect(types('verify', 'gw').code).toBe(0);
    const done = types('retract', 'gw', '--owner', 'web', '--lease', lease);
    expect([done.code, done.said]).toEqual([
      0,
      expect.stringMatching(
        /^web is retracted from gw: rules and addresses that it brought are gone\.\n {2}On the device: nothing of web.*\n {2}In Terraform: it knows nothing of this: /,
      ),
    ]);
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('forget by hand leaves the rules and gives up the lease', () => {
    delivers();
    expect(types('forget', 'gw', '--owner', 'web', '--lease', 'lease-2')).toEqual({
      code: 2,
      said: expect.stringMatching(/^device\/foreign-lease/),
    });
    writeFileSync(join(root, 'gw.json'), JSON.stringify(device.connection()));
    const { code, said } = types('forget', 'gw', '--connection', 'gw.json', '--owner', 'web', '--lease', lease);
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^web has no lease on gw any more\.\n {2}On the device: the rules of its last release, open ports included/),
    ]);
    expect(types('verify', 'gw').said).toMatch(/ {2}state: kept\n[^]*differs: the rules that run belong to nobody/);
    expect(device.run('nft list ruleset')).toContain('ct direction reply ct state established accept');
    const other = sent({ text: tableText(1002, 'cpanel_edge_web_gw') }, 'lease-2');
    device.program(other.upload, other.file);
    expect(device.program(`check ${other.identity}`)).toMatch(/ok checked/);
  });
});
