import { printRange } from '../../net/address';
import { Range, mergeRanges, intersectRanges, toSingleRange, subtractRanges } from '../../net/range';
import { PacketMap } from '../../net/packet-map';
import { isInternetWide, printList, overlapsAny } from '../addresses';
import { selectViews } from '../owners';
import { createGatewayFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { getFullyOpenSources } from '../lint-targets';
import { selectAllowed, splitByDestination } from '../select-view-packets';
import { LintRule } from '../lint-rule';
import { MANUAL, NFT_PAGE } from '../source-documents';
import { getLocalAddresses, getInterfaceNetworks } from '../../net/device';

/**
 * Finds gateways without a policy that forward every TCP port of an inside network untranslated. Hosts in the outside
 * network then reach the inside hosts directly.
 */
export const defaultAcceptForward: LintRule = {
  code: 'nat/default-accept-forward',
  severity: 'warning',
  title: 'Inside hosts can be reached directly from outside',
  decidedBy: 'text',
  explanation: {
    why: 'A gateway that forwards whatever no rule refuses lets any host that can put a packet on its outside network reach the inside hosts without any translation: the provider, and the neighbours in a shared network.',
    when: "Found for a gateway whose rules aren't ours, where any source outside reaches every TCP port of an inside network without translation. Our own text says nothing of hosts that aren't mapped, so it isn't judged.",
    remedy:
      'Drop in the forward chain by default, and accept what was asked for: outbound connections, and what a translation brought.',
    source: `${NFT_PAGE}; ${MANUAL}`,
  },
  find: createGatewayFinder(findReachableNetworks, (networks, { name }) => ({
    where: `${name}, forwarding`,
    what: `Every TCP port of ${printList(networks.map(printRange))} can be reached from outside without any translation: the gateway forwards what no rule refuses.`,
    instead: 'A forward chain that drops by default.',
  })),
};

function findReachableNetworks(gateway: SubjectOwner): readonly Range[] {
  const insideNetworks = gateway.device.interfaces.flatMap((network) =>
    network.role === 'outside' ? [] : getInterfaceNetworks(network),
  );
  if (gateway.policy || insideNetworks.length === 0) return [];
  const forwardedRanges = subtractRanges(insideNetworks, getLocalAddresses(gateway.device).map(toSingleRange));
  const directPackets = selectViews(gateway, true).map((view) => {
    return selectAllowed(view.dispositions)
      .intersect(splitByDestination(view).untranslated)
      .intersect(PacketMap.createSet({ destination: forwardedRanges }));
  });
  const groups = PacketMap.mergeFirst(directPackets).groupAlong('destination');
  const reachedRanges = mergeRanges(
    groups.flatMap(({ family, ranges, below }) =>
      isInternetWide(getFullyOpenSources(below, family), family)
        ? ranges.flatMap((range) => insideNetworks.flatMap((network) => intersectRanges(range, network) ?? []))
        : [],
    ),
  );
  return insideNetworks.filter((network) => overlapsAny(reachedRanges, network));
}
