// Computes the pairs of local and public address that a server's mappings give for cPanel's NAT file
// (/var/cpanel/cpnat), and prints the lines of a release that write that file.

import { Address, getFamily, toRange, printAddress } from '../net/address';
import { contains } from '../net/range';
import { CpnatPolicy, Mapping } from './policy';

/** A local address of the server and the public address that stands for it. */
export type CpnatPair = CpnatPolicy['pairs'][number];

/** The part of a mapping that decides which public address a host is seen as. */
export type PublicAddressMapping = Pick<
  Mapping,
  'internal' | 'external' | 'enabled' | 'inboundOnly' | 'peers' | 'exclude'
>;

/**
 * Returns whether cPanel finds the mapping's public address when it asks from the server. A host has another public
 * address in packets that another mapping translates, or that a mapping translates for some peers only.
 */
export const isVisibleToCpanel = (
  { enabled, inboundOnly, peers, exclude }: Omit<PublicAddressMapping, 'internal' | 'external'>,
  local: Address,
): boolean =>
  enabled &&
  !inboundOnly &&
  peers === 'anywhere' &&
  !exclude.some(
    (exclusion) =>
      exclusion.peers === 'anywhere' &&
      (exclusion.internal === 'all' || exclusion.internal.some((range) => contains(range, local))),
  );

/**
 * Returns the public addresses that an IPv4 address is seen as. If several mappings apply, it isn't known which one is
 * used: the result has a pair for each.
 */
export function listPublicPairs(local: Address, mappings: readonly PublicAddressMapping[]): readonly CpnatPair[] {
  if (getFamily(local) !== 'ip') return [];
  const visible = mappings.filter(
    (mapping) => isVisibleToCpanel(mapping, local) && contains(toRange(mapping.internal), local),
  );
  return visible.map(({ internal, external }) => ({
    local,
    public: (external.first + (local - internal.first)) as Address,
  }));
}

/** Prints the lines of a release in the format that `agent/system/cpnat.sh` reads. */
export const printCpnatLines = ({ natMode, pairs, serverInUse, myip, passiveFtp }: CpnatPolicy): readonly string[] => [
  `nat-mode ${natMode}`,
  `in-use ${serverInUse}`,
  ...pairs.map((pair) => `pair ${printAddress(pair.local)} ${printAddress(pair.public)}`),
  ...(myip === undefined ? [] : [`set myip ${myip}`]),
  ...(passiveFtp ? [`set ftp-address ${printAddress(passiveFtp.address)}`] : []),
  ...(passiveFtp?.ports ? [`set ftp-ports ${passiveFtp.ports.first} ${passiveFtp.ports.last}`] : []),
];
