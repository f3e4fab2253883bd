// Builds policies, plans and reviews of sample changes.

import { Policy } from '../../lib/policy/policy';
import { printProblem } from '../../lib/problems/problem';
import { encodePolicy } from '../../lib/verifier/policy-codec';
import { getPlatform } from '../../lib/verifier/verify-policy';
import { printPolicy } from '../../lib/policy/print-policy';
import { PossibleRelease, Plan, PlannedOwner, RecordedRelease } from '../../lib/review/plan';
import { Change, Review } from '../../lib/review/review';
import { ReviewInputs } from '../../lib/review/judging/review-inputs';
import { createReview } from '../../lib/review/judging/create-review';
import { EDGE, MANAGEMENT } from '../cases/edge';
import { Wish, compiled } from '../support';

export const KNOWN: ReviewInputs = { today: '2026-11-20' };

type Server = NonNullable<Wish['servers']>[number];
export type Profile = Server['profile'];
type Mappings = NonNullable<NonNullable<Wish['gateway']>['mappings']>;

export const profile = (services: Profile['services'], more: Partial<Profile> = {}): Profile => ({
  name: 'cpanel',
  services,
  sources: 'anywhere',
  management: MANAGEMENT,
  ...more,
});

export const server = (device: string, address: string, its: Profile, more: Partial<Server> = {}): Server => ({
  device,
  addresses: [`${address}/24`],
  trustedNetworks: 'none',
  profile: its,
  ...more,
});

/** A gateway with a virtual IP for each of its mappings, and its servers. */
export const edge = (
  publics: Readonly<Record<string, string>>,
  servers: readonly Server[],
  mappings: Mappings,
): readonly Policy[] =>
  policiesOf({
    gateway: {
      ...EDGE,
      virtualIps: Object.entries(publics).map(([name, address]) => ({
        name,
        interface: 'wan0',
        address,
        kind: 'ip-alias',
      })),
      mappings,
    },
    servers,
  });

/** The most usual edge: one public address, one server. */
export const web = (services: Profile['services'], more: Partial<Profile> = {}): readonly Policy[] =>
  edge(
    { vip: '203.0.113.10' },
    [server('web1', '10.0.0.10', profile(services, more))],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
  );

export function policiesOf(wish: Wish): readonly Policy[] {
  const { policies, problems } = compiled(wish, 'nftables');
  if (problems.length > 0) throw new Error(problems.map(printProblem).join('\n'));
  return policies;
}

export const recorded = (policy: Policy): RecordedRelease => ({
  text: getPlatform(policy).generator.write(policy).text,
  policy: encodePolicy(policy),
  lines: Object.fromEntries(printPolicy(policy).map((line) => line.split(/: (.*)/s, 2) as [string, string])),
  hostKeys: 'ssh-ed25519 AAAA',
  ownerToken: 'lease-1',
});

const device = (policies: readonly Policy[], name: string): Policy | undefined =>
  policies.find((one) => one.device === name);

/** Returns the plan owners that change some policies into others, device by device. */
export function ownersOf(before: readonly Policy[], after: readonly Policy[]): readonly PlannedOwner[] {
  const names = [...new Set([...after, ...before].map((one) => one.device))];
  return names.map((name) => {
    const [was, will] = [device(before, name), device(after, name)];
    const [old, next] = [was && recorded(was), will && recorded(will)];
    const same = old?.text === next?.text && old?.policy === next?.policy;
    return {
      device: name,
      owner: (will ?? was)!.owner,
      role: (will ?? was)!.kind,
      action: !will ? 'retired' : !was ? 'first' : same ? 'unchanged' : 'changed',
      before: old ? [{ ...old, origin: 'applied' as const }] : [],
      mayRunNone: false,
      uncertain: [],
      after: next,
      changedTriggers: [],
      onRetract: was?.kind === 'server' ? was.onRemove : 'keep closed',
      rollbackSeconds: 90,
      login: 'root@192.0.2.1:22',
    };
  });
}

export const running = (policy: Policy, origin: PossibleRelease['origin']): PossibleRelease => ({
  ...recorded(policy),
  origin,
});

export const planOf = (owners: readonly PlannedOwner[], more: Partial<Plan> = {}): Plan => ({
  name: 'production',
  program: 'Terraform 1.11.4',
  owners,
  otherResources: { changed: [], unchanged: 0 },
  unknowns: [],
  objections: [],
  ...more,
});

export const reviewed = (
  before: readonly Policy[],
  after: readonly Policy[],
  known: Partial<ReviewInputs> = {},
): Review => createReview([planOf(ownersOf(before, after))], { ...KNOWN, ...known });

/** Prints a row as one line, in the form of hand-written truths. */
export const said = ({
  kind,
  scope,
  device: of,
  startLocation,
  destinations,
  service,
  sources,
  destinationHost,
  hostBefore,
  hostAfter,
}: Change): string =>
  `${kind} (${scope}, ${of}) from ${startLocation}: ${destinations.join(', ')} ${service} from ${sources}` +
  `${destinationHost === '' ? '' : ` reaches ${destinationHost}`}${hostBefore === undefined ? '' : `: ${hostBefore} → ${hostAfter}`}`;

export const rows = (review: Review): readonly string[] => review.changes.map(said);
