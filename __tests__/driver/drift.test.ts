// Tests which drift is found in the rules of a device: ports that others open, close or translate, changed sources,
// missing addresses. Each names its line.

import { findMissingAddresses, findDrift, isDrift, printDrift } from '../../driver/drift';
import { createRelease } from '../../constructs/create-release';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { platforms } from '../../lib/registry';
import { lookAt } from './doctor/samples';
import { releaseOf as anyRelease } from './samples';
import { EDGE } from '../cases/edge';
import { compiled } from '../support';
import { gateway, server, foreign, live, said } from './drift-samples';

describe('drift in ports', () => {
  test('is empty if the device has the text', () => {
    expect([said(gateway, lookAt(gateway)), said(server, lookAt(server))]).toEqual([[], []]);
  });

  test('finds a port that a person opened in our table', () => {
    const look = live(gateway, (rules) => rules.replace('25, 443, 465, 993', '25, 443, 465, 993, 3306'));
    expect(said(gateway, look)).toEqual([
      expect.stringMatching(
        /^also open now: tcp 3306 on 203\.0\.113\.10 from anywhere \(the internet by wan0; inside by lan0\), reaching 10\.0\.0\.10, by line \d+ of table inet cpanel_edge_hosting_gw$/,
      ),
    ]);
  });

  test('finds a port that another program opens by translation', () => {
    const chain =
      '\t\ttype nat hook prerouting priority -150; policy accept;\n\t\tip daddr 203.0.113.10 tcp dport 3306 dnat to 10.0.0.10:25';
    const look = live(gateway, (rules) => rules + foreign(chain));
    const drift = findDrift(gateway.release!, [], look);
    expect(drift.map(printDrift)).toEqual([
      expect.stringMatching(
        /^also open now: tcp 3306 on 203\.0\.113\.10 .* reaching 10\.0\.0\.10, by line 4 of table ip foreign$/,
      ),
    ]);
    expect(drift.every((one) => isDrift(one, true))).toBe(true);
  });

  test('finds a port that another program translates to another host', () => {
    const chain =
      '\t\ttype nat hook prerouting priority -150; policy accept;\n\t\tip daddr 203.0.113.10 tcp dport 443 dnat to 10.0.0.20';
    const look = live(gateway, (rules) => rules.replace(/^\s*ip daddr @s_hosts jump/m, '    jump') + foreign(chain));
    expect(said(gateway, look).join('\n')).toMatch(
      /^open as before, and changed on its way: tcp 443 on 203\.0\.113\.10 .*, reaching 10\.0\.0\.20 instead of 10\.0\.0\.10, by line 4 of table ip foreign$/m,
    );
  });

  test('finds a source that another program translates', () => {
    const look = live(
      gateway,
      (rules) =>
        rules + foreign('\t\ttype nat hook postrouting priority 50; policy accept;\n\t\toifname "wan0" masquerade'),
    );
    expect(said(gateway, look).join('\n')).toMatch(
      / from 10\.0\.0\.10 .*, source translated to 203\.0\.113\.2 instead of 203\.0\.113\.10, by line 4 of table ip foreign/,
    );
  });

  test('ignores what other programs do with unmapped hosts', () => {
    const chain =
      '\t\ttype nat hook postrouting priority 50; policy accept;\n\t\toifname "wan0" ip saddr 10.0.0.99 masquerade';
    expect(
      said(
        gateway,
        live(gateway, (rules) => rules + foreign(chain)),
      ),
    ).toEqual([]);
  });

  test("ignores the source translation of a bridge that the intent doesn't name, such as Docker's", () => {
    const bridged = (source: string): readonly string[] => {
      const chain = `\t\ttype nat hook postrouting priority srcnat; policy accept;\n\t\toifname != "docker0" ip saddr ${source} masquerade`;
      const { facts } = lookAt(server);
      const addresses = `${facts.addresses}\n9: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0\n`;
      return said(
        server,
        live(server, (rules) => rules + foreign(chain), { facts: { ...facts, addresses } }),
      );
    };
    expect(bridged('172.17.0.0/16')).toEqual([]);
    expect(bridged('10.0.0.0/8').join('\n')).toMatch(
      / from 10\.0\.0\.10 \(the device itself\), by line 4 of table ip foreign/,
    );
  });

  test('finds what our rules closed after they were flushed', () => {
    expect(
      said(
        gateway,
        live(gateway, () => ''),
      ).join('\n'),
    ).toMatch(/^also open now: .* on 203\.0\.113\.10 .*, reaching the device itself, by /m);
  });

  test.each([
    [
      'a drop',
      '\t\ttype filter hook input priority 0; policy accept;\n\t\ttcp dport 443 drop',
      'closed there: tcp 443 on 10.0.0.10 from anywhere',
    ],
    ['a policy', '\t\ttype filter hook input priority 0; policy drop;', 'closed there: '],
  ])("%s of another program that narrows is reported and isn't drift", (_, chain, words) => {
    const drift = findDrift(
      server.release!,
      [],
      live(server, (rules) => rules + foreign(chain, 'inet')),
    );
    expect(drift.map(printDrift).join('\n')).toContain(words);
    expect(drift.some((one) => isDrift(one, true))).toBe(false);
    expect(drift.every((one) => isDrift(one, false))).toBe(true);
  });

  test("elements with a timeout aren't drift, and their line is named", () => {
    const bans =
      'table inet f2b {\n\tset banned {\n\t\ttype ipv4_addr\n\t\tflags timeout\n\t\telements = { 198.51.100.7 timeout 1h }\n\t}\n\tchain one {\n\t\ttype filter hook input priority -1; policy accept;\n\t\tip saddr @banned drop\n\t}\n}\n';
    const drift = findDrift(
      server.release!,
      [],
      live(server, (rules) => rules + bans),
    );
    expect(drift.some((one) => isDrift(one, true))).toBe(false);
    expect(drift.map(printDrift).join('\n')).toMatch(
      /^perhaps closed there: tcp .* from 198\.51\.100\.7 .*, by line 9 of table inet f2b: an element may expire$/m,
    );
  });

  test("other owners on the device aren't drift, whether a stack here has them or not", () => {
    const { policies } = compiled(
      {
        gateway: {
          ...EDGE,
          virtualIps: [{ name: 'blog-vip', interface: 'wan0', address: '203.0.113.11', kind: 'ip-alias' }],
          mappings: [
            {
              name: 'blog',
              virtualIp: 'blog-vip',
              internal: '10.0.0.30',
              open: [{ service: 'http', from: 'anywhere' }],
            },
          ],
        },
      },
      'nftables',
    );
    const other = createRelease(verifyPolicy({ ...policies[0]!, owner: 'blog' }), [], 90);
    const addresses = `${lookAt(gateway).facts.addresses}\n2: wan0    inet 203.0.113.11/32`;
    const look = live(gateway, (rules) => rules + other.text.split('\n').slice(2).join('\n'), {
      facts: { ...lookAt(gateway).facts, addresses },
    });
    expect(findDrift(gateway.release!, [other], look)).toEqual([]);
    expect(findDrift(gateway.release!, [], look)).toEqual([]);
    expect(findDrift(other, [gateway.release!], look)).toEqual([]);
  });
});

test('missing addresses are listed by kind', () => {
  const look = lookAt(gateway);
  const release = anyRelease({
    addresses: [
      { kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' },
      { kind: 'alias', interface: 'wan0', address: '203.0.113.12/32' },
      { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.13/32' },
      { kind: 'proxy-arp', interface: 'wan0', address: '203.0.113.14' },
      { kind: 'routed', interface: 'wan0', address: '192.0.2.0/28' },
    ],
  });
  expect(findMissingAddresses(release, { ...look, proxies: ['203.0.113.13 dev wan0  proxy'] })).toEqual([
    'wan0 does not have 203.0.113.12 any more',
    'wan0 does not answer for 203.0.113.14 any more',
  ]);
  const { owners, ruleset, facts } = look;
  expect(findMissingAddresses(release, { owners, ruleset, facts })).toEqual([
    'wan0 does not have 203.0.113.12 any more',
  ]);
});

test('a line is named by table and number, as a person finds it', () => {
  const places = platforms.nftables.live.places(
    'table ip a {\n\tchain x {\n\t}\n}\ntable inet b {\n\tset s {\n\t\telements = { 192.0.2.7, 192.0.2.70 }\n\t}\n}\n',
  );
  expect([2, 5, 7, 99].map((line) => places.at(line))).toEqual([
    'line 2 of table ip a',
    'line 1 of table inet b',
    'line 3 of table inet b',
    'line 99 of the ruleset',
  ]);
  expect([places.mentions('192.0.2.7'), places.mentions('2.0.2.7')]).toEqual([['line 3 of table inet b'], []]);
});

test('a line is attributed to the program whose chain or set it is in', () => {
  const places = platforms.nftables.live.places(
    [
      'table inet filter {',
      '\tset cphulk-TempBan {',
      '\t\telements = { 192.0.2.7 }',
      '\t}',
      '',
      '\tchain INPUT {',
      '\t\tcounter packets 0 bytes 0 jump cPanel-HostAccessControl',
      '\t}',
      '',
      '\tchain cPanel-HostAccessControl {',
      '\t\tip saddr 192.0.2.8 ct state new tcp dport 22 counter packets 0 bytes 0 drop',
      '\t}',
      '}',
      'table inet cpanel_edge_hosting_host {',
      '\tchain cphulk {',
      '\t}',
      '}',
      '',
    ].join('\n'),
  );
  expect([1, 3, 7, 11, 15].map(places.at)).toEqual([
    'line 1 of table inet filter',
    'line 3 of table inet filter (cPHulk)',
    'line 7 of table inet filter',
    'line 11 of table inet filter (Host Access Control)',
    'line 2 of table inet cpanel_edge_hosting_host',
  ]);
  expect(places.mentions('192.0.2.7')).toEqual(['line 3 of table inet filter (cPHulk)']);
  expect(places.unitAt(11)?.program?.changeHint).toContain('WHM, Security Center, Host Access Control');
});
