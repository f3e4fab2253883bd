import { Lab } from '../lab';

/**
 * The tier of a test. `quick`: every run has it; it doesn't need what a test of another tier left in the lab. `full`: npm run test:full.
 * `by name`: one of many that are alike, run where a word names it or its suite.
 */
export type TestTier = 'quick' | 'full' | 'by name';

export interface LabTest {
  readonly name: string;
  readonly run: (lab: Lab) => Promise<void>;
  /** Where nothing else is said: full. */
  readonly tier?: TestTier;
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
