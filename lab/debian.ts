// The Debian release that the lab's devices run, with the versions, packages and settings that depend on it.

/** Properties of one Debian release that devices may run. */
interface Debian {
  /** Version of each platform in the lab. */
  readonly versions: Readonly<Record<'nftables' | 'iptables' | 'firewalld', string>>;
  readonly packages: readonly string[];
  /** Lines for mmdebstrap, with the root as $1. */
  readonly customize: readonly string[];
  /** Lines for sshd's configuration. */
  readonly sshd: string;
  /** Options of sshd. */
  readonly sshdOptions: string;
}

const DEBIANS: Readonly<Record<string, Debian>> = {
  bookworm: {
    versions: { nftables: '1.0.6', iptables: '1.8.9', firewalld: '1.3.3' },
    packages: ['apf-firewall'],
    customize: [],
    sshd: '',
    // It forks, and doesn't execute itself anew for each connection: the prober connects six times a second, and each
    // exec takes 9 ms.
    sshdOptions: '-r',
  },
  trixie: {
    versions: { nftables: '1.1.3', iptables: '1.8.11', firewalld: '2.3.1' },
    // APF is left out.
    packages: [],
    // Required by platform firewalld from version 2.2 on.
    customize: ['sed -i "s/^NftablesTableOwner=.*/NftablesTableOwner=no/" "$1"/etc/firewalld/firewalld.conf'],
    // The prober connects without logging in. From 9.8 on sshd would penalize the operator's own logins for that.
    sshd: 'PerSourcePenalties no\n',
    // From 9.8 on it starts a small program for each connection.
    sshdOptions: '',
  },
};

/** The Debian of the tests; CPANEL_EDGE_LAB_DEBIAN=trixie sets another one by hand. */
export const DEBIAN = process.env['CPANEL_EDGE_LAB_DEBIAN'] || 'bookworm';

export const OF_DEBIAN = ((): Debian => {
  const its = DEBIANS[DEBIAN];
  if (!its) throw new Error(`CPANEL_EDGE_LAB_DEBIAN is ${DEBIAN}: one of ${Object.keys(DEBIANS).join(', ')}.`);
  return its;
})();
