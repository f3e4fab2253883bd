// Verifies the rules that a device runs, read from it, against the policy of a release: permitted and required
// packets, unmanaged traffic, health checks.

import { Counterexample, findCounterexamples, describeCounterexample } from './find-counterexamples';
import { findBanFaults } from './ban-faults';
import { getBounds, findMostlyClosed, isManagementLost, isNarrowingOnly } from './narrowing';
import { getPlatform } from './verify-policy';
import { createHealthCheckPackets, selectViews } from './health-check';
import { HealthCheck } from '../agent-protocol/release';
import { ALLOWED } from '../reachability/reachability';
import { printTitle, printLocation } from '../reachability/print-reachability';
import { buildSpec } from '../spec/build-spec';
import { Device, getLocalAddresses, toEntryLocation } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { Policy } from '../policy/policy';
import { EvaluatedConfig } from '../parse/config-parser';

/** The verification of the rules that a device really runs. */
export interface DeviceVerification {
  /**
   * Why the release may not stay: it exceeds or may exceed the policy, or management or a health check isn't verified.
   */
  readonly refusals: readonly string[];
  /** Differences without danger: unmanaged config that only narrows. */
  readonly reports: readonly string[];
  /**
   * The part of the reports about ports that are closed to most of the sources they are opened to: the release doesn't
   * serve its purpose. Undefined if there are none.
   */
  readonly narrower?: readonly string[];
}

/**
 * Verifies the complete live rules of a device against a policy, and what its owner's rules change in unmanaged
 * traffic. A packet that passes or may pass and should not, or that goes to another host, refuses the release; so do
 * rules that take effect before those of others. Differences that only narrow are reported, except for management and
 * health checks, which must be verified.
 */
export function verifyDevice(
  policy: Policy,
  liveText: string,
  counterexample: Device,
  healthChecks: readonly HealthCheck[],
): DeviceVerification {
  const live: Device = { ...counterexample, mayHaveLinkLocal: true };
  const { parser, capabilities, live: liveFormat } = getPlatform(policy);
  const evaluated = parser.read(liveText, live);
  const { whole: withRelease, rest: withoutRelease } = liveFormat.apart(liveText, policy.owner);
  const comparedConfigs = {
    withRelease: withRelease === liveText ? evaluated : parser.read(withRelease, live),
    withoutRelease: parser.read(withoutRelease, live),
  };
  const devicePolicy = addDeviceFacts(policy, live);
  const spec = buildSpec(devicePolicy, capabilities.excess, live.localAddresses);
  const refusals: string[] = [];
  const reports: string[] = [];
  const narrower = new Map<string, Set<string>>();
  for (const counterexample of findCounterexamples({
    spec,
    evaluated,
    comparison: comparedConfigs,
    device: live,
  })) {
    const { theirs: unmanaged, difference } = splitUnnamedSources(counterexample, policy, live, (part) =>
      describeCounterexample(part, getBounds(spec, part.startLocation), evaluated, live),
    );
    if (unmanaged) reports.push(unmanaged.text);
    if (!difference) continue;
    (isNarrowingOnly(difference, spec) ? reports : refusals).push(difference.text);
    const closed = findMostlyClosed(difference, spec, policy, live);
    if (!closed.isEmpty) {
      const { startLocation } = difference;
      const { text } = describeCounterexample(
        { ...difference, packets: closed },
        getBounds(spec, startLocation),
        evaluated,
        live,
      );
      const description = text.slice(printTitle(startLocation, live).length);
      narrower.set(
        description,
        (narrower.get(description) ?? new Set()).add(printLocation(toEntryLocation(startLocation), live)),
      );
    }
    if (isManagementLost(difference, spec, policy, devicePolicy, live))
      refusals.push(`the way in would be lost: ${difference.text}`);
  }
  const bannedText = liveFormat.keptOut?.(liveText, policy.owner);
  if (bannedText !== undefined)
    refusals.push(
      ...findBanFaults(comparedConfigs.withRelease, parser.read(bannedText, live), live).map(({ text }) => text),
    );
  refusals.push(...healthChecks.flatMap((check) => verifyHealthCheck(check, evaluated)));
  return {
    refusals,
    reports,
    ...(narrower.size === 0
      ? {}
      : {
          narrower: [...narrower].map(([description, locations]) => `from ${[...locations].join('; ')}${description}`),
        }),
  };
}

/**
 * Returns the policy for the device as it is. An interface that the intent doesn't name is an entry, too, and a server
 * is closed on every address that it has.
 */
export function addDeviceFacts(policy: Policy, live: Device): Policy {
  const unnamedInterfaces = live.interfaces.filter(
    ({ name }) => !policy.interfaces.some((known) => known.name === name),
  );
  const interfaces = [...policy.interfaces, ...unnamedInterfaces];
  if (policy.kind === 'gateway') return { ...policy, interfaces };
  return {
    ...policy,
    interfaces,
    localAddresses: [...new Set([...policy.localAddresses, ...getLocalAddresses(live)])],
  };
}

/**
 * Returns packets that a server sends from an address that the intent doesn't name. No peer is expected to know the
 * server by such an address: for example that of a bridge of containers, which Docker translates together with those of
 * the containers.
 */
export const createUnnamedSourceSet = (policy: Policy, live: Device): PacketSet =>
  policy.kind === 'server'
    ? PacketMap.createSet({
        source: getLocalAddresses(live).flatMap((address) =>
          policy.localAddresses.includes(address) ? [] : [toSingleRange(address)],
        ),
      })
    : PacketMap.NONE;

/** Separates packets from unnamed sources that unmanaged config translates on their way out. */
function splitUnnamedSources(
  counterexample: Counterexample,
  policy: Policy,
  live: Device,
  describePart: (part: Counterexample) => Counterexample,
): { readonly theirs?: Counterexample; readonly difference?: Counterexample } {
  if (counterexample.kind !== 'changed' || counterexample.isUnmanaged || counterexample.startLocation.kind !== 'self')
    return { difference: counterexample };
  const unnamed = counterexample.packets.intersect(createUnnamedSourceSet(policy, live));
  const remaining = counterexample.packets.subtract(unnamed);
  if (unnamed.isEmpty) return { difference: counterexample };
  return {
    theirs: describePart({ ...counterexample, packets: unnamed }),
    ...(remaining.isEmpty ? {} : { difference: describePart({ ...counterexample, packets: remaining }) }),
  };
}

/** Source ports of a client. */
const CLIENT_PORTS = [{ first: 1024, last: 65_535 }];

/**
 * Returns why a health check fails. It has to be allowed from every client port, and for every uplink of the device.
 */
function verifyHealthCheck(healthCheck: HealthCheck, evaluated: EvaluatedConfig): readonly string[] {
  const { arrives, from, to, protocol, port } = healthCheck;
  const createMessage = (disposition: string, reason: string): string =>
    `health check ${from} to ${to} ${protocol} ${port} is ${disposition}: ${reason}`;
  const expectedPackets = createHealthCheckPackets(healthCheck)?.intersect(
    PacketMap.createSet({ sourcePort: CLIENT_PORTS }),
  );
  if (!expectedPackets) return [createMessage('not a packet', 'addresses of one family are needed')];
  const views = selectViews(evaluated, healthCheck);
  if (views.length === 0) return [createMessage('unknown', `the device has no interface ${arrives}`)];
  return views.flatMap(({ startLocation, dispositions }) => {
    const failed = expectedPackets.subtract(dispositions.select((disposition) => disposition === ALLOWED)).pickPacket();
    if (!failed) return [];
    const { disposition, reason, except } = evaluated.explain(startLocation, failed.packet);
    return [createMessage(disposition === 'allowed' ? 'unknown' : disposition, except ?? reason)];
  });
}
