// Tests reports on rulesets in files: each form of output (text, Markdown, HTML, JSON by the published schema),
// questions about a port or address, facts given with the file, and files that are refused.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { decodeText } from '../../lib/exposure/texts/decode-text';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { parseInterfaceOption } from '../../lib/exposure/facts/parse-interface-options';
import { NO_FACTS, mergeFacts, splitFacts } from '../../lib/exposure/facts/device-facts';
import { printExposureHtml } from '../../lib/exposure/print/exposure-html';
import { printExposureJson } from '../../lib/exposure/print/exposure-json';
import { printExposureMarkdown } from '../../lib/exposure/print/exposure-markdown';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { createExposureSchema } from '../../lib/exposure/report/exposure-schema';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { parsed, sha256 } from '../printing/parsed';
import { expectGolden } from '../support';
import { codesOf } from '../problems';
import { reportOf, wild } from './report-on-file';

/** There are no published types for it. */
const MarkdownIt = jest.requireActual<new (options: object) => { render(text: string): string }>('markdown-it');

const SCHEMA = join(__dirname, '../../docs/reference/schemas/exposure-2.json');

const refused = (run: () => unknown): string => codesOf(run).join() || 'read';

describe('the rules of an unknown server', () => {
  const report = reportOf(wild('handmade'));

  it.each([
    ['txt', printExposureText(report, { all: true })],
    ['80.txt', printExposureText(report, { width: 80 })],
    ['md', printExposureMarkdown(report)],
    ['html', /<body>\n(.*)<script>/s.exec(printExposureHtml(report, sha256))![1]!],
    ['json', printExposureJson(report)],
  ])('are printed as %s', (form, printed) => expectGolden(printed, join(__dirname, 'shown', `handmade.${form}`)));

  it('name each program that keeps some of them once', () => {
    const saved = (name: string): string =>
      readFileSync(join(__dirname, `../platforms/iptables/wild/${name}.rules`), 'utf8');
    const named = (text: string): string[] =>
      reportOf(text).devices[0]!.limits.flatMap(
        (limit) => /^rules of (.*), which changes them, are judged as they were; /.exec(limit)?.[1] ?? [],
      );
    expect(named(wild('cpanel-el9')).sort()).toEqual([
      'Host Access Control',
      'cPHulk',
      'configure_firewall_for_cpanel',
    ]);
    expect(named(saved('cpanel')).sort()).toEqual(['cPHulk', 'configure_firewall_for_cpanel']);
    expect(named(saved('ufw'))).toEqual(['ufw']);
    expect(named(wild('handmade'))).toEqual([]);
    const chain = (name: string, rule: string): string =>
      `table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tjump ${name}\n\t}\n\n\tchain ${name} {\n${rule}\t}\n}\n`;
    const drop = '\t\ttcp dport 25 drop\n';
    expect(
      [chain('f2b-sshd', drop), chain('f2b-sshd', ''), chain('DOCKER-USER', drop), chain('DOCKER', drop)].map(named),
    ).toEqual([['fail2ban'], [], [], ['Docker']]);
  });

  it('the published schema is the generated one, and output is valid by it', () => {
    const printed = `${JSON.stringify(createExposureSchema(), null, 2)}\n`;
    if (process.env['UPDATE_GOLDENS'] === '1' && process.env['CI'] === undefined) writeFileSync(SCHEMA, printed);
    expect(existsSync(SCHEMA) && readFileSync(SCHEMA, 'utf8')).toBe(printed);
    const valid = new Ajv2020({ strict: true }).compile(JSON.parse(printed) as object);
    for (const name of ['handmade', 'docker', 'fail2ban', 'csf'])
      expect(valid(JSON.parse(printExposureJson(reportOf(wild(name)))))).toBe(true);
    expect(valid({ format: 2 })).toBe(false);
  });

  it('the page shows the same as the text form', () => {
    const page = readFileSync(join(__dirname, '../../docs/how-to/exposure.md'), 'utf8');
    const shown = /```text\n(Open to the internet[\s\S]*?)```/.exec(page)?.[1];
    expect(shown).toBe(printExposureText(reportOf(wild('fail2ban'))));
    const answered = /```text\n(mysql: [^`]*)\n```/.exec(page)?.[1];
    const { headline, furtherLines } = reportOf(wild('fail2ban'), { service: ['mysql'] });
    expect(answered).toBe([headline, ...furtherLines].join('\n'));
  });
});

describe('a question', () => {
  it('is answered for one address, port and source', () => {
    const { headline, unknown } = reportOf(wild('fail2ban'), {
      to: ['203.0.113.10'],
      service: ['imaps'],
      from: ['198.51.100.7'],
    });
    expect(headline).toBe(
      'imaps to 203.0.113.10 from 198.51.100.7, arriving from the internet, if that is this server: YES (rules.nft:33)',
    );
    expect(unknown).toBe(false);
  });

  it("is unknown if the rules don't decide it", () => {
    const quota = `table inet x {
      chain i {
        type filter hook input priority 0; policy drop
        tcp dport 22 quota until 9 mbytes accept
      }
    }`;
    expect(reportOf(quota, { port: ['22'] })).toMatchObject({ unknown: true });
    expect(reportOf(wild('fail2ban'), { port: ['993'], from: ['192.0.2.78'] })).toMatchObject({ unknown: false });
  });

  it('gives the reason if nothing passes', () => {
    const [device] = reportOf(wild('fail2ban'), { to: ['203.0.113.10'], service: ['mysql'] }).devices;
    expect(device!.sections).toEqual([]);
    expect(device!.deniedReasons[0]).toMatch(
      /to 203\.0\.113\.10 tcp 3306 from the internet by any interface: chain input of table inet filter has policy drop/,
    );
  });

  it('about an interface is answered for that one', () => {
    expect(reportOf(wild('handmade'), { start: ['lan0'], port: ['53/udp'] }).headline).toMatch(
      /^port 53\/udp by lan0: YES, from any address \(rules\.nft:16\)$/,
    );
    expect(reportOf(wild('handmade'), { start: ['enp1s0'], port: ['53/udp'] }).headline).toMatch(
      /^port 53\/udp by enp1s0: NO \(policy drop, rules\.nft:12\)$/,
    );
  });

  it.each([
    [{ to: ['203.0.113.10/24'] }, 'review/no-address'],
    [{ port: ['99999'] }, 'review/no-port'],
    [{ service: ['mysq'] }, 'review/no-such-service'],
    [{ to: ['x'], port: ['y'] }, 'review/no-port,review/no-address'],
  ])('%j is refused', (asking, codes) => expect(refused(() => parseQuestion(asking))).toBe(codes));
});

describe('facts', () => {
  const TOLD = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 198.51.100.40/24 brd 198.51.100.255 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever preferred_lft forever
3: lan0@if7    inet 10.0.0.1/24 scope global lan0
default via 198.51.100.1 dev eth0 proto static
10.0.0.0/24 dev lan0 proto kernel scope link src 10.0.0.1
net.ipv4.ip_forward = 0
`;

  it('may stand in the file of the rules, before or after them', () => {
    for (const text of [wild('fail2ban') + TOLD, TOLD + wild('fail2ban')]) {
      const [device] = reportOf(text, { port: ['25'] }).devices;
      expect(device!.knownFacts).toEqual(['eth0 has 198.51.100.40/24; lan0 has 10.0.0.1/24', 'it does not forward']);
      expect(device!.assumptions).toEqual([]);
      expect(
        device!.sections[0]!.entries.map(({ destinations, startLocations }) => [destinations, startLocations]),
      ).toEqual([
        [
          ['10.0.0.1', '198.51.100.40'],
          ['the internet by eth0', 'inside by lan0'],
        ],
      ]);
    }
  });

  it('about one family say nothing about the other', () => {
    const forwarding = (...lines: readonly string[]): unknown => splitFacts(lines.join('\n')).facts.forwarding;
    const [off4, off6, on6] = [
      'net.ipv4.ip_forward = 0',
      'net.ipv6.conf.all.forwarding = 0',
      'net.ipv6.conf.all.forwarding = 1',
    ];
    const [v4, v6] = [
      '2: eth0    inet 198.51.100.40/24 scope global eth0',
      '2: eth0    inet6 2001:db8::2/64 scope global',
    ];
    expect([off4, off6].map((one) => forwarding(one))).toEqual([undefined, undefined]);
    expect([forwarding(off4, off6), forwarding(off4, on6), forwarding(v4, off4)]).toEqual([false, true, false]);
    // IPv6 may be forwarded though IPv4 isn't.
    expect(forwarding(v4, v6, off4)).toBeUndefined();
    const text = `${v4}\n${v6}\n${off4}\ntable ip6 x { chain c { type filter hook forward priority 0; policy drop; tcp dport 3306 accept; } }\n`;
    expect(reportOf(text, { port: ['3306'] }).devices[0]!.sections.map(({ title }) => title)).toContain(
      'through it, to other hosts (if it forwards)',
    );
  });

  it('are accepted as `ip addr` prints them without -o, too', () => {
    const long = `2: eth0: <BROADCAST,UP> mtu 1500 qdisc fq state UP\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    inet 198.51.100.40/24 scope global eth0\n       valid_lft forever preferred_lft forever\n`;
    const { text, facts } = splitFacts(`${long}table inet x {\n}\n`);
    expect(text.trim()).toBe('table inet x {\n}');
    expect([...facts.interfaces.keys()]).toEqual(['eth0']);
    expect(facts.interfaces.get('eth0')!.addresses).toHaveLength(1);
  });

  it('about one interface leave the others outside', () => {
    const told = mergeFacts(NO_FACTS, parseInterfaceOption('lan0:inside')!);
    const { sections, assumptions } = reportOf(wild('handmade'), { port: ['53'] }, told).devices[0]!;
    expect(sections.flatMap(({ entries }) => entries.flatMap(({ startLocations }) => startLocations))).toContain(
      'inside by lan0',
    );
    expect(assumptions[0]).toMatch(/^dmz0, enp1s0 and every interface/);
  });

  it.each(['lan0', 'eth0=198.51.100.1', ':outside', 'eth0=x/24:inside', 'others', 'others=192.0.2.1/24:inside'])(
    '%s is refused as a fact',
    (text) => expect(parseInterfaceOption(text)).toBeUndefined(),
  );
});

describe('a file', () => {
  const rules = wild('fail2ban');
  const same = printExposureText(reportOf(rules), { all: true });
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(rules.replace(/\n/g, '\r\n'), 'utf16le')]);

  it.each([
    ['CRLF', Buffer.from(rules.replace(/\n/g, '\r\n'))],
    ['a byte order mark', Buffer.from(`\ufeff${rules}`)],
    ['UTF-16 of PowerShell', utf16],
    ['UTF-16 without a mark', utf16.subarray(2)],
    ['UTF-16 of the other order', Buffer.from(utf16).swap16()],
  ])('with %s is read like any other', (_, bytes) => {
    const recognized = recognizeText(decodeText(bytes, 'rules.nft'), 'rules.nft');
    expect(
      recognized.is === 'rules' &&
        printExposureText(createExposureReport([{ ...recognized, name: 'rules.nft' }], NO_FACTS, parseQuestion({})), {
          all: true,
        }),
    ).toBe(same);
  });

  it("from a terminal is read without the shell's lines, which are listed", () => {
    const [device] = reportOf(`root@web1:~# nft list ruleset\n${rules}[root@web1 ~]# exit\nlogout\n`).devices;
    expect(device!.ignoredLines).toEqual([
      'line 1: root@web1:~# nft list ruleset',
      `line ${rules.split('\n').length + 1}: [root@web1 ~]# exit`,
      `line ${rules.split('\n').length + 2}: logout`,
    ]);
    expect(reportOf(`$ sudo nft list ruleset\n[sudo] password for me: \n${rules}`).headline).toBe(
      reportOf(`\n\n${rules}`).headline,
    );
  });

  it('with hostile names is harmless in every format', () => {
    const hostile = `table inet x {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tiifname "<b>@x\`|\u001b[31m" tcp dport 22 limit rate 1/second accept comment "](http://evil) \u202egnp <img src=x> @all \u001b]0;p\u0007"\n\t}\n}\n`;
    const report = reportOf(hostile, {}, NO_FACTS, '<script>@all|`\u202e\u001b[2J\n# x');
    // eslint-disable-next-line no-control-regex -- they must not be in the output
    const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    for (const printed of [
      printExposureText(report, { all: true }),
      printExposureText(report, { width: 60 }),
      printExposureMarkdown(report),
      printExposureHtml(report, sha256),
      printExposureJson(report),
    ])
      expect(printed).not.toMatch(control);
    const page = parsed(printExposureHtml(report, sha256));
    expect([page.errors, page.strange]).toEqual([[], []]);
    const html = new MarkdownIt({ html: true, linkify: true }).render(printExposureMarkdown(report));
    expect(html).not.toMatch(/<(script|img|b)\b|href=/);
    expect(html.replace(/<code>[\s\S]*?<\/code>/g, '')).not.toContain('@');
  });
});
