// Tests how texts of pf and pfSense are recognised, which facts of a device their rules depend on, and which they
// describe themselves.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printRange } from '../../../lib/net/address';
import { isNftText as isNftables } from '../../../lib/platforms/nftables/parse/config-format';
import { configFormat } from '../../../lib/platforms/pfsense/parse/config-format';
import { describedBy, mentionsOf } from '../../evaluator/foreign-texts';
import { configuration } from '../../platforms/pfsense/parse/boxes';
import { codesOf } from '../../problems';

const file = (...path: readonly string[]): string => readFileSync(join(__dirname, ...path), 'utf8');
const wild = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(__dirname, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => file(folder, name));

describe('texts of pfSense', () => {
  it('are recognised by their form', () => {
    expect(wild('wild', '.pf').map((text) => configFormat.recognises(text))).not.toContain(false);
    expect(wild('../../platforms/pfsense/wild', '.xml').map((text) => configFormat.recognises(text))).not.toContain(
      false,
    );
    expect(wild('../../platforms/nftables/wild', '.nft').map((text) => configFormat.recognises(text))).not.toContain(
      true,
    );
    expect(
      [...wild('wild', '.pf'), ...wild('../../platforms/pfsense/wild', '.xml')].map((text) => isNftables(text)),
    ).not.toContain(true);
  });

  it.each([
    ['# mine\next = "em0"\nbinat on $ext from 10.0.1.50 to any -> 203.0.113.10\n', true],
    ['block return-icmp(port-unr, admin-unr) in log all\n', true],
    ['pass\n', true],
    ['@3(1700) pass in quick on em0 all\n', true],
    ['\ufeff<?xml version="1.0"?>\n<!-- a box -->\n<pfsense>\n', true],
    ['---- BEGIN config.xml ----\nU2FsdGVk\n', true],
    ['<?xml version="1.0"?>\n<opnsense>\n', false],
    ['<html><pfsense>', false],
    ['nets = "{ 10.0.0.0/8\n  192.168.0.0/16 }" # ours\nset skip on lo\n', true],
    ['block\tin all\n', true],
    ['# mine\n\n  pass   in\ton em0 all\n', true],
    ['set skip\ton lo\n', true],
    ['ports = "{ 22 \\\n 80 }"\npass in \\\n on em0\n', true],
    ['ext = "em0"\nall = "{" $ext "em1 }"\nblock in on $all\n', true],
    ['set reassemble yes\n', true],
    ['pass flags S/SA keep state\n', true],
    ['nat-anchor ftp-proxy\n', true],
    ['anchor "a" {\n', true],
    ['altq on em0 cbq bandwidth 10Mb queue { a }\n', true],
    ['include "/etc/pf.macros"\nblock in all\n', true],
    ['root@fw:~ # pfctl -sr\nblock drop in all\n', true],
    ['[2.7.2-RELEASE][root@fw.example]/root: cat /etc/pf.conf\nblock in all\n', true],
    ['This is my firewall:\nblock in all\npass out all\npass in on em0 proto tcp to port 22\n', true],
    ['We pass in the exam\nby learning\n', false],
    ['#!/bin/sh\nset -e\nblock in all\n', false],
    // It is refused by its kind, with a message that names the kind.
    ['match out on em0 from 10.0.1.0/24 nat-to 203.0.113.2\npass in on em0\n', true],
    ['pass the salt\n', false],
    ['set -e\nnat=1\n', false],
    ['table inet filter {\n}\n', false],
    ['*filter\n:INPUT DROP [0:0]\n-A INPUT -j ACCEPT\n', false],
    ['', false],
  ])('%j: %s', (text, wanted) => expect(configFormat.recognises(text)).toBe(wanted));

  it('mention the facts that their rules depend on', () => {
    const { destinations, targets, ...rest } = mentionsOf(configFormat, file('wild', 'pfsense-27.pf'));
    expect(rest).toEqual({
      interfaces: ['igb0', 'igb1'],
      addressedInterfaces: ['igb1'],
      hasRedirects: false,
      testsSourceTypes: true,
      testsReversePath: false,
      needsForwarding: true,
    });
    expect(targets.map(printRange)).toEqual(['10.0.1.50', '10.0.1.60']);
    expect(destinations.map(printRange)).toEqual(['10.0.1.50', '10.0.1.60', '169.254.0.0/16', '203.0.113.0/28']);
  });

  it('mention few facts if they depend on few', () => {
    expect(
      mentionsOf(
        configFormat,
        'rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = 80 -> 127.0.0.1 port 8080\nblock in all\n',
      ),
    ).toEqual({
      interfaces: ['vtnet0'],
      addressedInterfaces: ['vtnet0'],
      destinations: [],
      hasRedirects: false,
      testsSourceTypes: false,
      testsReversePath: false,
      needsForwarding: false,
      targets: [{ first: 0x7f000001n, last: 0x7f000001n }],
    });
    const tunnels = mentionsOf(
      configFormat,
      'set skip on lo0\npass in on openvpn all\npass out route-to (em1 192.0.2.1) all\npass in from (em2) to <t>\ntable <t> { 192.0.2.7 }\n',
    );
    expect([
      tunnels.interfaces,
      tunnels.groups,
      tunnels.needsForwarding,
      tunnels.testsSourceTypes,
      tunnels.destinations.map(printRange),
    ]).toEqual([['em1', 'em2'], ['openvpn'], true, true, ['192.0.2.7']]);
  });

  it('describe their box if they are a configuration', () => {
    const device = describedBy(configFormat, configuration({}));
    expect(device.interfaces.map(({ name, role }) => [name, role])).toEqual([
      ['wan', 'outside'],
      ['lan', 'inside'],
    ]);
    expect(configFormat.parsed('block in all\n').is).toBe('rules');
  });

  it('are refused with the parser’s problems', () => {
    expect(codesOf(() => configFormat.parsed('block in all'))).toEqual(['pf/cut-off']);
    expect(codesOf(() => configFormat.parsed('<pfsense>'))).toEqual(['pfsense/not-xml']);
  });
});

describe('the kind of a text', () => {
  const kind = (text: string): readonly string[] => {
    const { label, assumptions } = configFormat.parsed(text);
    return [label, ...assumptions];
  };
  const config = (version: string): string =>
    `<pfsense>${version}<interfaces><wan><enable/><if>em0</if></wan></interfaces></pfsense>\n`;

  it.each([
    ['block in all\npass out all\n', ['pf']],
    [
      'ext = "em0"\nblock in on $ext all\n',
      ['pf', 'it is what runs: a person wrote it, and pf would have loaded it as it stands'],
    ],
    [
      'block in from <bad>\npass in from <good>\nblock in from <snort2c>\n# pfctl -t good -T show\n   192.0.2.7\n',
      [
        'pf',
        'a host may be in the table bad or not ("# pfctl -t bad -T show" and below it what that prints, in the same text, tells it)',
      ],
    ],
    ['no rdr on em0 all\nanchor "userrules/*" all\npass in all\n', ['pfSense']],
    [config('<version>22.2</version>'), ['pfSense', 'rules are made of it as CE 2.6 makes them: its version is 22.2']],
    [
      config('<version>24.0</version>'),
      [
        'pfSense',
        'rules are made of it as CE 2.7.2 and 2.9 in development make them, and where these differ it is UNKNOWN: its version is 24.0',
      ],
    ],
    [
      config(''),
      [
        'pfSense',
        expect.stringMatching(
          /^rules are made of it as CE 2\.6, .* and where these differ it is UNKNOWN: its version is not told$/,
        ),
      ],
    ],
  ])('%j', (text, wanted) => expect(kind(text)).toEqual(wanted));
});
