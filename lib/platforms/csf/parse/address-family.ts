// Returns the family of an address or network as csf recognizes it, and whether csf counts it as public.

import { Family, getFamily, parseAddress, parseMappedAddress } from '../../../net/address';
import { parseAddressRange } from '../../../parse/netfilter/parse-values';

const BYTE_FORM = '(?:25[0-5]|2[0-4]\\d|[01]?\\d?\\d)';
/** Matches a leading IPv4 address, whatever follows it. */
export const IPV4 = new RegExp(`^(?:${BYTE_FORM}\\.){3}${BYTE_FORM}`);

/**
 * Returns the family of a text that csf takes for an address or a network, also one of length 0. Source:
 * ConfigServer/CheckIP.pm of csf 15.10.
 */
export function detectFamily(text: string): Family | undefined {
  const [host = '', length = ''] = text.split('/');
  if (!/^\d*$/.test(length)) return undefined;
  const isLengthUpTo = (most: number): boolean =>
    length === '' || length === '0' || (Number(length) >= 1 && Number(length) <= most);
  if (IPV4.exec(host)?.[0] === host) return host !== '127.0.0.1' && isLengthUpTo(32) ? 'ip' : undefined;
  // Net::IP refuses an address with an interface (`fe80::1%eth0`).
  const address = parseAddress(host) ?? parseMappedAddress(host);
  if (address === undefined || getFamily(address) !== 'ip6') return undefined;
  // csf reads the address as a number without its colons, so `1::` is 1, too.
  return parseFloat(host.replace(/:/g, '').replace(/^0*/, '')) !== 1 && isLengthUpTo(128) ? 'ip6' : undefined;
}

/** Ranges that csf from 15 on ignores in lists of countries. Source: Net::IP, iptype. */
const RESERVED_RANGES =
  `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 255.255.255.255/32`
    .split(/\s+/)
    .map((text) => parseAddressRange(text)!);

export const isPublic = (text: string): boolean => {
  const [host = ''] = text.split('/');
  const at = parseAddressRange(host)?.first;
  return at === undefined || !RESERVED_RANGES.some(({ first, last }) => at >= first && at <= last);
};
