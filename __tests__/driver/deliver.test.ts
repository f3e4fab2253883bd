import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Outcome } from '../../driver/deliver';
import { look } from '../../driver/look';
import { programOf } from '../../driver/program';
import { withSsh } from '../../driver/ssh';
import { connectWitnesses } from '../../driver/witnesses';
import { TestDevice, canHaveDevice } from '../device/machine';
import { deliveriesTo } from './deliveries';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'deliveries to a device', 'root on Linux');
const folder = temporaryFolder();

// Many connections each, on a machine that may be busy.

withDevice('a delivery', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder, false)));
  afterAll(() => device.stop());
  const { said, delivered, release, ports, retracted } = deliveriesTo(() => device);

  test('installs its program as root, delivers, and says so once more without loading', async () => {
    const first = await delivered(release(1001));
    expect(said[0]).toBe('installing the device program');
    expect(first).toEqual({
      delivered: true,
      paragraph: [
        expect.stringMatching(
          /^gw runs release [0-9a-f]{12} of web: proven over a new connection, confirmed, and stored for the next start\.$/,
        ),
        '  On the device: this release, now and after every restart.',
        '  In Terraform: the release is recorded; what it replaces goes from the state without touching the device.',
        '  Next: nothing.',
      ],
    });
    expect(device.run('stat -c %a:%u /usr/local/sbin/cpanel-edge-device').trim()).toBe('755:0');
    const again = await delivered(release(1001));
    expect(again.paragraph[0]).toMatch(/already runs release/);
    expect(ports()).toEqual(['1001']);
    const seen = await withSsh(device.connection(), process.env, look);
    expect(seen.owners).toEqual([
      expect.objectContaining({ owner: 'web', role: 'gateway', lease: 'lease-1', armed: 'none', rules: 'as-loaded' }),
    ]);
    expect(seen.ruleset).toContain('table inet cpanel_edge_web');
    expect(seen.facts.forwarding.ip).toBe(true);
  });

  test('an older program is replaced by root, a newer one is not', async () => {
    const { text, protocol } = programOf()!;
    const put = (number: number): void => {
      device.run('cat >/usr/local/sbin/cpanel-edge-device', text.replace(/^PROTOCOL=\d+$/m, `PROTOCOL=${number}`));
    };
    put(protocol + 1);
    expect((await delivered(release(1001))).delivered).toBe(true);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol + 1}`);
    put(protocol - 1);
    expect((await delivered(release(1002))).delivered).toBe(true);
    expect(said[0]).toBe(`updating the device program, protocol ${protocol - 1} to ${protocol}`);
    expect(device.program('protocol')).toBe(`cpanel-edge: ok protocol=${protocol}`);
  });

  test('what is not proven is undone, and the operator reads why and what runs', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1002), {
      prove: (_, ruleset) => ({ refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`], reports: ['a ban list'] }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1002\n {2}instead: [^\n]+\nRelease [0-9a-f]{12} of web on gw was not delivered\.\n {2}On the device: release [0-9a-f]{12} again: the new one was undone\.\n {2}In Terraform: this apply fails; the new release is tainted, /,
    );
    expect(ports()).toEqual(['1001']);
  });

  test('what runs already is proven again, and stays as it is where it is not', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1001), {
      prove: (_, ruleset) => ({ refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`], reports: ['a ban list'] }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1001\n[^]*On the device: this release, confirmed by an earlier apply\. Nothing was loaded and nothing was undone/,
    );
    const other = await delivered(release(1001), { assumed: () => ({ refusals: ['has no lan0'], reports: [] }) });
    expect(other.paragraph[0]).toMatch(/^driver\/facts-differ at web on gw: has no lan0/);
    expect(ports()).toEqual(['1001']);
  });

  test('facts that differ refuse before anything is loaded', async () => {
    const outcome = await delivered(release(1001), {
      assumed: (_, { addresses }) => ({ refusals: [`has ${/203\S+/.exec(addresses)?.[0]}`], reports: [] }),
    });
    expect(outcome.paragraph.join('\n')).toMatch(/driver\/facts-differ at web on gw: has 203\.0\.113\.1\/24[^]*nothing was loaded/);
    expect(device.run('nft list ruleset')).toBe('');
  });

  test('a delivery that holds the device is waited for by name', async () => {
    device.run(`echo "0123456789abcdef gateway-other $(cut -d . -f 1 /proc/uptime)" >/run/cpanel-edge/delivering`);
    // It leaves while it is waited for, however long the connections take.
    const leaves = (): Promise<void> => (device.run('rm -f /run/cpanel-edge/delivering'), sleep(100));
    expect((await delivered(release(1001), { wait: leaves })).delivered).toBe(true);
    expect(said).toContain('gateway-other is being delivered on the device: waiting up to 5 minutes for it');
  });

  test('a witness whose source is this runner is really connected', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const witness = (to: number) => ({ arrives: 'wan0', from: '127.0.0.1', to: '127.0.0.1', protocol: 'tcp', port: to }) as const;
    const elsewhere = { ...witness(1), from: '198.51.100.1' };
    expect((await delivered(release(1001, { witnesses: [witness(port), elsewhere] }), { witness: connectWitnesses })).delivered).toBe(true);
    server.close();
    const outcome = await delivered(release(1002, { witnesses: [witness(port)] }), { witness: connectWitnesses });
    expect(outcome.paragraph[0]).toContain(`127.0.0.1 could not connect to 127.0.0.1 port ${port}`);
    expect(ports()).toEqual(['1001']);
  });

  test('a device that lies, floods or talks in escapes is no success', async () => {
    const liar = (text: string): Promise<Outcome> => {
      const kept = device.run('cat /usr/local/sbin/cpanel-edge-device');
      const put = (program: string): string => device.run('cat >/usr/local/sbin/cpanel-edge-device', program);
      put(`#!/bin/sh\n${text}\n`);
      return delivered(release(1001)).finally(() => put(kept));
    };
    const flood = await liar('yes | tr -d "\\n"');
    expect(flood.paragraph[0]).toMatch(/said more than any ruleset has/);
    const escapes = await liar('printf "cpanel-edge: ok protocol=999\\n\\033[2J\\033]0;x\\007" >&2; exit 3');
    expect(escapes.paragraph.join('\n')).toMatch(/driver\/no-result/);
    // eslint-disable-next-line no-control-regex -- they are what must not come through
    expect(escapes.paragraph.join('')).not.toMatch(/[\u0000-\u001f]/);
    const yesman = await liar('echo "cpanel-edge: ok protocol=999"');
    expect(yesman.delivered).toBe(false);
  });

  test('retract takes everything away, and twice is once', async () => {
    await delivered(release(1001));
    expect((await retracted()).paragraph).toContain('web is retracted from gw: rules and addresses that it brought are gone.');
    expect((await retracted()).delivered).toBe(true);
    expect(device.run('nft list ruleset')).toBe('');
  });
});
