// Tests that listings of a kernel's nftables rules which nft itself would refuse as input are parsed, and that the
// parts which nft misprints may match or not.

import { spawnSync } from 'node:child_process';
import { toLocationKey } from '../../../../lib/net/device';
import { configFormat } from '../../../../lib/platforms/nftables/parse/config-format';
import { parser } from '../../../../lib/platforms/nftables/parse/parser';
import { codesOf } from '../../../problems';
import { packetOf } from '../../../evaluator/kernel/probes';
import { probe } from '../../../evaluator/cases/cases';
import { GATEWAY } from '../../../evaluator/packets';
import { describeWhere } from '../../../where-possible';
import { canUseIptables } from '../../iptables/kernel';

/** A line of a listing is indented by tabs. */
const listed = (text: string): string => text.replace(/^ +/gm, (blanks) => '\t'.repeat(blanks.length / 2));
const table = (body: string, name = 'ip filter'): string => listed(`table ${name} {\n${body}}\n`);
const input = (...rules: readonly string[]): string =>
  `  chain INPUT {\n    type filter hook input priority filter; policy drop;\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`;

function verdictOf(text: string, port: number): string {
  const view = parser
    .read(text, GATEWAY)
    .reachability.views.find((one) => toLocationKey(one.startLocation) === 'interface wan0')!;
  const verdict = view.dispositions.findValue(packetOf(probe('out', '198.51.100.7', '198.51.100.2', port)));
  return verdict === undefined ? 'denied' : verdict.is === 'unknown' ? verdict.reason : verdict.is;
}

const SSH = 'tcp dport 22 accept';
const verdicts = (...rules: readonly string[]): readonly string[] =>
  [22, 443].map((port) => verdictOf(table(input(...rules)), port));

describe('a listing of a kernel’s rules', () => {
  it('is parsed with the TOS rules of iptables-nft, which nft 1.0.6 prints as of IPv6', () => {
    const tos = ['16', 'ip6 dscp and 0x00', 'ip6 dscp or 0x01'].map(
      (value) => `    tcp dport 22 counter ip6 dscp set ${value}\n`,
    );
    const mangle = `  chain PREROUTING {\n    type filter hook prerouting priority mangle; policy accept;\n${tos.join('')}  }\n`;
    const text = table(mangle, 'ip mangle') + table(input(SSH));
    expect([22, 443].map((port) => verdictOf(text, port))).toEqual(['allowed', 'denied']);
  });

  it('with a condition that nft would refuse: it may match or not, and the rest of the rule counts', () => {
    expect(verdicts('ip6 dscp 0x04 tcp dport 443 accept', SSH)).toEqual([
      'allowed',
      'line 4: "ip6 dscp" may match or not',
    ]);
    expect(verdicts('udp dport 53 meter x { tcp dport . ip saddr limit rate 5/second } accept', SSH)).toEqual([
      'allowed',
      'denied',
    ]);
  });

  it('with a verdict or a translation that nft would refuse: it may do anything', () => {
    const nat = `  chain PREROUTING {\n    type nat hook prerouting priority dstnat; policy accept;\n    meta l4proto != udp dnat to 10.0.0.1:80\n  }\n`;
    expect(verdictOf(table(nat, 'ip nat') + table(input(SSH)), 22)).toBe('line 4: "dnat" is not known');
    const reject =
      '  chain POSTROUTING {\n    type filter hook postrouting priority filter; policy accept;\n    tcp dport 443 reject\n  }\n';
    expect(verdictOf(table(reject) + table(input(SSH), 'ip other'), 22)).toBe('allowed');
  });

  it('with statements in an order that nft would refuse is parsed', () => {
    expect(verdicts('tcp dport 443 accept counter', SSH)).toEqual(['allowed', 'line 4: "counter" is not known']);
    expect(verdicts('tcp dport 443 log prefix "' + 'x'.repeat(128) + '" accept', SSH)[0]).toBe('allowed');
  });

  it('with a set that nft would refuse: it may hold anything', () => {
    const set = '  set s {\n    type ipv4_addr\n    elements = { ssh }\n  }\n';
    const text = table(`${set}${input('ip saddr @s tcp dport 443 accept', SSH)}`);
    expect(verdictOf(text, 443)).toBe('line 8: what "ip saddr" is compared with is not understood');
    expect(verdictOf(text, 22)).toBe('allowed');
    const map = '  map m {\n    type inet_service : verdict\n    elements = { 443 : accept, 443 : drop }\n  }\n';
    expect(verdictOf(table(`${map}${input(SSH, 'tcp dport vmap @m')}`), 443)).toBe('line 9: set "m" is not understood');
    expect(verdictOf(table(`${map.replace('type', 'kind')}${input(SSH, 'tcp dport vmap @m')}`), 22)).toBe('allowed');
  });

  it('with chains of any name that iptables accepts is parsed', () => {
    for (const name of ["x'y", 'é', 'a$b', 'a{b', 'a;b', 'a#b', 'a,b', 'a"b', 'a:b', 'drop', '1a'])
      expect(verdictOf(table(`${input(`counter jump ${name}`)}\n  chain ${name} {\n    ${SSH}\n  }\n`), 22)).toBe(
        'allowed',
      );
  });

  it('with parts that no known version prints: they may be anything', () => {
    expect(verdictOf(table(`  thing x {\n    do it\n  }\n${input(SSH)}`), 22)).toBe('line 2 is not understood');
    const chain = '  chain c {\n    type filter hook elsewhere priority filter; policy drop;\n  }\n';
    expect(verdictOf(table(`${chain}${input(SSH)}`), 22)).toBe('line 2 is not understood');
  });
});

describe('a text that is no listing', () => {
  const wrong = table(input('ip6 dscp 4 accept'));
  const codes = (text: string) => codesOf(() => configFormat.parsed(text));

  it('is refused as nft refuses it: a script, a file, a listing that is cut off', () => {
    expect(codes(wrong)).toEqual([]);
    expect(codes(`flush ruleset\n${wrong}`)).toEqual(['nftables/two-protocols']);
    expect(codes(wrong.replace(' policy drop;', ''))).toEqual(['nftables/two-protocols']);
    expect(codes(wrong.replace(/\t/g, '  '))).toEqual(['nftables/two-protocols']);
    expect(codes(wrong.slice(0, -3))).toEqual(['nftables/cut-off']);
  });
});

describeWhere(
  canUseIptables(),
  'iptables-nft',
  'root on Linux, with iptables and nft',
)('nft', () => {
  it('nft lists rules of iptables-nft in the form that is parsed here', () => {
    const rules = ['TOS --set-tos 16', 'TOS --and-tos 0x3', 'DSCP --set-dscp 4'].map(
      (one) => `-A PREROUTING -p tcp -j ${one}`,
    );
    const restored = [
      '*mangle',
      ...rules,
      'COMMIT',
      '*nat',
      '-A PREROUTING ! -p udp -j DNAT --to-destination 10.0.0.1:80',
      'COMMIT',
      '*filter',
      '-N a;b',
      "-N x'y",
      '-A INPUT -p tcp -j a;b',
      "-A INPUT -p tcp -g x'y",
      'COMMIT',
      '',
    ];
    // `unshare -n`: a network namespace of its own, which ends with the command.
    const { stdout } = spawnSync('unshare', ['-n', 'sh', '-c', 'iptables-nft-restore && nft list ruleset'], {
      input: restored.join('\n'),
      encoding: 'utf8',
    });
    expect(stdout).toContain('chain a;b {');
    expect(codesOf(() => configFormat.parsed(stdout))).toEqual([]);
  });
});
