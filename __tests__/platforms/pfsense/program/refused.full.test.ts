import { textOf } from '../box-configuration';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';

const withBox = describeWhere(canHaveBox, 'what the device program of pfSense refuses', 'root on Linux, and php-cli with php-xml');
jest.setTimeout(60_000);

withBox('on a box', () => {
  const { box, wordOf, upload, check, arm, confirm, trial, rollback, deliver, retract, config, runs } = stepsOnBox();

  test('answering for an address begins and ends with it', () => {
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

  test.each([
    ['a secondary', '$config["hasync"] = ["synchronizetoip" => "10.0.1.2"]', 'high-availability what=xmlrpc'],
    ['maintenance', '$config["virtualip_carp_maintenancemode"] = true', 'high-availability what=carp-maintenance'],
    ['an older version', '$config["version"] = "19.1"', 'unknown-version version=19.1'],
    ['a version to come', '$config["version"] = "30.0"', 'unknown-version version=30.0'],
    ['an interface that is off', 'unset($config["interfaces"]["wan"]["enable"])', 'interface-off interface=wan'],
    ['another device', '$config["interfaces"]["wan"]["if"] = "ix0"', 'no-interface interface=igb0'],
    [
      'the address of another virtual IP',
      '$config["virtualip"]["vip"][0]["subnet"] = "203.0.113.10"',
      'address-taken address=203.0.113.10',
    ],
    ['our tag on what we never applied', '$config["nat"]["onetoone"][0]["descr"] = "cpanel-edge:web/x"', 'entries-exist owner=web'],
  ])('a box is refused by name: %s', (_, code, words) => {
    // A version without its generator: the box itself isn't asked.
    box().php(`require_once "config.inc"; ${code}; write_config("by hand");`);
    const before = config();
    const one = sent([MAIL]);
    expect(upload(one)).toBe('ok uploaded');
    expect(check(one)).toBe(`cpanel-edge: refused ${words}`);
    expect(config()).toBe(before);
    expect(box().has('/conf/cpanel-edge/gateway-web')).toBe(false);
  });

  test('changes that somebody saved and did not apply are not applied with ours', () => {
    box().write('/var/box/filter.dirty', '');
    const one = sent([MAIL]);
    expect([upload(one), check(one)]).toEqual(['ok uploaded', 'cpanel-edge: refused unapplied what=filter']);
    box().remove('/var/box/filter.dirty');
    expect(deliver(one)).toBe(DELIVERED);
  });

  test('what was captured of another version, or of other interfaces, is refused', () => {
    const version = box().configured('version');
    const other = sent([MAIL], { mark: 'captured', version: '21.1' });
    expect([upload(other), check(other)]).toEqual(['ok uploaded', `cpanel-edge: refused other-version version=${version} captured=21.1`]);
    const moved = sent([MAIL], { mark: 'captured', version, interfaces: { wan: 'em0', lan: 'igb1' } });
    expect([upload(moved), check(moved)]).toEqual(['ok uploaded', 'cpanel-edge: refused no-interface interface=em0']);
    expect(deliver(sent([MAIL], { mark: 'captured', version }))).toBe(DELIVERED);
  });

  test('keys that were assumed become those that the box has', () => {
    box().saves('$config["interfaces"]["opt1"] = ["enable" => "", "if" => "igb0"]; $config["interfaces"]["wan"]["if"] = "igb2"');
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    expect(config()).toMatch(/cpanel-edge:web\/mail-nat[^]*?<interface>opt1</);
    expect(runs()).toContain('binat on igb0 inet from 10.0.1.50');
  });

  test.each([
    ['a mark', (text: string) => text.replace('<assumed/>', '<live/>'), 'text-mark'],
    ['a document type', (text: string) => text.replace('\n<pfsense>', '\n<!DOCTYPE pfsense>\n<pfsense>'), 'text-xml'],
    ['an element', (text: string) => text.replace('<tracker>', '<associated-rule-id>x</associated-rule-id>\n<tracker>'), 'text-element'],
    ['a line break in a description', (text: string) => text.replace('mail-tcp', 'mail-tcp &#10;pass in'), 'text-character'],
    ['an interface that is none', (text: string) => text.replace('<interface>wan<', '<interface>wan; x<'), 'text-value'],
  ])('text that no writer makes is refused: %s', (_, change, part) => {
    const one = sent([MAIL], {}, { text: change(textOf([MAIL])) });
    expect(box().program(one.upload, one.file)).toBe(`cpanel-edge: refused upload-damaged part=${part}`);
  });

  test('what was altered on the box between two steps, or on its way, is refused', () => {
    const alter = (state: string): string => box().run(['/bin/sh', '-c', `sed -i s/10.0.1.50/10.0.1.5/ /conf/cpanel-edge/*/${state}-*`]);
    const one = sent([MAIL]);
    expect(wordOf(box().program(one.upload, one.file.replaceAll('10.0.1.50', '10.0.1.5')))).toBe('refused upload-damaged');
    expect(wordOf(box().program(one.upload, one.file.slice(0, -20)))).toBe('refused upload-damaged');
    upload(one);
    alter('offered');
    expect(wordOf(check(one))).toBe('refused upload-damaged');
    expect([upload(one), wordOf(check(one))]).toEqual(['ok uploaded', 'ok checked']);
    alter('checked');
    expect(arm(one)).toBe('refused upload-damaged');
    trial(one);
    alter('armed');
    expect([confirm(one), wordOf(rollback(one))]).toEqual(['refused upload-damaged', 'ok rolled-back']);
  });
});
