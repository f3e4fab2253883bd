// Tests the agent with csf: confirmed and removed releases, a killed delivery, and a csf that won't start at the next
// boot. Runs on a test device with a stand-in for csf.

import { LINE, host, onCsf, textOf } from './host';
import { BESIDE, expectRowsNamed, serviceRows } from '../boot/loader';
import { armKilled } from '../kill-agent';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(120_000);

const STOCK = '20,21,22,25,53,80,110,143,443,465,587,993,995';
const ALLOW = '# whom I know\n192.0.2.7 # me\n';
const trial = ['upload', 'check', 'arm'] as const;

onCsf('the agent with csf', (under) => {
  const { run, says, delivered, step, retracted, CONF, conf, allow, runs, asked } = under;
  const section = (line: string): string => `${ALLOW}# cpanel-edge:web begin\n${line}\n# cpanel-edge:web end\n`;
  const tcpIn = (): string => /^TCP_IN = "(.*)"$/m.exec(conf())?.[1] ?? 'nothing';

  test('writes files with the confirm, and restores the former ones at a removal', () => {
    const release = host(textOf(81));
    expect(delivered(release, trial)).toEqual(CONFIRMED.slice(0, 3));
    expect([runs(), runs('ip6'), conf(), allow(), says('rules')]).toEqual(['22,81', '22,81', CONF, ALLOW, 'as-loaded']);
    expect(run('iptables -S ALLOWIN')).toContain('-s 198.51.100.0/24 ! -i lo -p tcp -m tcp --dport 3306 -j ACCEPT');
    expect(step('confirm', release)).toBe('ok confirmed');
    expect([runs(), tcpIn(), allow()]).toEqual(['22,81', '22,81', section(LINE)]);
    expect([says('rules'), says('boot'), says('runs')]).toEqual(['as-loaded', 'as-written', 'release']);
    expect(asked()).toContain('--no-block try-restart lfd.service');
    expect(step('upload', host(textOf(81)))).toBe('ok running');
    expect(retracted()).toMatch(/ok retracted left=nothing$/);
    expect([conf(), allow(), runs(), run('ls /etc/csf')]).toEqual([
      CONF,
      ALLOW,
      STOCK,
      'csf.allow\ncsf.conf\ncsf.deny\nversion.txt\n',
    ]);
  });

  test('rolls back with the next command after it was killed while csf went on', () => {
    delivered(host(textOf(81)));
    const confirmed = conf();
    const next = host(textOf(443));
    delivered(next, ['upload', 'check']);
    armKilled(under, next, { command: 'csf', when: 'after' });
    expect([step('rollback', next), runs(), runs('ip6'), conf(), allow(), says('rules')]).toEqual([
      'ok rolled-back',
      '22,81',
      '22,81',
      confirmed,
      section(LINE),
      'as-loaded',
    ]);
  });

  test('doesn’t report rules as loaded at the next boot if csf isn’t enabled, loads nothing, or another firewall is enabled', () =>
    expectRowsNamed(
      under,
      () => host(textOf(81)),
      [
        ...serviceRows('csf.service', 'csf', 'not-enabled'),
        [': >/etc/csf/csf.disable', 'csf-disabled', 'csf-disabled'],
        [': >/etc/csf/csf.error', 'csf-error', 'csf-error'],
        ...BESIDE,
      ],
      ['etc/csf'],
    ));
});
