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
import { DeviceExplanation, ScopedEvaluation, explainPacket, computeWorstCase } from './worst-case-exposure';

/** What a text of somebody else's exposes, apart by where packets go. */
export interface UnmanagedEvaluation {
  /** With the addresses that were told; its interfaces' roles are told or assumed. */
  readonly device: Device;
  /** Undefined where its addresses of both families were told. */
  readonly anonymous: UnknownAddresses | undefined;
  readonly parts: readonly PathExposure[];
  readonly behind: RoutedPublicAddresses;
  /** By what each program keeps somebody out of the device itself. */
  readonly keepers: readonly (BanListSubset & InboundExposure)[];
  /** Lists that decide beside each other about what comes to the device itself. */
  readonly filters: readonly (FilterSubset & InboundExposure)[];
  /** Which program keeps the rule in a line of the text, where that is known. */
  readonly madeBy: NonNullable<UnmanagedRules['madeBy']>;
  /** Nobody told whether it forwards. */
  readonly mayForward: boolean;
  /** The text says itself which device it is of: a firewall's whole configuration. */
  readonly describesItself: boolean;
  /**
   * What was told, what follows from it, and what was assumed where nobody told: each a sentence. `follows`: who is taken to be the internet's by an
   * address alone, by which interfaces nothing comes now, and what counts for nothing, as the text tells it itself; `perhapsUplinks`, which are among `assumed`: who may be, for all that was told.
   */
  readonly given: readonly string[];
  readonly follows: readonly string[];
  readonly perhapsUplinks: readonly string[];
  readonly assumed: readonly string[];
  /** Interfaces that `perhapsUplinks` speaks of. */
  readonly supposedOutside: readonly string[];
}

/** Families of which the device's addresses weren't told. `wordless`: addresses that need no word of their own: loopback, and where the rules lead to. */
export interface UnknownAddresses {
  readonly families: readonly Family[];
  readonly wordless: readonly Range[];
}

interface InboundExposure {
  /** What some rules alone let come to the device itself, whatever nobody told of it. */
  readonly exposure: Reachability;
}

interface PathExposure {
  /** `host`: to the device's own addresses; `through`: to others; `self`: what its own processes send. */
  readonly about: 'host' | 'through' | 'self';
  readonly exposure: Reachability;
  /** Nothing else could be part of it. */
  readonly packets: PacketSet;
  explain(vantage: StartLocation, packet: Packet): DeviceExplanation | undefined;
}

/** Throws Refusal where the text can't be accounted for. */
export function evaluateUnmanaged(text: UnmanagedDeviceText, facts: Facts): UnmanagedEvaluation {
  if (text.is === 'configuration') return evaluateSelfDescribed(text, applyRoles(text.device(), facts), facts);
  const mentions = text.mentions();
  const interfaces = listInterfaces(facts, mentions);
  const deviceState = { localAddresses: facts.ofLoopback, forwarding: facts.forwarding ?? true };
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
      reading: { exposure: rules.read(evaluation.device) },
    }));
    return { ...rules, exposure: computeWorstCase(inboundEvaluations, ['interface'], dropMartians) };
  };
  const { keepers, filters } = text.apart?.() ?? { keepers: [], filters: [] };
  const unknownAddresses =
    unknownFamilies.length === 0
      ? undefined
      : { families: unknownFamilies, wordless: [...LOOPBACK, ...mentions.targets, ...PLACEHOLDER_RANGES] };
  const routedAddresses = findRoutedAddressesByFacts(device, findPathExposure(parts, 'through'), facts);
  return {
    device,
    anonymous: unknownAddresses,
    parts,
    behind:
      mentions.forwards || facts.forwarding === true
        ? assumeRoutedAddresses(routedAddresses, device, through, facts, unknownFamilies)
        : routedAddresses,
    keepers: keepers.map(evaluateAlone),
    filters: filters.map(evaluateAlone),
    madeBy: (line) => text.madeBy?.(line),
    mayForward: facts.forwarding === undefined,
    describesItself: false,
    given: describeGivenFacts(facts),
    follows: [...describeUplinksByAddress(interfaces, facts), ...describeAbsentInterfaces(facts, mentions)],
    perhapsUplinks: describePossibleUplinks(interfaces, facts),
    assumed: describeAssumptions(interfaces, facts, mentions),
    supposedOutside: listAssumedUplinks(interfaces, facts).map(({ name }) => name),
  };
}

/** A text that tells its own device: nothing is assumed but which way the default route leads, and what its translations lead to others goes through it. */
function evaluateSelfDescribed(text: UnmanagedDeviceText, device: Device, facts: Facts): UnmanagedEvaluation {
  const evaluated = text.read(device);
  const localPackets = getLocalPackets(device);
  const evaluations = [{ reading: evaluated, packets: PacketMap.ALL, device }];
  const parts = createPathExposures(evaluations, evaluations, createMartianFilter(PacketMap.NONE)).map((part) =>
    part.about === 'self'
      ? part
      : {
          ...part,
          packets: part.about === 'host' ? localPackets : part.packets,
          exposure: {
            views: part.exposure.views.map((view) =>
              limitView(view, getEndingPackets(view, localPackets, part.about === 'host')),
            ),
          },
        },
  );
  return {
    device,
    anonymous: undefined,
    parts,
    behind: findRoutedAddresses(device, findPathExposure(parts, 'through'), ({ role }) => role === 'outside'),
    keepers: [],
    filters: [],
    madeBy: () => undefined,
    mayForward: false,
    describesItself: true,
    given: describeDevice(device),
    follows: describeIgnoredFacts(device, facts),
    perhapsUplinks: [],
    supposedOutside: [],
    assumed: describeUplinkChoice(device),
  };
}

/** What of a view ends on the device itself, or else elsewhere. */
function getEndingPackets({ translations }: ExposureView, localPackets: PacketSet, isOnDevice: boolean): PacketSet {
  const localEnd = localPackets.intersect(translations.select(({ destination }) => destination.is === 'kept'));
  return isOnDevice ? localEnd : PacketMap.ALL.subtract(localEnd);
}

/** Who is behind an interface only people know. */
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
  const evaluateAbout = (about: AssumedDevice['about']): readonly ScopedEvaluation[] =>
    assumedDevices
      .filter((assumption) => assumption.about === about)
      .map(({ device, packets }) => ({ reading: text.read(device), packets, device }));
  return { host: evaluateAbout('host'), through: evaluateAbout('through') };
}

/** With its addresses told there is one reading, and what comes for them is cut out of it. */
function evaluateKnownDevice(device: Device, text: UnmanagedDeviceText): HostAndThroughEvaluations {
  const evaluated = text.read(device);
  const localPackets = getLocalPackets(device);
  return {
    host: [{ reading: evaluated, packets: localPackets, device }],
    through: [{ reading: evaluated, packets: PacketMap.ALL.subtract(localPackets), device }],
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

/** Without translations to addresses of families that were told: those are known to be its own, or not. */
const limitMentions = (mentions: DeviceReferences, families: readonly Family[]): DeviceReferences => ({
  ...mentions,
  targets: mentions.targets.filter(({ first }) => families.includes(getFamily(first))),
});

const getLocalPackets = (device: Device): PacketSet =>
  PacketMap.createSet({ destination: [...getLocalAddresses(device).map(toSingleRange), ...LOOPBACK] });

/** What nobody in the internet sends to, though a neighbour on the same wire may. */
export const LOOPBACK_PACKETS = PacketMap.createSet({ destination: LOOPBACK });
const IPV6_LOOPBACK_PACKETS = PacketMap.createSet({
  destination: LOOPBACK.filter(({ first }) => getFamily(first) === 'ip6'),
});

function createPathExposures(
  host: readonly ScopedEvaluation[],
  through: readonly ScopedEvaluation[],
  dropMartians: MartianFilter,
): readonly PathExposure[] {
  const createPart = (
    about: PathExposure['about'],
    evaluations: readonly ScopedEvaluation[],
    kinds: readonly StartLocation['kind'][],
  ): PathExposure => ({
    about,
    packets: PacketMap.mergeFirst(evaluations.map(({ packets }) => packets)),
    // By each reading: what one translates is dropped by another that does not, and that one's word is no reason to drop it.
    exposure: computeWorstCase(evaluations, kinds, dropMartians),
    explain: (vantage, packet) => explainPacket(evaluations, vantage, packet),
  });
  return [
    createPart('host', host, ['interface', 'localhost']),
    createPart('through', through, ['interface']),
    createPart('self', through, ['self']),
  ];
}

const findPathExposure = (parts: readonly PathExposure[], about: PathExposure['about']): Reachability =>
  parts.find((part) => part.about === about)!.exposure;

type ExposureView = Reachability['views'][number];
type MartianFilter = (view: ExposureView) => ExposureView;

/** What comes from outside for a loopback address a kernel drops, unless it is translated first; and `first` before any rule (docs/exposure.md). */
const createMartianFilter =
  (alwaysDropped: PacketSet): MartianFilter =>
  (view) => {
    if (view.vantage.kind !== 'interface') return view;
    const dropped = view.translations
      .intersect(LOOPBACK_PACKETS)
      .select(({ destination }) => destination.is === 'kept')
      .unite(alwaysDropped);
    return dropped.isEmpty ? view : limitView(view, PacketMap.ALL.subtract(dropped));
  };

/** Those that were told, those that the rules name, and one that stands for all that nobody named. */
function listInterfaces(facts: Facts, mentions: DeviceReferences): readonly NetworkInterface[] {
  const givenNames = [...facts.interfaces.keys()];
  const members = [...facts.groups.values()].flat();
  const mentionedNames = [...new Set([...mentions.interfaces, ...members])];
  const ruleNames = mentionedNames.filter((pattern) => !givenNames.some((name) => matchesInterfaceName(name, pattern)));
  const knownNames = givenNames.filter((name) => name !== OTHER_INTERFACES);
  const names = facts.complete && knownNames.length > 0 ? knownNames : [...knownNames, ...ruleNames, OTHER_INTERFACES];
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
 * Behind the default route is the internet; without routes anybody may be behind each. By a public address without such a route it may be, too:
 * rules of routing that nobody told send there. A network inside has such addresses of IPv6 beside private ones of IPv4.
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
