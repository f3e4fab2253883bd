import { PfRules } from '../../../lib/reading/pf/model';
import { ANYWHERE, DMZ, LAN, Parts, WAN, WAN2, at, decided, described, matches, packet, rule, rulesOf } from './boxes';

const WEB = packet('192.0.2.7', '10.0.1.50', 'tcp', 443);
const asked = (parts: Parts, name = 'wan', one = WEB): string => decided(rulesOf(parts), name, one);
const FLOATING = '<floating>yes</floating><quick>yes</quick><direction>in</direction>';

describe('floating rules', () => {
  test('come before those of interfaces', () => {
    expect(asked({ rules: rule('pass', 'wan') + rule('block', 'wan', { rest: FLOATING }) })).toBe('block');
  });

  test('without quick are overruled by any rule of the interface that matches', () => {
    const floating = rule('block', 'wan', { rest: '<floating>yes</floating><direction>in</direction>' });
    expect(asked({ rules: floating + rule('pass', 'wan') })).toBe('pass');
    expect(asked({ rules: rule('pass', 'wan', { rest: '<floating>yes</floating><direction>in</direction>' }) })).toBe('pass');
  });

  test('without an interface are for all; one with several for these; names that nobody has fall away', () => {
    expect(asked({ rules: rule('pass', '', { rest: FLOATING }) }, 'lan')).toBe('pass');
    expect(asked({ rules: rule('pass', 'any', { rest: FLOATING }) }, 'lan')).toBe('pass');
    expect(asked({ rules: rule('pass', 'wan,opt9', { rest: FLOATING }) }, 'lan')).toBe('block');
  });

  test('none of whose interfaces is there and enabled are no rules (0.23)', () => {
    expect(asked({ rules: rule('pass', 'opt9', { rest: FLOATING }) }, 'lan')).toBe('block');
    const off = DMZ.replace('<enable></enable>', '');
    expect(asked({ interfaces: WAN + LAN + off, rules: rule('pass', 'opt1,opt9', { rest: FLOATING }) }, 'lan')).toBe('block');
  });

  test('have a direction, both where it is any', () => {
    const out = (direction: string): string =>
      decided(rulesOf({ rules: rule('block', 'lan', { rest: FLOATING.replace('>in<', `>${direction}<`) }) }), 'lan', WEB, 'out');
    expect([out('in'), out('out'), out('any'), out('')]).toEqual(['pass', 'block', 'block', 'block']);
  });

  test('an empty element sorts among them and drops quick, but keeps in (0.18)', () => {
    const floating = rule('block', 'wan', { rest: '<floating></floating><direction>out</direction>' });
    expect(asked({ rules: floating + rule('pass', 'wan') })).toBe('pass');
    const rules = rulesOf({ rules: floating });
    expect(rules.filter.at(-1)).toMatchObject({ way: 'in', quick: false, line: { text: 'block floating rule 1' } });
  });

  test('of type match decide nothing', () => {
    expect(asked({ rules: rule('match', 'wan', { rest: FLOATING }) })).toBe('block');
  });
});

describe('groups and the tabs of VPNs', () => {
  const MORE = `<ifgroups><ifgroupentry><ifname>ALL</ifname><members>lan opt1</members></ifgroupentry></ifgroups>
    <openvpn><openvpn-server><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>`;
  const TUNNEL = '<opt1><enable/><if>ovpns1</if></opt1>';
  const parts = (version: string, rules: string): Parts => ({ version, rules, more: MORE, interfaces: WAN + LAN + TUNNEL });
  // One packet for an assigned tunnel: the group's rule and the tab's rule say otherwise.
  const tabFirst = rule('block', 'openvpn') + rule('pass', 'ALL');

  test('come after floating rules', () => {
    const floating = rule('block', 'lan', { rest: FLOATING });
    expect(asked(parts('23.3', rule('pass', 'ALL') + floating), 'lan')).toBe('block');
    expect(asked(parts('24.5', rule('pass', 'ALL') + floating), 'lan')).toBe('block');
  });

  test('come before interfaces', () => {
    expect(asked(parts('23.3', rule('pass', 'lan') + rule('block', 'ALL')), 'lan')).toBe('block');
    expect(asked(parts('23.3', rule('pass', 'opt1') + rule('block', 'openvpn')), 'opt1')).toBe('block');
  });

  test.each([
    ['22.2', 'block'],
    ['23.3', 'block'],
    ['24.5', 'pass'],
    ['24.0', 'unknown'],
    ['25.1', 'unknown'],
  ])('the order of tabs and groups is that of the file, on the newest groups come first (0.9, version %s)', (version, said) => {
    expect(asked(parts(version, tabFirst), 'opt1')).toBe(said);
  });

  test('what no release does otherwise is certain between two of them', () => {
    expect(asked(parts('24.0', rule('pass', 'ALL', { rest: '<protocol>tcp</protocol>' })), 'lan')).toBe('pass');
    expect(asked(parts('24.0', ''), 'lan')).toBe('block');
  });

  test('groups among themselves come in the order in which they are defined, on the newest', () => {
    const groups =
      '<ifgroups><ifgroupentry><ifname>ONE</ifname><members>lan</members></ifgroupentry><ifgroupentry><ifname>TWO</ifname><members>lan</members></ifgroupentry></ifgroups>';
    const rules = rule('block', 'TWO') + rule('pass', 'ONE');
    expect(asked({ version: '23.3', rules, more: groups }, 'lan')).toBe('block');
    expect(asked({ version: '24.5', rules, more: groups }, 'lan')).toBe('pass');
  });
});

describe('what a rule asks besides', () => {
  const with_ = (rest: string, more = ''): string =>
    asked({ rules: rule('pass', 'wan', { rest: `<protocol>tcp</protocol>${rest}` }), more });

  test('a schedule turns a rule on and off; one that was deleted never does (T22, 0.21)', () => {
    const schedules = '<schedules><schedule><name>work</name><timerange><hour>8:00-17:00</hour></timerange></schedule></schedules>';
    expect(with_('<sched>work</sched>', schedules)).toBe('unknown');
    expect(with_('<sched>gone</sched>', schedules)).toBe('pass');
  });

  test('what nobody can tell of a packet makes it unknown', () => {
    for (const field of [
      '<os>Linux</os>',
      '<dscp>va</dscp>',
      '<vlanprio>be</vlanprio>',
      '<max-src-conn>5</max-src-conn>',
      '<max>9</max>',
    ]) {
      expect([field, with_(field)]).toEqual([field, 'unknown']);
    }
    expect(with_('<os></os><dscp></dscp><vlanprio>none</vlanprio><max></max>')).toBe('pass');
  });

  test('flags: a first packet has SYN alone', () => {
    expect(with_('<tcpflags1>syn</tcpflags1><tcpflags2>syn,ack</tcpflags2>')).toBe('pass');
    expect(with_('<tcpflags_any/>')).toBe('pass');
    expect(with_('<tcpflags1>ack</tcpflags1><tcpflags2>syn,ack</tcpflags2>')).toBe('unknown');
  });

  test('a tag that nobody sets is on no packet, and one that is set may be', () => {
    expect(with_('<tagged>blue</tagged>')).toBe('block');
    expect(with_('<tagged>blue</tagged><nottagged/>')).toBe('pass');
    const rules = rule('match', 'wan', { rest: `${FLOATING}<tag>blue</tag>` }) + rule('pass', 'wan', { rest: '<tagged>blue</tagged>' });
    expect(asked({ rules })).toBe('unknown');
    expect(asked({ rules: rules.replace('<tagged>', '<nottagged/><tagged>') })).toBe('unknown');
  });

  test('without state it passes, and nothing answers by it', () => {
    const rules = rulesOf({ rules: rule('pass', 'wan', { rest: '<statetype><![CDATA[none]]></statetype>' }) });
    expect(rules.filter.at(-1)).toMatchObject({ action: 'pass', state: false });
  });

  test('types of ICMP, by family', () => {
    const ping = rule('pass', 'wan', {
      rest: '<ipprotocol>inet46</ipprotocol><protocol>icmp</protocol><icmptype>echoreq,unreach</icmptype>',
    });
    const icmp = (source: string, to: string, protocol: number, type: number): string =>
      asked({ rules: ping }, 'wan', packet(source, to, protocol, type));
    expect([icmp('192.0.2.7', '10.0.1.50', 1, 8), icmp('192.0.2.7', '10.0.1.50', 1, 13)]).toEqual(['pass', 'block']);
    expect([icmp('2001:db8::7', '2001:db8::9', 58, 128), icmp('2001:db8::7', '2001:db8::9', 58, 8)]).toEqual(['pass', 'block']);
  });
});

describe('gateways', () => {
  const parts = (gateway: string, more = ''): Parts => ({
    interfaces: WAN + LAN + WAN2,
    rules: rule('pass', 'lan', { rest: `<gateway>${gateway}</gateway>`, from: '<network>lan</network>' }),
    more,
  });

  test('a rule with a gateway sends by its interface (T12)', () => {
    expect(rulesOf(parts('WAN2GW')).filter.at(-1)).toMatchObject({ routedTo: 'opt2', quick: true });
  });

  test('a group of all uplinks leads what is for the box itself by a gateway, too (0.27)', () => {
    const group = '<gateway_group><name>BOTH</name><item>WANGW|1|address</item><item>WAN2GW|1|address</item></gateway_group>';
    const { filter } = rulesOf({ ...parts('BOTH'), gateways: group });
    const routed = (to: string): readonly (string | undefined)[] =>
      filter
        .filter(({ line, ...each }) => line.text === 'rule 1 on lan' && matches({ line, ...each }, 'lan', packet('10.0.1.7', to)) !== 'no')
        .map((each) => each.routedTo);
    expect(['10.0.1.1', '203.0.113.2', '192.0.2.1'].map(routed)).toEqual([['wan', 'opt2'], ['wan', 'opt2'], [undefined]]);
  });

  test('a gateway that is disabled is not there', () => {
    const gateways = (disabled: string): string =>
      `<gateway_item><interface>lan</interface><gateway>10.0.1.254</gateway><name>INNER</name>${disabled}</gateway_item>`;
    const routed = (disabled: string): string | undefined =>
      rulesOf({ ...parts('INNER'), gateways: gateways(disabled) }).filter.at(-1)!.routedTo;
    expect([routed(''), routed('<disabled/>')]).toEqual(['lan', undefined]);
  });

  test('a gateway that is not there is not used, or the rule is left out where the box is told so', () => {
    expect(rulesOf(parts('GONE')).filter.at(-1)!.routedTo).toBeUndefined();
    expect(asked({ ...parts('GONE'), system: '<skip_rules_gw_down/>' }, 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe('block');
    expect(asked({ ...parts('WAN2GW'), system: '<skip_rules_gw_down/>' }, 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe('unknown');
  });

  test('a gateway means nothing to a block, there or not', () => {
    const block = rule('block', 'lan', { rest: '<gateway>GONE</gateway>' }) + rule('pass', 'lan');
    expect(decided(rulesOf({ rules: block, system: '<skip_rules_gw_down/>' }), 'lan', packet('10.0.1.7', '192.0.2.1'))).not.toBe('pass');
    expect(decided(rulesOf({ rules: block }), 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe('block');
  });

  test.each([
    ['22.2', 2],
    ['23.3', 1],
  ])('2.6 lets what goes to tunnels by without the gateway (0.8, version %s)', (version, count) => {
    const more = '<openvpn><openvpn-server><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>';
    const rules = rulesOf({ ...parts('WAN2GW', more), version });
    const own = rules.filter.filter(({ line }) => line.text === 'rule 1 on lan');
    expect(own.length).toBe(count);
    const first = own.find((each) => matches(each, 'lan', packet('10.0.1.7', '10.8.0.5')) === 'yes')!;
    expect(first.routedTo).toBe(version === '22.2' ? undefined : 'opt2');
  });
});

describe('what the box adds', () => {
  const SYSTEM = '<webgui><protocol>https</protocol></webgui><ssh><enable>enabled</enable></ssh>';
  const gui = (name: string, port: number, parts: Parts): string =>
    asked(parts, name, packet(name === 'wan' ? '192.0.2.7' : '10.0.1.7', name === 'wan' ? '203.0.113.2' : '10.0.1.1', 'tcp', port));

  test('administration stays reachable on lan, whatever rules say', () => {
    const rules = rule('block', 'lan');
    expect([80, 443, 22, 25].map((port) => gui('lan', port, { system: SYSTEM, rules }))).toEqual(['pass', 'pass', 'pass', 'block']);
    expect(gui('lan', 443, { system: SYSTEM.replace('</webgui>', '<noantilockout/></webgui>'), rules })).toBe('block');
  });

  test('with one interface on wan, ahead of what a person blocks (0.15)', () => {
    expect(gui('wan', 443, { system: SYSTEM, interfaces: WAN, rules: rule('block', 'wan') })).toBe('pass');
  });

  test('on the interface whose key is lan, even when that is an uplink (0.15)', () => {
    const swapped = WAN.replace(/wan>/g, 'opt1>') + LAN.replace('<subnet>24</subnet>', '<subnet>24</subnet><gateway>LANGW</gateway>');
    expect(gui('lan', 443, { system: SYSTEM, interfaces: swapped })).toBe('pass');
  });

  test('private sources are blocked where that is set, bogons perhaps, before every rule', () => {
    const interfaces = WAN.replace('</wan>', '<blockpriv/><blockbogons/></wan>') + LAN;
    const open = (source: string): string => asked({ interfaces, rules: rule('pass', 'wan') }, 'wan', packet(source, '10.0.1.50'));
    expect(['10.9.9.9', '172.31.0.1', '192.168.7.7', '198.51.100.7', '8.8.8.8'].map(open)).toEqual([
      'block',
      'block',
      'block',
      'unknown',
      'pass',
    ]);
  });

  test('without IPv6 nothing of it passes, but on loopback', () => {
    const rules = rulesOf({ system: '<hostname>x</hostname>', rules: rule('pass', 'wan', { rest: '<ipprotocol>inet6</ipprotocol>' }) });
    expect(decided(rules, 'wan', packet('2001:db8::7', '2001:db8::9'))).toBe('block');
    expect(decided(rules, 'lo0', packet('::1', '::1'))).toBe('pass');
  });

  test('a DHCP client lets answers in, for anybody, until a rule blocks them', () => {
    const interfaces = WAN.replace('203.0.113.2', 'dhcp').replace('<subnet>28</subnet><gateway>WANGW</gateway>', '') + LAN;
    const lease = { ...packet('192.0.2.7', '10.0.1.50', 'udp', 68), sourcePort: 67 };
    expect(asked({ interfaces }, 'wan', lease)).toBe('pass');
    expect(asked({ interfaces, rules: rule('block', 'wan') }, 'wan', lease)).toBe('block');
  });

  test('a peer of IPsec is let in to the box, if no rule blocks it', () => {
    const more = `<ipsec><phase1><ikeid>1</ikeid><interface>wan</interface><remote-gateway>192.0.2.9</remote-gateway></phase1>
      <phase2><ikeid>1</ikeid><mode>tunnel</mode><protocol>esp</protocol></phase2></ipsec>`;
    const negotiation = packet('192.0.2.9', '203.0.113.2', 'udp', 500);
    expect(asked({ more }, 'wan', negotiation)).toBe('pass');
    expect(asked({ more }, 'wan', packet('192.0.2.10', '203.0.113.2', 'udp', 500))).toBe('block');
    expect(asked({ more }, 'wan', packet('192.0.2.9', '203.0.113.2', 50, 0))).toBe('pass');
    expect(asked({ more, rules: rule('block', 'wan') }, 'wan', negotiation)).toBe('block');
    expect(asked({ more: more.replace('<ikeid>1</ikeid><interface>', '<gw_duplicates/><interface>') }, 'wan', negotiation)).toBe('block');
    expect(asked({ more: more.replace('<ikeid>1</ikeid><interface>', '<disabled/><ikeid>1</ikeid><interface>') }, 'wan', negotiation)).toBe(
      'block',
    );
  });

  test('a captive portal stops who has not logged in', () => {
    const more = '<captiveportal><guests><enable/><interface>lan</interface><zoneid>2</zoneid></guests></captiveportal>';
    const rules = rule('pass', 'lan');
    expect(asked({ more, rules }, 'lan', packet('10.0.1.7', '192.0.2.7'))).toBe('unknown');
    expect(asked({ more, rules }, 'lan', packet('10.0.1.7', '10.0.1.1', 'tcp', 8002))).toBe('pass');
  });

  test('what UPnP or a package may open is unknown', () => {
    const upnp = '<installedpackages><miniupnpd><config><enable>on</enable></config></miniupnpd></installedpackages>';
    expect(asked({ more: upnp })).toBe('unknown');
    expect(asked({ more: upnp }, 'wan', packet('192.0.2.7', '10.0.1.50', 'icmp', 8))).toBe('block');
    const some =
      '<installedpackages><package><name>siproxd</name><filter_rule_function>siproxd_generate_rules</filter_rule_function></package></installedpackages>';
    expect(asked({ more: some })).toBe('unknown');
    expect(asked({ more: some.replace('siproxd_generate_rules', '') })).toBe('block');
  });

  test('a proxy that does not intercept adds nothing; one whose settings are not there may', () => {
    const squid = (settings: string): string =>
      `<installedpackages><package><name>squid</name><filter_rule_function>squid_generate_rules</filter_rule_function></package>${settings}</installedpackages>`;
    expect(asked({ more: squid('<squid><config><transparent_proxy></transparent_proxy></config></squid>') })).toBe('block');
    expect(asked({ more: squid('<squid><config><transparent_proxy>on</transparent_proxy></config></squid>') })).toBe('unknown');
    expect(asked({ more: squid('') })).toBe('unknown');
  });

  test('rules that RADIUS may give the users of a tunnel are unknown', () => {
    const more = (mode: string): string =>
      `<openvpn><openvpn-server><authmode>${mode}</authmode><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>`;
    const user = packet('10.8.0.6', '10.0.1.50');
    expect(asked({ more: more('Local Database') }, 'openvpn', user)).toBe('block');
    expect(asked({ more: more('radius') }, 'openvpn', user)).toBe('unknown');
  });

  test('of what crosses a bridge nothing is certain, but where the bridge alone filters', () => {
    const interfaces = `${WAN}${LAN.replace('igb1', 'bridge0')}<opt1><enable/><if>igb2</if></opt1>`;
    const more = '<bridges><bridged><members>opt1</members><bridgeif>bridge0</bridgeif></bridged></bridges>';
    const tuned = `${more}<sysctl><item><tunable>net.link.bridge.pfil_member</tunable><value>0</value></item><item><tunable>net.link.bridge.pfil_bridge</tunable><value>1</value></item></sysctl>`;
    const rules = rule('pass', 'lan');
    const from = packet('10.0.1.7', '192.0.2.7');
    expect(['wan', 'lan', 'opt1'].map((name) => asked({ interfaces, more, rules }, name, from))).toEqual(['block', 'unknown', 'unknown']);
    expect(asked({ interfaces, more: tuned, rules }, 'lan', from)).toBe('pass');
  });

  test('static routes that are let alone pass between their networks and their interface’s', () => {
    const more = `<staticroutes><route><network>10.9.0.0/16</network><gateway>WANGW</gateway></route></staticroutes>`;
    const rules = `<bypassstaticroutes/>${rule('pass', 'wan', { to: at('10.0.1.50') })}`;
    const there = packet('10.9.0.5', '203.0.113.9');
    expect([asked({ more, rules }, 'wan', there), asked({ more }, 'wan', there)]).toEqual(['pass', 'block']);
  });
});

describe('interfaces that device and configuration do not share', () => {
  const device = described({ interfaces: WAN + LAN });

  test('one that the configuration lacks: nothing is certain of what comes by it', () => {
    const rules: PfRules = rulesOf({ interfaces: WAN }, device);
    expect(decided(rules, 'lan', WEB)).toBe('unknown');
    expect(decided(rules, 'wan', WEB)).toBe('block');
  });

  test('one that the device lacks: nothing is certain of what goes there', () => {
    const rules = rulesOf({ interfaces: WAN + LAN + DMZ, rules: rule('pass', 'lan') }, device);
    expect(decided(rules, 'lan', packet('10.0.1.7', '192.168.50.9'))).toBe('unknown');
    expect(decided(rules, 'lan', packet('10.0.1.7', '192.0.2.9'))).toBe('pass');
  });

  test('they are found by key, else by device', () => {
    const named = { ...device, interfaces: device.interfaces.map((each, at_) => ({ ...each, name: at_ === 0 ? 'igb0' : 'lan' })) };
    const rules = rulesOf({ rules: rule('pass', 'wan', { to: `${ANYWHERE}` }) }, named);
    expect(decided(rules, 'igb0', WEB)).toBe('pass');
    expect(decided(rules, 'lan', WEB)).toBe('block');
  });
});
