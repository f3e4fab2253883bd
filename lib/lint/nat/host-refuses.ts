import { atVantage } from '../../net/device';
import { viewsFrom } from '../owners';
import { printRow } from '../../reachability/print';
import { Row, rowsOf } from '../../reachability/rows';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { joined, sizeOf } from '../../net/range';
import { some, sourcesOf } from '../addresses';
import { placeOf } from '../per-owner';
import { TCP_UDP, allowedAt, splitByDestination } from '../verdicts';
import { LintRule } from '../rule';
import { DESIGN_NOTE } from '../sources';

export const hostRefuses: LintRule = {
  code: 'nat/host-refuses',
  severity: 'warning',
  title: 'The gateway lets through what the server refuses',
  decidedBy: 'text',
  explanation: {
    why: 'The two firewalls disagree: a port is open on the gateway and closed on the server behind it. Clients run into a timeout, and one of the two is not what somebody meant.',
    when: "Found where a TCP or UDP connection from outside passes the gateway to a server that is known, and the server's own rules refuse most of those who may send it. A ban list of the server's is no disagreement. The other way round is no finding: a server may be open to more than one gateway's restricted mapping.",
    remedy: 'Let one profile drive both: give the mapping the server, not its address.',
    source: DESIGN_NOTE,
  },
  find: (subject) =>
    subject.reached.flatMap(({ gateway, ends }) => {
      const views = viewsFrom(gateway, true);
      const rows = ends.flatMap(({ view: { vantage }, refusedByHost }) => {
        const own = atVantage(views, vantage);
        const led = own && allowedAt(own.verdicts).within(splitByDestination(own).led);
        return led ? rowsOf(refusedByHost.within(TCP_UDP).within(led)).filter((row) => isMost(row, led)) : [];
      });
      if (rows.length === 0) return [];
      return {
        where: placeOf(
          gateway,
          rows.flatMap(({ destinations }) => destinations),
        ),
        what: `The gateway lets through what the server behind it refuses: ${some(rows.map(printRow))}.`,
        instead: 'One profile for both: the mapping with the server as its inside.',
      };
    }),
};

/** Half or more of those whom the gateway lets through: a server that bans somebody disagrees with nobody. */
function isMost({ destinations, family, protocols, ports, sources }: Row<true>, led: PacketSet): boolean {
  const block = PacketMap.set({ destination: [{ ...destinations[0]! }], protocol: [protocols[0]!], port: [ports[0]!] });
  const [group] = led
    .within(block)
    .groups('destination')
    .filter((one) => one.family === family);
  return group !== undefined && sizeOf(joined(sources)) * 2n >= sizeOf(sourcesOf(group.below, family));
}
