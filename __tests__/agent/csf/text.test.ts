// Tests that the agent refuses texts of releases for csf that the generator wouldn't make, and that it edits csf.conf
// and restores it byte for byte. Runs on a test device with a stand-in for csf.

import { LINE, denying, host, onCsf, textOf } from './host';
import { CONFIRMED } from '../under-shell';
import { addFullRows } from '../../tier';

jest.setTimeout(120_000);

onCsf(
  'the agent with texts for csf',
  ({ run, program, says, delivered, step, retracted, csf, CONF, conf, allow, folder }) => {
    const WEB = textOf(81);
    const DENIED = 'tcp|in|d=22,81|s=203.0.113.0/24 # do not delete';
    const checked = (its = WEB): string => {
      const release = host(its);
      const answers = delivered(release, ['upload', 'check']).join(', ');
      step('rollback', release);
      return answers;
    };

    const partOf = (its: string): string | undefined => {
      const { upload, file } = host(its);
      return / part=(\S+)$/.exec(program(upload, file))?.[1];
    };

    test('refuses texts that the generator doesn’t make', () => {
      const wrong: readonly (readonly [string, string | RegExp, string, string])[] = addFullRows(
        [
          ['another file', '==> /etc/csf/csf.allow', '==> /etc/csf/csf.deny', 'text-line'],
          ['an unknown setting', 'TESTING = "0"', 'UI_PASS = "0"', 'text-line'],
          ['a program', '/sbin/iptables', '/tmp/x', 'text-value'],
          ['a reversed range', '22,81', '81:22', 'text-value'],
          ['an Include', LINE, 'Include /tmp/x', 'text-line'],
          ['a host name', LINE, 'tcp|in|d=22|s=example.org', 'text-network'],
          ['no end', '# cpanel-edge:web end\n', '', 'text-unclosed'],
        ],
        [
          ['another owner', '# cpanel-edge:web\n', '# cpanel-edge:other\n', 'text-line'],
          ['another owner’s section', '# cpanel-edge:web begin', '# cpanel-edge:other begin', 'text-line'],
          ['a setting twice', 'TESTING = "0"', 'TESTING = "0"\nTESTING = "0"', 'text-line'],
          ['a missing setting', 'TESTING = "0"\n', '', 'text-line'],
          ['TESTING', 'TESTING = "0"', 'TESTING = "1"', 'text-value'],
          ['a skipped interface', 'ETH_DEVICE_SKIP = ""', 'ETH_DEVICE_SKIP = "eth0"', 'text-value'],
          ['a blank in a list', '22,81', '22, 81', 'text-value'],
          ['a blank in place of a comma', '22,81', '22 81', 'text-value'],
          ['a hyphen', '22,81', '22-81', 'text-value'],
          ['a port out of range', '22,81', '22,65536', 'text-value'],
          ['a port twice', '22,81', '0,0', 'text-value'],
          ['an octal port', '22,81', '022,81', 'text-value'],
          ['an open range', '22,81', '22:', 'text-value'],
          ['ports out of order', '22,81', '81,22', 'text-value'],
          ['a port in a range', '22,81', '22:90,81', 'text-value'],
          ['an empty port', '22,81', '22,,81', 'text-value'],
          ['a remark', 'TESTING = "0"', 'TESTING = "0" # "', 'text-value'],
          ['a plain address', LINE, '192.0.2.1', 'text-line'],
          ['another protocol', LINE, LINE.replace('tcp', 'sctp'), 'text-line'],
          ['a uid line', LINE, 'tcp|out|d=25|d=192.0.2.1|u=0', 'text-line'],
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
          ['a comment in the section', LINE, `# ${LINE}`, 'text-line'],
          ['text after the end', /$/, '192.0.2.1\n', 'text-line'],
          ['a tab', LINE, `${LINE}\t`, 'text-network'],
          ['a letter beyond ASCII', LINE, `${LINE}\u00a0`, 'text-network'],
        ],
      );
      const parts = wrong.map(([what, from, to]) => `${what}: ${partOf(WEB.replace(from, to))}`);
      expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
    });

    test('accepts in csf.deny only inbound lines that csf does not remove', () => {
      const deny = denying(WEB, [DENIED]);
      const wrong: readonly (readonly [string, string, string])[] = addFullRows(
        [
          ['another file', deny.replace('csf.deny', 'csf.ignore'), 'text-line'],
          ['no end', deny.replace(/# cpanel-edge:web end\n$/, ''), 'text-unclosed'],
        ],
        [
          ['a line that csf may remove', deny.replace(' # do not delete', ''), 'text-line'],
          ['an outbound line', deny.replace(DENIED, 'tcp|out|d=22|d=203.0.113.0/24 # do not delete'), 'text-line'],
          ['a plain address', deny.replace(DENIED, '203.0.113.7 # do not delete'), 'text-line'],
          ['a command in a comment', deny.replace('# do', '# $(x) do'), 'text-line'],
          ['another owner', deny.replace(/web begin\ntcp\|in\|d=22/, 'other begin\ntcp|in|d=22'), 'text-line'],
          ['two of them', denying(deny, [DENIED]), 'text-line'],
          ['no lines at all', `${WEB}\n==> /etc/csf/csf.deny <==\n`, 'text-unclosed'],
        ],
      );
      expect(wrong.map(([what, its]) => `${what}: ${partOf(its)}`)).toEqual(
        wrong.map(([what, , part]) => `${what}: ${part}`),
      );
    });

    const shapes: readonly (readonly [string, string, string])[] = addFullRows(
      [
        [
          'comments after a value',
          CONF.replace(/^TCP_IN = .*$/m, '  TCP_IN="53" # was another'),
          '\n  TCP_IN="22,81" # was another\n',
        ],
      ],
      [
        ['CRLF line ends', CONF.replaceAll('\n', '\r\n'), '\nTCP_IN = "22,81"\r\n'],
        ['no newline at the end', CONF.slice(0, -1), '\nTCP_IN = "22,81"\n'],
        ['a setting without an end', `${CONF.replace(/^TCP_IN.*\n/m, '')}TCP_IN = "53"`, '\nTCP_IN = "22,81"\n'],
        [
          'blanks in a name, and bytes',
          CONF.replace(/^TCP_IN = .*$/m, '# \u00e9 & \\1\n\tTCP_IN \t=  "53"\nOF_OTHERS = "& \\1"'),
          '\n\tTCP_IN \t=  "22,81"\n',
        ],
        [
          'a value that is a comment',
          CONF.replace(/^TCP_IN = .*$/m, '# TCP_IN = "1"\n#TCP_IN\nTCP_IN = ""'),
          '\nTCP_IN = "22,81"\n',
        ],
      ],
    );
    test.each(shapes)('writes into and restores byte for byte a csf.conf with %s', (_, its, line) => {
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

    test('refuses a delivery if csf would not start, is temporary, or another program manages the rules', () => {
      const files = run('cat /etc/csf/*');
      const wrong: readonly (readonly [string, string])[] = addFullRows(
        [
          ["echo '# cpanel-edge:web begin' >>/etc/csf/csf.allow", 'csf-marks'],
          ['nft add table inet theirs', 'other-firewall'],
          ['for p in iptables ip6tables; do $p -F; $p -X; done', 'csf-not-running'],
        ],
        [
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
        ],
      );
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
  },
);
