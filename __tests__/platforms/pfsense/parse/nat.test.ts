// Tests the parser and evaluator on pfSense's port forwards and outbound NAT: which packets become which.

import { ANYWHERE, LAN, Parts, WAN, WAN2, at, on, packet, rule, rulesOf } from './boxes';
import { ENABLED, HOST, PUBLIC, leaves, redirected } from './translated';

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

  test('with port aliases: the first internal port, all external ones; a missing alias is every port (0.7)', () => {
    const aliases =
      '<alias><name>web</name><type>port</type><address>8080 8443</address></alias><alias><name>one</name><type>port</type><address>81 82</address></alias>';
    const outer = `${on('wanip')}<port>web</port>`;
    expect(led(FORWARD(TO.replace('>80<', '>one<'), outer), 8443, { aliases })).toBe('10.0.1.60:81');
    expect(led(FORWARD(TO.replace('>80<', '>web<'), outer), 8443, { aliases })).toBe('10.0.1.60');
    for (const version of ['22.2', '23.3', '24.5'])
      expect(led(FORWARD(TO, `${on('wanip')}<port>gone</port>`), 22, { version })).toBe('10.0.1.60:80');
  });

  test('of every port to port 1 keep the port, and to another need a port that doesn’t exist', () => {
    const every = `${on('wanip')}<port>1-65535</port>`;
    expect(led(FORWARD(TO.replace('>80<', '>1<'), every), 993)).toBe('10.0.1.60');
    expect(rulesOf({ forwards: FORWARD(TO, every) }).unloadable?.reason).toContain('no port');
  });

  test('to a port alias that begins with a range: its ports one after the other', () => {
    const aliases =
      '<alias><name>inner</name><type>port</type><address>9000:9010 81</address></alias><alias><name>two</name><type>port</type><address>8080 8443</address></alias><alias><name>mixed</name><type>port</type><address>8080:8090 8443</address></alias>';
    const outer = (ports: string): string =>
      FORWARD(TO.replace('>80<', '>inner<'), `${on('wanip')}<port>${ports}</port>`);
    expect(led(outer('8080-8090'), 8085, { aliases })).toBe('10.0.1.60:9005');
    expect(led(outer('8080'), 8080, { aliases })).toBe('10.0.1.60:9000');
    expect(led(outer('two'), 8443, { aliases })).toBe('10.0.1.60:9000');
    // All ports are written as no port, so pf counts from 0.
    expect(led(outer('1-65535'), 3, { aliases })).toBe('10.0.1.60:9003');
    const [first] = rulesOf({ aliases, forwards: outer('mixed') }).rdr;
    expect(first!.uncertain?.reason).toContain('which port it leads to');
  });

  test('to an alias: its only address, or unclear; to a missing one: left out', () => {
    const one = '<alias><name>web</name><type>host</type><address>10.0.1.61</address></alias>';
    expect(led(FORWARD(TO.replace('10.0.1.60', 'web')), 8080, { aliases: one })).toBe('10.0.1.61:80');
    expect(led(FORWARD(TO.replace('10.0.1.60', 'web')), 8080, { aliases: one.replace('61<', '61 10.0.1.62<') })).toBe(
      'unclear:80',
    );
    expect(led(FORWARD(TO.replace('10.0.1.60', 'gone')))).toBe('as it is');
    expect(led(FORWARD(TO.replace('10.0.1.60', 'lanip')))).toBe('10.0.1.1:80');
  });

  test('bypass the filter if their rule says pass; a rule of its own is evaluated', () => {
    expect(led(FORWARD(`${TO}<associated-rule-id>pass</associated-rule-id>`))).toBe('pass 10.0.1.60:80');
    expect(led(FORWARD(`${TO}<associated-rule-id>nat_65</associated-rule-id>`))).toBe('10.0.1.60:80');
  });

  test('with no rdr are exceptions to later ones', () => {
    expect(led(FORWARD('<nordr/>') + FORWARD(TO))).toBe('no rdr');
    expect(led(FORWARD('<nordr/><disabled/>') + FORWARD(TO))).toBe('10.0.1.60:80');
  });

  test('come before reflected 1:1 entries (T9)', () => {
    const forwards = FORWARD(`${TO}<natreflection>purenat</natreflection>`, `${at('203.0.113.10')}<port>8080</port>`);
    const rules = rulesOf({ oneToOne: HOST(ENABLED), forwards });
    expect(redirected(rules, 'lan', packet('10.0.1.7', '203.0.113.10', 'tcp', 8080))).toBe('10.0.1.60:80');
    expect(redirected(rules, 'lan', PUBLIC)).toBe('bits of 10.0.1.50');
  });

  const inner = (fields: string, parts: Parts = {}, port = 8080): string =>
    redirected(
      rulesOf({ ...parts, forwards: FORWARD(`${TO}${fields}`) }),
      'lan',
      packet('10.0.1.7', '203.0.113.2', 'tcp', port),
    );

  test('are reflected by the box’s relay, by the same redirect, or not', () => {
    expect(inner(OFF)).toBe('as it is');
    expect(inner('<natreflection>purenat</natreflection>')).toBe('10.0.1.60:80');
    expect(inner('<natreflection>enable</natreflection>')).toBe('unclear:19000');
    expect(inner('')).toBe('unclear:19000');
    expect(inner('', { system: '<enablenatreflectionpurenat/>' })).toBe('10.0.1.60:80');
    expect(inner('', { system: '<disablenatreflection/><enablenatreflectionpurenat/>' })).toBe('as it is');
    expect(inner('<natreflection>enable</natreflection>', { system: '<disablenatreflection/>' })).toBe('unclear:19000');
  });

  test('each relayed port has its own port on loopback', () => {
    const forwards =
      FORWARD(TO, `${on('wanip')}<port>8080-8090</port>`) + FORWARD(TO, `${on('wanip')}<port>9000</port>`);
    const rules = rulesOf({ forwards });
    const by = (port: number): string => redirected(rules, 'lan', packet('10.0.1.7', '203.0.113.2', 'tcp', port));
    expect([by(8080), by(8085), by(9000)]).toEqual(['unclear:19000', 'unclear:19005', 'unclear:19011']);
  });

  test('more than 500 ports are not relayed', () => {
    const forwards = FORWARD(TO, `${on('wanip')}<port>8000-8600</port>`);
    expect(redirected(rulesOf({ forwards }), 'lan', packet('10.0.1.7', '203.0.113.2', 'tcp', 8080))).toBe('as it is');
  });

  test('to any destination are reflected for the interface’s network alone', () => {
    const forwards = FORWARD(`${TO}<natreflection>purenat</natreflection>`, `${ANYWHERE}<port>8080</port>`);
    const rules = rulesOf({ forwards });
    const to = (address: string): string => redirected(rules, 'lan', packet('10.0.1.7', address, 'tcp', 8080));
    expect([to('203.0.113.9'), to('192.0.2.1')]).toEqual(['10.0.1.60:80', 'as it is']);
  });

  test('TFTP through the box’s own proxy bypasses the filter', () => {
    const rules = rulesOf({ system: '<tftpinterface>lan</tftpinterface>' });
    expect(redirected(rules, 'lan', packet('10.0.1.7', '192.0.2.1', 'udp', 69))).toBe('pass 127.0.0.1:6969');
  });

  test('IPv6 in IPv4 goes to the one host that is configured', () => {
    const more = '<diag><ipv6nat><enable/><ipaddr>10.0.1.66</ipaddr></ipv6nat></diag>';
    expect(redirected(rulesOf({ more }), 'wan', packet('192.0.2.7', '203.0.113.2', 41, 0))).toBe('10.0.1.66');
    expect(
      redirected(rulesOf({ more: more.replace('<enable/>', '') }), 'wan', packet('192.0.2.7', '203.0.113.2', 41, 0)),
    ).toBe('as it is');
  });
});

describe('outbound NAT', () => {
  const out = (outbound: string, one = packet('10.0.1.7', '192.0.2.1'), parts: Parts = {}): string =>
    leaves(rulesOf({ outbound, ...parts }), 'wan', one);
  const OLD = (fields: string, destination = ANYWHERE, source = on('10.0.1.0/24')): string =>
    `<rule><interface>wan</interface>${fields}<source>${source}</source><destination>${destination}</destination></rule>`;

  test('automatic by default: internal networks get the outgoing interface’s address, port 500 is kept', () => {
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
    expect([out(`<mode>advanced</mode>${entry}`), out(`<mode>hybrid</mode>${entry}`)]).toEqual([
      '203.0.113.9 kept',
      '203.0.113.9 kept',
    ]);
    expect(out(`<mode>automatic</mode>${entry}`)).toBe('203.0.113.2 free');
    expect(out(`<mode>hybrid</mode>${OLD('<nonat/>')}`)).toBe('no nat');
  });

  test.each([
    ['22.2', 'address', '192.0.2.0/24'],
    ['23.3', 'network', '192.0.2.0/24'],
  ])('the destination is in another field since 23.0 (0.20, version %s)', (version, field, text) => {
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
    expect(out(mode + OLD(`${target}<poolopts>bitmask</poolopts>`), undefined, { version })).toBe(
      'bits of 203.0.113.8/30 free',
    );
  });

  test('by ports and protocols', () => {
    const entry = `<mode>advanced</mode>${OLD('<protocol>udp</protocol><dstport>5060</dstport><staticnatport/>')}`;
    expect(out(entry, packet('10.0.1.7', '192.0.2.1', 'udp', 5060))).toBe('203.0.113.2 kept');
    expect(out(entry, packet('10.0.1.7', '192.0.2.1', 'tcp', 5060))).toBe('as it is');
  });

  test('each outgoing interface has its own address (T19)', () => {
    const rules = rulesOf({ interfaces: WAN + LAN + WAN2, outbound: '<mode>automatic</mode>' });
    expect(leaves(rules, 'opt2', packet('10.0.1.7', '192.0.2.1'))).toBe('198.18.0.2 free');
  });
});

test('with the filter off nothing is translated or filtered', () => {
  const rules = rulesOf({
    system: '<disablefilter/>',
    oneToOne: HOST(ENABLED),
    forwards: FORWARD(TO),
    rules: rule('block', 'wan'),
  });
  expect(rules).toMatchObject({ skipped: [], rdr: [], binat: [], nat: [], filter: [] });
});

describe('a forward of everything on an interface without a gateway', () => {
  const forward = (protocol: string, port: string, more = ''): string =>
    `<rule><interface>lan</interface>${more}<protocol>${protocol}</protocol><source>${ANYWHERE}</source><destination>${ANYWHERE}${port}</destination><target>10.0.1.60</target>${OFF}</rule>`;
  const from = (parts: Parts, port: number): string =>
    leaves(rulesOf(parts), 'lan', packet('10.0.1.7', '10.0.1.60', 'tcp', port));

  test('gives clients of its network the box’s address: of a range for the first port alone', () => {
    expect(from({ forwards: forward('tcp', '<port>53</port>') }, 53)).toBe('10.0.1.1 free');
    const range = forward('tcp', '<port>8000-8010</port>');
    expect([from({ forwards: range }, 8000), from({ forwards: range }, 8001)]).toEqual(['10.0.1.1 free', 'as it is']);
    const aliases = '<alias><name>web</name><type>port</type><address>80 443</address></alias>';
    expect(from({ aliases, forwards: forward('tcp', '<port>web</port>') }, 443)).toBe('10.0.1.1 free');
  });

  test.each(['22.2', '23.3', '24.5'])('is a line that pf refuses without a port (version %s)', (version) => {
    const because = (forwards: string, system = ''): string | undefined =>
      rulesOf({ version, forwards, system }).unloadable?.reason;
    expect(because(forward('icmp', ''))).toContain('without a port');
    expect(because(forward('tcp', '<port>gone</port>'))).toContain('without a port');
    expect(because(forward('icmp', '').replace('>lan<', '>wan<'))).toBeUndefined();
    expect(because(forward('icmp', '', '<nordr/>'))).toBeUndefined();
    expect(because(forward('icmp', ''), '<enablenatreflectionhelper>yes</enablenatreflectionhelper>')).toBeUndefined();
  });
});
