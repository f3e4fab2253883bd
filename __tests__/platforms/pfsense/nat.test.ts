import { printAddress, printRange } from '../../../lib/net/address';
import { Packet } from '../../../lib/net/packet';
import { PfMatch, PfNat, PfRedirect, PfRules } from '../../../lib/reading/pf/model';
import { ANYWHERE, DMZ, LAN, Parts, WAN, WAN2, at, matches, on, packet, rule, rulesOf } from './boxes';

/** The first of a list that matches one packet, as pf takes it. */
const firstOf = <R extends PfMatch>(list: readonly R[], name: string, one: Packet): R | undefined =>
  list.find((each) => matches(each, name, one) !== 'no');

function redirected(rules: PfRules, name: string, one: Packet): string {
  const found: PfRedirect | undefined = firstOf(rules.rdr, name, one);
  if (!found) return 'as it is';
  if (found.no || !found.to) return 'no rdr';
  const port =
    found.to.port && (found.to.port.is === 'one' ? `:${found.to.port.port}` : `:${found.to.port.to.first + one.port - found.to.port.from}`);
  const to =
    found.to.is === 'address'
      ? printAddress(found.to.address)
      : found.to.is === 'bitmask'
        ? `bits of ${printRange(found.to.network)}`
        : 'unclear';
  return `${found.pass ? 'pass ' : ''}${to}${port ?? ''}`;
}

function leaves(rules: PfRules, name: string, one: Packet): string {
  const found: PfNat | undefined = firstOf(rules.nat, name, one);
  if (!found) return 'as it is';
  if (found.no || !found.to) return 'no nat';
  if (found.to.is === 'unclear') return 'unclear';
  return `${found.to.is === 'address' ? printAddress(found.to.address) : `bits of ${printRange(found.to.network)}`} ${found.to.ports}`;
}

const HOST = (fields = '', source = at('10.0.1.50'), destination = ANYWHERE): string =>
  `<onetoone><external>203.0.113.10</external><interface>wan</interface>${fields}<source>${source}</source><destination>${destination}</destination></onetoone>`;
const ENABLED = '<natreflection>enable</natreflection>';
const THREE = WAN + LAN + DMZ;
const PUBLIC = packet('10.0.1.7', '203.0.113.10');

describe('1:1 entries', () => {
  const mapped = (parts: Parts): readonly string[] =>
    rulesOf(parts).binat.map(
      (each) =>
        `${each.no ? 'no ' : ''}${printRange(each.inside)} to ${each.peers.sure.map((range) => printRange(range)).join(',')} -> ${each.outside ? printRange(each.outside) : 'none'}`,
    );

  test('restricted to a peer, and to all but one (4.4)', () => {
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), at('198.51.100.0/24')) })).toEqual([
      '10.0.1.50 to 198.51.100.0/24 -> 203.0.113.10',
    ]);
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), `${at('128.0.0.0/1')}<not/>`) })).toEqual([
      '10.0.1.50 to 0.0.0.0/1 -> 203.0.113.10',
    ]);
  });

  test('restricted to an alias that is fetched: the peers are unknown', () => {
    const aliases = '<alias><name>partners</name><type>urltable</type><address>https://lists.example/x</address></alias>';
    const [only] = rulesOf({ aliases, oneToOne: HOST('', at('10.0.1.50'), at('partners')) }).binat;
    expect(only).toMatchObject({ peers: { sure: [], because: 'alias partners is filled from a URL' } });
  });

  test('with a peer that is not there: nothing', () => {
    expect(mapped({ oneToOne: HOST('', at('10.0.1.50'), at('gone')) })).toEqual([]);
  });

  test('that excludes stops inbound the entry of the same host right behind it (0.13)', () => {
    const excluding = HOST('<nobinat></nobinat>');
    const [first, second] = rulesOf({ oneToOne: excluding + HOST() }).binat;
    expect([first!.no, second!.no, first!.to === second!.to]).toEqual([true, false, true]);
  });

  test('disabled whatever that says, and excluded (T4, 4.6)', () => {
    expect(mapped({ oneToOne: HOST('<disabled>0</disabled>') })).toEqual([]);
    expect(mapped({ oneToOne: HOST('<nobinat>no</nobinat>') })).toEqual(['no 10.0.1.50 to 0.0.0.0/0 -> none']);
  });

  test.each([
    ['22.2', '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10'],
    ['22.9', '10.0.1.50 to 0.0.0.0/0 -> 203.0.113.10'],
  ])('a negated inside is read as if it were not (4.5, T13, version %s)', (version, said) => {
    expect(mapped({ version, oneToOne: HOST('', `${at('10.0.1.50')}<not/>`) })).toEqual([said]);
  });

  test.each(['23.3', '24.5'])('a negated inside is written out later, and what pfctl does is not known (0.11, version %s)', (version) => {
    const { unloadable } = rulesOf({ version, oneToOne: HOST('', `${at('10.0.1.50')}<not/>`) });
    expect(unloadable!.because).toContain('negated');
  });

  test('of any: everything that leaves gets its address, nothing that comes is translated (4.7)', () => {
    const [only] = rulesOf({ oneToOne: HOST('', ANYWHERE) }).binat;
    expect([printRange(only!.inside), printRange(only!.outside!)]).toEqual(['0.0.0.0/0', '203.0.113.10']);
  });

  test('of an interface’s network: its own subnet, on every release (4.8, 0.10)', () => {
    for (const version of ['22.2', '22.9', '23.3', '24.5']) {
      expect(mapped({ version, oneToOne: HOST('', on('lan')) })).toEqual(['10.0.1.0/24 to 0.0.0.0/0 -> 203.0.113.0/24']);
    }
  });

  test('outside by the name of an interface’s address (4.9)', () => {
    expect(mapped({ oneToOne: HOST().replace('203.0.113.10', 'wanip') })).toEqual(['10.0.1.50 to 0.0.0.0/0 -> 203.0.113.2']);
    expect(mapped({ oneToOne: HOST().replace('203.0.113.10', 'an_alias') })).toEqual([]);
  });

  test('of IPv6: by what is outside or by what is said', () => {
    const entry = HOST('', at('2001:db8:1::5')).replace('203.0.113.10', '2001:db8::10');
    expect(mapped({ oneToOne: entry })).toEqual(['2001:db8:1::5 to ::/0 -> 2001:db8::10']);
  });

  test('prefix translation is two lines, the second for what leaves alone', () => {
    const npt = `<npt><interface>wan</interface><source>${at('fd00:1::/48')}</source><destination>${at('2001:db8:1::/48')}</destination></npt>`;
    expect(mapped({ oneToOne: npt })).toEqual(['fd00:1::/48 to ::/0 -> 2001:db8:1::/48', '::/0 to 2001:db8:1::/48 -> fd00:1::/48']);
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
      (each) => `${printRange(each.outside!)}${each.peers.sure.length === 0 ? ' perhaps' : ''}`,
    );

  test.each([
    ['22.2', ['203.0.113.10', '203.0.113.11']],
    ['23.3', ['203.0.113.10', '203.0.113.11 perhaps']],
    ['24.5', ['203.0.113.10']],
    ['24.0', ['203.0.113.10', '203.0.113.11 perhaps']],
  ])('version %s', (version, said) => expect(outsides(version)).toEqual(said));

  test('with other peers, on another interface or by an alias they are two', () => {
    const aliases = '<alias><name>all</name><type>network</type><address>0.0.0.0/1 128.0.0.0/1</address></alias>';
    expect(outsides('24.5', HOST('', at('10.0.1.50'), at('192.0.2.0/24')).replace('113.10', '113.11')).length).toBe(2);
    expect(outsides('24.5', SECOND.replace('>wan<', '>lan<')).length).toBe(2);
    const both = rulesOf({ version: '24.5', aliases, oneToOne: HOST() + SECOND.replace(ANYWHERE, at('all')) });
    expect(both.binat.length).toBe(2);
  });

  test('one address spelt as a host or as a network of one is the same', () => {
    expect(outsides('24.5', SECOND.replace('10.0.1.50', '10.0.1.50/32')).length).toBe(1);
  });
});

describe('reflection of 1:1 entries', () => {
  test('comes in by every interface without a gateway, and never by the one that is translated on (4.2)', () => {
    const rules = rulesOf({ interfaces: THREE + WAN2, oneToOne: HOST(ENABLED) });
    const by = (name: string): string => redirected(rules, name, packet('192.0.2.7', '203.0.113.10'));
    expect(['lan', 'opt1', 'wan', 'opt2'].map(by)).toEqual(['bits of 10.0.1.50', 'bits of 10.0.1.50', 'as it is', 'as it is']);
  });

  test('by groups too, whatever is in them (0.16, T20)', () => {
    const more = '<ifgroups><ifgroupentry><ifname>UP</ifname><members>opt2</members></ifgroupentry></ifgroups>';
    const rules = rulesOf({ interfaces: THREE + WAN2, oneToOne: HOST(ENABLED), more });
    expect(redirected(rules, 'opt2', packet('192.0.2.7', '203.0.113.10'))).toBe('bits of 10.0.1.50');
  });

  test('is on by the entry or by the system, off by the entry; another word is none', () => {
    const reflects = (fields: string, system = ''): string => redirected(rulesOf({ oneToOne: HOST(fields), system }), 'lan', PUBLIC);
    const [yes, no] = ['bits of 10.0.1.50', 'as it is'];
    expect([reflects(''), reflects(ENABLED), reflects('<natreflection>purenat</natreflection>')]).toEqual([no, yes, no]);
    const system = '<enablebinatreflection>yes</enablebinatreflection>';
    expect([reflects('', system), reflects('<natreflection>disable</natreflection>', system)]).toEqual([yes, no]);
    expect(reflects('', '<disablenatreflection/><enablenatreflectionpurenat/>')).toBe(no);
  });

  test('of a restricted entry only for its peer (4.4)', () => {
    const rules = rulesOf({ oneToOne: HOST(ENABLED, at('10.0.1.50'), at('198.51.100.0/24')) });
    expect(redirected(rules, 'lan', PUBLIC)).toBe('as it is');
    expect(redirected(rules, 'lan', packet('198.51.100.9', '203.0.113.10'))).toBe('bits of 10.0.1.50');
  });

  test('changes the source of neighbours with the global helper alone (T11)', () => {
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
    const gateway = '<gateway_item><interface>lan</interface><gateway>10.0.1.254</gateway><name>INNER</name></gateway_item>';
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

const FORWARD = (fields: string, destination = `${on('wanip')}<port>8080</port>`, source = ANYWHERE): string =>
  `<rule><interface>wan</interface><protocol>tcp</protocol>${fields}<source>${source}</source><destination>${destination}</destination></rule>`;
const TO = '<target>10.0.1.60</target><local-port>80</local-port>';
const OFF = '<natreflection>disable</natreflection>';

describe('port forwards', () => {
  const led = (forwards: string, port = 8080, parts: Parts = {}): string =>
    redirected(rulesOf({ ...parts, forwards }), 'wan', packet('192.0.2.7', '203.0.113.2', 'tcp', port));

  test('to an address and a port', () => {
    expect(led(FORWARD(TO))).toBe('10.0.1.60:80');
    expect(led(FORWARD(TO), 8081)).toBe('as it is');
    expect(led(FORWARD(TO.replace('80<', '8080<')))).toBe('10.0.1.60');
  });

  test('of a range: each port keeps its distance', () => {
    const range = `${on('wanip')}<port>8080-8090</port>`;
    expect(led(FORWARD(TO, range), 8085)).toBe('10.0.1.60:85');
    expect(led(FORWARD(TO.replace('>80<', '>8080<'), range), 8085)).toBe('10.0.1.60');
  });

  test('with aliases of ports: the first one inside, all of them outside; one that is not there is every port (0.7)', () => {
    const aliases =
      '<alias><name>web</name><type>port</type><address>8080 8443</address></alias><alias><name>one</name><type>port</type><address>81 82</address></alias>';
    const outer = `${on('wanip')}<port>web</port>`;
    expect(led(FORWARD(TO.replace('>80<', '>one<'), outer), 8443, { aliases })).toBe('10.0.1.60:81');
    expect(led(FORWARD(TO.replace('>80<', '>web<'), outer), 8443, { aliases })).toBe('10.0.1.60');
    for (const version of ['22.2', '23.3', '24.5'])
      expect(led(FORWARD(TO, `${on('wanip')}<port>gone</port>`), 22, { version })).toBe('10.0.1.60:80');
  });

  test('to an alias: its one address, or unclear; to none that is there: left out', () => {
    const one = '<alias><name>web</name><type>host</type><address>10.0.1.61</address></alias>';
    expect(led(FORWARD(TO.replace('10.0.1.60', 'web')), 8080, { aliases: one })).toBe('10.0.1.61:80');
    expect(led(FORWARD(TO.replace('10.0.1.60', 'web')), 8080, { aliases: one.replace('61<', '61 10.0.1.62<') })).toBe('unclear:80');
    expect(led(FORWARD(TO.replace('10.0.1.60', 'gone')))).toBe('as it is');
    expect(led(FORWARD(TO.replace('10.0.1.60', 'lanip')))).toBe('10.0.1.1:80');
  });

  test('past the filter where its rule says pass, and a rule of its own is a rule', () => {
    expect(led(FORWARD(`${TO}<associated-rule-id>pass</associated-rule-id>`))).toBe('pass 10.0.1.60:80');
    expect(led(FORWARD(`${TO}<associated-rule-id>nat_65</associated-rule-id>`))).toBe('10.0.1.60:80');
  });

  test('an exception stands before what follows', () => {
    expect(led(FORWARD('<nordr/>') + FORWARD(TO))).toBe('no rdr');
    expect(led(FORWARD('<nordr/><disabled/>') + FORWARD(TO))).toBe('10.0.1.60:80');
  });

  test('come before what reflects 1:1 entries (T9)', () => {
    const forwards = FORWARD(`${TO}<natreflection>purenat</natreflection>`, `${at('203.0.113.10')}<port>8080</port>`);
    const rules = rulesOf({ oneToOne: HOST(ENABLED), forwards });
    expect(redirected(rules, 'lan', packet('10.0.1.7', '203.0.113.10', 'tcp', 8080))).toBe('10.0.1.60:80');
    expect(redirected(rules, 'lan', PUBLIC)).toBe('bits of 10.0.1.50');
  });

  const inner = (fields: string, parts: Parts = {}, port = 8080): string =>
    redirected(rulesOf({ ...parts, forwards: FORWARD(`${TO}${fields}`) }), 'lan', packet('10.0.1.7', '203.0.113.2', 'tcp', port));

  test('reflect by the box’s own relay, by the same redirect, or not', () => {
    expect(inner(OFF)).toBe('as it is');
    expect(inner('<natreflection>purenat</natreflection>')).toBe('10.0.1.60:80');
    expect(inner('<natreflection>enable</natreflection>')).toBe('unclear:19000');
    expect(inner('')).toBe('unclear:19000');
    expect(inner('', { system: '<enablenatreflectionpurenat/>' })).toBe('10.0.1.60:80');
    expect(inner('', { system: '<disablenatreflection/><enablenatreflectionpurenat/>' })).toBe('as it is');
    expect(inner('<natreflection>enable</natreflection>', { system: '<disablenatreflection/>' })).toBe('unclear:19000');
  });

  test('each relayed port has one of its own on loopback', () => {
    const forwards = FORWARD(TO, `${on('wanip')}<port>8080-8090</port>`) + FORWARD(TO, `${on('wanip')}<port>9000</port>`);
    const rules = rulesOf({ forwards });
    const by = (port: number): string => redirected(rules, 'lan', packet('10.0.1.7', '203.0.113.2', 'tcp', port));
    expect([by(8080), by(8085), by(9000)]).toEqual(['unclear:19000', 'unclear:19005', 'unclear:19011']);
  });

  test('more than 500 ports are not relayed', () => {
    const forwards = FORWARD(TO, `${on('wanip')}<port>8000-8600</port>`);
    expect(redirected(rulesOf({ forwards }), 'lan', packet('10.0.1.7', '203.0.113.2', 'tcp', 8080))).toBe('as it is');
  });

  test('to any destination reflect for the interface’s network alone', () => {
    const forwards = FORWARD(`${TO}<natreflection>purenat</natreflection>`, `${ANYWHERE}<port>8080</port>`);
    const rules = rulesOf({ forwards });
    const to = (address: string): string => redirected(rules, 'lan', packet('10.0.1.7', address, 'tcp', 8080));
    expect([to('203.0.113.9'), to('192.0.2.1')]).toEqual(['10.0.1.60:80', 'as it is']);
  });

  test('TFTP by the box’s own proxy passes the filter', () => {
    const rules = rulesOf({ system: '<tftpinterface>lan</tftpinterface>' });
    expect(redirected(rules, 'lan', packet('10.0.1.7', '192.0.2.1', 'udp', 69))).toBe('pass 127.0.0.1:6969');
  });

  test('IPv6 in IPv4 goes to the one host that is set', () => {
    const more = '<diag><ipv6nat><enable/><ipaddr>10.0.1.66</ipaddr></ipv6nat></diag>';
    expect(redirected(rulesOf({ more }), 'wan', packet('192.0.2.7', '203.0.113.2', 41, 0))).toBe('10.0.1.66');
    expect(redirected(rulesOf({ more: more.replace('<enable/>', '') }), 'wan', packet('192.0.2.7', '203.0.113.2', 41, 0))).toBe('as it is');
  });
});

describe('outbound NAT', () => {
  const out = (outbound: string, one = packet('10.0.1.7', '192.0.2.1'), parts: Parts = {}): string =>
    leaves(rulesOf({ outbound, ...parts }), 'wan', one);
  const OLD = (fields: string, destination = ANYWHERE, source = on('10.0.1.0/24')): string =>
    `<rule><interface>wan</interface>${fields}<source>${source}</source><destination>${destination}</destination></rule>`;

  test('automatic where nothing is said: networks inside get the address of the way out, port 500 kept', () => {
    for (const mode of ['', '<mode>automatic</mode>', '<mode>hybrid</mode>']) {
      expect(out(mode)).toBe('203.0.113.2 free');
      expect(out(mode, packet('10.0.1.7', '192.0.2.1', 'udp', 500))).toBe('203.0.113.2 kept');
      expect(out(mode, packet('172.16.5.5', '192.0.2.1'))).toBe('as it is');
    }
    expect(out('<mode>disabled</mode>')).toBe('as it is');
    expect(out('<mode>advanced</mode>')).toBe('as it is');
  });

  test('manual entries count in two modes, before automatic ones', () => {
    const entry = OLD('<target>203.0.113.9</target><staticnatport/>');
    expect([out(`<mode>advanced</mode>${entry}`), out(`<mode>hybrid</mode>${entry}`)]).toEqual(['203.0.113.9 kept', '203.0.113.9 kept']);
    expect(out(`<mode>automatic</mode>${entry}`)).toBe('203.0.113.2 free');
    expect(out(`<mode>hybrid</mode>${OLD('<nonat/>')}`)).toBe('no nat');
  });

  test.each([
    ['22.2', 'address', '192.0.2.0/24'],
    ['23.3', 'network', '192.0.2.0/24'],
  ])('the destination stands in another field since 23.0 (0.20, version %s)', (version, field, text) => {
    const entry = OLD('<target>203.0.113.9</target>', `<${field}>${text}</${field}>`);
    const mode = '<mode>advanced</mode>';
    expect(out(mode + entry, packet('10.0.1.7', '192.0.2.1'), { version })).toBe('203.0.113.9 free');
    expect(out(mode + entry, packet('10.0.1.7', '198.18.0.1'), { version })).toBe('as it is');
  });

  test.each([
    ['22.2', '<target>other-subnet</target><targetip>203.0.113.8</targetip><targetip_subnet>30</targetip_subnet>'],
    ['23.3', '<target>203.0.113.8</target><target_subnet>30</target_subnet>'],
  ])('a subnet as target (0.20, version %s)', (version, target) => {
    const mode = '<mode>advanced</mode>';
    expect(out(mode + OLD(target), undefined, { version })).toBe('unclear');
    expect(out(mode + OLD(`${target}<poolopts>bitmask</poolopts>`), undefined, { version })).toBe('bits of 203.0.113.8/30 free');
  });

  test('by ports and protocols', () => {
    const entry = `<mode>advanced</mode>${OLD('<protocol>udp</protocol><dstport>5060</dstport><staticnatport/>')}`;
    expect(out(entry, packet('10.0.1.7', '192.0.2.1', 'udp', 5060))).toBe('203.0.113.2 kept');
    expect(out(entry, packet('10.0.1.7', '192.0.2.1', 'tcp', 5060))).toBe('as it is');
  });

  test('every way out has its own address (T19)', () => {
    const rules = rulesOf({ interfaces: WAN + LAN + WAN2, outbound: '<mode>automatic</mode>' });
    expect(leaves(rules, 'opt2', packet('10.0.1.7', '192.0.2.1'))).toBe('198.18.0.2 free');
  });
});

test('with the filter off nothing is translated and nothing is asked', () => {
  const rules = rulesOf({ system: '<disablefilter/>', oneToOne: HOST(ENABLED), forwards: FORWARD(TO), rules: rule('block', 'wan') });
  expect(rules).toMatchObject({ skipped: [], rdr: [], binat: [], nat: [], filter: [] });
});
