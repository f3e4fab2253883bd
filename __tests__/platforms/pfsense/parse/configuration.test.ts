// Tests which device (interfaces, addresses, routes), which default rules and which simple rules and 1:1 entries the
// parser gives for a pfSense config.xml.

import { printAddress, printPrefix } from '../../../../lib/net/address';
import { ANYWHERE, DMZ, LAN, WAN, WAN2, at, decided, described, matches, on, packet, rule, rulesOf } from './boxes';
import { mapped } from './translated';

const VIP = (address: string, kind = 'ipalias', bits = '32', more = ''): string =>
  `<vip><mode>${kind}</mode><interface>wan</interface><uniqid>u${address}</uniqid><subnet>${address}</subnet><subnet_bits>${bits}</subnet_bits>${more}</vip>`;

const MAIL = `<onetoone><external>203.0.113.10</external><interface>wan</interface><source>${at('10.0.1.50')}</source><destination>${ANYWHERE}</destination></onetoone>`;

describe('the device that a configuration describes', () => {
  test('has interfaces by their keys, with roles, addresses and virtual IPs', () => {
    const device = described({
      interfaces: WAN + LAN + DMZ + WAN2,
      vips: VIP('203.0.113.10') + VIP('203.0.113.11', 'other'),
    });
    expect(device.interfaces.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'wan outside',
      'lan inside',
      'opt1 inside',
      'opt2 outside',
    ]);
    expect(
      device.interfaces.map(({ addresses }) => addresses.map((each) => `${printAddress(each.address)}/${each.length}`)),
    ).toEqual([['203.0.113.2/28'], ['10.0.1.1/24'], ['192.168.50.1/24'], ['198.18.0.2/24']]);
    expect(device.localAddresses.map((address) => printAddress(address))).toEqual(['203.0.113.10']);
    expect(device.forwarding).toBe(true);
  });

  test('lacks interfaces that are not enabled, and DHCP addresses are unknown', () => {
    const device = described({
      interfaces: `<wan><enable/><if>igb0</if><ipaddr>dhcp</ipaddr></wan>${LAN}<opt1><if>igb2</if><ipaddr>192.168.50.1</ipaddr><subnet>24</subnet></opt1>`,
    });
    expect(device.interfaces.map(({ name }) => name)).toEqual(['wan', 'lan']);
    expect(device.interfaces[0]).toMatchObject({ role: 'outside', addresses: [] });
  });

  test('has routes from static routes and tunnels', () => {
    const device = described({
      more: `<staticroutes><route><network>10.9.0.0/16</network><gateway>INNER</gateway></route></staticroutes>
        <openvpn><openvpn-server><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>`,
    });
    // The box has no gateway INNER, so the route has no next hop.
    const inner =
      '<gateway_item><interface>lan</interface><gateway>10.0.1.254</gateway><name>INNER</name></gateway_item>';
    const routes =
      '<route><network>10.9.0.0/16</network><gateway>INNER</gateway></route><route><network>branch</network><gateway>INNER</gateway></route>';
    const off = '<route><disabled/><network>10.7.0.0/16</network><gateway>INNER</gateway></route>';
    const aliases = '<alias><name>branch</name><type>network</type><address>10.8.1.0/24 10.8.2.0/24</address></alias>';
    const routed = described({ gateways: inner, aliases, more: `<staticroutes>${routes}${off}</staticroutes>` });
    expect(routed.interfaces[1]!.routes.map((prefix) => printPrefix(prefix))).toEqual([
      '10.9.0.0/16',
      '10.8.1.0/24',
      '10.8.2.0/24',
    ]);
    expect(device.interfaces.map(({ name, routes }) => [name, routes.length])).toEqual([
      ['wan', 0],
      ['lan', 0],
      ['openvpn', 1],
    ]);
    expect(device.interfaces[2]!.role).toBe('vpn');
  });
});

describe('inbound packets', () => {
  const web = rule('pass', 'wan', { rest: '<protocol>tcp</protocol>', to: `${at('10.0.1.50')}<port>443</port>` });

  test('are dropped by default, in both families', () => {
    const rules = rulesOf({});
    expect(decided(rules, 'wan', packet('192.0.2.7', '203.0.113.2'))).toBe('block');
    expect(decided(rules, 'lan', packet('10.0.1.7', '192.0.2.7'))).toBe('block');
    expect(decided(rules, 'wan', packet('2001:db8::7', '2001:db8::1'))).toBe('block');
  });

  test('pass by a rule with their protocol, address and port on its interface, and no others', () => {
    const rules = rulesOf({ rules: web });
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', 443))).toBe('pass');
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', 80))).toBe('block');
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'udp', 443))).toBe('block');
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.51', 'tcp', 443))).toBe('block');
    expect(decided(rules, 'lan', packet('10.0.1.7', '10.0.1.50', 'tcp', 443))).toBe('block');
  });

  test('that were accepted also leave', () => {
    expect(decided(rulesOf({}), 'lan', packet('192.0.2.7', '10.0.1.50'), 'out')).toBe('pass');
  });

  test('are decided by the interface’s first rule that matches', () => {
    const rules = rulesOf({ rules: rule('block', 'wan', { from: at('192.0.2.0/24') }) + rule('pass', 'wan') });
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50'))).toBe('block');
    expect(decided(rules, 'wan', packet('198.18.7.7', '10.0.1.50'))).toBe('pass');
  });

  test('are explained by a rule’s place, description and line', () => {
    const rules = rulesOf({
      rules: `\n${rule('block', 'wan')}\n${rule('pass', 'wan', { rest: '<descr><![CDATA[Web &amp; mail]]></descr>' })}`,
    });
    expect(rules.filter.slice(-2).map(({ line }) => line)).toEqual([
      { number: 13, text: 'block rule 1 on wan', isName: true },
      { number: 14, text: 'rule 2 on wan "Web & mail"', isName: true },
    ]);
  });

  test('an element counts as true if it is present, whatever its text (T4)', () => {
    expect(
      decided(
        rulesOf({ rules: rule('pass', 'wan', { rest: '<disabled>false</disabled>' }) }),
        'wan',
        packet('192.0.2.7', '10.0.1.5'),
      ),
    ).toBe('block');
    const not = rulesOf({ rules: rule('pass', 'wan', { to: `${at('10.0.1.50')}<not>0</not>` }) });
    expect(decided(not, 'wan', packet('192.0.2.7', '10.0.1.50'))).toBe('block');
    expect(decided(not, 'wan', packet('192.0.2.7', '10.0.1.51'))).toBe('pass');
  });

  test('a rule of an unknown type passes (T5)', () => {
    expect(decided(rulesOf({ rules: rule('deny', 'wan') }), 'wan', packet('192.0.2.7', '10.0.1.50'))).toBe('pass');
    expect(decided(rulesOf({ rules: rule('reject', 'wan') }), 'wan', packet('192.0.2.7', '10.0.1.50'))).toBe('block');
  });

  test('a port without a protocol is every TCP port, and port 0 counts as no port (T3)', () => {
    const rules = rulesOf({ rules: rule('pass', 'wan', { to: `${at('10.0.1.50')}<port>443</port>` }) });
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', 22))).toBe('pass');
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'udp', 443))).toBe('block');
    const zero = rulesOf({
      rules: rule('pass', 'wan', { rest: '<protocol>udp</protocol>', to: `${at('10.0.1.50')}<port>0</port>` }),
    });
    expect(decided(zero, 'wan', packet('192.0.2.7', '10.0.1.50', 'udp', 22))).toBe('pass');
  });

  test('text in CDATA is unescaped once more than other text (0.19)', () => {
    const called = (description: string): string =>
      rulesOf({ rules: rule('pass', 'wan', { rest: `<descr>${description}</descr>` }) }).filter.at(-1)!.line.text;
    expect(called('<![CDATA[&amp;amp; bar]]>')).toBe('rule 1 on wan "&amp; bar"');
    expect(called('<![CDATA[&lt;web&gt; &#233; &#x41;]]>')).toBe('rule 1 on wan "<web> \u00e9 A"');
    expect(called('a &amp;amp; b')).toBe('rule 1 on wan "a &amp; b"');
  });

  test('a description is shown without characters that would change its line', () => {
    const rules = rulesOf({
      rules: rule('pass', 'wan', { rest: `<descr><![CDATA[one&#10;two ${'x'.repeat(5000)}]]></descr>` }),
    });
    expect(rules.filter.at(-1)!.line.text).toMatch(/^rule 1 on wan "one\\u\{a\}two x+\.\.\."$/);
    expect(rules.filter.at(-1)!.line.text.length).toBeLessThan(130);
  });

  test('spoofed internal sources are blocked by default only: a pass rule wins (0.3)', () => {
    for (const source of ['10.0.1.7', '10.0.1.1']) {
      const spoofed = packet(source, '10.0.1.50');
      expect(decided(rulesOf({}), 'wan', spoofed)).toBe('block');
      expect(decided(rulesOf({ rules: rule('pass', 'wan') }), 'wan', spoofed)).toBe('pass');
    }
  });

  test.each(['22.2', '23.3', '24.5'])('TCP in capitals keeps its port (0.1, version %s)', (version) => {
    const rules = rulesOf({
      version,
      rules: rule('pass', 'wan', { rest: '<protocol>TCP</protocol>', to: `${ANYWHERE}<port>443</port>` }),
    });
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', 443))).toBe('pass');
    expect(decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', 22))).toBe('block');
  });

  test('ports are one, a range, or all', () => {
    const of = (port: string): ReturnType<typeof rulesOf> =>
      rulesOf({
        rules: rule('pass', 'wan', { rest: '<protocol>udp</protocol>', to: `${ANYWHERE}<port>${port}</port>` }),
      });
    const asked = (port: string, ...ports: readonly number[]): readonly string[] =>
      ports.map((each) => decided(of(port), 'wan', packet('192.0.2.7', '10.0.1.50', 'udp', each)));
    expect(asked('1000-1002', 999, 1000, 1002, 1003)).toEqual(['block', 'pass', 'pass', 'block']);
    expect(asked('1-65535', 1, 65_535)).toEqual(['pass', 'pass']);
    expect(asked('1-100', 1, 100, 101)).toEqual(['pass', 'pass', 'block']);
    expect(asked('2000-1000', 1000, 1500, 2000)).toEqual(['block', 'block', 'block']);
    expect(asked('70000', 70, 443)).toEqual(['block', 'block']);
    expect(asked('-5', 5)).toEqual(['block']);
  });
});

describe('1:1 entries', () => {
  test('map a host (4.1)', () => {
    expect(mapped({ oneToOne: MAIL })).toEqual(['10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10']);
    expect(rulesOf({ oneToOne: MAIL }).binat[0]).toMatchObject({ on: { is: ['wan'] }, pass: false, protocols: 'any' });
  });

  test('map a subnet: host bits of the external address are masked (4.3)', () => {
    expect(mapped({ oneToOne: MAIL.replace('10.0.1.50', '10.0.9.0/28').replace('113.10', '113.5') })).toEqual([
      '10.0.9.0/28 to 0.0.0.0/0 -> 203.0.113.0/28',
    ]);
  });

  test('with a mask in the external address map nothing (T6)', () => {
    expect(mapped({ oneToOne: MAIL.replace('113.10<', '113.10/32<') })).toEqual([]);
  });

  test('need an existing interface; without a name it is wan', () => {
    expect(mapped({ oneToOne: MAIL.replace('<interface>wan</interface>', '<interface>opt7</interface>') })).toEqual([]);
    expect(mapped({ oneToOne: MAIL.replace('<interface>wan</interface>', '') })).toEqual([
      '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10',
    ]);
  });

  test('of WAN net include every virtual IP (0.4)', () => {
    const rules = rulesOf({
      vips: VIP('198.18.7.8', 'proxyarp', '29') + VIP('198.18.8.1', 'other'),
      rules: rule('pass', 'lan', { to: on('wan') }),
    });
    for (const address of ['203.0.113.14', '198.18.7.9', '198.18.8.1']) {
      expect(decided(rules, 'lan', packet('10.0.1.7', address))).toBe('pass');
    }
    expect(decided(rules, 'lan', packet('10.0.1.7', '198.18.8.2'))).toBe('block');
  });

  test('a host with a virtual IP of one uplink leaves by it, also with kind other (0.4)', () => {
    const rules = rulesOf({ interfaces: WAN + LAN + WAN2, vips: VIP('198.51.100.8', 'other') + VIP('203.0.113.10') });
    const routed = (source: string): string | undefined =>
      rules.filter
        .filter((each) => each.direction === 'out' && matches(each, 'opt2', packet(source, '192.0.2.9')) === 'yes')
        .at(-1)!.routedTo;
    expect(['198.51.100.8', '203.0.113.10', '203.0.113.2', '198.18.0.2', '10.0.1.7'].map(routed)).toEqual([
      'wan',
      'wan',
      'wan',
      'opt2',
      undefined,
    ]);
  });
});
