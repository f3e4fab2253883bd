// Computes the packet sets that a profile's allow rules, management and blocked sources give. The specs of gateways
// and servers are built from them.

import { memoize } from '../net/intern-tables';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { toSingleRange } from '../net/range';
import { AllowRule, AllowRules } from '../policy/policy';

/**
 * Returns the packets that a profile allows, to any destination: management first, then nothing for blocked sources,
 * then the rest. Computed once per distinct profile.
 */
export const getAllowedPackets = memoize((openings: AllowRules): PacketSet => {
  const services = openings.entries.filter(({ management }) => !management);
  return buildManagementSet(openings).unite(buildRuleSet(services).subtract(buildBlockedSet(openings)));
});

/** Returns the packets that the management rules of a profile allow. */
export const buildManagementSet = ({ entries }: AllowRules): PacketSet =>
  buildRuleSet(entries.filter(({ management }) => management));

/** Returns packets from blocked sources to services that are open to other sources. */
export const buildDeniedServiceSet = (openings: AllowRules): PacketSet =>
  buildRuleSet(openings.entries.filter(({ management }) => !management))
    .intersect(buildBlockedSet(openings))
    .subtract(buildManagementSet(openings));

export const buildBlockedSet = ({ blocked }: AllowRules): PacketSet =>
  blocked.length === 0 ? PacketMap.NONE : PacketMap.createSet({ source: blocked });

const buildRuleSet = (entries: readonly AllowRule[]): PacketSet =>
  PacketMap.mergeFirst(
    entries.map(({ protocol, ports, sources }) =>
      PacketMap.createSet({
        ...getProtocolFamily(protocol),
        protocol: [toSingleRange(protocol)],
        ...(ports === 'all' ? {} : { port: ports }),
        ...(sources === 'anywhere' ? {} : { source: sources }),
      }),
    ),
  );

/**
 * Returns the address family of a protocol that exists in one only. ICMP exists in IPv4 alone, ICMPv6 in IPv6, so a
 * rule for one asks for nothing in the other family.
 */
export const getProtocolFamily = (protocol: number): { readonly family?: 'ip' | 'ip6' } =>
  protocol === PROTOCOL.icmp ? { family: 'ip' } : protocol === PROTOCOL.icmpv6 ? { family: 'ip6' } : {};
