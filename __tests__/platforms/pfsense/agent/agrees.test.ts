// Compares the generator and the capture with the PHP agent on a simulated pfSense box: both put entries at the same
// places and show the same configuration.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAnswer, getSectionText } from '../../../../driver/agent-answer';
import { capturer } from '../../../../lib/platforms/pfsense/capture/capture';
import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { GatewayPolicy } from '../../../../lib/policy/policy';
import { configuration } from '../box-configuration';
import { canHaveBox } from '../machine';
import { DELIVERED, MAIL, WWW, sent, stepsOnBox } from '../steps';
import { BOXES } from '../generate/samples';
import { drawCases } from '../../../randomly';
import { describeWhere } from '../../../where-possible';

// The generator and the capture in the repository, and the agent on the box. Neither knows the other.

const withBox = describeWhere(
  canHaveBox,
  'generator, capture and agent of pfSense, compared',
  'root on Linux, and php-cli with php-xml',
);

const WILD = join(__dirname, '../wild');

const INTERFACES = [
  ['wan', 'wan0', '203.0.113.2'],
  ['lan', 'lan0', '10.0.0.1'],
  ['opt1', 'dmz0', '10.0.9.1'],
  ['opt2', 'wan1', '198.51.100.2'],
] as const;

const interfaceOf = (key: string, device: string, address: string): string => `		<${key}>
			<enable></enable>
			<if>${device}</if>
			<ipaddr>${address}</ipaddr>
			<subnet>24</subnet>
${device.startsWith('wan') ? `\t\t\t<gateway>${key.toUpperCase()}GW</gateway>\n` : ''}		</${key}>
`;

withBox('the agent on the box and the repository', () => {
  const { box, upload, check, arm, confirm, deliver, rollback } = stepsOnBox();

  const captured = (text: string): string => capturer.capture(text).text;
  const live = (): string => getSectionText(parseAnswer(`${box().program('read')}\n`, '', 0), 'ruleset');
  /** Makes a box with the uplinks that a policy names; the agent would refuse another one. */
  const before = (names: readonly string[]): string => {
    const all = INTERFACES.filter(([, device]) => !device.startsWith('wan') || names.includes(device));
    const interfaces = all.map(([key, device, address]) => interfaceOf(key, device, address)).join('');
    box().write('/cf/conf/config.xml', configuration('23.3', undefined, interfaces));
    box().write('/var/box/addresses', all.map(([, device, address]) => `${device} ${address} 24\n`).join(''));
    return captured(box().read('/cf/conf/config.xml'));
  };

  test.each(drawCases(Object.entries(BOXES), 2))('put entries at the same places: %s', (_, policy) => {
    const around = before(policy.interfaces.map(({ name }) => name));
    const { text, unmanagedConfig } = generator.write(policy, around);
    const release = sent([], { owner: policy.owner }, { text });
    expect(upload(release)).toBe('ok uploaded');
    expect(check(release)).toBe('cpanel-edge: ok checked rules=none');
    expect([arm(release), confirm(release)]).toEqual(['ok armed', 'ok confirmed']);
    expect(captured(box().read('/cf/conf/config.xml'))).toBe(captured(text));
    // Also around entries that others add later, and after an earlier release. The reflection switch that the release
    // sets isn't captured as one of others: the agent knows that, the capture doesn't.
    const now = captured(box().read('/cf/conf/config.xml')).replace(/\t\t<enablenatreflectionhelper>yes<.*\n/, '');
    const later = generator.write(changed(policy), now);
    const two = sent([], { owner: policy.owner }, { text: later.text });
    if (later.text === text) return void expect(upload(two)).toBe('ok running');
    expect([upload(two), check(two), arm(two)]).toEqual([
      'ok uploaded',
      'cpanel-edge: ok checked rules=as-loaded',
      'ok armed',
    ]);
    expect(captured(box().read('/cf/conf/config.xml'))).toBe(captured(later.text));
    expect(rollback(two)).toMatch(/ok rolled-back/);
    expect(captured(box().read('/cf/conf/config.xml'))).toBe(captured(text));
    expect(captured(unmanagedConfig.text)).toBe(around);
  });

  test('tables that pf does not print are neither confirmed nor left out of an answer', () => {
    const listed = Object.values(BOXES).map((policy) => ({
      policy,
      around: before(policy.interfaces.map(({ name }) => name)),
    }));
    const texts = listed.map(({ policy, around }) => ({ policy, text: generator.write(policy, around).text }));
    const { policy, text } = texts.find((one) => /<type>(host|network)<\/type>/.test(one.text))!;
    before(policy.interfaces.map(({ name }) => name));
    const release = sent([], { owner: policy.owner }, { text });
    expect([upload(release), check(release), arm(release)]).toEqual([
      'ok uploaded',
      'cpanel-edge: ok checked rules=none',
      'ok armed',
    ]);
    const table = /^table <([^>]+)>/m.exec(box().read('/var/pf/tables'))![1]!;
    for (const order of ['-sT', `-t ${table} -T show`]) {
      box().write('/var/pf/mute', order);
      expect([confirm(release), live()]).toEqual(['refused rules-gone', '']);
    }
    box().remove('/var/pf/mute');
    expect([confirm(release), live().includes(`# pfctl -t ${table} -T show`)]).toEqual(['ok confirmed', true]);
  });

  test.each(drawCases(Object.entries(BOXES), 1))('put rules after the blocks of others: %s', (_, policy) => {
    const rule = (type: string, more: string, on = 'wan'): string =>
      `<rule><type>${type}</type><interface>${on}</interface><ipprotocol>inet</ipprotocol>${more}</rule>`;
    const ends = (source: string, destination: string): string =>
      `<source>${source}</source><destination>${destination}</destination>`;
    const [any, bad] = ['<any></any>', '<address>192.0.2.0/24</address>'];
    const floating = '<floating>yes</floating><quick>yes</quick><direction>in</direction>';
    const rules = [
      rule('block', `${ends(bad, any)}${floating}`),
      rule('pass', `<disabled></disabled>${ends(any, any)}${floating}`),
      rule('block', `<protocol>tcp</protocol>${ends(any, `${any}<port>23</port>`)}${floating}`),
      rule('pass', `${ends(bad, any)}${floating}`),
      rule('pass', `<disabled></disabled>${ends(any, any)}`),
      rule('reject', `<protocol>tcp</protocol>${ends(any, bad)}`),
      rule('block', `<protocol>icmp</protocol>${ends(any, any)}`),
      rule('block', ends(any, bad)),
      rule('block', ends(bad, any)),
    ].join('\n');
    before(policy.interfaces.map(({ name }) => name));
    const stored = box().read('/cf/conf/config.xml');
    box().write('/cf/conf/config.xml', stored.replace('<filter>', `<filter>${rules}`));
    const around = captured(box().read('/cf/conf/config.xml'));
    expect(around).not.toBe(captured(stored));
    const { text } = generator.write(policy, around);
    const release = sent([], { owner: policy.owner }, { text });
    expect([upload(release), check(release), arm(release)]).toEqual([
      'ok uploaded',
      'cpanel-edge: ok checked rules=none',
      'ok armed',
    ]);
    expect(captured(box().read('/cf/conf/config.xml'))).toBe(captured(text));
    expect(rollback(release)).toMatch(/ok rolled-back/);
  });

  test('put entries that were generated for an assumed box', () => {
    before(INTERFACES.map(([, device]) => device));
    const [policy] = Object.values(BOXES).slice(2);
    const { text } = generator.write(policy!);
    const release = sent([], { owner: policy!.owner }, { text });
    expect([upload(release), check(release), arm(release)]).toEqual([
      'ok uploaded',
      'cpanel-edge: ok checked rules=none',
      'ok armed',
    ]);
    // `dmz0` has no key in the intent, and on this box another key than the assumed one.
    expect(box().read('/cf/conf/config.xml')).not.toContain('<interface>opt2</interface>');
    expect(rollback(release)).toMatch(/ok rolled-back/);
  });

  test('print the same of a box, without its secrets', () => {
    expect(
      deliver(
        sent(
          [
            { ...MAIL, mode: 'carp' },
            { ...WWW, mode: 'proxyarp' },
          ],
          { helper: true },
        ),
      ),
    ).toBe(DELIVERED);
    const text = live();
    expect(text).toMatch(
      /^<\?xml version="1\.0"\?>\n<pfsense>\n\t<cpanel_edge><live>on<\/live><\/cpanel_edge>\n\t<version>/,
    );
    expect(text).toMatch(/\n<\/pfsense>\n# pfctl -sn\nbinat [^#]*\n# pfctl -sr\nblock /);
    expect(captured(text)).toBe(captured(box().read('/cf/conf/config.xml')));
  });

  test.each(
    drawCases(
      readdirSync(WILD).filter((name) => name.endsWith('.xml')),
      2,
    ),
  )('print the same of %s', (name) => {
    const text = readFileSync(join(WILD, name), 'utf8');
    box().write('/cf/conf/config.xml', text);
    const loads = box().php('require_once "config.inc"; fwrite(STDERR, $config === [] ? "no" : "yes");');
    expect(loads).toContain('yes');
    expect(captured(live())).toBe(captured(text));
  });
});

/** The same policy with its mappings in reverse order and the first one removed. */
const changed = (policy: GatewayPolicy): GatewayPolicy => ({
  ...policy,
  mappings: [...policy.mappings].reverse().slice(0, -1),
});
