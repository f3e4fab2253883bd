import { Prefix, networkOf, parseInterfaceAddress } from '../../../../net/address';

/** An address or a network as pf takes it: bits of the host are masked away. */
export function prefixAt(text: string): Prefix | undefined {
  // Most words are names.
  if (!/^[0-9a-f:]/i.test(text)) return undefined;
  const parts = parseInterfaceAddress(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`);
  return parts && networkOf(parts.address, parts.length);
}

/** Names of services that are ports for the box, too; the ones that people write. Source: IANA service names. */
const SERVICES: Readonly<Record<string, number>> = {
  ...{ 'ftp-data': 20, ftp: 21, ssh: 22, telnet: 23, smtp: 25, domain: 53, tftp: 69, http: 80, pop3: 110, ntp: 123, imap: 143 },
  ...{ snmp: 161, ldap: 389, https: 443, submission: 587, ldaps: 636, imaps: 993, pop3s: 995, rdp: 3389 },
};

export function portAt(text: string): number | undefined {
  if (Object.hasOwn(SERVICES, text)) return SERVICES[text];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** One port, or two with the separator; undefined for anything else. The last may be before the first: then no port is in it. */
export function portsAt(text: string, separator: '-' | ':'): { readonly first: number; readonly last: number } | undefined {
  const [from = '', to, ...more] = text.split(separator);
  const first = portAt(from);
  const last = to === undefined || to === '' ? first : portAt(to);
  return first === undefined || last === undefined || more.length > 0 ? undefined : { first, last };
}
