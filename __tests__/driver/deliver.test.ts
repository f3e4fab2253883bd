// Tests deliveries by SSH to a test device with the real sshd, nft and agent: the agent is installed, a release that
// can't be verified is rolled back, and one that runs already isn't loaded again.

import { askStatus } from '../../driver/device-status';
import { useSsh } from '../../driver/ssh';
import { TestDevice, canHaveDevice } from '../agent/machine';
import { deliveriesTo } from './deliveries';
import { temporaryFolder } from '../temporary-folder';
import { describeWhere } from '../where-possible';

const withDevice = describeWhere(canHaveDevice, 'deliveries to a device', 'root on Linux');
const folder = temporaryFolder();

// Each test makes many connections, on a machine that may be busy.

withDevice('a delivery', () => {
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder, false)));
  afterAll(() => device.stop());
  const { said, delivered, release, ports } = deliveriesTo(() => device);

  test('installs the agent as root, delivers, and a second delivery loads nothing', async () => {
    const first = await delivered(release(1001));
    expect(said[0]).toBe('installing the agent');
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
    const seen = await useSsh(device.connection(), process.env, askStatus);
    expect(seen.owners).toEqual([
      expect.objectContaining({
        owner: 'web',
        role: 'gateway',
        ownerToken: 'lease-1',
        armed: 'none',
        rules: 'as-loaded',
      }),
    ]);
    expect(seen.ruleset).toContain('table inet cpanel_edge_web');
    expect(seen.facts.forwarding.ip).toBe(true);
  });

  test("rolls back a release that isn't proven, and says why and what runs", async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1002), {
      verifyLive: (_, ruleset) => ({
        refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`],
        reports: ['a ban list'],
      }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1002\n {2}instead: [^\n]+\nRelease [0-9a-f]{12} of web on gw was not delivered\.\n {2}On the device: release [0-9a-f]{12} again: the new one was rolled back\.\n {2}In Terraform: this apply fails; the new release is tainted, /,
    );
    expect(ports()).toEqual(['1001']);
  });

  test('proves a release that already runs again, and leaves it as it is if the proof fails', async () => {
    await delivered(release(1001));
    const outcome = await delivered(release(1001), {
      verifyLive: (_, ruleset) => ({
        refusals: [`more is open: ${/dport \d+/.exec(ruleset)?.[0]}`],
        reports: ['a ban list'],
      }),
    });
    expect(said).toContain('a ban list');
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toMatch(
      /^driver\/not-proven at web on gw: more is open: dport 1001\n[^]*On the device: this release, confirmed by an earlier apply\. Nothing was loaded and nothing was rolled back/,
    );
    const other = await delivered(release(1001), {
      compareAssumedFacts: () => ({ refusals: ['has no lan0'], reports: [] }),
    });
    expect(other.paragraph[0]).toMatch(/^driver\/facts-differ at web on gw: has no lan0/);
    expect(ports()).toEqual(['1001']);
  });
});
