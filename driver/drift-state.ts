import { createHash } from 'node:crypto';
import { isRecord } from '../lib/agent-protocol/codec';
import { digestInput } from '../lib/agent-protocol/digest';
import { Problem, Refusal, printable } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { writtenAgain } from '../lib/verifier/prove';
import { Held } from './look';
import { Holder } from './synthesized';

/** What Terraform's state says of one owner on one device. */
export interface Recorded {
  readonly device: string;
  readonly owner: string;
  readonly role: string;
  /** The holder's id; undefined where the state has a release and no holder. */
  readonly lease?: string;
  readonly releases: readonly RecordedRelease[];
}

interface RecordedRelease {
  /** Of text and addresses, as the device names it; undefined where this version can't tell. */
  readonly digest?: string;
  readonly as: 'applied' | 'tainted' | 'deposed';
}

/** Reads `terraform show -json` of a state. Throws Refusal cli/state-unreadable. */
export function recordedIn(text: string, where: string): readonly Recorded[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new Refusal([
      stateUnreadable(where, text.trim() === '' ? 'It is empty.' : 'It is not JSON, or not all of it.'),
    ]);
  }
  const version = isRecord(read) ? read['format_version'] : undefined;
  if (!isRecord(read) || typeof version !== 'string') {
    const raw = isRecord(read) && typeof read['version'] === 'number';
    throw new Refusal([
      stateUnreadable(
        where,
        raw ? "It is the state's own file, whose form may change at any time." : 'It is no state.',
      ),
    ]);
  }
  if (!version.startsWith('1.'))
    throw new Refusal([stateUnreadable(where, `Its format ${version} is not known here.`)]);
  if ('planned_values' in read || 'resource_changes' in read)
    throw new Refusal([stateUnreadable(where, 'It is a plan, and no state.')]);
  // Of a state that holds nothing Terraform says nothing more.
  if (!('values' in read)) return [];
  return recorded(resourcesIn(isRecord(read['values']) ? read['values']['root_module'] : undefined));
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly as: RecordedRelease['as'];
  readonly values: Readonly<Record<string, unknown>>;
}

function resourcesIn(module: unknown): readonly Resource[] {
  if (!isRecord(module)) return [];
  const own = Array.isArray(module['resources']) ? (module['resources'] as readonly unknown[]) : [];
  const below = Array.isArray(module['child_modules']) ? (module['child_modules'] as readonly unknown[]) : [];
  return [
    ...own.flatMap((one): readonly Resource[] => {
      if (!isRecord(one) || one['mode'] !== 'managed') return [];
      const { type, name, values } = one;
      if (typeof type !== 'string' || typeof name !== 'string' || !isRecord(values)) return [];
      const as = typeof one['deposed_key'] === 'string' ? 'deposed' : one['tainted'] === true ? 'tainted' : 'applied';
      return [{ type, name, as, values }];
    }),
    ...below.flatMap(resourcesIn),
  ];
}

/** A release knows its device by its policy, a holder by its input. */
function recorded(resources: readonly Resource[]): readonly Recorded[] {
  const found = new Map<
    string,
    { device: string; owner: string; role: string; lease?: string; releases: RecordedRelease[] }
  >();
  const of = (device: string, owner: string, role: string): { lease?: string; releases: RecordedRelease[] } => {
    const key = `${device} ${role} ${owner}`;
    if (!found.has(key)) found.set(key, { device, owner, role, releases: [] });
    return found.get(key)!;
  };
  for (const { type, name, as, values } of resources) {
    const triggers =
      type === 'null_resource'
        ? values['triggers']
        : type === 'terraform_data'
          ? values['triggers_replace']
          : undefined;
    const { input, id } = values;
    if (type === 'terraform_data' && name.endsWith('_holder') && isRecord(input)) {
      const { device, owner, role } = input;
      if (typeof device !== 'string' || typeof owner !== 'string' || typeof role !== 'string' || as === 'deposed')
        continue;
      if (typeof id === 'string') of(device, owner, role).lease = id;
    } else if (isRecord(triggers) && typeof triggers['policy'] === 'string' && typeof triggers['text'] === 'string') {
      const release = releaseOf(triggers['policy'], triggers['text']);
      if (release)
        of(release.device, release.owner, release.role).releases.push({
          as,
          ...(release.digest ? { digest: release.digest } : {}),
        });
    }
  }
  return [...found.values()];
}

/** Its addresses aren't recorded: the policy says them, and the writer spells them. */
function releaseOf(
  encodedPolicy: string,
  encodedText: string,
): { readonly device: string; readonly owner: string; readonly role: string; readonly digest?: string } | undefined {
  const plain = (encoded: string): string => Buffer.from(encoded, 'base64').toString('utf8');
  try {
    const policy = decodePolicy(plain(encodedPolicy));
    const of = { device: policy.device, owner: policy.owner, role: policy.kind };
    return { ...of, digest: digestOf(policy, plain(encodedText)) };
  } catch (error) {
    // Another version's policy, or a resource of somebody else's with triggers of these names.
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** As the device says it of a release with this text. Throws Refusal for a policy that this version writes nothing for. */
export const digestOf = (policy: Policy, text: string): string =>
  createHash('sha256')
    .update(digestInput({ text, addresses: writtenAgain(policy, text).addresses }))
    .digest('hex');

const short = (digest: string | undefined): string => digest?.slice(0, 12) ?? 'of another version of cpanel-edge';

/** How state, device and stack differ for one owner, in words. */
export function stateDifferences(
  all: readonly Recorded[],
  held: Held | undefined,
  { device, owner, role }: Holder,
): readonly string[] {
  const state = all.find((one) => one.device === device && one.owner === owner && one.role === role);
  if (!state) return ["Terraform's state records nothing of it: never applied from this state, or the state was lost"];
  const said: string[] = [];
  const runs = held && held.digest !== 'none' ? `the device runs ${short(held.digest)}` : 'the device runs none';
  const applied = state.releases.filter(({ as }) => as === 'applied');
  const tainted = state.releases.filter(({ as }) => as === 'tainted');
  if (state.releases.length === 0) said.push(`Terraform's state records a holder and no release; ${runs}`);
  for (const { digest } of applied) {
    if (digest === undefined) said.push(`Terraform's state records a release ${short(digest)}; ${runs}`);
    else if (digest !== held?.digest) said.push(`Terraform's state records release ${short(digest)}; ${runs}`);
  }
  for (const { digest } of tainted)
    said.push(`Terraform's state has release ${short(digest)} tainted, its apply failed; ${runs}`);
  for (const { digest } of state.releases.filter(({ as }) => as === 'deposed'))
    said.push(`Terraform's state keeps release ${short(digest)} as deposed, a later apply failed; ${runs}`);
  if (held && held.lease !== 'none' && state.lease !== held.lease)
    said.push(
      `Terraform's state holds the lease ${printable(state.lease ?? 'none')}; the device has ${printable(held.lease)}`,
    );
  return said;
}

export const stateUnreadable = (where: string, what: string): Problem => ({
  code: 'cli/state-unreadable',
  where,
  what,
  instead: "terraform -chdir=<the stack's folder> show -json, its output in a file or on standard input (--state -).",
});
