import { prefixRange } from '../../net/address';
import { Range, joined, point } from '../../net/range';
import { Mapping } from '../../policy/policy';
import { touchesAny } from '../addresses';
import { cpanelHostsOf } from '../cpanel-hosts';
import { serversBehind } from '../hosts';
import { perGatewayOfMappings } from '../per-owner';
import { LintRule } from '../rule';
import { FIREWALL_PAGE, NAT_PAGE } from '../sources';
import { localTo } from '../../net/device';

export const restrictedMapping: LintRule = {
  code: 'licence/restricted-mapping',
  severity: 'warning',
  title: 'Licence traffic leaves outside of a restricted mapping',
  decidedBy: 'intent',
  explanation: {
    why: 'A mapping with a destination restriction translates nothing but traffic with its peers. What the server sends to the licence servers, and to the service that tells it its public address, then leaves by whatever other NAT the gateway has, which may change the source ports 4 and 1020 and shows another address.',
    when: 'Found for cPanel hosts all of whose outbound mappings are for listed peers.',
    remedy:
      'Add a mapping with the same inside address for everybody else (its `exclude` lists those peers), or let the outbound NAT that takes the rest keep source ports, and acknowledge this.',
    source: `${FIREWALL_PAGE}; ${NAT_PAGE}`,
  },
  find: perGatewayOfMappings(
    ({ mappings }, gateway, subject) => {
      const leaving = mappings.filter(({ enabled, inboundOnly }) => enabled && !inboundOnly);
      const restricted = leaving.filter(({ peers }) => peers !== 'anywhere');
      if (restricted.length === 0) return [];
      const free = insidesOf(leaving.filter(({ peers }) => peers === 'anywhere'));
      const servers = serversBehind(subject, gateway).filter(({ policy }) => policy?.kind === 'server');
      const cpanel = joined([
        ...servers.flatMap(({ device }) => localTo(device).map(point)),
        ...cpanelHostsOf(subject, gateway).map(({ inside }) => inside),
      ]);
      return restricted.filter(
        ({ inside }) => touchesAny(cpanel, prefixRange(inside)) && !touchesAny(free, prefixRange(inside)),
      );
    },
    () => ({
      what: 'Only traffic with the peers of the restriction leaves by the mapping: connections to the licence servers leave by another NAT, which may change their source ports 4 and 1020 and shows another address.',
      instead:
        'A mapping for everybody else (exclude: those peers) with the same inside address; or an outbound NAT that keeps source ports, acknowledged.',
    }),
  ),
};

const insidesOf = (mappings: readonly Mapping[]): readonly Range[] =>
  joined(mappings.map(({ inside }) => prefixRange(inside)));
