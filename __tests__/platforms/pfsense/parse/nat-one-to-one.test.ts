// Tests the parser and evaluator on pfSense's 1:1 NAT entries: translation, peers, reflection, differences between
// releases.

import { printRange } from '../../../../lib/net/address';
import { PfRules } from '../../../../lib/parse/pf/model';
import { ANYWHERE, LAN, Parts, WAN, WAN2, at, on, packet, rulesOf } from './boxes';
import { ENABLED, HOST, PUBLIC, THREE, leaves, mapped, redirected } from './translated';

describe('1:1 entries', () => {
  test('match one peer, and all but one (4.4)', () => {
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), at('198.51.100.0/24')) })).toEqual([
      '10.0.1.50 to 198.51.100.0/24 -> 203.0.113.10',
    ]);
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), `${at('128.0.0.0/1')}<not/>`) })).toEqual([
      '10.0.1.50 to 0.0.0.0/1 -> 203.0.113.10',
    ]);
  });

  test('of a fetched alias: the peers are unknown', () => {
    const aliases =
      '<alias><name>partners</name><type>urltable</type><address>https://lists.example/x</address></alias>';
    const [only] = rulesOf({ aliases, oneToOne: HOST('', at('10.0.1.50'), at('partners')) }).binat;
    expect(only).toMatchObject({ peers: { must: [], reason: 'alias partners is filled from a URL' } });
  });

  test('of an interface’s network: since 2.7.1 its own subnet, before also those of its virtual IPs, which pfctl refuses', () => {
    const vips =
      '<vip><mode>ipalias</mode><interface>opt1</interface><uniqid>a1</uniqid><subnet>198.18.5.1</subnet><subnet_bits>24</subnet_bits></vip>';
    const to = (version: string, destination: string): readonly string[] =>
      mapped({ version, vips, interfaces: THREE, oneToOne: HOST('', at('10.0.1.50'), destination) });
    for (const version of ['23.3', '24.5']) {
      expect(to(version, on('opt1'))).toEqual(['10.0.1.50 to 192.168.50.0/24 -> 203.0.113.10']);
      expect(to(version, `${on('opt1')}<not/>`)).toEqual([
        '10.0.1.50 to 0.0.0.0-192.168.49.255,192.168.51.0-255.255.255.255 -> 203.0.113.10',
      ]);
    }
    for (const version of ['22.2', '22.9'])
      expect(
        rulesOf({ version, vips, interfaces: THREE, oneToOne: HOST('', at('10.0.1.50'), on('opt1')) }).unloadable
          ?.reason,
      ).toContain('several networks');
  });

  test('of a group’s networks: since 2.7.1 nothing', () => {
    const more = '<ifgroups><ifgroupentry><ifname>inner</ifname><members>lan opt1</members></ifgroupentry></ifgroups>';
    expect(mapped({ more, interfaces: THREE, oneToOne: HOST('', at('10.0.1.50'), on('inner')) })).toEqual([]);
  });

  test('of a peer that doesn’t exist: nothing', () => {
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), at('gone')) })).toEqual([]);
  });

  test('that exclude stop inbound the entry of the same host directly after them (0.13)', () => {
    const excluding = HOST('<nobinat></nobinat>');
    const [first, second] = rulesOf({ oneToOne: excluding + HOST() }).binat;
    expect([first!.no, second!.no, first!.to === second!.to]).toEqual([true, false, true]);
  });

  test('are disabled by any text in that element, and excluded likewise (T4, 4.6)', () => {
    expect(mapped({ oneToOne: HOST('<disabled>0</disabled>') })).toEqual([]);
    expect(mapped({ oneToOne: HOST('<nobinat>no</nobinat>') })).toEqual(['no 10.0.1.50 to 0.0.0.0/0 -> none']);
  });

  test.each([
    ['22.2', '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10'],
    ['22.9', '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10'],
  ])('ignore a negation of the internal address (4.5, T13, version %s)', (version, said) => {
    expect(mapped({ version, oneToOne: HOST('', `${at('10.0.1.50')}<not/>`) })).toEqual([said]);
  });

  test.each(['23.3', '24.5'])(
    'negate the internal address in later versions, whose effect in pfctl is unknown (0.11, version %s)',
    (version) => {
      const { unloadable } = rulesOf({ version, oneToOne: HOST('', `${at('10.0.1.50')}<not/>`) });
      expect(unloadable!.reason).toContain('negated');
    },
  );

  test('of any: all outbound packets get the address, and no inbound packet is translated (4.7)', () => {
    const [only] = rulesOf({ oneToOne: HOST('', ANYWHERE) }).binat;
    expect([printRange(only!.internal), printRange(only!.external!)]).toEqual(['0.0.0.0/0', '203.0.113.10']);
  });

  test('of an interface’s network: its own subnet, on every release (4.8, 0.10)', () => {
    for (const version of ['22.2', '22.9', '23.3', '24.5']) {
      expect(mapped({ version, oneToOne: HOST('', on('lan')) })).toEqual([
        '10.0.1.0/24 to 0.0.0.0/0 -> 203.0.113.0/24',
      ]);
    }
  });

  test('with an interface’s address as external one (4.9)', () => {
    expect(mapped({ oneToOne: HOST().replace('203.0.113.10', 'wanip') })).toEqual([
      '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.2',
    ]);
    expect(mapped({ oneToOne: HOST().replace('203.0.113.10', 'an_alias') })).toEqual([]);
  });

  test('with a DHCP address as external one: inbound it may be any address that the box doesn’t have', () => {
    const leased = WAN.replace('<ipaddr>203.0.113.2</ipaddr>', '<ipaddr>dhcp</ipaddr>') + LAN;
    const rules = (fields = ''): PfRules =>
      rulesOf({ interfaces: leased, oneToOne: HOST(fields).replace('203.0.113.10', 'wanip') });
    const by = (name: string, to: string, fields = ''): string =>
      redirected(rules(fields), name, packet('192.0.2.7', to));
    expect([by('wan', '203.0.113.7'), by('wan', '10.0.1.1'), by('wan', '10.0.1.50'), by('lan', '203.0.113.7')]).toEqual(
      ['bits of 10.0.1.50', 'as it is', 'as it is', 'as it is'],
    );
    expect(rules().rdr.at(-1)).toMatchObject({ uncertain: { reason: 'the address of wanip is leased and not known' } });
    expect(by('lan', '203.0.113.7', ENABLED)).toBe('bits of 10.0.1.50');
    // An excluded host has no external address.
    expect([
      by('wan', '203.0.113.7', '<nobinat></nobinat>'),
      rules('<nobinat></nobinat>').binat.map(({ no }) => no),
    ]).toEqual(['as it is', [true]]);
  });

  test('of IPv6: by the external address or by the element', () => {
    const entry = HOST('', at('2001:db8:1::5')).replace('203.0.113.10', '2001:db8::10');
    expect(mapped({ oneToOne: entry })).toEqual(['2001:db8:1::5 to ::/0 -> 2001:db8::10']);
  });

  test('prefix translation is two rules, the second for outbound packets alone', () => {
    const npt = `<npt><interface>wan</interface><source>${at('fd00:1::/48')}</source><destination>${at('2001:db8:1::/48')}</destination></npt>`;
    expect(mapped({ oneToOne: npt })).toEqual([
      'fd00:1::/48 to ::/0 -> 2001:db8:1::/48',
      '::/0 to 2001:db8:1::/48 -> fd00:1::/48',
    ]);
  });

  test('prefix translation by a delegated prefix: packets to any address that the box doesn’t have may be translated', () => {
    const npt = (source: string, destination: string): string =>
      `<npt><interface>wan</interface><source>${source}</source><destination>${destination}</destination></npt>`;
    const interfaces =
      WAN.replace('</wan>', '<ipaddrv6>dhcp6</ipaddrv6></wan>') +
      LAN.replace('</lan>', '<ipaddrv6>track6</ipaddrv6></lan>');
    const rules = (source: string, destination: string): PfRules =>
      rulesOf({ interfaces, oneToOne: npt(source, destination) });
    const inbound = (one: PfRules, to: string): string => redirected(one, 'wan', packet('2001:db8:9::7', to));
    const outbound = (one: PfRules, from: string): string => leaves(one, 'wan', packet(from, '2001:db8:9::7'));
    const outside = rules(at('fd00:1::/48'), on('wan'));
    expect([inbound(outside, '2001:db8:5::10'), inbound(outside, 'fd00:1::10')]).toEqual([
      'bits of fd00:1::/48',
      'as it is',
    ]);
    expect([outbound(outside, 'fd00:1::10'), outbound(outside, 'fd00:2::10')]).toEqual(['unclear', 'as it is']);
    const inside = rules(on('lan'), at('2001:db8:1::/48'));
    expect([
      inbound(inside, '2001:db8:1::10'),
      inbound(inside, '2001:db8:5::10'),
      outbound(inside, 'fd00:2::10'),
    ]).toEqual(['unclear', 'as it is', 'unclear']);
    expect(outside.rdr.at(-1)).toMatchObject({ uncertain: { reason: 'the prefix of wan is leased and not known' } });
  });

  test('a tunnel may translate its local side', () => {
    const more = `<ipsec><phase1><ikeid>1</ikeid><interface>wan</interface><remote-gateway>192.0.2.9</remote-gateway></phase1>
      <phase2><ikeid>1</ikeid><mode>tunnel</mode><localid><type>lan</type></localid><natlocalid><type>network</type><address>10.77.0.0</address><netbits>24</netbits></natlocalid>
      <remoteid><type>network</type><address>10.88.0.0</address><netbits>24</netbits></remoteid></phase2></ipsec>`;
    expect(mapped({ more })).toEqual(['10.0.1.0/24 to 10.88.0.0/24 -> 10.77.0.0/24']);
  });
});

describe('two entries for one host (4.10, 0.14)', () => {
  const SECOND = HOST().replace('113.10', '113.11');
  const outsides = (version: string, second = SECOND): readonly string[] =>
    rulesOf({ version, oneToOne: HOST() + second }).binat.map(
      (each) => `${printRange(each.external!)}${each.peers.must.length === 0 ? ' perhaps' : ''}`,
    );

  test.each([
    ['22.2', ['203.0.113.10', '203.0.113.11']],
    ['23.3', ['203.0.113.10', '203.0.113.11 perhaps']],
    ['24.5', ['203.0.113.10']],
    ['24.0', ['203.0.113.10', '203.0.113.11 perhaps']],
  ])('version %s', (version, said) => expect(outsides(version)).toEqual(said));

  test('are two with other peers, on another interface or by an alias', () => {
    const aliases = '<alias><name>all</name><type>network</type><address>0.0.0.0/1 128.0.0.0/1</address></alias>';
    expect(outsides('24.5', HOST('', at('10.0.1.50'), at('192.0.2.0/24')).replace('113.10', '113.11')).length).toBe(2);
    expect(outsides('24.5', SECOND.replace('>wan<', '>lan<')).length).toBe(2);
    const both = rulesOf({ version: '24.5', aliases, oneToOne: HOST() + SECOND.replace(ANYWHERE, at('all')) });
    expect(both.binat.length).toBe(2);
  });

  test('treat an address and a network of one address alike', () => {
    expect(outsides('24.5', SECOND.replace('10.0.1.50', '10.0.1.50/32')).length).toBe(1);
  });
});

describe('reflection of 1:1 entries', () => {
  test('is on every interface without a gateway, and never on the entry’s own (4.2)', () => {
    const rules = rulesOf({ interfaces: THREE + WAN2, oneToOne: HOST(ENABLED) });
    const by = (name: string): string => redirected(rules, name, packet('192.0.2.7', '203.0.113.10'));
    expect(['lan', 'opt1', 'wan', 'opt2'].map(by)).toEqual([
      'bits of 10.0.1.50',
      'bits of 10.0.1.50',
      'as it is',
      'as it is',
    ]);
  });

  test('is on groups too, whatever their members (0.16, T20)', () => {
    const more = '<ifgroups><ifgroupentry><ifname>UP</ifname><members>opt2</members></ifgroupentry></ifgroups>';
    const rules = rulesOf({ interfaces: THREE + WAN2, oneToOne: HOST(ENABLED), more });
    expect(redirected(rules, 'opt2', packet('192.0.2.7', '203.0.113.10'))).toBe('bits of 10.0.1.50');
  });

  test('is turned on by the entry or by the system, and off by the entry; other words count as none', () => {
    const reflects = (fields: string, system = ''): string =>
      redirected(rulesOf({ oneToOne: HOST(fields), system }), 'lan', PUBLIC);
    const [yes, no] = ['bits of 10.0.1.50', 'as it is'];
    expect([reflects(''), reflects(ENABLED), reflects('<natreflection>purenat</natreflection>')]).toEqual([
      no,
      yes,
      no,
    ]);
    const system = '<enablebinatreflection>yes</enablebinatreflection>';
    expect([reflects('', system), reflects('<natreflection>disable</natreflection>', system)]).toEqual([yes, no]);
    expect(reflects('', '<disablenatreflection/><enablenatreflectionpurenat/>')).toBe(no);
  });

  test('of a restricted entry works only for its peer (4.4)', () => {
    const rules = rulesOf({ oneToOne: HOST(ENABLED, at('10.0.1.50'), at('198.51.100.0/24')) });
    expect(redirected(rules, 'lan', PUBLIC)).toBe('as it is');
    expect(redirected(rules, 'lan', packet('198.51.100.9', '203.0.113.10'))).toBe('bits of 10.0.1.50');
  });

  test('translates the source of neighbours with the global helper alone (T11)', () => {
    const after = packet('10.0.1.7', '10.0.1.50');
    expect(leaves(rulesOf({ oneToOne: HOST(ENABLED) }), 'lan', after)).toBe('as it is');
    const rules = rulesOf({
      interfaces: THREE,
      oneToOne: HOST(ENABLED),
      system: '<enablenatreflectionhelper>yes</enablenatreflectionhelper>',
    });
    expect(leaves(rules, 'lan', after)).toBe('10.0.1.1 free');
    expect(leaves(rules, 'lan', packet('10.0.1.1', '10.0.1.50'))).toBe('no nat');
    expect(leaves(rules, 'lan', packet('192.168.50.9', '10.0.1.50'))).toBe('as it is');
  });

  test('helper of a host behind a static route: the subnet of the next hop (4.2)', () => {
    const more = `<gateways></gateways><staticroutes><route><network>10.9.0.0/16</network><gateway>INNER</gateway></route></staticroutes>`;
    const gateway =
      '<gateway_item><interface>lan</interface><gateway>10.0.1.254</gateway><name>INNER</name></gateway_item>';
    const rules = rulesOf({
      oneToOne: HOST(ENABLED, at('10.9.0.50')),
      system: '<enablenatreflectionhelper/>',
      gateways: gateway,
      more: more.replace('<gateways></gateways>', ''),
    });
    expect(leaves(rules, 'lan', packet('10.0.1.7', '10.9.0.50'))).toBe('10.0.1.1 free');
    expect(leaves(rules, 'lan', packet('10.9.3.3', '10.9.0.50'))).toBe('10.0.1.1 free');
  });
});

test('a 1:1 entry or a forward on a group of interfaces gets no helper on its members', () => {
  const system = '<enablenatreflectionhelper>yes</enablenatreflectionhelper>';
  const more = '<ifgroups><ifgroupentry><ifname>both</ifname><members>wan lan</members></ifgroupentry></ifgroups>';
  const from = (parts: Parts): string =>
    leaves(rulesOf({ system, more, ...parts }), 'lan', packet('10.0.1.7', '10.0.1.50', 'tcp', 80));
  expect(from({ oneToOne: HOST(ENABLED) })).toBe('10.0.1.1 free');
  const grouped = HOST(ENABLED.replace('enable', 'disable')).replace('>wan<', '>both<');
  expect(from({ oneToOne: grouped })).toBe('as it is');
  expect(from({ oneToOne: grouped.replace('>both<', '>lan<') })).toBe('10.0.1.1 free');
  const forward = (key: string): string =>
    `<rule><interface>${key}</interface><protocol>tcp</protocol><source>${ANYWHERE}</source><destination>${at('203.0.113.10')}<port>80</port></destination><target>10.0.1.50</target><natreflection>disable</natreflection></rule>`;
  expect([from({ forwards: forward('both') }), from({ forwards: forward('lan') })]).toEqual([
    'as it is',
    '10.0.1.1 free',
  ]);
});
