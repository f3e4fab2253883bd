import { GatewayParts } from '../intent/gateway-parts';
import { Problem, Refusal } from '../problems/problem';
import { platformOf } from '../verifier/prove';
import { Found } from '../parse/importing';
import { knownPlatforms } from '../registry';
import { Platform } from './changes';
import { Draft, DraftMapping, DraftVirtualIp } from './draft';
import { NothingMade, leftWords } from './nothing';

type Policy = Parameters<typeof platformOf>[0];

/** What was found, as far as it compiles and can be written around what stays on the device. */
interface Settled {
  readonly found: Found;
  readonly draft: Draft;
  readonly policy: Policy;
}

/**
 * Leaves what intent or the writer refuses, each with its reason, until nothing is refused. `find` says what is found where these
 * entries stay; `around` what the device holds besides a draft. Throws NothingMade where what is wrong is of no part.
 */
export function settled(
  find: (left: ReadonlyMap<number, string>) => { readonly found: Found; readonly draft: Draft },
  around: (draft: Draft, found: Found) => string,
  { writer }: Platform,
): Settled {
  const left = new Map<number, string>();
  // Each round leaves at least one entry more.
  for (;;) {
    const { found, draft } = find(left);
    const { policy, problems } = compiled(draft);
    const refused = policy ? refusedBy(() => writer.write(policy, around(draft, found))) : problems;
    if (policy && refused.length === 0) return { found, draft, policy };
    const before = left.size;
    for (const { where, what, instead } of refused) {
      const part = partAt(draft, where, policy);
      if (part && !left.has(part.found.entry.line)) left.set(part.found.entry.line, `${what} Instead: ${instead}`);
    }
    if (left.size === before) throw new NothingMade(refused, leftWords(found.left));
  }
}

function refusedBy(write: () => unknown): readonly Problem[] {
  try {
    write();
    return [];
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
}

function compiled({ gateway, virtualIps, mappings, reflection }: Draft): ReturnType<GatewayParts['finish']> {
  const parts = new GatewayParts(`device ${gateway.device}`, gateway, knownPlatforms);
  for (const { name, intent } of virtualIps) parts.addVirtualIp(`virtual IP ${name}`, intent);
  for (const { name, intent } of mappings) parts.addOneToOneNat(`mapping ${name}`, intent);
  parts.addReflection('reflection', reflection);
  return parts.finish();
}

type Part = DraftVirtualIp | DraftMapping;

/** Openings have names of their own; mappings that open the same share them. */
function partAt({ virtualIps, mappings }: Draft, where: string, policy: Policy | undefined): Part | undefined {
  const open =
    policy?.kind === 'gateway'
      ? policy.mappings.find(({ openings }) => where === `openings ${openings.name}`)
      : undefined;
  if (open) return mappings.find(({ name }) => name === open.name);
  const is = (key: string): boolean => where === key || where.startsWith(`${key} `);
  return mappings.find(({ name }) => is(`mapping ${name}`)) ?? virtualIps.find(({ name }) => is(`virtual IP ${name}`));
}
