import { Address, familyOf, prefixRange, printAddress } from '../net/address';
import { contains } from '../net/range';
import { CpnatWish, Mapping } from './policy';

/** A local address of the server, and what it is outside. */
export type Pair = CpnatWish['pairs'][number];

/** What of a mapping says as whom a host is seen. */
export type Seen = Pick<Mapping, 'inside' | 'outside' | 'enabled' | 'inboundOnly' | 'peers' | 'exclude'>;

/**
 * Whether cPanel finds that address when it asks from the server: what leaves by another mapping, or to some alone, is seen as somebody
 * else.
 */
export const isFound = (
  { enabled, inboundOnly, peers, exclude }: Omit<Seen, 'inside' | 'outside'>,
  local: Address,
): boolean =>
  enabled &&
  !inboundOnly &&
  peers === 'anywhere' &&
  !exclude.some(
    (one) => one.peers === 'anywhere' && (one.inside === 'all' || one.inside.some((range) => contains(range, local))),
  );

/** As whom an address of IPv4 is seen. Of several mappings nobody knows: that is every one of them. */
export function seenAs(local: Address, mappings: readonly Seen[]): readonly Pair[] {
  if (familyOf(local) !== 'ip') return [];
  const found = mappings.filter((mapping) => isFound(mapping, local) && contains(prefixRange(mapping.inside), local));
  return found.map(({ inside, outside }) => ({ local, public: (outside.first + (local - inside.first)) as Address }));
}

/** Lines of a release as `agent/system/cpnat.sh` takes them. */
export const cpnatLines = ({ natMode, pairs, serverInUse, myip, passiveFtp }: CpnatWish): readonly string[] => [
  `nat-mode ${natMode}`,
  `in-use ${serverInUse}`,
  ...pairs.map((one) => `pair ${printAddress(one.local)} ${printAddress(one.public)}`),
  ...(myip === undefined ? [] : [`set myip ${myip}`]),
  ...(passiveFtp ? [`set ftp-address ${printAddress(passiveFtp.address)}`] : []),
  ...(passiveFtp?.ports ? [`set ftp-ports ${passiveFtp.ports.first} ${passiveFtp.ports.last}`] : []),
];
