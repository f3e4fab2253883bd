import { Capabilities } from '../../lib/writing/capabilities';
import { Lab } from '../lab';
import { DeviceName, Moment, Step } from './moment';

/** What a platform gives to the faults. They ask this and its capabilities, and know nothing else of it: the next platform has them too. */
export interface FaultPlatform {
  readonly id: string;
  readonly capabilities: Capabilities;
  /** Tools of the device between whose calls it can be stopped, with the place of each on the device. */
  readonly tools: Readonly<Record<string, string>>;
  /** Where within a step. */
  within(step: Step): readonly Moment[];
  /** Everything of ours that runs, as text: equal for equal releases, and different for any other. */
  snapshot(lab: Lab, device: DeviceName): Promise<string>;
  /** What the device itself says of its owners; undefined when it can't be asked. */
  status(lab: Lab, device: DeviceName): Promise<Status | undefined>;
}

export interface Status {
  readonly owners: readonly Readonly<Record<string, string>>[];
  /** Whether a release is on trial, or is being undone. */
  readonly onTrial: boolean;
}

/** How long packets may be lost while one release takes the other's place, in milliseconds. */
export function outageAllowed({ transition }: Capabilities): number {
  return transition === 'atomic' || transition === 'never wider' ? 0 : 5000;
}
