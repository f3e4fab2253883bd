// Tests the one line in which `exposure` answers a question (port, source, address): what passes or doesn't, from
// where, and by which lines of the rules.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExposureOptions, parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { printExposureJson } from '../../lib/exposure/print/exposure-json';
import { printExposureMarkdown } from '../../lib/exposure/print/exposure-markdown';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { configuration } from '../platforms/pfsense/parse/boxes';
import { escapeInline } from '../../lib/report/escape-markdown';
import { reportOf } from './report-on-file';

const answer = (...args: Parameters<typeof reportOf>): string => {
  const { headline, furtherLines } = reportOf(...args);
  return [headline, ...furtherLines].join('\n');
};
const wild = (name: string): string => readFileSync(join(__dirname, '../platforms/nftables', name), 'utf8');

const SERVER = `table inet filter {
chain input {
type filter hook input priority 0; policy drop;
iifname "lo" accept
tcp dport { 22, 443 } accept
ip saddr 192.0.2.0/28 accept
}
chain forward {
type filter hook forward priority 0; policy drop;
}
}
`;
const TOLD = `2: eth0    inet 203.0.113.10/24 scope global eth0
3: lan0    inet 10.0.0.1/24 scope global lan0
default via 203.0.113.1 dev eth0
10.0.0.0/24 dev lan0 proto kernel
net.ipv4.ip_forward = 0
net.ipv6.conf.all.forwarding = 0
`;

describe('the answer to a question comes first', () => {
  test('if nothing passes, it names the policy, for each side and for other hosts', () => {
    const text = SERVER.replace('ip saddr 192.0.2.0/28 accept\n', '');
    expect(answer(text, { service: ['mysql'] })).toBe(
      'mysql: NO, not from the internet (policy drop, rules.nft:3)\n  to other hosts, if it forwards: no',
    );
    expect(answer(text + TOLD, { service: ['mysql'] })).toBe(
      'mysql: NO, not from the internet (policy drop, rules.nft:3)\n  from inside: no; to other hosts: no',
    );
  });

  test("an answer about many places isn't cut", () => {
    const said = answer(
      `table inet filter {
chain input {
type filter hook input priority 0; policy drop;
iifname "uplink-provider" ip saddr { 198.51.100.0/24, 192.0.2.0/25 } tcp dport 8080 accept
iifname "office-network1" tcp dport 8080 accept
iifname "docker0" tcp dport 8080 accept
iifname "virbr0" ip saddr { 10.0.0.0/24, 10.0.1.0/25 } tcp dport 8080 accept
}
chain forward {
type filter hook forward priority 0; policy accept;
iifname "uplink-provider" ip saddr != { 198.51.100.0/24, 192.0.2.0/25 } tcp dport 8080 drop
}
}
table ip nat {
chain prerouting {
type nat hook prerouting priority -100;
ip daddr 203.0.113.20 dnat to 10.20.0.11
}
}
`,
      { port: ['8080'] },
    );
    expect(said.split('\n').length).toBeGreaterThan(5);
    expect(said).toMatch(
      /^ {2}by uplink-provider to its other addresses: only from 192\.0\.2\.0\/25, 198\.51\.100\.0\/24 \(rules\.nft:4\)$/m,
    );
  });

  test('it names start locations in words', () => {
    expect(answer(SERVER.replace('"lo"', '"eth0"'), { start: ['eth0'] })).toMatch(
      /^Let through by eth0: all protocols/,
    );
    expect(answer(SERVER, { start: ['server', 'inside'] })).toMatch(
      /^Let through from the server itself, from inside: /,
    );
  });

  test('if something passes, it names the sources and the line that accepts', () => {
    expect(answer(SERVER + TOLD, { service: ['mysql'] })).toMatch(
      /^mysql: ONLY FROM 192\.0\.2\.0\/28 \(rules\.nft:6\)\n {2}from inside: only from 192\.0\.2\.0\/28; to other hosts: no$/,
    );
    expect(answer(SERVER + TOLD, { port: ['443/tcp'], start: ['outside'] })).toMatch(
      /^port 443\/tcp: YES, from any address in the internet \(rules\.nft:5\)\n {2}to other hosts: no$/,
    );
    expect(answer(SERVER + TOLD, { port: ['443'], start: ['outside'], to: ['203.0.113.10'] })).toBe(
      'port 443 to 203.0.113.10: YES, tcp 443 from any address in the internet (rules.nft:5)\n  udp 443, dccp/sctp/udplite 443: only from 192.0.2.0/28 (rules.nft:6)',
    );
    expect(answer(SERVER + TOLD, { to: ['192.0.2.200'] })).toBe(
      'to 192.0.2.200, through this server: NO, not from the internet (the device does not forward)\n  from inside: no',
    );
  });

  test("it keeps address families apart if one passes more, also for addresses that aren't given", () => {
    const four = `table ip filter {
chain input {
type filter hook input priority 0; policy drop;
iifname "lo" accept
tcp dport { 22, 443 } accept
}
}
`;
    const both = four + TOLD.replace('3: lan0', '2: eth0    inet6 2001:db8::10/64 scope global\n3: lan0');
    const ask = (text: string, asking: ExposureOptions): string =>
      answer(text, { ...asking, start: ['outside'] }).replace(/\n {2}to other hosts.*/, '');
    expect(ask(both, { port: ['22'] })).toBe(
      'port 22: YES, tcp 22 from any address in the internet by IPv4 (rules.nft:5)\n  by IPv6: yes (nothing stands in its way)',
    );
    expect(ask(both, { port: ['443/tcp'] })).toBe(
      'port 443/tcp: YES, from any address in the internet (rules.nft:5; nothing stands in its way)',
    );
    expect(ask(both, { to: ['203.0.113.10', '2001:db8::10'] })).toBe(
      'to 203.0.113.10, 2001:db8::10: YES, tcp 22,443 from any address in the internet by IPv4 (rules.nft:5)\n  all protocols by IPv6: yes (nothing stands in its way)',
    );
    expect(ask(both, { to: ['203.0.113.10'] })).toBe(
      'to 203.0.113.10: YES, tcp 22,443 from any address in the internet (rules.nft:5)',
    );
    const none = both + 'table ip6 none {\nchain input {\ntype filter hook input priority 0; policy drop;\n}\n}\n';
    expect(ask(none, { port: ['22/tcp'] })).toBe(
      'port 22/tcp: YES, from any address in the internet by IPv4 (rules.nft:5)\n  by IPv6: no (policy drop, rules.nft:17)',
    );
    expect(ask(none, { from: ['198.51.100.7'] })).toMatch(/YES, tcp 22,443 \(rules\.nft:5\)/);
    expect(ask(none, { from: ['198.51.100.7', '2001:db8:ffff::7'] })).toMatch(
      /YES, tcp 22,443 by IPv4 \(rules\.nft:5\)\n {2}by IPv6: no /,
    );
  });

  test('it names a dormant table if nothing else denies', () => {
    const text =
      'table inet asleep {\n  flags dormant\n  chain input { type filter hook input priority 0; policy drop; }\n}\n';
    expect(answer(text, { service: ['mysql'], start: ['outside'] })).toMatch(
      /^mysql: YES, from any address in the internet \(table inet asleep is dormant, rules\.nft:2\)/,
    );
    expect(answer(`${text}${SERVER}${TOLD}`, { service: ['mysql'], start: ['outside'] })).toMatch(/\(rules\.nft:10\)/);
  });

  test('it names the rule that denies, not one that accepts other packets', () => {
    const text = SERVER.replace('iifname "lo" accept', 'tcp dport 443 drop');
    expect(answer(text, { port: ['443/tcp'] })).toMatch(/^port 443\/tcp: NO, not from the internet \(rules\.nft:4\)$/m);
  });

  test('it names the policy that accepts, not the first accepting rule of an earlier chain', () => {
    const raw = `table ip raw {\nchain pre {\ntype filter hook prerouting priority -300; policy accept;\ntcp dport 3306 accept\n}\n}\n`;
    const open = `${raw}${SERVER.replace('0; policy drop;\niifname', '0; policy accept;\niifname')}`;
    const report = reportOf(open + TOLD, { service: ['mysql'], start: ['outside'] });
    expect(report.headline).toMatch(/^mysql: YES, from any address in the internet \(policy accept, rules\.nft:9\)$/);
    const [entry] = report.devices[0]!.sections[0]!.entries;
    expect(entry!.decidingLines).toContainEqual({ file: '', number: 9, text: 'policy accept' });
  });

  test('no rules at all, and sides with different answers', () => {
    expect(answer('table inet x {\n}\n' + TOLD, { service: ['mysql'] })).toMatch(
      /^mysql: YES, from any address in the internet \(nothing stands in its way\)\n {2}from inside: yes; /,
    );
    const inside = SERVER.replace('ip saddr', 'iifname "lan0" ip saddr');
    expect(answer(inside + TOLD, { service: ['mysql'] })).toMatch(
      /^mysql: NO, not from the internet \(policy drop, rules\.nft:3\)\n {2}from inside: only from 192\.0\.2\.0\/28; /,
    );
    expect(answer(inside, { service: ['mysql'] })).toMatch(
      /^mysql: ONLY FROM 192\.0\.2\.0\/28, by lan0 \(rules\.nft:6\)\n {2}by any other interface: no /,
    );
  });

  test('unknown comes with its reason', () => {
    expect(answer(wild('wild/fail2ban.nft'), { port: ['993/tcp'], from: ['192.0.2.78'] })).toMatch(
      /^port 993\/tcp from 192\.0\.2\.78, arriving from the internet: YES \(rules\.nft:33\), but an element may expire \(rules\.nft:22\)\n {2}to other hosts, if it forwards: no$/,
    );
  });

  test('it says so if one family alone is open, also without a question', () => {
    const legacy =
      SERVER.replace('inet filter', 'ip filter') + TOLD + '2: eth0    inet6 2001:db8::10/64 scope global\n';
    expect(answer(legacy)).toBe(
      'Open to the internet by IPv4: tcp 22,443. For some sources only: all protocols. By IPv6: all protocols.',
    );
    expect(answer(legacy, { service: ['ssh'], start: ['outside'] })).toMatch(
      /^ssh: YES, from any address in the internet \(rules\.nft:5; nothing stands in its way\)$/m,
    );
  });

  test('if nothing at all is open, it names the policy', () => {
    const closed = SERVER.replace(/^(tcp|ip saddr).*\n/gm, '') + TOLD;
    expect(answer(closed)).toBe('Open to the internet: nothing (policy drop, line 3).');
  });

  test("one address of a server whose addresses aren't given", () => {
    expect(
      answer(wild('wild/fail2ban.nft'), { to: ['203.0.113.10'], service: ['imaps'], from: ['198.51.100.7'] }),
    ).toBe(
      'imaps to 203.0.113.10 from 198.51.100.7, arriving from the internet, if that is this server: YES (rules.nft:33)\n  if that is another host and this one forwards: no',
    );
  });

  test('without a service it lists what passes', () => {
    expect(answer(wild('wild/fail2ban.nft'), { from: ['198.51.100.7'] })).toMatch(
      /^from 198\.51\.100\.7, arriving from the internet: YES, tcp 22,25,80,143,443,993, icmp/,
    );
  });
});

describe('a pfSense box', () => {
  test('is asked about forwarded packets first; its default rules have names', () => {
    expect(answer(configuration({}), { service: ['mysql'] })).toMatch(
      /^mysql: NO, not from the internet \(block by default, rules\.nft:2\)\n.*to other hosts.*: no/,
    );
  });

  test('says so if its filter is off, whatever the question', () => {
    const off = configuration({ system: '<ipv6allow></ipv6allow>\n<disablefilter></disablefilter>' });
    const line = off.split('\n').findIndex((one) => one.includes('disablefilter')) + 1;
    expect(answer(off, { service: ['mysql'] })).toMatch(
      new RegExp(`^mysql: YES, .*\\(the filter is off, rules\\.nft:${line}\\)$`, 'm'),
    );
    expect(answer(off)).toBe(`Open to the internet: all protocols (the filter is off, line ${line}).`);
  });
});

test('text, Markdown and JSON have the same headline', () => {
  const report = reportOf(SERVER, { service: ['mysql'] });
  expect(printExposureText(report).split('\n')[0]).toBe(report.headline);
  expect(printExposureMarkdown(report).split('\n')[2]).toBe(escapeInline(report.headline));
  expect(JSON.parse(printExposureJson(report))).toMatchObject({
    answer: 'only',
    answers: [{ device: 'rules.nft', answer: 'only', clause: '(rules.nft:6)' }],
  });
  expect((JSON.parse(printExposureJson(report)) as ExposureReport).headline).toBe(report.headline);
});

test('several files are answered one after the other', () => {
  const sources = ['a', 'b'].map(
    (name) => ({ is: 'rules', name, platform: 'nftables', text: SERVER + TOLD, omittedLines: [] }) as const,
  );
  const { headline, furtherLines } = createExposureReport(
    sources,
    parseInterfaceOption('eth9:inside')!,
    parseQuestion({ service: ['mysql'], start: ['outside'] }),
  );
  expect(headline).toBe('a: mysql: ONLY FROM 192.0.2.0/28 (a:6)');
  expect(furtherLines[1]).toBe('b: mysql: ONLY FROM 192.0.2.0/28 (b:6)');
});
