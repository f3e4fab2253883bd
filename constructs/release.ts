import { Release, Witness } from '../lib/delivering/release';
import { deriveRelease } from '../lib/proving/derive-release';
import { Proof } from '../lib/proving/prove';
import { sha256 } from './private/sha256';

/** Everything that the driver and a reviewer need to know of a proven policy, as plain data. */
export const releaseOf = (proof: Proof, witnesses: readonly Witness[], rollbackSeconds: number): Release =>
  deriveRelease(proof, { witnesses, rollbackSeconds }, sha256);
