// Tests deliveries to a simulated pfSense box that are interrupted by power losses, timers and other administrators:
// what isn't confirmed rolls back, and what others save meanwhile stays.

import { eventually } from '../../../driver/eventually';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';
import { isUndoneAndSaid } from './unloadable';

const withBox = describeWhere(
  canHaveBox,
  'deliveries to pfSense that stop halfway',
  'root on Linux, and php-cli with php-xml',
);

withBox('on a box', () => {
  const onBox = stepsOnBox();
  const { box, wordOf, upload, check, arm, confirm, trial, rollback, deliver, config, descrs, ours, runs, status } =
    onBox;

  test('the timer rolls back without a confirm, and keeps what others saved meanwhile', async () => {
    const release = sent([MAIL]);
    trial(release, 6);
    box().saves(
      '$config["filter"]["rule"][] = ["type" => "pass", "interface" => "lan", "source" => ["any" => ""], "destination" => ["any" => ""], "descr" => "saved meanwhile", "tracker" => "1700000009"]',
    );
    expect(await eventually(() => !box().has('/conf/cpanel-edge/gateway-web'))).toBe(true);
    expect(ours()).toEqual([]);
    expect(descrs()).toContain('saved meanwhile');
    expect(runs()).not.toContain('203.0.113.10');
    expect(confirm(release)).toBe('refused not-armed');
  });

  test('the boot rolls back the armed release and keeps the confirmed one', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const before = config();
    const two = sent([MAIL, WWW]);
    trial(two);
    expect(Number(status('seconds'))).toBeGreaterThan(60);
    expect(wordOf(box().program(sent([WWW], { owner: 'other' }).upload, 'x'))).toBe('refused busy');
    expect(box().program('boot')).toBe('cpanel-edge: ok loaded');
    expect(runs()).toContain('203.0.113.11');
    // The power is cut: no process runs, and /var/run is empty.
    box().remove('/var/run/cpanel-edge');
    expect(box().read('/usr/local/etc/rc.d/cpanel_edge.sh')).toContain(
      'for program in /usr/local/sbin/cpanel-edge-device /conf/cpanel-edge/program; do\n',
    );
    box().run(['/bin/sh', '/usr/local/etc/rc.d/cpanel_edge.sh', 'stop']);
    expect(runs()).toContain('203.0.113.11');
    box().run(['/bin/sh', '/usr/local/etc/rc.d/cpanel_edge.sh', 'start']);
    expect(config()).toBe(before);
    expect(runs()).not.toContain('203.0.113.11');
    expect(status('state')).toBe('confirmed');
  });

  test('a configuration that another administrator saves meanwhile is kept', () => {
    const release = sent([MAIL]);
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    box().write('/var/box/saved-while-read', '3');
    expect([arm(release), confirm(release)]).toEqual(['ok armed', 'ok confirmed']);
    expect(box().read('/var/box/saved-while-read')).toBe('0');
    expect(config()).toContain('<maximumstates>123456</maximumstates>');
    expect(ours().length).toBe(3);
  });

  test('a command that died after saving is rolled back', () => {
    const before = config();
    const release = sent([MAIL]);
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    box().write('/var/box/die-after-save', '');
    expect(arm(release)).toBe('');
    expect(ours().length).toBe(3);
    expect(rollback(release)).toBe('cpanel-edge: ok rolled-back digest=none from=armed');
    expect(config()).toBe(before);
    expect(runs()).not.toContain('203.0.113.10');
  });

  isUndoneAndSaid(onBox, [['the kernel refuses what the grammar takes', '/var/pf/refuses', /pf runs those of before/]]);
  test('edits between checking and arming are refused, and nothing is applied', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const release = sent([MAIL, WWW]);
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    box().saves('foreach ($config["nat"]["onetoone"] as &$entry) { $entry["disabled"] = ""; }');
    const before = config();
    expect(arm(release)).toBe('refused edited-meanwhile');
    expect([config(), status('state')]).toEqual([before, 'checked']);
  });
  test('entries that are gone at the confirm are refused as gone, not as edited', () => {
    const release = sent([MAIL]);
    trial(release);
    box().saves(
      'foreach ([["nat", "onetoone"], ["filter", "rule"], ["virtualip", "vip"], ["aliases", "alias"]] as [$a, $b]) { $config[$a][$b] = array_values(array_filter((array) ($config[$a][$b] ?? []), fn ($entry) => strpos($entry["descr"] ?? "", "cpanel-edge:") !== 0)); if (!$config[$a][$b]) unset($config[$a][$b]); if (!$config[$a]) unset($config[$a]); }',
    );
    expect(confirm(release)).toBe('refused rules-gone');
    expect(wordOf(rollback(release))).toBe('ok rolled-back');
  });
});
