// Tests `verify` with several stacks, states and owners on one test device with the real agent: what is compared with
// what, and which exit status wins. Also that the agent holds no lock while it prints an answer, and that no key stops
// a command of it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { builtCommand, Printed, typed } from '../built-command';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { sent, tableText } from '../agent/stream';
import { projectIn, stackText } from './projects';
import { asksNothing, connectionOf, releaseOf } from './samples';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const built = builtCommand();
const folder = temporaryFolder();

const run = (cwd: string, words: readonly string[], input = ''): Printed => typed(built, words, { cwd, input });

const withDevice = describeWhere(canHaveDevice, 'verify on a device', 'root on Linux');

withDevice('on a device', () => {
  let device: TestDevice;
  let [root, withDead] = ['', ''];
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
    const off = stackText(releaseOf({ device: 'off' }), connectionOf({ port: 1 }));
    withDead = projectIn(join(folder, 'three'), { a: web!, b: blog!, off });
    for (const release of releases) {
      const one = sent(release, lease);
      for (const words of [one.upload, `check ${one.identity}`, `arm ${one.identity} 60`, `confirm ${one.identity}`])
        device.program(words, one.file);
    }
  });
  afterAll(() => device.stop());

  test('two owners in two stacks are one device', () => {
    const { status, out, said } = run(root, ['verify', 'gw']);
    expect([status, said]).toEqual([0, '']);
    expect(out.match(/^gw: gateway (web|blog)$/gm)).toEqual(['gw: gateway web', 'gw: gateway blog']);
    expect(run(root, ['verify', '--quiet'])).toEqual({ status: 0, out: '', said: '' });
  });

  test('--state may be given for each of several stacks', () => {
    const stateOf = (owner: string): string => {
      const { policy, text } = releases.find((release) => release.owner === owner)!;
      const [type, mode] = ['terraform_data', 'managed'];
      const triggers = { policy: btoa(policy), text: btoa(text), lease };
      const resources = [
        {
          mode,
          type,
          name: `gw_${owner}_holder`,
          values: { id: lease, input: { device: 'gw', owner, role: 'gateway' } },
        },
        { mode, type, name: `gw_${owner}`, values: { id: '1', triggers_replace: triggers } },
      ];
      return JSON.stringify({
        format_version: '1.0',
        terraform_version: '1.11.4',
        values: { root_module: { resources } },
      });
    };
    writeFileSync(join(root, 'web.json'), stateOf('web'));
    const words = ['verify', 'gw', '--state', 'web.json'];
    expect(run(root, words)).toMatchObject({
      status: 1,
      out: expect.stringMatching(
        /^gw: gateway blog\n[^]*^ {2}differs: Terraform's state records nothing of it/m,
      ) as string,
    });
    expect(run(root, [...words, '--state', '-'], stateOf('blog'))).toMatchObject({ status: 0, said: '' });
  });

  test("a device that couldn't be asked decides the exit status, 2, beside one that differs, which is printed as well", () => {
    device.run('nft add rule inet cpanel_edge_blog ce_forward tcp dport 9 drop');
    const { status, out, said } = run(withDead, ['verify']);
    device.program('rules');
    expect([status, said]).toEqual([
      2,
      expect.stringMatching(/\nNothing was changed on any device\. Mend that, and ask again\.\n$/),
    ]);
    expect(out).toMatch(
      /^gw: gateway blog\n[^]* {2}differs: our rules were edited by hand\n[^]*^off could not be asked$/m,
    );
  });

  test('read holds no lock while its answer is transferred', () => {
    const many = Array.from({ length: 20_000 }, (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`).join();
    device.run('nft -f -', `table ip many { set them { type ipv4_addr; elements = { ${many} }; }; }`);
    const free = 'flock -n /run/cpanel-edge/mutex echo free || echo held';
    expect(
      device.run(`/usr/local/sbin/cpanel-edge-device read | (head -c 1 >/dev/null; sleep 1; ${free}; wc -c)`),
    ).toMatch(/^free\n\d{6,}\n$/);
    device.run('nft delete table ip many');
  });

  test('no key press stops a command that has begun', () => {
    const asked =
      '( sleep 4; echo port 1 ) | /usr/local/sbin/cpanel-edge-device look & p=$!; sleep 2; kill -TSTP $p; kill -QUIT $p; n=0; while kill -0 $p && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done; kill -KILL $p';
    expect(device.run(`(${asked}) 2>/dev/null`)).toMatch(/cpanel-edge: ok look\n$/);
  });
});
