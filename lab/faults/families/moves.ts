import { strictEqual } from 'node:assert';
import { must, until } from '../../command';
import { theirRules } from '../../their-rules';
import { Combination, combinations } from '../fault';
import { Moment, before, decidedAt } from '../moment';
import { FaultPlatform, faultPlatforms, placesWithin, platformsOf } from '../platform';
import { Scene, succeeded } from '../scene';
import { ENDED, ENDS, STARTS, STATE, losesPower } from './replaces';

/** An administrator's rules that no service loads: a restart takes them away. */
const BY_HAND = theirRules('22,443,993,995,3306', '-p icmp -j ACCEPT', '-p udp -j ACCEPT');
const LOADS_BY_HAND =
  "cat >/root/by-hand && iptables-restore --noflush </root/by-hand && sed 's/-p icmp/-p ipv6-icmp/' /root/by-hand | ip6tables-restore --noflush";

/** Ends the device program at its gate, and the tool that waits there. */
const KILLS =
  "found=$(pgrep -f '(/cpanel-edge-devic[e]|/cpanel-edge/progra[m]) (served [0-9]+ [^ ]+ )?(arm|confirm|rollback|undo) ') || exit 1; for p in $found; do kill -KILL -$(ps -o pgid= -p $p | tr -d ' ') || :; done";

/** A server on iptables, none of whose rules a service loads, moves to a firewalld that is off. */
export function moves(platform: FaultPlatform): readonly Combination[] {
  if (platform.id !== 'firewalld' || !faultPlatforms.has('iptables')) return [];
  const moments = [
    ...placesWithin(platform, 'arm'),
    ...STARTS,
    ...before('read', 'confirm'),
    ...placesWithin(platform, 'confirm').filter(({ point }) => typeof point !== 'string'),
  ];
  const undoing = [...placesWithin(platform, 'rollback').slice(0, 2), ENDED];
  const devices = ['web1'] as const;
  const common = { devices, ofPlatform: true } as const;
  /** Breaks a delivery that waits at a moment of its undo. */
  const atUndo = async (scene: Scene, moment: Moment, strikes: () => Promise<void>): Promise<void> => {
    const { running, gate: read } = await scene.startTo('web1', { step: 'read', point: 'before' });
    const undo = await scene.gate('web1', moment);
    await scene.lab.does('web1', platform.others.opens('web1').load);
    read.release();
    await undo.reached();
    await strikes();
    undo.release();
    await scene.ended(running);
    scene.failed();
  };
  return [
    ...combinations({
      ...common,
      name: 'power lost while a server moves from iptables to firewalld',
      moments,
      run: (scene, _, moment) =>
        fromIptables(scene, 'ours alone', async (was) => {
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
      name: 'power lost while a move from iptables to firewalld is undone',
      moments: undoing,
      run: (scene, _, moment) =>
        fromIptables(scene, 'ours alone', async (was) => {
          scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
          await atUndo(scene, moment, () => losesPower(scene));
          return [was];
        }),
    }),
    ...combinations({
      ...common,
      name: 'the device program is killed while a server moves from iptables to firewalld',
      moments: moments.filter(({ point }) => typeof point !== 'string'),
      representative: ({ point }) => point === STARTS[1]!.point,
      run: (scene, _, moment) =>
        fromIptables(scene, 'beside others', async (was) => {
          scene.allow({ outage: 30_000, operator: 30_000 });
          const { running, gate } = await scene.startTo('web1', moment);
          await kills(scene);
          gate.release();
          await scene.ended(running);
          return decidedAt(moment) === 'no' ? [was] : ['new'];
        }),
    }),
    ...combinations({
      ...common,
      name: 'the device program is killed while a move from iptables to firewalld is undone',
      moments: undoing,
      run: (scene, _, moment) =>
        fromIptables(scene, 'beside others', async (was) => {
          scene.allow({ outage: 30_000, operator: 30_000 });
          await atUndo(scene, moment, () => kills(scene));
          await scene.lab.does('web1', platform.others.opens('web1').remove);
          return [was];
        }),
    }),
    ...combinations({
      ...common,
      name: 'a release that locks the operator out moves a server from iptables to firewalld',
      moments: before('protocol'),
      run: (scene) =>
        fromIptables(scene, 'beside others', async (was, wish) => {
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

/** From outside of its sessions, which end with it. */
const kills = async (scene: Scene): Promise<void> => void must(await scene.lab.device('web1').inside(['sh', '-c', KILLS]));

/** A kernel lists tables in the order in which they were made, those without rules too; a restart changes both. */
const sortTables = (listed: string): string =>
  listed
    .split(/^(?=\*)/m)
    .filter((table) => !/^\*\w+\n(?::\w+ ACCEPT\n)*COMMIT\n$/.test(table))
    .sort()
    .join('');

type Wish = ReturnType<Scene['wanted']>;

/**
 * Puts web1 on iptables and breaks its move. `rules`: "ours alone", or "beside others" that are there by hand. `breaks` says which states are right: as
 * it was, told by its text, or "new", as the next apply leaves it.
 */
async function fromIptables(
  scene: Scene,
  rules: 'ours alone' | 'beside others',
  breaks: (was: string, wish: Wish) => Promise<readonly string[]>,
): Promise<void> {
  const { off, on } = scene.platform.others.starts!;
  const state = async (): Promise<string> => sortTables(await must(await scene.lab.device('web1').inside(['sh', '-c', STATE])));
  const delivers = async (id: string): Promise<void> => {
    const web1 = { platform: id, version: faultPlatforms.get(id)!.others.version };
    await scene.pipeline.want(scene.wanted(scene.version, { platforms: { ...platformsOf(scene.platform), web1 } }));
    succeeded(await scene.pipeline.apply());
  };
  const wish = scene.wanted(scene.target, { replaces: ['iptables'] });
  try {
    // Beside firewalld nothing is delivered on iptables.
    await delivers('nftables');
    await scene.lab.does('web1', `${off}; ${ENDS}`);
    await delivers('iptables');
    if (rules === 'beside others') await scene.lab.does('web1', LOADS_BY_HAND, { input: BY_HAND });
    await scene.lab.does('web1', 'sync');
    const was = await state();
    await scene.pipeline.want(wish);
    const allowed = await breaks(was, wish);
    await scene.settled('web1');
    const expected = allowed.includes('new') ? undefined : was;
    // Services of a start, and the timer, have to come to their end.
    if (expected !== undefined) await until('it is as it was', 60, async () => (await state()) === expected).catch(() => undefined);
    else if (allowed.length === 1)
      await until('firewalld is enabled', 60, async () => /^enabled$/m.test(await state())).catch(() => undefined);
    const left = await state();
    await scene.pipeline.want(wish);
    succeeded(await scene.pipeline.apply());
    const now = await state();
    const is = left === was ? was : left === now ? 'new' : left;
    if (!allowed.includes(is)) strictEqual(left, expected ?? now, 'what runs of both');
    scene.tell(is === 'new' ? 'the new release on firewalld' : 'the old release on iptables, and firewalld off');
  } finally {
    await scene.lab.does('web1', `${ENDS}; ${on}`).catch(() => undefined);
  }
}
