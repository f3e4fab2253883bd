// Types of the lab's tests and suites, with their tiers, and the error of a test that is impossible on this machine.

import { Lab } from '../lab';

/**
 * The tier of a test. `quick`: every run has it, and it doesn't depend on tests of another tier. `full`: npm run
 * test:full. `by name`: one of many similar ones, which runs if a word names it or its suite.
 */
export type TestTier = 'quick' | 'full' | 'by name';

export interface LabTest {
  readonly name: string;
  readonly run: (lab: Lab) => Promise<void>;
  /** Default: full. */
  readonly tier?: TestTier;
}

/** Thrown by a test that can't run on this machine. It is reported, and is a failure if CI is set. */
export class Impossible extends Error {}

/** A file of tests that share a lab, in order. Each leaves the devices as it found them, or reboots them. */
export interface LabSuite {
  readonly name: string;
  /** Gives its devices disks that can be broken. */
  readonly disks?: boolean;
  /** Set for thresholds in milliseconds: nothing else runs at the same time. */
  readonly alone?: true;
  readonly tests: readonly LabTest[];
}
