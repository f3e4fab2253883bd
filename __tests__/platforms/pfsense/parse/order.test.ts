// Tests in which order pfSense's floating, group and interface rules decide, and on which interfaces; also their
// further conditions (schedule, flags, tags, ICMP types) and rules that name a gateway.

import { PfRules } from '../../../../lib/parse/pf/model';
import {
  WEB,
  FLOATING,
  asked,
  ANYWHERE,
  DMZ,
  LAN,
  Parts,
  WAN,
  WAN2,
  decided,
  described,
  matches,
  packet,
  rule,
  rulesOf,
} from './boxes';

describe('floating rules', () => {
  test('come before those of interfaces', () => {
    expect(asked({ rules: rule('pass', 'wan') + rule('block', 'wan', { rest: FLOATING }) })).toBe('block');
  });

  test('without quick are overruled by any matching rule of the interface', () => {
    const floating = rule('block', 'wan', { rest: '<floating>yes</floating><direction>in</direction>' });
    expect(asked({ rules: floating + rule('pass', 'wan') })).toBe('pass');
    expect(asked({ rules: rule('pass', 'wan', { rest: '<floating>yes</floating><direction>in</direction>' }) })).toBe(
      'pass',
    );
  });

  test('without an interface are for all; with several for these; names that do not exist are ignored', () => {
    expect(asked({ rules: rule('pass', '', { rest: FLOATING }) }, 'lan')).toBe('pass');
    expect(asked({ rules: rule('pass', 'any', { rest: FLOATING }) }, 'lan')).toBe('pass');
    // 2.6 knows no interface of that name, and leaves out a block as well.
    const block = rule('block', 'any', { rest: FLOATING }) + rule('pass', 'lan');
    expect(['22.2', '22.5', '22.9'].map((version) => asked({ version, rules: block }, 'lan'))).toEqual([
      'pass',
      'unknown',
      'block',
    ]);
    expect(asked({ rules: rule('pass', 'wan,opt9', { rest: FLOATING }) }, 'lan')).toBe('block');
  });

  test('without an existing, enabled interface are ignored (0.23)', () => {
    expect(asked({ rules: rule('pass', 'opt9', { rest: FLOATING }) }, 'lan')).toBe('block');
    const off = DMZ.replace('<enable></enable>', '');
    expect(asked({ interfaces: WAN + LAN + off, rules: rule('pass', 'opt1,opt9', { rest: FLOATING }) }, 'lan')).toBe(
      'block',
    );
  });

  test('have a direction, and any means both', () => {
    const out = (direction: string): string =>
      decided(
        rulesOf({ rules: rule('block', 'lan', { rest: FLOATING.replace('>in<', `>${direction}<`) }) }),
        'lan',
        WEB,
        'out',
      );
    expect([out('in'), out('out'), out('any'), out('')]).toEqual(['pass', 'block', 'block', 'block']);
  });

  test('an empty element sorts among them and drops quick, but keeps in (0.18)', () => {
    const floating = rule('block', 'wan', { rest: '<floating></floating><direction>out</direction>' });
    expect(asked({ rules: floating + rule('pass', 'wan') })).toBe('pass');
    const rules = rulesOf({ rules: floating });
    expect(rules.filter.at(-1)).toMatchObject({
      direction: 'in',
      quick: false,
      line: { text: 'block floating rule 1' },
    });
  });

  test('of type match decide nothing', () => {
    expect(asked({ rules: rule('match', 'wan', { rest: FLOATING }) })).toBe('block');
  });
});

describe('groups and the tabs of VPNs', () => {
  const MORE = `<ifgroups><ifgroupentry><ifname>ALL</ifname><members>lan opt1</members></ifgroupentry></ifgroups>
    <openvpn><openvpn-server><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>`;
  const TUNNEL = '<opt1><enable/><if>ovpns1</if></opt1>';
  const parts = (version: string, rules: string): Parts => ({
    version,
    rules,
    more: MORE,
    interfaces: WAN + LAN + TUNNEL,
  });
  // One packet for an assigned tunnel: the group's rule and the tab's rule differ.
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
  ])('have the order of the file, and groups come first on the newest version (0.9, version %s)', (version, said) => {
    expect(asked(parts(version, tabFirst), 'opt1')).toBe(said);
  });

  test('are certain between two of them if all versions agree', () => {
    expect(asked(parts('24.0', rule('pass', 'ALL', { rest: '<protocol>tcp</protocol>' })), 'lan')).toBe('pass');
    expect(asked(parts('24.0', ''), 'lan')).toBe('block');
  });

  test('among groups have the order of their definition, on the newest version', () => {
    const groups =
      '<ifgroups><ifgroupentry><ifname>ONE</ifname><members>lan</members></ifgroupentry><ifgroupentry><ifname>TWO</ifname><members>lan</members></ifgroupentry></ifgroups>';
    const rules = rule('block', 'TWO') + rule('pass', 'ONE');
    expect(asked({ version: '23.3', rules, more: groups }, 'lan')).toBe('block');
    expect(asked({ version: '24.5', rules, more: groups }, 'lan')).toBe('pass');
  });
});

describe('further conditions of a rule', () => {
  const with_ = (rest: string, more = ''): string =>
    asked({ rules: rule('pass', 'wan', { rest: `<protocol>tcp</protocol>${rest}` }), more });

  test('a schedule turns a rule on and off; a deleted one never matches (T22, 0.21)', () => {
    const schedules =
      '<schedules><schedule><name>work</name><timerange><hour>8:00-17:00</hour></timerange></schedule></schedules>';
    expect(with_('<sched>work</sched>', schedules)).toBe('unknown');
    expect(with_('<sched>gone</sched>', schedules)).toBe('pass');
  });

  test('a condition on an unknown property makes the packet unknown', () => {
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

  test('a tag that no rule sets is on no packet, and one that is set may be', () => {
    expect(with_('<tagged>blue</tagged>')).toBe('block');
    expect(with_('<tagged>blue</tagged><nottagged/>')).toBe('pass');
    const rules =
      rule('match', 'wan', { rest: `${FLOATING}<tag>blue</tag>` }) +
      rule('pass', 'wan', { rest: '<tagged>blue</tagged>' });
    expect(asked({ rules })).toBe('unknown');
    expect(asked({ rules: rules.replace('<tagged>', '<nottagged/><tagged>') })).toBe('unknown');
  });

  test('without state a packet passes, and its replies don’t', () => {
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
    expect([icmp('2001:db8::7', '2001:db8::9', 58, 128), icmp('2001:db8::7', '2001:db8::9', 58, 8)]).toEqual([
      'pass',
      'block',
    ]);
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

  test('a group of all uplinks sends packets for the box itself by a gateway, too (0.27)', () => {
    const group =
      '<gateway_group><name>BOTH</name><item>WANGW|1|address</item><item>WAN2GW|1|address</item></gateway_group>';
    const { filter } = rulesOf({ ...parts('BOTH'), gateways: group });
    const routed = (to: string): readonly (string | undefined)[] =>
      filter
        .filter(
          ({ line, ...each }) =>
            line.text === 'rule 1 on lan' && matches({ line, ...each }, 'lan', packet('10.0.1.7', to)) !== 'no',
        )
        .map((each) => each.routedTo);
    expect(['10.0.1.1', '203.0.113.2', '192.0.2.1'].map(routed)).toEqual([
      ['wan', 'opt2'],
      ['wan', 'opt2'],
      [undefined],
    ]);
  });

  test('a disabled gateway doesn’t exist', () => {
    const gateways = (disabled: string): string =>
      `<gateway_item><interface>lan</interface><gateway>10.0.1.254</gateway><name>INNER</name>${disabled}</gateway_item>`;
    const routed = (disabled: string): string | undefined =>
      rulesOf({ ...parts('INNER'), gateways: gateways(disabled) }).filter.at(-1)!.routedTo;
    expect([routed(''), routed('<disabled/>')]).toEqual(['lan', undefined]);
  });

  test('a missing gateway is ignored, or the rule is left out if the box is configured so', () => {
    expect(rulesOf(parts('GONE')).filter.at(-1)!.routedTo).toBeUndefined();
    expect(asked({ ...parts('GONE'), system: '<skip_rules_gw_down/>' }, 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe(
      'block',
    );
    expect(asked({ ...parts('WAN2GW'), system: '<skip_rules_gw_down/>' }, 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe(
      'unknown',
    );
  });

  test('a gateway has no effect on a block', () => {
    const block = rule('block', 'lan', { rest: '<gateway>GONE</gateway>' }) + rule('pass', 'lan');
    expect(
      decided(rulesOf({ rules: block, system: '<skip_rules_gw_down/>' }), 'lan', packet('10.0.1.7', '192.0.2.1')),
    ).not.toBe('pass');
    expect(decided(rulesOf({ rules: block }), 'lan', packet('10.0.1.7', '192.0.2.1'))).toBe('block');
  });

  test.each([
    ['22.2', 2],
    ['23.3', 1],
  ])('2.6 lets packets to tunnels bypass the gateway (0.8, version %s)', (version, count) => {
    const more = '<openvpn><openvpn-server><tunnel_network>10.8.0.0/24</tunnel_network></openvpn-server></openvpn>';
    const rules = rulesOf({ ...parts('WAN2GW', more), version });
    const own = rules.filter.filter(({ line }) => line.text === 'rule 1 on lan');
    expect(own.length).toBe(count);
    const first = own.find((each) => matches(each, 'lan', packet('10.0.1.7', '10.8.0.5')) === 'yes')!;
    expect(first.routedTo).toBe(version === '22.2' ? undefined : 'opt2');
  });
});

describe('interfaces that device and configuration do not share', () => {
  const device = described({ interfaces: WAN + LAN });

  test('one that the configuration lacks: packets that come by it are uncertain', () => {
    const rules: PfRules = rulesOf({ interfaces: WAN }, device);
    expect(decided(rules, 'lan', WEB)).toBe('unknown');
    expect(decided(rules, 'wan', WEB)).toBe('block');
  });

  test('one that the device lacks: packets that leave by it are uncertain', () => {
    const rules = rulesOf({ interfaces: WAN + LAN + DMZ, rules: rule('pass', 'lan') }, device);
    expect(decided(rules, 'lan', packet('10.0.1.7', '192.168.50.9'))).toBe('unknown');
    expect(decided(rules, 'lan', packet('10.0.1.7', '192.0.2.9'))).toBe('pass');
  });

  test('interfaces are found by key, otherwise by device', () => {
    const named = {
      ...device,
      interfaces: device.interfaces.map((each, at_) => ({ ...each, name: at_ === 0 ? 'igb0' : 'lan' })),
    };
    const rules = rulesOf({ rules: rule('pass', 'wan', { to: `${ANYWHERE}` }) }, named);
    expect(decided(rules, 'igb0', WEB)).toBe('pass');
    expect(decided(rules, 'lan', WEB)).toBe('block');
  });
});
