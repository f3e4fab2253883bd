// Returns networks of a gateway policy for the generators of nftables and iptables: public and internal ranges, outside
// interfaces, and subnets in which hairpin packets need source translation.

import { Address, getFamily, getNetwork, toRange, printPrefix } from '../../net/address';
import { NetworkInterface } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, mergeRanges, intersectRanges } from '../../net/range';
import { GatewayPolicy } from '../../policy/policy';
import { toAllowRulesKey } from '../allow-rule-keys';
import { MappingPart, MappingSide, walkOverlaps } from '../mapping-parts';

export const getPublicRanges = ({ mappings, virtualIps }: GatewayPolicy): readonly Range[] =>
  mergeRanges([...mappings, ...virtualIps].map(({ external }) => toRange(external)));

export const getInternalRanges = ({ mappings }: GatewayPolicy): readonly Range[] =>
  mergeRanges(mappings.map(({ internal }) => toRange(internal)));

/** Returns the interfaces on which packets must not go directly to a mapped host. */
export const listOutsideInterfaces = ({ interfaces, mappings }: GatewayPolicy): readonly string[] => [
  ...new Set(
    [
      ...interfaces.filter(({ role }) => role === 'outside').map(({ name }) => name),
      ...mappings.map((mapping) => mapping.interface),
    ].sort(),
  ),
];

/** A subnet that may contain both client and server. */
interface SharedSubnet {
  readonly interface: string;
  /** The gateway's address in the subnet: the first if it has several. */
  readonly address: Address;
  readonly range: Range;
  /** The parts that are reflected on the interface and translate into the subnet. */
  readonly parts: readonly MappingPart[];
}

/**
 * Returns the subnets in which the source of reflected packets has to be translated to the gateway's own address. If
 * client and server share a subnet, the server would answer the client directly, past the gateway. In all other cases
 * the server sees the client's address.
 */
export function findSharedSubnets(
  parts: readonly MappingPart[],
  interfaces: readonly NetworkInterface[],
): readonly SharedSubnet[] {
  return interfaces.flatMap(({ name, addresses }) => {
    const reflected = parts.filter(
      ({ mapping: { reflection } }) => reflection.mode === 'pure-nat' && reflection.from.includes(name),
    );
    const networks = groupBy(
      addresses.filter(({ address }) => getFamily(address) === 'ip'),
      ({ address, length }) => printPrefix(getNetwork(address, length)),
    );
    return [...networks.values()].flatMap(([{ address, length }]) => {
      const range = toRange(getNetwork(address, length));
      const subnetParts = reflected.filter(({ internal }) => intersectRanges(toRange(internal), range) !== undefined);
      return subnetParts.length === 0 ? [] : [{ interface: name, address, range, parts: subnetParts }];
    });
  });
}

/** Returns the parts whose side overlaps a part with other allow rules. */
export function findConflictingParts(parts: readonly MappingPart[], side: MappingSide): ReadonlySet<MappingPart> {
  const conflicting = new Set<MappingPart>();
  walkOverlaps(parts, side, (part, overlapping) => {
    const key = toAllowRulesKey(part.mapping.allowRules);
    for (const other of overlapping) {
      if (toAllowRulesKey(other.mapping.allowRules) === key) continue;
      conflicting.add(other);
      conflicting.add(part);
    }
  });
  return conflicting;
}
