// Returns what devices run now, for `review --live`, from files with the output of `cpanel-edge verify --json`. Refuses
// answers that are incomplete or don't fit the plans.
import { z } from 'zod';
import { computeDigest } from '../driver/state-drift';
import { parseDeviceAddresses, createLiveDevice } from '../driver/live-device';
import { describeRelease } from '../driver/release-origin';
import { STABLE_STATES } from '../driver/protocol';
import { Problem, Refusal, refuseIfAny } from '../lib/problems/problem';
import { Policy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { ReviewInputs, LiveAnswer } from '../lib/review/judging/review-inputs';
import { Plan, RecordedRelease } from '../lib/review/plan';
import { getListingPlatform, systems } from '../lib/device-systems';
import { parseAnswers, createTwiceAnsweredProblem } from './verify-answers';

type LiveAnswers = NonNullable<ReviewInputs['live']>;

const factsSchema = z.object({
  addresses: z.string(),
  links: z.string(),
  routes: z.string(),
  forwarding: z.object({ ip: z.boolean(), ip6: z.boolean() }),
  legacyTables: z.array(z.string()),
  version: z.string(),
  platform: z.string().optional(),
});

const answerSchema = z.object({
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
  facts: factsSchema,
});

type LiveVerifyAnswer = z.infer<typeof answerSchema>;

/**
 * Returns by device the running rules with the interfaces that the plans' policies and the device's facts give, and the
 * releases that no plan has recorded.
 * @throws Refusal cli/live-…
 */
export function readLiveAnswers(files: readonly string[], plans: readonly Plan[]): LiveAnswers {
  const problems: Problem[] = [];
  const liveByDevice = new Map<string, LiveAnswer>();
  for (const file of files)
    for (const verifyAnswer of parseAnswers(file, () => answerSchema, VERIFY_AGAIN)) {
      const policies = decodePolicies(verifyAnswer.device, plans);
      const [policy] = policies;
      const ownersInMotion = verifyAnswer.owners.filter(
        ({ state }) => !STABLE_STATES.some((stableState) => stableState === state),
      );
      const legacy = verifyAnswer.facts.legacyTables.filter((line) => !line.endsWith(' 0'));
      if (liveByDevice.has(verifyAnswer.device)) problems.push(createTwiceAnsweredProblem(file, verifyAnswer.device));
      else if (ownersInMotion.length > 0)
        problems.push(createInMotionProblem(file, verifyAnswer.device, ownersInMotion[0]!));
      else if (legacy.length > 0) problems.push(createLegacyRulesProblem(file, verifyAnswer.device, legacy[0]!));
      else if (!plans.some(({ owners }) => owners.some(({ device }) => device === verifyAnswer.device)))
        // No plan is about this device, so nothing is evaluated by these facts. The review notes the answer.
        liveByDevice.set(verifyAnswer.device, {
          text: verifyAnswer.ruleset,
          device: { interfaces: [], localAddresses: [], forwarding: false },
        });
      else if (!policy) problems.push(createUnreadablePolicyProblem(file, verifyAnswer.device));
      else if (isOtherMachine(policies, verifyAnswer))
        problems.push(createOtherMachineProblem(file, verifyAnswer.device));
      else
        liveByDevice.set(verifyAnswer.device, {
          text: verifyAnswer.ruleset,
          device: createLiveDevice(policy, verifyAnswer.facts),
          platformsByOwner: findPlatforms(verifyAnswer, plans),
          otherReleases: findOtherReleases(verifyAnswer, plans),
        });
    }
  refuseIfAny(problems);
  return liveByDevice;
}

/**
 * Returns by owner the platform whose parser reads its rules in the answer: the owner's own platform, or that of the
 * agent that listed them, where the two print another format.
 */
function findPlatforms(
  { device, owners, facts: { platform: reportedPlatform } }: LiveVerifyAnswer,
  plans: readonly Plan[],
): ReadonlyMap<string, string> {
  if (reportedPlatform === undefined || !Object.hasOwn(systems, reportedPlatform)) return new Map();
  const plannedOwners = plans.flatMap((plan) => plan.owners).filter((plannedOwner) => plannedOwner.device === device);
  return new Map(
    plannedOwners.map(({ owner, role }): readonly [string, string] => {
      const { platform = reportedPlatform } =
        owners.find((plannedOwner) => plannedOwner.owner === owner && plannedOwner.role === role) ?? {};
      return [
        owner,
        getListingPlatform(platform) === getListingPlatform(reportedPlatform) && Object.hasOwn(systems, platform)
          ? platform
          : getListingPlatform(reportedPlatform),
      ];
    }),
  );
}

/**
 * Returns by owner the confirmed release on the device that no plan has recorded and none delivers. It leaves out an
 * owner with a release whose digest can't be computed.
 */
function findOtherReleases({ device, owners }: LiveVerifyAnswer, plans: readonly Plan[]): ReadonlyMap<string, string> {
  const plannedOwners = plans.flatMap((plan) => plan.owners).filter((plannedOwner) => plannedOwner.device === device);
  return new Map(
    plannedOwners.flatMap(({ owner, role, before, after, action }): readonly [string, string][] => {
      const confirmedOwner = owners.find(
        (plannedOwner) =>
          plannedOwner.owner === owner && plannedOwner.role === role && plannedOwner.state === 'confirmed',
      );
      // An adopted release was delivered from another state, and a first release meets the device's own owner token.
      if (confirmedOwner?.digest === undefined || before.length === 0 || action === 'adopted') return [];
      const knownDigests = [...before, ...(after ? [after] : [])].map(computeRecordedDigest);
      if (knownDigests.includes(undefined) || knownDigests.includes(confirmedOwner.digest)) return [];
      const { digest, made, runner, platform } = confirmedOwner;
      const releaseText = describeRelease({
        digest,
        ...(made === undefined ? {} : { made }),
        ...(runner === undefined ? {} : { runner }),
      });
      return [[owner, platform === undefined ? releaseText : `${releaseText}, of platform ${platform}`]];
    }),
  );
}

function computeRecordedDigest({ policy, text }: RecordedRelease): string | undefined {
  try {
    return computeDigest(decodePolicy(policy), text);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/**
 * Returns the readable policies of a device's owners. Each has the roles of the device's interfaces, from the intent.
 */
function decodePolicies(device: string, plans: readonly Plan[]): readonly Policy[] {
  const owners = plans.flatMap((plan) => plan.owners).filter((owner) => owner.device === device);
  return owners
    .flatMap(({ after, before }) => [...(after ? [after] : []), ...before])
    .flatMap(({ policy }) => {
      try {
        return [decodePolicy(policy)];
      } catch (error) {
        // The review reports an unreadable policy.
        if (!(error instanceof Refusal)) throw error;
        return [];
      }
    });
}

/** Returns whether another machine of this name answered: it has none of the addresses in any policy of the device. */
function isOtherMachine(policies: readonly Policy[], { facts }: LiveVerifyAnswer): boolean {
  const deviceAddresses = new Set(parseDeviceAddresses(facts).map(({ address }) => address));
  const policyAddresses = policies.flatMap((policy) => [
    ...policy.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    ...(policy.kind === 'server' ? policy.localAddresses : []),
  ]);
  return policyAddresses.length > 0 && !policyAddresses.some((address) => deviceAddresses.has(address));
}

const VERIFY_AGAIN = 'cpanel-edge verify DEVICE --json > FILE, right before the review.';

const createInMotionProblem = (
  where: string,
  device: string,
  { owner, state }: LiveVerifyAnswer['owners'][number],
): Problem => ({
  code: 'cli/live-in-motion',
  where,
  what: `A delivery of ${owner} to ${device} was under way when the device answered (${state}), so this is not what it will run before the apply.`,
  instead: `wait until it is confirmed or rolled back; then ${VERIFY_AGAIN}`,
});

const createLegacyRulesProblem = (where: string, device: string, line: string): Problem => ({
  code: 'cli/live-not-all',
  where,
  what: `${device} also holds rules of iptables-legacy, which its answer does not show: ${line}.`,
  instead: 'leave --live away for it: then the review compares with what Terraform has recorded.',
});

const createUnreadablePolicyProblem = (where: string, device: string): Problem => ({
  code: 'cli/live-without-policy',
  where,
  what: `The plan's policies for ${device} can't be read, and they say which of its interfaces are outside.`,
  instead: 'leave --live away for it; the review says what is wrong with them.',
});

const createOtherMachineProblem = (where: string, device: string): Problem => ({
  code: 'cli/live-of-another',
  where,
  what: `What answered as ${device} has none of the addresses that ${device} has in the plans, so it is another machine.`,
  instead: `the answer of this ${device}: ${VERIFY_AGAIN}`,
});
