import { getInterfaceNetworks } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { mergeRanges } from '../../net/range';
import { printRangeList, getSources, overlapsAny } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { toPackets } from '../egress';
import { selectViews } from '../owners';
import { createHostFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, NFT_PAGE } from '../source-documents';

/**
 * Finds source translations that change source port 4 or 1020 of a connection to 2089/tcp. The licence check needs
 * these ports.
 */
export const portChangingNat: LintRule = {
  code: 'licence/port-changing-nat',
  severity: 'error',
  title: 'Licence traffic leaves by a NAT that changes its source port',
  decidedBy: 'text',
  explanation: {
    why: 'The licence check connects from source port 4 or 1020 on purpose. A translation with random source ports, or without static ports, replaces them.',
    when: 'Found where the gateway translates a connection of a cPanel host to 2089/tcp from source port 4 or 1020 and is told to choose another port.',
    remedy:
      'Let each server leave by its own 1:1 NAT, or keep source ports in the outbound NAT (no `random` or `fully-random`; static port on pf).',
    source: `${FIREWALL_PAGE}; ${NFT_PAGE}`,
  },
  find: createHostFinder(
    (gateway, subject) => {
      // A packet that is translated back inside, or stays there, comes to no licence server, whatever its port.
      const portChanging = selectViews(gateway, false).map((view) =>
        view.translations.select(({ sourcePort, destination }) => sourcePort === 'free' && destination.is === 'kept'),
      );
      const insidePackets = PacketMap.createSet({
        destination: gateway.device.interfaces.filter(({ role }) => role !== 'outside').flatMap(getInterfaceNetworks),
      });
      const groups = PacketMap.mergeFirst(portChanging)
        .intersect(LICENCE_PACKETS)
        .subtract(insidePackets)
        .groupAlong('destination');
      const sources = mergeRanges(
        groups.flatMap(({ family, below }) => (family === 'ip' ? getSources(below, 'ip') : [])),
      );
      return getCpanelHosts(subject, gateway).filter(({ internal }) => overlapsAny(sources, internal));
    },
    (hosts) => ({
      what: `Connections of ${printRangeList(hosts.map(({ internal }) => internal))} to tcp 2089 lose their source port, 4 or 1020, in the gateway's outbound NAT.`,
      instead: 'A 1:1 NAT both ways, or an outbound NAT that keeps source ports.',
    }),
  ),
};

const LICENCE_PACKETS = PacketMap.mergeFirst(
  [4, 1020].map((sourcePort) => toPackets({ protocol: PROTOCOL.tcp, port: 2089, sourcePort })),
);
