// Tests the facts about a server that the agent reports: listening programs, cPanel's roles and settings, firewalls.
// Runs on a test device with the real nft.

import { underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';
import { NEVER, CONFIG, serverSaid } from './expect-server-facts';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the facts about a server', (under) => {
  const { run } = under;
  const { said, ofCpanel } = serverSaid(under);

  test('lists the programs that listen for other hosts, and none on loopback', () => {
    const socket = 'use IO::Socket::IP; $0 = shift; my $kept = IO::Socket::IP->new(@ARGV) or die $@; sleep 600';
    const listener = (name: string, protocol: string, at: string, port: number): string =>
      `cp "$(command -v perl)" /run/${name}; /run/${name} -e '${socket}' ${name} Proto ${protocol} LocalHost ${at} LocalPort ${port} ${protocol === 'tcp' ? 'Listen 5' : ''} & pids="$pids $!"`;
    const listening = [
      listener('cpsrvd', 'tcp', '203.0.113.1', 2083),
      listener('httpd', 'tcp', '::', 443),
      listener('mysqld', 'tcp', '127.0.0.1', 3306),
      listener('named', 'udp', '0.0.0.0', 53),
      listener('spamd', 'tcp', '::1', 783),
      listener('question', 'udp', '0.0.0.0', 59_999),
    ];
    const wait = 'until [ "$(ss -Hlntu | wc -l)" -ge 6 ]; do sleep 0.1; done';
    const ask = "/usr/local/sbin/cpanel-edge-device facts | grep '^|listens'";
    const answer = run(`ip link set lo up; pids=\n${listening.join('\n')}\n${wait}; ${ask}; kill $pids`);
    expect(answer.split('\n').filter(Boolean).sort()).toEqual([
      '|listens known',
      '|listens tcp 2083 cpsrvd',
      '|listens tcp 443 httpd',
      '|listens udp 53 named',
    ]);
  });

  test('lists roles, accounts, settings, AutoSSL’s provider, and Exim’s TLS options', () => {
    run(`printf 'proxysubdomains=1\\nalwaysredirecttossl=0\\npassword=${NEVER}\\n' >${CONFIG}`);
    run(
      `mkdir -p /var/cpanel/disabled_roles; : >/var/cpanel/disabled_roles/webserver; : >'/var/cpanel/disabled_roles/${NEVER} ;x'; : >/var/cpanel/users/system; : >/var/cpanel/users/alice`,
    );
    run('cat >/var/cpanel/autossl.json', `{"_schema_version":1,"provider":"LetsEncrypt","metadata":{"x":"${NEVER}"}}`);
    run(
      'cat >/etc/exim.conf.localopts',
      `smtp_banner=${NEVER}\nopenssl_options= +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1\n`,
    );
    expect(ofCpanel().split('\n')).toEqual([
      'accounts 1',
      'role-off webserver',
      'setting proxysubdomains 1',
      'setting alwaysredirecttossl 0',
      'autossl LetsEncrypt',
      'exim-tls +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
      '',
    ]);
  });

  test('lists firewalls that start with the server, and none that its own file has disabled', () => {
    const firewalls = (): string =>
      (said().match(/^firewall .*$/gm) ?? []).map((line) => line.slice('firewall '.length)).join();
    const units = ['ufw', 'csf', 'apf-firewall', 'nftables', 'sshd'].map(
      (name) => `: >/run/cpanel-edge/timer-${name}.service`,
    );
    run(
      `mkdir -p /etc/ufw /etc/csf; ${units.join('; ')}; echo ENABLED=no >/etc/ufw/ufw.conf; : >/etc/csf/csf.disable; echo 'RUN="no"' >/etc/default/apf-firewall`,
    );
    const off = firewalls();
    run(`echo ENABLED=yes >/etc/ufw/ufw.conf; rm /etc/csf/csf.disable; echo 'RUN="yes"' >/etc/default/apf-firewall`);
    const on = firewalls();
    run('rm -rf /run/cpanel-edge/timer-* /etc/ufw/* /etc/csf/* /etc/default/apf-firewall');
    expect([off, on]).toEqual(['nftables.service', 'csf.service,apf-firewall.service,ufw.service,nftables.service']);
  });
});
