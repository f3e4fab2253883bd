// Tests the driver with a simulated pfSense box: installation, delivery, rollback of what can't be verified, `doctor`,
// removal.

import { OrderOutcome, deliver } from '../../../driver/deliver';
import { askDeviceOnce } from '../../../driver/doctor/device-look';
import { findMissingAddresses } from '../../../driver/drift';
import { compareFacts, createLiveDevice } from '../../../driver/live-device';
import { listInterfaceNames, renameAnswers } from '../../../driver/rename-interfaces';
import { askStatus } from '../../../driver/device-status';
import { loadAgent, renderInstallScript } from '../../../driver/agent-program';
import { compareAssumedFacts } from '../../../driver/verify-live';
import { removeOwner } from '../../../driver/remove';
import { Remote, useSsh } from '../../../driver/ssh';
import { DeliveryContext } from '../../../driver/delivery-steps';
import { Release } from '../../../lib/agent-protocol/release';
import { printAddress } from '../../../lib/net/address';
import { GatewayPolicy } from '../../../lib/policy/policy';
import { encodePolicy } from '../../../lib/verifier/policy-codec';
import { releaseOf } from '../../driver/samples';
import { worldOf } from '../../driver/delivery-context';
import { textOf } from './box-configuration';
import { canHaveBox } from './machine';
import { boxOverSsh } from './sshd';
import { MAIL, WWW } from './steps';
import { box as policyOf, interfacesNamed } from './generate/samples';
import { describeWhere } from '../../where-possible';
import { virtualIp } from '../../generate/support';

const withBox = describeWhere(
  canHaveBox,
  'deliveries to a pfSense box over ssh',
  'root on Linux, and php-cli with php-xml',
);

withBox('a delivery to a box', () => {
  const { box, connection } = boxOverSsh(false);
  beforeEach(() => box().fresh());

  const said: string[] = [];
  const world = (remote: Remote, parts: Partial<DeliveryContext> = {}): DeliveryContext =>
    worldOf(remote, { compareAssumedFacts, say: (line) => void said.push(line), ...parts });
  const over = <T>(use: (remote: Remote) => Promise<T>): Promise<T> => useSsh(connection(), process.env, use);
  const delivered = (release: Release, parts: Partial<DeliveryContext> = {}): Promise<OrderOutcome> => {
    said.length = 0;
    return over((remote) => deliver(release, loadAgent(release.platform), world(remote, parts)));
  };
  const policy = (names: readonly [string, string], version = '2.7.2'): GatewayPolicy =>
    policyOf([], {
      version,
      interfaces: interfacesNamed(...names),
      virtualIps: [virtualIp('203.0.113.10', { interface: names[0] })],
    });
  const release = (mapped: Parameters<typeof textOf>[0], parts: Partial<Release> = {}): Release =>
    releaseOf({
      platform: 'pfsense',
      text: textOf(mapped),
      rollbackSeconds: 30,
      policy: encodePolicy(policy(['igb0', 'igb1'])),
      addresses: mapped.map(({ outside }) => ({ kind: 'alias', interface: 'igb0', address: `${outside}/32` })),
      ...parts,
    });
  const runs = (): string => box().read('/var/pf/nat');

  test('installs the agent, delivers, reports a repeated delivery without loading, and removes', async () => {
    const outcome = await delivered(release([MAIL]));
    expect(said[0]).toBe('installing the agent');
    expect(outcome.paragraph[0]).toMatch(/^gw runs release [0-9a-f]{12} of web: proven over a new connection/);
    expect(box().run(['/bin/stat', '-c', '%a:%u', '/usr/local/sbin/cpanel-edge-device']).trim()).toBe('755:0');
    expect((await delivered(release([MAIL]))).paragraph[0]).toMatch(/already runs release/);
    expect(runs()).toContain(
      'binat on igb0 inet from 10.0.1.50 to any -> 203.0.113.10\nbinat on igb0 inet from 10.0.1.30 to any -> 203.0.113.3\n',
    );
    const status = await over(askStatus);
    expect(status.owners).toEqual([
      expect.objectContaining({ owner: 'web', ownerToken: 'lease-1', state: 'confirmed', rules: 'as-loaded' }),
    ]);
    expect(status.ruleset).toContain('<cpanel_edge><live>on</live></cpanel_edge>');
    expect(findMissingAddresses(release([MAIL, WWW]), status)).toEqual(['igb0 does not have 203.0.113.11 any more']);
    const order = { device: 'gw', owner: 'web', role: 'gateway', platform: 'pfsense' } as const;
    const gone = await over((remote) =>
      removeOwner({ ...order, connection: remote.connection }, loadAgent(order.platform), world(remote)),
    );
    expect(gone.delivered).toBe(true);
    expect(runs()).not.toContain('203.0.113.10');
  });

  test('rolls back what can’t be verified, and prints the running rules', async () => {
    await delivered(release([MAIL]));
    const outcome = await delivered(release([MAIL, WWW]), {
      verifyLive: () => ({ refusals: ['more is open'], reports: [] }),
    });
    expect(outcome.delivered).toBe(false);
    expect(outcome.paragraph.join('\n')).toContain('more is open');
    expect(outcome.paragraph.join('\n')).toMatch(
      /On the device: release [0-9a-f]{12} again: the new one was rolled back/,
    );
    expect(runs()).not.toContain('203.0.113.11');
  });

  test.each([
    [
      ['igb0', 'igb1'],
      ['igb0', 'igb1'],
    ],
    [
      ['wan', 'lan'],
      ['wan', 'lan'],
    ],
    [
      ['wan', 'igb1'],
      ['wan', 'igb1'],
    ],
  ] as const)('finds the interfaces of an intent that names %s', async (names, expected) => {
    const { facts } = await over(askStatus);
    const wish = policy(names);
    expect(compareFacts(wish, facts, []).refusals).toEqual([]);
    const device = createLiveDevice(wish, facts);
    expect(device.interfaces.map(({ name }) => name)).toEqual([...expected]);
    expect([device.forwarding, device.localAddresses.map(printAddress)]).toEqual([true, []]);
  });

  test('refuses another version, another interface and another address', async () => {
    const { facts } = await over(askStatus);
    expect(compareFacts(policy(['igb0', 'igb7'], '2.8.0'), facts, []).refusals).toEqual([
      'the device has no interface igb7.',
      'the device runs version 2.7.2, and the intent says 2.8.0.',
    ]);
    const other = await delivered(release([MAIL], { policy: encodePolicy(policy(['igb0', 'igb1'], '2.6.0')) }));
    expect(other.paragraph.join('\n')).toContain('the device runs version 2.7.2, and the intent says 2.6.0.');
    expect(runs()).not.toContain('203.0.113.10');
  });

  test('answers doctor’s checks, with the intent’s names', async () => {
    box().write(
      '/var/pf/states',
      'all tcp 10.0.1.50:443 (203.0.113.10:443) <- 198.51.100.7:50000       ESTABLISHED:ESTABLISHED\n',
    );
    const asked = {
      public: '203.0.113.10',
      inside: '10.0.1.50',
      source: '198.51.100.7',
      port: 443,
      protocol: 'tcp',
    } as const;
    const seen = await over((remote) =>
      askDeviceOnce(remote, { ...asked, arrives: 'igb0' }, { connection: remote.connection, device: 'gw' }),
    );
    const { lookAnswer } = renameAnswers(seen, listInterfaceNames(policy(['igb0', 'igb1'])));
    expect(lookAnswer).toMatchObject({
      inside: '10.0.1.50 dev igb1',
      back: '198.51.100.7 via 203.0.113.1 dev igb0',
      neighbour: ['answers igb1', '10.0.1.50 dev igb1 lladdr 02:00:00:00:00:50 REACHABLE'],
      sessions: [
        'tcp src=198.51.100.7 dst=203.0.113.10 sport=50000 dport=443 src=10.0.1.50 dst=198.51.100.7 sport=443 dport=50000',
      ],
      listening: ['root     nginx      40000 5  tcp4   *:443                 *:*'],
    });
    expect(lookAnswer!.settings.get('forwarding igb0')).toBe('1');
  });

  test('does not install the agent of another system', async () => {
    const answer = await over((remote) => remote.script(renderInstallScript(loadAgent())));
    expect(answer.result).toMatchObject({ is: 'refused', word: 'foreign-box' });
    expect((await over((remote) => remote.run(['protocol']))).result).toMatchObject({ is: 'ok' });
  });
});
