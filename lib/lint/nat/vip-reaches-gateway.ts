import { serviceWords } from '../../reachability/listing';
import { rowsOf } from '../../reachability/rows';
import { prefixRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, point } from '../../net/range';
import { isAnybody, printSome, some } from '../addresses';
import { leavingOf } from '../hosts';
import { gatewaysOf, viewsFrom } from '../owners';
import { namedVirtualIps } from '../per-owner';
import { SubjectOwner } from '../subject';
import { TCP_UDP, allowedAt, splitByDestination } from '../verdicts';
import { LintRule } from '../rule';
import { MANUAL, NFT_PAGE } from '../sources';
import { localTo } from '../../net/device';

export const vipReachesGateway: LintRule = {
  code: 'nat/vip-reaches-gateway',
  severity: 'warning',
  title: 'A virtual IP leads to the gateway itself',
  decidedBy: 'text',
  explanation: {
    why: "A virtual IP that is an address of the gateway opens the gateway: whatever isn't translated there arrives at its own SSH, web page or VPN, by an address that everybody takes for a server's.",
    when: 'Found where anybody reaches a TCP or UDP port of the gateway itself at a virtual IP, or at a public address that another host leaves as one to one.',
    remedy:
      'Drop what was not translated on virtual IPs (ours do, unless `answers` asks for something), or give `answers` a list of sources.',
    source: `${MANUAL}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    gatewaysOf(subject).flatMap((gateway) => {
      const vips = virtualIpsOf(gateway);
      if (vips.length === 0) return [];
      const untranslated = viewsFrom(gateway, true).map((view): PacketSet => {
        return allowedAt(view.verdicts)
          .within(splitByDestination(view).kept)
          .within(TCP_UDP)
          .within(PacketMap.set({ destination: vips }));
      });
      const rows = rowsOf(PacketMap.first(untranslated)).filter(({ sources, family }) => isAnybody(sources, family));
      if (rows.length === 0) return [];
      const at = rows.flatMap(({ destinations }) => destinations);
      return {
        where: `${gateway.name}, ${namedVirtualIps(gateway, at)}`,
        what: `Anybody reaches the gateway itself at ${printSome(at)}: ${some(rows.map(serviceWords))}.`,
        instead: 'What is not translated dropped there; or "answers" for listed sources.',
      };
    }),
};

/** Public addresses that stand for something else and are the gateway's own all the same. */
function virtualIpsOf(gateway: SubjectOwner): readonly Range[] {
  const { policy, device } = gateway;
  if (policy?.kind === 'gateway') return policy.virtualIps.map(({ outside }) => prefixRange(outside));
  const own = new Set<bigint>(localTo(device));
  const found = new Set<bigint>();
  for (const list of leavingOf(gateway).values())
    for (const { inside, translations } of list)
      for (const { source } of translations) {
        if (source.is !== 'moved' || inside.first !== inside.last || own.has(inside.first)) continue;
        if (own.has(inside.first + source.by)) found.add(inside.first + source.by);
      }
  return [...found].map(point);
}
