// Verifies a policy: generates its config, parses it back with the platform's parser, evaluates it, and compares it
// with the spec of the policy. It gets platforms only through the registry. Counterexamples and faults come out, also
// as problems; lib/spec, generators and parsers know nothing of each other. Also prints the verified exposure as a
// table.

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

/** A policy with the config that was generated for it. */
export interface SpecifiedConfig {
  readonly policy: Policy;
  readonly generated: GeneratedConfig;
  /** The device as synthesis knows it: the facts of the intent, and the addresses that the release adds. */
  readonly device: Device;
  /** The spec of the policy. Without unmanaged config it is computed on demand. */
  readonly spec: ReachabilitySpec;
}

/** The result of evaluating a generated config independently and comparing it with the spec. */
export interface Verification extends SpecifiedConfig {
  readonly evaluated: EvaluatedConfig;
  readonly differences: readonly Counterexample[];
  /** Faults that no packet shows: in how the text changes the device's objects, and in what the device announces. */
  readonly faults: readonly ConfigFault[];
  /**
   * Packets that captured unmanaged config narrows. That is for its owner to decide, so it is reported and not refused.
   * Management is none of these.
   */
  readonly narrowed: readonly Counterexample[];
}

/**
 * Generates the config of a policy, evaluates it and compares it with the spec. `captured`: what the device holds
 * besides, if the platform's generator edits that. `shapes`: earlier verifications. A device that differs from one of
 * those only in its addresses, which lie alike in policy and text, isn't compared again.
 *
 * @throws Refusal if the platform can't meet the policy.
 */
export const verifyPolicy = (policy: Policy, captured?: string, shapes?: VerifiedShapes): Verification =>
  runWithinBudget(
    OWN_STEP_BUDGET,
    () => verifyGenerated(policy, getPlatform(policy).generator.write(policy, captured), shapes),
    () => refuseComparison('proving/too-much-to-prove', `${policy.device}/${policy.owner}`),
  );

/** Evaluates a config that already exists, whichever generator made it, and compares it with the spec. */
export function verifyGenerated(policy: Policy, generated: GeneratedConfig, shapes?: VerifiedShapes): Verification {
  const { parser } = getPlatform(policy);
  const specified = specifyConfig(policy, generated);
  const [{ text, unmanagedConfig }, device] = [generated, assumeForwarding(specified.device)];
  const configText = createConfigText(parser, text, device);
  const evaluated = shapes?.getEvaluated(specified, 'release', configText) ?? configText.read();
  const comparison = shapes?.isVerified([specified])
    ? NO_DEVIATIONS
    : compareConfig(specified, text, evaluated, parser.read(unmanagedConfig.text, device));
  if (comparison.differences.length + comparison.faults.length === 0) shapes?.addVerified([specified]);
  return {
    policy,
    generated,
    device: specified.device,
    evaluated,
    ...comparison,
    get spec(): ReachabilitySpec {
      return specified.spec;
    },
  };
}

type ComparisonResult = Pick<Verification, 'differences' | 'faults' | 'narrowed'>;
const NO_DEVIATIONS: ComparisonResult = { differences: [], faults: [], narrowed: [] };

/**
 * Returns how a text deviates from its policy, whichever program wrote it. `evaluated`: the text; `withoutRelease`: the
 * unmanaged config that it was written around.
 */
export function compareConfig(
  { policy, generated, device, spec }: SpecifiedConfig,
  text: string,
  evaluated: EvaluatedConfig,
  withoutRelease: EvaluatedConfig,
): ComparisonResult {
  const { parser, live } = getPlatform(policy);
  const counterexamples = findCounterexamples({
    spec,
    evaluated,
    comparison: { withRelease: evaluated, withoutRelease },
    device,
  });
  const { narrowed, outside } = generated.unmanagedConfig.isCaptured
    ? splitNarrowed(counterexamples, { spec, policy, evaluated, device, lineOwners: live.places(text) })
    : { narrowed: [], outside: counterexamples };
  const isOwn = (touched: string): boolean => live.isOwnedBy(touched, policy.owner);
  const bannedText = generated.unmanagedConfig.isCaptured ? live.keptOut?.(text, policy.owner) : undefined;
  const faults = [
    ...findConfigFaults(isOwn, evaluated, withoutRelease),
    ...findAnnouncementFaults(policy, generated.addresses, evaluated, withoutRelease),
    ...(bannedText === undefined
      ? []
      : findBanFaults(evaluated, parser.read(bannedText, assumeForwarding(device)), device)),
  ];
  return { differences: outside, faults, narrowed };
}

/**
 * Returns a policy with its device and its spec, for the config that was generated for it.
 *
 * @throws Refusal.
 */
export function specifyConfig(policy: Policy, generated: GeneratedConfig): SpecifiedConfig {
  let spec: ReachabilitySpec | undefined;
  const specified: SpecifiedConfig = {
    policy,
    generated,
    device: deriveDevice(policy, generated),
    get spec(): ReachabilitySpec {
      return (spec ??= deriveSpec(policy, generated));
    },
  };
  // Computes the spec now if there is captured config, so that a config that can't be parsed is refused here and not by
  // the first access.
  return generated.unmanagedConfig.isCaptured ? { ...specified } : specified;
}

/**
 * Returns the specified config of a release: what this version generates for its policy around the unmanaged config of
 * its text.
 *
 * @throws Refusal.
 */
export const specifyRelease = (release: { readonly text: string; readonly policy: string }): SpecifiedConfig =>
  specifyText(decodePolicy(release.policy), release.text);

/**
 * Returns the specified config of a decoded policy and its text.
 *
 * @throws Refusal.
 */
export const specifyText = (policy: Policy, text: string): SpecifiedConfig =>
  specifyConfig(policy, regenerateConfig(policy, text));

/**
 * Returns the spec on the device that a release is generated for: packets to addresses that other owners have there
 * don't leave it.
 */
function deriveSpec(policy: Policy, { unmanagedConfig }: GeneratedConfig): ReachabilitySpec {
  const { configFormat: foreign, capabilities } = getPlatform(policy);
  const capturedConfig = unmanagedConfig.isCaptured ? foreign.parsed(unmanagedConfig.text) : undefined;
  return buildSpec(
    policy,
    capabilities.excess,
    capturedConfig?.is === 'configuration' ? capturedConfig.device().localAddresses : [],
  );
}

/**
 * Generates the config of a policy around the unmanaged config of an earlier text of it.
 *
 * @throws Refusal.
 */
export function regenerateConfig(policy: Policy, text: string): GeneratedConfig {
  const { generator } = getPlatform(policy);
  const unmanagedConfig = generator.without(text, policy.owner);
  return unmanagedConfig.isCaptured ? generator.write(policy, unmanagedConfig.text) : generator.write(policy);
}

/** Returns the evidence that the evaluated reachability rests on. */
export const describeEvidence = ({
  generated,
}: Pick<Verification, 'generated'>): 'generated config' | 'generated config + captured config' =>
  generated.unmanagedConfig.isCaptured ? 'generated config + captured config' : 'generated config';

/** Returns the counterexamples and faults of a verification as problems: synthesis fails with them. */
export const listVerificationProblems = ({
  policy,
  differences: counterexamples,
  faults,
  generated,
}: Verification): readonly Problem[] =>
  [...counterexamples, ...faults].map(({ kind, text }) => ({
    code: `proving/${kind}`,
    where: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    ...(generated.unmanagedConfig.isCaptured
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

/**
 * Prints the reachability of a generated config, limited to the packets of the policy: the table that a reviewer reads.
 */
export const printExposureTable = (
  { evaluated, device, spec }: Pick<Verification, 'evaluated' | 'device' | 'spec'>,
  print: ReachabilityPrinter = printReachability,
): string => print(evaluated.reachability, device, createScope(spec));

/** Returns the packets that a policy says something about, by start location. */
export function createScope({ views }: ReachabilitySpec): LocationScope {
  const scopes = new Map(views.map(({ startLocation, scope }) => [toLocationKey(startLocation), scope]));
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
 * Returns the device as a verification evaluates it. Forwarding is on because packets pass through a server
 * (containers, a VPN), which the release must not touch. Link-local addresses are there because each device with IPv6
 * gives itself some.
 */
export const assumeForwarding = (device: Device): Device => ({ ...device, forwarding: true, mayHaveLinkLocal: true });

/** Returns the device that the rules are evaluated for, with the addresses that the release adds to it. */
export function deriveDevice(policy: Policy, generated: GeneratedConfig): Device {
  const addedAddresses = generated.addresses
    .filter(({ kind }) => kind === 'alias')
    .map(({ address }) => parseInterfaceAddress(address)!.address);
  if (policy.kind === 'gateway')
    return { interfaces: policy.interfaces, localAddresses: addedAddresses, forwarding: true };
  return { interfaces: policy.interfaces, localAddresses: policy.localAddresses, forwarding: false };
}
