// Tests the answers of `exposure` about a pfSense box that leases addresses: a rule or a translation of the leased
// address is decided whatever the address is, and stays UNKNOWN where the address decides.

import { parseAddress, parseInterfaceAddress } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { KEPT, ReachabilityView } from '../../../lib/reachability/reachability';
import { parseInterfaceOption } from '../../../lib/exposure/facts/parse-interface-options';
import { NO_FACTS, mergeFacts } from '../../../lib/exposure/facts/device-facts';
import { describeLeasingDevice } from '../../../lib/platforms/pfsense/parse/box/describe-device';
import { parser } from '../../../lib/platforms/pfsense/parse/parser';
import { parseXml } from '../../../lib/xml/parse-xml';
import { printExposureJson } from '../../../lib/exposure/print/exposure-json';
import { printExposureText } from '../../../lib/exposure/print/exposure-text';
import { ExposureOptions } from '../../../lib/exposure/answer/question';
import { reportOf } from '../../exposure/report-on-file';
import { fc } from '../../randomly';
import { LAN, Parts, at, configuration, on, packet, rule } from './parse/boxes';

const DHCP = '<wan><enable></enable><if>igb0</if><ipaddr>dhcp</ipaddr><ipaddrv6>dhcp6</ipaddrv6></wan>';
const TRACKING = LAN.replace('</lan>', '<ipaddrv6>track6</ipaddrv6></lan>');
const toPort = (destination: string, port: number): string => `${destination}<port>${port}</port>`;
const pass = (key: string, to: string, port: number, from?: string): string =>
  rule('pass', key, { rest: '<protocol>tcp</protocol>', to: toPort(to, port), ...(from ? { from } : {}) });
const forward = (to: string, port: number, target = '10.0.1.50', rest = ''): string =>
  `<rule><interface>wan</interface><protocol>tcp</protocol>${rest}<source><any></any></source><destination>${toPort(to, port)}</destination><target>${target}</target><local-port>${port}</local-port><natreflection>disable</natreflection></rule>`;

const facts = (...options: readonly string[]) =>
  options.map((option) => parseInterfaceOption(option)!).reduce(mergeFacts, NO_FACTS);

/** Returns the lines from the internet: scope, service, destinations, sources, target. DHCP's own lines are left out. */
function rows(parts: Parts, asking: ExposureOptions = {}, ...options: readonly string[]): readonly string[] {
  const report = reportOf(configuration({ interfaces: DHCP + LAN, ...parts }), asking, facts(...options), 'config.xml');
  return report.devices[0]!.sections.flatMap(({ scope, entries }) =>
    entries
      .filter(({ fromInternet, service }) => fromInternet && !/^(udp (68|546)|ipv6-icmp|icmp6?) ?/.test(service))
      .map(
        ({ disposition, service, destinations, sources, translatedDestination, reason }) =>
          `${scope}: ${disposition === 'unknown' ? 'UNKNOWN ' : ''}${service} to ${destinations.join(', ')} from ${sources}` +
          `${translatedDestination === '' ? '' : ` -> ${translatedDestination}`}${reason === '' ? '' : ` (${reason.replace(/^line \d+: /, '')})`}`,
      ),
  );
}

describe('a box with a leased WAN', () => {
  test('a port forward of the WAN address is decided', () => {
    const parts = { forwards: forward(on('wanip'), 443), rules: pass('wan', at('10.0.1.50'), 443) };
    expect(rows(parts)).toEqual([
      'through: tcp 443 to 10.0.1.50 from anywhere',
      'through: tcp 443 to the leased IPv4 address of wan from anywhere -> 10.0.1.50',
    ]);
    expect(reportOf(configuration({ interfaces: DHCP + LAN, ...parts })).headline).toMatch(
      /^Open to the internet[^:]*: tcp 443/,
    );
  });

  test('a rule for the WAN address or (self) opens the firewall itself', () => {
    expect(rows({ rules: pass('wan', on('wanip'), 22) })).toEqual([
      'host: tcp 22 to the leased IPv4 address of wan from anywhere',
    ]);
    expect(rows({ rules: pass('wan', on('(self)'), 22) })).toEqual([
      'host: tcp 22 to 10.0.1.1, the leased IPv4 address of wan from anywhere',
    ]);
    expect(rows({ rules: pass('wan', `<not></not>${on('wanip')}`, 22) })).toEqual([
      'host: tcp 22 to 10.0.1.1 from anywhere',
      'through: tcp 22 to any IPv4 but 10.0.1.1, 127.0.0.0/8, the leased IPv4 address of wan from anywhere',
    ]);
  });

  test('the WAN network contains the leased address, and the rest of it is not told', () => {
    const [host, through] = rows({ rules: pass('wan', on('wan'), 22) });
    expect(host).toBe('host: tcp 22 to the leased IPv4 address of wan from anywhere');
    expect(through).toMatch(/^host: UNKNOWN tcp 22 to 10\.0\.1\.1 .*the address of wan is leased and not known/);
    expect(rows({ rules: pass('wan', on('wanip'), 22, on('wan')) })).toEqual([
      'host: UNKNOWN tcp 22 to the leased IPv4 address of wan from anywhere (the address of wan is leased and not known)',
    ]);
  });

  test('an address in the text may be the leased one', () => {
    const blocked = rule('block', 'wan', { to: at('198.51.100.7') }) + pass('wan', on('wanip'), 22);
    const DOUBT = '(a leased address may be one of its destinations)';
    const UNKNOWN_SSH = 'host: UNKNOWN tcp 22 to the leased IPv4 address of wan from anywhere';
    const doubt = DOUBT.replace('a leased address', 'the leased address of wan');
    expect(rows({ rules: blocked })).toEqual([`${UNKNOWN_SSH} ${doubt}`]);
    const alias = '<alias><name>some</name><type>network</type><address>198.51.100.0/24</address></alias>';
    expect(rows({ aliases: alias, rules: blocked.replace('198.51.100.7', 'some') })).toEqual([
      `${UNKNOWN_SSH} ${doubt}`,
    ]);
    // Neither is one of a network inside, nor a virtual IP.
    expect(rows({ rules: blocked.replace('198.51.100.7', '10.0.1.7') })).toEqual([
      'host: tcp 22 to the leased IPv4 address of wan from anywhere',
    ]);
    const vip =
      '<vip><mode>ipalias</mode><interface>wan</interface><subnet>198.51.100.7</subnet><subnet_bits>32</subnet_bits></vip>';
    expect(rows({ vips: vip, rules: blocked })).toEqual([
      'host: tcp 22 to the leased IPv4 address of wan from anywhere',
    ]);
  });

  test('a 1:1 mapping of what may be the leased address applies where a forward is excluded, too', () => {
    const oneToOne = `<onetoone><external>198.51.100.7</external><interface>wan</interface><source>${at('10.0.1.60')}</source><destination><any></any></destination></onetoone>`;
    const excluded = forward(on('wanip'), 80, '10.0.1.50', '<nordr></nordr>');
    const lines = rows({ forwards: excluded, oneToOne, rules: pass('wan', on('wanip'), 80) });
    expect(lines.filter((line) => line.includes('the leased'))).toEqual([
      expect.stringMatching(/^\w+: UNKNOWN tcp 80 to the leased IPv4 address of wan from anywhere/),
    ]);
  });

  test('an alias of everything contains the leased address, and one that is filled later may', () => {
    const half = (type: string, members: string): string =>
      `<alias><name>some</name><type>${type}</type><address>${members}</address></alias>`;
    const rules = pass('wan', at('some'), 22);
    expect(rows({ aliases: half('network', '0.0.0.0/1 128.0.0.0/1'), rules })[0]).toBe(
      'host: tcp 22 to 10.0.1.1, the leased IPv4 address of wan from anywhere',
    );
    expect(rows({ aliases: half('host', 'gate.example.net'), rules }).join('\n')).toContain(
      'UNKNOWN tcp 22 to 10.0.1.1, the leased IPv4 address of wan from anywhere',
    );
  });

  test('a 1:1 mapping of the WAN address is decided, and one of a given address may be of the leased one', () => {
    const mapping = (external: string): string =>
      `<onetoone><external>${external}</external><interface>wan</interface><source>${at('10.0.1.50')}</source><destination><any></any></destination></onetoone>`;
    const rules = pass('wan', at('10.0.1.50'), 25);
    expect(rows({ oneToOne: mapping('wanip'), rules })).toEqual([
      'through: tcp 25 to 10.0.1.50 from anywhere',
      'through: tcp 25 to the leased IPv4 address of wan from anywhere -> 10.0.1.50',
    ]);
    expect(rows({ oneToOne: mapping('198.51.100.7'), rules })).toEqual([
      'through: tcp 25 to 10.0.1.50 from anywhere',
      'through: tcp 25 to 198.51.100.7 from anywhere -> 10.0.1.50',
      'through: UNKNOWN tcp 25 to the leased IPv4 address of wan from anywhere -> 10.0.1.50 (the leased address of wan may be one of its destinations)',
    ]);
  });

  test('outbound NAT is to the leased address', () => {
    const parts = { outbound: '<mode>automatic</mode>', rules: pass('lan', '<any></any>', 443) };
    const report = reportOf(configuration({ interfaces: DHCP + LAN, ...parts }), { start: ['inside'] });
    expect(printExposureText(report, { all: true })).not.toContain('UNKNOWN');
  });

  test('IPv6 by DHCPv6, and a network inside that follows it', () => {
    const inet6 = (to: string, port: number): string =>
      pass('wan', to, port).replace('<protocol>', '<ipprotocol>inet6</ipprotocol><protocol>');
    const interfaces = DHCP + TRACKING;
    expect(rows({ interfaces, rules: inet6(on('wanip'), 22) })).toEqual([
      'host: tcp 22 to the leased IPv6 address of wan from anywhere',
    ]);
    expect(rows({ interfaces, rules: inet6(on('lanip'), 22) })).toEqual([
      'host: tcp 22 to the leased address of lan from anywhere',
    ]);
    expect(rows({ interfaces, rules: inet6(on('(self)'), 22) })[0]).toMatch(
      /^host: tcp 22 to .*the leased IPv6 address of wan, the leased address of lan/,
    );
  });

  test('the address that is told takes its place, by family', () => {
    const rules = pass('wan', on('wanip'), 22);
    expect(rows({ rules }, {}, 'wan=198.51.100.7/24')).toEqual(['host: tcp 22 to 198.51.100.7 from anywhere']);
    expect(rows({ rules }, {}, 'wan=2001:db8::7/64')).toEqual([
      'host: tcp 22 to the leased address of wan from anywhere',
    ]);
  });

  test('a question about an address that may be leased is answered for the leased one, too', () => {
    const parts = { forwards: forward(on('wanip'), 443), rules: pass('wan', at('10.0.1.50'), 443) };
    expect(rows(parts, { to: ['198.51.100.7'], port: ['443'] })).toEqual([
      'through: tcp 443 to the leased IPv4 address of wan from anywhere -> 10.0.1.50',
    ]);
    expect(rows(parts, { to: ['10.0.1.50'], port: ['443'] })).toEqual(['through: tcp 443 to 10.0.1.50 from anywhere']);
  });

  test('no report prints the address that stands for a leased one', () => {
    const parts = {
      interfaces: DHCP + TRACKING,
      forwards: forward(on('wanip'), 443),
      rules: pass('wan', on('(self)'), 22) + pass('lan', `<not></not>${on('wanip')}`, 80) + pass('wan', on('wan'), 25),
      outbound: '<mode>automatic</mode>',
    };
    for (const asking of [{}, { start: ['inside'] }, { start: ['server'] }, { service: ['ssh'] }]) {
      const report = reportOf(configuration(parts), asking);
      const printed = [
        printExposureText(report, { all: true }),
        printExposureText(report, {}),
        printExposureJson(report),
      ];
      for (const text of printed) expect(text).not.toMatch(/\b192\.0\.0\.\d+(?!\/24)|\b100::1/);
    }
  });
});

/** The address at which a packet ends; `kept` if it is not translated. */
function endOf({ translations }: ReachabilityView, question: Packet): unknown {
  const { destination = KEPT } = translations.findValue(question) ?? {};
  return destination.is === 'moved'
    ? question.destination + destination.distance
    : destination.is === 'set'
      ? destination.to
      : destination.is;
}

describe('the answer about the address that stands for a leased one', () => {
  const LEASE = '198.51.100.7';
  const ALIASES =
    '<alias><name>holds</name><type>network</type><address>198.51.100.0/24 10.9.0.0/16</address></alias>' +
    '<alias><name>lacks</name><type>host</type><address>10.0.1.50 192.0.2.80</address></alias>';
  const VIP =
    '<vip><mode>ipalias</mode><interface>wan</interface><subnet>203.0.113.9</subnet><subnet_bits>32</subnet_bits></vip>';
  const places = [
    ...['wanip', 'wan', 'lan', 'lanip', '(self)'].map(on),
    ...[LEASE, '198.51.100.8', '10.0.1.50', '203.0.113.9', '198.0.0.0/8', 'holds', 'lacks', '0.0.0.0/0'].map(at),
    '<any></any>',
  ];
  const place = fc.constantFrom(...places, ...places.map((text) => `<not></not>${text}`));
  const entry = fc.record({ type: fc.constantFrom('pass', 'block'), key: fc.constantFrom('wan', 'lan'), to: place });
  const translated = fc.record({ to: place, excluded: fc.boolean() });
  const parts = fc.record({
    rules: fc.array(entry, { maxLength: 4 }),
    forwards: fc.array(translated, { maxLength: 2 }),
    external: fc.constantFrom('', 'wanip', LEASE, '203.0.113.9', '198.51.100.9'),
  });

  test('is that about the real address, or UNKNOWN', () => {
    fc.assert(
      fc.property(parts, ({ rules, forwards, external }) => {
        const text = configuration({
          interfaces: DHCP + LAN,
          aliases: ALIASES,
          vips: VIP,
          rules: rules.map(({ type, key, to }) => rule(type, key, { to })).join(''),
          forwards: forwards
            .map(({ to, excluded }) => forward(to, 80, '10.0.1.50', excluded ? '<nordr></nordr>' : ''))
            .join(''),
          oneToOne:
            external === ''
              ? ''
              : `<onetoone><external>${external}</external><interface>wan</interface><source>${at('10.0.1.60')}</source><destination><any></any></destination></onetoone>`,
        });
        const leasing = describeLeasingDevice(parseXml(text));
        const { leasedAddresses, ...describedDevice } = leasing;
        const addressedDevice: Device = {
          ...describedDevice,
          interfaces: describedDevice.interfaces.map((item) =>
            item.name === 'wan' ? { ...item, addresses: [parseInterfaceAddress(`${LEASE}/24`)!] } : item,
          ),
        };
        const [leased, real] = [leasing, addressedDevice].map((device) => parser.read(text, device).reachability);
        const standIn = [...leasedAddresses!.keys()].find((address) => address < 1n << 32n)!;
        for (const name of ['wan', 'lan']) {
          const [view, realView] = [leased!, real!].map(({ views }) =>
            views.find(({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name)!,
          );
          for (const [from, to] of [
            [standIn, LEASE],
            ...['203.0.113.9', '192.0.2.80', '10.0.1.50', '10.0.1.1'].map(
              (address) => [parseAddress(address)!, address] as const,
            ),
          ] as const) {
            const question = packet('192.0.2.7', to, 'tcp', 80);
            const leasedQuestion = { ...question, destination: from };
            const answer = view!.dispositions.findValue(leasedQuestion);
            if (answer?.is === 'unknown') continue;
            expect([to, name, answer?.is]).toEqual([to, name, realView!.dispositions.findValue(question)?.is]);
            expect(endOf(view!, leasedQuestion)).toEqual(endOf(realView!, question));
          }
        }
      }),
    );
  });
});
