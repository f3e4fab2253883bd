/** What a server has. Each may be left out: then nobody knows it. */
export interface FactsIntent {
  /** `almalinux 9.4`, as os-release says it. */
  readonly system?: string;
  /** Version of cPanel: `11.126.0.21`. */
  readonly cpanel?: string;
  /** Whether accounts are on it, whose zones and mail name its addresses. */
  readonly hasAccounts?: boolean;
  /** Roles that are off in WHM's server profile: `webserver`. */
  readonly rolesOff?: readonly string[];
  /** Who listens where others reach it: `{ 'tcp 443': 'httpd' }`, all of them. @throws intent/bad-fact */
  readonly listens?: Readonly<Record<string, string>>;
  /** Tweak setting `proxysubdomains`, when on: cpanel.example.com on 443 is the panel. */
  readonly serviceSubdomains?: boolean;
  /** Tweak setting `alwaysredirecttossl`: whether the panels answer plain HTTP with a redirect to TLS. */
  readonly redirectsToTls?: boolean;
  /** Provider of AutoSSL: `LetsEncrypt`; `off`. */
  readonly autossl?: string;
  /** Whether Exim offers TLS 1.0 or 1.1. */
  readonly eximOldTls?: boolean;
  /** Pure-FTPd's range of passive ports: `49152-65534`. @throws intent/bad-port, intent/reversed-range */
  readonly passiveFtp?: string;
  /** Units of firewalls that are started with the server, or run: `csf.service`. */
  readonly firewalls?: readonly string[];
  /** Files of cron that run configure_firewall_for_cpanel. */
  readonly plans?: readonly string[];
  /** Lines of `/var/cpanel/cpnat`. */
  readonly cpnat?: 'absent' | 'empty' | readonly string[];
  /** Host of MYIP in `/etc/cpsources.conf`. */
  readonly myip?: string;
}
