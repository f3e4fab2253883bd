// Tests that configurations which pfSense itself can't read or load are recognised, with the line of the fault.

import { lowerConfiguration } from '../../../../lib/platforms/pfsense/parse/configuration/lower-configuration';
import { describeDevice } from '../../../../lib/platforms/pfsense/parse/box/describe-device';
import { parseXml } from '../../../../lib/xml/parse-xml';
import { ANYWHERE, LAN, Parts, WAN, at, decided, on, packet, rule, rulesOf } from './boxes';

const because = (parts: Parts): string | undefined => rulesOf(parts).unloadable?.reason;
const EMPTY =
  '<rule><type>pass</type><interface>wan</interface><source></source><destination><any/></destination></rule>';
const NO_INTERFACE = `<rule><type>pass</type><source>${ANYWHERE}</source><destination>${ANYWHERE}</destination></rule>`;
const ANY_PROTOCOL = rule('pass', 'wan', { rest: '<protocol>any</protocol>' });

describe('configurations that the box can’t parse', () => {
  test('with an element that occurs twice where it may not, with its line', () => {
    const { unloadable } = rulesOf({ rules: `\n<rule>\n<type>pass</type>\n<type>block</type></rule>` });
    expect(unloadable).toMatchObject({ line: { number: 15, text: '<type>' } });
    expect(unloadable!.reason).toContain('more than once');
  });

  test('with an element in capitals, which is the same element', () => {
    expect(because({ more: '<Filter></Filter>' })).toContain('more than once');
    expect(
      decided(rulesOf({ rules: rule('pass', 'wan', { rest: '<Disabled/>' }) }), 'wan', packet('192.0.2.7', '10.0.1.5')),
    ).toBe('block');
  });

  test('do not include repeated lists, nor repeated elements of packages', () => {
    expect(because({ rules: rule('pass', 'wan') + rule('pass', 'lan') })).toBeUndefined();
    expect(
      because({ more: '<installedpackages><some><thing>1</thing><thing>2</thing></some></installedpackages>' }),
    ).toBeUndefined();
  });

  test('with text beside elements', () => {
    expect(because({ rules: `<rule>oops<type>pass</type></rule>` })).toContain('text stands beside');
  });
});

describe('configurations that stop the generator', () => {
  test.each([
    ['22.2', undefined],
    ['22.9', 'empty address'],
    ['23.3', 'empty address'],
    ['24.5', 'empty address'],
    ['22.5', 'empty address'],
  ])('with an empty source (0.7, version %s)', (version, said) => {
    const found = because({ version, rules: EMPTY });
    if (said === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(said);
    // A disabled rule isn't evaluated.
    expect(because({ version, rules: EMPTY.replace('<type>', '<disabled/><type>') })).toBeUndefined();
  });

  test('2.6 leaves that rule out instead', () => {
    expect(decided(rulesOf({ version: '22.2', rules: EMPTY }), 'wan', packet('192.0.2.7', '10.0.1.5'))).toBe('block');
  });

  test('a rule without a source is left out in all versions', () => {
    const rules = '<rule><type>pass</type><interface>wan</interface><destination><any/></destination></rule>';
    for (const version of ['22.2', '23.3', '24.5']) {
      expect(decided(rulesOf({ version, rules }), 'wan', packet('192.0.2.7', '10.0.1.5'))).toBe('block');
    }
  });

  test.each([
    ['22.2', false],
    ['23.3', false],
    ['24.5', true],
    ['24.0', true],
  ])('with a rule without an interface (0.7, version %s)', (version, stops) => {
    expect(because({ version, rules: NO_INTERFACE }) !== undefined).toBe(stops);
  });

  test('a floating rule needs no interface', () => {
    expect(
      because({ version: '24.5', rules: NO_INTERFACE.replace('<type>', '<floating>yes</floating><type>') }),
    ).toBeUndefined();
  });
});

describe('rules that pfctl refuses', () => {
  test.each([
    ['22.2', true],
    ['23.3', false],
    ['24.5', false],
  ])('with the protocol any (0.2, version %s)', (version, refused) => {
    expect(because({ version, rules: ANY_PROTOCOL }) !== undefined).toBe(refused);
    if (!refused)
      expect(decided(rulesOf({ version, rules: ANY_PROTOCOL }), 'wan', packet('192.0.2.7', '10.0.1.5', 47, 0))).toBe(
        'pass',
      );
  });

  const ONE = (source: string, more = ''): string =>
    `<onetoone><external>203.0.113.10</external><interface>wan</interface>${more}<source>${source}</source><destination>${ANYWHERE}</destination></onetoone>`;

  test('with reflection of a mapping of any (0.12, 4.7)', () => {
    expect(because({ oneToOne: ONE(ANYWHERE, '<natreflection>enable</natreflection>') })).toContain('reflection');
    expect(because({ oneToOne: ONE(ANYWHERE) })).toBeUndefined();
  });

  test('with an alias in a 1:1 entry (2.2)', () => {
    const aliases = '<alias><name>hosts</name><type>host</type><address>10.0.1.50 10.0.1.51</address></alias>';
    expect(because({ aliases, oneToOne: ONE(at('hosts')) })).toContain('one address or one subnet');
    expect(because({ oneToOne: ONE(on('(self)')) })).toContain('one address or one subnet');
  });

  test('with two families', () => {
    expect(because({ rules: rule('pass', 'wan', { to: at('2001:db8::1') }) })).toContain('other family');
    expect(
      because({ rules: rule('pass', 'wan', { rest: '<ipprotocol>inet46</ipprotocol>', to: at('10.0.1.50') }) }),
    ).toContain('other family');
    expect(because({ oneToOne: ONE(at('2001:db8::1')) })).toContain('other family');
  });

  test('with unknown names of protocols, ports and types', () => {
    expect(because({ rules: rule('pass', 'wan', { rest: '<protocol>tpc</protocol>' }) })).toContain('no protocol tpc');
    expect(
      because({ rules: rule('pass', 'wan', { rest: '<protocol>icmp</protocol><icmptype>pong</icmptype>' }) }),
    ).toContain('no ICMP type pong');
    expect(
      because({
        forwards: `<rule><interface>wan</interface><target>10.0.1.5</target><source><any/></source><destination><any/></destination></rule>`,
      }),
    ).toContain('no protocol');
  });

  test('with aliases where they are not allowed', () => {
    const aliases =
      '<alias><name>web</name><type>port</type><address>80</address></alias><alias><name>them</name><type>host</type><address>10.0.1.5</address></alias>';
    expect(because({ aliases, rules: rule('pass', 'wan', { from: at('web') }) })).toContain('ports where addresses');
    expect(
      because({
        aliases,
        rules: rule('pass', 'wan', { rest: '<protocol>tcp</protocol>', to: `${ANYWHERE}<port>them</port>` }),
      }),
    ).toContain('addresses where ports');
  });

  test('with outbound NAT from a name that doesn’t exist', () => {
    const outbound = `<mode>advanced</mode><rule><interface>wan</interface><source>${on('nobody')}</source><destination>${ANYWHERE}</destination></rule>`;
    expect(because({ version: '22.2', outbound })).toContain('nobody');
  });
});

describe('a line break in a description', () => {
  const DESCRIPTION = '<descr><![CDATA[web\npass in quick all]]></descr>';

  test('of a rule that becomes a comment begins a new rule (0.22)', () => {
    expect(because({ rules: rule('pass', 'wan', { rest: DESCRIPTION, from: at('gone') }) })).toContain('line break');
    expect(because({ rules: rule('pass', 'opt9', { rest: DESCRIPTION }) })).toContain('line break');
    const more = '<schedules><schedule><name>work</name></schedule></schedules>';
    expect(because({ more, rules: rule('pass', 'wan', { rest: `${DESCRIPTION}<sched>work</sched>` }) })).toContain(
      'line break',
    );
  });

  test('of a loaded rule is part of its label', () => {
    expect(because({ rules: rule('pass', 'wan', { rest: DESCRIPTION }) })).toBeUndefined();
  });
});

describe('the parser on any input', () => {
  const read = (text: string): unknown => {
    const root = parseXml(text);
    return lowerConfiguration(root, describeDevice(root));
  };

  test.each([
    '<pfsense/>',
    '<pfsense></pfsense>',
    '<pfsense><version>x</version><interfaces/><filter/><nat/><aliases/><virtualip/></pfsense>',
    '<pfsense><version>99999999999999.-1</version><filter><rule/><rule></rule></filter><nat><onetoone/><rule/><outbound><rule/></outbound><npt/></nat></pfsense>',
    '<pfsense><interfaces><wan><enable/></wan><lan/></interfaces><virtualip><vip/><vip><subnet>x</subnet><subnet_bits>-4</subnet_bits></vip></virtualip></pfsense>',
    '<pfsense><interfaces><wan><enable/><ipaddr>203.0.113.2</ipaddr><subnet>-5</subnet></wan></interfaces><gateways><gateway_group><item>|||</item></gateway_group></gateways></pfsense>',
    '<pfsense><ipsec><phase1/><phase2/></ipsec><openvpn><openvpn-server/></openvpn><captiveportal><a><enable/></a></captiveportal><staticroutes><route/></staticroutes></pfsense>',
  ])('%s ends in rules, or in a reason why there are none', (text) => {
    expect(read(text)).toHaveProperty('filter');
  });

  test('each field of each entry, emptied, doubled and made enormous', () => {
    const fields = [
      'interface',
      'ipprotocol',
      'protocol',
      'icmptype',
      'direction',
      'gateway',
      'sched',
      'statetype',
      'external',
      'target',
      'local-port',
    ];
    const values = [
      '',
      '0',
      '-1',
      '99999999999999999999',
      'x'.repeat(10_000),
      '&amp;&lt;',
      '/',
      '-',
      ':',
      ',',
      '1:2:3',
      '10.0.0.1/99',
      '::/999',
      '!',
    ];
    for (const field of fields) {
      for (const value of values) {
        const one = `<${field}>${value}</${field}>`;
        const sides = `<source><address>${value}</address><port>${value}</port></source><destination><network>${value}</network></destination>`;
        const nat = `<nat><onetoone>${one}${sides}</onetoone><rule>${one}${sides}</rule><outbound><mode>advanced</mode><rule>${one}${sides}</rule></outbound></nat>`;
        const text = `<pfsense><version>23.3</version><interfaces>${WAN}${LAN}</interfaces>${nat}<filter><rule>${one}${sides}</rule></filter></pfsense>`;
        expect(read(text)).toHaveProperty('filter');
      }
    }
  });
});

describe('names that are macros of the box', () => {
  const named = (key: string, device: string, address: string): string =>
    `<${key}><enable></enable><descr><![CDATA[Office]]></descr><if>${device}</if><ipaddr>${address}</ipaddr><subnet>24</subnet></${key}>`;
  const office = named('opt1', 'igb2', '192.168.50.1');

  test('two interfaces with one description: the rules’ interfaces are unknown', () => {
    const both = rulesOf({ interfaces: WAN + LAN + office + named('opt2', 'igb3', '192.168.60.1') });
    expect(both.unloadable?.reason).toContain('two interfaces are called Office');
    expect(rulesOf({ interfaces: WAN + LAN + office }).unloadable).toBeUndefined();
    expect(
      rulesOf({
        interfaces: WAN + LAN + office + named('opt2', 'igb3', '192.168.60.1').replace('<enable></enable>', ''),
      }).unloadable,
    ).toBeUndefined();
  });

  test.each([
    ['Office', true],
    ['WAN', true],
    ['office', false],
  ])('an alias called %s', (name, refused) => {
    const aliases = `<alias><name>${name}</name><type>host</type><address>192.0.2.1</address></alias>`;
    expect(rulesOf({ interfaces: WAN + LAN + office, aliases }).unloadable !== undefined).toBe(refused);
  });
});

test('a line break in the description of outbound NAT begins a new rule (0.26)', () => {
  const entry = (descr: string): string =>
    `<mode>advanced</mode><rule><interface>wan</interface><source><network>10.0.1.0/24</network></source><destination><any/></destination><target></target><descr><![CDATA[${descr}]]></descr></rule>`;
  expect(because({ outbound: entry('all') })).toBeUndefined();
  expect(because({ outbound: entry('all\nrdr pass on igb0 from any to any -> 10.0.1.50') })).toContain(
    'the rest is a rule of its own',
  );
});
