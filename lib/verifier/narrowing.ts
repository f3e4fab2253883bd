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
 * What is missing can only narrow, and so can what is unknown though it must pass: where it may be led elsewhere, that is another
 * difference. Somebody else's translation of what our hosts send
 * (a proxy, another owner's public address) reaches nobody through us; of what comes to our addresses it does.
 */
export function isNarrowingOnly(
  { kind, packets, vantage: startLocation, phase, beside: isUnmanaged }: Counterexample,
  spec: ReachabilitySpec,
): boolean {
  if (isUnmanaged) return false;
  const locationBounds = getBounds(spec, startLocation);
  const { inbound } = locationBounds;
  const bounds = phase === 'first' ? locationBounds.bounds : getPhaseRequirements(phase, locationBounds);
  if (kind === 'undecided') return packets.subtract(bounds.select((bound) => bound === 'must')).isEmpty;
  return kind === 'missing' || (kind === 'diverted' && packets.intersect(inbound).isEmpty);
}

/** What a text was captured with, and how it was read. */
interface EvaluatedCapture {
  readonly expected: ReachabilitySpec;
  readonly policy: Policy;
  readonly reading: EvaluatedConfig;
  readonly device: Device;
  readonly places: LineOwners;
}

/**
 * Apart: what others on a captured device narrow. It is theirs to decide, so it is said and not refused, unless a way in that the policy
 * calls management is among it. Theirs is what a line of theirs decides, what nobody sends by that interface, and what no line of
 * an inside interface lets in; what a line of ours decides, or a default outside, is not.
 */
export function splitNarrowed(
  counterexamples: readonly Counterexample[],
  captured: EvaluatedCapture,
): { readonly narrowed: readonly Counterexample[]; readonly outside: readonly Counterexample[] } {
  const { expected: spec, policy, reading: evaluated, device, places: lineOwners } = captured;
  const parts = counterexamples.map((counterexample) => {
    if (!isNarrowingOnly(counterexample, spec) || isManagementLost(counterexample, spec, policy))
      return { narrowed: [], outside: [counterexample] };
    const arriving = counterexample.packets.intersect(createArrivingSet(policy, counterexample.vantage));
    const managed = arriving.subtract(
      findUnmanagedDecisions(
        { ...counterexample, packets: arriving },
        evaluated,
        lineOwners,
        comesFromInside(policy, counterexample.vantage) ? 'others' : 'nobody',
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
              getBounds(spec, counterexample.vantage),
              evaluated,
              device,
            ),
          ];
    return { narrowed: describePackets(unmanaged), outside: describePackets(managed) };
  });
  return { narrowed: parts.flatMap(({ narrowed }) => narrowed), outside: parts.flatMap(({ outside }) => outside) };
}

/**
 * Of what others narrow, that which closes a port that a release opens to most of those it is for: what another firewall manager does, and no list
 * of bans. Of first packets that come from outside, and surely don't pass; what a set that changes decides is in doubt, and isn't said.
 */
export function findMostlyClosed(
  counterexample: Counterexample,
  spec: ReachabilitySpec,
  policy: Policy,
  live: Device,
): PacketSet {
  const { vantage: startLocation, phase, beside: isUnmanaged, packets } = counterexample;
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
 * Whether a way in that the policy calls management would not surely pass any more. `found`: the policy with what its device has besides; `live`:
 * that device, where it was asked.
 */
export const isManagementLost = (
  { kind, packets, vantage: startLocation, phase }: Counterexample,
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

/** Which of their hosts may go out, and where, the rules of an inside interface say: no release writes any. */
const comesFromInside = (policy: Policy, startLocation: StartLocation): boolean =>
  policy.kind === 'gateway' &&
  startLocation.kind === 'interface' &&
  findInterface(policy, startLocation)?.role !== 'outside';

const findInterface = ({ interfaces }: Policy, startLocation: StartLocation): NetworkInterface | undefined =>
  startLocation.kind === 'interface' ? interfaces.find(({ name }) => name === startLocation.name) : undefined;

/**
 * What can come by an interface at all: by an inside one of a gateway, who is behind it. An office outside loses nothing by a LAN's rules. To a
 * server nobody comes with its own address, nor by an interface that has nothing of a family, which programs drop that look for the way back.
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

/** What has a family that an outside interface has nothing of, where another alone has it. */
const listAbsentRanges = (
  { name, role }: NetworkInterface,
  { soleUplink = {} }: Partial<Device> = {},
): readonly Range[] =>
  FAMILIES.filter((family) => role === 'outside' && (soleUplink[family] ?? name) !== name).map(
    (family) => FAMILY_RANGE[family],
  );

export const getBounds = ({ views }: ReachabilitySpec, startLocation: StartLocation): LocationSpec =>
  findByLocation(views, startLocation)!;

/** The ways in that the policy itself calls management: to the server, to the gateway, and through it. */
function createManagementSet(policy: Policy): PacketSet {
  const openingRanges: readonly (readonly [AllowRules, Range])[] =
    policy.kind === 'server'
      ? policy.localAddresses.map((address) => [policy.openings, toSingleRange(address)])
      : [
          ...policy.virtualIps.map(({ answers, outside }) => [answers, toRange(outside)] as const),
          ...policy.mappings.map(({ openings, outside }) => [openings, toRange(outside)] as const),
        ];
  return PacketMap.mergeFirst(
    [...groupBy(openingRanges, ([openings]) => openings)].map(([openings, destinations]) =>
      buildManagementSet(openings).intersect(
        PacketMap.createSet({ destination: destinations.map(([, range]) => range) }),
      ),
    ),
  );
}
