import { toRange } from '../../net/address';
import { memoize } from '../../net/intern-tables';
import { Range, mergeRanges, intersectRanges, toSingleRange } from '../../net/range';
import { GatewayPolicy, Mapping, AllowRules } from '../../policy/policy';
import { printList, overlapsAny } from '../addresses';
import { getGatewayServers } from '../translated-hosts';
import { createMappingFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { MANUAL } from '../source-documents';
import { SubjectOwner } from '../lint-subject';
import { countNumbers, getLocalAddresses } from '../../net/device';

/**
 * Finds inbound-only mappings with fewer than five ports to a host that isn't a managed server. They use up a public
 * address for what port forwards could do.
 */
export const portForwardWouldDo: LintRule = {
  code: 'nat/port-forward-would-do',
  severity: 'note',
  title: 'A port forward would do what this mapping does',
  decidedBy: 'intent',
  explanation: {
    why: 'A 1:1 NAT pays off with many ports or with an address to leave as. With a few ports inbound and no outbound address it only ties up a public address, and one careless rule opens the whole host.',
    when: 'Found for a mapping that is inbound only, opens fewer than five ports, and whose host is no managed server. cPanel servers need a 1:1 NAT whatever they open.',
    remedy:
      "Forward these ports from an address that others share. This package has no port forwards yet: write it beside, in the device's own rules.",
    source: MANUAL,
  },
  find: createMappingFinder(
    (policy, gateway, subject) =>
      policy.mappings.filter(
        (mapping) =>
          isSmallInbound(mapping) &&
          !hasOutboundMapping(policy, mapping) &&
          !overlapsAny(getServerAddresses(getGatewayServers(subject, gateway)), toRange(mapping.internal)),
      ),
    (smallMappings) => ({
      what: `${printList(smallMappings.map(({ name, allowRules }) => `${name} opens ${countPorts(allowRules)} ${countPorts(allowRules) === 1 ? 'port' : 'ports'} and gives no outbound address`))}: a port forward does that with less at stake.`,
      instead: "A port forward in the device's own rules; or the mapping for outbound connections, too.",
    }),
  ),
};

const MAX_PORTS = 4;

const getServerAddresses = memoize((servers: readonly SubjectOwner[]): readonly Range[] =>
  mergeRanges(servers.flatMap(({ device }) => getLocalAddresses(device).map(toSingleRange))),
);

const isSmallInbound = ({ enabled, inboundOnly, allowRules }: Mapping): boolean =>
  enabled && inboundOnly && allowRules.entries.length > 0 && countPorts(allowRules) <= MAX_PORTS;

/** Returns whether another mapping gives the host an address to leave as. Then this is its second public address. */
const hasOutboundMapping = ({ mappings }: GatewayPolicy, { internal }: Mapping): boolean =>
  mappings.some(
    (mapping) =>
      mapping.enabled &&
      !mapping.inboundOnly &&
      intersectRanges(toRange(mapping.internal), toRange(internal)) !== undefined,
  );

const countPorts = memoize(({ entries }: AllowRules): number =>
  entries.reduce((total, { ports }) => total + (ports === 'all' ? Infinity : countNumbers(ports)), 0),
);
