import { PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toRows } from '../../reachability/reachability-rows';
import { FAMILIES, Family } from '../../net/address';
import { toSingleRange } from '../../net/range';
import { isInternetWide, printRangeList, printList } from '../addresses';
import { groupByOwner, printLocation } from '../owner-findings';
import { LintTarget, getTargets } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, NFT_PAGE } from '../source-documents';
import { TCP_UDP } from '../select-view-packets';

/**
 * Finds ports that the internet reaches over IPv6 but not over IPv4. Rules for IPv4 alone leave the IPv6 address open.
 */
export const ipv6Wider: LintRule = {
  code: 'ports/ipv6-wider',
  severity: 'warning',
  title: 'IPv6 is open where IPv4 is filtered',
  decidedBy: 'text',
  explanation: {
    why: 'Rules are often written for IPv4 only, by address, while the same host answers on an IPv6 address that no such rule matches. An address that was kept out comes in by the other family.',
    when: 'Found for a host that the internet reaches by both families, where any source reaches a TCP or UDP port by IPv6 that not every source reaches by IPv4.',
    remedy: 'Give the openings sources of both families, or close the port for IPv6 too.',
    source: `${FIREWALL_PAGE}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    [...groupByOwner(getTargets(subject))].flatMap(([owner, targets]) => {
      if (!FAMILIES.every((family) => targets.some((target) => target.family === family))) return [];
      const ipv6Only = getOpenPackets(targets, 'ip6').subtract(getOpenPackets(targets, 'ip'));
      const ports = printOpenPorts(ipv6Only);
      if (ports === '') return [];
      const addressRanges = targets.flatMap((target) => (target.family === 'ip6' ? target.addresses : []));
      return {
        where: printLocation(owner, addressRanges),
        what: `Any source reaches ${ports} over IPv6 at ${printRangeList(addressRanges)}, and not over IPv4.`,
        instead: 'Sources of both families on what is open, or the ports closed over IPv6 as well.',
      };
    }),
};

/** Returns the ports that the internet reaches over one family. The set forgets the family and the sources. */
function getOpenPackets(targets: readonly LintTarget[], family: Family): PacketSet {
  const sets = targets.flatMap((target) =>
    target.family !== family
      ? []
      : [...listOpenBlocks(target)].map(([protocol, first, last]) =>
          PacketMap.createSet({ protocol: [toSingleRange(protocol)], port: [{ first, last }] }),
        ),
  );
  return PacketMap.mergeFirst(sets);
}

/** Yields the protocol and ports of each row whose sources are the internet. */
function* listOpenBlocks({
  openPackets,
  family,
}: LintTarget): Generator<readonly [protocol: number, first: number, last: number]> {
  for (const { sources, protocols, ports } of toRows(openPackets.intersect(TCP_UDP))) {
    if (!isInternetWide(sources, family)) continue;
    for (const { first, last } of protocols)
      for (let protocol = first; protocol <= last; protocol++)
        for (const port of ports) if (hasPorts(protocol)) yield [protocol, port.first, port.last];
  }
}

const hasPorts = (protocol: number): boolean => protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;

function printOpenPorts(packets: PacketSet): string {
  const ranges = new Set<string>();
  for (const { protocol, port } of packets.listCells())
    for (let protocolNumber = protocol.first; protocolNumber <= protocol.last; protocolNumber++)
      ranges.add(
        `${protocolNumber === PROTOCOL.tcp ? 'tcp' : 'udp'} ${port.first === port.last ? port.first : `${port.first}-${port.last}`}`,
      );
  return printList([...ranges], 6);
}
