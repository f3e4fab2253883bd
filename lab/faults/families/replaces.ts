import { strictEqual } from 'node:assert';
import { isAbleOf } from '../../../lib/writing/capabilities';
import { must, until } from '../../command';
import { theirRules } from '../../their-rules';
import { Combination, combinations } from '../fault';
import { Moment, before, decidedAt } from '../moment';
import { FaultPlatform, faultPlatforms, placesWithin } from '../platform';
import { Scene, succeeded } from '../scene';

/** Rules that a service loads: what neither release opens is closed by them, too, but for databases, so that a moment with them alone is seen. */
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

/** What runs of all of them, and what starts with the server. */
export const STATE = [
  `systemctl is-enabled ${SERVICE} firewalld`,
  'systemctl is-active firewalld',
  'nft list tables | grep -w inet | sort',
  "for p in iptables ip6tables; do $p-save | sed '/^#/d; s/ \\[[0-9:]*\\]$//'; done",
].join('; ');

const place = (step: Moment['step'], name: string, when: 'before' | 'after', pattern: string, decided: 'yes' | 'no'): Moment => ({
  step,
  point: { name, when, pattern, decided },
});
const DISABLES = `systemctl disable --now ${SERVICE}.service`;
const SWITCHES = [
  place('confirm', 'the other one is about to be switched off', 'before', DISABLES, 'yes'),
  place('confirm', 'the other one is switched off', 'after', DISABLES, 'yes'),
];

/** firewalld is off beforehand, and the release before is on the first of all platforms: nobody has both. */
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

/** Another firewall of the server gives way to the release, when the way of the delivery is cut. */
export function replaces(platform: FaultPlatform): readonly Combination[] {
  const { server } = platform.capabilities;
  if (!server || !isAbleOf(server.replaces, 'iptables')) return [];
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
      run: (scene, _, moment) =>
        besideAnother(scene, starts, async (was) => {
          scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
          const { running, gate } = await scene.startTo('web1', moment);
          await losesPower(scene);
          gate.release();
          await scene.ended(running);
          return decidedAt(moment) === 'no' ? [was] : decidedAt(moment) === 'yes' ? ['new'] : [was, 'new'];
        }),
    }),
    ...combinations({
      ...common,
      name: 'power lost while another firewall comes back',
      moments: [...placesWithin(platform, 'rollback').slice(0, 2), ...(starts ? [ENDED] : [])],
      run: (scene, _, moment) =>
        besideAnother(scene, starts, async (was) => {
          scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
          const { running, gate: read } = await scene.startTo('web1', { step: 'read', point: 'before' });
          const undo = await scene.gate('web1', moment);
          await scene.lab.does('web1', platform.others.opens('web1').load);
          read.release();
          await undo.reached();
          await losesPower(scene);
          undo.release();
          await scene.ended(running);
          scene.failed();
          return [was];
        }),
    }),
    ...combinations({
      ...common,
      name: 'a release that locks the operator out, to which another firewall gives way',
      moments: before('protocol'),
      run: (scene) =>
        besideAnother(scene, starts, async (was, wish) => {
          scene.allow({ operator: Infinity, outage: 10_000 });
          await scene.pipeline.want({ ...wish, management: ['198.51.100.0/24'], rollbackSeconds: 10 });
          await scene.ended(scene.start());
          scene.failed();
          await scene.pipeline.want(wish);
          return [was];
        }),
    }),
  ];
}

export async function losesPower(scene: Scene): Promise<void> {
  const device = scene.lab.device('web1');
  await device.losePower();
  await device.start();
  await device.ready();
}

type Wish = ReturnType<Scene['wanted']>;

/** `breaks` says which states are right: as it was, told by its text, or "new", as the next apply leaves it. */
async function besideAnother(
  scene: Scene,
  starts: boolean,
  breaks: (was: string, wish: Wish) => Promise<readonly string[]>,
): Promise<void> {
  const state = async (): Promise<string> => must(await scene.lab.device('web1').inside(['sh', '-c', STATE]));
  const first = [...faultPlatforms.values()][0]!;
  const wish = scene.wanted(scene.target, { replaces: ['iptables'] });
  try {
    if (starts) {
      const onFirst = { platform: first.id, version: first.others.version };
      await scene.pipeline.want(scene.wanted(scene.version, { platforms: { edge1: onFirst, web1: onFirst } }));
      succeeded(await scene.pipeline.apply());
      await scene.lab.does('web1', `${scene.platform.others.starts!.off}; sync`);
    }
    await scene.lab.does('web1', BEGINS, { input: THEIRS });
    const was = await state();
    await scene.pipeline.want(wish);
    const allowed = await breaks(was, wish);
    await scene.settled('web1');
    const asItWas = async (): Promise<boolean> => (await state()) === was;
    // The services of a start have to come to their end.
    if (!allowed.includes('new')) await until('it is as it was', 60, asItWas).catch(() => undefined);
    let left = await state();
    await scene.pipeline.want(wish);
    const apply = async (): Promise<void> => succeeded(await scene.pipeline.apply());
    if (allowed.length === 1 && allowed[0] === 'new') {
      // It is decided: a start brings it to its end.
      await until('what gave way is off', 60, async () => (left = await state()).startsWith('disabled')).catch(() => undefined);
    }
    await apply();
    const now = await state();
    const is = left === was ? was : left === now ? 'new' : left;
    if (!allowed.includes(is)) strictEqual(left, allowed.includes('new') ? now : was, 'what runs of both');
    scene.tell(is === 'new' ? 'the new release, and the other one is off' : 'the old release, and the other one as it was');
  } finally {
    await scene.lab.does('web1', `${ENDS}; ${scene.platform.others.starts?.on ?? 'true'}`).catch(() => undefined);
  }
}
