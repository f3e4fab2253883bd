/** What a server has. Each may be left out: then nobody knows it. */
export interface FactsIntent {
  /** Name and version, as os-release says them. @example system: 'almalinux 9.4' */
  readonly system?: string;
  /** Its version, as `/usr/local/cpanel/version` says it. @example cpanel: '11.126.0.21' */
  readonly cpanel?: string;
  /** Whether accounts are on it, whose zones and mail name its addresses. @example hasAccounts: true */
  readonly hasAccounts?: boolean;
  /** Roles that are off in WHM's server profile. @example rolesOff: ['webserver'] */
  readonly rolesOff?: readonly string[];
  /** Who listens where others reach it, all of them. @example listens: { 'tcp 443': 'httpd', 'tcp 22': 'sshd' } @throws intent/bad-fact */
  readonly listens?: Readonly<Record<string, string>>;
  /** Tweak setting `proxysubdomains`, when on: cpanel.example.com on 443 is the panel. @example serviceSubdomains: true */
  readonly serviceSubdomains?: boolean;
  /** Tweak setting `alwaysredirecttossl`: whether the panels answer plain HTTP with a redirect to TLS. @example redirectsToTls: true */
  readonly redirectsToTls?: boolean;
  /** Provider of AutoSSL, or `off`. @example autossl: 'LetsEncrypt' */
  readonly autossl?: string;
  /** Whether Exim offers TLS 1.0 or 1.1. @example eximOldTls: false */
  readonly eximOldTls?: boolean;
  /** Pure-FTPd's range of passive ports. @example passiveFtp: '49152-65534' @throws intent/bad-port, intent/reversed-range */
  readonly passiveFtp?: string;
  /** Units of firewalls that are started with the server, or run. @example firewalls: ['csf.service'] */
  readonly firewalls?: readonly string[];
  /** Files of cron that run configure_firewall_for_cpanel. @example plans: ['/etc/cron.d/cpanel-firewall'] */
  readonly plans?: readonly string[];
  /** Lines of `/var/cpanel/cpnat`. @example cpnat: ['10.0.0.10 203.0.113.10'] */
  readonly cpnat?: 'absent' | 'empty' | readonly string[];
  /** Host of MYIP in `/etc/cpsources.conf`. @example myip: 'myip.cpanel.net' */
  readonly myip?: string;
}
