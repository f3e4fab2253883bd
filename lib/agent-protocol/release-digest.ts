// Builds the text of which the SHA-256 is the digest of a release. Driver and agent compute it and compare.

import { Release } from './release';

/** Prints an address as one line of the data that is sent and hashed: `alias wan0 203.0.113.10/32`. */
export const printAddressLine = ({ kind, interface: name, address }: Release['addresses'][number]): string =>
  `${kind} ${name} ${address}`;

/** Prints the line of a firewall that gives way, as the device takes it. */
export const printReplacesLine = (firewall: string): string => `replace ${firewall}`;

/**
 * Returns the text whose sha256, as UTF-8, is a release's digest: the text of the release, then a line per address,
 * then the lines of cPanel's NAT file, then a line for each firewall that gives way. The device computes the same from
 * the data that it received, so this is the only definition: code that makes a Release hashes this.
 */
export const printDigestInput = ({
  text,
  addresses,
  cpnat = [],
  replaces = [],
}: Pick<Release, 'text' | 'addresses' | 'cpnat' | 'replaces'>): string =>
  text +
  [...addresses.map(printAddressLine), ...cpnat, ...replaces.map(printReplacesLine)]
    .map((line) => `${line}\n`)
    .join('');
