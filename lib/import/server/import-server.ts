// Imports the running rules of a server: returns a draft of the intent and profile, and the changes of the exposure.
// Refuses rules that no profile can express.

import { Reachability } from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import { limitList } from '../../reachability/print-packets';
import { ServerIntent } from '../../intent/intent';
import { ServerPolicyBuilder } from '../../intent/server-policy-builder';
import { Address, FAMILY_NAME, Family, printAddress, printPrefix, toRange } from '../../net/address';
import { Device, NetworkInterface, toNumberRanges, getSubnets } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { covers } from '../../net/range';
import { Problem, Refusal, refuseIfAny } from '../../problems/problem';
import { InternetReachability, computeInternetReachability } from '../../verifier/internet-reachability';
import { listVerificationProblems, verifyPolicy, createScope } from '../../verifier/verify-policy';
import { knownPlatforms, platforms } from '../../registry';
import { ExposureChanges, EvaluatedDevice, compareExposures, summarizeOutcome } from '../exposure-changes';
import { ECHO_REQUEST_TYPES } from '../packet-groups';
import { ImportRefusal } from '../import-refusal';
import { UnknownChanges, compareUnknowns } from './unknown-changes';
import { PacketNote, PlatformSupport, ServerDraft, createServerDraft } from './server-draft';
import { ServerPackets } from './server-packets';
import { PORT_PROTOCOL_NAMES } from '../format-ports';

export interface ServerImportOptions extends Pick<ServerIntent, 'owner' | 'platform' | 'version' | 'replaces'> {
  readonly device: string;
  /** The port by which operators come. */
  readonly sshPort: number;
}

/**
 * Evaluates a server's running rules of any program on a device.
 *
 * @throws Refusal of their parser
 */
type RunningRulesEvaluator = (device: Device) => Reachability;

/** The running rules of a server as intents, and the changes of its exposure. */
export interface ImportedServer extends ServerDraft {
  readonly server: Omit<ServerIntent, 'device'> & { readonly device: string };
  readonly changes: ExposureChanges;
  /** Problems for which synthesis would refuse the stack. */
  readonly refused: readonly Problem[];
  /** Reachability from the internet with the draft's policy. */
  readonly internetReachability: InternetReachability;
}

/**
 * Imports the running rules of a server.
 *
 * @throws Refusal for rules that can't be parsed, or that no profile can express
 */
export function importServerConfig(
  evaluateRunning: RunningRulesEvaluator,
  interfaces: readonly NetworkInterface[],
  options: ServerImportOptions,
): ImportedServer {
  const { sshPort, ...commonFields } = options;
  const localAddresses = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  if (localAddresses.length === 0) throw new Refusal([NO_ADDRESSES]);
  // All interfaces of a server are outside, as its intent has them.
  const device: Device = {
    interfaces: interfaces.map((networkInterface) => ({ ...networkInterface, role: 'outside' })),
    localAddresses,
    forwarding: false,
  };
  const exposureNow = evaluateRunning(device);
  const serverPackets = new ServerPackets(device);
  const {
    draft,
    server,
    proof: verification,
  } = reduceToSupported(options.platform, (support) => {
    const draft = createDraft(
      exposureNow,
      evaluateRunning,
      device,
      serverPackets,
      { device: options.device, sshPort },
      support,
    );
    const server: ImportedServer['server'] = {
      ...commonFields,
      interfaces: interfaces.map(createInterfaceIntent),
      trustedNetworks: draft.trustedNetworks,
    };
    const builder = new ServerPolicyBuilder(`server ${options.device}`, server, knownPlatforms);
    builder.addProfile(`profile ${options.device}`, draft.profile);
    const { policy, problems } = builder.build();
    refuseIfAny(problems);
    return { draft, server, proof: verifyPolicy(policy!) };
  });
  // The scope leaves out packets that are sent through the server, and families in which it has no address.
  const [scope, spokenPackets] = [
    createScope(verification.spec),
    PacketMap.mergeFirst(serverPackets.families.map((family) => PacketMap.createSet({ family }))),
  ];
  const cutExposures = (packets: PacketSet): readonly [EvaluatedDevice, EvaluatedDevice] =>
    [exposureNow, verification.evaluated.reachability].map(({ views }): EvaluatedDevice => ({
      // The interfaces have their own roles here, so that printed changes say who is behind each.
      device: { ...verification.device, interfaces },
      reachability: {
        views: views.map((view) =>
          limitView(
            view,
            scope(view.startLocation).intersect(view.startLocation.kind === 'interface' ? packets : spokenPackets),
          ),
        ),
      },
    })) as [EvaluatedDevice, EvaluatedDevice];
  // A difference that only addresses have that never send is no difference.
  const realChanges = compareExposures(...cutExposures(spokenPackets.subtract(serverPackets.nonSenderPackets)));
  const isUnchanged = summarizeOutcome(realChanges) === 'unchanged';
  const [deviceBefore, deviceAfter] = cutExposures(spokenPackets);
  const unknownChanges = isUnchanged
    ? NO_UNKNOWN_CHANGES
    : compareUnknowns(deviceBefore.reachability, deviceAfter.reachability);
  return {
    ...draft,
    skipped: [...draft.skipped, ...unknownChanges.closed],
    widened: [...draft.widened, ...unknownChanges.opened],
    server,
    changes: isUnchanged ? realChanges : compareExposures(deviceBefore, deviceAfter, serverPackets.nonSenders),
    refused: listVerificationProblems(verification),
    internetReachability: computeInternetReachability({ verifications: [verification] }),
  };
}

/**
 * Creates the draft of a server.
 *
 * @throws Refusal or ImportRefusal if no profile can express the rules
 */
function createDraft(
  exposureNow: Reachability,
  evaluateRunning: RunningRulesEvaluator,
  device: Device,
  serverPackets: ServerPackets,
  { device: name, sshPort }: Pick<ServerImportOptions, 'device' | 'sshPort'>,
  support: PlatformSupport,
): ServerDraft {
  const draft = createServerDraft(name, exposureNow, serverPackets, sshPort, support);
  if ('openFamilies' in draft) throw new Refusal([describeEverythingOpen(draft.openFamilies, serverPackets.families)]);
  if (draft.profile.management.from.length === 0) {
    const redirects = serverPackets.findRedirects(evaluateRunning({ ...device, forwarding: true }), sshPort);
    throw new Refusal([
      describeNoWayIn(sshPort, device.interfaces, listUnknownReasons(sshPort, exposureNow, serverPackets), redirects),
    ]);
  }
  if (draft.profile.services.length === 0) throw new ImportRefusal([NOTHING_OPEN], describeNotes(draft.skipped));
  if (draft.profile.outbound?.length === 0) throw new ImportRefusal([NOTHING_SENT], describeNotes(draft.skipped));
  return draft;
}

/**
 * Filters of protocols, each stricter. Rules that allow everything include unused protocols, which some platforms can't
 * express. The import tries the filters in order until the platform accepts the profile.
 */
const PROTOCOL_REDUCTIONS: readonly PlatformSupport['protocol'][] = [
  () => true,
  (protocol) => protocol !== PROTOCOL.udplite,
  (protocol) => isCommon(protocol) || PORT_PROTOCOL_NAMES[protocol] === undefined,
  (protocol) => isCommon(protocol) || ECHO_REQUEST_TYPES[protocol] !== undefined,
];
const isCommon = (protocol: number): boolean => protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;

function reduceToSupported<T>(
  platform: string,
  make: (support: PlatformSupport) => T,
  protocols = PROTOCOL_REDUCTIONS,
  sourcePorts = true,
): T {
  try {
    const outboundProtocols =
      platforms[platform as keyof typeof platforms]?.capabilities.excess.outboundProtocols ?? 'all';
    return make({ platform, protocol: protocols[0]!, sourcePorts, outboundProtocols });
  } catch (error) {
    const hasProblem = (pattern: RegExp): boolean =>
      error instanceof Refusal && error.problems.some(({ code }) => pattern.test(code));
    const fewerProtocols = hasProblem(PROTOCOL_PROBLEM) ? protocols.slice(1) : protocols;
    const keepsSourcePorts = sourcePorts && !hasProblem(SOURCE_PORTS_PROBLEM);
    if (fewerProtocols.length === 0 || (fewerProtocols === protocols && keepsSourcePorts === sourcePorts)) throw error;
    return reduceToSupported(platform, make, fewerProtocols, keepsSourcePorts);
  }
}

const PROTOCOL_PROBLEM = /\/(ports-of-)?protocol$/;
const SOURCE_PORTS_PROBLEM = /\/source-ports$/;

function createInterfaceIntent(networkInterface: NetworkInterface): NonNullable<ServerIntent['interfaces']>[number] {
  // The routes that `ip` prints for the networks of its addresses are redundant.
  const routes = networkInterface.routes.filter(
    (route) => !getSubnets(networkInterface).some((network) => covers(network, toRange(route))),
  );
  return {
    name: networkInterface.name,
    addresses: networkInterface.addresses.map(({ address, length }) => `${printAddress(address)}/${length}`),
    ...(routes.length === 0 ? {} : { routes: routes.map(printPrefix) }),
  };
}

const NO_UNKNOWN_CHANGES: UnknownChanges = { opened: [], closed: [] };

const RUNNING_RULES_WHERE = 'the running rules';

export const NO_ADDRESSES: Problem = {
  code: 'import/no-addresses',
  where: RUNNING_RULES_WHERE,
  what: 'Nothing says which addresses the server has, so nothing can be proven of it.',
  instead: 'behind the rules, or in a file of its own beside theirs, what "ip -o addr; ip -o route" print there.',
};

const BY_HAND_ADVICE = 'a profile written by hand: services: ["full-v112"] has every port that cPanel names.';

function describeEverythingOpen(openFamilies: readonly Family[], spokenFamilies: readonly Family[]): Problem {
  const familyNames = openFamilies.map((family) => FAMILY_NAME[family]).join(' and of ');
  const otherFamily = spokenFamilies.find((family) => !openFamilies.includes(family));
  return {
    code: 'import/everything-open',
    where: RUNNING_RULES_WHERE,
    what: `They let nearly all sources of ${familyNames} in on everything: that is no profile.`,
    instead: otherFamily
      ? `if that was not meant, the text without the addresses of ${familyNames} that "ip" printed: the profile then opens on ${familyNames} what ${FAMILY_NAME[otherFamily]} has open. Or ${BY_HAND_ADVICE}`
      : BY_HAND_ADVICE,
  };
}

/** Returns the reasons for which it is unknown whether packets to the port are allowed. */
const listUnknownReasons = (
  port: number,
  { views }: Reachability,
  { nonSenderPackets }: ServerPackets,
): readonly string[] => {
  const packets = PacketMap.createSet({ protocol: toNumberRanges(PROTOCOL.tcp), port: toNumberRanges(port) }).subtract(
    nonSenderPackets,
  );
  const verdicts = views.flatMap(({ startLocation, dispositions }) =>
    startLocation.kind === 'interface' ? dispositions.intersect(packets).values : [],
  );
  return [...new Set(verdicts.flatMap((verdict) => (verdict.is === 'unknown' ? [verdict.reason] : [])))];
};

const describeNoWayIn = (
  port: number,
  interfaces: readonly NetworkInterface[],
  reasons: readonly string[],
  redirects: ReadonlyMap<Address, Address>,
): Problem => ({
  code: 'import/no-way-in',
  where: RUNNING_RULES_WHERE,
  what: [
    `No source is surely let in on port ${port}, by which operators would come, at every address by every interface (${interfaces.map(({ name }) => name).join(', ')}).`,
    ...(reasons.length === 0 ? [] : [`Of some it is not known: ${limitList(reasons, MAX_REASONS).join('; ')}.`]),
    ...(redirects.size === 0
      ? []
      : [`${limitList(describeRedirects(redirects), MAX_REASONS).join(', ')}, as a gateway does.`]),
  ].join(' '),
  instead: [
    ...(redirects.size === 0
      ? []
      : ["of a gateway constructs are made from pfSense's config.xml alone; exposure says what its rules let through"]),
    ...(reasons.length === 0
      ? []
      : ['the text without such a condition, or such a line, where it only says how often']),
    'the port where SSH listens: --ssh-port 2222',
    'or the text without the lines of "ip" about interfaces by which no client comes.',
  ].join('; '),
});

const describeRedirects = (redirects: ReadonlyMap<Address, Address>): readonly string[] =>
  [...redirects].map(
    ([address, target], index) =>
      `${printAddress(address)} ${index === 0 ? 'is translated ' : ''}to ${printAddress(target)}`,
  );

const MAX_REASONS = 5;

const NOTHING_OPEN: Problem = {
  code: 'import/nothing-open',
  where: RUNNING_RULES_WHERE,
  what: 'They let only operators in, in a way that a profile has.',
  instead: 'a profile written by hand: it opens something.',
};

const describeNotes = (notes: readonly PacketNote[]): readonly string[] =>
  notes.map(({ packets, reason }) => `${packets}: ${reason}`);

const NOTHING_SENT: Problem = {
  code: 'import/nothing-sent',
  where: RUNNING_RULES_WHERE,
  what: 'They let the server open no connection that can be listed, and a profile lists at least one.',
  instead: "a profile written by hand, with outbound: ['licence', 'dns', 'https'] at least.",
};
