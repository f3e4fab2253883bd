import { rowsOf } from '../../reachability/rows';
import { serviceWords } from '../../reachability/listing';
import { groupBy } from '../../net/group-by';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, joined, point, without } from '../../net/range';
import { printSome, some } from '../addresses';
import { Host, hostsOf, serversBehind } from '../hosts';
import { gatewaysOf } from '../owners';
import { Subject, SubjectOwner } from '../subject';
import { endsOf } from '../targets';
import { TCP_UDP, allowedAt } from '../verdicts';
import { LintRule } from '../rule';
import { DESIGN_NOTE, NFT_PAGE } from '../sources';
import { localTo, networksOf } from '../../net/device';

export const hairpinLaundersSource: LintRule = {
  code: 'nat/hairpin-launders-source',
  severity: 'error',
  title: 'Inside guests appear to a server as somebody it trusts',
  decidedBy: 'text',
  explanation: {
    why: "Where the gateway changes the source of inside hosts, the server sees the gateway in place of them. When the gateway's address is in its list of management, or among those it leaves alone, every guest of that network has what the gateway has.",
    when: "Found where a host of an inside network reaches a port of a managed server by its public address, with a source that the gateway changed, and the server's own rules would refuse it with its real source.",
    remedy:
      "Translate the source only where client and server share a network, take the gateway's inside address out of the server's lists, or let the gateway filter by the real source as our own mappings do.",
    source: `${DESIGN_NOTE}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    gatewaysOf(subject).flatMap((gateway) => {
      const hosts = hostsOf(subject, gateway).filter(({ server }) => server !== undefined);
      if (hosts.length === 0) return [];
      const honest = seenHonestly(hosts);
      const laundered = endsOf(subject, gateway, false).flatMap(({ vantage, verdicts, translations }) => {
        if (vantage.kind !== 'interface') return [];
        const guests = without(
          networksOf(gateway.device.interfaces.find(({ name }) => name === vantage.name)!),
          ownAddresses(subject, gateway),
        );
        const changed = translations.where(
          ({ destination, source }) => destination.is !== 'kept' && source.is !== 'kept',
        );
        const arriving = allowedAt(verdicts)
          .within(changed)
          .within(TCP_UDP)
          .within(PacketMap.set({ source: guests, destination: hosts.map(({ outside }) => outside) }));
        const packets = arriving.apartFrom(honest);
        return packets.isEmpty ? [] : { name: vantage.name, rows: rowsOf(packets) };
      });
      if (laundered.length === 0) return [];
      const rows = laundered.flatMap((one) => one.rows);
      const services = some(rows.map(serviceWords));
      return {
        where: `${gateway.name}, from ${some(laundered.map(({ name }) => name))}`,
        what: `Guests reach ${services} at ${printSome(rows.flatMap(({ destinations }) => destinations))} only because the gateway changes their source: the server would refuse them as who they are.`,
        instead:
          "Reflection without another source but in the server's own network, and the gateway's inside address in none of the server's lists.",
      };
    }),
};

/** What the servers let in at their public addresses, by the source that a packet really has. */
const seenHonestly = (hosts: readonly Host[]): PacketSet =>
  PacketMap.first(
    [...groupBy(hosts, ({ server }) => server)].flatMap(([server, its]) => {
      if (server === undefined) return [];
      const views = server.exposure.views.filter(({ vantage }) => vantage.kind === 'interface');
      const moves = its.map(({ outside, inside }) => ({ from: outside, to: inside }));
      return PacketMap.first(views.map(({ verdicts }) => verdicts.domain)).afterDestination(moves);
    }),
  );

/** Addresses of the gateway and of the servers behind it, which are no guests. */
const ownAddresses = (subject: Subject, gateway: SubjectOwner): readonly Range[] =>
  joined([gateway, ...serversBehind(subject, gateway)].flatMap(({ device }) => localTo(device).map(point)));
