import { networksOf } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { joined } from '../../net/range';
import { printSome, sourcesOf, touchesAny } from '../addresses';
import { cpanelHostsOf } from '../cpanel-hosts';
import { packetsOf } from '../egress';
import { viewsFrom } from '../owners';
import { perGatewayOfHosts } from '../per-owner';
import { LintRule } from '../rule';
import { FIREWALL_PAGE, NFT_PAGE } from '../sources';

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
  find: perGatewayOfHosts(
    (gateway, subject) => {
      // What is led back inside, or stays there, comes to no licence server, whatever its port.
      const freed = viewsFrom(gateway, false).map((view) =>
        view.translations.where(({ sourcePort, destination }) => sourcePort === 'free' && destination.is === 'kept'),
      );
      const stays = PacketMap.set({
        destination: gateway.device.interfaces.filter(({ role }) => role !== 'outside').flatMap(networksOf),
      });
      const groups = PacketMap.first(freed).within(LICENCE).apartFrom(stays).groups('destination');
      const sources = joined(groups.flatMap(({ family, below }) => (family === 'ip' ? sourcesOf(below, 'ip') : [])));
      return cpanelHostsOf(subject, gateway).filter(({ inside }) => touchesAny(sources, inside));
    },
    (hosts) => ({
      what: `Connections of ${printSome(hosts.map(({ inside }) => inside))} to tcp 2089 lose their source port, 4 or 1020, in the gateway's outbound NAT.`,
      instead: 'A 1:1 NAT both ways, or an outbound NAT that keeps source ports.',
    }),
  ),
};

const LICENCE = PacketMap.first(
  [4, 1020].map((sourcePort) => packetsOf({ protocol: PROTOCOL.tcp, port: 2089, sourcePort })),
);
