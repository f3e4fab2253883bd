// Tests that a configuration which describes its own device (pfSense) is judged by it, and that other facts which the
// user gave are named as left out.

import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { NO_FACTS, mergeFacts } from '../../lib/exposure/facts/device-facts';
import { LAN, WAN, configuration } from '../platforms/pfsense/parse/boxes';
import { reportOf } from './report-on-file';

const headline = (text: string): string => reportOf(text).headline;

test('a configuration that describes its device is judged by that, and unused facts of the user are named', () => {
  const leased = configuration({
    interfaces: `${WAN.replace(/<ipaddr>.*<.subnet>/, '<ipaddr>dhcp</ipaddr>')}${LAN}`,
    rules:
      '<rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><source><any></any></source><destination><network>wanip</network></destination></rule>',
  });
  const assumed = (text: string, ...facts: readonly string[]): readonly string[] =>
    reportOf(
      text,
      {},
      facts.map((one) => parseInterfaceOption(one)!).reduce(mergeFacts, NO_FACTS),
    ).devices[0]!.assumptions.filter((one) => one.includes('left out'));
  expect(assumed(leased, 'igb0=203.0.113.2/28:outside')).toEqual([
    'what was told of igb0 is left out: the interfaces here are called wan and lan',
  ]);
  expect(assumed(leased, 'wan=203.0.113.2/28:outside')).toEqual([]);
  expect(assumed(leased, 'wan=203.0.113.2/28,2001:db8::2/64')).toEqual([
    'the addresses that were told of wan are left out, as the text has its own',
  ]);
  expect(assumed(configuration({}), 'lan=10.9.0.1/24')).toEqual([
    'the addresses that were told of lan are left out, as the text has its own',
  ]);
  expect(assumed(leased, 'lan:outside', 'others:inside')).toEqual([]);
  expect(headline(leased)).toMatch(/^Open to the internet[^:]*: all protocols/);
  const written = leased.replace('<ipaddr>dhcp</ipaddr>', '<ipaddr>203.0.113.5</ipaddr><subnet>24</subnet>');
  expect(headline(written)).toMatch(
    /^Open to the internet: all protocols|^Open to the internet by IPv4: all protocols/,
  );
});

test('sources that no host in the internet has, and that a fetched list may block, take no room in the first line', () => {
  const rules = (source: string): string =>
    `<rule><type>pass</type><interface>wan</interface><ipprotocol>inet</ipprotocol><protocol>tcp</protocol><source>${source}</source><destination><network>wanip</network><port>443</port></destination></rule>`;
  const interfaces = `${WAN.replace('</wan>', '<blockbogons></blockbogons></wan>')}${LAN}`;
  const system = '<hostname>fw</hostname>';
  expect(headline(configuration({ system, interfaces, rules: rules('<any></any>') }))).toBe(
    'Open to the internet: tcp 443.',
  );
  expect(headline(configuration({ system, interfaces, rules: rules('<address>100.64.0.0/10</address>') }))).toContain(
    'the list of bogons is not in the configuration',
  );
});
