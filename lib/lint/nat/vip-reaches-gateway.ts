import { describeService } from '../../reachability/reachability-list';
import { toRows } from '../../reachability/reachability-rows';
import { toRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range, toSingleRange } from '../../net/range';
import { isInternetWide, printRangeList, printList } from '../addresses';
import { getLeavingSources } from '../translated-hosts';
import { listGateways, selectViews } from '../owners';
import { printVirtualIps } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { TCP_UDP, selectAllowed, splitByDestination } from '../select-view-packets';
import { LintRule } from '../lint-rule';
import { MANUAL, NFT_PAGE } from '../source-documents';
import { getLocalAddresses } from '../../net/device';

/**
 * Finds virtual IPs at which the internet reaches TCP or UDP ports of the gateway itself. They open the gateway by an
 * address that looks like a server's.
 */
export const vipReachesGateway: LintRule = {
  code: 'nat/vip-reaches-gateway',
  severity: 'warning',
  title: 'A virtual IP leads to the gateway itself',
  decidedBy: 'text',
  explanation: {
    why: "A virtual IP that is an address of the gateway opens the gateway: whatever isn't translated there arrives at its own SSH, web page or VPN, by an address that is taken for a server's.",
    when: 'Found where any source reaches a TCP or UDP port of the gateway itself at a virtual IP, or at a public address that another host leaves as one to one.',
    remedy:
      'Drop what was not translated on virtual IPs (ours do, unless `answers` asks for something), or give `answers` a list of sources.',
    source: `${MANUAL}; ${NFT_PAGE}`,
  },
  find: (subject) =>
    listGateways(subject).flatMap((gateway) => {
      const virtualIps = listVirtualIps(gateway);
      if (virtualIps.length === 0) return [];
      const untranslatedPackets = selectViews(gateway, true).map((view): PacketSet => {
        return selectAllowed(view.dispositions)
          .intersect(splitByDestination(view).untranslated)
          .intersect(TCP_UDP)
          .intersect(PacketMap.createSet({ destination: virtualIps }));
      });
      const rows = toRows(PacketMap.mergeFirst(untranslatedPackets)).filter(({ sources, family }) =>
        isInternetWide(sources, family),
      );
      if (rows.length === 0) return [];
      const addressRanges = rows.flatMap(({ destinations }) => destinations);
      return {
        where: `${gateway.name}, ${printVirtualIps(gateway, addressRanges)}`,
        what: `Any source reaches the gateway itself at ${printRangeList(addressRanges)}: ${printList(rows.map(describeService))}.`,
        instead: 'What is not translated dropped there; or "answers" for listed sources.',
      };
    }),
};

/** Returns the public addresses that stand for something else although they are the gateway's own. */
function listVirtualIps(gateway: SubjectOwner): readonly Range[] {
  const { policy, device } = gateway;
  if (policy?.kind === 'gateway') return policy.virtualIps.map(({ external }) => toRange(external));
  const ownAddresses = new Set<bigint>(getLocalAddresses(device));
  const addresses = new Set<bigint>();
  for (const list of getLeavingSources(gateway).values())
    for (const { internal, translations } of list)
      for (const { source } of translations) {
        if (source.is !== 'moved' || internal.first !== internal.last || ownAddresses.has(internal.first)) continue;
        if (ownAddresses.has(internal.first + source.distance)) addresses.add(internal.first + source.distance);
      }
  return [...addresses].map(toSingleRange);
}
