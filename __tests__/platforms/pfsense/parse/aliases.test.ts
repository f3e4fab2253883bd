// Tests how the aliases of pfSense's config.xml, and the names of its interfaces and networks in rules, become
// addresses and ports, with members that are unknown (host names, URL tables).

import { PfRules } from '../../../../lib/parse/pf/model';
import { ANYWHERE, DMZ, LAN, Parts, WAN, at, decided, described, on, packet, rule, rulesOf } from './boxes';

const alias = (name: string, type: string, address: string): string =>
  `<alias><name>${name}</name><type>${type}</type><address>${address}</address><descr></descr><detail></detail></alias>`;

const from = (source: string, aliases: string, parts: Parts = {}): PfRules =>
  rulesOf({ ...parts, aliases, rules: rule('pass', 'wan', { from: source }) });

const asked = (rules: PfRules, source: string): string => decided(rules, 'wan', packet(source, '10.0.1.50'));

describe('aliases', () => {
  test('hosts and networks, whose host bits are masked', () => {
    const rules = from(at('them'), alias('them', 'network', '192.0.2.7 198.18.1.5/24'));
    expect(['192.0.2.7', '192.0.2.8', '198.18.1.200', '198.18.2.1'].map((source) => asked(rules, source))).toEqual([
      'pass',
      'block',
      'pass',
      'block',
    ]);
  });

  test('an alias of aliases has the members of these, and one that contains itself ends', () => {
    const rules = from(
      at('outer'),
      alias('outer', 'network', 'inner 192.0.2.1') +
        alias('inner', 'network', 'outer deep') +
        alias('deep', 'host', '192.0.2.3'),
    );
    expect(['192.0.2.1', '192.0.2.3', '192.0.2.2'].map((source) => asked(rules, source))).toEqual([
      'pass',
      'pass',
      'block',
    ]);
  });

  test('host names and URLs may be any address, and addresses beside them are certain', () => {
    for (const one of [
      alias('them', 'host', 'office.example 192.0.2.1'),
      alias('them', 'network', 'listed 192.0.2.1'),
    ]) {
      const rules = from(at('them'), one + alias('listed', 'urltable', 'https://lists.example/all.txt'));
      expect([asked(rules, '192.0.2.1'), asked(rules, '192.0.2.2')]).toEqual(['pass', 'unknown']);
    }
  });

  test('a negated alias with a host name: no address is certain, and listed ones are excluded', () => {
    const rules = from(`${at('them')}<not/>`, alias('them', 'host', 'office.example 192.0.2.1'));
    expect([asked(rules, '192.0.2.1'), asked(rules, '192.0.2.2')]).toEqual(['block', 'unknown']);
  });

  test('an alias without members contains no address', () => {
    expect(asked(from(at('them'), alias('them', 'host', '')), '192.0.2.1')).toBe('block');
  });

  test('two aliases of one name are unknown if only one of them has an address', () => {
    const rules = from(at('them'), alias('them', 'host', '192.0.2.1') + alias('them', 'host', '192.0.2.2'));
    expect(asked(rules, '192.0.2.9')).toBe('unknown');
  });

  test('a rule with an alias that doesn’t exist is left out, also a block (T7)', () => {
    expect(asked(from(at('gone'), ''), '192.0.2.1')).toBe('block');
    const rules = rulesOf({ rules: rule('block', 'wan', { from: at('gone') }) + rule('pass', 'wan') });
    expect(asked(rules, '192.0.2.1')).toBe('pass');
  });

  test.each([
    ['22.2', ['unknown', 'unknown']],
    ['23.3', ['pass', 'block']],
    ['24.5', ['pass', 'block']],
  ])(
    'a rule with an alias whose name is a number is left out, or the box loads nothing (version %s)',
    (version, said) => {
      const parts = { version, aliases: alias('12345', 'host', '192.0.2.7') };
      const rules = (side: 'from' | 'to', not: string): PfRules =>
        rulesOf({
          ...parts,
          rules:
            rule('block', 'wan', { [side]: `${not}${at('12345')}` }) + rule('pass', 'wan', { from: at('192.0.2.7') }),
        });
      for (const side of ['from', 'to'] as const) {
        for (const not of ['', '<not></not>'])
          expect([asked(rules(side, not), '192.0.2.7'), asked(rules(side, not), '192.0.2.8')]).toEqual(said);
      }
    },
  );

  test('built-in aliases exist on the newest version alone (0.21)', () => {
    expect(asked(from(at('_private4_'), '', { version: '24.5' }), '192.0.2.1')).toBe('unknown');
    expect(asked(from(at('_private4_'), '', { version: '23.3' }), '192.0.2.1')).toBe('block');
  });

  test('a thousand aliases that all name each other are parsed at once', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `a${i}`);
    const all = names.map((name, i) => alias(name, 'network', `${names.join(' ')} 192.0.2.${i % 250}`)).join('');
    expect(asked(from(at('a999'), all), '192.0.2.7')).toBe('pass');
  });

  test('a name of a megabyte is parsed', () => {
    const long = 'x'.repeat(1_000_000);
    expect(asked(from(at(long), alias(long, 'host', '192.0.2.1')), '192.0.2.1')).toBe('pass');
  });
});

describe('port aliases', () => {
  const to = (port: string, aliases: string): PfRules =>
    rulesOf({
      aliases,
      rules: rule('pass', 'wan', { rest: '<protocol>tcp</protocol>', to: `${ANYWHERE}<port>${port}</port>` }),
    });
  const open = (rules: PfRules, ...ports: readonly number[]): readonly string[] =>
    ports.map((port) => decided(rules, 'wan', packet('192.0.2.7', '10.0.1.50', 'tcp', port)));

  test('ports, ranges and other aliases', () => {
    const rules = to('all', alias('all', 'port', '25 8000:8002 web') + alias('web', 'port', '80 443'));
    expect(open(rules, 25, 80, 443, 8000, 8001, 8002, 8003, 26)).toEqual([
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
      'block',
      'block',
    ]);
  });

  test('one that doesn’t exist or has no port leaves the rule out', () => {
    expect(open(to('gone', ''), 80)).toEqual(['block']);
    expect(open(to('none', alias('none', 'port', '')), 80)).toEqual(['block']);
  });

  test('one that is fetched may contain any port', () => {
    expect(open(to('fetched', alias('fetched', 'urltable_ports', 'https://lists.example/ports')), 80)).toEqual([
      'unknown',
    ]);
  });

  test('negative and enormous numbers are no ports', () => {
    expect(open(to('odd', alias('odd', 'port', '-80 99999999999 443')), 443, 80)).toEqual(['pass', 'unknown']);
  });
});

describe('named addresses', () => {
  const to = (target: string, parts: Parts = {}): PfRules =>
    rulesOf({ ...parts, rules: rule('pass', 'lan', { to: target }) });
  const open = (rules: PfRules, ...addresses: readonly string[]): readonly string[] =>
    addresses.map((address) => decided(rules, 'lan', packet('10.0.1.7', address)));

  test('networks and addresses of interfaces', () => {
    expect(open(to(on('wan')), '203.0.113.1', '203.0.113.14', '203.0.113.16')).toEqual(['pass', 'pass', 'block']);
    expect(open(to(on('wanip')), '203.0.113.2', '203.0.113.3')).toEqual(['pass', 'block']);
    expect(open(to(on('opt1'), { interfaces: WAN + LAN + DMZ }), '192.168.50.9', '10.0.1.9')).toEqual([
      'pass',
      'block',
    ]);
    expect(open(to(on('opt1ip'), { interfaces: WAN + LAN + DMZ }), '192.168.50.1', '192.168.50.9')).toEqual([
      'pass',
      'block',
    ]);
  });

  test('an interface that doesn’t exist leaves the rule out', () => {
    expect(open(to(on('opt4')), '192.168.50.9')).toEqual(['block']);
    expect(open(to(`${on('opt4ip')}<not/>`), '192.168.50.9')).toEqual(['block']);
  });

  test('every address of the box', () => {
    const vips =
      '<vip><mode>carp</mode><interface>wan</interface><subnet>203.0.113.10</subnet></vip><vip><mode>proxyarp</mode><interface>wan</interface><subnet>203.0.113.11</subnet></vip>';
    expect(
      open(to(on('(self)'), { vips }), '203.0.113.2', '10.0.1.1', '203.0.113.10', '203.0.113.11', '10.0.1.2'),
    ).toEqual(['pass', 'pass', 'pass', 'block', 'block']);
  });

  test('a virtual IP stacked on another belongs to that one’s interface', () => {
    const carp =
      '<vip><mode>carp</mode><interface>wan</interface><uniqid>c1</uniqid><subnet>203.0.113.3</subnet><subnet_bits>28</subnet_bits></vip>';
    const stacked =
      '<vip><mode>ipalias</mode><interface>_vipc1</interface><uniqid>c2</uniqid><subnet>198.18.5.1</subnet><subnet_bits>24</subnet_bits></vip>';
    expect(open(to(on('wan'), { vips: carp + stacked }), '198.18.5.9', '198.18.6.9')).toEqual(['pass', 'block']);
    expect(open(to(on('(self)'), { vips: carp + stacked }), '198.18.5.1', '198.18.5.9')).toEqual(['pass', 'block']);
  });

  test('any wins over the other elements', () => {
    expect(open(to(`${ANYWHERE}<not/>${at('10.9.9.9')}`), '192.0.2.1')).toEqual(['pass']);
  });

  const SECOND =
    '<vip><mode>ipalias</mode><interface>wan</interface><uniqid>a1</uniqid><subnet>198.18.5.1</subnet><subnet_bits>24</subnet_bits></vip>';

  test.each([
    ['22.2', 'pass'],
    ['22.9', 'pass'],
    ['23.3', 'block'],
    ['24.5', 'block'],
  ])(
    'a negated network with a virtual IP in a second subnet matches everything up to 2.7.0 (0.5, version %s)',
    (version, inside) => {
      const rules = to(`${on('wan')}<not/>`, { version, vips: SECOND });
      expect(open(rules, '203.0.113.9', '198.18.5.9', '192.0.2.1')).toEqual([inside, inside, 'pass']);
    },
  );

  const GROUP = '<ifgroups><ifgroupentry><ifname>INNER</ifname><members>lan opt1</members></ifgroupentry></ifgroups>';

  test.each([
    ['22.2', 'block'],
    ['22.5', 'block'],
    ['22.9', 'block'],
    ['23.3', 'pass'],
  ])('a group as network: up to 2.7.0 the rule is left out (0.6, version %s)', (version, said) => {
    const rules = to(on('INNER'), { version, interfaces: WAN + LAN + DMZ, more: GROUP });
    expect(open(rules, '192.168.50.7', '192.0.2.1')).toEqual([said, 'block']);
  });

  test('a DHCP address is the device’s, or unknown', () => {
    const leased = WAN.replace('<ipaddr>203.0.113.2</ipaddr>', '<ipaddr>dhcp</ipaddr>');
    const parts = { interfaces: leased + LAN, rules: rule('pass', 'lan', { to: on('wanip') }) };
    expect(open(rulesOf(parts), '203.0.113.7')).toEqual(['unknown']);
    const device = described({});
    expect(open(rulesOf(parts, device), '203.0.113.2', '203.0.113.7')).toEqual(['pass', 'block']);
  });
});
