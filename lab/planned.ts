import { decodePolicy } from '../lib/proving/policy-codec';
import { Proof, prove } from '../lib/proving/prove';

/** One release in Terraform's words: what a plan or a synthesized stack says it will put on a device. */
interface PlannedRelease {
  readonly text: string;
  readonly policy: string;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Every object below that has the two triggers of a release. Plan and synthesized stack keep them in different places. */
function releasesIn(json: Json): readonly PlannedRelease[] {
  if (Array.isArray(json)) return json.flatMap(releasesIn);
  if (json === null || typeof json !== 'object') return [];
  const { text, policy } = json as { readonly [key: string]: Json };
  if (typeof text === 'string' && typeof policy === 'string') return [{ text: decoded(text), policy: decoded(policy) }];
  return Object.values(json).flatMap(releasesIn);
}

/** Plan JSON has the plain base64; a synthesized stack has it inside `${sensitive("…")}`. */
const decoded = (trigger: string): string =>
  Buffer.from(/^\$\{sensitive\("([^"]*)"\)\}$/.exec(trigger)?.[1] ?? trigger, 'base64').toString('utf8');

/** What `terraform show -json` says is on the devices after the plan. */
export function plannedProofs(planJson: unknown): readonly Proof[] {
  return proofsOf((planJson as { readonly planned_values: Json }).planned_values);
}

/** The same from a synthesized stack, for where there is no plan. */
export const synthesizedProofs = (stackJson: unknown): readonly Proof[] => proofsOf((stackJson as { readonly resource: Json }).resource);

function proofsOf(json: Json): readonly Proof[] {
  const releases = releasesIn(json);
  if (releases.length === 0) throw new Error('No release is in there: nothing could be proven of it.');
  return releases.map(({ text, policy }) => {
    const proof = prove(decodePolicy(policy));
    if (proof.written.text !== text) throw new Error(`The text for ${proof.policy.device} is not what its policy is written as.`);
    return proof;
  });
}
