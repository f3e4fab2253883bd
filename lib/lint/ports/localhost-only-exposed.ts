import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { printList } from '../addresses';
import { describeAllowingPrograms } from '../allowing-programs';
import { createTargetFinder } from '../open-services';
import { LintTarget, getOpenSources } from '../lint-targets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';

/**
 * Finds cPHulk (579), SpamAssassin (783) or PowerDNS (953) open to any other host. They trust every client that can
 * connect.
 */
export const localhostOnlyExposed: LintRule = {
  code: 'ports/localhost-only-exposed',
  severity: 'error',
  title: 'A service of the server itself is reachable from elsewhere',
  decidedBy: 'text',
  explanation: {
    why: 'cPHulk (579), SpamAssassin (783) and the control port of PowerDNS (953) trust any program that can connect to them. They are for the server itself.',
    when: 'Found where any source elsewhere reaches 579/tcp, 783 or 953/tcp, also a listed one. Sources that a policy leaves alone (`trustedNetworks`) are not judged. In our own intents such an opening is refused: intent/local-port.',
    remedy: 'Take the ports out of what is open; on the loopback interface they stay.',
    source: FIREWALL_PAGE,
  },
  find: createTargetFinder(findExposedServices, (ports, addressText, targets) => ({
    what: `${printList(ports, 4)} can be reached from elsewhere at ${addressText}, and must be local to the server.${describeAllowingPrograms(targets, LOCAL_SERVICE_PACKETS)}`,
    instead: 'Nothing on those ports but on the loopback interface.',
  })),
};

const LOCAL_SERVICES: readonly (readonly [protocol: number, port: number, name: string])[] = [
  [PROTOCOL.tcp, 579, 'cPHulk (tcp 579)'],
  [PROTOCOL.tcp, 783, 'SpamAssassin (tcp 783)'],
  [PROTOCOL.udp, 783, 'SpamAssassin (udp 783)'],
  [PROTOCOL.tcp, 953, 'PowerDNS control (tcp 953)'],
];

const LOCAL_SERVICE_PACKETS = PacketMap.mergeFirst(
  LOCAL_SERVICES.map(([protocol, port]) =>
    PacketMap.createSet({ protocol: [toSingleRange(protocol)], port: [toSingleRange(port)] }),
  ),
);

function findExposedServices(target: LintTarget): readonly string[] {
  return target.isHost
    ? LOCAL_SERVICES.flatMap(([protocol, port, name]) =>
        getOpenSources(target, protocol, port).length > 0 ? name : [],
      )
    : [];
}
