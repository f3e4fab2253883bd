import { findByLocation } from '../../net/device';
import { selectViews } from '../owners';
import { printRow } from '../../reachability/print-reachability';
import { ReachabilityRow, toRows } from '../../reachability/reachability-rows';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { mergeRanges, countAddresses } from '../../net/range';
import { printList, getSources } from '../addresses';
import { printLocation } from '../owner-findings';
import { TCP_UDP, selectAllowed, splitByDestination } from '../select-view-packets';
import { LintRule } from '../lint-rule';
import { DESIGN_NOTE } from '../source-documents';

/**
 * Finds connections that the gateway allows but the server behind it denies to most sources. One of the two firewalls
 * is wrong, and clients run into timeouts.
 */
export const hostRefuses: LintRule = {
  code: 'nat/host-refuses',
  severity: 'warning',
  title: 'The gateway lets through what the server refuses',
  decidedBy: 'text',
  explanation: {
    why: 'The two firewalls disagree: a port is open on the gateway and closed on the server behind it. Clients run into a timeout, and one of the two is not what was meant.',
    when: "Found where a TCP or UDP connection from outside passes the gateway to a server that is known, and the server's own rules refuse most of those who may send it. A ban list of the server's is no disagreement. The other way round is no finding: a server may be open to more than one gateway's restricted mapping.",
    remedy: 'Let one profile drive both: give the mapping the server, not its address.',
    source: DESIGN_NOTE,
  },
  find: (subject) =>
    subject.composedGateways.flatMap(({ gateway, endToEndViews }) => {
      const views = selectViews(gateway, true);
      const rows = endToEndViews.flatMap(({ view: { startLocation }, refusedByHost }) => {
        const gatewayView = findByLocation(views, startLocation);
        const forwarded =
          gatewayView && selectAllowed(gatewayView.dispositions).intersect(splitByDestination(gatewayView).translated);
        return forwarded
          ? toRows(refusedByHost.intersect(TCP_UDP).intersect(forwarded)).filter((row) =>
              refusesMostSources(row, forwarded),
            )
          : [];
      });
      if (rows.length === 0) return [];
      return {
        where: printLocation(
          gateway,
          rows.flatMap(({ destinations }) => destinations),
        ),
        what: `The gateway lets through what the server behind it refuses: ${printList(rows.map(printRow))}.`,
        instead: 'One profile for both: the mapping with the server as its inside.',
      };
    }),
};

/**
 * Returns whether the host denies half or more of the sources that the gateway lets through. A server with bans doesn't
 * contradict its gateway.
 */
function refusesMostSources(
  { destinations, family, protocols, ports, sources }: ReachabilityRow<true>,
  forwarded: PacketSet,
): boolean {
  const packetSet = PacketMap.createSet({
    destination: [{ ...destinations[0]! }],
    protocol: [protocols[0]!],
    port: [ports[0]!],
  });
  const [group] = forwarded
    .intersect(packetSet)
    .groupAlong('destination')
    .filter((rangeGroup) => rangeGroup.family === family);
  return (
    group !== undefined && countAddresses(mergeRanges(sources)) * 2n >= countAddresses(getSources(group.below, family))
  );
}
