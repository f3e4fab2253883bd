// Tests further refusals of the agent for pfSense on a simulated box: a capture of another version, unapplied changes
// of others, files that were altered between two steps.

import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';

const withBox = describeWhere(
  canHaveBox,
  'refusals of the agent for pfSense',
  'root on Linux, and php-cli with php-xml',
);
jest.setTimeout(60_000);

withBox('on a box', () => {
  const { box, wordOf, upload, check, arm, confirm, trial, rollback, deliver, retract, config, runs } = stepsOnBox();

  test('proxy ARP begins with a release and ends with its removal', () => {
    expect(
      deliver(
        sent([
          { ...MAIL, mode: 'proxyarp' },
          { ...WWW, mode: 'other' },
        ]),
      ),
    ).toBe(DELIVERED);
    expect(box().read('/var/run/choparp_igb0.pid')).not.toBe('');
    expect(box().program('read')).toMatch(/section proxies\n(\|203\.0\.113\.10 dev wan proxy\n)?cpanel-edge/);
    expect(box().read('/var/box/addresses')).not.toContain('203.0.113.11');
    expect(retract()).toBe('cpanel-edge: ok retracted left=nothing');
    expect(box().has('/var/run/choparp_igb0.pid')).toBe(false);
  });

  test('changes that were saved and not applied by others are refused, and not applied', () => {
    box().write('/var/box/filter.dirty', '');
    const release = sent([MAIL]);
    expect([upload(release), check(release)]).toEqual(['ok uploaded', 'cpanel-edge: refused unapplied what=filter']);
    box().remove('/var/box/filter.dirty');
    expect(deliver(release)).toBe(DELIVERED);
  });

  test('a capture of another version, or of other interfaces, is refused', () => {
    const version = box().configured('version');
    const other = sent([MAIL], { mark: 'captured', version: '21.1' });
    expect([upload(other), check(other)]).toEqual([
      'ok uploaded',
      `cpanel-edge: refused other-version version=${version} captured=21.1`,
    ]);
    const moved = sent([MAIL], { mark: 'captured', version, interfaces: { wan: 'em0', lan: 'igb1' } });
    expect([upload(moved), check(moved)]).toEqual(['ok uploaded', 'cpanel-edge: refused no-interface interface=em0']);
    expect(deliver(sent([MAIL], { mark: 'captured', version }))).toBe(DELIVERED);
  });

  test('assumed interface keys are replaced by those of the box', () => {
    box().saves(
      '$config["interfaces"]["opt1"] = ["enable" => "", "if" => "igb0"]; $config["interfaces"]["wan"]["if"] = "igb2"',
    );
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(config()).toMatch(/cpanel-edge:web\/mail-nat[^]*?<interface>opt1</);
    expect(runs()).toContain('binat on igb0 inet from 10.0.1.50');
  });

  test('a release that was altered on the box between two steps, or on its way, is refused', () => {
    const alter = (state: string): string =>
      box().run(['/bin/sh', '-c', `sed -i s/10.0.1.50/10.0.1.5/ /conf/cpanel-edge/*/${state}-*`]);
    const release = sent([MAIL]);
    expect(wordOf(box().program(release.upload, release.file.replaceAll('10.0.1.50', '10.0.1.5')))).toBe(
      'refused upload-damaged',
    );
    expect(wordOf(box().program(release.upload, release.file.slice(0, -20)))).toBe('refused upload-damaged');
    upload(release);
    alter('offered');
    expect(wordOf(check(release))).toBe('refused upload-damaged');
    expect([upload(release), wordOf(check(release))]).toEqual(['ok uploaded', 'ok checked']);
    alter('checked');
    expect(arm(release)).toBe('refused upload-damaged');
    trial(release);
    alter('armed');
    expect([confirm(release), wordOf(rollback(release))]).toEqual(['refused upload-damaged', 'ok rolled-back']);
  });
});
