// Tests that a device runs the old or the new release if the SSH connection to it breaks at any step of a delivery, and
// that the driver notices the break and reports the outcome. Also measures when the driver notices, for other families.
import { ok, strictEqual } from 'node:assert';
import { performance } from 'node:perf_hooks';
import { until } from '../../command';
import { LineCutOptions, cutLine } from '../../cut-line';
import { Combination, combinations } from '../fault';
import { BEFORE, DELIVERING, DEVICES, DeviceName, Moment, Step, printMoment } from '../moment';
import { Running } from '../pipeline';
import { FaultPlatform, placesWithin } from '../platform';
import { Scene } from '../scene';

/** Steps before the release is loaded, so the driver has no rollback to wait for. */
const UNARMED: readonly Step[] = ['protocol', 'upload', 'check'];
const unarmed = ({ step }: Moment): boolean => UNARMED.includes(step);

/**
 * Seconds in which ssh and the driver notice a silent line: 9 s for an established connection, 5 s for a new one, and
 * twice that on a busy machine.
 */
const NOTICED_WITHIN = 25;

/**
 * Returns the seconds until the driver gives up this connection: it begins to roll back, connects again, or has ended.
 */
export async function noticed(running: Running): Promise<number> {
  const began = performance.now();
  let over = false;
  void running.ended.then(() => (over = true));
  await until(
    'the driver notices',
    120,
    async () =>
      over ||
      /rolling back, |waiting until the device has rolled it back|asking the device whether/.test(running.said()),
    50,
  );
  return (performance.now() - began) / 1000;
}

export const inSeconds = (seconds: number): string => `${Math.round(seconds)} s`;

/** Asserts that Terraform and the device have the same result, whichever it is. */
export async function agrees(scene: Scene, device: DeviceName): Promise<void> {
  const success = scene.status() === 0;
  await scene.settled(device);
  strictEqual(await scene.runs(device), success ? 'new' : 'old', `Terraform ended with ${scene.status()}`);
}

interface Cut extends LineCutOptions {
  readonly name: string;
  readonly how: 'drop' | 'reset';
  readonly moments: readonly Moment[];
  readonly device: (moment: Moment, at: number) => readonly DeviceName[];
  readonly representative?: (moment: Moment, device: DeviceName) => boolean;
}

const alternating = ({ devices }: FaultPlatform, at: number): readonly DeviceName[] => [devices[at % devices.length]!];

/**
 * Faults: the line breaks. It works again once the driver has noticed; or, before anything is loaded, once it has given
 * up.
 */
const cuts = ({
  name,
  how,
  direction,
  moments,
  device: devices,
  representative = () => false,
}: Cut): readonly Combination[] =>
  moments.flatMap((moment, at) =>
    combinations({
      name,
      moments: [moment],
      devices: devices(moment, at),
      representative,
      run: async (scene, device) => {
        scene.allow({ operator: Infinity });
        const { running, gate } = await scene.startTo(device, moment);
        const cut = await cutLine(scene.lab, device, how, direction ? { direction } : {});
        gate.release();
        const seconds = await noticed(running);
        if (unarmed(moment)) await running.ended;
        await cut.mend();
        await scene.ended(running);
        ok(seconds <= NOTICED_WITHIN, `the driver noticed only after ${inSeconds(seconds)}`);
        scene.tell(`noticed after ${inSeconds(seconds)}`);
        await judge(scene, device, moment);
      },
    }),
  );

/** Asserts the result if the line works again while the driver still tries. */
async function judge(scene: Scene, device: DeviceName, { step }: Moment): Promise<void> {
  if (step !== 'confirm') {
    scene.failed();
    scene.says(
      /driver\/unreachable/,
      UNARMED.includes(step) ? /nothing was loaded/ : /again: the new one was rolled back/,
    );
    await scene.settled(device);
    await scene.expectRuns(device, 'old');
    return;
  }
  // It was told to confirm, or is told now, or its timer was first. Each is right if both sides report the same.
  await agrees(scene, device);
  if (scene.status() !== 0) scene.says(/device\/not-armed|driver\/too-late/);
}

/** Faults: the line is dead until the driver has given up, while a release is armed or decided. */
const dead = (platform: FaultPlatform): readonly Combination[] => {
  const moments = [
    { step: 'read', point: 'before' } as const,
    ...placesWithin(platform, 'arm')
      .concat(placesWithin(platform, 'confirm'))
      .filter((moment) => ['arm: loaded, not remembered', 'confirm: about to decide'].includes(printMoment(moment))),
  ];
  return combinations({
    name: 'SSH dropped for longer than the driver waits',
    moments,
    devices: ['web1'],
    run: async (scene, device, moment) => {
      scene.allow({ operator: Infinity });
      await scene.pipeline.want(scene.wanted(scene.target, { rollbackSeconds: 10 }));
      const { running, gate } = await scene.startTo(device, moment);
      const cut = await cutLine(scene.lab, device, 'drop');
      gate.release();
      const began = performance.now();
      await scene.ended(running);
      const seconds = (performance.now() - began) / 1000;
      await cut.mend();
      scene.tell(`the driver gave up after ${inSeconds(seconds)}`);
      scene.failed();
      scene.says(/driver\/unreachable/, /On the device: not known/, /10 s after loading/, /verify web1/);
      scene.says(moment.step === 'confirm' ? /told to confirm and its answer did not come/ : /never told to confirm/);
      await scene.settled(device);
      await scene.expectRuns(device, moment.step === 'confirm' ? 'new' : 'old');
      ok(seconds < 120, `the driver waited ${inSeconds(seconds)} for a device whose timer has 10 s`);
      if (moment.step !== 'confirm') return;
      // The device keeps its decision, and the next apply finds it.
      await scene.again();
      scene.succeeded();
      scene.says(/already runs release/);
    },
  });
};

export function line(platform: FaultPlatform): readonly Combination[] {
  const within = DELIVERING.flatMap((step) => placesWithin(platform, step));
  return [
    ...cuts({
      name: 'SSH silently dropped',
      how: 'drop',
      moments: [...BEFORE, ...within],
      device: (moment, at) =>
        moment.step === 'arm' || moment.step === 'confirm' ? DEVICES : alternating(platform, at),
      representative: (moment, device) => device === 'edge1' && printMoment(moment) === 'before confirm',
    }),
    ...cuts({
      name: 'SSH reset',
      how: 'reset',
      moments: [...BEFORE, ...within],
      device: (_, at) => alternating(platform, at),
      representative: (moment) => printMoment(moment) === 'before prove',
    }),
    ...cuts({
      name: 'only the answers lost',
      how: 'drop',
      direction: 'answers',
      moments: within,
      device: (_, at) => alternating(platform, at + 1),
    }),
    ...dead(platform),
  ];
}
