import { Address, familyOf, networkOf, prefixRange, printPrefix } from '../../net/address';
import { NetworkInterface } from '../../net/device';
import { groupBy } from '../../net/group-by';
import { Range, joined, overlap } from '../../net/range';
import { GatewayPolicy } from '../../policy/policy';
import { openingsKey } from '../openings';
import { Part, Side, chains } from '../parts';

/** What a gateway is asked for, whichever language of netfilter says it in rules. */

export const publicRanges = ({ mappings, virtualIps }: GatewayPolicy): readonly Range[] =>
  joined([...mappings, ...virtualIps].map(({ outside }) => prefixRange(outside)));

export const insideRanges = ({ mappings }: GatewayPolicy): readonly Range[] =>
  joined(mappings.map(({ inside }) => prefixRange(inside)));

/** By which nobody comes straight to a mapped host. */
export const outsideNames = ({ interfaces, mappings }: GatewayPolicy): readonly string[] => [
  ...new Set(
    [
      ...interfaces.filter(({ role }) => role === 'outside').map(({ name }) => name),
      ...mappings.map((one) => one.interface),
    ].sort(),
  ),
];

/** A network in which client and server may both be. */
interface SharedSubnet {
  readonly interface: string;
  /** The gateway's there: of several the first. */
  readonly address: Address;
  readonly range: Range;
  /** Those that are reflected there and lead into it. */
  readonly parts: readonly Part[];
}

/**
 * Where client and server share a subnet the server would answer the client directly, past the gateway, so there alone the source becomes
 * the gateway's own address. Everywhere else the server sees who it talks to.
 */
export function sharedSubnets(
  parts: readonly Part[],
  interfaces: readonly NetworkInterface[],
): readonly SharedSubnet[] {
  return interfaces.flatMap(({ name, addresses }) => {
    const reflected = parts.filter(
      ({ mapping: { reflection } }) => reflection.mode === 'pure-nat' && reflection.from.includes(name),
    );
    const networks = groupBy(
      addresses.filter(({ address }) => familyOf(address) === 'ip'),
      ({ address, length }) => printPrefix(networkOf(address, length)),
    );
    return [...networks.values()].flatMap(([{ address, length }]) => {
      const range = prefixRange(networkOf(address, length));
      const into = reflected.filter(({ inside }) => overlap(prefixRange(inside), range) !== undefined);
      return into.length === 0 ? [] : [{ interface: name, address, range, parts: into }];
    });
  });
}

/** Parts whose side overlaps a part with other openings. */
export function meetingOthers(parts: readonly Part[], side: Side): ReadonlySet<Part> {
  const met = new Set<Part>();
  chains(parts, side, (part, others) => {
    const key = openingsKey(part.mapping.openings);
    for (const other of others) {
      if (openingsKey(other.mapping.openings) === key) continue;
      met.add(other);
      met.add(part);
    }
  });
  return met;
}
