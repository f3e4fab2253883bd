// Returns the verified releases of a plan (`terraform show -json`) or of a synthesized stack, with which the lab
// compares the observed packets.
import { decodePolicy } from '../lib/verifier/policy-codec';
import { Verification, verifyPolicy } from '../lib/verifier/verify-policy';
import { listStackReleases } from '../lib/review/plan/stack-releases';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One release as a plan or a synthesized stack has it, in base64. */
interface PlannedRelease {
  readonly text: string;
  readonly policy: string;
}

/** Returns every object below that has the two triggers of a release. */
function releasesIn(json: Json): readonly PlannedRelease[] {
  if (Array.isArray(json)) return json.flatMap(releasesIn);
  if (json === null || typeof json !== 'object') return [];
  const { text, policy } = json as { readonly [key: string]: Json };
  if (typeof text === 'string' && typeof policy === 'string') return [{ text, policy }];
  return Object.values(json).flatMap(releasesIn);
}

const decoded = (trigger: string): string => Buffer.from(trigger, 'base64').toString('utf8');

/** Returns the proofs of the releases that are on the devices after a plan, from `terraform show -json`. */
export function plannedProofs(planJson: unknown): readonly Verification[] {
  return proofsOf((planJson as { readonly planned_values: Json }).planned_values);
}

/** Returns the same from a synthesized stack, if there is no plan. */
export const synthesizedProofs = (stackJson: unknown): readonly Verification[] =>
  proofsOf([...listStackReleases(stackJson).values()] as Json);

function proofsOf(json: Json): readonly Verification[] {
  const releases = releasesIn(json);
  if (releases.length === 0) throw new Error('No release is in there: nothing could be proven of it.');
  return releases.map(({ text, policy }) => {
    const proof = verifyPolicy(decodePolicy(decoded(policy)));
    if (proof.generated.text !== decoded(text))
      throw new Error(`The text for ${proof.policy.device} is not what its policy is written as.`);
    return proof;
  });
}
