// Tests reports on the output of iptables-save and ip6tables-save: which family, file and host each rule is of, and
// what the rules open.

import { parseQuestion } from '../../lib/exposure/answer/question';
import { ExposureInput, createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { joinFiles } from '../../lib/exposure/join-files';
import { recognizeText } from '../../lib/exposure/texts/recognize-text';
import { HEADER, filter, nat } from '../platforms/iptables/printed';

const source = (name: string, text: string): ExposureInput => {
  if (text === '') return { is: 'empty', name };
  const recognized = recognizeText(text, name);
  if (recognized.is !== 'rules') throw new Error(recognized.is);
  return { ...recognized, name };
};
const report = (...files: readonly (readonly [string, string])[]) =>
  createExposureReport(
    joinFiles(files.map(([name, text]) => source(name, text))),
    NO_FACTS,
    parseQuestion({ port: ['22'] }),
  );

const v4 = HEADER.ip + filter('DROP', 'DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT');
const v6 = HEADER.ip6 + filter('DROP', 'DROP', '-A INPUT -m set --match-set friends src -j ACCEPT');
const sets = 'create friends hash:ip family inet6\nadd friends 2001:db8::7\n';

describe('output of iptables-save', () => {
  it('of both families in one text is of one host', () => {
    const { headline, furtherLines, devices } = report(['rules.txt', v4 + v6 + sets]);
    expect(furtherLines).toEqual([
      '  by IPv6: only from 2001:db8::7 (rules.txt:13)',
      '  to other hosts, if it forwards: no',
    ]);
    expect(headline).toBe('port 22: YES, tcp 22 from any address in the internet by IPv4 (rules.txt:6)');
    expect(devices).toHaveLength(1);
    expect(devices[0]!.limits).toContain(
      'sets of ipset are judged as they were when they were printed: programs change them',
    );
  });

  it('in a file for each family is of one host, and lines are named by their files', () => {
    const { headline, furtherLines, devices } = report(['rules.v4', v4], ['rules.v6', v6], ['ipsets', sets]);
    expect(headline).toBe('port 22: YES, tcp 22 from any address in the internet by IPv4 (rules.v4:6)');
    expect(furtherLines[0]).toBe('  by IPv6: only from 2001:db8::7 (rules.v6:6)');
    expect(devices.map(({ name }) => name)).toEqual(['rules.v4, rules.v6, ipsets']);
    expect(devices[0]!.assumptions[0]).toBe('the files are of one host');
  });

  it('without a family is of the family in its file name', () => {
    const bare = filter('DROP', 'DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT');
    for (const name of ['rules.v6', '/srv/x/rules.v6', 'ip6tables', 'ip6tables.rules', 'iptables-v6.txt']) {
      const { headline, furtherLines, devices } = report([name, bare]);
      expect([name, headline]).toEqual([
        name,
        expect.stringContaining('port 22: YES, tcp 22 from any address in the internet by IPv6'),
      ]);
      expect(furtherLines[0]).toContain("by IPv4: can't tell: the text holds no rules of IPv4 (iptables-save)");
      expect(devices[0]!.assumptions).toContain('the tables above line 7 are of IPv6, as the name of their file says');
    }
    for (const name of ['rules.v4', 'iptables', 'iptables.rules', 'iptables.up.rules', 'web1.v4.saved'])
      expect(report([name, bare]).furtherLines[0]).toContain('the text holds no rules of IPv6 (ip6tables-save)');
    expect(report(['rules.v6', v6], ['rules.v4', bare], ['ipsets', sets]).devices).toHaveLength(1);
    const both = report(['rules.v4', bare], ['rules.v6', bare.trimEnd()]);
    expect(both.headline).toBe('port 22: YES, tcp 22 from any address in the internet (rules.v4:5)');
    expect(both.devices).toHaveLength(1);
    expect(both.unknown).toBe(false);
  });

  it('without a family in the text or in the file name, or with both, is refused', () => {
    const bare = filter('DROP', 'DROP');
    expect(() => report(['firewall.txt', bare])).toThrow(
      /^iptables\/family-not-told at line 1: [^]* or a file that is called rules\.v4/,
    );
    expect(() => report(['iptables.txt', bare + bare])).toThrow(/^iptables\/family-not-told at line 1: /);
    expect(() => report(['standard input', bare])).toThrow(/^iptables\/family-not-told/);
  });

  it('in a file beside an empty one of the other family is answered, and says what the empty one means', () => {
    const bare = filter('DROP', 'DROP', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT');
    for (const [named, empty, family, program] of [
      ['rules.v4', 'rules.v6', 'IPv6', 'ip6tables'],
      ['rules.v6', 'rules.v4', 'IPv4', 'iptables'],
      ['iptables', 'ip6tables', 'IPv6', 'ip6tables'],
    ] as const)
      for (const files of [
        [named, empty],
        [empty, named],
      ]) {
        const { headline, furtherLines, devices } = report(
          ...files.map((name) => [name, name === named ? bare : ''] as const),
        );
        expect(headline).toBe(report([named, bare]).headline);
        expect(furtherLines[0]).toContain(`the text holds no rules of ${family}`);
        expect(devices[0]!.assumptions[0]).toBe(
          `${empty} is empty: either the server has no table of ${family}, and then everything is open by ${family}, or ${program}-save failed`,
        );
      }
  });

  it('beside an empty file that stands for no family of it is refused', () => {
    for (const files of [
      [['rules.v6', '']],
      [
        ['rules.v4', v4 + v6],
        ['rules.v6', ''],
      ],
      [
        ['rules.v4', v4],
        ['rules.v4', ''],
      ],
      [
        ['rules.v4', v4],
        ['b.nft', ''],
      ],
      [
        ['a.v4', v4],
        ['b.v4', v4],
        ['a.v6', ''],
      ],
      [
        ['b.nft', 'table inet x {\n}\n'],
        ['rules.v6', ''],
      ],
    ] as const)
      expect(() => report(...files)).toThrow(/^review\/empty/);
  });

  it('names its family itself, whatever its file is called', () => {
    expect(report(['rules.v6', v4]).headline.replace('rules.v6', 'x')).toBe(report(['x', v4]).headline);
    const named = filter('DROP', 'DROP', '-A INPUT -s 192.0.2.1/32 -j ACCEPT');
    expect(report(['rules.v6', named]).headline).toContain('the text holds no rules of IPv6');
  });

  it("that is cut off names the file, and each file's own mistake", () => {
    const cut = v4.slice(0, v4.indexOf('COMMIT'));
    expect(() => report(['rules.v4', cut], ['rules.v6', v6])).toThrow(/^iptables\/cut-off at rules\.v4, line \d+: /);
    expect(() => report(['a', cut])).toThrow(/^iptables\/cut-off at line \d+: /);
    const nft = 'table inet x {\n chain y {\n';
    expect(() => report(['a.nft', nft], ['b.nft', nft])).toThrow(
      /^nftables\/cut-off at a\.nft, line 2: [^]*\nnftables\/cut-off at b\.nft, line 2: /,
    );
  });

  it('of several hosts is reported for each host', () => {
    expect(
      report(['a.v4', v4], ['a.v6', v6 + sets], ['b.v4', v4], ['b.v6', v6 + sets]).devices.map(({ name }) => name),
    ).toEqual(['a.v4, a.v6', 'b.v4, b.v6']);
    expect(report(['a.v4', v4], ['b.v4', v4]).devices).toHaveLength(2);
    expect(report(['a.v4', v4], ['b.nft', 'table inet x {\n}\n'], ['a.v6', v6]).devices).toHaveLength(3);
  });

  it('of one family leaves the other unknown, and says so', () => {
    const { headline, furtherLines, unknown, devices } = report(['rules.v4', v4]);
    expect([unknown, `${headline}\n${furtherLines[0]}`]).toEqual([
      true,
      expect.stringMatching(
        /by IPv4 \(rules\.v4:6\)\n {2}by IPv6: can't tell: the text holds no rules of IPv6 \(ip6tables-save\)$/,
      ),
    ]);
    expect(devices[0]!.assumptions).toContain(
      'the rules of IPv6 are not in the text: ip6tables-save prints them, and nothing where there are none',
    );
  });

  it("is parsed without the shell's lines, and with the output of ip", () => {
    const text = `root@web1:~# iptables-save; ip6tables-save; ipset save\n${v4}${v6}${sets}2: eth0    inet 198.51.100.40/24 scope global eth0\n[root@web1 ~]# exit\n`;
    const [device] = report(['rules.txt', text]).devices;
    expect(device!.ignoredLines).toHaveLength(2);
    expect(device!.knownFacts).toEqual(['eth0 has 198.51.100.40/24']);
  });

  it("is parsed without a shell's messages about missing programs", () => {
    const said = [
      'bash: line 1: ip6tables-save: command not found',
      'sh: 1: ip6tables-save: not found',
      'zsh:1: command not found: ip6tables-save',
      'ash: ip6tables-save: not found',
    ];
    for (const line of said) {
      const [device] = report(['rules.txt', `${v4}${line}\n`]).devices;
      expect([device!.ignoredLines, device!.assumptions.join()]).toEqual([
        [`line 8: ${line}`],
        expect.stringContaining('the rules of IPv6 are not in'),
      ]);
    }
  });

  it('names the other back end as unknown, or as having rules', () => {
    const assumed = (text: string): string => report(['rules.txt', text]).devices[0]!.assumptions.join('\n');
    const none = 'iptables-legacy has no rules beside these';
    expect(assumed(v4 + v6 + sets)).toContain(none);
    const warning = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
    expect(assumed(warning + v4 + v6 + sets)).not.toContain(none);
    expect(assumed(warning + v4 + v6 + sets)).toContain(
      'line 1: iptables-legacy-save shows tables that are not in the text',
    );
    expect(assumed(v4.replace('(nf_tables)', '(legacy)'))).not.toContain(none);
  });

  it('keeps a rule whose comment looks like a shell prompt', () => {
    const rule = '-A INPUT -p tcp -m comment --comment "see # ip addr" -j ACCEPT';
    for (const written of [rule, `[5:300] ${rule}`]) {
      const { headline, devices } = report(['rules.txt', HEADER.ip + filter('DROP', 'DROP', written) + v6 + sets]);
      expect([devices[0]!.ignoredLines, headline]).toEqual([
        [],
        expect.stringContaining('YES, tcp 22 from any address in the internet by IPv4'),
      ]);
    }
  });

  it('is judged by the lint rules like any other text', () => {
    const codes = (...files: readonly (readonly [string, string])[]): readonly string[] =>
      report(...files).devices.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes(['rules.txt', v4 + v6 + sets])).toEqual(['access/ssh-open']);
    expect(codes(['rules.txt', HEADER.ip + filter('ACCEPT', 'DROP') + v6 + sets])).toContain('ports/everything-open');
  });

  it('has translations, and the headline names the destination', () => {
    const published = nat('-A PREROUTING -p tcp -m tcp --dport 22 -j DNAT --to-destination 172.17.0.2:2200');
    const { headline } = report(['rules.txt', HEADER.ip + filter('DROP', 'ACCEPT') + published + v6 + sets]);
    expect(headline).toContain('translated to 172.17.0.2 port 2200');
  });
});
