// Tests further deliveries to a simulated pfSense box that are interrupted: without a timer or after a cut-off command,
// the next command rolls back or completes.

import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';
import { isUndoneAndSaid } from './unloadable';

const withBox = describeWhere(
  canHaveBox,
  'deliveries to pfSense that stop halfway',
  'root on Linux, and php-cli with php-xml',
);
jest.setTimeout(60_000);

withBox('on a box', () => {
  const onBox = stepsOnBox();
  const { box, wordOf, upload, check, arm, confirm, trial, rollback, deliver, retract, config, ours, runs, status } =
    onBox;

  test('the next command rolls back an armed release without a timer', () => {
    const release = sent([MAIL]);
    trial(release);
    box().remove('/var/run/cpanel-edge');
    expect(status('state')).toBe('undoing');
    expect(deliver(sent([WWW]))).toBe(DELIVERED);
    expect(runs()).not.toContain('203.0.113.10');
  });

  test('so does the next command of another owner', () => {
    const release = sent([MAIL]);
    trial(release);
    box().remove('/var/run/cpanel-edge');
    expect(deliver(sent([WWW], { owner: 'two' }))).toBe(DELIVERED);
    expect([runs().includes('203.0.113.10'), box().has('/conf/cpanel-edge/gateway-web/before')]).toEqual([
      false,
      false,
    ]);
  });

  isUndoneAndSaid(onBox, [
    ['pf refuses by its grammar', '/var/box/bad-rules', /syntax error|does not take the generated rules/],
    ['the generator dies', '/var/box/generator-dies', /could not generate/],
    ['the configuration can not be saved', '/var/box/save-fails', /could not save/],
    ['the box refuses to save', '/var/box/save-refused', /could not save/],
  ]);

  test('an update that pf refuses is noticed although only a port differs', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const two = sent([{ ...MAIL, port: '25' }]);
    expect([upload(two), wordOf(check(two))]).toEqual(['ok uploaded', 'ok checked']);
    box().write('/var/pf/refuses', '');
    expect(arm(two)).toBe('refused load-failed');
    expect(runs()).toContain('port = 443');
  });

  test('the next command completes an interrupted removal', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    box().write('/var/box/generator-dies', '');
    expect(retract()).toBe('cpanel-edge: failed retract-incomplete');
    expect(status('state')).toBe('retracting');
    box().remove('/var/box/generator-dies');
    expect(box().program('boot')).toBe('cpanel-edge: ok loaded');
    expect([ours(), runs().includes('203.0.113.10'), box().has('/conf/cpanel-edge/gateway-web')]).toEqual([
      [],
      false,
      false,
    ]);
  });

  test('a release is not applied without a timer', () => {
    const before = config();
    const release = sent([MAIL]);
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    box().write('/var/box/no-daemon', '');
    expect(arm(release)).toBe('refused no-timer');
    expect(config()).toBe(before);
  });
  test('edits between arming and confirming are refused', () => {
    const release = sent([MAIL]);
    trial(release);
    box().saves('foreach ($config["nat"]["onetoone"] as &$entry) { $entry["disabled"] = ""; }');
    expect(confirm(release)).toBe('refused edited-meanwhile');
    expect(wordOf(rollback(release))).toBe('ok rolled-back');
    expect(ours()).toEqual([]);
  });
});
