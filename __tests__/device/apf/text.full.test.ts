import { LINE, host, onApf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(180_000);

onApf('texts and files of APF on a device', (its) => {
  const { run, program, says, delivered, step, retracted, apf, conf, files, runs, folder } = its;
  const WEB = textOf(81);
  const checked = (told = WEB): string => {
    const one = host(told);
    const said = delivered(one, ['upload', 'check']).join(', ');
    step('rollback', one);
    return said;
  };

  test('say nothing that the writer does not say', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = [
      ['another file', '==> /etc/apf-firewall/allow_hosts.rules', '==> /etc/apf-firewall/deny_hosts.rules', 'text-line'],
      ['another owner', '# cpanel-edge:web\n', '# cpanel-edge:other\n', 'text-line'],
      ['another owner’s section', '# cpanel-edge:web begin', '# cpanel-edge:other begin', 'text-line'],
      ['a setting of nobody', 'DEVEL_MODE="0"', 'LOG_APF="0"', 'text-line'],
      ['a setting twice', 'DEVEL_MODE="0"', 'DEVEL_MODE="0"\nDEVEL_MODE="0"', 'text-line'],
      ['a setting less', 'DEVEL_MODE="0"\n', '', 'text-line'],
      ['DEVEL_MODE', 'DEVEL_MODE="0"', 'DEVEL_MODE="1"', 'text-value'],
      ['blanks around the sign', 'DEVEL_MODE="0"', 'DEVEL_MODE = "0"', 'text-line'],
      ['no interface', '"wan0"', '""', 'text-value'],
      ['two interfaces', '"wan0"', '"wan0 wan1"', 'text-value'],
      ['a long interface', '"wan0"', '"abcdefghijklmnop"', 'text-value'],
      ['a trusted interface', 'IFACE_TRUSTED=""', 'IFACE_TRUSTED="wan0"', 'text-value'],
      ['a quote in a value', '"22,81"', '"22"81"', 'text-value'],
      ['a value without quotes', '"22,81"', '22,81', 'text-value'],
      ['a blank in the place of a comma', '22,81', '22 81', 'text-value'],
      ['a colon', '22,81', '22:81', 'text-value'],
      ['no such port', '22,81', '22,65536', 'text-value'],
      ['an octal port', '22,81', '022,81', 'text-value'],
      ['an open range', '22,81', '22_', 'text-value'],
      ['ports out of order', '22,81', '81,22', 'text-value'],
      ['an empty one', '22,81', '22,,81', 'text-value'],
      ['no type of ICMP', '"0,3,11,12"', '""', 'text-value'],
      ['any type of ICMP', '"0,3,11,12"', '"0,255"', 'text-value'],
      ['a name of a type', '"0,3,11,12"', '"echo-request"', 'text-value'],
      ['EGF', 'EGF="0"', 'EGF="1"', 'text-value'],
      ['a plain address', LINE, '192.0.2.1', 'text-line'],
      ['another protocol', LINE, LINE.replace('tcp', 'sctp'), 'text-line'],
      ['what goes out', LINE, 'tcp:out:d=25:d=192.0.2.1', 'text-line'],
      ['a source port', LINE, 'tcp:in:s=53:s=192.0.2.1', 'text-line'],
      ['the other side', LINE, 'tcp:in:d=53:d=192.0.2.1', 'text-line'],
      ['two ports', LINE, 'tcp:in:d=1,2:s=192.0.2.0/24', 'text-ports'],
      ['no port', LINE, 'tcp:in:d=:s=192.0.2.1', 'text-ports'],
      ['a name of a port', LINE, 'tcp:in:d=ssh:s=192.0.2.1', 'text-ports'],
      ['IPv6', LINE, 'tcp:in:d=22:s=2001:db8::1', 'text-line'],
      ['a name to ask for', LINE, 'tcp:in:d=22:s=example.org', 'text-network'],
      ['an octal address', LINE, 'tcp:in:d=22:s=192.0.2.010', 'text-network'],
      ['a length too long', LINE, 'tcp:in:d=22:s=192.0.2.0/33', 'text-network'],
      ['a script more', '==> /etc/default', 'id\n==> /etc/default', 'text-line'],
      ['a start of nobody', 'RUN="yes"', 'RUN="no"', 'text-line'],
      ['more behind the end', /$/, 'id\n', 'text-line'],
      ['a tab', LINE, `${LINE}\t`, 'text-network'],
      ['a letter beyond ASCII', LINE, `${LINE}\u00a0`, 'text-network'],
    ];
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(WEB.replace(from, () => to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });

  test('say all that the writer says, and what closes as well', () => {
    const lines = ['tcp:in:d=1_65535:s=192.0.2.0/24', 'udp:in:d=53:s=198.51.100.7', 'tcp:in:d=0_65535:s=0.0.0.0/1'];
    const most = text({ IG_TCP_CPORTS: '', IG_UDP_CPORTS: '53,49152_65534', IG_ICMP_TYPES: 'all' }, lines);
    expect(delivered(host(most, WEB))).toEqual(CONFIRMED);
    expect(run('iptables -S TALLOW').match(/ -p /g)).toHaveLength(3);
    run('sed -i s/65534/65533/ /etc/cpanel-edge/server-web/release');
    expect([program('rules'), runs(), says('runs')]).toEqual([expect.stringContaining('failed load-incomplete'), '22,81', 'closed']);
    expect(conf()).toContain('\nIG_TCP_CPORTS="22,81"\n');
    const { upload, file } = host(WEB, textOf(80, 'other'));
    expect(program(upload, file)).toMatch(/part=text-line$/);
  });

  const shapes: readonly (readonly [string, string, string])[] = [
    ['a value in other quotes', "s/^IG_TCP_CPORTS=.*/IG_TCP_CPORTS='22,25'/", '\nIG_TCP_CPORTS="22,81"\n'],
    ['a value without any', 's/^IG_TCP_CPORTS=.*/  IG_TCP_CPORTS=22,25 # mine/', '\n  IG_TCP_CPORTS="22,81" # mine\n'],
    ['a setting that is not there', '/^IG_TCP_CPORTS=/d', '\nIG_TCP_CPORTS="22,81"\nCNFINT='],
    ['two in a line', 's/^IG_TCP_CPORTS=.*/IG_TCP_CPORTS="22" EGF="0"/; /^EGF=/d', '\nIG_TCP_CPORTS="22,81" EGF="0"\n'],
    ['a remark that looks like one', 's/^IG_TCP_CPORTS=.*/# IG_TCP_CPORTS="1"\\n&/', '\n# IG_TCP_CPORTS="1"\nIG_TCP_CPORTS="22,81"\n'],
    ['values of others with & and \\', 's/^IG_TCP_CPORTS=.*/&\\nOF_OTHERS="\\&"/', '\nIG_TCP_CPORTS="22,81"\nOF_OTHERS="&"\n'],
  ];
  test.each(shapes)('are put into a conf.apf with %s, and taken out of it byte for byte', (_, script, line) => {
    run(
      `cd /etc/apf-firewall; cat >script; sed -i -f script conf.apf; rm script; chmod 640 conf.apf; chown 0:4 conf.apf; printf %s "$(cat allow_hosts.rules)" >allow_hosts.rules`,
      `${script}\n`,
    );
    apf('-r');
    const before = files();
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect([conf().includes(line), run('stat -c %a:%u:%g /etc/apf-firewall/conf.apf'), runs()]).toEqual([true, '640:0:4\n', '22,81']);
    expect([says('rules'), retracted()]).toEqual(['as-loaded', expect.stringMatching(/left=nothing$/)]);
    expect(files().replace('192.0.2.7\n', '192.0.2.7')).toBe(before);
  });

  test('leave what others write meanwhile, behind a link, too', () => {
    run('cd /etc/apf-firewall; mkdir real; mv conf.apf real/its; ln -s real/its conf.apf');
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    run(`cd /etc/apf-firewall; echo '192.0.2.8' >>allow_hosts.rules; sed -i 's/^SYSCTL_TCP=.*/SYSCTL_TCP="0"/' real/its`);
    expect([says('rules'), delivered(host(textOf(443)))]).toEqual(['as-loaded', CONFIRMED]);
    expect([run('readlink /etc/apf-firewall/conf.apf'), conf().includes('IG_TCP_CPORTS="22,443"\n')]).toEqual(['real/its\n', true]);
    retracted();
    expect([conf().includes('SYSCTL_TCP="0"'), conf().includes('IG_TCP_CPORTS="22,25"\n')]).toEqual([true, true]);
    expect(run('tail -n 2 /etc/apf-firewall/allow_hosts.rules')).toBe('192.0.2.7\n192.0.2.8\n');
  });

  test('go nowhere where APF would not start, is not there for good, or somebody else decides', () => {
    const before = files();
    const wrong: readonly (readonly [string, string])[] = [
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
    ];
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

  test('of a second owner are refused, and marks that are not two as well', () => {
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    const other = host(textOf(443, 'blog'), '', 'blog', ['10.0.0.11']);
    expect(delivered(other, ['upload', 'check'])).toEqual(['ok uploaded', 'refused apf-owner']);
    run(`sed -i '/web end/d' /etc/apf-firewall/allow_hosts.rules`);
    expect([says('rules'), checked(textOf(443))]).toEqual(['edited', 'ok uploaded, refused apf-marks']);
  });

  test('leave DEVEL_MODE off, and its line of cron away', () => {
    run(`sed -i 's/^DEVEL_MODE=.*/DEVEL_MODE="1"/' /etc/apf-firewall/conf.apf`);
    apf('-s');
    expect(run('cat /etc/crontab')).toContain('apf-firewall stop');
    const one = host(WEB);
    delivered(one, ['upload', 'check', 'arm']);
    expect(run('cat /etc/crontab')).not.toContain('apf-firewall');
    expect([step('rollback', one), run('cat /etc/crontab')]).toEqual(['ok rolled-back', expect.stringContaining('apf-firewall stop')]);
  });
});
