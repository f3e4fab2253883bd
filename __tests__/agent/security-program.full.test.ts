// Tests the agent's whole protocol, its timer and its tokens under every shell that may be a device's /bin/sh. Runs on
// a test device with the real nft.

import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliver } from '../../driver/deliver';
import { acceptEdits, askStatus } from '../../driver/device-status';
import { loadAgent } from '../../driver/agent-program';
import { removeOwner } from '../../driver/remove';
import { Remote, useSsh } from '../../driver/ssh';
import { DeliveryContext } from '../../driver/delivery-steps';
import { Release } from '../../lib/agent-protocol/release';
import { releaseOf } from '../driver/samples';
import { eventually } from '../driver/eventually';
import { canHaveDevice } from './machine';
import { Sent, freshToken, sent, tableText } from './stream';
import { gateway, underShell } from './under-shell';
import { describeWhere } from '../where-possible';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(120_000);

const home = '/etc/cpanel-edge';

/**
 * This shell is /bin/sh of the device: it runs the agent, the programs that it starts, its timer and sshd's command.
 */
describeWhere(canHaveDevice, 'the agent on Linux under every shell that /bin/sh may be', 'root on Linux').each(
  DEVICE_SHELLS,
)('where /bin/sh is %s', (shell) => {
  const { run, word, step, device, ports, fresh, timeIsUp } = underShell();
  beforeAll(() => {
    const sh = run('readlink -f /bin/sh').trim();
    const by = run(`command -v ${shell}`).trim();
    if (realpathSync(by) !== sh) device().replace(sh, by);
  });
  afterEach(() => fresh());

  const over = <T>(use: (remote: Remote) => Promise<T>): Promise<T> => useSsh(device().connection(), process.env, use);
  const world = (remote: Remote, refusals: readonly string[] = []): DeliveryContext => ({
    remote,
    ownerToken: 'lease-1',
    token: freshToken(),
    renderClosedText: () => '',
    verifyLive: () => ({ refusals, reports: [] }),
    compareAssumedFacts: () => ({ refusals: [], reports: [] }),
    runHealthCheck: () => Promise.resolve([]),
    signal: new AbortController().signal,
    say: () => undefined,
    step: () => undefined,
    wait: () => sleep(50),
  });
  const delivered = async (parts: Partial<Release>, refusals: readonly string[] = []): Promise<boolean> =>
    (
      await over((remote) =>
        deliver(releaseOf({ rollbackSeconds: 300, ...parts }), loadAgent(), world(remote, refusals)),
      )
    ).delivered;

  test('runs the whole protocol, called by the driver', async () => {
    expect(
      await delivered({
        text: tableText(1001),
        addresses: [{ kind: 'alias', interface: 'wan0', address: '203.0.113.40/32' }],
      }),
    ).toBe(true);
    expect(await delivered({ text: tableText(1002) }, ['more is open'])).toBe(false);
    expect(ports()).toEqual(['1001']);
    const status = await over(askStatus);
    expect(status.owners).toEqual([
      expect.objectContaining({ owner: 'web', ownerToken: 'lease-1', armed: 'none', rules: 'as-loaded' }),
    ]);
    expect(status.ruleset).toContain('tcp dport 1001 drop');
    expect(status.facts.forwarding.ip).toBe(true);

    run('nft insert rule inet cpanel_edge_web ce_forward tcp dport 7 drop');
    expect(await delivered({ text: tableText(1003) })).toBe(false);
    const edited = (await over(askStatus)).owners[0]!;
    expect(edited.rules).toBe('edited');
    await over((remote) => acceptEdits(remote, edited.fingerprint));
    expect(await delivered({ text: tableText(1003) })).toBe(true);
    expect(ports()).toEqual(['1003']);

    run('nft flush ruleset; rm -rf /run/cpanel-edge/*; ip addr del 203.0.113.40/32 dev wan0 2>/dev/null');
    expect([word('boot'), word('addresses'), word('rules'), word('facts')]).toEqual([
      'ok loaded',
      'ok addresses',
      'ok loaded',
      'ok facts',
    ]);
    expect(ports()).toEqual(['1003']);
    const order = { device: 'gw', owner: 'web', role: 'gateway' } as const;
    const gone = await over((remote) =>
      removeOwner({ ...order, connection: remote.connection }, loadAgent(), world(remote)),
    );
    expect([gone.delivered, ports()]).toEqual([true, []]);
  });

  const begin = (one: Sent, seconds: number): readonly string[] =>
    (['upload', 'check', 'arm'] as const).map((name) => step(name, one, seconds));

  test('runs the timer, outcome and forget', async () => {
    const release = gateway(1001);
    expect(begin(release, 300)).toEqual(['ok uploaded', 'ok checked', 'ok armed']);
    expect([step('outcome', release), step('confirm', release)]).toEqual(['ok armed', 'ok confirmed']);
    const two = gateway(1002);
    expect(begin(two, 300)).toContain('ok armed');
    timeIsUp();
    await eventually(() => ports()[0] === '1001');
    expect([ports(), step('outcome', two)]).toEqual([['1001'], 'ok rolled-back']);
    expect(word('forget gateway web lease-1')).toBe('ok forgotten');
    expect(ports()).toEqual(['1001']);
  });

  test('a token for many owners keeps one upload, and not one for each', () => {
    const token = freshToken();
    for (const owner of ['a', 'b', 'c']) {
      const release = sent({ owner, text: tableText(1001) }, 'lease-1', token);
      expect(step('upload', release)).toBe('ok uploaded');
    }
    expect(run(`ls ${home}/*/offered-*`).trim().split('\n')).toEqual([`${home}/gateway-c/offered-${token}`]);
  });
});
