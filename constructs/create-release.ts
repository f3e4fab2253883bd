// Creates the release of a verified device, with Node's hash.

import { Release, HealthCheck } from '../lib/agent-protocol/release';
import { deriveRelease } from '../lib/verifier/derive-release';
import { Verification } from '../lib/verifier/verify-policy';
import { hashSha256 } from './internal/sha256';

/** Creates the release of a proven policy, as plain data for the driver and for reviews. */
export const createRelease = (
  proof: Verification,
  witnesses: readonly HealthCheck[],
  rollbackSeconds: number,
): Release => deriveRelease(proof, { witnesses, rollbackSeconds }, hashSha256);
