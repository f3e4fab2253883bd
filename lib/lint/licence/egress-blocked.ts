import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { Range, mergeRanges } from '../../net/range';
import { printRangeList, getSources, overlapsAny } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { toPackets, createCpanelServerFinder, computeReach } from '../egress';
import { selectViews } from '../owners';
import { createHostFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { LintRule, FindingText } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds servers whose connections to 2089/tcp from source port 4 or 1020 are denied for every destination. The licence
 * check uses these ports.
 */
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
    ...createCpanelServerFinder((owner) => {
      const blockedPorts = LICENCE_SOURCE_PORTS.filter(
        (sourcePort) => computeReach(owner, { ...LICENCE_CONNECTION, sourcePort }) === 'nowhere',
      );
      return (
        blockedPorts.length > 0 &&
        createFindingText(`The server may not connect to tcp 2089 from source port ${blockedPorts.join(' or ')}`)
      );
    })(subject),
    ...createHostFinder(
      (gateway) => {
        const allowed = getAllowedSources(gateway);
        return getCpanelHosts(subject, gateway).filter(({ internal }) =>
          allowed.some((ranges) => !overlapsAny(ranges, internal)),
        );
      },
      (blockedHosts) => {
        const hosts = printRangeList(blockedHosts.map(({ internal }) => internal));
        return createFindingText(`The gateway doesn't let ${hosts} connect to tcp 2089 from source port 4 or 1020`);
      },
    )(subject),
  ],
};

const LICENCE_CONNECTION = { protocol: PROTOCOL.tcp, port: 2089 };
const LICENCE_SOURCE_PORTS: readonly number[] = [4, 1020];

const createFindingText = (message: string): FindingText => ({
  what: `${message}: the licence check fails.`,
  instead: 'The outbound service "licence": 2089/tcp from the source ports 4 and 1020.',
});

/** Returns the sources that the gateway lets out to some destination, per source port. */
const getAllowedSources = (gateway: SubjectOwner): readonly (readonly Range[])[] =>
  LICENCE_SOURCE_PORTS.map((sourcePort) => {
    const packets = toPackets({ ...LICENCE_CONNECTION, sourcePort });
    const verdicts = PacketMap.mergeFirst(selectViews(gateway, false).map((view) => view.dispositions.domain));
    const groups = verdicts.intersect(packets).groupAlong('destination');
    return mergeRanges(groups.flatMap(({ family, below }) => (family === 'ip' ? getSources(below, 'ip') : [])));
  });
