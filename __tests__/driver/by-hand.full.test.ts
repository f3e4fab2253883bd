// Tests `verify`, `accept`, `remove` and `forget` on a test device with the real agent, as a person types them: output,
// exit status, and what the device then runs.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from '../../lib/agent-protocol/release';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { builtCommand, heard, Said, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { sent, tableText } from '../agent/stream';
import { projectIn, stackText } from './projects';
import { asksNothing, releaseOf, startedWith } from './samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

// The commands as a person types them.

const built = builtCommand();
const folder = temporaryFolder();

const withDevice = describeWhere(canHaveDevice, 'commands by hand on a device', 'root on Linux');

withDevice('on a device', () => {
  let device: TestDevice;
  let root: string;
  let release: Release;
  const lease = 'lease-1';
  beforeAll(async () => {
    device = await TestDevice.start(folder);
    const policy = asksNothing();
    // The driver also sends the policy's closing text.
    release = releaseOf({ text: verifyPolicy(policy).generated.text, policy: encodePolicy(policy) });
    root = projectIn(join(folder, 'real'), { production: stackText(release, device.connection()) });
  });
  afterAll(() => device.stop());
  afterEach(() => void device.run('nft flush ruleset; rm -rf /etc/cpanel-edge/* /run/cpanel-edge/*'));

  const types = (...words: readonly string[]): Said => heard(typed(built, words, { cwd: root }));
  const delivers = (): Said =>
    heard(
      typed(built, ['deliver'], {
        cwd: join(root, 'cdktf.out', 'stacks', 'production'),
        env: startedWith(release, device.connection()),
      }),
    );
  const next = (): string => `Next, in ${root}: `;
  const STACK = '--stack cdktf.out/stacks/production';
  const REPLACE = 'terraform -chdir=cdktf.out/stacks/production apply -replace=terraform_data.gw_web';
  const byPerson = (line: string): Said => {
    const words = line.replace(/^\S*main\.js/, `'${process.execPath}' '${join(built, 'cli', 'main.js')}'`);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', words], { cwd: root, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  test('verify exits with 0 for a delivered release, and has nothing to do next', () => {
    expect(types('verify', 'gw')).toEqual({
      status: 1,
      said: expect.stringContaining('differs: the device holds nothing of this owner\n'),
    });
    expect(delivers().status).toBe(0);
    const expected = new RegExp(
      [
        '^gw: gateway web',
        '  state: confirmed',
        `  release: ${release.digest}, made 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC by \\S+`,
        '  owner token: lease-1',
        '  rules: as-loaded',
        '  a restart brings: this release',
        '$',
      ].join('\n'),
    );
    for (const said of [types('verify', 'gw'), types('verify')])
      expect(said).toEqual({ status: 0, said: expect.stringMatching(expected) });
    const json = types('verify', 'gw', '--json');
    expect([json.status, JSON.parse(json.said)]).toEqual([0, expect.objectContaining({ device: 'gw', matches: true })]);
  });

  test("verify --json escapes a device's control and direction-changing characters", () => {
    device.run(`nft add table inet odd '{ comment "a\u202eb\u009bc" ; }'`);
    const { said } = types('verify', 'gw', '--json');
    device.run('nft delete table inet odd');
    expect(said).toContain('a\\u202eb\\u009bc');
    expect(said).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect((JSON.parse(said) as { ruleset: string }).ruleset).toContain('a\u202eb\u009bc');
  });

  test('verify compares the facts on which the proof relies', () => {
    delivers();
    device.run('ip addr del 203.0.113.1/24 dev wan0');
    const { status, said } = types('verify', 'gw');
    device.run('ip addr add 203.0.113.1/24 dev wan0');
    expect([status, said]).toEqual([1, expect.stringMatching(/ {2}rules: as-loaded\n {2}differs: .*203\.0\.113\.1/)]);
  });

  test('verify finds edits, and the line it prints accepts exactly them', () => {
    delivers();
    device.run('nft add chain inet cpanel_edge_web_gw theirs');
    const { status, said } = types('verify', 'gw');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(
        / {2}rules: edited, fingerprint [0-9a-f]{64}\n {2}differs: our rules were edited by hand\n/,
      ),
    ]);
    const line = /to overwrite exactly these edits: (.*?); then /.exec(said)![1]!;
    expect(said).toContain(
      `${STACK}; then terraform -chdir=cdktf.out/stacks/production apply; where the plan shows no change: ${REPLACE}\n`,
    );
    expect(byPerson(line)).toEqual({
      status: 0,
      said: `The next delivery of gateway web to gw may overwrite these edits, and no others. Nothing is changed yet.\n  ${next()}terraform -chdir=cdktf.out/stacks/production apply; where the plan shows no change: ${REPLACE}\n`,
    });
    expect(delivers().status).toBe(0);
    expect(types('verify', 'gw').status).toBe(0);
    expect(types('accept', 'gw', 'a'.repeat(64))).toEqual({
      status: 2,
      said: expect.stringMatching(/^device\/no-such-edit at gw: [^]*ask what it holds now: .*verify gw --stack/),
    });
  });

  test('verify prints the remaining confirm timeout, and that another release runs', () => {
    delivers();
    const one = sent({ text: tableText(1002, 'cpanel_edge_web_gw') });
    device.program(one.upload, one.file);
    expect(types('verify', 'gw').said).toMatch(
      / {2}state: offered\n[^]*differs: a delivery has begun: its release is uploaded\n.*a restart brings.*\n.*wait for it, a minute at most/,
    );
    device.program(`check ${one.identity}`);
    device.program(`arm ${one.identity} 60`);
    const armed = types('verify', 'gw');
    expect([armed.status, armed.said]).toEqual([
      1,
      expect.stringMatching(/ {2}state: armed; rolled back in (60|[1-5]?\d) s unless it is confirmed\n/),
    ]);
    expect(armed.said).toContain(`, armed ${one.release.digest}\n`);
    device.program(`confirm ${one.identity}`);
    const { status, said } = types('verify', 'gw');
    expect([status, said]).toEqual([
      1,
      expect.stringContaining(
        `  differs: it runs another release than this folder's, which is ${release.digest}\n  a restart brings: this release\n  ${next()}terraform`,
      ),
    ]);
    device.run('nft flush ruleset');
    expect(types('verify', 'gw').said).toMatch(/differs: our rules are absent: they were flushed/);
  });

  test('verify with a connection file reports what the device alone can tell', () => {
    writeFileSync(join(root, 'gw.json'), JSON.stringify(device.connection()));
    const asked = (): Said => types('verify', 'gw', '--connection', 'gw.json');
    expect(asked()).toEqual({ status: 0, said: 'gw holds nothing of cpanel-edge\n' });
    delivers();
    expect(asked().status).toBe(0);
    device.run('nft flush ruleset');
    expect(asked()).toEqual({ status: 1, said: expect.stringMatching(/rules: absent/) });
    expect(types('forget', 'gw', '--connection', 'gw.json', '--owner', 'blog', '--lease', lease)).toEqual({
      status: 2,
      said: expect.stringMatching(
        /^cli\/no-such-owner at blog on gw: .*it has gateway web\.\n {2}instead: .*verify gw --connection gw\.json/,
      ),
    });
  });

  test('an owner that is on the device as gateway and as server has to be chosen by --role', () => {
    writeFileSync(join(root, 'gw.json'), JSON.stringify(device.connection()));
    delivers();
    const server = sent({ role: 'server', text: tableText(1001, 'cpanel_edge_web_host') });
    device.run(`cpanel-edge-device ${server.upload}`, server.file);
    for (const step of ['check', 'arm', 'confirm'])
      device.run(`cpanel-edge-device ${step} ${server.identity}${step === 'arm' ? ' 60' : ''}`);
    const words = ['forget', 'gw', '--connection', 'gw.json', '--owner', 'web', '--lease', lease];
    expect(types(...words)).toEqual({
      status: 2,
      said: expect.stringMatching(
        /^cli\/two-roles at web on gw: .*\n {2}instead: say which: --role gateway, or --role server\./,
      ),
    });
    expect(types(...words, '--role', 'server').status).toBe(0);
  });

  test("remove refuses another state's owner token and accepts the right one", () => {
    delivers();
    const foreign = types('retract', 'gw', '--owner', 'web', '--lease', 'lease-2');
    expect([foreign.status, foreign.said]).toEqual([
      1,
      expect.stringMatching(
        /^device\/foreign-lease at web on gw: .*owner token lease-1\.[^]*On the device: what it ran before/,
      ),
    ]);
    expect(types('verify', 'gw').status).toBe(0);
    const done = types('retract', 'gw', '--owner', 'web', '--lease', lease);
    expect([done.status, done.said]).toEqual([
      0,
      expect.stringMatching(
        /^web is removed from gw: rules and addresses that it brought are gone\.\n {2}On the device: nothing of web.*\n {2}In Terraform: it knows nothing of this: /,
      ),
    ]);
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('forget leaves the rules and gives up the owner token', () => {
    delivers();
    expect(types('forget', 'gw', '--owner', 'web', '--lease', 'lease-2')).toEqual({
      status: 2,
      said: expect.stringMatching(/^device\/foreign-lease/),
    });
    writeFileSync(join(root, 'gw.json'), JSON.stringify(device.connection()));
    const { status, said } = types('forget', 'gw', '--connection', 'gw.json', '--owner', 'web', '--lease', lease);
    expect([status, said]).toEqual([
      0,
      expect.stringMatching(
        /^web has no ownership record on gw any more\.\n {2}On the device: the rules of its last release, open ports included/,
      ),
    ]);
    expect(types('verify', 'gw').said).toMatch(/ {2}state: kept\n[^]*differs: the running rules have no owner/);
    expect(device.run('nft list ruleset')).toContain('ct direction reply ct state established accept');
    const other = sent({ text: tableText(1002, 'cpanel_edge_web_gw') }, 'lease-2');
    device.program(other.upload, other.file);
    expect(device.program(`check ${other.identity}`)).toMatch(/ok checked/);
  });
});
