// Tests the evaluation of VPN tunnels in pfSense's configuration: which rules hold for them, and what stays unknown.

import { toLocationKey } from '../../../../lib/net/device';
import { describeDevice } from '../../../../lib/platforms/pfsense/parse/box/describe-device';
import { parser } from '../../../../lib/platforms/pfsense/parse/parser';
import { parseXml } from '../../../../lib/xml/parse-xml';
import { DMZ, LAN, WAN, WAN2, at, configuration, decided, described, on, packet, rule, rulesOf } from './boxes';

const TUNNEL = (device: string): string =>
  `<opt1><enable></enable><if>${device}</if><ipaddr>10.6.210.1</ipaddr><subnet>24</subnet></opt1>`;
const ssh = packet('10.6.210.7', '10.0.1.50', 'tcp', 22);
const toSsh = { rest: '<protocol>tcp</protocol>', to: `${at('10.0.1.50')}<port>22</port>` };

describe('the WireGuard group, whose members the package adds at run time', () => {
  const group = (members = ''): string =>
    `<ifgroups><ifgroupentry><ifname>WireGuard</ifname><members>${members}</members></ifgroupentry></ifgroups>`;
  const interfaces = WAN + LAN + TUNNEL('tun_wg0');

  test('a rule of the group may apply to an assigned tunnel, too', () => {
    const rules = rulesOf({ interfaces, rules: rule('pass', 'WireGuard', toSsh), more: group() });
    expect(decided(rules, 'opt1', ssh)).toBe('unknown');
    expect(decided(rules, 'opt1', packet('10.6.210.7', '10.0.1.50', 'tcp', 80))).toBe('block');
    expect(decided(rules, 'wan', ssh)).toBe('block');
  });

  test('a block of the group may come before what the tunnel’s rules accept', () => {
    const both = rule('block', 'WireGuard', toSsh) + rule('pass', 'opt1', toSsh);
    expect(decided(rulesOf({ interfaces, rules: both, more: group() }), 'opt1', ssh)).toBe('unknown');
  });

  test('a floating rule that names the group may do so, too', () => {
    const floating = rule('pass', 'WireGuard', {
      ...toSsh,
      rest: `${toSsh.rest}<floating>yes</floating><quick>yes</quick>`,
    });
    expect(decided(rulesOf({ interfaces, rules: floating, more: group() }), 'opt1', ssh)).toBe('unknown');
  });

  test('a tunnel that the group names is in it', () => {
    expect(
      decided(rulesOf({ interfaces, rules: rule('pass', 'WireGuard', toSsh), more: group('opt1') }), 'opt1', ssh),
    ).toBe('pass');
  });
});

describe('an assigned IPsec tunnel', () => {
  const interfaces = WAN + LAN + TUNNEL('ipsec1');
  const ipsec = (mode = ''): string =>
    `<ipsec>${mode}<phase1><ikeid>1</ikeid><interface>wan</interface><remote-gateway>198.51.100.1</remote-gateway></phase1></ipsec>`;

  test('is filtered on enc0, on itself or on both: neither list alone is certain', () => {
    const onItself = rulesOf({ interfaces, rules: rule('pass', 'opt1', toSsh), more: ipsec() });
    expect(decided(onItself, 'opt1', ssh)).toBe('unknown');
    const onEncrypted = rulesOf({ interfaces, rules: rule('pass', 'enc0', toSsh), more: ipsec() });
    expect(decided(onEncrypted, 'opt1', ssh)).toBe('unknown');
    expect(decided(onEncrypted, 'wan', ssh)).toBe('block');
  });

  test('is filtered on itself if the box is configured so', () => {
    const mode = '<filtermode>if_ipsec</filtermode>';
    expect(decided(rulesOf({ interfaces, rules: rule('pass', 'opt1', toSsh), more: ipsec(mode) }), 'opt1', ssh)).toBe(
      'pass',
    );
    expect(decided(rulesOf({ interfaces, rules: rule('pass', 'enc0', toSsh), more: ipsec(mode) }), 'opt1', ssh)).toBe(
      'block',
    );
  });
});

describe('packets that the box accepts for its own tunnels', () => {
  const leased6 = (type: string): string =>
    WAN.replace('</wan>', `<ipaddrv6>${type}</ipaddrv6><gateway-6rd>198.51.100.9</gateway-6rd></wan>`);

  test('6rd: IPv6 in IPv4 from its relay, to any address', () => {
    const rules = rulesOf({ interfaces: leased6('6rd') + LAN });
    expect(decided(rules, 'wan', packet('198.51.100.9', '203.0.113.2', 41))).toBe('pass');
    expect(decided(rules, 'wan', packet('198.51.100.8', '203.0.113.2', 41))).toBe('block');
    expect(decided(rules, 'lan', packet('198.51.100.9', '203.0.113.2', 41))).toBe('block');
    expect(
      decided(
        rulesOf({ interfaces: leased6('6rd') + LAN, rules: rule('block', 'wan') }),
        'wan',
        packet('198.51.100.9', '10.0.1.50', 41),
      ),
    ).toBe('block');
  });

  test('6to4: IPv6 in IPv4 from any source, to its own address', () => {
    const rules = rulesOf({ interfaces: leased6('6to4') + LAN });
    expect(decided(rules, 'wan', packet('192.0.2.8', '203.0.113.2', 41))).toBe('pass');
    expect(decided(rules, 'wan', packet('192.0.2.8', '10.0.1.50', 41))).toBe('block');
  });

  test('IPsec on a group of gateways: on the one that is up', () => {
    const groups =
      '<gateway_group><name>Both</name><item>WANGW|1|address</item><item>WAN2GW|2|address</item></gateway_group>';
    const more =
      '<ipsec><phase1><ikeid>1</ikeid><interface>Both</interface><remote-gateway>198.51.100.1</remote-gateway></phase1></ipsec>';
    const rules = rulesOf({ interfaces: WAN + LAN + WAN2, gateways: groups, more });
    expect(decided(rules, 'wan', packet('198.51.100.1', '203.0.113.2', 'udp', 500))).toBe('unknown');
    expect(decided(rules, 'opt2', packet('198.51.100.1', '198.18.0.2', 'udp', 500))).toBe('unknown');
    expect(decided(rules, 'lan', packet('198.51.100.1', '203.0.113.2', 'udp', 500))).toBe('block');
  });
});

test('the partner of a DHCP server reaches it', () => {
  const more = '<dhcpd><lan><enable></enable><failover_peerip>10.0.1.2</failover_peerip></lan></dhcpd>';
  const rules = rulesOf({ interfaces: WAN + LAN + DMZ, more });
  for (const port of [519, 520])
    for (const protocol of ['tcp', 'udp'] as const)
      expect(decided(rules, 'lan', packet('10.0.1.2', '10.0.1.1', protocol, port))).toBe('pass');
  expect(decided(rules, 'lan', packet('10.0.1.3', '10.0.1.1', 'tcp', 519))).toBe('block');
  expect(decided(rules, 'opt1', packet('10.0.1.2', '10.0.1.1', 'tcp', 519))).toBe('block');
});

describe('a live box', () => {
  const live = (interfaces: string, more: string, rules: string): string =>
    `${configuration({ interfaces, more }).replace('<pfsense>\n', '<pfsense>\n<cpanel_edge><live>on</live></cpanel_edge>\n')}# pfctl -sn\nno rdr proto carp all\n# pfctl -sr\nblock drop in log inet all\npass out inet all flags S/SA keep state\n${rules}`;
  const verdictBy = (name: string, text: string): string | undefined => {
    const device = describeDevice(parseXml(text.slice(0, text.indexOf('# pfctl'))));
    const view = parser
      .read(text, device)
      .reachability.views.find(
        ({ startLocation }) => toLocationKey(startLocation) === toLocationKey({ kind: 'interface', name }),
      );
    return view?.dispositions.findValue(ssh)?.is;
  };

  test('is as uncertain about packets across a bridge as its configuration', () => {
    const interfaces = `${WAN}${LAN.replace('igb1', 'bridge0')}${TUNNEL('igb2')}`;
    const bridged = '<bridges><bridged><members>opt1</members><bridgeif>bridge0</bridgeif></bridged></bridges>';
    expect(verdictBy('opt1', live(interfaces, bridged, ''))).toBe('unknown');
    expect(verdictBy('opt1', live(interfaces, '', ''))).toBeUndefined();
  });

  test('is as uncertain about packets of an assigned IPsec tunnel', () => {
    const ipsec =
      '<ipsec><phase1><ikeid>1</ikeid><interface>wan</interface><remote-gateway>198.51.100.1</remote-gateway></phase1></ipsec>';
    const interfaces = `${WAN}${LAN}${TUNNEL('ipsec1')}`;
    expect(verdictBy('opt1', live(interfaces, ipsec, 'pass in quick on enc0 inet all flags S/SA keep state\n'))).toBe(
      'unknown',
    );
  });

  test('accepts by an assigned WireGuard tunnel what the group accepts', () => {
    const group = '<ifgroups><ifgroupentry><ifname>WireGuard</ifname><members></members></ifgroupentry></ifgroups>';
    const interfaces = `${WAN}${LAN}${TUNNEL('tun_wg0')}`;
    expect(
      verdictBy('opt1', live(interfaces, group, 'pass in quick on WireGuard inet all flags S/SA keep state\n')),
    ).not.toBeUndefined();
    expect(
      verdictBy('wan', live(interfaces, group, 'pass in quick on WireGuard inet all flags S/SA keep state\n')),
    ).toBeUndefined();
  });
});

describe('the address of an assigned tunnel', () => {
  const CLIENT = '<opt1><enable/><descr>VPN</descr><if>ovpnc1</if></opt1>';
  const toIt = rule('block', 'wan', { to: on('opt1ip') });

  test('is in no configuration: rules about it may match any address (0.25)', () => {
    const rules = toIt + rule('pass', 'wan');
    expect(decided(rulesOf({ interfaces: WAN + LAN + CLIENT, rules }), 'wan', packet('192.0.2.7', '10.8.0.2'))).toBe(
      'unknown',
    );
    expect(decided(rulesOf({ interfaces: WAN + LAN, rules }), 'wan', packet('192.0.2.7', '10.8.0.2'))).toBe('pass');
    const fixed = CLIENT.replace('</if>', '</if><ipaddr>10.8.0.2</ipaddr><subnet>24</subnet>');
    const asked = (to: string): string =>
      decided(rulesOf({ interfaces: WAN + LAN + fixed, rules }), 'wan', packet('192.0.2.7', to));
    expect([asked('10.8.0.2'), asked('10.8.0.3')]).toEqual(['block', 'pass']);
  });

  test('may be, like a DHCP address, the source of packets from the box', () => {
    const leased = WAN.replace('203.0.113.2', 'dhcp');
    const text = configuration({ interfaces: leased + LAN });
    const device = described({ interfaces: leased + LAN });
    expect(device.leasedInterfaces).toEqual(['wan']);
    const from = (source: string): string =>
      parser.read(text, device).explain({ kind: 'self' }, packet(source, '192.0.2.7')).disposition;
    expect([from('198.51.100.77'), from('10.0.1.1')]).toEqual(['allowed', 'allowed']);
    const fixed = parser.read(configuration({}), described({}));
    expect(fixed.explain({ kind: 'self' }, packet('198.51.100.77', '192.0.2.7')).disposition).toBe('denied');
  });
});

describe('the network of a virtual address', () => {
  const vip = (mode: string, bits: number): string =>
    `<vip><mode>${mode}</mode><interface>opt1</interface><uniqid>5f00000000001</uniqid><subnet>10.44.0.1</subnet><subnet_bits>${bits}</subnet_bits></vip>`;
  const closed = rule('block', 'opt1', {
    rest: '<floating>yes</floating><quick>yes</quick><direction>out</direction>',
  });
  const goes = (vips: string): string => {
    const parts = { interfaces: WAN + LAN + DMZ, vips, rules: closed + rule('pass', 'wan') };
    const reading = parser.read(configuration(parts), described(parts));
    const one = packet('192.0.2.7', '10.44.0.9');
    const wan = { kind: 'interface', name: 'wan' } as const;
    const view = reading.reachability.views.find(
      ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === 'wan',
    )!;
    expect(view.dispositions.findValue(one)?.is ?? 'denied').toBe(reading.explain(wan, one).disposition);
    return reading.explain(wan, one).disposition;
  };

  test('is connected: its hosts are behind its interface (0.24)', () => {
    expect([
      goes(''),
      goes(vip('ipalias', 24)),
      goes(vip('carp', 24)),
      goes(vip('ipalias', 32)),
      goes(vip('proxyarp', 24)),
    ]).toEqual(['allowed', 'denied', 'denied', 'allowed', 'allowed']);
  });
});
