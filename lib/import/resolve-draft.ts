// Finds the part of a gateway's config that can become a stack: drafts the intents, and leaves each entry unmanaged
// that doesn't compile or that the generator refuses, until the draft is accepted.

import { GatewayPolicyBuilder } from '../intent/gateway-policy-builder';
import { Problem, Refusal } from '../problems/problem';
import { getPlatform } from '../verifier/verify-policy';
import { ImportableConfig } from '../parse/config-importer';
import { knownPlatforms } from '../registry';
import { RegisteredPlatform } from './exposure-changes';
import { GatewayDraft, DraftMapping, DraftVirtualIp } from './gateway-draft';
import { ImportRefusal, describeLeftEntries } from './import-refusal';

type CompiledPolicy = Parameters<typeof getPlatform>[0];

/** A draft that compiles, and whose config can be generated around the unmanaged config. */
interface ResolvedDraft {
  readonly importable: ImportableConfig;
  readonly draft: GatewayDraft;
  readonly policy: CompiledPolicy;
}

/**
 * Leaves the entries that compilation or the generator refuses on the device, until nothing is refused. `findDraft`
 * drafts the configuration without the left entries, whose reasons it gets. `createUnmanagedConfig` returns the config
 * that stays beside a draft.
 *
 * @throws ImportRefusal for problems that belong to no part of the draft
 */
export function resolveDraft(
  findDraft: (leftReasons: ReadonlyMap<number, string>) => {
    readonly importable: ImportableConfig;
    readonly draft: GatewayDraft;
  },
  createUnmanagedConfig: (draft: GatewayDraft, deviceObjects: ImportableConfig) => string,
  { generator }: RegisteredPlatform,
): ResolvedDraft {
  const leftReasons = new Map<number, string>();
  // Each round leaves at least one more entry.
  for (;;) {
    const { importable: deviceObjects, draft } = findDraft(leftReasons);
    const { policy, problems } = compileDraft(draft);
    const refusals = policy
      ? collectRefusals(() => generator.write(policy, createUnmanagedConfig(draft, deviceObjects)))
      : problems;
    if (policy && refusals.length === 0) return { importable: deviceObjects, draft, policy };
    const sizeBefore = leftReasons.size;
    for (const { where, what, instead } of refusals) {
      const draftPart = findDraftPart(draft, where, policy);
      if (draftPart && !leftReasons.has(draftPart.entry.entry.line))
        leftReasons.set(draftPart.entry.entry.line, `${what} Instead: ${instead}`);
    }
    if (leftReasons.size === sizeBefore) throw new ImportRefusal(refusals, describeLeftEntries(deviceObjects.skipped));
  }
}

function collectRefusals(write: () => unknown): readonly Problem[] {
  try {
    write();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

function compileDraft({
  gateway,
  virtualIps,
  mappings,
  reflection,
}: GatewayDraft): ReturnType<GatewayPolicyBuilder['build']> {
  const builder = new GatewayPolicyBuilder(`device ${gateway.device}`, gateway, knownPlatforms);
  for (const { name, intent } of virtualIps) builder.addVirtualIp(`virtual IP ${name}`, intent);
  for (const { name, intent } of mappings) builder.addOneToOneNat(`mapping ${name}`, intent);
  builder.addReflection('reflection', reflection);
  return builder.build();
}

type DraftPart = DraftVirtualIp | DraftMapping;

/**
 * Returns the part of the draft that a problem's place names. Allow rules have names of their own, which mappings with
 * the same rules share: the first such mapping is returned.
 */
function findDraftPart(
  { virtualIps, mappings }: GatewayDraft,
  location: string,
  policy: CompiledPolicy | undefined,
): DraftPart | undefined {
  const sharingMapping =
    policy?.kind === 'gateway'
      ? policy.mappings.find(({ allowRules }) => location === `openings ${allowRules.name}`)
      : undefined;
  if (sharingMapping) return mappings.find(({ name }) => name === sharingMapping.name);
  const isLocatedIn = (key: string): boolean => location === key || location.startsWith(`${key} `);
  return (
    mappings.find(({ name }) => isLocatedIn(`mapping ${name}`)) ??
    virtualIps.find(({ name }) => isLocatedIn(`virtual IP ${name}`))
  );
}
