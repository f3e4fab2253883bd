// Separates counterexamples that unmanaged rules on the device cause by closing something (which a report only shows)
// from real failures. Also finds lost management access.

import { Counterexample, describeCounterexample } from './find-counterexamples';
import { LineOwners, findUnmanagedDecisions } from './line-owners';
import { toPacketSet, toRows } from '../reachability/reachability-rows';
import { LocationSpec, ReachabilitySpec } from '../spec/reachability-spec';
import { buildManagementSet } from '../spec/allowed-packets';
import { getPhaseRequirements } from '../spec/phase-requirements';
import { FAMILIES, FAMILY_RANGE, toRange } from '../net/address';
import { Device, LOOPBACK, NetworkInterface, StartLocation, findByLocation, getInterfaceNetworks } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { groupBy } from '../net/group-by';
import { Range, mergeRanges, toSingleRange, countAddresses } from '../net/range';
import { AllowRules, Policy } from '../policy/policy';
import { EvaluatedConfig } from '../parse/config-parser';

/**
 * Returns whether a counterexample only narrows. A missing packet does, and so does an undecided packet that must pass;
 * a possible other translation of it is a counterexample of its own. Translation by unmanaged config of packets that
 * our hosts send (a proxy, another owner's public address) lets no other packet reach our hosts; translation of packets
 * to our addresses does.
 */
export function isNarrowingOnly(
  { kind, packets, startLocation, phase, isUnmanaged }: Counterexample,
  spec: ReachabilitySpec,
): boolean {
  if (isUnmanaged) return false;
  const locationBounds = getBounds(spec, startLocation);
  const { inbound } = locationBounds;
  const bounds = phase === 'first' ? locationBounds.bounds : getPhaseRequirements(phase, locationBounds);
  if (kind === 'undecided') return packets.subtract(bounds.select((bound) => bound === 'must')).isEmpty;
  return kind === 'missing' || (kind === 'diverted' && packets.intersect(inbound).isEmpty);
}

/** A captured text with its spec and evaluation. */
interface EvaluatedCapture {
  readonly spec: ReachabilitySpec;
  readonly policy: Policy;
  readonly evaluated: EvaluatedConfig;
  readonly device: Device;
  readonly lineOwners: LineOwners;
}

/**
 * Separates counterexamples that come from unmanaged config on a captured device and only narrow. Its owner decides
 * those, so they are reported and not refused, unless the policy calls one of the packets management. Three kinds
 * belong to unmanaged config: packets that one of its lines decides, packets that can't arrive by that interface, and
 * packets that no line of an inside interface allows. Packets that a line of ours or an outside default decides don't.
 */
export function splitNarrowed(
  counterexamples: readonly Counterexample[],
  captured: EvaluatedCapture,
): { readonly narrowed: readonly Counterexample[]; readonly outside: readonly Counterexample[] } {
  const { spec, policy, evaluated, device, lineOwners } = captured;
  const parts = counterexamples.map((counterexample) => {
    if (!isNarrowingOnly(counterexample, spec) || isManagementLost(counterexample, spec, policy))
      return { narrowed: [], outside: [counterexample] };
    const arriving = counterexample.packets.intersect(createArrivingSet(policy, counterexample.startLocation));
    const managed = arriving.subtract(
      findUnmanagedDecisions(
        { ...counterexample, packets: arriving },
        evaluated,
        lineOwners,
        comesFromInside(policy, counterexample.startLocation) ? 'others' : 'nobody',
      ),
    );
    if (managed.isEmpty) return { narrowed: [counterexample], outside: [] };
    const unmanaged = counterexample.packets.subtract(managed);
    const describePackets = (packets: PacketSet): readonly Counterexample[] =>
      packets.isEmpty
        ? []
        : [
            describeCounterexample(
              { ...counterexample, packets },
              getBounds(spec, counterexample.startLocation),
              evaluated,
              device,
            ),
          ];
    return { narrowed: describePackets(unmanaged), outside: describePackets(managed) };
  });
  return { narrowed: parts.flatMap(({ narrowed }) => narrowed), outside: parts.flatMap(({ outside }) => outside) };
}

/**
 * Returns the part of a narrowing that closes a port to most of the sources that a release opens it to. Another
 * firewall manager does that; a ban list doesn't. It covers only first packets from outside that surely don't pass. A
 * packet that a changing set decides is unknown and isn't returned.
 */
export function findMostlyClosed(
  counterexample: Counterexample,
  spec: ReachabilitySpec,
  policy: Policy,
  live: Device,
): PacketSet {
  const { startLocation, phase, isUnmanaged, packets } = counterexample;
  const entry = findInterface(policy, startLocation);
  if (
    counterexample.kind !== 'missing' ||
    phase !== 'first' ||
    isUnmanaged ||
    !entry ||
    (policy.kind === 'gateway' && entry.role !== 'outside')
  )
    return PacketMap.NONE;
  const { bounds, inbound } = getBounds(spec, startLocation);
  const requiredPackets = bounds.select((bound) => bound === 'must').intersect(inbound);
  const arriving = packets.intersect(inbound).subtract(PacketMap.createSet({ source: listAbsentRanges(entry, live) }));
  const rows = toRows(arriving).filter((row) => {
    const requiredRows = toRows(
      requiredPackets.intersect(toPacketSet({ ...row, sources: [FAMILY_RANGE[row.family]] })),
    );
    return (
      countAddresses(row.sources) * 2n > countAddresses(mergeRanges(requiredRows.flatMap(({ sources }) => sources)))
    );
  });
  return PacketMap.mergeFirst(rows.map(toPacketSet));
}

/**
 * Returns whether a packet that the policy calls management would not surely pass any more. `devicePolicy`: the policy
 * with the facts of its device; `live`: that device, if it was asked.
 */
export const isManagementLost = (
  { kind, packets, startLocation, phase }: Counterexample,
  spec: ReachabilitySpec,
  policy: Policy,
  devicePolicy = policy,
  live?: Device,
): boolean =>
  (kind === 'missing' || kind === 'undecided') &&
  (phase === 'first' || phase === 'going on') &&
  !packets
    .intersect(getBounds(spec, startLocation).inbound)
    .intersect(createManagementSet(policy))
    .intersect(createArrivingSet(devicePolicy, startLocation, live)).isEmpty;

/**
 * Returns whether packets come from inside. The rules of an inside interface decide which of its hosts may go out, and
 * where: no release writes any.
 */
const comesFromInside = (policy: Policy, startLocation: StartLocation): boolean =>
  policy.kind === 'gateway' &&
  startLocation.kind === 'interface' &&
  findInterface(policy, startLocation)?.role !== 'outside';

const findInterface = ({ interfaces }: Policy, startLocation: StartLocation): NetworkInterface | undefined =>
  startLocation.kind === 'interface' ? interfaces.find(({ name }) => name === startLocation.name) : undefined;

/**
 * Returns the packets that can arrive by an interface at all. By an inside interface of a gateway only its networks
 * arrive, so an office outside loses nothing by a LAN's rules. A server gets no packet with its own address as source.
 * It gets none of a family that the interface has no address of either: programs that check the way back drop it.
 */
function createArrivingSet(policy: Policy, startLocation: StartLocation, live?: Device): PacketSet {
  const entry = findInterface(policy, startLocation);
  if (policy.kind === 'server') {
    if (!entry) return PacketMap.ALL;
    const impossibleSources = [
      ...policy.localAddresses.map(toSingleRange),
      ...LOOPBACK,
      ...listAbsentRanges(entry, live),
    ];
    return PacketMap.ALL.subtract(PacketMap.createSet({ source: mergeRanges(impossibleSources) }));
  }
  if (!entry || entry.role === 'outside') return PacketMap.ALL;
  return PacketMap.createSet({ source: getInterfaceNetworks(entry) });
}

/** Returns the range of each family that an outside interface has no address of, if only another interface has one. */
const listAbsentRanges = (
  { name, role }: NetworkInterface,
  { soleUplink = {} }: Partial<Device> = {},
): readonly Range[] =>
  FAMILIES.filter((family) => role === 'outside' && (soleUplink[family] ?? name) !== name).map(
    (family) => FAMILY_RANGE[family],
  );

export const getBounds = ({ views }: ReachabilitySpec, startLocation: StartLocation): LocationSpec =>
  findByLocation(views, startLocation)!;

/** Returns the packets that the policy itself calls management: to the server, to the gateway, and through it. */
function createManagementSet(policy: Policy): PacketSet {
  const openingRanges: readonly (readonly [AllowRules, Range])[] =
    policy.kind === 'server'
      ? policy.localAddresses.map((address) => [policy.allowRules, toSingleRange(address)])
      : [
          ...policy.virtualIps.map(({ answers, external }) => [answers, toRange(external)] as const),
          ...policy.mappings.map(({ allowRules, external }) => [allowRules, toRange(external)] as const),
        ];
  return PacketMap.mergeFirst(
    [...groupBy(openingRanges, ([openings]) => openings)].map(([openings, destinations]) =>
      buildManagementSet(openings).intersect(
        PacketMap.createSet({ destination: destinations.map(([, range]) => range) }),
      ),
    ),
  );
}
