// Types of a fault test (the fault, the moment at which it strikes, the device), and the function that makes the
// combinations of a fault with moments and devices.

import { DEVICES, DeviceName, Moment, printMoment } from './moment';
import { Scene } from './scene';

/** One fault at one moment on one device: a row of the report. */
export interface Combination {
  readonly fault: string;
  readonly step: string;
  readonly device: string;
  /** True for a combination that every full test run has. */
  readonly representative?: boolean;
  /** True if the outcome depends on the platform: a run of several platforms has this combination on each. */
  readonly ofPlatform?: boolean;
  /** Causes the fault and waits for its end. The scene itself checks what must hold after every fault. */
  run(scene: Scene): Promise<void>;
}

/** A fault, which `Combination`s apply at each possible moment. */
export interface Fault {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly devices?: readonly DeviceName[];
  readonly representative?: (moment: Moment, device: DeviceName) => boolean;
  readonly ofPlatform?: true;
  run(scene: Scene, device: DeviceName, moment: Moment): Promise<void>;
}

export const combinations = ({
  name,
  moments,
  devices = DEVICES,
  representative = () => false,
  ofPlatform,
  run,
}: Fault): readonly Combination[] =>
  devices.flatMap((device) =>
    moments.map((moment) => ({
      fault: name,
      step: printMoment(moment),
      device,
      representative: representative(moment, device),
      ofPlatform: ofPlatform === true,
      run: (scene) => run(scene, device, moment),
    })),
  );
