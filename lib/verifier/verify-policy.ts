import { ReachabilityPrinter, LocationScope, printReachability } from '../reachability/print-reachability';
import { buildSpec } from '../spec/build-spec';
import { parseInterfaceAddress } from '../net/address';
import { Device, toLocationKey } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { OWN_STEP_BUDGET, runWithinBudget } from '../net/step-budget';
import { Policy } from '../policy/policy';
import { compareVersions } from '../policy/compare-versions';
import { refuseComparison } from '../problems/step-budget-problems';
import { Problem, Refusal } from '../problems/problem';
import { EvaluatedConfig } from '../parse/config-parser';
import { GeneratedConfig } from '../generate/config-generator';
import { platforms } from '../registry';
import { Counterexample, findCounterexamples } from './find-counterexamples';
import { ConfigFault, findAnnouncementFaults, findConfigFaults } from './config-faults';
import { findBanFaults } from './ban-faults';
import { splitNarrowed } from './narrowing';
import { decodePolicy } from './policy-codec';
import { VerifiedShapes, createConfigText } from './release-shapes';
import { ReachabilitySpec } from '../spec/reachability-spec';

/** A policy, and what was written for it. */
export interface SpecifiedConfig {
  readonly policy: Policy;
  readonly written: GeneratedConfig;
  /** The device as synthesis knows it: the facts of the intent, and the addresses that the release adds. */
  readonly device: Device;
  /** Of a device without others' rules it is made for those who ask. */
  readonly expected: ReachabilitySpec;
}

/** What an independent reader found in what was written. */
export interface Verification extends SpecifiedConfig {
  readonly reading: EvaluatedConfig;
  readonly differences: readonly Counterexample[];
  /** What no packet shows: what it does to what a device holds, and what it announces. */
  readonly faults: readonly ConfigFault[];
  /** What was captured narrows, and that is its owner's to decide: said, and not refused. Management is none of these. */
  readonly narrowed: readonly Counterexample[];
}

/**
 * Compiles, writes, reads back and compares. `captured`: what the device holds besides, where the platform's writer edits that. `shapes`: what was
 * proven before; a device that differs from one of those in nothing but its addresses, which lie alike in policy and text, isn't compared again.
 * Throws Refusal where the platform can't meet a wish.
 */
export const verifyPolicy = (policy: Policy, captured?: string, shapes?: VerifiedShapes): Verification =>
  runWithinBudget(
    OWN_STEP_BUDGET,
    () => verifyGenerated(policy, getPlatform(policy).generator.write(policy, captured), shapes),
    () => refuseComparison('proving/too-much-to-prove', `${policy.device}/${policy.owner}`),
  );

/** The same for what was written, whoever wrote it: reads it back and compares. */
export function verifyGenerated(policy: Policy, generated: GeneratedConfig, shapes?: VerifiedShapes): Verification {
  const { parser: parser } = getPlatform(policy);
  const specified = specifyConfig(policy, generated);
  const [{ text, surroundings: unmanagedConfig }, device] = [generated, assumeForwarding(specified.device)];
  const configText = createConfigText(parser, text, device);
  const evaluated = shapes?.getEvaluated(specified, 'release', configText) ?? configText.read();
  const comparison = shapes?.isVerified([specified])
    ? NO_DEVIATIONS
    : compareConfig(specified, text, evaluated, parser.read(unmanagedConfig.text, device));
  if (comparison.differences.length + comparison.faults.length === 0) shapes?.addVerified([specified]);
  return {
    policy,
    written: generated,
    device: specified.device,
    reading: evaluated,
    ...comparison,
    get expected(): ReachabilitySpec {
      return specified.expected;
    },
  };
}

type ComparisonResult = Pick<Verification, 'differences' | 'faults' | 'narrowed'>;
const NO_DEVIATIONS: ComparisonResult = { differences: [], faults: [], narrowed: [] };

/** What a text for a policy does that it shouldn't, whoever wrote it. `reading`: of the text, `rest`: of what it was written around. */
export function compareConfig(
  { policy, written: generated, device, expected: spec }: SpecifiedConfig,
  text: string,
  evaluated: EvaluatedConfig,
  withoutRelease: EvaluatedConfig,
): ComparisonResult {
  const { parser: parser, live } = getPlatform(policy);
  const counterexamples = findCounterexamples({
    expected: spec,
    reading: evaluated,
    besides: { whole: evaluated, rest: withoutRelease },
    device,
  });
  const { narrowed, outside } = generated.surroundings.captured
    ? splitNarrowed(counterexamples, { expected: spec, policy, reading: evaluated, device, places: live.places(text) })
    : { narrowed: [], outside: counterexamples };
  const isOwn = (touched: string): boolean => live.isOf(touched, policy.owner);
  const bannedText = generated.surroundings.captured ? live.keptOut?.(text, policy.owner) : undefined;
  const faults = [
    ...findConfigFaults(isOwn, evaluated, withoutRelease),
    ...findAnnouncementFaults(policy, generated.addresses, evaluated, withoutRelease),
    ...(bannedText === undefined
      ? []
      : findBanFaults(evaluated, parser.read(bannedText, assumeForwarding(device)), device)),
  ];
  return { differences: outside, faults, narrowed };
}

/** What a policy means, by what was written for it. Throws Refusal. */
export function specifyConfig(policy: Policy, generated: GeneratedConfig): SpecifiedConfig {
  let spec: ReachabilitySpec | undefined;
  const specified: SpecifiedConfig = {
    policy,
    written: generated,
    device: deriveDevice(policy, generated),
    get expected(): ReachabilitySpec {
      return (spec ??= deriveSpec(policy, generated));
    },
  };
  // What can't be read of others' rules is refused here, not by whoever asks for it first.
  return generated.surroundings.captured ? { ...specified } : specified;
}

/** What a release was to do, by what this version writes for its policy around what its text was written around. Throws Refusal. */
export const specifyRelease = (release: { readonly text: string; readonly policy: string }): SpecifiedConfig =>
  specifyText(decodePolicy(release.policy), release.text);

/** The same of a policy that was decoded. Throws Refusal. */
export const specifyText = (policy: Policy, text: string): SpecifiedConfig =>
  specifyConfig(policy, regenerateConfig(policy, text));

/** What is asked for of the device that a release is written for: the addresses that others have there don't leave it. */
function deriveSpec(policy: Policy, { surroundings: unmanagedConfig }: GeneratedConfig): ReachabilitySpec {
  const { configFormat: foreign, capabilities } = getPlatform(policy);
  const capturedConfig = unmanagedConfig.captured ? foreign.parsed(unmanagedConfig.text) : undefined;
  return buildSpec(
    policy,
    capabilities.excess,
    capturedConfig?.is === 'configuration' ? capturedConfig.device().localAddresses : [],
  );
}

/** What this version writes for a policy around what an earlier text of it was written around. Throws Refusal. */
export function regenerateConfig(policy: Policy, text: string): GeneratedConfig {
  const { generator: generator } = getPlatform(policy);
  const unmanagedConfig = generator.without(text, policy.owner);
  return unmanagedConfig.captured ? generator.write(policy, unmanagedConfig.text) : generator.write(policy);
}

/** What its exposures rest on. */
export const describeEvidence = ({
  written: generated,
}: Pick<Verification, 'written'>): 'own text' | 'own text + captured surroundings' =>
  generated.surroundings.captured ? 'own text + captured surroundings' : 'own text';

/** What a proof found as problems: synthesis fails with them. */
export const listVerificationProblems = ({
  policy,
  differences: counterexamples,
  faults,
  written: generated,
}: Verification): readonly Problem[] =>
  [...counterexamples, ...faults].map(({ kind, text }) => ({
    code: `proving/${kind}`,
    where: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    ...(generated.surroundings.captured
      ? {
          what: `with what was captured of the device, it would do something else than the policy asks for: ${text}.`,
          instead:
            'take away on the device what stands against it, then capture it again; where the lines named are ours, it is a mistake of this package: please report it.',
        }
      : {
          what: `the text that was written says something else than the policy: ${text}.`,
          instead:
            'nothing in the intent: this is a mistake in the writer or in the reader; please report it with this text.',
        }),
  }));

/** The exposure of what was written, cut to what the policy speaks of: the table that a reviewer reads. */
export const printExposureTable = (
  { reading: evaluated, device, expected: spec }: Pick<Verification, 'reading' | 'device' | 'expected'>,
  print: ReachabilityPrinter = printReachability,
): string => print(evaluated.exposure, device, createScope(spec));

/** The packets that a policy speaks of. */
export function createScope({ views }: ReachabilitySpec): LocationScope {
  const scopes = new Map(views.map(({ vantage: startLocation, scope }) => [toLocationKey(startLocation), scope]));
  return (startLocation) => scopes.get(toLocationKey(startLocation)) ?? PacketMap.NONE;
}

export function getPlatform(policy: Policy): (typeof platforms)[keyof typeof platforms] {
  const platform = Object.hasOwn(platforms, policy.platform)
    ? platforms[policy.platform as keyof typeof platforms]
    : undefined;
  if (platform?.capabilities[policy.kind]) {
    const versionSettings = platform.versions?.find(({ version }) => compareVersions(policy.version, version) === 0);
    return versionSettings ? { ...platform, ...versionSettings } : platform;
  }
  throw new Refusal([
    {
      code: 'proving/unknown-platform',
      where: `${policy.kind} ${policy.device}`,
      what: `no platform "${policy.platform}" serves as ${policy.kind}.`,
      instead: Object.keys(platforms).join(', '),
    },
  ]);
}

/**
 * What a proof looks at besides: what passes through a server (containers, a VPN), which isn't ours to touch, and the addresses that each
 * device with IPv6 gives itself.
 */
export const assumeForwarding = (device: Device): Device => ({ ...device, forwarding: true, linkLocal: true });

/** What the release puts on the device besides rules is part of the device that the rules are read for. */
export function deriveDevice(policy: Policy, generated: GeneratedConfig): Device {
  const addedAddresses = generated.addresses
    .filter(({ kind }) => kind === 'alias')
    .map(({ address }) => parseInterfaceAddress(address)!.address);
  if (policy.kind === 'gateway')
    return { interfaces: policy.interfaces, localAddresses: addedAddresses, forwarding: true };
  return { interfaces: policy.interfaces, localAddresses: policy.localAddresses, forwarding: false };
}
