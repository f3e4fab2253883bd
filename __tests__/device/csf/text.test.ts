import { LINE, denying, host, onCsf, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onCsf('texts and files of csf on a device', ({ run, program, says, delivered, step, retracted, csf, CONF, conf, allow, folder }) => {
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
      ['another file', '==> /etc/csf/csf.allow', '==> /etc/csf/csf.deny', 'text-line'],
      ['a setting of nobody', 'TESTING = "0"', 'UI_PASS = "0"', 'text-line'],
      ['a program', '/sbin/iptables', '/tmp/x', 'text-value'],
      ['a range backwards', '22,81', '81:22', 'text-value'],
      ['an Include', LINE, 'Include /tmp/x', 'text-line'],
      ['a name to ask for', LINE, 'tcp|in|d=22|s=example.org', 'text-network'],
      ['no end', '# cpanel-edge:web end\n', '', 'text-unclosed'],
    ];
    const parts = wrong.map(([what, from, to]) => `${what}: ${partOf(WEB.replace(from, to))}`);
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });

  test('of who is kept off say nothing but lines that come in and that csf leaves', () => {
    const deny = denying(WEB, [DENIED]);
    const wrong: readonly (readonly [string, string, string])[] = [
      ['another file', deny.replace('csf.deny', 'csf.ignore'), 'text-line'],
      ['no end', deny.replace(/# cpanel-edge:web end\n$/, ''), 'text-unclosed'],
    ];
    expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(wrong.map(([what, , part]) => `${what}: ${part}`));
  });

  const shapes: readonly (readonly [string, string, string])[] = [
    ['remarks behind a value', CONF.replace(/^TCP_IN = .*$/m, '  TCP_IN="53" # was another'), '\n  TCP_IN="22,81" # was another\n'],
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

  test('go nowhere where csf would not start, is not there for good, or somebody else decides', () => {
    const files = run('cat /etc/csf/*');
    const wrong: readonly (readonly [string, string])[] = [
      ["echo '# cpanel-edge:web begin' >>/etc/csf/csf.allow", 'csf-marks'],
      ['nft add table inet theirs', 'other-firewall'],
      ['for p in iptables ip6tables; do $p -F; $p -X; done', 'csf-not-running'],
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
});
