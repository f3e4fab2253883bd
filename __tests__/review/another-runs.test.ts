// Tests that a review objects if a device runs another release than the one that the plan was made against, and says
// who made it and when.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLiveAnswers } from '../../cli/parse-verify-answers';
import { createRelease } from '../../constructs/create-release';
import { Policy } from '../../lib/policy/policy';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { createReview } from '../../lib/review/judging/create-review';
import { PlannedOwner } from '../../lib/review/plan';
import { Review } from '../../lib/review/review';
import { KNOWN, ownersOf, planOf, web } from './samples';
import { temporaryFolder } from '../temporary-folder';

// The device runs neither the release before nor the one after, because the plan is old or of another checkout.

const folder = temporaryFolder();

const gatewayOf = (services: readonly string[]): Policy =>
  web(services as Parameters<typeof web>[0]).find(({ kind }) => kind === 'gateway')!;
const [first, second, third] = [
  gatewayOf(['443/tcp']),
  gatewayOf(['443/tcp', '8080/tcp']),
  gatewayOf(['443/tcp', '8443/tcp']),
] as [Policy, Policy, Policy];

const answer = (runs: Policy, held: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    format: 1,
    device: runs.device,
    same: true,
    owners: [
      {
        owner: runs.owner,
        role: 'gateway',
        state: 'confirmed',
        digest: createRelease(verifyPolicy(runs), [], 90).digest,
        ...held,
      },
    ],
    ruleset: verifyPolicy(runs).generated.text.split('\n').slice(2).join('\n'),
    facts: {
      addresses:
        '2: wan0    inet 203.0.113.2/24 scope global wan0\n2: wan0    inet 203.0.113.10/32 scope global wan0\n3: lan0    inet 10.0.0.1/24 scope global lan0\n',
      links: '2: wan0: <BROADCAST,UP> mtu 1500\n3: lan0: <BROADCAST,UP> mtu 1500\n',
      routes: 'default via 203.0.113.254 dev wan0\n10.0.0.0/24 dev lan0 scope link\n',
      forwarding: { ip: true, ip6: false },
      legacyTables: [],
      version: 'nftables v1.0.6',
    },
  });

function reviewed(
  runs: Policy,
  before: Policy,
  after: Policy,
  held: Readonly<Record<string, unknown>> = {},
  owner: Partial<PlannedOwner> = {},
): Review {
  const file = join(folder, 'live.json');
  writeFileSync(file, answer(runs, held));
  const plans = [planOf(ownersOf([before], [after]).map((one) => ({ ...one, ...owner })))];
  return createReview(plans, { ...KNOWN, live: readLiveAnswers([file], plans) });
}

const objected = ({ objections }: Review): readonly string[] =>
  objections.filter(({ code }) => code === 'review/another-runs').map(({ what }) => what);

test('the recorded release and the planned one both count as the release that the plan was made against', () => {
  expect(objected(reviewed(first, first, second))).toEqual([]);
  expect(objected(reviewed(second, first, second))).toEqual([]);
});

test('objects to another running release, with its date and its author', () => {
  const review = reviewed(third, first, second, { made: 1_763_712_000, runner: 'ci@other' });
  const digest = createRelease(verifyPolicy(third), [], 90).digest.slice(0, 12);
  expect([review.verdict, objected(review)]).toEqual([
    'objections',
    [
      expect.stringContaining(
        `The device runs release ${digest}, made 2025-11-21 08:00 UTC by ci@other. That is no release of the state`,
      ),
    ],
  ]);
});

test('objects also if the plan changes nothing', () => expect(objected(reviewed(third, first, first))).toHaveLength(1));

test.each<[string, Readonly<Record<string, unknown>>, Partial<PlannedOwner>]>([
  ['whose agent reports no digest', { digest: undefined }, {}],
  ['that runs nothing of it', { digest: 'none', state: 'nothing' }, {}],
  ['whose rules were kept without an owner', { state: 'kept' }, {}],
  ['whose release is taken over from another state', {}, { action: 'adopted' }],
  ['without a recorded release, whose owner token identifies it', {}, { action: 'first', before: [] }],
])('a device %s runs no other release', (_, held, owner) =>
  expect(objected(reviewed(third, first, second, held, owner))).toEqual([]),
);
