// Evaluates an unmanaged config on a device with known or assumed facts. Returns its exposure (packets to the device,
// through it and from it), what ban lists let in, and the assumptions in sentences.

import { Reachability } from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import { FAMILIES, Family, getFamily } from '../../net/address';
import { Device, LOOPBACK, NetworkInterface, StartLocation, getLocalAddresses } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { isPublic } from '../../net/private-networks';
import { Range, toSingleRange } from '../../net/range';
import {
  RuleSubset,
  FilterSubset,
  UnmanagedRules,
  UnmanagedDeviceText,
  BanListSubset,
  DeviceReferences,
  matchesInterfaceName,
} from '../../parse/config-format';
import {
  describeAbsentInterfaces,
  describeAssumptions,
  describeUplinksByAddress,
  describeDevice,
  describeGivenFacts,
  describeIgnoredFacts,
  describePossibleUplinks,
  listAssumedUplinks,
  describeUplinkChoice,
} from './describe-assumptions';
import {
  Facts,
  InterfaceFacts,
  OTHER_INTERFACES,
  toDeviceLinks,
  hasDefaultRoute,
  toAddressOrder,
  getUnknownFamilies,
} from './device-facts';
import {
  RoutedPublicAddresses,
  findRoutedAddresses,
  findRoutedAddressesByFacts,
  assumeRoutedAddresses,
} from './routed-public-addresses';
import { PLACEHOLDER_RANGES, AssumedDevice, getDefaultRole, listAssumedDevices } from './assumed-devices';
import { applyGivenLeases } from './leased-addresses';
import { DeviceExplanation, ScopedEvaluation, explainPacket, computeWorstCase } from './worst-case-exposure';

/** The exposure of an unmanaged config, separated by where packets go. */
export interface UnmanagedEvaluation {
  /** The device with the given addresses. The roles of its interfaces are given or assumed. */
  readonly device: Device;
  /** Families whose addresses weren't given; undefined if those of both were. */
  readonly unknownAddresses: UnknownAddresses | undefined;
  readonly parts: readonly PathExposure[];
  readonly routedAddresses: RoutedPublicAddresses;
  /** Programs that keep sources out of the device itself, each with what its rules let in. */
  readonly banLists: readonly (BanListSubset & InboundExposure)[];
  /** Lists that decide side by side about packets to the device itself. */
  readonly filters: readonly (FilterSubset & InboundExposure)[];
  /** Returns the program that keeps the rule in a line of the text, if it is known. */
  readonly findProgram: NonNullable<UnmanagedRules['findProgram']>;
  /** Whether no fact tells if the device forwards. */
  readonly mayForward: boolean;
  /** Whether the text describes its own device, as a firewall's whole configuration does. */
  readonly describesItself: boolean;
  /**
   * Sentences on what was given, what follows from it, and what is assumed without facts. `follows`: interfaces that
   * count as uplinks by an address alone, interfaces by which nothing comes now, and facts that don't count because the
   * text has its own. `possibleUplinks`, a part of `assumptions`: interfaces that may lead to the internet by all that is
   * known.
   */
  readonly given: readonly string[];
  readonly follows: readonly string[];
  readonly possibleUplinks: readonly string[];
  readonly assumptions: readonly string[];
  /** Interfaces that `possibleUplinks` is about. */
  readonly assumedOutside: readonly string[];
}

/**
 * Families whose addresses weren't given. `wordless`: addresses that need no words of their own, namely loopback and
 * the targets of translations.
 */
export interface UnknownAddresses {
  readonly families: readonly Family[];
  readonly wordless: readonly Range[];
}

interface InboundExposure {
  /** The packets that some rules alone let in to the device itself, whatever isn't known about it. */
  readonly reachability: Reachability;
}

interface PathExposure {
  /** `host`: to the device's own addresses; `through`: to others; `self`: packets that its own processes send. */
  readonly scope: 'host' | 'through' | 'self';
  readonly reachability: Reachability;
  /** The only packets that can be part of it. */
  readonly packets: PacketSet;
  explain(startLocation: StartLocation, packet: Packet): DeviceExplanation | undefined;
}

/**
 * Returns the exposure of an unmanaged config on a device with these facts.
 * @throws Refusal if the text can't be accounted for
 */
export function evaluateUnmanaged(text: UnmanagedDeviceText, facts: Facts): UnmanagedEvaluation {
  if (text.is === 'configuration') {
    const described = text.device();
    return evaluateSelfDescribed(text, applyGivenLeases(applyRoles(described, facts), facts), described, facts);
  }
  const mentions = text.getReferences();
  const interfaces = listInterfaces(facts, mentions);
  const deviceState = { localAddresses: facts.loopbackAddresses, forwarding: facts.forwarding ?? true };
  const device: Device = { interfaces, ...deviceState, ...toDeviceLinks(facts), ...toAddressOrder(facts) };
  const unknownFamilies = getUnknownFamilies(facts);
  const knownFamilies = FAMILIES.filter((family) => !unknownFamilies.includes(family));
  const evaluations = [
    ...(knownFamilies.length > 0 ? [limitToFamilies(evaluateKnownDevice(device, text), knownFamilies)] : []),
    ...(unknownFamilies.length > 0
      ? [
          limitToFamilies(
            evaluateAssumedDevices(
              listAssumedDevices(interfaces, facts, limitMentions(mentions, unknownFamilies)),
              text,
            ),
            unknownFamilies,
          ),
        ]
      : []),
  ];
  const [host, through] = [
    evaluations.flatMap((evaluation) => evaluation.host),
    evaluations.flatMap((evaluation) => evaluation.through),
  ];
  const dropMartians = createMartianFilter(text.seesLoopback6 ? PacketMap.NONE : IPV6_LOOPBACK_PACKETS);
  const parts = createPathExposures(host, through, dropMartians);
  const evaluateAlone = <T extends RuleSubset>(rules: T): T & InboundExposure => {
    const inboundEvaluations = host.map((evaluation) => ({
      packets: evaluation.packets,
      evaluated: { reachability: rules.read(evaluation.device) },
    }));
    return { ...rules, reachability: computeWorstCase(inboundEvaluations, ['interface'], dropMartians) };
  };
  const { banLists, filters } = text.selectSubsets?.() ?? { banLists: [], filters: [] };
  const unknownAddresses =
    unknownFamilies.length === 0
      ? undefined
      : { families: unknownFamilies, wordless: [...LOOPBACK, ...mentions.targets, ...PLACEHOLDER_RANGES] };
  const routedAddresses = findRoutedAddressesByFacts(device, findPathExposure(parts, 'through'), facts);
  return {
    device,
    unknownAddresses,
    parts,
    routedAddresses:
      mentions.needsForwarding || facts.forwarding === true
        ? assumeRoutedAddresses(routedAddresses, device, through, facts, unknownFamilies)
        : routedAddresses,
    banLists: banLists.map(evaluateAlone),
    filters: filters.map(evaluateAlone),
    findProgram: (line) => text.findProgram?.(line),
    mayForward: facts.forwarding === undefined,
    describesItself: false,
    given: describeGivenFacts(facts),
    follows: [...describeUplinksByAddress(interfaces, facts), ...describeAbsentInterfaces(facts, mentions)],
    possibleUplinks: describePossibleUplinks(interfaces, facts),
    assumptions: describeAssumptions(interfaces, facts, mentions),
    assumedOutside: listAssumedUplinks(interfaces, facts).map(({ name }) => name),
  };
}

/**
 * Evaluates a text that describes its own device. Only the way of the default route is assumed. Packets that are
 * translated to others go through it.
 */
function evaluateSelfDescribed(
  text: UnmanagedDeviceText,
  device: Device,
  described: Device,
  facts: Facts,
): UnmanagedEvaluation {
  const evaluated = text.read(device);
  const localPackets = getLocalPackets(device);
  const evaluations = [{ evaluated, packets: PacketMap.ALL, device }];
  const parts = createPathExposures(evaluations, evaluations, createMartianFilter(PacketMap.NONE)).map((part) =>
    part.scope === 'self'
      ? part
      : {
          ...part,
          packets: part.scope === 'host' ? localPackets : part.packets,
          reachability: {
            views: part.reachability.views.map((view) =>
              limitView(view, getEndingPackets(view, localPackets, part.scope === 'host')),
            ),
          },
        },
  );
  return {
    device,
    unknownAddresses: undefined,
    parts,
    routedAddresses: findRoutedAddresses(device, findPathExposure(parts, 'through'), ({ role }) => role === 'outside'),
    banLists: [],
    filters: [],
    findProgram: () => undefined,
    mayForward: false,
    describesItself: true,
    given: describeDevice(device),
    follows: describeIgnoredFacts(described, facts),
    possibleUplinks: [],
    assumedOutside: [],
    assumptions: describeUplinkChoice(device),
  };
}

/** Returns the packets of a view that end on the device itself, or else elsewhere. */
function getEndingPackets({ translations }: ExposureView, localPackets: PacketSet, isOnDevice: boolean): PacketSet {
  const localEnd = localPackets.intersect(translations.select(({ destination }) => destination.is === 'kept'));
  return isOnDevice ? localEnd : PacketMap.ALL.subtract(localEnd);
}

/** Returns the device with the given roles. Only the operator knows what is behind an interface. */
const applyRoles = (device: Device, { interfaces }: Facts): Device => ({
  ...device,
  interfaces: device.interfaces.map((networkInterface) => ({
    ...networkInterface,
    role: interfaces.get(networkInterface.name)?.role ?? networkInterface.role,
  })),
});

interface HostAndThroughEvaluations {
  readonly host: readonly ScopedEvaluation[];
  readonly through: readonly ScopedEvaluation[];
}

function evaluateAssumedDevices(
  assumedDevices: readonly AssumedDevice[],
  text: UnmanagedDeviceText,
): HostAndThroughEvaluations {
  const evaluateAbout = (scope: AssumedDevice['scope']): readonly ScopedEvaluation[] =>
    assumedDevices
      .filter((assumption) => assumption.scope === scope)
      .map(({ device, packets }) => ({ evaluated: text.read(device), packets, device }));
  return { host: evaluateAbout('host'), through: evaluateAbout('through') };
}

/** Evaluates a device with known addresses. One evaluation is enough; packets to these addresses are cut out of it. */
function evaluateKnownDevice(device: Device, text: UnmanagedDeviceText): HostAndThroughEvaluations {
  const evaluated = text.read(device);
  const localPackets = getLocalPackets(device);
  return {
    host: [{ evaluated, packets: localPackets, device }],
    through: [{ evaluated, packets: PacketMap.ALL.subtract(localPackets), device }],
  };
}

const limitToFamilies = (
  { host, through }: HostAndThroughEvaluations,
  families: readonly Family[],
): HostAndThroughEvaluations => {
  if (families.length === FAMILIES.length) return { host, through };
  const packets = PacketMap.mergeFirst(families.map((family) => PacketMap.createSet({ family })));
  const limit = (evaluation: ScopedEvaluation): ScopedEvaluation => ({
    ...evaluation,
    packets: evaluation.packets.intersect(packets),
  });
  return { host: host.map(limit), through: through.map(limit) };
};

/**
 * Returns the mentions without targets of families whose addresses are known: these are known to be the device's own,
 * or not.
 */
const limitMentions = (mentions: DeviceReferences, families: readonly Family[]): DeviceReferences => ({
  ...mentions,
  targets: mentions.targets.filter(({ first }) => families.includes(getFamily(first))),
});

const getLocalPackets = (device: Device): PacketSet =>
  PacketMap.createSet({ destination: [...getLocalAddresses(device).map(toSingleRange), ...LOOPBACK] });

/** Packets to loopback. No host in the internet sends them, though a neighbour on the same wire may. */
export const LOOPBACK_PACKETS = PacketMap.createSet({ destination: LOOPBACK });
const IPV6_LOOPBACK_PACKETS = PacketMap.createSet({
  destination: LOOPBACK.filter(({ first }) => getFamily(first) === 'ip6'),
});

function createPathExposures(
  host: readonly ScopedEvaluation[],
  throughEvaluations: readonly ScopedEvaluation[],
  dropMartians: MartianFilter,
): readonly PathExposure[] {
  const createPart = (
    scope: PathExposure['scope'],
    evaluations: readonly ScopedEvaluation[],
    kinds: readonly StartLocation['kind'][],
  ): PathExposure => ({
    scope,
    packets: PacketMap.mergeFirst(evaluations.map(({ packets }) => packets)),
    // Each evaluation drops its own martians. One evaluation may drop what another translates, and that is no reason to
    // drop it there.
    reachability: computeWorstCase(evaluations, kinds, dropMartians),
    explain: (startLocation, packet) => explainPacket(evaluations, startLocation, packet),
  });
  return [
    createPart('host', host, ['interface', 'localhost']),
    createPart('through', throughEvaluations, ['interface']),
    createPart('self', throughEvaluations, ['self']),
  ];
}

const findPathExposure = (parts: readonly PathExposure[], scope: PathExposure['scope']): Reachability =>
  parts.find((part) => part.scope === scope)!.reachability;

type ExposureView = Reachability['views'][number];
type MartianFilter = (view: ExposureView) => ExposureView;

/**
 * Returns a filter for what a kernel drops: packets from outside to a loopback address, unless they are translated
 * first, and `alwaysDropped` before any rule (docs/explanation/what-is-proven.md).
 */
const createMartianFilter =
  (alwaysDropped: PacketSet): MartianFilter =>
  (view) => {
    if (view.startLocation.kind !== 'interface') return view;
    const dropped = view.translations
      .intersect(LOOPBACK_PACKETS)
      .select(({ destination }) => destination.is === 'kept')
      .unite(alwaysDropped);
    return dropped.isEmpty ? view : limitView(view, PacketMap.ALL.subtract(dropped));
  };

/** Returns the given interfaces, those that rules name, and one that stands for all others. */
function listInterfaces(facts: Facts, mentions: DeviceReferences): readonly NetworkInterface[] {
  const givenNames = [...facts.interfaces.keys()];
  const members = [...facts.groups.values()].flat();
  const mentionedNames = [...new Set([...mentions.interfaces, ...members])];
  const ruleNames = mentionedNames.filter((pattern) => !givenNames.some((name) => matchesInterfaceName(name, pattern)));
  const knownNames = givenNames.filter((name) => name !== OTHER_INTERFACES);
  const names =
    facts.isComplete && knownNames.length > 0 ? knownNames : [...knownNames, ...ruleNames, OTHER_INTERFACES];
  return names.map((name) => {
    const interfaceFacts = facts.interfaces.get(name);
    return {
      name,
      role: interfaceFacts ? resolveRole(name, interfaceFacts, facts) : getDefaultRole(name),
      addresses: interfaceFacts?.addresses ?? [],
      routes: interfaceFacts?.routes ?? [],
    };
  });
}

/**
 * Returns the role of an interface. The internet is behind the default route; without routes it may be behind each
 * interface. An interface with a public address and no such route may lead there, too: unknown routing rules may send
 * there. A network inside has public IPv6 addresses beside private IPv4 ones.
 */
export function resolveRole(name: string, interfaceFacts: InterfaceFacts, facts: Facts): NetworkInterface['role'] {
  if (interfaceFacts.role !== undefined) return interfaceFacts.role;
  if (!facts.routes) return getDefaultRole(name);
  if (interfaceFacts.defaults.length > 0) return 'outside';
  const hasAddress = (family: Family, shouldBePublic: boolean): boolean =>
    interfaceFacts.addresses.some(
      ({ address }) => getFamily(address) === family && isPublic(address) === shouldBePublic,
    );
  return hasAddress('ip', true) ||
    (hasAddress('ip6', true) && !(hasAddress('ip', false) && hasDefaultRoute(facts, 'ip6')))
    ? 'outside'
    : 'inside';
}
