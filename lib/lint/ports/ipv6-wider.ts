import { PROTOCOL } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { rowsOf } from '../../reachability/rows';
import { FAMILIES, Family } from '../../net/address';
import { point } from '../../net/range';
import { isAnybody, printSome, some } from '../addresses';
import { byOwner, placeOf } from '../per-owner';
import { Target, targetsOf } from '../targets';
import { LintRule } from '../rule';
import { FIREWALL_PAGE, NFT_PAGE } from '../sources';
import { TCP_UDP } from '../verdicts';

export const ipv6Wider: LintRule = {
  code: 'ports/ipv6-wider',
  severity: 'warning',
  title: 'IPv6 is open where IPv4 is filtered',
  decidedBy: 'text',
  explanation: {
    why: 'Rules are often written for IPv4 only, by address, while the same host answers on an IPv6 address that no such rule matches. Whoever was kept out comes in by the other family.',
    when: 'Found for a host that the internet reaches by both families, where anybody reaches a TCP or UDP port by IPv6 that not anybody reaches by IPv4.',
    remedy: 'Give the openings sources of both families, or close the port for IPv6 too.',
    source: `${FIREWALL_PAGE}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    [...byOwner(targetsOf(subject))].flatMap(([owner, targets]) => {
      if (!FAMILIES.every((family) => targets.some((target) => target.family === family))) return [];
      const wider = openIn(targets, 'ip6').apartFrom(openIn(targets, 'ip'));
      const ports = portsOf(wider);
      if (ports === '') return [];
      const at = targets.flatMap((target) => (target.family === 'ip6' ? target.at : []));
      return {
        where: placeOf(owner, at),
        what: `Anybody reaches ${ports} over IPv6 at ${printSome(at)}, and not over IPv4.`,
        instead: 'Sources of both families on what is open, or the ports closed over IPv6 as well.',
      };
    }),
};

/** Ports that anybody reaches over one family, with that forgotten: of both families, from everywhere. */
function openIn(targets: readonly Target[], family: Family): PacketSet {
  const sets = targets.flatMap((target) =>
    target.family !== family
      ? []
      : [...blocksOf(target)].map(([protocol, first, last]) =>
          PacketMap.set({ protocol: [point(protocol)], port: [{ first, last }] }),
        ),
  );
  return PacketMap.first(sets);
}

/** Its rows whose sources are anybody. */
function* blocksOf({ open, family }: Target): Generator<readonly [protocol: number, first: number, last: number]> {
  for (const { sources, protocols, ports } of rowsOf(open.within(TCP_UDP))) {
    if (!isAnybody(sources, family)) continue;
    for (const { first, last } of protocols)
      for (let one = first; one <= last; one++)
        for (const port of ports) if (isPorted(one)) yield [one, port.first, port.last];
  }
}

const isPorted = (protocol: number): boolean => protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp;

function portsOf(set: PacketSet): string {
  const ranges = new Set<string>();
  for (const { protocol, port } of set.cells())
    for (let one = protocol.first; one <= protocol.last; one++)
      ranges.add(
        `${one === PROTOCOL.tcp ? 'tcp' : 'udp'} ${port.first === port.last ? port.first : `${port.first}-${port.last}`}`,
      );
  return some([...ranges], 6);
}
