/** What differs between the Debians that devices may be. */
interface Debian {
  /** Of what the lab has of each platform. */
  readonly versions: Readonly<Record<'nftables' | 'iptables' | 'firewalld', string>>;
  readonly packages: readonly string[];
  /** Lines for mmdebstrap, with the root as $1. */
  readonly customize: readonly string[];
  /** Lines for sshd. */
  readonly sshd: string;
  /** Its options. */
  readonly sshdOptions: string;
}

const DEBIANS: Readonly<Record<string, Debian>> = {
  bookworm: {
    versions: { nftables: '1.0.6', iptables: '1.8.9', firewalld: '1.3.3' },
    packages: ['apf-firewall'],
    customize: [],
    sshd: '',
    // It forks and goes on, where it would start itself anew for whoever connects: the prober does six times a second, for 9 ms each.
    sshdOptions: '-r',
  },
  trixie: {
    versions: { nftables: '1.1.3', iptables: '1.8.11', firewalld: '2.3.1' },
    // Without APF.
    packages: [],
    // What platform firewalld asks for from 2.2 on.
    customize: ['sed -i "s/^NftablesTableOwner=.*/NftablesTableOwner=no/" "$1"/etc/firewalld/firewalld.conf'],
    // The prober connects without ever logging in, which sshd from 9.8 on has the operator's own logins pay for.
    sshd: 'PerSourcePenalties no\n',
    // The program that it starts from 9.8 on is a small one.
    sshdOptions: '',
  },
};

/** That of the tests, or another one by hand: CPANEL_EDGE_LAB_DEBIAN=trixie. */
export const DEBIAN = process.env['CPANEL_EDGE_LAB_DEBIAN'] || 'bookworm';

export const OF_DEBIAN = ((): Debian => {
  const its = DEBIANS[DEBIAN];
  if (!its) throw new Error(`CPANEL_EDGE_LAB_DEBIAN is ${DEBIAN}: one of ${Object.keys(DEBIANS).join(', ')}.`);
  return its;
})();
