// Tests refusals of the agent for pfSense on a simulated box: edits by hand, full disks, late uploads, and values that
// fit no pattern.

import { textOf } from '../box-configuration';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { describeWhere } from '../../../where-possible';
import { addFullRows } from '../../../tier';

const withBox = describeWhere(
  canHaveBox,
  'refusals of the agent for pfSense',
  'root on Linux, and php-cli with php-xml',
);

withBox('on a box', () => {
  const { box, wordOf, upload, check, rollback, deliver, config, ours, runs, status } = stepsOnBox();

  test('an upload that arrives after its rollback is refused', () => {
    const release = sent([MAIL]);
    expect(wordOf(rollback(release))).toBe('ok rolled-back');
    expect(upload(release)).toBe('refused not-the-holder');
    expect(upload(sent([MAIL]))).toBe('ok uploaded');
  });

  test('edits by hand are refused until exactly they are accepted; missing entries are restored', () => {
    expect(deliver(sent([MAIL]))).toBe(DELIVERED);
    const edit = (port: string): void =>
      box().saves(
        `foreach ($config["filter"]["rule"] as &$rule) { if (strpos($rule["descr"], "cpanel-edge:") === 0) { $rule["destination"]["port"] = "${port}"; $rule["updated"] = ["time" => "1"]; } }`,
      );
    edit('3306');
    const two = sent([MAIL, WWW]);
    upload(two);
    const refused = box().program(`check ${two.identity}`);
    expect(refused).toMatch(/^\|< <port>443<\/port>\n\|> <port>3306<\/port>$/m);
    expect(refused).not.toContain('password');
    expect(box().program('read')).toMatch(/section edits\n\|gateway web < <port>443/);
    const fingerprint = /fingerprint=([0-9a-f]{64})$/.exec(refused)?.[1];
    expect(wordOf(box().program(`accept ${'0'.repeat(64)}`))).toBe('refused no-such-edit');
    expect(wordOf(box().program(`accept ${fingerprint}`))).toBe('ok accepted');
    edit('3307');
    expect([upload(two), wordOf(check(two))]).toEqual(['ok uploaded', 'refused edited']);
    edit('3306');
    expect(deliver(two)).toBe(DELIVERED);
    expect(runs()).not.toContain('3306');
    box().saves(
      'foreach (["virtualip" => "vip", "nat" => "onetoone", "filter" => "rule"] as $in => $list) { $config[$in][$list] = array_values(array_filter($config[$in][$list], function ($one) { return strpos($one["descr"], "cpanel-edge:") !== 0; })); }',
    );
    expect(status('rules')).toBe('absent');
    expect(deliver(sent([MAIL, WWW]))).toBe(DELIVERED);
    expect(ours().length).toBe(6);
  });

  test.each(
    addFullRows(
      [
        ['pfsync', '$config["hasync"] = ["pfsyncenabled" => "on"]', 'high-availability what=pfsync'],
        ['a filter that is off', '$config["system"]["disablefilter"] = "1"', 'filter-off'],
        [
          'another entry’s mapping',
          '$config["nat"]["onetoone"][0]["external"] = "203.0.113.10"',
          'mapped-already external=203.0.113.10',
        ],
      ],
      [
        ['a secondary', '$config["hasync"] = ["synchronizetoip" => "10.0.1.2"]', 'high-availability what=xmlrpc'],
        ['maintenance', '$config["virtualip_carp_maintenancemode"] = true', 'high-availability what=carp-maintenance'],
        ['an older version', '$config["version"] = "19.1"', 'unknown-version version=19.1'],
        ['a newer version', '$config["version"] = "30.0"', 'unknown-version version=30.0'],
        ['an interface that is off', 'unset($config["interfaces"]["wan"]["enable"])', 'interface-off interface=wan'],
        ['another device', '$config["interfaces"]["wan"]["if"] = "ix0"', 'no-interface interface=igb0'],
        [
          'the address of another virtual IP',
          '$config["virtualip"]["vip"][0]["subnet"] = "203.0.113.10"',
          'address-taken address=203.0.113.10',
        ],
        [
          'our tag on an entry that we never applied',
          '$config["nat"]["onetoone"][0]["descr"] = "cpanel-edge:web/x"',
          'entries-exist owner=web',
        ],
      ],
    ),
  )('refuses by name: %s', (_, code, words) => {
    // Only the number is changed: a version whose generator isn't here.
    box().php(`require_once "config.inc"; ${code}; write_config("by hand");`);
    const before = config();
    const release = sent([MAIL]);
    expect(upload(release)).toBe('ok uploaded');
    expect(check(release)).toBe(`cpanel-edge: refused ${words}`);
    expect(config()).toBe(before);
    expect(box().has('/conf/cpanel-edge/gateway-web')).toBe(false);
  });

  test('a demoted box and a disk that can’t be written are refused', () => {
    box().write('/var/box/demotion', '240\n');
    const release = sent([MAIL]);
    expect([upload(release), check(release)]).toEqual([
      'ok uploaded',
      'cpanel-edge: refused high-availability what=carp-demotion',
    ]);
    box().write('/var/box/demotion', '0\n');
    expect(upload(release)).toBe('ok uploaded');
    const writable = box().readOnly('/cf/conf');
    try {
      expect(check(release)).toBe('cpanel-edge: refused config-not-writable');
      expect(upload(release)).toBe('refused folder-not-writable');
      expect(wordOf(box().program('read'))).toBe('ok read');
    } finally {
      writable();
    }
  });

  // The box would put other elements than the generator's into its rules as they are.
  test('a value that fits no pattern never reaches the box', () => {
    const own = textOf([MAIL]);
    const lines = [...own.matchAll(/<(\w[\w-]*)>([^<]*)<\/\1>/g)];
    const names = [
      'os',
      'tag',
      'tagged',
      'max',
      'max-src-nodes',
      'max-src-conn',
      'max-src-states',
      'statetimeout',
      'gateway',
      'sched',
      'id',
    ];
    const more = [
      ...names,
      'statetype',
      'statepolicy',
      'tcpflags1',
      'tcpflags2',
      'tcpflags_any',
      'disablereplyto',
      'log',
      'nosync',
      'nopfsync',
    ];
    const added = more.map(
      (name) => [name, own.replace('<tracker>', `<${name}>1 keep state</${name}>\n<tracker>`)] as const,
    );
    const ofOurs = own.indexOf('<descr>');
    expect(ofOurs).toBeGreaterThan(0);
    const changed = [
      'tracker',
      'port',
      'address',
      'external',
      'subnet',
      'subnet_bits',
      'protocol',
      'direction',
      'mode',
      'any',
      'natreflection',
    ]
      .filter((name) => lines.some(([, has]) => has === name))
      .map((name) => [name, own.replace(new RegExp(`<${name}>[^<]*<`), `<${name}>1 keep state<`)] as const);
    expect(changed.length).toBeGreaterThan(5);
    for (const [name, text] of [...added, ...changed]) {
      const release = sent([MAIL], {}, { text });
      expect([name, box().program(release.upload, release.file)]).toEqual([
        name,
        expect.stringMatching(/upload-damaged part=text-(element|value)$/),
      ]);
    }
  });

  test.each(
    addFullRows(
      [
        ['XML', (text: string) => text.replace('</virtualip>', ''), 'text-xml'],
        [
          'an action that the box would take for pass',
          (text: string) => text.replace('<type>pass<', '<type>deny<'),
          'text-value',
        ],
        [
          'another switch',
          (text: string) => text.replace('<assumed/>', '<assumed/><sets>disablefilter</sets>'),
          'text-switch',
        ],
        ['several ports', (text: string) => text.replace('<port>443<', '<port>443 keep state<'), 'text-value'],
      ],
      [
        ['a mark', (text: string) => text.replace('<assumed/>', '<live/>'), 'text-mark'],
        [
          'a document type',
          (text: string) => text.replace('\n<pfsense>', '\n<!DOCTYPE pfsense>\n<pfsense>'),
          'text-xml',
        ],
        [
          'an element',
          (text: string) => text.replace('<tracker>', '<associated-rule-id>x</associated-rule-id>\n<tracker>'),
          'text-element',
        ],
        [
          'a line break in a description',
          (text: string) => text.replace('mail-tcp', 'mail-tcp &#10;pass in'),
          'text-character',
        ],
        ['an unknown interface', (text: string) => text.replace('<interface>wan<', '<interface>wan; x<'), 'text-value'],
      ],
    ),
  )('refuses a text that the generator doesn’t make: %s', (_, change, part) => {
    const release = sent([MAIL], {}, { text: change(textOf([MAIL])) });
    expect(box().program(release.upload, release.file)).toBe(`cpanel-edge: refused upload-damaged part=${part}`);
  });
});
