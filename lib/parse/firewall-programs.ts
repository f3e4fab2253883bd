// Lists the programs that keep rules of their own on a device (fail2ban, Docker, cPHulk and others), and recognises
// them by the names of their chains.

/** A program that keeps its own rules on a device, beside those of this package. */
export interface FirewallProgram {
  /** For people: `cPHulk`. */
  readonly name: string;
  /**
   * How to change its rules for good, to follow "change it": `in WHM, …`. A rule that is removed by hand may come back.
   */
  readonly changeHint: string;
  /**
   * How its rules select the clients that they keep out, for programs that exist for that: `by port` for clients that a
   * port is not for, `by ban` for banned ones.
   */
  readonly blocks?: 'by port' | 'by ban';
  /** Each run of configure_firewall_for_cpanel writes it, unless its settings say no. */
  readonly cpanelEffect?: 'written';
  /** The unit that each run of the program empties, whatever its settings say. Rules that are elsewhere stay. */
  readonly emptiedUnit?: string;
  /** The program also sets the default of a chain that jumps to its own chains. */
  readonly setsDefaults?: true;
}

/** The table of nft, on Enterprise Linux. To iptables the programs only add rules. */
const CPANEL_EMPTIED_TABLE = 'inet filter';

/**
 * The names that programs give to their chains and sets. Source: Cpanel::Services::Firewall, Cpanel::NFTables::TempBan
 * and hostaccess.cgi of cPanel & WHM (2022); fail2ban's actions; ufw's user.rules; moby's libnetwork.
 */
const PROGRAMS: readonly (readonly [RegExp, FirewallProgram])[] = [
  [
    /^cPanel-HostAccessControl$/,
    {
      name: 'Host Access Control',
      changeHint: 'in WHM, Security Center, Host Access Control, which keeps it over restarts',
      blocks: 'by port',
      emptiedUnit: CPANEL_EMPTIED_TABLE,
    },
  ],
  [
    /^cP-Firewall-1-INPUT$/,
    {
      name: 'configure_firewall_for_cpanel',
      changeHint:
        'by skip_rules_added_by_configure_firewall_for_cpanel=1 in /var/cpanel/cpanel.config and another run of it (on Ubuntu, where that changes nothing, by taking them away, too)',
      cpanelEffect: 'written',
    },
  ],
  [
    /^cP-Firewall-1-PortAuthority$/,
    { name: "cPanel's port authority", changeHint: 'by /usr/local/cpanel/scripts/cpuser_port_authority' },
  ],
  [
    /^cphulk(-TempBan)?$/,
    {
      name: 'cPHulk',
      changeHint: 'in WHM, Security Center, cPHulk Brute Force Protection',
      blocks: 'by ban',
      emptiedUnit: CPANEL_EMPTIED_TABLE,
    },
  ],
  [
    /^(addr6?-set|f2b|fail2ban)-/,
    { name: 'fail2ban', changeHint: 'by fail2ban-client set JAIL unbanip ADDRESS', blocks: 'by ban' },
  ],
  [/^ufw6?-/, { name: 'ufw', changeHint: 'by ufw, or in /etc/ufw/*.rules', setsDefaults: true }],
  // DOCKER-USER belongs to an administrator.
  [/^DOCKER(-(?!USER$)|$)/, { name: 'Docker', changeHint: 'by the published ports of its containers' }],
];

/**
 * The service that cPanel adds to a default zone and writes anew with each run of its script. Source:
 * Cpanel::Services::Firewall (2022).
 */
export const CPANEL_SERVICE: FirewallProgram = {
  name: 'the service cpanel, which configure_firewall_for_cpanel writes,',
  changeHint:
    'by rich rules of the zone, which come before its services: `rule port port="N" protocol="tcp" reject`, and with priority="-10" one that accepts for each client',
};

/** Returns the program that a chain or a set belongs to, by its name; undefined if the program isn't known. */
export const findProgram = (name: string): FirewallProgram | undefined =>
  PROGRAMS.find(([pattern]) => pattern.test(name))?.[1];

/** Returns the program that sets the default of a chain with jumps to chains of these names, if it is a known one. */
export const findDefaultProgram = (names: readonly string[]): FirewallProgram | undefined =>
  names.flatMap((name) => findProgram(name) ?? []).find(({ setsDefaults }) => setsDefaults);

/** Returns whether a chain belongs to a program that exists to keep clients out, as far as its name tells. */
export const isBlockingChain = (name: string): boolean => findProgram(name)?.blocks !== undefined;

/** Returns the limits of a text with chains of these names: each a sentence of its report. */
export const describeProgramRules = (names: Iterable<string>): readonly string[] =>
  [...new Set([...names].flatMap((name) => findProgram(name) ?? []))].map(
    ({ name, changeHint }) =>
      `rules of ${name}, which changes them, are judged as they were; they are changed for good ${changeHint}`,
  );
