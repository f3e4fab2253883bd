import { LINE, denying, host, onCsf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onCsf('texts and files of csf on a device', ({ run, program, says, delivered, step, retracted, csf, CONF, conf, allow, runs, folder }) => {
  const WEB = textOf(81);
  const DENIED = 'tcp|in|d=22,81|s=203.0.113.0/24 # do not delete';
  const checked = (its = WEB): string => {
    const one = host(its);
    const told = delivered(one, ['upload', 'check']).join(', ');
    step('rollback', one);
    return told;
  };

  const partOf = (its: string): string | undefined => {
    const { upload, file } = host(its);
    return / part=(\S+)$/.exec(program(upload, file))?.[1];
  };

  test('say nothing that the writer does not say', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = [
      ['another owner', '# cpanel-edge:web\n', '# cpanel-edge:other\n', 'text-line'],
      ['another owner’s section', '# cpanel-edge:web begin', '# cpanel-edge:other begin', 'text-line'],
      ['a setting twice', 'TESTING = "0"', 'TESTING = "0"\nTESTING = "0"', 'text-line'],
      ['a setting less', 'TESTING = "0"\n', '', 'text-line'],
      ['TESTING', 'TESTING = "0"', 'TESTING = "1"', 'text-value'],
      ['a device that is passed over', 'ETH_DEVICE_SKIP = ""', 'ETH_DEVICE_SKIP = "eth0"', 'text-value'],
      ['a blank in a list', '22,81', '22, 81', 'text-value'],
      ['a blank in the place of a comma', '22,81', '22 81', 'text-value'],
      ['a hyphen', '22,81', '22-81', 'text-value'],
      ['no such port', '22,81', '22,65536', 'text-value'],
      ['a port twice', '22,81', '0,0', 'text-value'],
      ['an octal port', '22,81', '022,81', 'text-value'],
      ['an open range', '22,81', '22:', 'text-value'],
      ['ports out of order', '22,81', '81,22', 'text-value'],
      ['a port in a range', '22,81', '22:90,81', 'text-value'],
      ['an empty one', '22,81', '22,,81', 'text-value'],
      ['a remark', 'TESTING = "0"', 'TESTING = "0" # "', 'text-value'],
      ['a plain address', LINE, '192.0.2.1', 'text-line'],
      ['another protocol', LINE, LINE.replace('tcp', 'sctp'), 'text-line'],
      ['a line of a user', LINE, 'tcp|out|d=25|d=192.0.2.1|u=0', 'text-line'],
      ['a source port', LINE, 'tcp|in|s=53|s=192.0.2.1', 'text-line'],
      ['the other side', LINE, 'tcp|in|d=53|d=192.0.2.1', 'text-line'],
      ['sixteen slots', LINE, 'tcp|in|d=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15_16|s=192.0.2.1', 'text-ports'],
      ['no port', LINE, 'tcp|in|d=|s=192.0.2.1', 'text-ports'],
      ['a name of a port', LINE, 'tcp|in|d=ssh|s=192.0.2.1', 'text-ports'],
      ['a type that iptables refuses', LINE, 'icmp|in|d=8,0|s=192.0.2.1', 'text-ports'],
      ['a type of IPv6', LINE, 'icmp|in|d=8|s=2001:db8::1', 'text-ports'],
      ['an octal address', LINE, 'tcp|in|d=22|s=192.0.2.010', 'text-network'],
      ['a length too long', LINE, 'tcp|in|d=22|s=192.0.2.0/33', 'text-network'],
      ['two lengths', LINE, 'tcp|in|d=22|s=192.0.2.0/24/8', 'text-network'],
      ['an address that is too short', LINE, 'tcp|in|d=22|s=2001:db8', 'text-network'],
      ['an address with two gaps', LINE, 'tcp|in|d=22|s=2001::db8::1', 'text-network'],
      ['an interface', LINE, 'tcp|in|d=22|s=fe80::1%eth0', 'text-network'],
      ['a remark in the section', LINE, `# ${LINE}`, 'text-line'],
      ['more behind the end', /$/, '192.0.2.1\n', 'text-line'],
      ['a tab', LINE, `${LINE}\t`, 'text-network'],
      ['a letter beyond ASCII', LINE, `${LINE}\u00a0`, 'text-network'],
    ];
    const parts = wrong.map(([what, from, to]) => `${what}: ${partOf(WEB.replace(from, to))}`);
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });

  test('of who is kept off say nothing but lines that come in and that csf leaves', () => {
    const deny = denying(WEB, [DENIED]);
    const wrong: readonly (readonly [string, string, string])[] = [
      ['a line that csf takes out', deny.replace(' # do not delete', ''), 'text-line'],
      ['one that goes out', deny.replace(DENIED, 'tcp|out|d=22|d=203.0.113.0/24 # do not delete'), 'text-line'],
      ['a plain address', deny.replace(DENIED, '203.0.113.7 # do not delete'), 'text-line'],
      ['a shell in a remark', deny.replace('# do', '# $(x) do'), 'text-line'],
      ['another owner', deny.replace(/web begin\ntcp\|in\|d=22/, 'other begin\ntcp|in|d=22'), 'text-line'],
      ['two of them', denying(deny, [DENIED]), 'text-line'],
      ['no lines at all', `${WEB}\n==> /etc/csf/csf.deny <==\n`, 'text-unclosed'],
    ];
    expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(wrong.map(([what, , part]) => `${what}: ${part}`));
  });

  test('say all that the writer says, and what closes as well', () => {
    const most = text({ TCP_IN: '', TCP6_IN: '1:65535', UDP_IN: '53,49152:65534,65535', ICMP_IN: '0' }, [
      'tcp|in|d=1,2,3,4,5,6,7,8,9,10,11,12,13,14_15|s=192.0.2.0/24',
      'udp|in|d=1_65535|s=2001:db8::/32',
      'tcp|out|d=25|d=0.0.0.0/0',
      'icmp|in|d=8|s=198.51.100.7',
      'tcp|in|d=22|s=2001:db8:0:1:2:3:4:5',
      'udp|in|d=0_65535|s=::/0',
    ]);
    expect(delivered(host(most, WEB))).toEqual(CONFIRMED);
    expect(runs('ip6')).toBe('1:65535');
    run('sed -i s/65534/65533/ /etc/cpanel-edge/server-web/release');
    expect([program('rules'), runs(), says('runs')]).toEqual([expect.stringContaining('failed load-incomplete'), '22,81', 'closed']);
    expect(conf()).toContain('\nTCP_IN = "22,81"\n');
    const other = text({ TCP_IN: '80' }, [], 'other');
    const { upload, file } = host(WEB, other);
    expect(program(upload, file)).toMatch(/part=text-line$/);
  });

  const shapes: readonly (readonly [string, string, string])[] = [
    ['lines of another system', CONF.replaceAll('\n', '\r\n'), '\nTCP_IN = "22,81"\r\n'],
    ['no end of the last line', CONF.slice(0, -1), '\nTCP_IN = "22,81"\n'],
    ['a setting without an end', `${CONF.replace(/^TCP_IN.*\n/m, '')}TCP_IN = "53"`, '\nTCP_IN = "22,81"\n'],
    [
      'blanks in a name, and bytes',
      CONF.replace(/^TCP_IN = .*$/m, '# \u00e9 & \\1\n\tTCP_IN \t=  "53"\nOF_OTHERS = "& \\1"'),
      '\n\tTCP_IN \t=  "22,81"\n',
    ],
    ['a value that is a remark', CONF.replace(/^TCP_IN = .*$/m, '# TCP_IN = "1"\n#TCP_IN\nTCP_IN = ""'), '\nTCP_IN = "22,81"\n'],
  ];
  test.each(shapes)('are put into a csf.conf with %s, and taken out of it byte for byte', (_, its, line) => {
    run(
      'cat >/etc/csf/csf.conf; chmod 640 /etc/csf/csf.conf; chown 0:4 /etc/csf/csf.conf; csf=/etc/csf/csf.allow; printf %s "$(cat $csf)" >$csf',
      its,
    );
    csf('-r');
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect([conf().includes(line), run('stat -c %a:%u:%g /etc/csf/csf.conf')]).toEqual([true, '640:0:4\n']);
    expect(allow()).toBe(`# whom I know\n192.0.2.7 # me\n# cpanel-edge:web begin\n${LINE}\n# cpanel-edge:web end\n`);
    expect([says('rules'), retracted(), conf().replace(/\n$/, '')]).toEqual([
      'as-loaded',
      expect.stringMatching(/left=nothing$/),
      its.replace(/\n$/, ''),
    ]);
  });

  test('leave what others write meanwhile, and a setting that was not there is gone again', () => {
    run(`sed -i '/^TCP_IN/d; /^IPTABLES/d' /etc/csf/csf.conf; echo 'IPTABLES = "/usr/sbin/iptables"' >>/etc/csf/csf.conf
      mkdir -p ${folder}/etc/real; mv /etc/csf/csf.conf /etc/csf/real/its; ln -s real/its /etc/csf/csf.conf`);
    csf('-r');
    const before = conf();
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    run(`echo '192.0.2.8 # you' >>/etc/csf/csf.allow; sed -i 's/^UI_PASS.*/UI_PASS = "new"/' /etc/csf/real/its`);
    expect(says('rules')).toBe('as-loaded');
    expect(delivered(host(textOf(443)))).toEqual(CONFIRMED);
    expect([run('readlink /etc/csf/csf.conf'), conf().includes('TCP_IN = "22,443"\n')]).toEqual(['real/its\n', true]);
    retracted();
    expect([conf(), allow()]).toEqual([
      before.replace(/^UI_PASS.*$/m, 'UI_PASS = "new"'),
      '# whom I know\n192.0.2.7 # me\n192.0.2.8 # you\n',
    ]);
  });

  test('go nowhere where csf would not start, is not there for good, or somebody else decides', () => {
    const files = run('cat /etc/csf/*');
    const wrong: readonly (readonly [string, string])[] = [
      ['echo \'TCP_IN = "22"\' >>/etc/csf/csf.conf', 'csf-file'],
      ["echo 'TCP_FOR = 22' >>/etc/csf/csf.conf", 'csf-file'],
      ['printf \'A = "\\000"\\n\' >>/etc/csf/csf.conf', 'csf-file'],
      ['rm /etc/csf/csf.allow', 'csf-file'],
      ["printf '# cpanel-edge:web %s\\n' begin end >>/etc/csf/csf.allow", 'table-exists'],
      ["echo '# cpanel-edge:blog begin' >>/etc/csf/csf.allow", 'csf-owner'],
      [': >/etc/csf/csf.disable', 'csf-disabled'],
      [': >/etc/csf/csf.error', 'csf-error'],
      ['echo 13.99 >/etc/csf/version.txt', 'csf-version'],
      ['rm /etc/csf/version.txt', 'csf-version'],
      ['echo 17.1 >/etc/csf/version.txt', 'csf-version'],
      ["printf 'v16.07-1.cp' >/etc/csf/version.txt; : >/etc/csf/csf.error", 'csf-error'],
      ['rm /etc/systemd/system/enabled-csf.service', 'csf-not-enabled'],
      [': >/etc/systemd/system/enabled-firewalld.service', 'other-firewall'],
      [`echo active >${folder}/firewalld-is`, 'other-firewall'],
      ['echo ENABLED=yes >/etc/ufw/ufw.conf', 'other-firewall'],
      [`mv ${folder}/bin/csf ${folder}/csf.away`, 'tool-missing'],
    ];
    const told = wrong.map(([does]) => {
      run(`cp -a /etc/csf ${folder}/kept; iptables-save >${folder}/4; ip6tables-save >${folder}/6; ${does}`);
      const word = checked();
      run(`rm -rf /etc/csf/* /etc/ufw/* ${folder}/firewalld-is /etc/systemd/system/enabled-firewalld.service; cp -a ${folder}/kept/. /etc/csf; rm -rf ${folder}/kept
        nft delete table inet theirs; iptables-restore <${folder}/4; ip6tables-restore <${folder}/6; : >/etc/systemd/system/enabled-csf.service
        [ ! -e ${folder}/csf.away ] || mv ${folder}/csf.away ${folder}/bin/csf`);
      return `${does}: ${word}`;
    });
    expect(told).toEqual(wrong.map(([does, word]) => `${does}: ok uploaded, refused ${word}`));
    expect([run('cat /etc/csf/*'), checked()]).toEqual([files, 'ok uploaded, ok checked']);
  });

  test('of a second owner are refused, and marks that are not two as well', () => {
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    const other = host(textOf(443, 'blog'), '', 'blog', ['10.0.0.11']);
    expect(delivered(other, ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-owner']);
    run(`sed -i '/web end/d' /etc/csf/csf.allow`);
    expect([says('rules'), checked(textOf(443))]).toEqual(['edited', 'ok uploaded, refused csf-marks']);
  });

  test('leave TESTING off, and its line of cron away', () => {
    run(`sed -i 's/^TESTING = .*/TESTING = "1"/' /etc/csf/csf.conf`);
    csf('-r');
    expect(run(`cat ${folder}/crontab`)).toContain('csf -f');
    const one = host(WEB);
    delivered(one, ['upload', 'check', 'arm']);
    expect(run(`cat ${folder}/crontab`)).toBe('');
    expect([step('rollback', one), run(`cat ${folder}/crontab`)]).toEqual(['ok rolled-back', expect.stringContaining('csf -f')]);
  });

  test('keep somebody off, seen as an edit where that is gone, and give csf.deny back byte for byte', () => {
    const deny = (): string => run('cat /etc/csf/csf.deny');
    const before = deny();
    expect(delivered(host(denying(WEB, [DENIED])))).toEqual(CONFIRMED);
    expect(deny()).toBe(`${before}# cpanel-edge:web begin\n${DENIED}\n# cpanel-edge:web end\n`);
    const drop = (): string =>
      run('iptables -S DENYIN')
        .split('\n')
        .filter((line) => line.includes('203.0.113.0/24'))
        .join();
    expect(drop()).toBe('-A DENYIN -s 203.0.113.0/24 ! -i lo -p tcp -m multiport --dports 22,81 -j DROP');
    run("echo '192.0.2.99 # banned later' >>/etc/csf/csf.deny");
    expect(says('rules')).toBe('as-loaded');
    run("sed -i '/203.0.113/d' /etc/csf/csf.deny");
    expect([says('rules'), program('read')]).toEqual(['edited', expect.stringContaining('csf.deny lacks')]);
    csf('-r');
    expect(drop()).toBe('');
    expect(delivered(host(WEB), ['upload', 'check', 'arm', 'confirm'])[1]).toMatch(/refused/);
    run(`sed -i 's/^# cpanel-edge:web begin/&\\n${DENIED.replaceAll('|', '\\|').replace('/24', '\\/24')}/' /etc/csf/csf.deny`);
    csf('-r');
    // A release without anybody to keep off takes the lines out again.
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect([deny(), drop(), retracted()]).toEqual([`${before}192.0.2.99 # banned later\n`, '', expect.stringMatching(/left=nothing$/)]);
  });
});
