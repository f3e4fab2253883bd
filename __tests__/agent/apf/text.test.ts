// Tests that the agent refuses texts of releases for APF that the generator wouldn't make, or by which APF wouldn't
// start. Runs on a test device with Debian's APF and the real iptables.

import { LINE, host, onApf, textOf } from './host';
import { addFullRows } from '../../tier';

jest.setTimeout(180_000);

onApf('the agent with texts for APF', (its) => {
  const { run, program, delivered, step, files, folder } = its;
  const WEB = textOf(81);
  const checked = (told = WEB): string => {
    const release = host(told);
    const answers = delivered(release, ['upload', 'check']).join(', ');
    step('rollback', release);
    return answers;
  };

  test('refuses texts that the generator doesn’t make', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = addFullRows(
      [
        ['another folder', '"/etc/apf-firewall"', '"/tmp/x"', 'text-value'],
        ['a command in an interface', '"wan0"', '"$(id)"', 'text-value'],
        ['a command after a value', '"22,81"', '"22,81"; id', 'text-value'],
        ['a command in a value', '"22,81"', '"`id`"', 'text-value'],
        ['a reversed range', '22,81', '81_22', 'text-value'],
        ['a command', LINE, 'tcp:in:d=22:s=$(id)', 'text-network'],
        ['another script', '-D INPUT -p udp', '-I INPUT -p udp', 'text-line'],
        ['no end', 'RUN="yes"\n', '', 'text-unclosed'],
      ],
      [
        [
          'another file',
          '==> /etc/apf-firewall/allow_hosts.rules',
          '==> /etc/apf-firewall/deny_hosts.rules',
          'text-line',
        ],
        ['another owner', '# cpanel-edge:web\n', '# cpanel-edge:other\n', 'text-line'],
        ['another owner’s section', '# cpanel-edge:web begin', '# cpanel-edge:other begin', 'text-line'],
        ['an unknown setting', 'DEVEL_MODE="0"', 'LOG_APF="0"', 'text-line'],
        ['a setting twice', 'DEVEL_MODE="0"', 'DEVEL_MODE="0"\nDEVEL_MODE="0"', 'text-line'],
        ['a missing setting', 'DEVEL_MODE="0"\n', '', 'text-line'],
        ['DEVEL_MODE', 'DEVEL_MODE="0"', 'DEVEL_MODE="1"', 'text-value'],
        ['blanks around the sign', 'DEVEL_MODE="0"', 'DEVEL_MODE = "0"', 'text-line'],
        ['no interface', '"wan0"', '""', 'text-value'],
        ['two interfaces', '"wan0"', '"wan0 wan1"', 'text-value'],
        ['a long interface', '"wan0"', '"abcdefghijklmnop"', 'text-value'],
        ['a trusted interface', 'IFACE_TRUSTED=""', 'IFACE_TRUSTED="wan0"', 'text-value'],
        ['a quote in a value', '"22,81"', '"22"81"', 'text-value'],
        ['a value without quotes', '"22,81"', '22,81', 'text-value'],
        ['a blank in place of a comma', '22,81', '22 81', 'text-value'],
        ['a colon', '22,81', '22:81', 'text-value'],
        ['a port out of range', '22,81', '22,65536', 'text-value'],
        ['an octal port', '22,81', '022,81', 'text-value'],
        ['an open range', '22,81', '22_', 'text-value'],
        ['ports out of order', '22,81', '81,22', 'text-value'],
        ['an empty port', '22,81', '22,,81', 'text-value'],
        ['no type of ICMP', '"0,3,11,12"', '""', 'text-value'],
        ['any type of ICMP', '"0,3,11,12"', '"0,255"', 'text-value'],
        ['a name of a type', '"0,3,11,12"', '"echo-request"', 'text-value'],
        ['EGF', 'EGF="0"', 'EGF="1"', 'text-value'],
        ['a plain address', LINE, '192.0.2.1', 'text-line'],
        ['another protocol', LINE, LINE.replace('tcp', 'sctp'), 'text-line'],
        ['an outbound line', LINE, 'tcp:out:d=25:d=192.0.2.1', 'text-line'],
        ['a source port', LINE, 'tcp:in:s=53:s=192.0.2.1', 'text-line'],
        ['the other side', LINE, 'tcp:in:d=53:d=192.0.2.1', 'text-line'],
        ['two ports', LINE, 'tcp:in:d=1,2:s=192.0.2.0/24', 'text-ports'],
        ['no port', LINE, 'tcp:in:d=:s=192.0.2.1', 'text-ports'],
        ['a name of a port', LINE, 'tcp:in:d=ssh:s=192.0.2.1', 'text-ports'],
        ['IPv6', LINE, 'tcp:in:d=22:s=2001:db8::1', 'text-line'],
        ['a host name', LINE, 'tcp:in:d=22:s=example.org', 'text-network'],
        ['an octal address', LINE, 'tcp:in:d=22:s=192.0.2.010', 'text-network'],
        ['a length too long', LINE, 'tcp:in:d=22:s=192.0.2.0/33', 'text-network'],
        ['a further command', '==> /etc/default', 'id\n==> /etc/default', 'text-line'],
        ['another RUN', 'RUN="yes"', 'RUN="no"', 'text-line'],
        ['text after the end', /$/, 'id\n', 'text-line'],
        ['a tab', LINE, `${LINE}\t`, 'text-network'],
        ['a letter beyond ASCII', LINE, `${LINE}\u00a0`, 'text-network'],
      ],
    );
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(WEB.replace(from, () => to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });

  test('refuses a delivery if APF would not start, is temporary, or another program manages the rules', () => {
    const before = files();
    const wrong: readonly (readonly [string, string])[] = addFullRows(
      [
        [`echo 'LOG_APF="$(id)"' >>conf.apf`, 'apf-file'],
        ["echo '# cpanel-edge:web begin' >>allow_hosts.rules", 'apf-marks'],
        ['echo version: 9.6-5 >VERSION', 'apf-version'],
        ['nft add table inet theirs', 'other-firewall'],
      ],
      [
        [`echo 'IG_TCP_CPORTS="22"' >>conf.apf`, 'apf-file'],
        [`echo 'IG_TCP_CPORTS="22" IG_TCP_CPORTS="23"' >>conf.apf`, 'apf-file'],
        [`echo '[ -e /x ] && EGF="1"' >>conf.apf`, 'apf-file'],
        [`echo 'LOG_APF=$HOME' >>conf.apf`, 'apf-file'],
        [`echo 'LOG_APF="a"b' >>conf.apf`, 'apf-file'],
        [`echo 'LOG_APF="a"EGF="1"' >>conf.apf`, 'apf-file'],
        [`echo 'LOG_APF="a' >>conf.apf`, 'apf-file'],
        [`echo 'export EGF="1"' >>conf.apf`, 'apf-file'],
        ["sed -i 's/$/\\r/' conf.apf", 'apf-file'],
        [`printf 'A="\\000"\\n' >>conf.apf`, 'apf-file'],
        ['echo exit >>../default/apf-firewall', 'apf-file'],
        [`echo RUN=no >>../default/apf-firewall`, 'apf-file'],
        ['rm allow_hosts.rules', 'apf-file'],
        ["echo '# cpanel-edge:web end' >>postroute.rules", 'apf-marks'],
        ["printf '# cpanel-edge:web %s\\n' begin end >>allow_hosts.rules", 'table-exists'],
        ["echo '# cpanel-edge:blog begin' >>allow_hosts.rules", 'apf-owner'],
        ['rm VERSION', 'apf-version'],
        ['mkdir ../apf; echo 2.0.2 >../apf/VERSION; : >../apf/conf.apf', 'apf-version'],
        ['ip addr add 2001:db8::1/64 dev wan0', 'apf-ipv6'],
        ['rm /etc/systemd/system/enabled-apf-firewall.service', 'apf-not-enabled'],
        [': >/etc/systemd/system/enabled-firewalld.service', 'other-firewall'],
        ['echo ENABLED=yes >/etc/ufw/ufw.conf', 'other-firewall'],
        ['mkdir -p ../csf; : >../csf/csf.conf', 'other-firewall'],
        ['iptables -F; iptables -X', 'apf-not-running'],
        [`mv ${folder}/bin/apf ${folder}/apf.away`, 'tool-missing'],
      ],
    );
    const told = wrong.map(([does]) => {
      run(
        `cp -a /etc/apf-firewall ${folder}/then; cp /etc/default/apf-firewall ${folder}/then/run; iptables-save >${folder}/4; cd /etc/apf-firewall; ${does}`,
      );
      const word = checked();
      run(`rm -rf /etc/apf-firewall /etc/apf /etc/csf/* /etc/ufw/* /etc/systemd/system/enabled-firewalld.service; mv ${folder}/then/run /etc/default/apf-firewall
        mv ${folder}/then /etc/apf-firewall; rmdir /etc/csf; nft delete table inet theirs; iptables-restore <${folder}/4; ip addr del 2001:db8::1/64 dev wan0
        : >/etc/systemd/system/enabled-apf-firewall.service; [ ! -e ${folder}/apf.away ] || mv ${folder}/apf.away ${folder}/bin/apf`);
      return `${does}: ${word}`;
    });
    expect(told).toEqual(wrong.map(([does, word]) => `${does}: ok uploaded, refused ${word}`));
    expect(checked(textOf(81).replace('"wan0"', '"eth9"'))).toBe('ok uploaded, refused apf-interface');
    expect([files() === before, checked()]).toEqual([true, 'ok uploaded, ok checked']);
  });
});
