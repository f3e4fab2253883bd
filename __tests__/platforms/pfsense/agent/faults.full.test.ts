// Tests further faults of a simulated pfSense box: no agent when the timer ends, a damaged former state, no room on the
// disk, a restored configuration, a second delivery at the same time, a login without rights, and a removal after files
// were lost or overwritten.

import { eventually } from '../../../driver/eventually';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';

// Files that a box may lose: no single loss leaves it more open than before.

const withBox = describeWhere(canHaveBox, 'faults of a pfSense box', 'root on Linux, and php-cli with php-xml');
jest.setTimeout(60_000);

withBox('a box with a fault', () => {
  const { box, wordOf, upload, check, arm, trial, rollback, deliver, retract, config, ours, runs, status } =
    stepsOnBox();

  test('the timer rolls back though the agent is missing', async () => {
    const release = sent([MAIL]);
    trial(release, 3);
    const program = box().read('/usr/local/sbin/cpanel-edge-device');
    try {
      box().remove('/usr/local/sbin/cpanel-edge-device');
      expect(await eventually(() => !box().has('/conf/cpanel-edge/gateway-web'))).toBe(true);
    } finally {
      box().write('/usr/local/sbin/cpanel-edge-device', program);
      box().run(['/bin/chmod', '755', '/usr/local/sbin/cpanel-edge-device']);
    }
    expect([ours(), runs().includes('203.0.113.10')]).toEqual([[], false]);
  });

  test('a first armed release with a damaged former state leaves nothing', () => {
    const release = sent([MAIL]);
    trial(release);
    box().write('/conf/cpanel-edge/gateway-web/before', 'x');
    expect(rollback(release)).toBe('cpanel-edge: ok rolled-back digest=none from=armed');
    expect([ours(), runs().includes('203.0.113.10')]).toEqual([[], false]);
  });

  test.each([
    [
      'lists',
      '<virtualip><vip></vip></virtualip><nat><onetoone></onetoone></nat><filter><rule></rule></filter><aliases><alias></alias></aliases>',
    ],
    ['sections', '<virtualip></virtualip><nat></nat><filter></filter><aliases></aliases>'],
    ['sections of blanks', '<virtualip> </virtualip><nat>\n</nat><filter>\t</filter><aliases/>'],
  ])('empty %s: a release is delivered, rolled back and removed', (_, others) => {
    box().fresh(`\t${others}\n`);
    const release = sent([MAIL]);
    trial(release);
    expect(rollback(release)).toBe('cpanel-edge: ok rolled-back digest=none from=armed');
    expect([ours(), runs().includes('203.0.113.10')]).toEqual([[], false]);
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect([ours(), runs().includes('203.0.113.10')]).toEqual([[], false]);
  });

  test('a full disk: nothing is stored partially, and an armed release rolls back', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL, WWW]);
    let emptied = box().full('/cf/conf');
    try {
      expect(upload(two)).toMatch(/^refused (disk-full|folder-not-writable)$/);
      expect([config(), status('state')]).toEqual([before, 'confirmed']);
    } finally {
      emptied();
    }
    trial(two);
    emptied = box().full('/cf/conf');
    try {
      rollback(two);
      expect(box().php('require_once "config.inc"; echo count($config["interfaces"]);')).toMatch(/^3$/m);
      const open = [runs().includes('203.0.113.11'), config().includes('203.0.113.11')];
      expect(open[0]).toBe(open[1]);
    } finally {
      emptied();
    }
    expect(rollback(two)).toContain('ok rolled-back');
    expect([config(), runs().includes('203.0.113.11')]).toEqual([before, false]);
  });

  test('the box decides who may read the files that it writes', () => {
    const mode = (path: string): string => box().run(['/bin/stat', '-c', '%a', path]).trim();
    box().remove('/tmp/rules.debug');
    expect([mode('/cf/conf/config.xml'), deliver(sent([MAIL]))]).toEqual(['644', DELIVERED]);
    expect([mode('/cf/conf/config.xml'), mode('/tmp/rules.debug')]).toEqual(['644', '644']);
    expect(mode('/conf/cpanel-edge/gateway-web/release')).toBe('600');
  });

  test('a configuration that was restored by hand is reported, and the next delivery restores the release', () => {
    const backup = box().read('/cf/conf/config.xml');
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    box().write('/cf/conf/config.xml', backup);
    box().php('require_once "config.inc"; require_once "filter.inc"; filter_configure_sync();');
    expect(status('rules')).toBe('absent');
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect([runs().includes('203.0.113.10'), status('rules')]).toEqual([true, 'as-loaded']);
  });

  test('of two deliveries the second is refused until the first is over', () => {
    const [one, two] = [sent([MAIL]), sent([WWW], { owner: 'blog' }, {}, 'lease-2')];
    expect([upload(one), upload(two), wordOf(check(one)), arm(one), upload(two)]).toEqual([
      'ok uploaded',
      'refused busy',
      'ok checked',
      'ok armed',
      'refused busy',
    ]);
    expect(rollback(one)).toContain('ok rolled-back');
    expect(deliver(two)).toBe(DELIVERED);
  });

  test('a login can’t run the commands that only the box runs', () => {
    const release = sent([MAIL]);
    trial(release);
    const byLogin = (words: string): string =>
      wordOf(
        box()
          .run(['/bin/sh', '-c', `SUDO_UID=1001 exec /usr/local/sbin/cpanel-edge-device ${words}`])
          .trimEnd(),
      );
    for (const words of ['boot', `undo ${release.identity}`, 'reload', `wait ${release.identity} 1`])
      expect(byLogin(words)).toBe('refused not-by-sudo');
    expect([status('state'), runs().includes('203.0.113.10')]).toEqual(['armed', true]);
    expect(byLogin(`confirm ${release.identity}`)).toBe('ok confirmed');
  });

  test('a removal works without /var/run, and after a partner has overwritten the entries', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    box().remove('/var/run/cpanel-edge');
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect([
      ours(),
      runs().includes('203.0.113.10'),
      box().read('/var/box/addresses').includes('203.0.113.10'),
    ]).toEqual([[], false, false]);
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    box().saves(
      '$config["filter"]["rule"] = array_values(array_filter($config["filter"]["rule"] ?? [], function ($one) { return strpos($one["descr"] ?? "", "cpanel-edge:") !== 0; }))',
    );
    expect(status('rules')).toBe('edited');
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect([ours(), runs().includes('203.0.113.10')]).toEqual([[], false]);
  });
});
