// Fault tests of the confirm timeout that expires during a confirm or a rollback. Confirm and rollback take the same
// file away, so exactly one wins, and device and driver report the same.
import { pause, until } from '../../command';
import { Combination, combinations } from '../fault';
import { Gate } from '../gate';
import { DeviceName, Moment, Step, printMoment } from '../moment';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';
import { agrees } from './line';

const ROLLBACK = 10;

const point = (platform: FaultPlatform, step: Step, name: string): Moment => {
  const found = placesWithin(platform, step).find((moment) => printMoment(moment) === `${step}: ${name}`);
  if (!found) throw new Error(`${platform.capabilities.name} has no place "${name}" within ${step}.`);
  return found;
};

/** Waits until the timer's own command runs: it then waits for the lock, or at a gate. */
const timerFired = (scene: Scene, device: DeviceName): Promise<void> =>
  until(
    `the timer of ${device} fires`,
    60,
    async () => (await scene.lab.ssh(device, "pgrep -f 'cpanel-edge-devic[e] undo '")).status === 0,
    100,
  );

const begin = async (
  scene: Scene,
  device: DeviceName,
  moment: Moment,
): Promise<{ running: ReturnType<Scene['start']>; gate: Gate }> => {
  await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds: ROLLBACK }));
  return scene.startTo(device, moment);
};

export const race = (platform: FaultPlatform): readonly Combination[] => [
  ...combinations({
    name: 'the timer fires while confirm decides',
    moments: [
      point(platform, 'confirm', 'about to decide'),
      point(platform, 'confirm', 'decided, not on the disk'),
      point(platform, 'confirm', 'on the disk, timer not stopped'),
    ],
    ofPlatform: true,
    representative: (moment, device) => device === 'web1' && printMoment(moment) === 'confirm: about to decide',
    run: async (scene, device, moment) => {
      const { running, gate } = await begin(scene, device, moment);
      await timerFired(scene, device);
      gate.release();
      await scene.ended(running);
      scene.succeeded();
      await agrees(scene, device);
      await until(
        `the timer's command ends`,
        30,
        async () => (await scene.lab.ssh(device, "pgrep -f 'cpanel-edge-devic[e] undo '")).status === 1,
      );
      await scene.expectRuns(device, 'new');
      scene.tell('confirm had it first');
    },
  }),
  ...combinations({
    name: 'confirm comes while the timer undoes',
    moments: [point(platform, 'rollback', 'about to undo'), point(platform, 'rollback', 'undoing, not loaded')],
    run: async (scene, device, moment) => {
      const { running, gate: confirm } = await begin(scene, device, { step: 'confirm', point: 'before' });
      const undo = await scene.gate(device, moment);
      await undo.reached();
      confirm.release();
      await until(
        'confirm waits',
        30,
        async () => (await scene.lab.ssh(device, "pgrep -f 'cpanel-edge-devic[e] confirm '")).status === 0,
        50,
      );
      // Long enough to reach the lock.
      await pause(500);
      undo.release();
      await scene.ended(running);
      scene.failed();
      scene.says(/device\/not-armed/, /its timer fired/, /again: the new one was rolled back/);
      await agrees(scene, device);
      scene.tell('the timer had it first');
    },
  }),
  ...combinations({
    name: 'the timer fires while the driver undoes',
    moments: [point(platform, 'rollback', 'about to undo'), point(platform, 'rollback', 'undoing, not loaded')],
    run: async (scene, device, moment) => {
      const { running, gate } = await begin(scene, device, { step: 'read', point: 'before' });
      const undo = await scene.gate(device, moment);
      // The rollback's cause: the verification fails, because another program's rule opens more.
      const opening = platform.others.opens(device);
      await scene.lab.does(device, opening.load);
      gate.release();
      await undo.reached();
      await timerFired(scene, device);
      await scene.lab.does(device, opening.remove);
      undo.release();
      await scene.ended(running);
      scene.failed();
      scene.says(/driver\/not-proven|driver\/facts-differ|driver\/too-late/, /again: the new one was rolled back/);
      await agrees(scene, device);
    },
  }),
];
