// Tests the rules that pfSense adds by itself (lockout protection, private networks, DHCP and others), and their place
// among the user's rules.

import { asked, LAN, Parts, WAN, at, decided, packet, rule, rulesOf } from './boxes';

describe('rules that the box adds', () => {
  const SYSTEM = '<webgui><protocol>https</protocol></webgui><ssh><enable>enabled</enable></ssh>';
  const gui = (name: string, port: number, parts: Parts): string =>
    asked(
      parts,
      name,
      packet(name === 'wan' ? '192.0.2.7' : '10.0.1.7', name === 'wan' ? '203.0.113.2' : '10.0.1.1', 'tcp', port),
    );

  test('the lockout rule keeps administration open on lan, whatever the rules', () => {
    const rules = rule('block', 'lan');
    expect([80, 443, 22, 25].map((port) => gui('lan', port, { system: SYSTEM, rules }))).toEqual([
      'pass',
      'pass',
      'pass',
      'block',
    ]);
    expect(gui('lan', 443, { system: SYSTEM.replace('</webgui>', '<noantilockout/></webgui>'), rules })).toBe('block');
  });

  test('the lockout rule is on wan if it is the only interface, before blocks by hand (0.15)', () => {
    expect(gui('wan', 443, { system: SYSTEM, interfaces: WAN, rules: rule('block', 'wan') })).toBe('pass');
  });

  test('the lockout rule is on the interface with key lan, even if it is an uplink (0.15)', () => {
    const swapped =
      WAN.replace(/wan>/g, 'opt1>') + LAN.replace('<subnet>24</subnet>', '<subnet>24</subnet><gateway>LANGW</gateway>');
    expect(gui('lan', 443, { system: SYSTEM, interfaces: swapped })).toBe('pass');
  });

  test('private sources and listed bogons are blocked if configured, one of another list perhaps, before every rule', () => {
    const interfaces = WAN.replace('</wan>', '<blockpriv/><blockbogons/></wan>') + LAN;
    const open = (source: string): string =>
      asked({ interfaces, rules: rule('pass', 'wan') }, 'wan', packet(source, '10.0.1.50'));
    expect(['10.9.9.9', '172.31.0.1', '192.168.7.7', '198.51.100.7', '100.64.0.7', '8.8.8.8'].map(open)).toEqual([
      'block',
      'block',
      'block',
      'block',
      'unknown',
      'pass',
    ]);
  });

  test('without IPv6 only loopback passes', () => {
    const rules = rulesOf({
      system: '<hostname>x</hostname>',
      rules: rule('pass', 'wan', { rest: '<ipprotocol>inet6</ipprotocol>' }),
    });
    expect(decided(rules, 'wan', packet('2001:db8::7', '2001:db8::9'))).toBe('block');
    expect(decided(rules, 'lo0', packet('::1', '::1'))).toBe('pass');
  });

  test('a DHCP client accepts replies from any source, until a rule blocks them', () => {
    const interfaces =
      WAN.replace('203.0.113.2', 'dhcp').replace('<subnet>28</subnet><gateway>WANGW</gateway>', '') + LAN;
    const lease = { ...packet('192.0.2.7', '10.0.1.50', 'udp', 68), sourcePort: 67 };
    expect(asked({ interfaces }, 'wan', lease)).toBe('pass');
    expect(asked({ interfaces, rules: rule('block', 'wan') }, 'wan', lease)).toBe('block');
  });

  test('an IPsec peer may reach the box, unless a rule blocks it', () => {
    const more = `<ipsec><phase1><ikeid>1</ikeid><interface>wan</interface><remote-gateway>192.0.2.9</remote-gateway></phase1>
      <phase2><ikeid>1</ikeid><mode>tunnel</mode><protocol>esp</protocol></phase2></ipsec>`;
    const negotiation = packet('192.0.2.9', '203.0.113.2', 'udp', 500);
    expect(asked({ more }, 'wan', negotiation)).toBe('pass');
    expect(asked({ more }, 'wan', packet('192.0.2.10', '203.0.113.2', 'udp', 500))).toBe('block');
    expect(asked({ more }, 'wan', packet('192.0.2.9', '203.0.113.2', 50, 0))).toBe('pass');
    expect(asked({ more, rules: rule('block', 'wan') }, 'wan', negotiation)).toBe('block');
    expect(
      asked({ more: more.replace('<ikeid>1</ikeid><interface>', '<gw_duplicates/><interface>') }, 'wan', negotiation),
    ).toBe('block');
    expect(
      asked(
        { more: more.replace('<ikeid>1</ikeid><interface>', '<disabled/><ikeid>1</ikeid><interface>') },
        'wan',
        negotiation,
      ),
    ).toBe('block');
  });

  test('a captive portal blocks clients before their login', () => {
    const more =
      '<captiveportal><guests><enable/><interface>lan</interface><zoneid>2</zoneid></guests></captiveportal>';
    const rules = rule('pass', 'lan');
    expect(asked({ more, rules }, 'lan', packet('10.0.1.7', '192.0.2.7'))).toBe('unknown');
    expect(asked({ more, rules }, 'lan', packet('10.0.1.7', '10.0.1.1', 'tcp', 8002))).toBe('pass');
  });

  test('rules of UPnP or of a package are unknown', () => {
    const upnp = '<installedpackages><miniupnpd><config><enable>on</enable></config></miniupnpd></installedpackages>';
    expect(asked({ more: upnp })).toBe('unknown');
    expect(asked({ more: upnp }, 'wan', packet('192.0.2.7', '10.0.1.50', 'icmp', 8))).toBe('block');
    const some =
      '<installedpackages><package><name>siproxd</name><filter_rule_function>siproxd_generate_rules</filter_rule_function></package></installedpackages>';
    expect(asked({ more: some })).toBe('unknown');
    expect(asked({ more: some.replace('siproxd_generate_rules', '') })).toBe('block');
  });

  test('a package may pass what is blocked by hand, as its rules come before', () => {
    const more =
      '<installedpackages><package><name>siproxd</name><filter_rule_function>siproxd_generate_rules</filter_rule_function></package></installedpackages>';
    expect(asked({ more, rules: rule('block', 'wan') })).toBe('unknown');
    expect(asked({ more, rules: rule('pass', 'wan') })).toBe('pass');
  });

  describe('squid', () => {
    const squid = (settings: string): string =>
      `<installedpackages><package><name>squid</name><filter_rule_function>squid_generate_rules</filter_rule_function></package>${settings}</installedpackages>`;
    const set = (fields: Readonly<Record<string, string>>): string => {
      const all = Object.entries({ enable_squid: 'on', active_interface: 'wan,lan', ...fields });
      return squid(
        `<squid><config>${all.map(([name, text]) => `<${name}>${text}</${name}>`).join('')}</config></squid>`,
      );
    };
    const at = (port: number, to = '203.0.113.2') => packet('192.0.2.7', to, 'tcp', port);

    test('opens its two ports on each active interface whose users are allowed, before blocks by hand', () => {
      const more = set({ allow_interface: 'on', proxy_port: '3130' });
      expect(
        [3130, 3129, 3128, 80].map((port) => asked({ more, rules: rule('block', 'wan') }, 'wan', at(port))),
      ).toEqual(['pass', 'pass', 'block', 'block']);
      expect(asked({ more }, 'wan', at(3130, '10.0.1.50'))).toBe('block');
      expect(asked({ more: set({ allow_interface: 'on', active_interface: 'lan' }) }, 'wan', at(3128))).toBe('block');
    });

    test('adds nothing if it is off, serves no interface, or accepts its users by other rules', () => {
      for (const fields of [{ enable_squid: '' }, { active_interface: '' }, { allow_interface: '' }])
        expect(asked({ more: set({ allow_interface: 'on', transparent_proxy: '', ...fields }) }, 'wan', at(3128))).toBe(
          'block',
        );
    });

    test('is unknown on an interface that is named in another way, or without settings', () => {
      expect(asked({ more: set({ allow_interface: 'on', active_interface: '_vip5f' }) }, 'wan', at(3128))).toBe(
        'unknown',
      );
      expect(asked({ more: squid('') })).toBe('unknown');
    });
  });

  test('squid opens its ports to clients of a PPPoE server, and an element without a server changes nothing', () => {
    const more = (pppoe: string): string =>
      `<installedpackages><package><name>squid</name><filter_rule_function>squid_generate_rules</filter_rule_function></package><squid><config><enable_squid>on</enable_squid><active_interface>lan</active_interface></config></squid></installedpackages>${pppoe}`;
    const server = '<pppoes><pppoe><mode>server</mode><interface>lan</interface></pppoe></pppoes>';
    const web = packet('192.0.2.7', '203.0.113.2', 'tcp', 3128);
    expect(['wan', 'pppoe'].map((name) => asked({ more: more(server) }, name, web))).toEqual(['block', 'unknown']);
    expect(asked({ more: more('<pppoes></pppoes>') }, 'wan', web)).toBe('block');
  });

  test('siproxd may open SIP and its media on the interfaces of its clients alone', () => {
    const more = (settings: string): string =>
      `<installedpackages><package><name>siproxd</name><filter_rule_function>siproxd_generate_rules</filter_rule_function></package>${settings}</installedpackages>`;
    const set = (rest: string, enable = 'on'): string =>
      more(
        `<siproxdsettings><config><sipenable>${enable}</sipenable><if_inbound>lan</if_inbound>${rest}</config></siproxdsettings>`,
      );
    const sip = (port: number) => packet('10.0.1.7', '192.0.2.7', 'udp', port);
    const decide = (text: string, port: number, name = 'lan'): string => asked({ more: text }, name, sip(port));
    const media = '<rtpenable>1</rtpenable>';
    expect([5060, 7070, 7079, 7080].map((port) => decide(set(media), port))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'block',
    ]);
    expect([decide(set(''), 7070), decide(set('<port>5070</port>'), 5070), decide(set(media), 5060, 'wan')]).toEqual([
      'block',
      'unknown',
      'block',
    ]);
    expect([decide(set(media, ''), 5060), decide(more(''), 9)]).toEqual(['block', 'unknown']);
  });

  test('rules that RADIUS may give to users of a tunnel are unknown', () => {
    const more = (mode: string): string =>
      `<openvpn><openvpn-server><authmode>${mode}</authmode><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>`;
    const user = packet('10.8.0.6', '10.0.1.50');
    expect(asked({ more: more('Local Database') }, 'openvpn', user)).toBe('block');
    expect(asked({ more: more('radius') }, 'openvpn', user)).toBe('unknown');
  });

  test('packets across a bridge are uncertain, unless the bridge alone filters', () => {
    const interfaces = `${WAN}${LAN.replace('igb1', 'bridge0')}<opt1><enable/><if>igb2</if></opt1>`;
    const more = '<bridges><bridged><members>opt1</members><bridgeif>bridge0</bridgeif></bridged></bridges>';
    const tuned = `${more}<sysctl><item><tunable>net.link.bridge.pfil_member</tunable><value>0</value></item><item><tunable>net.link.bridge.pfil_bridge</tunable><value>1</value></item></sysctl>`;
    const rules = rule('pass', 'lan');
    const from = packet('10.0.1.7', '192.0.2.7');
    expect(['wan', 'lan', 'opt1'].map((name) => asked({ interfaces, more, rules }, name, from))).toEqual([
      'block',
      'unknown',
      'unknown',
    ]);
    expect(asked({ interfaces, more: tuned, rules }, 'lan', from)).toBe('pass');
  });

  test('static routes that bypass the filter pass between their networks and their interface’s', () => {
    const more = `<staticroutes><route><network>10.9.0.0/16</network><gateway>WANGW</gateway></route></staticroutes>`;
    const rules = `<bypassstaticroutes/>${rule('pass', 'wan', { to: at('10.0.1.50') })}`;
    const there = packet('10.9.0.5', '203.0.113.9');
    expect([asked({ more, rules }, 'wan', there), asked({ more }, 'wan', there)]).toEqual(['pass', 'block']);
    // The network of a DHCP address is unknown.
    const interfaces = WAN.replace('<ipaddr>203.0.113.2</ipaddr>', '<ipaddr>dhcp</ipaddr>') + LAN;
    expect(asked({ interfaces, more, rules }, 'wan', there)).toBe('unknown');
  });
});
