// Ports that cPanel & WHM 112 uses, from its firewall documentation. A row with two protocols and two directions
// stands for all four combinations.
/** One row of the vendor's table. Ticks multiply: protocols by directions. */
export interface PortRow {
  readonly port: number;
  readonly service: string;
  /** Protocols as ticked. Row 953 has none ticked and is TCP. */
  readonly protocols: readonly ('tcp' | 'udp')[];
  readonly inbound: boolean;
  readonly outbound: boolean;
  /** The Localhost column as ticked. LOCAL_PORTS_112 has the ports that must stay local. */
  readonly localhost: boolean;
  readonly notes: string;
  readonly sourcePorts?: readonly number[];
}

const createPortRow = (
  port: number,
  service: string,
  protocols: string,
  ticks: string,
  notes = '',
  sourcePorts?: readonly number[],
): PortRow => ({
  port,
  service,
  protocols: (['tcp', 'udp'] as const).filter((protocol) => protocols.split(' ').includes(protocol)),
  inbound: ticks.includes('in'),
  outbound: ticks.includes('out'),
  localhost: ticks.includes('local'),
  notes,
  ...(sourcePorts ? { sourcePorts } : {}),
});

/** The rows of the firewall document of cPanel & WHM, valid for version 112 (last modified 2025-09-02). */
export const PORT_TABLE_112: readonly PortRow[] = [
  createPortRow(
    1,
    'CPAN',
    'tcp',
    'out',
    'Used by the cPanel Perl Modules page (Show Available Modules) to load faster.',
  ),
  createPortRow(7, 'Razor', 'tcp', 'out', "SpamAssassin's Razor collaborative spam database."),
  createPortRow(20, 'FTP', 'tcp', 'in out', 'Plain FTP; vendor prefers SFTP over SSH.'),
  createPortRow(21, 'FTP', 'tcp', 'in out', 'Plain FTP; vendor prefers SFTP over SSH.'),
  createPortRow(
    22,
    'SSH',
    'tcp',
    'in',
    'Must be open before WHM Transfer Tool is used with root SSH-key authentication.',
  ),
  createPortRow(25, 'SMTP', 'tcp', 'in out'),
  createPortRow(26, 'SMTP', 'tcp', 'in out', 'Used only when the alternate Exim port is set in WHM Service Manager.'),
  createPortRow(37, 'rdate', 'tcp', 'out'),
  createPortRow(43, 'whois', 'tcp', 'out'),
  createPortRow(
    53,
    'DNS',
    'tcp udp',
    'in out',
    'Public DNS, talking to root name servers for AutoSSL, and any other name resolution.',
  ),
  createPortRow(
    80,
    'httpd',
    'tcp',
    'in out',
    'HTTP; vendor wants sites on 443. cpsrvd takes this port when the Web Server role is disabled.',
  ),
  createPortRow(110, 'POP3', 'tcp', 'in'),
  createPortRow(113, 'ident', 'tcp', 'out'),
  createPortRow(143, 'IMAP', 'tcp', 'in'),
  createPortRow(
    443,
    'httpd',
    'tcp udp',
    'in out',
    'HTTPS. Service/proxy subdomains can reach cPanel and WHM through it; cpsrvd takes it when the Web Server role is disabled; AutoSSL needs outbound access to store.cpanel.net on it.',
  ),
  createPortRow(465, 'SMTP, SSL/TLS', 'tcp', 'in out', 'Vendor wants TLS 1.2 enabled.'),
  createPortRow(
    579,
    'cPHulk',
    'tcp',
    '',
    'Should accept connections on IPv4 127.0.0.x only; no external traffic needed. (Localhost column itself is not ticked.)',
  ),
  createPortRow(587, 'Exim', 'tcp', 'in out'),
  createPortRow(783, 'Apache SpamAssassin™', 'tcp udp', 'local'),
  createPortRow(873, 'rsync', 'tcp udp', 'out'),
  createPortRow(
    953,
    'PowerDNS',
    '',
    'local',
    'Should accept connections on IPv4 127.0.0.1 only; no external traffic needed; required when PowerDNS name servers are used. (No protocol column is ticked.)',
  ),
  createPortRow(993, 'IMAP SSL', 'tcp', 'in'),
  createPortRow(995, 'POP3 SSL', 'tcp', 'in'),
  createPortRow(2077, 'WebDAV', 'tcp', 'in out', 'Used by the cPanel Web Disk interface.'),
  createPortRow(2078, 'WebDAV SSL', 'tcp', 'in out'),
  createPortRow(2079, 'CalDAV and CardDAV', 'tcp', 'in out'),
  createPortRow(2080, 'CalDAV and CardDAV (SSL)', 'tcp', 'in out'),
  createPortRow(
    2082,
    'cPanel and cPanel Licensing',
    'tcp',
    'in',
    'Plain-text login; set the redirect-to-SSL Tweak Setting to On to allow only TLS logins.',
  ),
  createPortRow(2083, 'cPanel SSL and cPanel Licensing', 'tcp', 'in'),
  createPortRow(
    2086,
    'WHM and cPanel Licensing',
    'tcp',
    'in',
    'Plain-text login; set the redirect-to-SSL Tweak Setting to On to allow only TLS logins.',
  ),
  createPortRow(2087, 'WHM SSL and cPanel Licensing', 'tcp', 'in'),
  createPortRow(
    2089,
    'cPanel Licensing',
    'tcp',
    'out',
    'Outbound TCP from source ports 4 and 1020 to destination port 2089 must be permitted so the server reaches the WebPros licence servers.',
    [4, 1020],
  ),
  createPortRow(
    2091,
    'Exchange ActiveSync (EAS) SSL/TLS',
    'tcp',
    'in',
    'Android sync over EAS; only available with both the Calendars and Contacts Server and the Z-Push plugins.',
  ),
  createPortRow(
    2095,
    'Webmail',
    'tcp',
    'in',
    'Plain-text login; set the redirect-to-SSL Tweak Setting to On to allow only TLS logins.',
  ),
  createPortRow(2096, 'Webmail SSL and cPanel Licensing', 'tcp', 'in'),
  createPortRow(
    2195,
    'Apple Push Notification service (APNs)',
    'tcp',
    'out',
    'Used only for Apple Push Notification service.',
  ),
  createPortRow(2703, 'Razor', 'tcp', 'out', "SpamAssassin's Razor collaborative spam database."),
  createPortRow(3306, 'MySQL®', 'tcp', 'in', 'Remote database connections.'),
  createPortRow(
    6277,
    'DCC',
    'tcp udp',
    'out',
    'SpamAssassin DCC; see the DCC and NetTestFirewallIssues pages of Apache.',
  ),
  createPortRow(11371, 'apt', 'tcp', 'out', 'Ubuntu servers use it to download apt repository GPG keys.'),
  createPortRow(
    24441,
    'Pyzor',
    'tcp udp',
    'out',
    'SpamAssassin Pyzor; see the Pyzor and NetTestFirewallIssues pages of Apache.',
  ),
];

/** Ports to which licence changes are pushed (TCP, inbound). They are tried in turn. 2095 is not among them. */
export const LICENCE_CALLBACK_PORTS_112: readonly number[] = [2082, 2083, 2086, 2087, 2096];

/** Ports that must stay local: 783 and 953 by their tick, 579 by its note (its Localhost cell is blank). */
export const LOCAL_PORTS_112: readonly number[] = [579, 783, 953];
