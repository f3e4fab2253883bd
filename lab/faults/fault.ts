import { DEVICES, DeviceName, Moment, printMoment } from './moment';
import { Scene } from './scene';

/** One fault at one moment on one device: a row of the report. */
export interface Combination {
  readonly fault: string;
  readonly step: string;
  readonly device: string;
  /** Part of the set that every test run has. */
  readonly representative?: boolean;
  /** What comes of it is the platform's own doing: a run of several has the representative ones of each. */
  readonly ofPlatform?: boolean;
  /** Breaks things and says how it ended; everything that must hold whatever is broken, the scene checks itself. */
  run(scene: Scene): Promise<void>;
}

/** What a fault does at every moment at which it can strike. */
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
