// Tests that a server ends on iptables or on firewalld, and not in between, if power is lost, the agent is killed or
// the operator is locked out while the server moves from iptables to firewalld.
import { must } from '../../command';
import { theirRules } from '../../other-firewall-rules';
import { Combination, combinations } from '../fault';
import { before, decidedAt } from '../moment';
import { FaultPlatform, TIME_TO_ROLL_BACK, faultPlatforms, placesWithin, platformsOf } from '../platform';
import { Scene, succeeded } from '../scene';
import {
  Breaks,
  breakDelivery,
  breakUndo,
  expectWholeAfter,
  lockOperatorOut,
  losePowerAt,
  losePowerInUndo,
} from './break-delivery';
import { ENDED, ENDS, STARTS, STATE } from './replaces';

/** Rules of an administrator that no service loads: a restart removes them. */
const BY_HAND = theirRules('22,443,993,995,3306', '-p icmp -j ACCEPT', '-p udp -j ACCEPT');
const LOADS_BY_HAND =
  "cat >/root/by-hand && iptables-restore --noflush </root/by-hand && sed 's/-p icmp/-p ipv6-icmp/' /root/by-hand | ip6tables-restore --noflush";

/**
 * Losses until only the rollback timer ends the delivery. After half a minute TCP waits as long again before it sends
 * anew, so the test ends before it knows that a session goes on.
 */
const UNTIL_ROLLED_BACK = { outage: TIME_TO_ROLL_BACK, operator: TIME_TO_ROLL_BACK, sessionsEnd: true };

/** Kills the agent at its gate, and the tool that waits there. */
const KILLS =
  "found=$(pgrep -f '(/cpanel-edge-devic[e]|/cpanel-edge/progra[m]) (served [0-9]+ [^ ]+ )?(arm|confirm|rollback|undo) ') || exit 1; for p in $found; do kill -KILL -$(ps -o pgid= -p $p | tr -d ' ') || :; done";

/** Faults: a server on iptables, whose rules no service loads, moves to a firewalld that is off. */
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
  return [
    ...combinations({
      ...common,
      name: 'power lost while a server moves from iptables to firewalld',
      moments,
      run: (scene, _, moment) => fromIptables(scene, 'ours alone', losePowerAt(scene, moment)),
    }),
    ...combinations({
      ...common,
      name: 'power lost while a move from iptables to firewalld is undone',
      moments: undoing,
      run: (scene, _, moment) => fromIptables(scene, 'ours alone', losePowerInUndo(scene, platform, moment)),
    }),
    ...combinations({
      ...common,
      name: 'the device program is killed while a server moves from iptables to firewalld',
      moments: moments.filter(({ point }) => typeof point !== 'string'),
      representative: ({ point }) => point === STARTS[1]!.point,
      run: (scene, _, moment) =>
        fromIptables(scene, 'beside others', async (was) => {
          scene.allow(UNTIL_ROLLED_BACK);
          await breakDelivery(scene, moment, () => killProgram(scene));
          return decidedAt(moment) === 'no' ? [was] : ['new'];
        }),
    }),
    ...combinations({
      ...common,
      name: 'the device program is killed while a move from iptables to firewalld is undone',
      moments: undoing,
      run: (scene, _, moment) =>
        fromIptables(scene, 'beside others', async (was) => {
          scene.allow(UNTIL_ROLLED_BACK);
          await breakUndo(scene, platform, moment, () => killProgram(scene));
          await scene.lab.does('web1', platform.others.opens('web1').remove);
          return [was];
        }),
    }),
    ...combinations({
      ...common,
      name: 'a release that locks the operator out moves a server from iptables to firewalld',
      moments: before('protocol'),
      run: (scene) => fromIptables(scene, 'beside others', lockOperatorOut(scene)),
    }),
  ];
}

/** From outside its sessions, which end with it. */
async function killProgram(scene: Scene): Promise<void> {
  await must(await scene.lab.device('web1').inside(['sh', '-c', KILLS]));
}

/** A kernel lists tables in the order of their creation, empty ones included; a restart changes both. */
const sortTables = (listed: string): string =>
  listed
    .split(/^(?=\*)/m)
    .filter((table) => !/^\*\w+\n(?::\w+ ACCEPT\n)*COMMIT\n$/.test(table))
    .sort()
    .join('');

/** Puts web1 on iptables and breaks its move. `rules`: "ours alone", or "beside others" that were added by hand. */
async function fromIptables(scene: Scene, rules: 'ours alone' | 'beside others', breaks: Breaks): Promise<void> {
  const { off, on } = scene.platform.others.starts!;
  const change = {
    wish: scene.wanted(scene.target, { replaces: ['iptables'] }),
    printState: async () => sortTables(await must(await scene.lab.device('web1').inside(['sh', '-c', STATE]))),
    isSwitched: (state: string) => /^enabled$/m.test(state),
    names: { new: 'the new release on firewalld', old: 'the old release on iptables, and firewalld off' },
  };
  const deliver = async (id: string): Promise<void> => {
    const web1 = { platform: id, version: faultPlatforms.get(id)!.others.version };
    await scene.pipeline.want(scene.wanted(scene.version, { platforms: { ...platformsOf(scene.platform), web1 } }));
    succeeded(await scene.pipeline.apply());
  };
  try {
    // Beside firewalld, no delivery for iptables is possible.
    await deliver('nftables');
    await scene.lab.does('web1', `${off}; ${ENDS}`);
    await deliver('iptables');
    if (rules === 'beside others') await scene.lab.does('web1', LOADS_BY_HAND, { input: BY_HAND });
    await scene.lab.does('web1', 'sync');
    await expectWholeAfter(scene, change, breaks);
  } finally {
    await scene.lab.does('web1', `${ENDS}; ${on}`).catch(() => undefined);
  }
}
