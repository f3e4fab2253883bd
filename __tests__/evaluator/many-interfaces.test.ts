// Tests which interfaces of a device count as equivalent because no rule tells them apart, and that their common result
// equals that of each by itself.

import { Evaluation } from '../../lib/evaluator/evaluation';
import { findEquivalentInterfaces } from '../../lib/evaluator/equivalent-interfaces';
import { lowerRuleset } from '../../lib/platforms/nftables/parse/lower-ruleset';
import { parseRuleset } from '../../lib/platforms/nftables/parse/parse-ruleset';
import { Device } from '../../lib/net/device';
import { parseInterfaceAddress, parsePrefix } from '../../lib/net/address';

// A device may have hundreds of interfaces that no rule names: packets from all of them have the same outcome.

const device = (names: readonly string[]): Device => ({
  interfaces: [
    { name: 'wan0', role: 'outside', addresses: [parseInterfaceAddress('203.0.113.2/24')!], routes: [] },
    ...names.map((name, n) => ({
      name,
      role: 'inside' as const,
      addresses: [parseInterfaceAddress(`10.0.${n}.1/24`)!],
      routes: [parsePrefix(`10.1.${n}.0/24`)!],
    })),
  ],
  localAddresses: [],
  forwarding: true,
});
const ruleset = (rules: string) => lowerRuleset(parseRuleset(rules));
const table = (...chains: readonly string[]): string => `table inet x {\n${chains.join('\n')}\n}\n`;
const input = (...rules: readonly string[]): string =>
  `\tchain in {\n\t\ttype filter hook input priority 0; policy drop;\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}`;
const forward = (...rules: readonly string[]): string =>
  input(...rules)
    .replace('chain in', 'chain fwd')
    .replace('hook input', 'hook forward');
const nat = (hook: 'prerouting' | 'postrouting', ...rules: readonly string[]): string =>
  `\tchain ${hook} {\n\t\ttype nat hook ${hook} priority ${hook === 'prerouting' ? -100 : 100}; policy accept;\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}`;
const output = (...rules: readonly string[]): string =>
  input(...rules)
    .replace('chain in', 'chain out')
    .replace('hook input', 'hook output');

const NAMES = ['eth0.1', 'eth0.2', 'veth1', 'veth2', 'tun0', 'tun1'];

test.each<[string, string, readonly (readonly string[])[]]>([
  ['no name', table(input('tcp dport 22 accept')), [['wan0', ...NAMES]]],
  [
    'one name',
    table(input('iifname "veth1" accept')),
    [['wan0', 'eth0.1', 'eth0.2', 'veth2', 'tun0', 'tun1'], ['veth1']],
  ],
  [
    'a pattern',
    table(forward('oifname "veth*" accept')),
    [
      ['wan0', 'eth0.1', 'eth0.2', 'tun0', 'tun1'],
      ['veth1', 'veth2'],
    ],
  ],
  [
    'a set of names',
    table('\tset s { type ifname; elements = { "tun0", "wan0" }; }', input('iifname @s accept')),
    [['wan0'], ['eth0.1', 'eth0.2', 'veth1', 'veth2', 'tun1'], ['tun0']],
  ],
  ['a reverse path', table(input('fib saddr . iif oif missing drop')), []],
  ['addresses of the interface', table(input('fib daddr . iif type local accept')), []],
  [
    'a redirect, which goes to the interface’s address',
    table(nat('prerouting', 'tcp dport 80 redirect')),
    [['wan0'], ...NAMES.map((name) => [name])],
  ],
])('rules on %s put into different classes the interfaces that they distinguish', (_, rules, wanted) => {
  const groups = new Map<string, string[]>();
  for (const [name, alike] of findEquivalentInterfaces(ruleset(rules), device(NAMES)))
    groups.set(alike, [...(groups.get(alike) ?? []), name]);
  expect([...groups.values()]).toEqual(wanted.filter((group) => group.length > 0));
});

test.each<[string, string]>([
  [
    'filters',
    table(
      input('iifname "veth*" tcp dport 22 accept', 'tcp dport 80 accept'),
      forward('iifname "wan0" oifname "tun0" accept', 'ip daddr 10.0.3.0/24 accept'),
    ),
  ],
  [
    'translations',
    table(
      nat(
        'prerouting',
        'iifname "wan0" ip daddr 203.0.113.2 tcp dport 80 dnat ip to 10.0.2.9',
        'iifname "tun*" tcp dport 81 redirect to :80',
      ),
      nat('postrouting', 'oifname "wan0" masquerade', 'ip saddr 10.0.5.0/24 masquerade'),
      forward('ct status dnat accept'),
    ),
  ],
  [
    'packets from the device itself',
    table(output('oifname "tun1" drop', 'ip daddr 10.1.2.0/24 drop', 'accept'), nat('postrouting', 'masquerade')),
  ],
])('interfaces that are evaluated once give the same result as each by itself: %s', (_, rules) => {
  const on = device(NAMES);
  const [once, each] = [new Evaluation(ruleset(rules), on), new Evaluation(ruleset(rules), on, 'each')];
  for (const phase of ['first', 'going on', 'answer'] as const) {
    const [a, b] = [once.getExposure(phase).views, each.getExposure(phase).views];
    expect(a.map(({ startLocation }) => startLocation)).toEqual(b.map(({ startLocation }) => startLocation));
    a.forEach(({ dispositions, translations }, i) => {
      expect(dispositions.equals(b[i]!.dispositions)).toBe(true);
      expect(translations.equals(b[i]!.translations)).toBe(true);
    });
  }
});
