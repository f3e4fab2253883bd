// Tests the evaluation of a pfSense box by its stored configuration together with its running rules: where the two
// differ, packets are unknown.

import { printRow } from '../../../../lib/reachability/print-reachability';
import { toRows } from '../../../../lib/reachability/reachability-rows';
import { toLocationKey } from '../../../../lib/net/device';
import { Packet } from '../../../../lib/net/packet';
import { parser } from '../../../../lib/platforms/pfsense/parse/parser';
import { describeDevice } from '../../../../lib/platforms/pfsense/parse/box/describe-device';
import { parseXml } from '../../../../lib/xml/parse-xml';
import { ANYWHERE, at, configuration, on, packet, rule } from './boxes';
import { MAIL, SN, SR, TABLES } from './live-texts';
import { codesOf } from '../../../problems';

const TCP = '<protocol>tcp</protocol>';
const mail = rule('pass', 'wan', { rest: TCP, to: `${at('10.0.1.50')}<port>25</port>` });
const office = rule('pass', 'wan', { rest: TCP, from: at('office'), to: `${at('10.0.1.50')}<port>443</port>` });
const lan = rule('pass', 'lan', { from: on('lan') });
const BINAT = `<onetoone><external>203.0.113.10</external><interface>wan</interface><source>${at('10.0.1.50')}</source><destination>${ANYWHERE}</destination></onetoone>`;

const stored = (more: { rules?: string; oneToOne?: string } = {}): string =>
  configuration({
    system: '<ipv6allow></ipv6allow><webgui><protocol>https</protocol></webgui>',
    rules: more.rules ?? mail + office + lan,
    oneToOne: more.oneToOne ?? BINAT,
    vips: '<vip><mode>ipalias</mode><interface>wan</interface><uniqid>65520b3a92fa4</uniqid><subnet>203.0.113.10</subnet><subnet_bits>32</subnet_bits><descr><![CDATA[cpanel-edge:web/vip]]></descr></vip>',
    aliases: '<alias><name>office</name><type>network</type><address>198.51.100.0/24</address></alias>',
    more: '<cpanel_edge><live>on</live></cpanel_edge>',
  });

const live = (parts: { xml?: string; sn?: string; sr?: string; tables?: string } = {}): string =>
  `${parts.xml ?? stored()}# pfctl -sn\n${parts.sn ?? SN}# pfctl -sr\n${parts.sr ?? SR}${parts.tables ?? TABLES}`;

const DEVICE = describeDevice(parseXml(stored()));
const asked = (text: string, name: string, one: Packet) => {
  const { reachability, explain } = parser.read(text, DEVICE);
  const view = reachability.views.find(
    ({ startLocation }) => startLocation.kind === 'interface' && startLocation.name === name,
  )!;
  const verdict = view.dispositions.findValue(one);
  const lines = text.split('\n');
  const told = explain(view.startLocation, one);
  for (const { number, text: words } of told.lines)
    if (!words.startsWith('<') && number > 40) expect(lines[number - 1]).toContain(words.slice(0, 20));
  return { said: verdict === undefined ? 'denied' : verdict.is === 'unknown' ? verdict.reason : 'allowed', told };
};
const said = (text: string, name: string, one: Packet): string => asked(text, name, one).said;

const CLIENT = '192.0.2.66';
const P = '203.0.113.10';
const LESS = 'what is stored and what runs disagree: what runs does not let it through';
const MORE = 'what is stored and what runs disagree: what runs lets it through';

describe('the stored configuration and the running rules', () => {
  it('agree about every packet of a box that has loaded its configuration', () => {
    const { reachability } = parser.read(live(), DEVICE);
    const disagreeing = reachability.views.map(({ startLocation, dispositions }) => ({
      vantage: toLocationKey(startLocation),
      rows: toRows(
        dispositions.map((one) => (one.is === 'unknown' && one.reason.includes('disagree') ? one.reason : undefined)),
      ).map(printRow),
    }));
    expect(disagreeing.filter(({ rows }) => rows.length > 0)).toEqual([]);
  });

  it('agree, too, if the device is given by the rules’ interface names', () => {
    const real: Readonly<Record<string, string>> = { wan: 'igb0', lan: 'igb1' };
    const device = { ...DEVICE, interfaces: DEVICE.interfaces.map((one) => ({ ...one, name: real[one.name]! })) };
    const reasons = parser
      .read(live(), device)
      .reachability.views.flatMap(({ dispositions }) => dispositions.values.map((one) => JSON.stringify(one)));
    expect(reasons.filter((one) => one.includes('disagree'))).toEqual([]);
    expect(reasons).toContain('{"is":"allowed"}');
  });

  it('give a group the members of the configuration', () => {
    const group = `${rule('pass', 'BOTH', { rest: TCP, to: `${at('10.0.1.50')}<port>587</port>` })}`;
    const groups =
      '<cpanel_edge><live>on</live></cpanel_edge><ifgroups><ifgroupentry><members>wan lan</members><ifname>BOTH</ifname></ifgroupentry></ifgroups>';
    const xml = stored({ rules: group + mail + office + lan }).replace(
      '<cpanel_edge><live>on</live></cpanel_edge>',
      groups,
    );
    const line =
      'pass in quick on BOTH inet proto tcp from any to 10.0.1.50 port = submission flags S/SA keep state label "USER_RULE" ridentifier 1700000009\n';
    const text = live({ xml, sr: SR.replace(MAIL, line + MAIL) });
    expect([
      said(text, 'wan', packet(CLIENT, P, 'tcp', 587)),
      said(text, 'lan', packet('10.0.1.9', '10.0.1.50', 'tcp', 587)),
    ]).toEqual(['allowed', 'allowed']);
    expect(said(live({ xml }), 'wan', packet(CLIENT, P, 'tcp', 587))).toBe(LESS);
  });

  it.each([
    ['wan', packet(CLIENT, P, 'tcp', 25), 'allowed'],
    ['wan', packet(CLIENT, P, 'tcp', 443), 'denied'],
    ['wan', packet('198.51.100.7', P, 'tcp', 443), 'allowed'],
    ['wan', packet(CLIENT, P, 'tcp', 22), 'denied'],
    ['wan', packet(CLIENT, '203.0.113.2', 'tcp', 25), 'denied'],
    ['lan', packet('10.0.1.50', CLIENT, 'udp', 53), 'allowed'],
  ])('decide by %s: %#', (name, one, wanted) => expect(said(live(), name, one)).toBe(wanted));

  it('explain packets by the running lines', () => {
    const { told } = asked(live(), 'wan', packet(CLIENT, P, 'tcp', 25));
    expect([
      told.disposition,
      told.lines.some(({ text }) => text.startsWith('binat on igb0')),
      told.lines.some(({ text }) => text.includes('USER_RULE: mail')),
    ]).toEqual(['allowed', true, true]);
  });

  it('disagree after a load that failed: the files are new, the kernel has the old rules', () => {
    const more = rule('pass', 'wan', { rest: TCP, to: `${at('10.0.1.50')}<port>993</port>` });
    const text = live({ xml: stored({ rules: more + mail + lan }) });
    expect(said(text, 'wan', packet(CLIENT, P, 'tcp', 993))).toBe(LESS);
    expect(said(text, 'wan', packet('198.51.100.7', P, 'tcp', 443))).toBe(MORE);
    expect(said(text, 'wan', packet(CLIENT, P, 'tcp', 25))).toBe('allowed');
    const { told } = asked(text, 'wan', packet('198.51.100.7', P, 'tcp', 443));
    expect([
      told.disposition,
      told.reason,
      told.lines.some(({ text: line }) => line.includes('USER_RULE: office')),
    ]).toEqual(['unknown', MORE, true]);
  });

  it('disagree if another address is translated', () => {
    const text = live({
      sn: SN.replace('from 10.0.1.50', 'from 10.0.1.51'),
      sr: SR.replaceAll('to 10.0.1.50', 'to 10.0.1.51'),
    });
    const other = live({
      xml: stored({
        rules: mail + rule('pass', 'wan', { rest: TCP, to: `${at('10.0.1.51')}<port>25</port>` }) + office + lan,
      }),
      sn: SN.replace('from 10.0.1.50', 'from 10.0.1.51'),
      sr: SR.replace(MAIL, MAIL + MAIL.replace('10.0.1.50', '10.0.1.51')),
    });
    expect(said(text, 'wan', packet(CLIENT, '10.0.1.50', 'tcp', 25))).toBe(LESS);
    expect(said(other, 'wan', packet(CLIENT, P, 'tcp', 25))).toBe(
      'what is stored and what runs disagree: what runs translates it otherwise',
    );
  });

  it('disagree if the filter is off, though its rules are printed', () => {
    const off = live({ xml: stored().replace('<live>on</live>', '<live>off</live>') });
    const mysql = packet('198.51.100.7', '203.0.113.10', 'tcp', 3306);
    expect(said(live(), 'wan', mysql)).toBe('denied');
    expect(said(off, 'wan', mysql)).toMatch(/what is stored and what runs disagree/);
    expect(said(off.replace('<live>off</live>', '<live></live>'), 'wan', mysql)).toMatch(
      /what is stored and what runs disagree/,
    );
  });

  it('disagree if a table was changed at run time', () => {
    const text = live({ tables: TABLES.replace('   198.51.100.0/24\n', '   198.51.100.0/24\n   192.0.2.66\n') });
    expect(said(text, 'wan', packet(CLIENT, P, 'tcp', 443))).toBe(MORE);
    expect(said(text, 'wan', packet('198.51.100.7', P, 'tcp', 443))).toBe('allowed');
  });

  it('agree about clients that are banned temporarily: these are dropped, and no others', () => {
    const text = live({ tables: TABLES.replace('-t snort2c -T show\n', '-t snort2c -T show\n   192.0.2.66\n') });
    expect(said(text, 'wan', packet(CLIENT, P, 'tcp', 25))).toBe('denied');
    expect(said(text, 'wan', packet('192.0.2.67', P, 'tcp', 25))).toBe('allowed');
  });

  it('leave to the running rules what the configuration doesn’t contain', () => {
    const urlTable = stored().replace(
      '<type>network</type><address>198.51.100.0/24</address>',
      '<type>urltable</type><url>https://example.org/x</url>',
    );
    expect(said(live({ xml: urlTable }), 'wan', packet('198.51.100.7', P, 'tcp', 443))).toBe('allowed');
    expect(said(live({ xml: urlTable }), 'wan', packet(CLIENT, P, 'tcp', 443))).toBe('denied');
  });
});

describe('the parser on a text of a box', () => {
  it('reports its own entries as changed objects, and everything for rules alone', () => {
    expect(parser.read(live(), DEVICE).changedObjects).toEqual(['entries of cpanel-edge:web']);
    expect(parser.read(SN + SR, DEVICE).changedObjects).toEqual(['every rule']);
    const written = stored().replace('<live>on</live>', '<sets>enablenatreflectionhelper</sets>');
    expect(parser.read(written, DEVICE).changedObjects).toEqual([
      'entries of cpanel-edge:web',
      'switch enablenatreflectionhelper',
    ]);
  });

  it('passes by default if a text has translations alone', () => {
    const text = 'set skip on lo0\nbinat on igb0 inet from 10.0.1.50 to any -> 203.0.113.10\n';
    const [view] = parser.read(text, DEVICE).reachability.views;
    expect(view!.dispositions.findValue(packet('198.51.100.7', '203.0.113.10'))).toMatchObject({ is: 'allowed' });
  });

  it('says that a text is cut off only if its end is missing', () => {
    expect(() => parser.read(`${stored()}# pfctl -sr\n${SR}`, DEVICE)).toThrow(
      /`# pfctl -sn` is not in it\.(?!.*cut off)/,
    );
  });

  it.each([
    ['', 'pfsense/empty'],
    ['<opnsense></opnsense>', 'pfsense/other-root'],
    ['<pfsense><filter></pfsense>', 'pfsense/not-xml'],
    ['---- BEGIN config.xml ----\nx\n', 'pfsense/encrypted'],
    [stored(), 'pfsense/not-all-that-runs'],
    [`${stored()}# pfctl -sn\n${SN}`, 'pfsense/not-all-that-runs'],
    [
      `${stored().replace('<live>on</live>', '')}# pfctl -sn\n${SN}# pfctl -sr\n${SR}`,
      'pfsense/after-the-configuration',
    ],
    [live().slice(0, -1), 'pf/cut-off'],
    [SN, 'pfsense/translations-alone'],
    [`set skip on lo0\n${SN}`, 'pfsense/translations-alone'],
    [`# pfctl -sr\n${SR}`, 'pfsense/filter-alone'],
    [SR, 'pfsense/filter-alone'],
  ])('refuses: %#', (text, code) => expect(codesOf(() => parser.read(text, DEVICE))).toEqual([code]));
});
