// Tests that a server has the old release with the other firewall, or the new release without it, if power is lost or
// the operator is locked out while a release replaces the iptables rules of netfilter-persistent. moves.ts uses the
// shell commands of it.
import { hasCapability } from '../../../lib/generate/capabilities';
import { must } from '../../command';
import { theirRules } from '../../other-firewall-rules';
import { Combination, combinations } from '../fault';
import { Moment, before } from '../moment';
import { FaultPlatform, faultPlatforms, placesWithin } from '../platform';
import { Scene, succeeded } from '../scene';
import { Breaks, expectWholeAfter, lockOperatorOut, losePowerAt, losePowerInUndo } from './break-delivery';

/**
 * Rules that a service loads. They close the same ports as both releases, except databases, so that a moment with them
 * alone is visible.
 */
const THEIRS = theirRules('22,443,993,995,3306', '-p icmp -j ACCEPT', '-p udp -j ACCEPT');
const SERVICE = 'netfilter-persistent';

const BEGINS = [
  'mkdir -p /etc/iptables',
  'cat >/etc/iptables/rules.v4',
  "sed 's/-p icmp/-p ipv6-icmp/' /etc/iptables/rules.v4 >/etc/iptables/rules.v6",
  `systemctl enable -q ${SERVICE}`,
  `systemctl restart ${SERVICE}`,
  'sync',
].join(' && ');

export const ENDS = [
  `systemctl disable -q --now ${SERVICE}`,
  'rm -f /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/cpanel-edge/*/replaced*',
  'for p in iptables ip6tables; do for c in INPUT FORWARD; do $p -P $c ACCEPT; done; $p -F; done',
  'sync',
].join('; ');

/** Prints what runs of all firewalls, and what starts with the server. */
export const STATE = [
  `systemctl is-enabled ${SERVICE} firewalld`,
  'systemctl is-active firewalld',
  'nft list tables | grep -w inet | sort',
  "for p in iptables ip6tables; do $p-save | sed '/^#/d; s/ \\[[0-9:]*\\]$//'; done",
].join('; ');

const place = (
  step: Moment['step'],
  name: string,
  when: 'before' | 'after',
  pattern: string,
  decided: 'yes' | 'no',
): Moment => ({
  step,
  point: { name, when, pattern, decided },
});
const DISABLES = `systemctl disable --now ${SERVICE}.service`;
const SWITCHES = [
  place('confirm', 'the other one is about to be switched off', 'before', DISABLES, 'yes'),
  place('confirm', 'the other one is switched off', 'after', DISABLES, 'yes'),
];

/** firewalld is off before, and the previous release is on the first of all platforms. No server has both. */
export const STARTS = [
  place('arm', 'firewalld is about to start', 'before', 'systemctl --no-block start firewalld.service', 'no'),
  place('arm', 'firewalld is started', 'after', 'systemctl --no-block start firewalld.service', 'no'),
  place('confirm', 'firewalld is about to be enabled', 'before', 'systemctl enable firewalld.service', 'yes'),
  place('confirm', 'firewalld is enabled', 'after', 'systemctl enable firewalld.service', 'yes'),
];
export const ENDED = place(
  'rollback',
  'firewalld is ended, nothing is back',
  'after',
  'systemctl kill --signal=KILL firewalld.service',
  'no',
);

/** Faults while the release replaces another firewall of the server: the delivery is cut. */
export function replaces(platform: FaultPlatform): readonly Combination[] {
  const { server } = platform.capabilities;
  if (!server || !hasCapability(server.replaces, 'iptables')) return [];
  const starts = platform.others.starts !== undefined;
  const moments = [
    ...placesWithin(platform, 'arm'),
    ...(starts ? STARTS : []),
    ...before('read', 'confirm'),
    ...placesWithin(platform, 'confirm'),
    ...SWITCHES,
  ];
  const devices = ['web1'] as const;
  const common = { devices, ofPlatform: true } as const;
  return [
    ...combinations({
      ...common,
      name: 'power lost while another firewall gives way',
      moments,
      representative: (moment) => moment === SWITCHES[0],
      run: (scene, _, moment) => besideAnother(scene, starts, losePowerAt(scene, moment)),
    }),
    ...combinations({
      ...common,
      name: 'power lost while another firewall comes back',
      moments: [...placesWithin(platform, 'rollback').slice(0, 2), ...(starts ? [ENDED] : [])],
      run: (scene, _, moment) => besideAnother(scene, starts, losePowerInUndo(scene, platform, moment)),
    }),
    ...combinations({
      ...common,
      name: 'a release that locks the operator out, to which another firewall gives way',
      moments: before('protocol'),
      run: (scene) => besideAnother(scene, starts, lockOperatorOut(scene)),
    }),
  ];
}

async function besideAnother(scene: Scene, starts: boolean, breaks: Breaks): Promise<void> {
  const first = [...faultPlatforms.values()][0]!;
  const change = {
    wish: scene.wanted(scene.target, { replaces: ['iptables'] }),
    printState: async () => must(await scene.lab.device('web1').inside(['sh', '-c', STATE])),
    isSwitched: (state: string) => state.startsWith('disabled'),
    names: { new: 'the new release, and the other one is off', old: 'the old release, and the other one as it was' },
  };
  try {
    if (starts) {
      const onFirst = { platform: first.id, version: first.others.version };
      await scene.pipeline.want(scene.wanted(scene.version, { platforms: { edge1: onFirst, web1: onFirst } }));
      succeeded(await scene.pipeline.apply());
      await scene.lab.does('web1', `${scene.platform.others.starts!.off}; sync`);
    }
    await scene.lab.does('web1', BEGINS, { input: THEIRS });
    await expectWholeAfter(scene, change, breaks);
  } finally {
    await scene.lab.does('web1', `${ENDS}; ${scene.platform.others.starts?.on ?? 'true'}`).catch(() => undefined);
  }
}
