import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { Range, joined } from '../../net/range';
import { printSome, sourcesOf, touchesAny } from '../addresses';
import { cpanelHostsOf } from '../cpanel-hosts';
import { packetsOf, perCpanelServer, reach } from '../egress';
import { viewsFrom } from '../owners';
import { perGatewayOfHosts } from '../per-owner';
import { SubjectOwner } from '../subject';
import { LintRule, Said } from '../rule';
import { FIREWALL_PAGE } from '../sources';

export const egressBlocked: LintRule = {
  code: 'licence/egress-blocked',
  severity: 'error',
  title: 'The server cannot reach the licence servers',
  decidedBy: 'text',
  explanation: {
    why: 'The licence check connects to port 2089 from source port 4 or 1020. A filter that expects clients to use high source ports drops exactly these connections, and the server stops with its licence.',
    when: "Found where a connection to 2089/tcp from source port 4 or from 1020 may not leave for any destination: by the server's own rules, or by those of the gateway before it. Where only listed destinations are allowed it stays silent: the addresses of the licence servers are not published.",
    remedy: 'Allow the outbound service `licence`: 2089/tcp from the source ports 4 and 1020.',
    source: FIREWALL_PAGE,
  },
  find: (subject) => [
    ...perCpanelServer((owner) => {
      const blocked = SOURCE_PORTS.filter((sourcePort) => reach(owner, { ...LICENCE, sourcePort }) === 'nowhere');
      return (
        blocked.length > 0 && said(`The server may not connect to tcp 2089 from source port ${blocked.join(' or ')}`)
      );
    })(subject),
    ...perGatewayOfHosts(
      (gateway) => {
        const allowed = allowedThrough(gateway);
        return cpanelHostsOf(subject, gateway).filter(({ inside }) =>
          allowed.some((ranges) => !touchesAny(ranges, inside)),
        );
      },
      (stuck) => {
        const hosts = printSome(stuck.map(({ inside }) => inside));
        return said(`The gateway doesn't let ${hosts} connect to tcp 2089 from source port 4 or 1020`);
      },
    )(subject),
  ],
};

const LICENCE = { protocol: PROTOCOL.tcp, port: 2089 };
const SOURCE_PORTS: readonly number[] = [4, 1020];

const said = (what: string): Said => ({
  what: `${what}: the licence check fails.`,
  instead: 'The outbound service "licence": 2089/tcp from the source ports 4 and 1020.',
});

/** The sources that the gateway lets out to some destination, per source port. */
const allowedThrough = (gateway: SubjectOwner): readonly (readonly Range[])[] =>
  SOURCE_PORTS.map((sourcePort) => {
    const packets = packetsOf({ ...LICENCE, sourcePort });
    const verdicts = PacketMap.first(viewsFrom(gateway, false).map((view) => view.verdicts.domain));
    const groups = verdicts.within(packets).groups('destination');
    return joined(groups.flatMap(({ family, below }) => (family === 'ip' ? sourcesOf(below, 'ip') : [])));
  });
