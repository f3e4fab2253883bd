// Fault tests of power losses and reboots of a device at every step of a delivery, and of power losses during a
// rollback.
import { Combination, combinations } from '../fault';
import { DELIVERING, DeviceName, Moment, around, decidedAt, printMoment } from '../moment';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';
import { comesToRun } from './damage';

const AROUND = DELIVERING.flatMap(around);

/**
 * Faults: power failures and reboots at every step. Afterwards a confirmed release is there, an unconfirmed one is
 * gone, and there is nothing else.
 */
export function power(platform: FaultPlatform): readonly Combination[] {
  const within = DELIVERING.flatMap((step) => placesWithin(platform, step));
  return [
    ...combinations({
      name: 'power lost, and with it what was not synced',
      moments: [...within, ...AROUND.filter(({ step }) => step !== 'protocol' && step !== 'read')],
      ofPlatform: true,
      representative: (moment, device) =>
        device === 'web1' &&
        (decidedAt(moment) === 'not on the disk yet' || printMoment(moment) === 'arm: loaded in part'),
      run: (scene, device, moment) =>
        interrupted(scene, device, moment, () => scene.lab.device(device).losePowerAndStart()),
    }),
    ...combinations({
      name: 'power lost while a release is undone',
      moments: placesWithin(platform, 'rollback'),
      devices: ['web1'],
      ofPlatform: true,
      run: async (scene, device, moment) => {
        scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
        const { running, gate: read } = await scene.startTo(device, { step: 'read', point: 'before' });
        const undo = await scene.gate(device, moment);
        // The rollback's cause: the verification fails, because another program's rule opens more. The power failure
        // removes that rule, too.
        await scene.lab.does(device, platform.others.opens(device).load);
        read.release();
        await undo.reached();
        await scene.lab.device(device).losePowerAndStart();
        undo.release();
        await scene.ended(running);
        scene.failed();
        await scene.settled(device);
        await comesToRun(scene, device, 'old');
      },
    }),
    ...combinations({
      name: 'the device is rebooted',
      moments: AROUND,
      representative: ({ step, point }, device) => device === 'edge1' && step === 'read' && point === 'before',
      run: (scene, device, moment) =>
        interrupted(scene, device, moment, async () => {
          await scene.lab.ssh(device, 'systemctl reboot');
          await scene.lab.device(device).rebootedByItself();
        }),
    }),
  ];
}

async function interrupted(
  scene: Scene,
  device: DeviceName,
  moment: Moment,
  fault: () => Promise<void>,
): Promise<void> {
  scene.allow({ outage: Infinity, sessionsEnd: true, operator: Infinity });
  const { running, gate } = await scene.startTo(device, moment);
  await fault();
  await scene.lab.device(device).ready();
  gate.release();
  await scene.ended(running);
  await scene.settled(device);
  await comesToRun(scene, device, ...allowedAfter(scene, moment));
}

/** Returns the right states: a decision stays, but one that wasn't on the disk yet may be lost with the power. */
function allowedAfter(scene: Scene, moment: Moment): readonly ['old' | 'new', ...('old' | 'new')[]] {
  // A delivery to a device that has restarted meanwhile goes on as usual.
  if (moment.step === 'protocol' || (moment.step === 'upload' && moment.point === 'before')) return ['new'];
  const decided = decidedAt(moment);
  switch (decided) {
    case 'yes':
      return ['new'];
    case 'not on the disk yet':
      return ['old', 'new'];
    case 'no':
      return scene.platform.capabilities.rebootUndo ? ['old'] : ['old', 'new'];
    default:
      return decided satisfies never;
  }
}
