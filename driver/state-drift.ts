// Compares the releases in a Terraform state with the device and the stack, for `verify --state`: parses the state, and
// computes the digest of a recorded release.

import { createHash } from 'node:crypto';
import { isRecord } from '../lib/agent-protocol/work-codec';
import { printDigestInput } from '../lib/agent-protocol/release-digest';
import { Problem, Refusal, escapeForDisplay } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { regenerateConfig } from '../lib/verifier/verify-policy';
import { OwnerStatus } from './device-status';
import { OwnershipRecord } from './synthesized-stack';

/** One owner on one device in Terraform's state. */
export interface RecordedOwner {
  readonly device: string;
  readonly owner: string;
  readonly role: string;
  /** The ownership record's id; undefined if the state has a release and no ownership record. */
  readonly ownerToken?: string;
  readonly releases: readonly StateRelease[];
}

interface StateRelease {
  /** Digest of text and addresses, like on the device; undefined if this version can't compute it. */
  readonly digest?: string;
  readonly origin: 'applied' | 'tainted' | 'deposed';
}

/**
 * Parses the output of `terraform show -json` for a state.
 *
 * @throws Refusal cli/state-unreadable.
 */
export function parseState(text: string, file: string): readonly RecordedOwner[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal([
      createUnreadableStateProblem(file, text.trim() === '' ? 'It is empty.' : 'It is not JSON, or not all of it.'),
    ]);
  }
  const version = isRecord(json) ? json['format_version'] : undefined;
  if (!isRecord(json) || typeof version !== 'string') {
    const raw = isRecord(json) && typeof json['version'] === 'number';
    throw new Refusal([
      createUnreadableStateProblem(
        file,
        raw ? "It is the state's own file, whose form may change at any time." : 'It is no state.',
      ),
    ]);
  }
  if (!version.startsWith('1.'))
    throw new Refusal([createUnreadableStateProblem(file, `Its format ${version} is not known here.`)]);
  if ('planned_values' in json || 'resource_changes' in json)
    throw new Refusal([createUnreadableStateProblem(file, 'It is a plan, and no state.')]);
  // Terraform omits the values of an empty state.
  if (!('values' in json)) return [];
  return collectOwners(collectResources(isRecord(json['values']) ? json['values']['root_module'] : undefined));
}

interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly origin: StateRelease['origin'];
  readonly values: Readonly<Record<string, unknown>>;
}

function collectResources(module: unknown): readonly StateResource[] {
  if (!isRecord(module)) return [];
  const moduleResources = Array.isArray(module['resources']) ? (module['resources'] as readonly unknown[]) : [];
  const childModules = Array.isArray(module['child_modules']) ? (module['child_modules'] as readonly unknown[]) : [];
  return [
    ...moduleResources.flatMap((resource): readonly StateResource[] => {
      if (!isRecord(resource) || resource['mode'] !== 'managed') return [];
      const { type, name, values } = resource;
      if (typeof type !== 'string' || typeof name !== 'string' || !isRecord(values)) return [];
      const origin =
        typeof resource['deposed_key'] === 'string' ? 'deposed' : resource['tainted'] === true ? 'tainted' : 'applied';
      return [{ type, name, origin, values }];
    }),
    ...childModules.flatMap(collectResources),
  ];
}

/** Returns the owners. A release has its device in its policy, an ownership record in its input. */
function collectOwners(resources: readonly StateResource[]): readonly RecordedOwner[] {
  const ownersByKey = new Map<
    string,
    { device: string; owner: string; role: string; ownerToken?: string; releases: StateRelease[] }
  >();
  const findOrAdd = (
    device: string,
    owner: string,
    role: string,
  ): { ownerToken?: string; releases: StateRelease[] } => {
    const key = `${device} ${role} ${owner}`;
    if (!ownersByKey.has(key)) ownersByKey.set(key, { device, owner, role, releases: [] });
    return ownersByKey.get(key)!;
  };
  for (const { type, name, origin, values } of resources) {
    const triggers =
      type === 'null_resource'
        ? values['triggers']
        : type === 'terraform_data'
          ? values['triggers_replace']
          : undefined;
    const { input, id } = values;
    if (type === 'terraform_data' && name.endsWith('_holder') && isRecord(input)) {
      const { device, owner, role } = input;
      if (typeof device !== 'string' || typeof owner !== 'string' || typeof role !== 'string' || origin === 'deposed')
        continue;
      if (typeof id === 'string') findOrAdd(device, owner, role).ownerToken = id;
    } else if (isRecord(triggers) && typeof triggers['policy'] === 'string' && typeof triggers['text'] === 'string') {
      const release = parseRelease(triggers['policy'], triggers['text']);
      if (release)
        findOrAdd(release.device, release.owner, release.role).releases.push({
          origin,
          ...(release.digest ? { digest: release.digest } : {}),
        });
    }
  }
  return [...ownersByKey.values()];
}

/** Returns the release. The state doesn't record its addresses: they come from the policy, in the generator's form. */
function parseRelease(
  encodedPolicy: string,
  encodedText: string,
): { readonly device: string; readonly owner: string; readonly role: string; readonly digest?: string } | undefined {
  const decodeBase64 = (encoded: string): string => Buffer.from(encoded, 'base64').toString('utf8');
  try {
    const policy = decodePolicy(decodeBase64(encodedPolicy));
    const ownership = { device: policy.device, owner: policy.owner, role: policy.kind };
    return { ...ownership, digest: computeDigest(policy, decodeBase64(encodedText)) };
  } catch (error) {
    // The policy is of another version, or the resource is unmanaged and has triggers of these names.
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/**
 * Returns the digest that the device reports for a release with this text.
 *
 * @throws Refusal for a policy that this version generates nothing for.
 */
export const computeDigest = (policy: Policy, text: string): string =>
  createHash('sha256')
    .update(printDigestInput({ text, addresses: regenerateConfig(policy, text).addresses }))
    .digest('hex');

const shortenDigest = (digest: string | undefined): string =>
  digest?.slice(0, 12) ?? 'of another version of cpanel-edge';

/** Returns the differences between state, device and stack for one owner, in words. */
export function listStateDifferences(
  recordedOwners: readonly RecordedOwner[],
  status: OwnerStatus | undefined,
  { device, owner, role }: OwnershipRecord,
): readonly string[] {
  const state = recordedOwners.find(
    (recordedOwner) => recordedOwner.device === device && recordedOwner.owner === owner && recordedOwner.role === role,
  );
  if (!state) return ["Terraform's state records nothing of it: never applied from this state, or the state was lost"];
  const differences: string[] = [];
  const runs =
    status && status.digest !== 'none' ? `the device runs ${shortenDigest(status.digest)}` : 'the device runs none';
  const appliedReleases = state.releases.filter(({ origin }) => origin === 'applied');
  const taintedReleases = state.releases.filter(({ origin }) => origin === 'tainted');
  if (state.releases.length === 0)
    differences.push(`Terraform's state records an ownership record and no release; ${runs}`);
  for (const { digest } of appliedReleases) {
    if (digest === undefined) differences.push(`Terraform's state records a release ${shortenDigest(digest)}; ${runs}`);
    else if (digest !== status?.digest)
      differences.push(`Terraform's state records release ${shortenDigest(digest)}; ${runs}`);
  }
  for (const { digest } of taintedReleases)
    differences.push(`Terraform's state has release ${shortenDigest(digest)} tainted, its apply failed; ${runs}`);
  for (const { digest } of state.releases.filter(({ origin }) => origin === 'deposed'))
    differences.push(
      `Terraform's state keeps release ${shortenDigest(digest)} as deposed, a later apply failed; ${runs}`,
    );
  if (status && status.ownerToken !== 'none' && state.ownerToken !== status.ownerToken)
    differences.push(
      `Terraform's state holds the owner token ${escapeForDisplay(state.ownerToken ?? 'none')}; the device has ${escapeForDisplay(status.ownerToken)}`,
    );
  return differences;
}

export const createUnreadableStateProblem = (where: string, what: string): Problem => ({
  code: 'cli/state-unreadable',
  where,
  what,
  instead: "terraform -chdir=<the stack's folder> show -json, its output in a file or on standard input (--state -).",
});
