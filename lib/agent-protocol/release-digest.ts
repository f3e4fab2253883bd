import { Release } from './release';

/** An address as one line of what is sent and hashed: `alias wan0 203.0.113.10/32`. */
export const printAddressLine = ({ kind, interface: name, address }: Release['addresses'][number]): string =>
  `${kind} ${name} ${address}`;

/** A firewall that gives way, as the device takes it. */
export const printReplacesLine = (firewall: string): string => `replace ${firewall}`;

/**
 * What a release's digest is the sha256 of, as UTF-8: the text, then a line per address, then what is said of cPanel's NAT file, then a line for each
 * firewall that gives way. The device computes the same from
 * what it received, so this is the one definition: whoever makes a Release hashes this.
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
