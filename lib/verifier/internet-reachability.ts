// Computes everything that the internet reaches on the devices of a stack: through gateways to the servers behind
// them, and at servers directly. Tests with `toExpose` and the expected exposure of projects use it.

import { ServerReachability, computeEndToEnd } from '../reachability/end-to-end';
import { printPacket } from '../reachability/print-packets';
import { limitView } from '../reachability/print-reachability';
import { ReachabilityView } from '../reachability/reachability';
import { toEntryKey, isFromOutside, getLocalAddresses } from '../net/device';
import { groupBy } from '../net/group-by';
import { Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { toRange, printAddress } from '../net/address';
import { PacketExplanation } from '../parse/config-parser';
import { Verification, createScope } from './verify-policy';
import { StackDevices } from './stack-verifications';

/**
 * The reachability of a stack from the internet: end to end if a gateway translates to a known server, otherwise by one
 * device alone.
 */
export interface InternetReachability {
  /** Packets that are allowed for every uplink of the devices, by at least one of the outside interfaces. */
  readonly allowed: PacketSet;
  /** Packets that are allowed or unknown by any interface. */
  readonly reachable: PacketSet;
  /** Returns why one packet passes or not, device by device. */
  explain(packet: Packet): readonly string[];
}

interface DevicePath {
  readonly verification: Verification;
  readonly views: readonly ReachabilityView[];
  /** The servers that packets may be translated to. */
  readonly servers: readonly Verification[];
}

export function computeInternetReachability(...stacks: readonly StackDevices[]): InternetReachability {
  const paths = stacks.flatMap(listPaths);
  const entries = paths.flatMap(({ views }) => groupByEntry(views));
  return {
    allowed: uniteSets(
      entries.map((entryViews) =>
        entryViews
          .map((view) => view.dispositions.select(({ is }) => is === 'allowed'))
          .reduce((a, b) => a.intersect(b)),
      ),
    ),
    reachable: uniteSets(entries.flatMap((entryViews) => entryViews.map(({ dispositions }) => dispositions.domain))),
    explain: (packet) => {
      // A gateway that a packet doesn't arrive at explains nothing: that it would let the packet through is no reason.
      const concernedPaths = paths.filter((path) => coversPacket(path, packet));
      if (concernedPaths.length > 0) return concernedPaths.flatMap((path) => explainPath(path, packet));
      return [
        describeUnknownAddress(
          packet,
          paths.flatMap(({ verification: { policy } }) => (policy.kind === 'gateway' ? [policy.device] : [])),
        ),
      ];
    },
  };
}

function listPaths({
  verifications: stackVerifications,
  behindVerifications: otherServers = [],
  before: otherGateways = [],
}: StackDevices): readonly DevicePath[] {
  const isGateway = ({ policy }: Verification): boolean => policy.kind === 'gateway';
  const gateways = stackVerifications.filter(isGateway);
  const servers = [...stackVerifications, ...otherServers].filter((verification) => !isGateway(verification));
  const knownServers: readonly ServerReachability[] = servers.map(({ device, evaluated }) => ({
    device,
    reachability: evaluated.reachability,
  }));
  return [
    ...gateways.map((verification) => ({
      verification,
      servers,
      views: selectOutsideViews(
        computeEndToEnd(verification.evaluated.reachability, verification.device, knownServers).map(({ view }) => view),
        verification,
      ),
    })),
    ...stackVerifications
      .filter((verification) => !isGateway(verification))
      .map((verification) => ({
        verification,
        servers,
        views: listDirectViews(verification, [...gateways, ...otherGateways]),
      })),
  ];
}

/** Explains a packet to an address that no device has, whatever the rules of a gateway say of it. */
function describeUnknownAddress(packet: Packet, gateways: readonly string[]): string {
  const address = printAddress(packet.destination);
  const mapped = `mapping or ${gateways.length > 1 ? 'a ' : ''}virtual IP of ${address}`;
  const sentence =
    gateways.length > 1
      ? `neither ${gateways.join(' nor ')} has a ${mapped}`
      : gateways.map((gateway) => `${gateway} has no ${mapped}`).join('');
  return `${printPacket(packet)}: ${sentence === '' ? '' : `${sentence}, and `}no server has it`;
}

const uniteSets = (sets: readonly PacketSet[]): PacketSet => PacketMap.mergeFirst(sets);

/** Groups views by arriving interface: one view for each uplink. */
const groupByEntry = (views: readonly ReachabilityView[]): readonly (readonly ReachabilityView[])[] => {
  const keys = [...new Set(views.map(({ startLocation }) => toEntryKey(startLocation)))];
  return keys.map((key) => views.filter(({ startLocation }) => toEntryKey(startLocation) === key));
};

function selectOutsideViews(
  views: readonly ReachabilityView[],
  { device, spec }: Verification,
): readonly ReachabilityView[] {
  const scope = createScope(spec);
  return views
    .filter(({ startLocation }) => isFromOutside(device, startLocation))
    .map((view) => limitView(view, scope(view.startLocation)));
}

/**
 * Returns the views of packets to a server's own addresses that bypass the gateways with mappings to it and don't come
 * from trusted networks.
 */
function listDirectViews(verification: Verification, gateways: readonly Verification[]): readonly ReachabilityView[] {
  const { policy, device, evaluated } = verification;
  if (policy.kind !== 'server') return [];
  const mapped = gateways.flatMap(({ policy: gatewayPolicy }) =>
    gatewayPolicy.kind === 'gateway' ? gatewayPolicy.mappings.map(({ internal }) => toRange(internal)) : [],
  );
  const localAddresses = getLocalAddresses(device);
  const inside = PacketMap.createSet({ source: policy.trustedNetworks.length === 0 ? [] : policy.trustedNetworks });
  const scope = PacketMap.createSet({ destination: localAddresses.map(toSingleRange) }).subtract(
    PacketMap.createSet({ destination: mapped }),
  );
  return selectOutsideViews(evaluated.reachability.views, verification).map((view) =>
    limitView(view, policy.trustedNetworks.length === 0 ? scope : scope.subtract(inside)),
  );
}

/**
 * Returns whether a path concerns a packet: for a server, packets to its addresses; for a gateway, packets in the scope
 * of its policy.
 */
function coversPacket({ verification: { policy, device, spec }, views }: DevicePath, packet: Packet): boolean {
  if (policy.kind === 'server') return getLocalAddresses(device).includes(packet.destination);
  const scope = createScope(spec);
  return views.some(({ startLocation }) => scope(startLocation).findValue(packet) !== undefined);
}

/**
 * Explains a packet on a path. An explanation that holds for every interface is printed once; otherwise with its
 * interfaces.
 */
function explainPath({ verification, views, servers }: DevicePath, packet: Packet): readonly string[] {
  const explanations = groupByEntry(views).map(([first]) => ({
    by: getLocationName(first!),
    ...explainView(verification, first!, packet, servers),
  }));
  const groups = [...groupBy(explanations, ({ text, serverLines }) => [text, ...serverLines].join('\n')).values()];
  return groups.flatMap((entries) => {
    const [{ text, serverLines }] = entries;
    const names = groups.length === 1 ? '' : ` by ${entries.map((entry) => entry.by).join(', ')}`;
    return [`${printPacket(packet)}: ${verification.policy.device}${names} ${text}`, ...serverLines];
  });
}

const getLocationName = ({ startLocation }: ReachabilityView): string =>
  startLocation.kind === 'interface' ? startLocation.name : startLocation.kind;

interface PathExplanation {
  readonly text: string;
  /** Lines of the server that the packet is translated to. */
  readonly serverLines: readonly string[];
}

function explainView(
  verification: Verification,
  { startLocation }: ReachabilityView,
  packet: Packet,
  servers: readonly Verification[],
): PathExplanation {
  const { packetOut, ...answer } = verification.evaluated.explain(startLocation, packet);
  const text = describeAnswer(answer);
  if (answer.disposition !== 'allowed' || verification.policy.kind === 'server') return { text, serverLines: [] };
  const host = servers.find(({ device }) => getLocalAddresses(device).includes(packetOut.destination));
  const entry = host?.device.interfaces[0];
  const view = host?.evaluated.reachability.views.find(
    (hostView) => hostView.startLocation.kind === 'interface' && hostView.startLocation.name === entry?.name,
  );
  if (!host || !view) return { text, serverLines: [] };
  const serverExplanation = host.evaluated.explain(view.startLocation, {
    ...packetOut,
    originalDestination: packetOut.destination,
    originalPort: packetOut.port,
  });
  return {
    text,
    serverLines: [`${printPacket(packetOut)}: ${host.policy.device} ${describeAnswer(serverExplanation)}`],
  };
}

const describeAnswer = ({ disposition, reason }: Pick<PacketExplanation, 'disposition' | 'reason'>): string =>
  `${disposition === 'allowed' ? 'lets it through' : disposition === 'denied' ? 'denies it' : 'UNKNOWN'}, ${reason}`;
