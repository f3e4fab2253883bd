import { underShell, underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';

jest.setTimeout(60_000);

const [CPNAT, CONFIG] = ['/var/cpanel/cpnat', '/var/cpanel/cpanel.config'];

/** Servers behind a 1:1 NAT, made of one: what leaves for a public address comes back as `rules` say. */
const RULES = `table ip around {
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
const LISTENER = `use Socket; $| = 1; for (@ARGV) { my ($at, $port) = split /=/; my $v6 = $at =~ /:/; socket my $s, $v6 ? PF_INET6 : PF_INET, SOCK_STREAM, 0 or die;
bind $s, $v6 ? pack_sockaddr_in6($port, "\\0" x 16) : pack_sockaddr_in($port, inet_aton($at)) or die $!; listen $s, 5; push @all, $s } print "here\\n"; sleep 60`;
const LISTENS = `perl -e '${LISTENER}' 10.0.0.10=443 ::=53 >/run/cpanel-edge/listens 2>&1 & listens=$!
for n in 1 2 3 4 5 6 7 8 9; do grep -qs here /run/cpanel-edge/listens && break; sleep 0.2; done`;

/** A server with two addresses, on which something listens on 53 at every address, and on 443 at the first. */
function server({ run }: ReturnType<typeof underShell>, shell = '') {
  beforeAll(
    () =>
      void run(
        'ip addr add 10.0.0.10/24 dev wan0; ip addr add 10.0.0.11/24 dev wan0; ip route add 198.51.100.0/24 via 203.0.113.9; ip neigh replace 203.0.113.9 lladdr 02:00:00:00:00:09 dev wan0; nft -f -',
        RULES,
      ),
  );
  const asks = (question = 'loopback 53'): string =>
    run(`${LISTENS}\n${shell} /usr/local/sbin/cpanel-edge-device look; kill $listens 2>/dev/null`, `${question}\n`).trimEnd();
  return {
    asks,
    /** What it says where the file has these lines, in any order. */
    heard: (lines: readonly string[], ports = '53'): readonly string[] => {
      run(`mkdir -p /var/cpanel; : >${CONFIG}; cat >${CPNAT}`, lines.map((line) => `${line}\n`).join(''));
      const answer = asks(`loopback ${ports}`);
      expect(answer).toMatch(/\ncpanel-edge: ok look$/);
      return /section loopback\n((?:\|.*\n)*)cpanel-edge: /.exec(answer)![1]!.replaceAll('|', '').split('\n').slice(0, -1).sort();
    },
  };
}

underShells(DEVICE_SHELLS, 'a server that asks itself by its public addresses', (device, shell) => {
  const { heard, asks } = server(device, shell);

  test('says which come back, which are answered by somebody, and which aren’t', () => {
    const before = performance.now();
    expect(
      heard([
        '10.0.0.10 198.51.100.10',
        '10.0.0.11 198.51.100.11',
        '10.0.0.10 198.51.100.12',
        '10.0.0.10 198.51.100.13',
        '10.0.0.10 198.51.100.14',
        '10.0.0.77 198.51.100.10',
        '10.0.0.10 198.51.100.15',
      ]),
    ).toEqual([
      'pair 10.0.0.10 198.51.100.10 53 itself',
      'pair 10.0.0.10 198.51.100.12 53 unreachable',
      'pair 10.0.0.10 198.51.100.13 53 refused',
      'pair 10.0.0.10 198.51.100.14 53 unreachable',
      'pair 10.0.0.10 198.51.100.15 53 silent',
      'pair 10.0.0.11 198.51.100.11 53 answered',
      'pair 10.0.0.77 198.51.100.10 - foreign',
    ]);
    expect(performance.now() - before).toBeLessThan(12_000);
  });

  test('by the first port on which something listens there', () => {
    const lines = ['10.0.0.10 198.51.100.10', '10.0.0.11 198.51.100.11'];
    expect(heard(lines, '80,443')).toEqual(['pair 10.0.0.10 198.51.100.10 443 itself', 'pair 10.0.0.11 198.51.100.11 - unheard']);
    expect(heard(lines.slice(0, 1), '99999,53,443')).toEqual(['pair 10.0.0.10 198.51.100.10 53 itself']);
  });

  test('of the file no line that has no two addresses, that has one twice, or that translates nothing', () => {
    const odd = ['10.0.0.10', '10.0.0.10 10.0.0.10', ' 10.0.0.10 198.51.100.10', '#10.0.0.10 198.51.100.10', '10.0.0.10 localhost'];
    const numbers = ['10.0.0.10 198.51.100.256', '10.0.0.10 198.51.100', '10.0.0.10 1.1.1.1.1', '10.0.0.10 ::1', '10.0.0.10 $(reboot)'];
    expect(heard([...odd, ...numbers])).toEqual([]);
    expect(heard([...odd, '10.0.0.10 198.51.100.10 x', '10.0.0.10\t198.51.100.10', ...numbers])).toEqual([
      'pair 10.0.0.10 198.51.100.10 53 itself',
    ]);
  });

  test('sixteen of them, and that there are more', () => {
    const said = heard(Array.from({ length: 40 }, (_, n) => `10.0.0.77 198.51.100.${n + 20}`));
    expect([said.length, said[0], said.at(-1)]).toEqual([17, 'more', 'pair 10.0.0.77 198.51.100.35 - foreign']);
  });

  test('nothing where there is no cPanel, and where nobody asks', () => {
    expect(heard([])).toEqual([]);
    device.run(`rm ${CONFIG}; echo 10.0.0.10 198.51.100.10 >${CPNAT}`);
    expect(asks()).toMatch(/section loopback\ncpanel-edge: ok look$/);
    expect(asks('port 53')).not.toContain('section loopback');
  });

  test.each(['53;reboot', '53 80', '0', '53,', '$(reboot)', '198.51.100.10', Array(40).fill('53').join(',')])('no question: %s', (ports) =>
    expect(asks(`loopback ${ports}`)).toBe('cpanel-edge: refused wrong-argument question'),
  );
});

describe('a server whose Perl', () => {
  const device = underShell();
  const { heard } = server(device);
  const pair = ['10.0.0.10 198.51.100.10'];

  test('of cPanel is there is asked by that one, and not as its caller likes', () => {
    device.run(
      'mkdir -p /usr/local/cpanel/3rdparty/bin; cat >/usr/local/cpanel/3rdparty/bin/perl; chmod +x /usr/local/cpanel/3rdparty/bin/perl',
      '#!/bin/sh\nenv\ncat >/dev/null\n',
    );
    expect(heard(pair).filter((line) => !/^(PWD|_|SHLVL)=/.test(line))).toEqual([]);
    device.run('cat >/usr/local/cpanel/3rdparty/bin/perl', '#!/bin/sh\necho pair\nexit 1\n');
    expect(heard(pair)).toEqual(['failed']);
    device.run('rm -r /usr/local/cpanel/3rdparty');
  });

  test('is gone says so', () => {
    device.device().replace('/usr/bin/perl', '/dev/null');
    expect(heard(pair)).toEqual(['no-perl']);
  });
});
