// Tests the facts that the agent reports of a server without cPanel, with AutoSSL off, with unknown values, and with a
// cron job that runs cPanel's firewall script. Runs on a test device with the real nft.

import { underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';
import { NEVER, CONFIG, serverSaid } from './expect-server-facts';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the facts about a server', (under) => {
  const { run } = under;
  const { ofCpanel } = serverSaid(under);

  test('reports nothing of cPanel without it', () => {
    run(`rm ${CONFIG}; mkdir -p /var/cpanel/disabled_roles; : >/var/cpanel/disabled_roles/webserver`);
    expect(ofCpanel()).toBe('');
  });

  test('reports AutoSSL that is off, unknown values, and a missing file', () => {
    run(`printf 'proxysubdomains=${NEVER}\\n' >${CONFIG}; mkdir /etc/exim.conf.localopts`);
    run('cat >/var/cpanel/autossl.json', '{"provider":null,"_schema_version":1}');
    expect(ofCpanel()).toBe('accounts 0\nautossl off\n');
    run('rm -rf /etc/exim.conf.localopts');
    run('cat >/etc/exim.conf.localopts', `openssl_options=$(${NEVER})\n`);
    run('cat >/var/cpanel/autossl.json', `{"provider":"${NEVER} x"}`);
    expect(ofCpanel()).toBe('accounts 0\n');
  });

  test("reports a cron job that runs cPanel's firewall script", () => {
    run('cat >/etc/cron.d/firewall', '0 3 * * * root /usr/local/cpanel/scripts/configure_firewall_for_cpanel\n');
    run('cat >/etc/cron.d/remark', '# configure_firewall_for_cpanel ran once\n');
    run(`cat >'/etc/cron.d/${NEVER} $(x)'`, '0 3 * * * root configure_firewall_for_cpanel\n');
    expect(ofCpanel()).toBe('plans /etc/cron.d/firewall\naccounts 0\n');
  });
});
