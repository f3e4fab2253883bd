// Tests that the agent leaves ufw's files alone, and reads only what ufw runs. Runs on a test device with the real
// nft.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAgent } from '../../driver/agent-program';
import { describeWhere } from '../where-possible';
import { canHaveDevice } from './machine';
import { host, textOf } from './iptables/host';
import { CONFIRMED, gateway, underShell } from './under-shell';

jest.setTimeout(60_000);

// The agent evaluates what ufw runs, and never its files.

test('the agent names one file of ufw, and only reads it, unless a release replaces ufw', () => {
  const givingWay = readFileSync(join(__dirname, '../../agent/system/other-firewalls.sh'), 'utf8');
  const lines = loadAgent()
    .text.split('\n')
    .filter((line) => !givingWay.includes(line));
  const named = lines.filter((line) => /\bufw\b/.test(line) && !/^\s*#/.test(line)).map((line) => line.trim());
  expect(named).toEqual([
    expect.stringMatching(/^wanted == "replaces" && /),
    expect.stringMatching(/^grep -qsi '[^']*'\\''[^']*' \/etc\/ufw\/ufw\.conf$/),
    'for writes in csf apf ufw; do',
    expect.stringMatching(/^firewalld\) others_named='[a-z ]*' ;;$/),
    expect.stringMatching(/^\*\) others_named='[a-z ]*' ;;$/),
    expect.stringMatching(/^FIREWALLS='[a-z -]*'$/),
    'ufw) ufw_is_on || continue ;;',
  ]);
});

describeWhere(
  canHaveDevice,
  'the files of ufw',
  'root on Linux',
)('the files of ufw', () => {
  const { run, program, step, delivered, retract } = underShell();
  /** Names, content, owners, permissions and times of change. */
  const files = (): string =>
    run('cd /etc/ufw && find . | sort | while read -r f; do stat -c "%n %a %u %s %y %z" "$f"; done; cat ./*.*');
  beforeAll(
    () =>
      void run(
        'cd /etc/ufw && echo ENABLED=yes >ufw.conf && for f in user user6 before after; do echo "# $f" >$f.rules; done',
      ),
  );

  test('stay the same through a delivery, a rollback, a boot, a query and a removal', () => {
    const before = files();
    expect(before).toMatch(/ENABLED=yes/);
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    const two = gateway(1002);
    expect(delivered(two, ['upload', 'check', 'arm', 'rollback'])).toContain('ok rolled-back');
    expect([program('boot'), program('read'), program('status')].map((said) => / ok (\w+)/.exec(said)?.[1])).toEqual([
      'loaded',
      'read',
      'status',
    ]);
    expect(retract()).toMatch(/ok retracted/);
    expect(files()).toBe(before);
  });

  test('stay the same if a release on iptables is refused beside ufw', () => {
    const before = files();
    const release = host(textOf(80));
    step('upload', release);
    expect(program(`check ${release.identity}`)).toMatch(/refused other-firewall program=ufw$/);
    expect(files()).toBe(before);
  });
});
