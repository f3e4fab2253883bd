// Drafts the firewall profile of a server from the reachability of its running rules, with notes on packets that no
// profile can express.

import { Reachability } from '../../reachability/reachability';
import { coversEverything, toRows } from '../../reachability/reachability-rows';
import { ANY_ADDRESS_TEXT, printAddresses, printService } from '../../reachability/print-packets';
import { LOCAL_PORTS_112 } from '../../intent/data/cpanel-ports-112';
import { CpanelFirewallProfileIntent, OutboundIntent, ServerIntent, Sources } from '../../intent/intent';
import { FAMILIES, FAMILY_RANGE, Family, printPrefixes } from '../../net/address';
import { subtractNumbers } from '../../net/axis-nodes';
import { countNumbers, toNumberRanges } from '../../net/device';
import { ALL_PORTS, PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, mergeRanges, intersectRanges, toSingleRange } from '../../net/range';
import { ICMP_ERROR_TYPES, PacketGroup, hasPort, isIcmp, isPing, groupPackets, listNumbers } from '../packet-groups';
import { IPV6_HOST_PREFIXES, ServerPackets, coversFew } from './server-packets';
import { CarriedGroup, createServiceIntents } from './profile-services';
import { PORT_PROTOCOL_NAMES, formatPorts } from '../format-ports';

/** The exposure of a server as a profile. */
export interface ServerDraft {
  readonly profile: CpanelFirewallProfileIntent;
  readonly trustedNetworks: ServerIntent['trustedNetworks'];
  /** Packets that are allowed now and aren't carried over. */
  readonly skipped: readonly PacketNote[];
  /** Packets that are carried over as a wider set. */
  readonly widened: readonly PacketNote[];
}

/** Printed packets, and the reason of the note. */
export interface PacketNote {
  readonly packets: string;
  readonly reason: string;
}

/** Longer lists of addresses are unreadable. */
const MAX_PREFIXES = 1000;
/** More ports of one protocol, open to most addresses, count as everything. */
const MAX_WIDE_PORTS = 20_000;

/** Families in which everything is open to most addresses. No profile can express that. */
interface EverythingOpen {
  readonly openFamilies: readonly Family[];
}

/** The features that a platform can express. Packets that need others are left. */
export interface PlatformSupport {
  readonly platform: string;
  protocol(protocol: number): boolean;
  /** Whether rules for sent packets can have source ports. */
  readonly sourcePorts: boolean;
  /** Numbers of the protocols that leave a server that may reach anything. */
  readonly outboundProtocols: 'all' | readonly number[];
}

/** Drafts the profile of a server. `sshPort` is the port by which operators come. */
export const createServerDraft = (
  name: string,
  exposure: Reachability,
  serverPackets: ServerPackets,
  sshPort: number,
  support: PlatformSupport,
): ServerDraft | EverythingOpen => new ServerDraftBuilder(serverPackets, support).build(name, exposure, sshPort);

class ServerDraftBuilder {
  private readonly skipped: PacketNote[] = [];
  private readonly widened: PacketNote[] = [];
  private unknownIpv4 = PacketMap.NONE;

  constructor(
    private readonly serverPackets: ServerPackets,
    private readonly support: PlatformSupport,
  ) {}

  build(name: string, exposure: Reachability, sshPort: number): ServerDraft | EverythingOpen {
    const { serverPackets, skipped, widened } = this;
    const arrivingPackets = serverPackets.selectArriving(exposure);
    this.unknownIpv4 = serverPackets.selectUnknownIpv4(exposure);
    const unrestrictedRows = toRows(arrivingPackets).filter(coversEverything);
    const inside = serverPackets.fillGaps(mergeRanges(unrestrictedRows.flatMap(({ sources }) => sources)));
    const mostlyOpenFamilies = serverPackets.listMostFamilies(inside);
    if (mostlyOpenFamilies.length > 0) return { openFamilies: mostlyOpenFamilies };
    const { kinds: groups, otherRows } = groupPackets(
      arrivingPackets.subtract(PacketMap.createSet({ source: inside })),
      'sources',
    );
    for (const { sources } of otherRows)
      this.recordLeft(
        `other protocols from ${formatAddresses(serverPackets.fillGaps(sources))}`,
        'no service has them: the exposure has their numbers.',
      );
    const filledGroups = groups.map((group) =>
      this.widenSourcePorts({ ...group, peers: serverPackets.fillGaps(group.peers, inside) }),
    );
    const ssh = toNumberRanges(sshPort);
    const isSsh = ({ protocol, ports, sourcePorts }: PacketGroup): boolean =>
      protocol === PROTOCOL.tcp && sourcePorts === 'all' && hasPort(ports, sshPort);
    const operators = mergeRanges([...filledGroups.filter(isSsh).flatMap(({ peers }) => peers), ...inside]);
    const opened = filledGroups
      .map((group) => (isSsh(group) ? { ...group, ports: subtractNumbers(group.ports, ssh) } : group))
      .filter((group) => group.ports.length > 0 && this.isCarried(group));
    const blockedRanges = this.findBlockedPeers(opened.filter((group) => !isIcmp(group)));
    const services = opened.map((group): CarriedGroup => {
      const peers = serverPackets.fillGaps(group.peers, blockedRanges);
      // An ICMP message belongs to one family, so its peers need not cover both.
      return {
        ...group,
        from: isIcmp(group) ? serverPackets.formatPeers(peers) : this.formatPeers({ ...group, peers }, 'sources'),
      };
    });
    const pings = services.filter(isPing);
    const pingSources = mergeRanges(pings.flatMap(({ peers }) => serverPackets.fillGaps(peers, blockedRanges)));
    const outbound = this.createOutbound(serverPackets.selectSent(exposure));
    return {
      profile: {
        name,
        services: createServiceIntents(services),
        sources: 'anywhere',
        management: {
          from: this.formatPeers(
            { protocol: PROTOCOL.tcp, ports: ssh, sourcePorts: 'all', peers: operators },
            'sources',
          ),
          port: sshPort,
        },
        ...(blockedRanges.length === 0 ? {} : { blocked: printPrefixes(blockedRanges) }),
        ...(pings.length === 0 ? {} : { ping: this.formatPeers({ ...ECHO_REQUESTS, peers: pingSources }, 'sources') }),
        ...(outbound ? { outbound } : {}),
      },
      trustedNetworks: inside.length === 0 ? 'none' : printPrefixes(inside),
      skipped,
      widened,
    };
  }

  private readonly explainUnsupported = (feature: string): string =>
    `${this.support.platform} has no words for ${feature}.`;

  private recordLeft(packets: string, reason: string): false {
    this.skipped.push({ packets, reason });
    return false;
  }

  /** Widens a group to all source ports if it has all unreserved ones: clients send from those. */
  private widenSourcePorts(group: PacketGroup): PacketGroup {
    const { sourcePorts } = group;
    const isFree =
      isPorted(group) &&
      sourcePorts !== 'all' &&
      sourcePorts.some(({ first, last }) => first <= UNRESERVED_PORTS.first && UNRESERVED_PORTS.last <= last);
    if (!isFree || (this.serverPackets.isWide(group.peers) && countNumbers(group.ports) > MAX_WIDE_PORTS)) return group;
    this.widened.push({
      packets: describeGroup(group, 'sources'),
      reason: 'an opening has no source ports, and these are those of all clients.',
    });
    return { ...group, sourcePorts: 'all' };
  }

  private isCarried(group: PacketGroup): boolean {
    const { peers, ports, sourcePorts } = group;
    const packets = describeGroup(group, 'sources');
    const isWide = this.serverPackets.isWide(peers);
    if (!this.support.protocol(group.protocol))
      return this.recordLeft(packets, this.explainUnsupported('that protocol'));
    if (isIcmp(group)) {
      if (sourcePorts !== 'all') return this.recordLeft(packets, 'single codes of ICMP are no service.');
      const errors = toNumberRanges(...ICMP_ERROR_TYPES[group.protocol]!.filter((type) => hasPort(ports, type)));
      if (!listNumbers(ports))
        this.recordLeft(
          packets,
          'only ping, and types that are few, are a service; errors pass with what they are about.',
        );
      else if (errors.length > 0)
        this.recordLeft(describeGroup({ ...group, ports: errors }, 'sources'), 'errors pass with what they are about.');
    } else if (sourcePorts !== 'all') return this.recordLeft(packets, 'an opening has no source ports.');
    else if (isWide && isPorted(group) && countNumbers(ports) > MAX_WIDE_PORTS)
      return this.recordLeft(packets, 'it lets nearly all sources in on nearly every port. Write which are meant.');
    else if (isPorted(group)) {
      const localPorts = toNumberRanges(...LOCAL_PORTS_112.filter((port) => hasPort(ports, port)));
      if (localPorts.length > 0)
        this.recordLeft(describeGroup({ ...group, ports: localPorts }, 'sources'), 'that stays on the server itself.');
    }
    return (
      isWide ||
      printPrefixes(peers).length <= MAX_PREFIXES ||
      this.recordLeft(packets, 'its sources are too many for a list.')
    );
  }

  private formatPeers(group: PacketGroup, side: 'sources' | 'destinations'): Sources {
    const { protocol, ports: port } = group;
    const is4Closed = this.unknownIpv4.intersect(
      PacketMap.createSet({ protocol: toNumberRanges(protocol), port }),
    ).isEmpty;
    if (side === 'sources' && this.serverPackets.isOnlyIpv6(group.peers) && is4Closed) return IPV6_HOST_PREFIXES;
    const { listed: listedPeers, whole: wholeFamily } = this.serverPackets.splitWholeIpv6(group.peers);
    if (listedPeers.length > 0) {
      this.recordLeft(
        describeGroup({ ...group, peers: wholeFamily }, side),
        'nothing is opened to all of IPv6 and not to all of IPv4: who is listed there counts.',
      );
      return printPrefixes(listedPeers);
    }
    const reason = this.serverPackets.explainWidening(group.peers);
    if (reason !== undefined) this.widened.push({ packets: describeGroup(group, side), reason });
    return this.serverPackets.formatPeers(group.peers);
  }

  /**
   * Returns the peers that no wide group lets in. Returns none if they are too many for a ban, or if another group lets
   * some of them in.
   */
  private findBlockedPeers(groups: readonly PacketGroup[]): readonly Range[] {
    const wideGroups = groups.filter(({ peers }) => this.serverPackets.isWide(peers));
    const blockedRanges = this.serverPackets.subtractFromFamilies(wideGroups.map(({ peers }) => peers));
    const otherPeers = groups.filter((group) => !wideGroups.includes(group)).flatMap(({ peers }) => peers);
    const isBan = coversFew(blockedRanges) && printPrefixes(blockedRanges).length <= MAX_PREFIXES;
    return isBan &&
      !otherPeers.some((peer) => blockedRanges.some((blockedRange) => intersectRanges(peer, blockedRange)))
      ? blockedRanges
      : [];
  }

  /** Returns the outbound list; undefined for anywhere. `sentPackets` is undefined if the server sends everything. */
  private createOutbound(sentPackets: PacketSet | undefined): readonly OutboundIntent[] | undefined {
    if (!sentPackets) return undefined;
    const { outboundProtocols } = this.support;
    const portProtocols =
      outboundProtocols === 'all'
        ? []
        : outboundProtocols.filter((protocolNumber) => PORT_PROTOCOL_NAMES[protocolNumber] !== undefined);
    if (portProtocols.length > 0 && this.serverPackets.isSentAnywhere(sentPackets, portProtocols)) return undefined;
    const unrestrictedRows = toRows(sentPackets).filter(coversEverything);
    const reachedPeers = this.serverPackets.fillGaps(
      mergeRanges(unrestrictedRows.flatMap(({ destinations }) => destinations)),
    );
    const isNearlyEverything = this.serverPackets.isNearlyAll(reachedPeers);
    // The rules may ignore IPv6: without rules it prints nothing.
    const wideningReason = this.serverPackets.isWhole(reachedPeers, 'ip')
      ? this.serverPackets.explainWidening(reachedPeers)
      : undefined;
    const reason = isNearlyEverything
      ? 'connections out are listed, or everything: what is closed is little.'
      : wideningReason;
    if (reason !== undefined) {
      this.widened.push({ packets: `sent: all protocols to ${formatAddresses(reachedPeers)}`, reason });
      return undefined;
    }
    const { kinds: groups, otherRows } = groupPackets(sentPackets, 'destinations');
    for (const { destinations } of otherRows)
      this.recordLeft(
        `sent: other protocols to ${formatAddresses(this.serverPackets.fillGaps(destinations))}`,
        'they can not be listed: the exposure has their numbers.',
      );
    const orderedGroups = [...groups].sort((a, b) => a.protocol - b.protocol);
    return orderedGroups.flatMap((group): readonly OutboundIntent[] => {
      const filledGroup = { ...group, peers: this.serverPackets.fillGaps(group.peers) };
      const packets = describeGroup(filledGroup, 'destinations');
      const protocol = PORT_PROTOCOL_NAMES[group.protocol];
      const ports = subtractNumbers(group.ports, toNumberRanges(0));
      const sourcePorts = group.sourcePorts === 'all' ? [] : listNumbers(group.sourcePorts);
      // ICMP errors and neighbour messages pass whatever is listed.
      if (isIcmp(group)) {
        if (isPing(group)) this.recordLeft(packets, 'ping can not be listed.');
      } else if (protocol === undefined || ports.length === 0 || !sourcePorts)
        this.recordLeft(packets, 'it can not be listed.');
      else if (!this.support.protocol(group.protocol))
        this.recordLeft(packets, this.explainUnsupported('that protocol'));
      else if (!this.support.sourcePorts && sourcePorts.length > 0)
        this.recordLeft(packets, this.explainUnsupported('source ports'));
      else if (!this.serverPackets.isWide(filledGroup.peers) && printPrefixes(filledGroup.peers).length > MAX_PREFIXES)
        this.recordLeft(packets, 'its destinations are too many for a list.');
      else {
        const destinationList = this.formatPeers(filledGroup, 'destinations');
        const destinationField = destinationList === 'anywhere' ? {} : { to: destinationList };
        return [
          {
            ports: formatPorts(ports),
            protocol,
            ...destinationField,
            ...(sourcePorts.length === 0 ? {} : { sourcePorts }),
          },
        ];
      }
      return [];
    });
  }
}

/** Source ports that no system reserves. */
const UNRESERVED_PORTS = { first: 1024, last: ALL_PORTS.last };

const ECHO_REQUESTS = { protocol: PROTOCOL.icmp, ports: toNumberRanges(8), sourcePorts: 'all' } as const;

const isPorted = ({ protocol }: PacketGroup): boolean => PORT_PROTOCOL_NAMES[protocol] !== undefined;

function describeGroup({ protocol, ports, sourcePorts, peers }: PacketGroup, side: 'sources' | 'destinations'): string {
  const service = printService([toSingleRange(protocol)], ports, sourcePorts === 'all' ? [ALL_PORTS] : sourcePorts);
  return side === 'sources'
    ? `${service} from ${formatAddresses(peers)}`
    : `sent: ${service} to ${formatAddresses(peers)}`;
}

const formatAddresses = (ranges: readonly Range[]): string =>
  FAMILIES.flatMap((family) => {
    const familyRanges = ranges.flatMap((range) => intersectRanges(range, FAMILY_RANGE[family]) ?? []);
    return familyRanges.length === 0 ? [] : [printAddresses(familyRanges, family, ANY_ADDRESS_TEXT[family])];
  }).join(', ');
