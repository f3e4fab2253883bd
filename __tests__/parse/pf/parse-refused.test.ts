// Tests that pf texts which pfctl refuses, or which are cut off, are refused, each with its line and reason, and that
// similar texts which pfctl takes are accepted.

import { configFormat } from '../../../lib/platforms/pfsense/parse/config-format';
import { AROUND, rulesOf } from './texts';
import { codesOf } from '../../problems';

describe('rules that pf would not load', () => {
  it.each([
    ['pass on $wan', 'the macro wan has no value, so pf refuses the whole text'],
    ['pass proto any', 'pf knows no protocol any, so it refuses the whole text'],
    ['pass proto Tcp', 'pf knows no protocol Tcp, so it refuses the whole text'],
    ['pass proto IPCOMP', 'pf knows no protocol IPCOMP, so it refuses the whole text'],
    ['pass proto IP', 'pf takes no rule about protocol 0, so it refuses the whole text'],
    [
      'rdr on em1 from any to 203.0.113.10 -> any bitmask',
      'nothing can be translated to any, so it refuses the whole text',
    ],
    [
      'binat on em0 from 10.0.1.0/24 to any -> 203.0.113.0/28',
      'the two networks of this binat differ in size, and pf refuses it',
    ],
    [
      'binat on em0 from { 10.0.1.5 10.0.1.6 } to any -> 203.0.113.10',
      'pf takes one network on each side of a binat, so it refuses the whole text',
    ],
    ['block inet6 from 10.0.1.5', 'pf finds no family that its addresses share, so it refuses the whole text'],
    ['pass from 10.0.1.5 to 2001:db8::5', 'pf finds no family that its addresses share, so it refuses the whole text'],
    [
      'pass from ! 10.0.1.5 to 2001:db8::5',
      'pf finds no family that its addresses share, so it refuses the whole text',
    ],
    [
      'nat on em0 from 2001:db8::/64 to any -> 203.0.113.2',
      'pf finds no address of its family to translate to, so it refuses the whole text',
    ],
    [
      'rdr on em0 inet from any to any -> 2001:db8::5',
      'pf finds no address of its family to translate to, so it refuses the whole text',
    ],
    [
      'pass inet proto icmp6',
      "pf takes no rule about one family with the other family's ICMP, so it refuses the whole text",
    ],
    [
      'pass proto { tcp icmp } to { 10.0.1.5 2001:db8::5 }',
      "pf takes no rule about one family with the other family's ICMP, so it refuses the whole text",
    ],
    [
      'pass inet proto tcp icmp-type echoreq',
      'pf takes types of ICMP with their protocol alone, so it refuses the whole text',
    ],
    [
      'pass proto icmp icmp-type echoreq',
      'pf takes types of ICMP with their family alone, so it refuses the whole text',
    ],
    ['pass to any port 25', 'pf takes ports with TCP or UDP alone, so it refuses the whole text'],
    ['block proto { tcp icmp } from any port 25', 'pf takes ports with TCP or UDP alone, so it refuses the whole text'],
    [
      'rdr on em0 proto icmp from any to any -> 10.0.1.5 port 25',
      'pf takes ports with TCP or UDP alone, so it refuses the whole text',
    ],
    ['block return-rst all', 'pf answers with a reset to TCP alone, so it refuses the whole text'],
    ['block in all keep state', 'pf keeps no state of what it blocks, so it refuses the whole text'],
    ['pass from ! any', 'pf takes no negation of any, so it refuses the whole text'],
    ['pass proto 0', 'pf takes no rule about protocol 0, so it refuses the whole text'],
    [
      'pass inet proto { icmp udp } icmp-type echoreq',
      'pf takes types of ICMP with their protocol alone, so it refuses the whole text',
    ],
    [
      'pass inet proto icmp icmp6-type echoreq',
      'pf takes types of ICMP with their protocol alone, so it refuses the whole text',
    ],
    ['pass proto tcp flags S', 'pf takes flags with those that they are among alone, so it refuses the whole text'],
    [
      'pass proto tcp flags S/A',
      'pf takes no flags that are not among those that it looks at, so it refuses the whole text',
    ],
    ['block proto udp flags S/SA', 'pf compares flags of TCP alone, so it refuses the whole text'],
    ['pass proto udp from any os "Windows"', 'pf asks TCP alone for an operating system, so it refuses the whole text'],
    ['block in all allow-opts', 'pf allows options where it passes alone, so it refuses the whole text'],
    ['pass in all divert-reply', 'pf of FreeBSD knows no divert-reply, so it refuses the whole text'],
    [
      'block proto tcp from any port 25 fragment',
      'pf compares of fragments the header of IP alone, so it refuses the whole text',
    ],
    [
      'pass on em1 route-to (em0 203.0.113.1)',
      'pf takes a route with a way alone, in or out, so it refuses the whole text',
    ],
    [
      'pass in on em1 reply-to (em0 203.0.113.1) inet6',
      'pf finds no next hop of its family, so it refuses the whole text',
    ],
    [
      'pass in on em1 route-to (em0 203.0.113.1) from 2001:db8::5',
      'pf finds no next hop of its family, so it refuses the whole text',
    ],
    [
      'rdr on em0 from any to { 2001:db8::9 203.0.113.10 } -> 10.0.1.50',
      'pf finds no address of its family to translate to, so it refuses the whole text',
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.10 port > 1024 -> 10.0.1.50',
      'pf redirects ports by number and range alone, so it refuses the whole text',
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.10 port 25 -> ! 10.0.1.50',
      'pf translates to no negated address, so it refuses the whole text',
    ],
    [
      'rdr on em0 to 203.0.113.10 -> 10.0.1.50 static-port',
      'pf keeps ports of nat alone, so it refuses the whole text',
    ],
    [
      'nat on em0 from 10.0.1.0/24 -> 203.0.113.2 port 1024:2048 static-port',
      'pf keeps no ports where a range of them is given, so it refuses the whole text',
    ],
    [
      'no rdr pass on em0 to 203.0.113.10',
      'pf passes nothing by what it does not translate, so it refuses the whole text',
    ],
    [
      'binat on em0 proto tcp from 10.0.1.50 port 25 to any -> 203.0.113.10',
      'pf takes no ports in a binat, so it refuses the whole text',
    ],
    [
      'binat on em0 from 10.0.1.50 to { 192.0.2.1 192.0.2.2 } -> 203.0.113.10',
      'pf takes one network on each side of a binat, so it refuses the whole text',
    ],
    [
      'binat on em0 from 10.0.1.50 to any -> 203.0.113.10 bitmask',
      'pf takes no pool in a binat, so it refuses the whole text',
    ],
    ['anchor in on em0', 'pf takes no anchor without a name and without rules, so it refuses the whole text'],
    ['anchor "natearly/*" keep state', 'pf takes no state for an anchor, so it refuses the whole text'],
    [
      'binat-anchor "natearly/*" to 203.0.113.10',
      'pf takes no addresses and ports for a binat-anchor, so it refuses the whole text',
    ],
    [
      'rdr-anchor "natearly/*" proto tcp to any port { 25 80 }',
      'pf takes one port of the destination for a rdr-anchor, so it refuses the whole text',
    ],
    ['set frotz yes', 'what the option "frotz" changes is not known'],
    ['set skip on VPNS', 'which interfaces VPNS stands for is not told, and pf looks at none of them'],
  ])('%s', (line, because) =>
    expect(rulesOf(`pass all\n${line}\n`).unloadable).toMatchObject({ line: { number: 2 }, reason: because }),
  );
});

it.each(['! 10.0.1.50', 'any'])('takes a binat of %s, and a file of it for one of a newer pf', (source) => {
  const line = `binat on em0 inet from ${source} to any -> 203.0.113.10\n`;
  const file = `set skip on lo0\n${line}`;
  expect(rulesOf(file).unloadable).toBeUndefined();
  expect(rulesOf(line).unloadable).toBeUndefined();
  expect(configFormat.parsed(file).assumptions.at(-1)).toContain('(line 2): old releases of FreeBSD refuse it');
  expect(configFormat.parsed(`# pfctl -sn\n${line}# pfctl -sr\npass all\n`).assumptions).toEqual([]);
});

it.each(['', ' quick'])(
  'a rule for "out" in an anchor for "in"%s matches nothing, and is none of fragments',
  (quick) => {
    const rules = rulesOf(
      `anchor "a" in${quick} all {\n  pass out inet proto tcp to any port smtp flags S/SA\n}\npass in all\n`,
    );
    expect(rules.unloadable).toBeUndefined();
    expect(rules.filter.map(({ line }) => line.number)).toEqual([4]);
  },
);

describe('a file', () => {
  const late = 'pf takes options first, then translations, and rules that filter last, so it refuses the whole text';
  it.each([
    ['ext = "em0"\npass all\nrdr on em0 to 203.0.113.10 -> 10.0.1.50\n', 3, late],
    ['pass all\nset block-policy drop\n', 2, late],
    ['set skip on lo0\nnat on em0 from 10.0.1.0/24 -> 203.0.113.2\nscrub in all\n', 3, late],
    [
      '# Written\r\next = "em0"\r\npass all\r\n',
      2,
      'its lines end with a carriage return, which pf does not take, so it refuses the whole text',
    ],
  ])('%j is refused by pf', (text, number, because) =>
    expect(rulesOf(text).unloadable).toMatchObject({ line: { number }, reason: because }),
  );

  it.each([
    'set require-order no\npass all\nrdr on em0 to 203.0.113.10 -> 10.0.1.50\n',
    'pass all\nset skip on lo0\ntable <t> { 10.0.0.1 }\n',
    'scrub in all\nno scrub in all\nbinat-anchor "natearly/*"\nset state-policy floating\nanchor "natearly/*"\n',
    // Output of pfctl that was moved elsewhere
    'pass all\r\nblock in on em0 all\r\n',
    'pass all\nrdr on em0 to 203.0.113.10 -> 10.0.1.50\n',
    '# written\r\next = "em0" # outside\r\npass on $ext all\n',
  ])('%j is accepted', (text) => expect(rulesOf(text).unloadable).toBeUndefined());
});

// pfctl accepts some of these, and ends them elsewhere: the text between is never left out.
it.each([
  "block in all\nwho = it's\npass in on em0 proto tcp to port 23\n# the operator's\n",
  'm = "a\\"b"\npass in on em0 proto tcp to port 23\nn = "x\\"y"\n',
  'm = "a\npass in on em0 proto tcp to port 23\nn = \\"\n',
  "pass in on em0 label o'brien\npass in on em0 proto tcp to port 23\n# don't\n",
  'm = "a\npass in on em0 proto tcp to port 23\n',
])('refuses quotes whose end is unclear: %j', (text) =>
  expect(() => rulesOf(text)).toThrow(/the end of what stands in quotes has to follow/),
);

describe('similar rules that pf loads', () => {
  it.each([
    'pass proto { tcp udp } flags S/SA',
    'pass in on em1 route-to (em0 203.0.113.1) from <frotz>',
    'pass all allow-opts',
    'rdr on em0 proto tcp to 203.0.113.10 port { 25, 1000:2000, = 80 } -> 10.0.1.50',
    'nat on em0 from 10.0.1.0/24 to any -> 203.0.113.2 port 1024:65535 static-port',
    'block fragment',
    'pass from { 10.0.1.5 2001:db8::5 } to { 10.0.1.6 2001:db8::6 }',
    'pass inet from { 10.0.1.5 2001:db8::5 }',
    'pass inet proto icmp icmp-type echoreq',
    'pass proto icmp to 10.0.1.5 icmp-type echoreq',
    'pass proto sctp to any port 25',
    'nat on em0 from 10.0.1.0/24 to any port 25 -> { 203.0.113.2 2001:db8::2 }',
    'nat on em0 inet6 from em1:network to any -> { 203.0.113.2 2001:db8::2 }',
    'block return-rst proto tcp',
    'block return-icmp all no state',
  ])('%s', (line) => expect(rulesOf(`${line}\n`).unloadable).toBeUndefined());
});

describe('rules that the parser refuses', () => {
  it.each([
    ['pass all', 'pf/cut-off'],
    ['pass to {\n10.0.1.5\n', 'pf/cut-off'],
    ['pass all label "x\n', 'pf/unexpected-text'],
    ['pass in \\\n', 'pf/cut-off'],
    ['anchor "a" {\npass all\n', 'pf/cut-off'],
    ['pass in on em0 keep state (max 3\npass all\n', 'pf/unexpected-text'],
    ['anchor "a" to { 10.0.0.1\npass all\n', 'pf/unexpected-text'],
    ['pass from\n', 'pf/unexpected-text'],
    ['pass to any port\n', 'pf/unexpected-text'],
    ['pass to { }\n', 'pf/unexpected-text'],
    ['rdr on em0 to any\n', 'pf/unexpected-text'],
    ['no frotz\n', 'pf/unexpected-text'],
    ['frotz all\n', 'pf/unexpected-text'],
    ['pass to 10.0.1.9 - 10.0.1.2\n', 'pf/unexpected-text'],
    ['}\n', 'pf/unexpected-text'],
    ['table frotz { 10.0.0.1 }\n', 'pf/unexpected-text'],
    ['pass proto tcp all flags Q/SA\n', 'pf/unexpected-text'],
    ['match out on em0 from 10.0.1.0/24 nat-to 203.0.113.2\n', 'pf/other-dialect'],
    ['pass in on em0 to 203.0.113.10 rdr-to 10.0.1.50\n', 'pf/other-dialect'],
    ['include "/etc/pf.more"\n', 'pf/includes'],
    ['FILTER RULES:\npass all\n', 'pf/many-answers'],
  ])('%s', (text, code) => expect(codesOf(() => rulesOf(text, AROUND))).toEqual([code]));
});
