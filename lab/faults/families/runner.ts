import { DEVICES, DeviceName, Moment, STEPS, Step, decidedAt } from '../moment';
import { Combination, Fault, combinations } from '../fault';
import { FaultPlatform } from '../platform';
import { Scene } from '../scene';

const DELIVERING: readonly Step[] = STEPS.filter((step) => step !== 'rollback' && step !== 'retract');
const around = (step: Step): readonly Moment[] => [
  { step, point: 'before' },
  { step, point: 'after' },
];

/** Terraform told to stop, or killed, while a delivery is anywhere. */
export function runner(platform: FaultPlatform): readonly Combination[] {
  const everywhere: readonly Moment[] = DELIVERING.flatMap((step) => [...around(step), ...platform.within(step)]);
  return (['SIGINT', 'SIGTERM', 'SIGKILL'] as const).flatMap((signal) =>
    combinations({
      name: `Terraform gets ${signal}`,
      moments: signal === 'SIGKILL' ? everywhere : everywhere.filter(({ point }) => typeof point === 'string'),
      representative: ({ step, point }, device) => signal === 'SIGKILL' && step === 'confirm' && point === 'before' && device === 'web1',
      run: async (scene, device, moment) => {
        const { running, gate } = await scene.startTo(device, moment);
        process.kill(running.pid, signal);
        await scene.ended(running);
        scene.failed();
        gate.release();
        await scene.settled(device);
        // What the worker was about to send as its yes may still have been sent: then the device decided for the new release.
        const late = moment.step === 'confirm' || (moment.step === 'read' && moment.point === 'after');
        if (!late && decidedAt(moment) === 'no') await scene.expectRuns(device, 'old');
      },
    } satisfies Fault),
  );
}

export const others = (device: DeviceName): DeviceName => DEVICES.find((each) => each !== device)!;
export type { Scene };
