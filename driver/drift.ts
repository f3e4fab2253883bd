// Compares the rules that a device runs with the text of its releases: ports that are open or closed in deviation, and
// missing addresses; or returns why that is unknown. `verify` and `doctor` print them.

import { ReachabilityDiff, compareReachability } from '../lib/reachability/compare-reachability';
import { printLocation } from '../lib/reachability/print-reachability';
import { ReachabilityRow, toRows, toPacketSet } from '../lib/reachability/reachability-rows';
import { printAddresses, printDestinations, printService } from '../lib/reachability/print-packets';
import { LocationSpec } from '../lib/spec/reachability-spec';
import { buildSpec } from '../lib/spec/build-spec';
import { printAddress } from '../lib/net/address';
import {
  Device,
  StartLocation,
  toLocationKey,
  getLocalAddresses,
  findByLocation,
  toEntryLocation,
} from '../lib/net/device';
import { Packet } from '../lib/net/packet';
import { PacketMap, PacketSet } from '../lib/net/packet-map';
import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../lib/net/step-budget';
import { refuseComparison } from '../lib/problems/step-budget-problems';
import { Refusal } from '../lib/problems/problem';
import { addDeviceFacts, createUnnamedSourceSet } from '../lib/verifier/verify-device';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { getPlatform } from '../lib/verifier/verify-policy';
import { Release } from '../lib/agent-protocol/release';
import { countInterfaces, createLiveDevice } from './live-device';
import { renameDeviceStatus } from './rename-interfaces';
import { DeviceStatus } from './device-status';
import { explainOtherForm } from './other-platform';

/**
 * One difference between what a device lets through and what the release's own text would let through on the same
 * device.
 */
export interface PortDrift {
  /** `closed` is drift if our own rules changed; if unmanaged rules narrow, it is only reported. */
  readonly kind: 'opened' | 'closed' | 'changed' | 'may be open' | 'may be closed';
  /** `203.0.113.10 tcp 3306 from anywhere`. */
  readonly packets: string;
  /** Where the packets come from: `the internet by wan0`. */
  readonly startLocations: readonly string[];
  /** `line 12 of table inet x`, or the reason in words. */
  readonly cause: string;
  /**
   * The destination, if it isn't the requested address: `10.0.0.20`, `10.0.0.20 instead of 10.0.0.10`, `the device
   * itself`.
   */
  readonly translatedDestination?: string;
  /** The source, if it changed: `10.0.0.10 instead of 203.0.113.10`. */
  readonly translatedSource?: string;
  /** Unit of the deciding line. */
  readonly table?: string;
}

/** Limit of explained rows per kind, from all sides together; further rows are counted. */
const MAX_EXPLAINED_ROWS = 60;

/**
 * Returns the differences between the device's whole live rules and the text of these releases, evaluated for the same
 * device. Releases of other owners that aren't known here are taken as they are.
 *
 * @throws Refusal for text that can't be parsed.
 */
export const findDrift = (
  release: Release,
  otherReleases: readonly Release[],
  deviceStatus: DeviceStatus,
): readonly PortDrift[] =>
  runWithinBudget(
    UNTRUSTED_STEP_BUDGET,
    () => compareWithRelease(release, otherReleases, deviceStatus),
    () => refuseComparison('proving/too-much-to-compare', 'the device', countInterfaces(deviceStatus.facts)),
  );

function compareWithRelease(
  release: Release,
  otherReleases: readonly Release[],
  deviceStatus: DeviceStatus,
): readonly PortDrift[] {
  const policy = decodePolicy(release.policy);
  const device = createLiveDevice(policy, deviceStatus.facts);
  const platform = getPlatform(policy);
  const { parser: reader, capabilities } = platform;
  const locator = platform.live.places(deviceStatus.ruleset);
  const after = reader.read(deviceStatus.ruleset, device);
  const before = reader.read(platform.live.asDelivered([release, ...otherReleases], deviceStatus.ruleset), device);
  const spec = buildSpec(addDeviceFacts(policy, device), capabilities.excess, device.localAddresses);
  const bounds = new Map(spec.views.map((view) => [toLocationKey(view.startLocation), view]));
  const unnamedPackets = createUnnamedSourceSet(policy, device);
  const driftByKey = new Map<string, PortDrift>();
  const explainedRows = new Map<PortDrift['kind'], number>();
  const skippedRows = new Map<PortDrift['kind'], number>();
  const add = (kind: PortDrift['kind'], startLocation: StartLocation, packets: PacketSet): void => {
    for (const row of toRows(packets)) {
      if ((explainedRows.get(kind) ?? 0) >= MAX_EXPLAINED_ROWS) {
        skippedRows.set(kind, (skippedRows.get(kind) ?? 0) + 1);
        continue;
      }
      explainedRows.set(kind, (explainedRows.get(kind) ?? 0) + 1);
      const packet = packets.intersect(toPacketSet(row)).pickPacket()?.packet;
      if (!packet) continue;
      const { lines, reason, packetOut } = after.explain(startLocation, packet);
      const reasonText = locator.inWords(reason);
      // No line closes what a chain's policy closes; the last line let the packet pass.
      const policyMatch = kind === 'closed' ? /^(.*) has policy (\S+)$/.exec(reasonText) : null;
      const decidingLine = findDecisive(lines, locator, platform) ?? (policyMatch ? undefined : lines.at(-1));
      const unknownReason = kind.startsWith('may')
        ? findUnknownReason(after.reachability.views, startLocation, packet)
        : undefined;
      const cause =
        unknownReason !== undefined
          ? locator.inWords(unknownReason)
          : decidingLine
            ? locator.at(decidingLine.number)
            : policyMatch
              ? `the policy ${policyMatch[2]} of ${policyMatch[1]}`
              : reasonText;
      const packetBefore = kind === 'changed' ? before.explain(startLocation, packet).packetOut : packet;
      const destinationText =
        policy.kind === 'gateway' && getLocalAddresses(device).includes(packetOut.destination)
          ? 'the device itself'
          : printAddress(packetOut.destination);
      const isMoved = packetOut.destination !== packetBefore.destination || destinationText === 'the device itself';
      const insteadText = kind === 'changed' ? ` instead of ${printAddress(packetBefore.destination)}` : '';
      const translatedDestination = kind === 'closed' || !isMoved ? undefined : `${destinationText}${insteadText}`;
      const translatedSource =
        kind === 'changed' && packetOut.source !== packetBefore.source
          ? `${printAddress(packetOut.source)} instead of ${printAddress(packetBefore.source)}`
          : undefined;
      const rowText = printDriftRow(row);
      const key = [kind, rowText, cause, translatedDestination, translatedSource].join('|');
      const table = decidingLine && locator.unitAt(decidingLine.number)?.name;
      const sameDrift = driftByKey.get(key);
      const startLocations = [...new Set([...(sameDrift?.startLocations ?? []), printStart(startLocation, device)])];
      driftByKey.set(key, {
        kind,
        packets: rowText,
        startLocations,
        cause,
        ...(translatedDestination ? { translatedDestination } : {}),
        ...(translatedSource ? { translatedSource } : {}),
        ...(table ? { table } : {}),
      });
    }
  };
  for (const diff of compareReachability(before.reachability, after.reachability)) {
    const locationSpec = bounds.get(toLocationKey(diff.startLocation));
    if (!locationSpec) continue;
    const unknownBefore = findUnknown(before.reachability.views, diff.startLocation);
    for (const [kind, kindPackets] of splitByKind(
      diff,
      locationSpec,
      unknownBefore,
      findAllowed(before.reachability.views, diff.startLocation),
    )) {
      const packets =
        kind === 'changed' && diff.startLocation.kind === 'self' ? kindPackets.subtract(unnamedPackets) : kindPackets;
      if (!packets.isEmpty) add(kind, diff.startLocation, packets);
    }
  }
  const skippedDrift = [...skippedRows].map(([kind, count]): PortDrift => ({
    kind,
    packets: `${count} more kinds of packets`,
    startLocations: ['all sides'],
    cause: 'rules that were not looked at one by one',
  }));
  return [...driftByKey.values(), ...skippedDrift];
}

type ExposureViews = ReturnType<ReturnType<typeof getPlatform>['parser']['read']>['reachability']['views'];
const findPackets = (
  views: ExposureViews,
  startLocation: StartLocation,
  disposition: 'allowed' | 'unknown',
): PacketSet =>
  findByLocation(views, startLocation)?.dispositions.select((verdict) => verdict.is === disposition) ?? PacketMap.NONE;
/** Returns why a packet's disposition is unknown, or why some clients may be kept out; the trace names only the chain. */
export function findUnknownReason(
  views: ExposureViews,
  startLocation: StartLocation,
  packet: Packet,
): string | undefined {
  const verdict = findByLocation(views, startLocation)?.dispositions.findValue(packet);
  return verdict?.is === 'unknown' ? verdict.reason : verdict?.except;
}
const findUnknown = (views: ExposureViews, startLocation: StartLocation): PacketSet =>
  findPackets(views, startLocation, 'unknown');
const findAllowed = (views: ExposureViews, startLocation: StartLocation): PacketSet =>
  findPackets(views, startLocation, 'allowed');

function splitByKind(
  diff: ReachabilityDiff,
  { scope, inbound, translations }: LocationSpec,
  unknownBefore: PacketSet,
  allowedBefore: PacketSet,
): readonly (readonly [PortDrift['kind'], PacketSet])[] {
  const undecided = diff.undecided.subtract(unknownBefore).intersect(scope);
  // The effect of unmanaged rules on connections that we don't translate isn't drift.
  const translatable = inbound.unite(translations.domain).intersect(scope);
  return [
    ['opened', diff.opened.intersect(scope)],
    ['changed', diff.changed.domain.intersect(translatable)],
    ['may be open', undecided.subtract(allowedBefore)],
    ['closed', diff.closed.intersect(scope)],
    ['may be closed', undecided.intersect(allowedBefore)],
  ];
}

/** Returns the unmanaged line that makes the difference by translating or dropping. */
const findDecisive = (
  lines: ExplainedLines,
  locator: LineLocations,
  { live: inspector }: ReturnType<typeof getPlatform>,
): ExplainedLines[number] | undefined =>
  lines.find(({ number, text }) => locator.unitAt(number)?.isManaged === false && inspector.decides(text));

type LineLocations = ReturnType<ReturnType<typeof getPlatform>['live']['places']>;
type ExplainedLines = readonly { readonly number: number; readonly text: string }[];

const printDriftRow = (row: ReachabilityRow<unknown>): string =>
  `${printService(row.protocols, row.ports, row.sourcePorts)} on ${printDestinations(row.destinations, row.family)} from ${printAddresses(row.sources, row.family)}`;

const printStart = (startLocation: StartLocation, device: Device): string =>
  printLocation(toEntryLocation(startLocation), device);

const KIND_WORDS: Readonly<Record<PortDrift['kind'], string>> = {
  opened: 'also open now',
  closed: 'closed there',
  changed: 'open as before, and changed on its way',
  'may be open': 'perhaps open now',
  'may be closed': 'perhaps closed there',
};

export const printDrift = ({
  kind,
  packets,
  startLocations,
  cause,
  translatedDestination,
  translatedSource,
}: PortDrift): string =>
  `${KIND_WORDS[kind]}: ${packets} (${startLocations.join('; ')})${translatedDestination ? `, reaching ${translatedDestination}` : ''}${translatedSource ? `, source translated to ${translatedSource}` : ''}, by ${cause}`;

/**
 * Returns whether a difference is drift. If our own rules are as delivered, ports that unmanaged rules narrow are not.
 */
export const isDrift = ({ kind }: PortDrift, isIntact: boolean): boolean =>
  !isIntact || (kind !== 'closed' && kind !== 'may be closed');

/**
 * Returns the addresses of the release that the device lacks. Addresses that it would only answer for are known from
 * protocol 5 on.
 */
export function findMissingAddresses({ addresses }: Release, deviceStatus: DeviceStatus): readonly string[] {
  const { facts, proxies } = renameDeviceStatus(
    deviceStatus,
    addresses.map((addressLine) => addressLine.interface),
  );
  const deviceAddresses = new Set(
    facts.addresses.split('\n').flatMap((line) => {
      const [, name, address] = /^\d+: ([^ @]+)\S* +inet6? ([^ /]+)/.exec(line) ?? [];
      return name === undefined ? [] : [`${name} ${address}`];
    }),
  );
  const proxyAddresses = new Set(proxies?.map((line) => line.split(' ').slice(0, 3).join(' ')));
  return addresses.flatMap(({ kind, interface: name, address }) => {
    const addressText = address.split('/')[0]!;
    if (kind === 'alias')
      return deviceAddresses.has(`${name} ${addressText}`) ? [] : [`${name} does not have ${addressText} any more`];
    const isSingleAddress = !address.includes('/') || address.endsWith('/32');
    if (kind === 'proxy-arp' && proxies && isSingleAddress && !proxyAddresses.has(`${addressText} dev ${name}`))
      return [`${name} does not answer for ${addressText} any more`];
    return [];
  });
}

/** Returns the drift, or lines with the reason if the text can't be parsed. */
export function findDriftOrReason(
  release: Release,
  otherReleases: readonly Release[],
  deviceStatus: DeviceStatus,
): { readonly drift: readonly PortDrift[]; readonly unreadReasons: readonly string[] } {
  const otherForm = explainOtherForm(release, deviceStatus.ruleset, deviceStatus.facts);
  if (otherForm !== undefined) return { drift: [], unreadReasons: [otherForm] };
  try {
    return { drift: findDrift(release, otherReleases, deviceStatus), unreadReasons: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { drift: [], unreadReasons: error.problems.map(({ code, where, what }) => `${code} at ${where}: ${what}`) };
  }
}
