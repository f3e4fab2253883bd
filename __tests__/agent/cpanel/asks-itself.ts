// Sets up a test server whose kernel rules simulate a 1:1 NAT in front of it, with listeners, so that tests can ask
// whether it reaches itself by its public addresses. Has the rules and the program that listens.

import { underShell } from '../under-shell';

export const [CPNAT, CONFIG] = ['/var/cpanel/cpnat', '/var/cpanel/cpanel.config'];
/** A 1:1 NAT around a server: `rules` decide which packets to a public address come back to the server. */
export const RULES = `table ip around {
  chain leads {
    type nat hook output priority -100
    ip daddr 198.51.100.10 dnat to 10.0.0.10
    ip daddr 198.51.100.11 dnat to 10.0.0.11
    ip daddr 198.51.100.12 dnat to 10.0.0.99
  }
  chain hides {
    type nat hook postrouting priority 100
    ip daddr 10.0.0.11 masquerade fully-random
  }
  chain closes {
    type filter hook output priority 0
    ip daddr 198.51.100.13 meta l4proto tcp reject with tcp reset
    ip daddr 198.51.100.14 reject with icmp type admin-prohibited
  }
}
`;
export const LISTENER = `use Socket; $| = 1; for (@ARGV) { my ($at, $port) = split /=/; my $v6 = $at =~ /:/; socket my $s, $v6 ? PF_INET6 : PF_INET, SOCK_STREAM, 0 or die;
bind $s, $v6 ? pack_sockaddr_in6($port, "\\0" x 16) : pack_sockaddr_in($port, inet_aton($at)) or die $!; listen $s, 5; push @all, $s } print "here\\n"; sleep 600`;
export const LISTENS = `rm -f /run/cpanel-edge/listens; perl -e '${LISTENER}' 10.0.0.10=443 ::=53 >/run/cpanel-edge/listens 2>&1 & listens=$!
until [ -s /run/cpanel-edge/listens ]; do sleep 0.1; done`;
/** A server with two addresses. A program listens on port 53 of each address, and on port 443 of the first. */
export function server({ run }: ReturnType<typeof underShell>, shell = '') {
  beforeAll(
    () =>
      void run(
        'ip addr add 10.0.0.10/24 dev wan0; ip addr add 10.0.0.11/24 dev wan0; ip route add 198.51.100.0/24 via 203.0.113.9; ip neigh replace 203.0.113.9 lladdr 02:00:00:00:00:09 dev wan0; nft -f -',
        RULES,
      ),
  );
  const asks = (question = 'loopback 53'): string =>
    run(
      `${LISTENS}\n${shell} /usr/local/sbin/cpanel-edge-device look; kill $listens 2>/dev/null`,
      `${question}\n`,
    ).trimEnd();
  return {
    asks,
    /** The agent's report if the file has these lines, in any order. */
    heard: (lines: readonly string[], ports = '53'): readonly string[] => {
      run(`mkdir -p /var/cpanel; : >${CONFIG}; cat >${CPNAT}`, lines.map((line) => `${line}\n`).join(''));
      // bash may print the jobs that have ended after it.
      const answer = asks(`loopback ${ports}`);
      expect(answer).toMatch(/\ncpanel-edge: ok look$/m);
      return /section loopback\n((?:\|.*\n)*)cpanel-edge: /
        .exec(answer)![1]!
        .replaceAll('|', '')
        .split('\n')
        .slice(0, -1)
        .sort();
    },
  };
}
