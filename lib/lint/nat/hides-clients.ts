import { getArrivingRanges } from '../translated-hosts';
import { PacketMap } from '../../net/packet-map';
import { isInternetWide, printRangeList, getSources } from '../addresses';
import { listGateways, selectViews } from '../owners';
import { printLocation } from '../owner-findings';
import { TCP_UDP, selectAllowed, splitByDestination } from '../select-view-packets';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, NFT_PAGE } from '../source-documents';

/**
 * Finds gateways that translate the source of connections from the internet. The server sees one client only, so a ban
 * hits all of them and logs say nothing.
 */
export const hidesClients: LintRule = {
  code: 'nat/hides-clients',
  severity: 'warning',
  title: 'A server sees the gateway in place of its clients',
  decidedBy: 'text',
  explanation: {
    why: 'Where the gateway changes the source of what comes from the internet, the server has one client. cPHulk and other ban lists then ban all of them for one attacker, mail rules judge the gateway, and logs say nothing.',
    when: 'Found where the gateway changes the source of connections that any source in the internet makes to a host behind it.',
    remedy: 'Translate the source on the way out only: bind the masquerade to the outside interface.',
    source: `${NFT_PAGE}; ${FIREWALL_PAGE}`,
  },
  find: (subject) =>
    listGateways(subject).flatMap((gateway) => {
      const hiddenClients = selectViews(gateway, true).map((view) => {
        // This cheap test comes first: the packets of ten thousand hosts matter only if there is something to find.
        if (
          !view.translations.values.some(({ destination, source }) => destination.is !== 'kept' && source.is !== 'kept')
        )
          return PacketMap.NONE;
        const sourceTranslated = view.translations
          .intersect(splitByDestination(view).translated)
          .select(({ source }) => source.is !== 'kept');
        return selectAllowed(view.dispositions).intersect(sourceTranslated).intersect(TCP_UDP);
      });
      const groups = PacketMap.mergeFirst(hiddenClients).groupAlong('destination');
      const addressRanges = groups.flatMap(({ family, ranges, below }) =>
        isInternetWide(getSources(below, family), family) ? getArrivingRanges(gateway.device, ranges, family) : [],
      );
      if (addressRanges.length === 0) return [];
      return {
        where: printLocation(gateway, addressRanges),
        what: `What comes from the internet to ${printRangeList(addressRanges)} reaches its host with another source: the host can't tell its clients apart.`,
        instead: 'A source translation for what leaves by the outside interface alone.',
      };
    }),
};
