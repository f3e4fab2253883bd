import { toRows } from '../../reachability/reachability-rows';
import { describeService } from '../../reachability/reachability-list';
import { groupBy } from '../../net/group-by';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, mergeRanges, toSingleRange, subtractRanges } from '../../net/range';
import { printRangeList, printList } from '../addresses';
import { TranslatedHost, getHosts, getGatewayServers } from '../translated-hosts';
import { listGateways } from '../owners';
import { LintSubject, SubjectOwner } from '../lint-subject';
import { getComposedViews } from '../lint-targets';
import { TCP_UDP, selectAllowed } from '../select-view-packets';
import { LintRule } from '../lint-rule';
import { DESIGN_NOTE, NFT_PAGE } from '../source-documents';
import { getLocalAddresses, getInterfaceNetworks } from '../../net/device';

/**
 * Finds inside hosts that reach a port of a server only because the gateway translates their source. The server takes
 * them for the gateway, which it trusts.
 */
export const hairpinLaundersSource: LintRule = {
  code: 'nat/hairpin-launders-source',
  severity: 'error',
  title: 'Inside guests appear to a server as a host it trusts',
  decidedBy: 'text',
  explanation: {
    why: "Where the gateway changes the source of inside hosts, the server sees the gateway in place of them. When the gateway's address is in its list of management, or among those it leaves alone, every guest of that network has what the gateway has.",
    when: "Found where a host of an inside network reaches a port of a managed server by its public address, with a source that the gateway changed, and the server's own rules would refuse it with its real source.",
    remedy:
      "Translate the source only where client and server share a network, take the gateway's inside address out of the server's lists, or let the gateway filter by the real source as our own mappings do.",
    source: `${DESIGN_NOTE}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    listGateways(subject).flatMap((gateway) => {
      const hosts = getHosts(subject, gateway).filter(({ server }) => server !== undefined);
      if (hosts.length === 0) return [];
      const honestPackets = getHonestPackets(hosts);
      const laundered = getComposedViews(subject, gateway, false).flatMap(
        ({ startLocation, dispositions, translations }) => {
          if (startLocation.kind !== 'interface') return [];
          const guests = subtractRanges(
            getInterfaceNetworks(gateway.device.interfaces.find(({ name }) => name === startLocation.name)!),
            listManagedAddresses(subject, gateway),
          );
          const sourceTranslated = translations.select(
            ({ destination, source }) => destination.is !== 'kept' && source.is !== 'kept',
          );
          const arrivingPackets = selectAllowed(dispositions)
            .intersect(sourceTranslated)
            .intersect(TCP_UDP)
            .intersect(PacketMap.createSet({ source: guests, destination: hosts.map(({ external }) => external) }));
          const packets = arrivingPackets.subtract(honestPackets);
          return packets.isEmpty ? [] : { name: startLocation.name, rows: toRows(packets) };
        },
      );
      if (laundered.length === 0) return [];
      const rows = laundered.flatMap((entry) => entry.rows);
      const services = printList(rows.map(describeService));
      return {
        where: `${gateway.name}, from ${printList(laundered.map(({ name }) => name))}`,
        what: `Guests reach ${services} at ${printRangeList(rows.flatMap(({ destinations }) => destinations))} only because the gateway changes their source: the server would refuse them as who they are.`,
        instead:
          "Reflection without another source but in the server's own network, and the gateway's inside address in none of the server's lists.",
      };
    }),
};

/** Returns what the servers let in at their public addresses, by the real source of a packet. */
const getHonestPackets = (hosts: readonly TranslatedHost[]): PacketSet =>
  PacketMap.mergeFirst(
    [...groupBy(hosts, ({ server }) => server)].flatMap(([server, serverHosts]) => {
      if (server === undefined) return [];
      const views = server.reachability.views.filter(({ startLocation }) => startLocation.kind === 'interface');
      const addressMoves = serverHosts.map(({ external, internal }) => ({ from: external, to: internal }));
      return PacketMap.mergeFirst(views.map(({ dispositions }) => dispositions.domain)).translateDestination(
        addressMoves,
      );
    }),
  );

/** Returns the addresses of the gateway and of the servers behind it, which are no guests. */
const listManagedAddresses = (subject: LintSubject, gateway: SubjectOwner): readonly Range[] =>
  mergeRanges(
    [gateway, ...getGatewayServers(subject, gateway)].flatMap(({ device }) =>
      getLocalAddresses(device).map(toSingleRange),
    ),
  );
