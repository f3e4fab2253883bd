// Tests the brief view of an exposure report: services open to the internet on one screen, the rest counted, nothing
// that no router passes on, and what facts or a question change.

import { parseQuestion, ExposureOptions } from '../../lib/exposure/answer/question';
import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { NO_FACTS, mergeFacts } from '../../lib/exposure/facts/device-facts';
import { isReachable } from '../../lib/exposure/report/exposure-report-types';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { codesOf } from '../problems';
import { reportOf, wild, wildTables } from './report-on-file';

/** Rules of a host on which a person opened what a web server needs. */
const STOCK = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		meta l4proto { icmp, icmpv6 } accept
		tcp dport { 22, 25, 53, 80, 110, 143, 443, 465, 587, 993, 995, 2078, 2080, 2083, 2087, 2096 } accept
		udp dport 53 accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
	}
}
`;

const PLAIN = STOCK.replace(/tcp dport \{.*\n/, 'tcp dport { 22, 80, 443, 2083, 2087 } accept\n')
  .replace('udp dport 53 accept', 'udp dport 53 accept\n\t\tip saddr 192.0.2.0/24 tcp dport 3306 accept')
  .replace('meta l4proto { icmp, icmpv6 } accept', 'ip protocol icmp accept\n\t\tmeta l4proto ipv6-icmp accept')
  .replace(/\tchain forward \{[^}]*\}\n/, '');

describe('the brief view', () => {
  it('names once the reason for unknown translated destinations', () => {
    const text = `table ip t {
	chain pre {
		type nat hook prerouting priority dstnat;
		tcp dport 8011 dnat to 10.0.0.5:9000-9010
	}
}
`;
    const line = printExposureText(reportOf(text), { width: 300 })
      .split('\n')
      .find((one) => one.includes('UNKNOWN tcp 8011'))!;
    expect(line).toMatch(/from anywhere -> UNKNOWN \(line 4: dnat to several ports picks one\)$/);
  });

  it('omits multicast destinations, which no router forwards', () => {
    const text = STOCK.replace('udp dport 53 accept', 'ip daddr 224.0.0.251 udp dport 5353 accept');
    const [first, ...rest] = printExposureText(reportOf(text), { width: 300 }).split('\n');
    expect([first, rest.find((line) => line.includes('udp 5353'))]).toEqual([
      expect.not.stringContaining('udp'),
      expect.stringMatching(/to 224\.0\.0\.251 \(by neighbours on its own wire\)/),
    ]);
  });

  it.each([
    ['all hosts on a wire', '255.255.255.255', 'udp 67'],
    ['a link-local address of IPv4', '169.254.0.0/16', 'udp 67'],
  ])('omits packets to %s', (_, to, service) => {
    const text = STOCK.replace('udp dport 53 accept', `ip daddr ${to} udp dport 67 accept`);
    const [first, ...rest] = printExposureText(reportOf(text), { width: 300 }).split('\n');
    expect(first).not.toContain('udp');
    expect(rest.find((line) => line.includes(service))).toContain(`to ${to} (by neighbours on its own wire)`);
  });

  it('omits link-local destinations, which no router forwards either', () => {
    const text = STOCK.replace(
      'udp dport 53 accept',
      'ip6 daddr fe80::/64 udp dport 546 accept\n\t\tip6 daddr fe80::/64 tcp dport 22 accept',
    );
    const lines = printExposureText(reportOf(text), { width: 300 }).split('\n');
    expect(lines[0]).not.toContain('udp');
    expect(lines.filter((line) => line.includes('fe80'))).toEqual([
      expect.stringMatching(/^ {2}udp 546 .* to fe80::\/64 +from anywhere$/),
    ]);
  });

  it('omits loopback sources, which no wire carries', () => {
    const text = STOCK.replace('udp dport 53 accept', 'ip saddr 127.0.0.0/8 accept\n\t\tip6 saddr ::1 accept');
    const without = STOCK.replace('udp dport 53 accept', '');
    const lines = (one: string): readonly string[] => printExposureText(reportOf(one), { width: 300 }).split('\n');
    expect(lines(text)[0]).toBe(lines(without)[0]);
    expect(lines(text).filter((line) => /127\.|::1/.test(line))).toEqual([]);
    expect(reportOf(text, { service: ['mysql'] }).headline).toBe(
      reportOf(without, { service: ['mysql'] }).headline.replace('rules.nft:11', 'rules.nft:12'),
    );
    const among = STOCK.replace('udp dport 53 accept', 'ip saddr { 127.0.0.1, 192.0.2.1 } tcp dport 3306 accept');
    expect(reportOf(among, { service: ['mysql'] }).headline).toContain('192.0.2.1');
    expect(reportOf(text, { service: ['mysql'], start: ['localhost'] }).answer).toBe('yes');
  });

  it('fits one screen with who reaches what from the internet, and counts the rest', () => {
    const lines = printExposureText(reportOf(STOCK), { width: 80 }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(lines.slice(0, 7)).toEqual([
      'Open to the internet: tcp',
      '  22,25,53,80,110,143,443,465,587,993,995,2078,2080,2083,2087,2096; udp 53;',
      '  icmp/icmpv6.',
      'rules.nft: nftables',
      '',
      'Worth a look',
      '  warning access/ssh-open: Any source in the internet may try to log in by SSH',
    ]);
    const at = lines.indexOf('Reachable from the internet by any interface, on this server');
    expect(lines.slice(at - 3, at + 5)).toEqual([
      '  and 1 more; by --all:',
      '    ports/plaintext-open',
      '',
      'Reachable from the internet by any interface, on this server',
      '  icmp/icmpv6                                   from anywhere',
      '  tcp 22,25,53,80,110,143,     ssh, smtp, dns,  from anywhere',
      '  443,465,587,993 and 6 more   http, …',
      '  udp 53                       dns              from anywhere',
    ]);
    expect(lines.at(-2)).toBe('More by --all: 3 lines that it rests on; 1 list in full; 4 limits of the text.');
  });

  // A screen has 24 lines, of which a prompt and the command take some.
  it.each([
    ['a web server', STOCK],
    ['one with a database for some, that may forward', PLAIN],
    ['cPanel on nftables', wild('cpanel')],
    ['cPanel on iptables', wildTables('cpanel')],
  ])('has 20 lines for %s', (_, text) =>
    expect(printExposureText(reportOf(text), { width: 80 }).trimEnd().split('\n').length).toBeLessThanOrEqual(20),
  );

  it("has one line for other hosts if forwarding isn't given, and rows with --all", () => {
    const one = reportOf(PLAIN);
    expect(printExposureText(one)).toMatch(/^To other hosts \(if it forwards\): all protocols from anywhere\.$/m);
    expect(printExposureText(one, { all: true })).toContain(
      'to other hosts (if it forwards)\n  all protocols  from anywhere',
    );
    const several = printExposureText(reportOf(wild('cpanel-el9')));
    expect(several).toMatch(
      /^To other hosts \(if it forwards\): everything but tcp 2087\. For some sources only: tcp 2087\.$/m,
    );
    expect(several).toMatch(/^More by --all: .* 8 lines to other hosts; /m);
  });

  it('has every error in full', () => {
    const report = reportOf(wild('cpanel-el9'));
    const [device] = report.devices;
    const [first] = device!.findings;
    const errors = ['a', 'b', 'c'].map((what) => ({ ...first!, what, severity: 'error' as const }));
    const text = printExposureText({
      ...report,
      devices: [{ ...device!, findings: [...errors, { ...first!, severity: 'warning' }] }],
    });
    expect(text.match(/^ {2}error /gm)).toHaveLength(3);
    expect(text).toMatch(/^ {2}and 1 more; by --all:\n {4}ports\/everything-open$/m);
  });

  it('omits what comes from inside, which --all shows', () => {
    const told = parseInterfaceOption('lan0:inside')!;
    const brief = printExposureText(reportOf(wild('handmade'), {}, told));
    expect(brief).not.toContain('from inside');
    expect(brief).toMatch(
      /^More by --all: 4 lines that it rests on; 5 lines of what starts elsewhere; .*4 limits of the text\.$/m,
    );
    expect(printExposureText(reportOf(wild('handmade'), {}, told), { all: true })).toContain(
      'Reachable from inside by lan0',
    );
  });

  it('shows what comes from inside if nothing else is open', () => {
    const told = ['dmz0:inside', 'enp1s0:inside', 'lan0:inside', 'others:inside'].map((text) =>
      parseInterfaceOption(text)!,
    );
    expect(printExposureText(reportOf(wild('handmade'), {}, told.reduce(mergeFacts, NO_FACTS)))).toContain(
      'Reachable from inside',
    );
  });

  it('of a question omits what else is open', () => {
    const said = (of: ExposureOptions): string => printExposureText(reportOf(STOCK, of), { width: 300 });
    expect(said({})).toContain('\nWorth a look\n');
    expect(said({ service: ['mysql'] })).not.toContain('Worth a look');
    expect(said({ service: ['mysql'] })).toMatch(/^More by --all: \d lines worth a look; /m);
  });

  it('of a question has the whole answer and the assumptions behind it', () => {
    const text = printExposureText(reportOf(wild('fail2ban'), { service: ['ssh'] }));
    expect(text).toMatch(/^assumed: /m);
    expect(text).toMatch(/tcp 22 .*\[line 33\]/);
  });
});

it('shows assumptions that could hide something, and folds those that only add', () => {
  const brief = printExposureText(reportOf(wildTables('shorewall')));
  expect(brief).toMatch(/^assumed: iptables-legacy has no rules beside these/m);
  expect(brief).not.toMatch(/^assumed: "this server" stands/m);
  expect(printExposureText(reportOf(`root@web1:~# nft list ruleset\n${STOCK}`))).toMatch(/^left out: line 1: /m);
  expect(printExposureText(reportOf(STOCK))).toContain('1 list in full; ');
});

// With `ct helper set "ftp"` and only port 21 open, a kernel accepts the data connection; observed on 6.18.
it('says that a helper may allow more', () => {
  const agreed = /^assumed: what a helper expects \(the data of FTP, a call of SIP\) comes in by any port/m;
  const helper = '\tct helper ftp {\n\t\ttype "ftp" protocol tcp\n\t\tl3proto inet\n\t}\n';
  expect(printExposureText(reportOf(STOCK.replace('{\n', `{\n${helper}`)))).toMatch(agreed);
  const raw =
    '*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp\nCOMMIT\n';
  expect(printExposureText(reportOf(`# Generated by iptables-save v1.8.9\n${raw}`))).toMatch(agreed);
  expect(printExposureText(reportOf(STOCK))).not.toMatch(agreed);
});

describe('facts and questions', () => {
  it("the option for interfaces that the rules don't name applies to them", () => {
    const report = reportOf(wild('fail2ban'), {}, parseInterfaceOption('others:inside')!);
    expect(report.headline).toBe('Open to the internet: nothing.');
    expect(report.devices[0]!.knownFacts).toEqual(['every interface that the rules do not name is inside']);
  });

  it('"the internet" means outside, by whatever interface', () => {
    const ask = (asking: ExposureOptions): string =>
      reportOf(wild('handmade'), asking, parseInterfaceOption('lan0:inside')!).headline;
    expect(ask({ port: ['53/udp'], from: ['internet'] })).toBe(ask({ port: ['53/udp'], start: ['outside'] }));
    for (const asking of [{ from: ['internet', '192.0.2.1'] }, { from: ['internet'], start: ['inside'] }])
      expect(codesOf(() => parseQuestion(asking))).toEqual(['review/internet-and-more']);
  });

  it('refuses a question from the internet if all interfaces are inside', () => {
    const told = mergeFacts(parseInterfaceOption('eth0:inside')!, parseInterfaceOption('others:inside')!);
    for (const asking of [{ from: ['internet'] }, { start: ['outside'] }])
      expect(codesOf(() => reportOf(STOCK, asking, told))).toEqual(['review/nobody-outside']);
  });

  it.each([
    [{ service: ['mysql'], from: ['internet'] }, false],
    [{ service: ['ssh'], from: ['internet'] }, true],
    [{ port: ['993'], from: ['192.0.2.78'] }, true],
  ])('%j: reachable is %s', (asking, is) => expect(isReachable(reportOf(wild('fail2ban'), asking))).toBe(is));
});
