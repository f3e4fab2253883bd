import { toRange } from '../../net/address';
import { Range, mergeRanges, toSingleRange } from '../../net/range';
import { Mapping } from '../../policy/policy';
import { overlapsAny } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { getGatewayServers } from '../translated-hosts';
import { createMappingFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE, NAT_PAGE } from '../source-documents';
import { getLocalAddresses } from '../../net/device';

/**
 * Finds cPanel hosts whose outbound mappings are all for listed peers. Licence traffic then leaves by another NAT,
 * which shows another address and may change the source ports.
 */
export const restrictedMapping: LintRule = {
  code: 'licence/restricted-mapping',
  severity: 'warning',
  title: 'Licence traffic leaves outside of a restricted mapping',
  decidedBy: 'intent',
  explanation: {
    why: 'A mapping with a destination restriction translates nothing but traffic with its peers. What the server sends to the licence servers, and to the service that tells it its public address, then leaves by whatever other NAT the gateway has, which may change the source ports 4 and 1020 and shows another address.',
    when: 'Found for cPanel hosts all of whose outbound mappings are for listed peers.',
    remedy:
      'Add a mapping with the same inside address for all other peers (its `exclude` lists those peers), or let the outbound NAT that takes the rest keep source ports, and acknowledge this.',
    source: `${FIREWALL_PAGE}; ${NAT_PAGE}`,
  },
  find: createMappingFinder(
    ({ mappings }, gateway, subject) => {
      const outboundMappings = mappings.filter(({ enabled, inboundOnly }) => enabled && !inboundOnly);
      const restrictedMappings = outboundMappings.filter(({ peers }) => peers !== 'anywhere');
      if (restrictedMappings.length === 0) return [];
      const unrestrictedRanges = getInternalRanges(outboundMappings.filter(({ peers }) => peers === 'anywhere'));
      const servers = getGatewayServers(subject, gateway).filter(({ policy }) => policy?.kind === 'server');
      const cpanelRanges = mergeRanges([
        ...servers.flatMap(({ device }) => getLocalAddresses(device).map(toSingleRange)),
        ...getCpanelHosts(subject, gateway).map(({ internal }) => internal),
      ]);
      return restrictedMappings.filter(
        ({ internal }) =>
          overlapsAny(cpanelRanges, toRange(internal)) && !overlapsAny(unrestrictedRanges, toRange(internal)),
      );
    },
    () => ({
      what: 'Only traffic with the peers of the restriction leaves by the mapping: connections to the licence servers leave by another NAT, which may change their source ports 4 and 1020 and shows another address.',
      instead:
        'A mapping for all other peers (exclude: those peers) with the same inside address; or an outbound NAT that keeps source ports, acknowledged.',
    }),
  ),
};

const getInternalRanges = (mappings: readonly Mapping[]): readonly Range[] =>
  mergeRanges(mappings.map(({ internal }) => toRange(internal)));
