// Parses addresses, networks, ports and port ranges as written in config.xml. Host bits are masked away, as pf
// does.
import { Prefix, getNetwork, parseInterfaceAddress } from '../../../../net/address';
import { getSystemPorts } from '../../../../net/port-names';

/** Returns an address or a network; like pf, it masks the host bits away. */
export function parsePrefixLiteral(text: string): Prefix | undefined {
  // Most words are names.
  if (!/^[0-9a-f:]/i.test(text)) return undefined;
  const parts = parseInterfaceAddress(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  return parts && getNetwork(parts.address, parts.length);
}

/** Common names of services that the box accepts as ports, too. */
const PORT_NAMES = new Set(
  'ftp-data ftp ssh telnet smtp domain tftp http pop3 ntp imap snmp ldap https submission ldaps imaps pop3s rdp'.split(
    ' ',
  ),
);

export function parsePort(text: string): number | undefined {
  if (PORT_NAMES.has(text)) return getSystemPorts(text)[0];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/**
 * Returns one port, or two with the separator; undefined for anything else. The last may be before the first: then the
 * range is empty.
 */
export function parsePortRange(
  text: string,
  separator: '-' | ':',
): { readonly first: number; readonly last: number } | undefined {
  const [from = '', to, ...more] = text.split(separator);
  const first = parsePort(from);
  const last = to === undefined || to === '' ? first : parsePort(to);
  return first === undefined || last === undefined || more.length > 0 ? undefined : { first, last };
}
