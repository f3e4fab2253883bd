import { Address, getFamily, toRange, printAddress } from '../net/address';
import { contains } from '../net/range';
import { CpnatPolicy, Mapping } from './policy';

/** A local address of the server, and what it is outside. */
export type CpnatPair = CpnatPolicy['pairs'][number];

/** What of a mapping says as whom a host is seen. */
export type PublicAddressMapping = Pick<
  Mapping,
  'inside' | 'outside' | 'enabled' | 'inboundOnly' | 'peers' | 'exclude'
>;

/**
 * Whether cPanel finds that address when it asks from the server: what leaves by another mapping, or to some alone, is seen as somebody
 * else.
 */
export const isVisibleToCpanel = (
  { enabled, inboundOnly, peers, exclude }: Omit<PublicAddressMapping, 'inside' | 'outside'>,
  local: Address,
): boolean =>
  enabled &&
  !inboundOnly &&
  peers === 'anywhere' &&
  !exclude.some(
    (exclusion) =>
      exclusion.peers === 'anywhere' &&
      (exclusion.inside === 'all' || exclusion.inside.some((range) => contains(range, local))),
  );

/** As whom an address of IPv4 is seen. Of several mappings nobody knows: that is every one of them. */
export function listPublicPairs(local: Address, mappings: readonly PublicAddressMapping[]): readonly CpnatPair[] {
  if (getFamily(local) !== 'ip') return [];
  const visible = mappings.filter(
    (mapping) => isVisibleToCpanel(mapping, local) && contains(toRange(mapping.inside), local),
  );
  return visible.map(({ inside, outside }) => ({ local, public: (outside.first + (local - inside.first)) as Address }));
}

/** Lines of a release as `agent/system/cpnat.sh` takes them. */
export const printCpnatLines = ({ natMode, pairs, serverInUse, myip, passiveFtp }: CpnatPolicy): readonly string[] => [
  `nat-mode ${natMode}`,
  `in-use ${serverInUse}`,
  ...pairs.map((pair) => `pair ${printAddress(pair.local)} ${printAddress(pair.public)}`),
  ...(myip === undefined ? [] : [`set myip ${myip}`]),
  ...(passiveFtp ? [`set ftp-address ${printAddress(passiveFtp.address)}`] : []),
  ...(passiveFtp?.ports ? [`set ftp-ports ${passiveFtp.ports.first} ${passiveFtp.ports.last}`] : []),
];
