import { prefixRange } from '../net/address';
import { overlap } from '../net/range';
import { GatewayParts } from '../intent/gateway-parts';
import { Problem, Refusal } from '../problems/problem';
import { platformOf } from '../proving/prove';
import { Left } from '../reading/found';
import { platforms } from '../registry';
import { Platform } from './changes';
import { Draft, DraftMapping, DraftVirtualIp } from './draft';

type Policy = Parameters<typeof platformOf>[0];

/** A draft that compiles and can be written around what stays on the device. */
export interface Settled {
  readonly draft: Draft;
  readonly policy: Policy;
  readonly left: readonly Left[];
}

const KNOWN = Object.entries(platforms).map(([id, { capabilities }]) => ({ id, roles: capabilities.roles }));

/**
 * Takes parts away that intent or the writer refuses, each with its reason, until nothing is refused. `around`: what the device holds
 * besides a draft. Throws Refusal where what is wrong is of no part.
 */
export function settled(draft: Draft, platform: Platform, around: (draft: Draft) => string): Settled {
  const left: Left[] = [];
  let now = draft;
  // Each round takes at least one part away.
  for (let rounds = draft.mappings.length + draft.virtualIps.length + 1; rounds > 0; rounds--) {
    const { policy, problems } = tried(now, platform, around);
    if (policy && problems.length === 0) return { draft: now, policy, left };
    const refused = new Map<object, Problem>();
    for (const problem of problems) {
      const part = partAt(now, problem.where);
      if (part && !refused.has(part.found)) refused.set(part.found, problem);
    }
    if (refused.size === 0) throw new Refusal(problems);
    now = withoutParts(now, refused, left);
  }
  throw new Refusal([]);
}

function tried(
  draft: Draft,
  { writer }: Platform,
  around: (draft: Draft) => string,
): { readonly policy?: Policy; readonly problems: readonly Problem[] } {
  const { policy, problems } = compiled(draft);
  if (!policy) return { problems };
  try {
    writer.write(policy, around(draft));
    return { policy, problems };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problems: error.problems };
  }
}

function compiled({ gateway, virtualIps, mappings, reflection }: Draft): ReturnType<GatewayParts['finish']> {
  const parts = new GatewayParts(`device ${gateway.device}`, gateway, KNOWN);
  for (const { name, intent } of virtualIps) parts.addVirtualIp(`virtual IP ${name}`, intent);
  for (const { name, intent } of mappings) parts.addOneToOneNat(`mapping ${name}`, intent);
  parts.addReflection('reflection', reflection);
  return parts.finish();
}

type Part = DraftVirtualIp | DraftMapping;

/** Openings are called after the mapping that they are of. */
function partAt({ virtualIps, mappings }: Draft, where: string): Part | undefined {
  const is = (key: string): boolean => where === key || where.startsWith(`${key} `);
  return (
    mappings.find(({ name }) => is(`mapping ${name}`) || is(`openings ${name}`)) ?? virtualIps.find(({ name }) => is(`virtual IP ${name}`))
  );
}

/**
 * With a virtual IP go its mappings, and with a mapping the virtual IP that it shares and the other mappings of its hosts: none of them
 * can be ours and somebody else's.
 */
function withoutParts(draft: Draft, refused: ReadonlyMap<object, Problem>, left: Left[]): Draft {
  const why = new Map<object, string>([...refused].map(([part, { what, instead }]) => [part, `${what} Instead: ${instead}`]));
  const tied = (part: Part): readonly Part[] =>
    'virtualIp' in part
      ? [
          ...draft.virtualIps.filter(({ name }) => name === part.virtualIp),
          ...draft.mappings.filter((one) => overlap(prefixRange(one.found.inside), prefixRange(part.found.inside)) !== undefined),
        ]
      : draft.mappings.filter(({ virtualIp }) => virtualIp === part.name);
  const going: Part[] = [...draft.mappings, ...draft.virtualIps].filter(({ found }) => why.has(found));
  for (let at = 0; at < going.length; at++) {
    for (const part of tied(going[at]!)) {
      if (why.has(part.found)) continue;
      why.set(part.found, `${going[at]!.found.entry.called} is left`);
      going.push(part);
    }
  }
  for (const part of [...draft.mappings, ...draft.virtualIps]) {
    const reason = why.get(part.found);
    if (reason !== undefined) left.push({ entry: part.found.entry, why: reason });
  }
  return {
    ...draft,
    mappings: draft.mappings.filter(({ found }) => !why.has(found)),
    virtualIps: draft.virtualIps.filter(({ found }) => !why.has(found)),
  };
}
