// Tests the agent: the texts of releases for csf that it accepts, and lines of others that stay. Runs on a test device
// with a stand-in for csf.

import { denying, host, onCsf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

onCsf(
  'the agent with texts for csf',
  ({ run, program, says, delivered, step, retracted, csf, conf, allow, runs, folder }) => {
    const WEB = textOf(81);
    const DENIED = 'tcp|in|d=22,81|s=203.0.113.0/24 # do not delete';
    const checked = (its = WEB): string => {
      const release = host(its);
      const answers = delivered(release, ['upload', 'check']).join(', ');
      step('rollback', release);
      return answers;
    };

    test('accepts every text of the generator, also closing ones', () => {
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
      expect([program('rules'), runs(), says('runs')]).toEqual([
        expect.stringContaining('failed load-incomplete'),
        '22,81',
        'closed',
      ]);
      expect(conf()).toContain('\nTCP_IN = "22,81"\n');
      const other = text({ TCP_IN: '80' }, [], 'other');
      const { upload, file } = host(WEB, other);
      expect(program(upload, file)).toMatch(/part=text-line$/);
    });

    test('keeps lines that others write meanwhile, and removes a setting that was not there before', () => {
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

    test('refuses a second owner’s text, and files with incomplete marks', () => {
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      const other = host(textOf(443, 'blog'), '', 'blog', ['10.0.0.11']);
      expect(delivered(other, ['upload', 'check'])).toEqual(['ok uploaded', 'refused csf-owner']);
      run(`sed -i '/web end/d' /etc/csf/csf.allow`);
      expect([says('rules'), checked(textOf(443))]).toEqual(['edited', 'ok uploaded, refused csf-marks']);
    });

    test('keeps TESTING off and its cron line away', () => {
      run(`sed -i 's/^TESTING = .*/TESTING = "1"/' /etc/csf/csf.conf`);
      csf('-r');
      expect(run(`cat ${folder}/crontab`)).toContain('csf -f');
      const release = host(WEB);
      delivered(release, ['upload', 'check', 'arm']);
      expect(run(`cat ${folder}/crontab`)).toBe('');
      expect([step('rollback', release), run(`cat ${folder}/crontab`)]).toEqual([
        'ok rolled-back',
        expect.stringContaining('csf -f'),
      ]);
    });

    test('writes blocked sources to csf.deny, reports it as an edit if they are gone, and restores the file byte for byte', () => {
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
      run(
        `sed -i 's/^# cpanel-edge:web begin/&\\n${DENIED.replaceAll('|', '\\|').replace('/24', '\\/24')}/' /etc/csf/csf.deny`,
      );
      csf('-r');
      // A release without blocked sources takes the lines out again.
      expect(delivered(host(WEB))).toEqual(CONFIRMED);
      expect([deny(), drop(), retracted()]).toEqual([
        `${before}192.0.2.99 # banned later\n`,
        '',
        expect.stringMatching(/left=nothing$/),
      ]);
    });
  },
);
