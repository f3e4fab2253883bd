import { z } from 'zod';
import { digestOf } from '../driver/drift-state';
import { heldAddresses, liveDevice } from '../driver/live-device';
import { named } from '../driver/made-by';
import { SETTLED } from '../driver/protocol';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { Known, LiveAnswer } from '../lib/review/judging/known';
import { Plan, RecordedRelease } from '../lib/review/plan';
import { listingOf, systems } from '../lib/systems';
import { answersIn, answersTwice } from './live-entries';

type Live = NonNullable<Known['live']>;

const facts = z.object({
  addresses: z.string(),
  links: z.string(),
  routes: z.string(),
  forwarding: z.object({ ip: z.boolean(), ip6: z.boolean() }),
  legacyTables: z.array(z.string()),
  version: z.string(),
  platform: z.string().optional(),
});

const answer = z.object({
  device: z.string(),
  problems: z.undefined({ error: 'the device could not be asked' }).optional(),
  owners: z.array(
    z.object({
      owner: z.string(),
      role: z.string(),
      state: z.string(),
      digest: z.string().optional(),
      made: z.number().optional(),
      runner: z.string().optional(),
      platform: z.string().optional(),
    }),
  ),
  ruleset: z.string(),
  facts,
});

type Answer = z.infer<typeof answer>;

/** What devices answered to `cpanel-edge verify --json`, by device. Throws Refusal cli/live-…. */
export function liveIn(files: readonly string[], plans: readonly Plan[]): Live {
  const problems: Problem[] = [];
  const found = new Map<string, LiveAnswer>();
  for (const file of files)
    for (const said of answersIn(file, () => answer, AGAIN)) {
      const policies = policiesOf(said.device, plans);
      const [policy] = policies;
      const moving = said.owners.filter(({ state }) => !SETTLED.some((one) => one === state));
      const legacy = said.facts.legacyTables.filter((line) => !line.endsWith(' 0'));
      if (found.has(said.device)) problems.push(answersTwice(file, said.device));
      else if (moving.length > 0) problems.push(inMotion(file, said.device, moving[0]!));
      else if (legacy.length > 0) problems.push(notAll(file, said.device, legacy[0]!));
      else if (!plans.some(({ owners }) => owners.some(({ device }) => device === said.device)))
        // No plan is about it, so nobody reads it by these facts; that it was given is worth a note.
        found.set(said.device, {
          text: said.ruleset,
          device: { interfaces: [], localAddresses: [], forwarding: false },
        });
      else if (!policy) problems.push(unreadablePolicy(file, said.device));
      else if (isAnother(policies, said)) problems.push(another(file, said.device));
      else
        found.set(said.device, {
          text: said.ruleset,
          device: liveDevice(policy, said.facts),
          readAs: readAs(said, plans),
          others: othersOn(said, plans),
        });
    }
  refuseIfAny(problems);
  return found;
}

/** By owner: the platform of its rules there, or of those whose program listed them, where that one's form is another. */
function readAs(
  { device, owners, facts: { platform: listed } }: Answer,
  plans: readonly Plan[],
): ReadonlyMap<string, string> {
  if (listed === undefined || !Object.hasOwn(systems, listed)) return new Map();
  const planned = plans.flatMap((plan) => plan.owners).filter((one) => one.device === device);
  return new Map(
    planned.map(({ owner, role }): readonly [string, string] => {
      const { platform = listed } = owners.find((one) => one.owner === owner && one.role === role) ?? {};
      return [
        owner,
        listingOf(platform) === listingOf(listed) && Object.hasOwn(systems, platform) ? platform : listingOf(listed),
      ];
    }),
  );
}

/** Confirmed releases that no plan has recorded, and none delivers. Where a record can't be told by its digest, nothing is said of it. */
function othersOn({ device, owners }: Answer, plans: readonly Plan[]): ReadonlyMap<string, string> {
  const planned = plans.flatMap((plan) => plan.owners).filter((one) => one.device === device);
  return new Map(
    planned.flatMap(({ owner, role, before, after, action }): readonly [string, string][] => {
      const held = owners.find((one) => one.owner === owner && one.role === role && one.state === 'confirmed');
      // What is adopted was delivered from another state, and a first release meets the device's own lease.
      if (held?.digest === undefined || before.length === 0 || action === 'adopted') return [];
      const known = [...before, ...(after ? [after] : [])].map(digestIn);
      if (known.includes(undefined) || known.includes(held.digest)) return [];
      const { digest, made, runner, platform } = held;
      const ran = named({
        digest,
        ...(made === undefined ? {} : { made }),
        ...(runner === undefined ? {} : { runner }),
      });
      return [[owner, platform === undefined ? ran : `${ran}, of platform ${platform}`]];
    }),
  );
}

function digestIn({ policy, text }: RecordedRelease): string | undefined {
  try {
    return digestOf(decodePolicy(policy), text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** The roles of a device's interfaces are the intent's; any owner's policy on it has them. */
function policiesOf(device: string, plans: readonly Plan[]): readonly Policy[] {
  const owners = plans.flatMap((plan) => plan.owners).filter((owner) => owner.device === device);
  return owners
    .flatMap(({ after, before }) => [...(after ? [after] : []), ...before])
    .flatMap(({ policy }) => {
      try {
        return [decodePolicy(policy)];
      } catch (error) {
        // Whoever judges it says so.
        if (!(error instanceof Refusal)) throw error;
        return [];
      }
    });
}

/** Two machines of one name: what answered has none of the addresses that any release of it was written for. */
function isAnother(policies: readonly Policy[], { facts: seen }: Answer): boolean {
  const held = new Set(heldAddresses(seen).map(({ address }) => address));
  const wanted = policies.flatMap((policy) => [
    ...policy.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...(policy.kind === 'server' ? policy.localAddresses : []),
  ]);
  return wanted.length > 0 && !wanted.some((address) => held.has(address));
}

const AGAIN = 'cpanel-edge verify DEVICE --json > FILE, right before the review.';

const inMotion = (where: string, device: string, { owner, state }: Answer['owners'][number]): Problem => ({
  code: 'cli/live-in-motion',
  where,
  what: `A delivery of ${owner} to ${device} was under way when the device answered (${state}), so this is not what it will run before the apply.`,
  instead: `wait until it is confirmed or undone; then ${AGAIN}`,
});

const notAll = (where: string, device: string, line: string): Problem => ({
  code: 'cli/live-not-all',
  where,
  what: `${device} also holds rules of iptables-legacy, which its answer does not show: ${line}.`,
  instead: 'leave --live away for it: then the review compares with what Terraform has recorded.',
});

const unreadablePolicy = (where: string, device: string): Problem => ({
  code: 'cli/live-without-policy',
  where,
  what: `The plan's policies for ${device} can't be read, and they say which of its interfaces are outside.`,
  instead: 'leave --live away for it; the review says what is wrong with them.',
});

const another = (where: string, device: string): Problem => ({
  code: 'cli/live-of-another',
  where,
  what: `What answered as ${device} has none of the addresses that ${device} has in the plans, so it is another machine.`,
  instead: `the answer of this ${device}: ${AGAIN}`,
});
