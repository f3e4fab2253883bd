import { Release, Witness } from '../lib/agent-protocol/release';
import { deriveRelease } from '../lib/verifier/derive-release';
import { Proof } from '../lib/verifier/prove';
import { sha256 } from './internal/sha256';

/** Everything that the driver and a reviewer need to know of a proven policy, as plain data. */
export const releaseOf = (proof: Proof, witnesses: readonly Witness[], rollbackSeconds: number): Release =>
  deriveRelease(proof, { witnesses, rollbackSeconds }, sha256);
