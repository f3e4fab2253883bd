// Tests the agent: the texts of releases for APF that it accepts, and how it edits conf.apf and the lists. Runs on a
// test device with Debian's APF and the real iptables.

import { host, onApf, text, textOf } from './host';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(180_000);

onApf('the agent with texts for APF', (its) => {
  const { run, program, says, delivered, step, retracted, apf, conf, files, runs } = its;
  const WEB = textOf(81);
  const checked = (told = WEB): string => {
    const release = host(told);
    const answers = delivered(release, ['upload', 'check']).join(', ');
    step('rollback', release);
    return answers;
  };

  test('accepts every text of the generator, also closing ones', () => {
    const lines = ['tcp:in:d=1_65535:s=192.0.2.0/24', 'udp:in:d=53:s=198.51.100.7', 'tcp:in:d=0_65535:s=0.0.0.0/1'];
    const most = text({ IG_TCP_CPORTS: '', IG_UDP_CPORTS: '53,49152_65534', IG_ICMP_TYPES: 'all' }, lines);
    expect(delivered(host(most, WEB))).toEqual(CONFIRMED);
    expect(run('iptables -S TALLOW').match(/ -p /g)).toHaveLength(3);
    run('sed -i s/65534/65533/ /etc/cpanel-edge/server-web/release');
    expect([program('rules'), runs(), says('runs')]).toEqual([
      expect.stringContaining('failed load-incomplete'),
      '22,81',
      'closed',
    ]);
    expect(conf()).toContain('\nIG_TCP_CPORTS="22,81"\n');
    const { upload, file } = host(WEB, textOf(80, 'other'));
    expect(program(upload, file)).toMatch(/part=text-line$/);
  });

  const shapes: readonly (readonly [string, string, string])[] = [
    ['a value in single quotes', "s/^IG_TCP_CPORTS=.*/IG_TCP_CPORTS='22,25'/", '\nIG_TCP_CPORTS="22,81"\n'],
    [
      'a value without quotes',
      's/^IG_TCP_CPORTS=.*/  IG_TCP_CPORTS=22,25 # mine/',
      '\n  IG_TCP_CPORTS="22,81" # mine\n',
    ],
    ['a missing setting', '/^IG_TCP_CPORTS=/d', '\nIG_TCP_CPORTS="22,81"\nCNFINT='],
    [
      'two settings in a line',
      's/^IG_TCP_CPORTS=.*/IG_TCP_CPORTS="22" EGF="0"/; /^EGF=/d',
      '\nIG_TCP_CPORTS="22,81" EGF="0"\n',
    ],
    [
      'a comment that looks like a setting',
      's/^IG_TCP_CPORTS=.*/# IG_TCP_CPORTS="1"\\n&/',
      '\n# IG_TCP_CPORTS="1"\nIG_TCP_CPORTS="22,81"\n',
    ],
    [
      'values of others with & and \\',
      's/^IG_TCP_CPORTS=.*/&\\nOF_OTHERS="\\&"/',
      '\nIG_TCP_CPORTS="22,81"\nOF_OTHERS="&"\n',
    ],
  ];
  test.each(shapes)('writes into and restores byte for byte a conf.apf with %s', (_, script, line) => {
    run(
      `cd /etc/apf-firewall; cat >script; sed -i -f script conf.apf; rm script; chmod 640 conf.apf; chown 0:4 conf.apf; printf %s "$(cat allow_hosts.rules)" >allow_hosts.rules`,
      `${script}\n`,
    );
    apf('-r');
    const before = files();
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    expect([conf().includes(line), run('stat -c %a:%u:%g /etc/apf-firewall/conf.apf'), runs()]).toEqual([
      true,
      '640:0:4\n',
      '22,81',
    ]);
    expect([says('rules'), retracted()]).toEqual(['as-loaded', expect.stringMatching(/left=nothing$/)]);
    expect(files().replace('192.0.2.7\n', '192.0.2.7')).toBe(before);
  });

  test('keeps lines that others write meanwhile, and files that are links', () => {
    run('cd /etc/apf-firewall; mkdir real; mv conf.apf real/its; ln -s real/its conf.apf');
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    run(
      `cd /etc/apf-firewall; echo '192.0.2.8' >>allow_hosts.rules; sed -i 's/^SYSCTL_TCP=.*/SYSCTL_TCP="0"/' real/its`,
    );
    expect([says('rules'), delivered(host(textOf(443)))]).toEqual(['as-loaded', CONFIRMED]);
    expect([run('readlink /etc/apf-firewall/conf.apf'), conf().includes('IG_TCP_CPORTS="22,443"\n')]).toEqual([
      'real/its\n',
      true,
    ]);
    retracted();
    expect([conf().includes('SYSCTL_TCP="0"'), conf().includes('IG_TCP_CPORTS="22,25"\n')]).toEqual([true, true]);
    expect(run('tail -n 2 /etc/apf-firewall/allow_hosts.rules')).toBe('192.0.2.7\n192.0.2.8\n');
  });

  test('refuses a second owner’s text, and files with incomplete marks', () => {
    expect(delivered(host(WEB))).toEqual(CONFIRMED);
    const other = host(textOf(443, 'blog'), '', 'blog', ['10.0.0.11']);
    expect(delivered(other, ['upload', 'check'])).toEqual(['ok uploaded', 'refused apf-owner']);
    run(`sed -i '/web end/d' /etc/apf-firewall/allow_hosts.rules`);
    expect([says('rules'), checked(textOf(443))]).toEqual(['edited', 'ok uploaded, refused apf-marks']);
  });

  test('turns DEVEL_MODE off with its cron line, and a rollback restores the line', () => {
    run(`sed -i 's/^DEVEL_MODE=.*/DEVEL_MODE="1"/' /etc/apf-firewall/conf.apf`);
    apf('-s');
    expect(run('cat /etc/crontab')).toContain('apf-firewall stop');
    const release = host(WEB);
    delivered(release, ['upload', 'check', 'arm']);
    expect(run('cat /etc/crontab')).not.toContain('apf-firewall');
    expect([step('rollback', release), run('cat /etc/crontab')]).toEqual([
      'ok rolled-back',
      expect.stringContaining('apf-firewall stop'),
    ]);
  });
});
