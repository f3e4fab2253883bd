import { Lab } from '../lab';

export interface LabTest {
  readonly name: string;
  readonly run: (lab: Lab) => Promise<void>;
  /** One of many that are alike: run where a word names it, or its suite, and not with all the others. */
  readonly byName?: boolean;
}

/** Thrown by a test that can't run on this machine: said aloud, and a failure where CI is set. */
export class Impossible extends Error {}

/** A file of tests that share a lab, in order. Each leaves the devices as it found them, or reboots them. */
export interface LabSuite {
  readonly name: string;
  /** Its devices have disks that can be broken. */
  readonly disks?: boolean;
  /** Its thresholds are in milliseconds: nothing else runs beside it. */
  readonly alone?: true;
  readonly tests: readonly LabTest[];
}
