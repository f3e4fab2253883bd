// Types of the facts about a server in its intent, captured or written by hand.

/** Facts about a server, captured or written by hand. A fact that is left out is unknown. */
export interface FactsIntent {
  /** Name and version of the operating system, as in os-release. @example system: 'almalinux 9.4' */
  readonly system?: string;
  /** Version of cPanel & WHM, as in `/usr/local/cpanel/version`. @example cpanel: '11.126.0.21' */
  readonly cpanel?: string;
  /** Whether the server has accounts. Their zones and mail name its addresses. @example hasAccounts: true */
  readonly hasAccounts?: boolean;
  /** Roles that are disabled in WHM's server profile. @example rolesOff: ['webserver'] */
  readonly rolesOff?: readonly string[];
  /**
   * All ports that other hosts can reach, each with the program that listens on it.
   *
   * @example listens: { 'tcp 443': 'httpd', 'tcp 22': 'sshd' }
   * @throws intent/bad-fact
   */
  readonly listens?: Readonly<Record<string, string>>;
  /**
   * Tweak setting `proxysubdomains`: if it is on, cpanel.example.com on port 443 is the panel.
   *
   * @example serviceSubdomains: true
   */
  readonly serviceSubdomains?: boolean;
  /** Tweak setting `alwaysredirecttossl`: whether the panels answer plain HTTP with a redirect to TLS. @example redirectsToTls: true */
  readonly redirectsToTls?: boolean;
  /** Provider of AutoSSL; `off` if there is none. @example autossl: 'LetsEncrypt' */
  readonly autossl?: string;
  /** Whether Exim offers TLS 1.0 or 1.1. @example eximOldTls: false */
  readonly eximOldTls?: boolean;
  /**
   * Range of Pure-FTPd's passive ports.
   *
   * @example passiveFtp: '49152-65534'
   * @throws intent/bad-port, intent/reversed-range
   */
  readonly passiveFtp?: string;
  /** Units of firewalls that run, or that start with the server. @example firewalls: ['csf.service'] */
  readonly firewalls?: readonly string[];
  /** Cron files that run configure_firewall_for_cpanel. @example plans: ['/etc/cron.d/cpanel-firewall'] */
  readonly plans?: readonly string[];
  /**
   * Lines of `/var/cpanel/cpnat`; `absent` if the file doesn't exist, `empty` if it has no line.
   *
   * @example cpnat: ['10.0.0.10 203.0.113.10']
   */
  readonly cpnat?: 'absent' | 'empty' | readonly string[];
  /** Host that MYIP in `/etc/cpsources.conf` names. @example myip: 'myip.cpanel.net' */
  readonly myip?: string;
}
