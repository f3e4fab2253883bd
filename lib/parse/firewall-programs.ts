/** A program that keeps rules of its own on a device, beside those that this package has there. */
export interface FirewallProgram {
  /** For people: `cPHulk`. */
  readonly name: string;
  /** Where its rules are changed for good, after "change it": `in WHM, …`. Whoever takes one away by hand may have it back. */
  readonly change: string;
  /** Whom its rules are there to keep out, for programs that exist for that: whom a port is not for, or whom it has banned. */
  readonly keepsOut?: 'by port' | 'by ban';
  /** Written by each run of configure_firewall_for_cpanel, unless its settings say no. */
  readonly byCpanel?: 'written';
  /** The unit that each run of it empties, whatever its settings say; rules that are elsewhere stay. */
  readonly emptiedIn?: string;
  /** The default of a chain that leads to its own is its, too. */
  readonly setsDefaults?: true;
}

/** Of nft, on Enterprise Linux. Rules of iptables are only added to. */
const CPANEL_EMPTIED_TABLE = 'inet filter';

/**
 * What programs call their chains and sets. Source: Cpanel::Services::Firewall, Cpanel::NFTables::TempBan and hostaccess.cgi of cPanel & WHM
 * (2022); fail2ban's actions; ufw's user.rules; moby's libnetwork.
 */
const PROGRAMS: readonly (readonly [RegExp, FirewallProgram])[] = [
  [
    /^cPanel-HostAccessControl$/,
    {
      name: 'Host Access Control',
      change: 'in WHM, Security Center, Host Access Control, which keeps it over restarts',
      keepsOut: 'by port',
      emptiedIn: CPANEL_EMPTIED_TABLE,
    },
  ],
  [
    /^cP-Firewall-1-INPUT$/,
    {
      name: 'configure_firewall_for_cpanel',
      change:
        'by skip_rules_added_by_configure_firewall_for_cpanel=1 in /var/cpanel/cpanel.config and another run of it (on Ubuntu, where that changes nothing, by taking them away, too)',
      byCpanel: 'written',
    },
  ],
  [
    /^cP-Firewall-1-PortAuthority$/,
    { name: "cPanel's port authority", change: 'by /usr/local/cpanel/scripts/cpuser_port_authority' },
  ],
  [
    /^cphulk(-TempBan)?$/,
    {
      name: 'cPHulk',
      change: 'in WHM, Security Center, cPHulk Brute Force Protection',
      keepsOut: 'by ban',
      emptiedIn: CPANEL_EMPTIED_TABLE,
    },
  ],
  [
    /^(addr6?-set|f2b|fail2ban)-/,
    { name: 'fail2ban', change: 'by fail2ban-client set JAIL unbanip ADDRESS', keepsOut: 'by ban' },
  ],
  [/^ufw6?-/, { name: 'ufw', change: 'by ufw, or in /etc/ufw/*.rules', setsDefaults: true }],
  // DOCKER-USER is an administrator's.
  [/^DOCKER(-(?!USER$)|$)/, { name: 'Docker', change: 'by the published ports of its containers' }],
];

/** What cPanel adds to a default zone, and writes anew with each run of its script. Source: Cpanel::Services::Firewall (2022). */
export const CPANEL_SERVICE: FirewallProgram = {
  name: 'the service cpanel, which configure_firewall_for_cpanel writes,',
  change:
    'by rich rules of the zone, which come before its services: `rule port port="N" protocol="tcp" reject`, and with priority="-10" one that accepts for each client',
};

/** Whose a chain or a set is by its name, where its program is known. */
export const findProgram = (name: string): FirewallProgram | undefined =>
  PROGRAMS.find(([pattern]) => pattern.test(name))?.[1];

/** Whose the default of a chain is that leads to chains of these names, where such a program is known. */
export const findDefaultProgram = (names: readonly string[]): FirewallProgram | undefined =>
  names.flatMap((name) => findProgram(name) ?? []).find(({ setsDefaults }) => setsDefaults);

/** Whether a chain is one of a program that is there to keep somebody out, as far as its name tells. */
export const isBlockingChain = (name: string): boolean => findProgram(name)?.keepsOut !== undefined;

/** What a text with chains of these names can't say: each a sentence of its report. */
export const describeProgramRules = (names: Iterable<string>): readonly string[] =>
  [...new Set([...names].flatMap((name) => findProgram(name) ?? []))].map(
    ({ name, change }) =>
      `rules of ${name}, which changes them, are judged as they were; they are changed for good ${change}`,
  );
