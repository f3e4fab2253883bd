import { vantageKey } from '../../net/device';
import { viewsFrom } from '../owners';
import { printRow } from '../../exposure/print';
import { rowsOf } from '../../exposure/rows';
import { PacketMap } from '../../net/packet-map';
import { some } from '../addresses';
import { placeOf } from '../places';
import { TCP_UDP } from '../verdicts';
import { LintRule } from '../rule';
import { DESIGN_NOTE } from '../sources';

export const hostRefuses: LintRule = {
  code: 'nat/host-refuses',
  severity: 'warning',
  title: 'The gateway lets through what the server refuses',
  decidedBy: 'text',
  explanation: {
    why: 'The two firewalls disagree: a port is open on the gateway and closed on the server behind it. Clients run into a timeout, and one of the two is not what somebody meant.',
    when: "Found where a TCP or UDP connection from outside passes the gateway to a server that is known, and the server's own rules refuse it. The other way round is no finding: a server may be open to more than one gateway's restricted mapping.",
    remedy: 'Let one profile drive both: give the mapping the server, not its address.',
    source: DESIGN_NOTE,
  },
  find: (subject) =>
    subject.reached.flatMap(({ gateway, ends }) => {
      const outside = viewsFrom(gateway, true);
      const refused = ends.flatMap(({ view: { vantage }, refusedByHost }) => {
        const own = outside.find((view) => vantageKey(view.vantage) === vantageKey(vantage));
        const led = own?.translations.where(({ destination }) => destination.is !== 'kept');
        return led ? refusedByHost.within(TCP_UDP).within(led) : [];
      });
      const rows = rowsOf(PacketMap.first(refused));
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
