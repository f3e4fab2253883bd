import { parseAddress } from '../../../lib/net/address';
import { AROUND, refusedBy, rulesOf, says } from './texts';

const filter = (line: string) => rulesOf(`${line}\n`).filter;
const only = (line: string) => {
  const rules = filter(line);
  expect(rules).toHaveLength(1);
  return rules[0]!;
};
const C = '198.51.100.7';

describe('what a filter rule is about', () => {
  it.each([
    // Ends
    ['pass all', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass inet all', 'tcp 2001:db8::7 > 2001:db8::9#25', 'no'],
    ['pass inet6 from any to any', 'tcp 2001:db8::7 > 2001:db8::9#25', 'matches'],
    ['pass from any to 10.0.1.50', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass from any to 10.0.1.50', `gre ${C} > 10.0.1.51`, 'no'],
    ['pass to 10.0.1.50', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass from 198.51.100.0/24', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass from 198.51.100.99/24', `gre ${C} > 10.0.1.50`, 'matches'],
    // pfctl forgets any beside others
    ['pass to { any, 10.0.1.50 }', `gre ${C} > 10.0.1.51`, 'no'],
    ['block to { 10.0.1.50 any }', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass to { any any }', `gre ${C} > 10.0.1.50`, 'matches'],
    // and the next hop decides about the family where nothing else does
    ['pass in route-to (em0 203.0.113.1) all', 'gre 2001:db8::7 > 2001:db8::9', 'no'],
    ['block in reply-to (em0 203.0.113.1) from <office>', 'gre 2001:db8::7 > 2001:db8::9', 'no'],
    ['pass in route-to em0 all', 'gre 2001:db8::7 > 2001:db8::9', 'matches'],
    ['pass to 10/8', `gre ${C} > 10.200.1.50`, 'matches'],
    ['pass to ! 10.0.1.50', `gre ${C} > 10.0.1.50`, 'no'],
    // pfctl makes a rule of one family of it. Source: pf.md, what pf's own code does.
    ['pass to ! 10.0.1.50', 'gre 2001:db8::7 > 2001:db8::9', 'no'],
    ['pass from ! 10.0.1.0/24', 'gre 2001:db8::7 > 2001:db8::9', 'no'],
    ['pass from ! 10.0.1.0/24', `gre ${C} > 10.0.1.50`, 'matches'],
    ['block from ! 2001:db8::7', `gre ${C} > 10.0.1.50`, 'no'],
    ['pass from { ! 10.0.1.0/24, 2001:db8::/64 }', 'gre 2001:db8::7 > 2001:db8::9', 'matches'],
    ['pass from { ! 10.0.1.0/24, 2001:db8::/64 }', 'gre 2001:db9::7 > 2001:db8::9', 'no'],
    ['pass from ! (em1)', 'gre 2001:db8::7 > 2001:db8::9', 'matches'],
    ['pass to !10.0.1.50', `gre ${C} > 10.0.1.51`, 'matches'],
    ['pass to 10.0.1.50 - 10.0.1.60', `gre ${C} > 10.0.1.60`, 'matches'],
    ['pass to 10.0.1.50 - 10.0.1.60', `gre ${C} > 10.0.1.61`, 'no'],
    ['pass to { 10.0.1.50 10.0.1.60 }', `gre ${C} > 10.0.1.60`, 'matches'],
    ['pass to { 10.0.1.50, 10.0.1.60 }', `gre ${C} > 10.0.1.55`, 'no'],
    ['pass to { !10.0.1.50, !10.0.1.60 }', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass from any to { 10.0.1.50, 2001:db8::9 }', 'gre 2001:db8::7 > 2001:db8::9', 'matches'],
    // What is the box's own
    ['pass to em0', `gre ${C} > 203.0.113.2`, 'matches'],
    ['pass to (em0)', `gre ${C} > 203.0.113.10`, 'matches'],
    ['pass to (em0:0)', `gre ${C} > 203.0.113.10`, 'no'],
    ['pass to em0:0', 'gre 2001:db8::7 > 2001:db8:1::2', 'matches'],
    ['pass to em0:network', `gre ${C} > 203.0.113.14`, 'matches'],
    ['pass to em0:network', `gre ${C} > 203.0.113.16`, 'no'],
    ['pass to (em1:broadcast)', `gre ${C} > 10.0.1.255`, 'matches'],
    ['pass to em1:peer', `gre ${C} > 10.0.1.255`, 'perhaps'],
    ['pass to self', `gre ${C} > 10.0.2.1`, 'matches'],
    ['pass to (self)', `gre ${C} > 127.0.0.1`, 'matches'],
    ['pass to (self)', `gre ${C} > 203.0.113.10`, 'matches'],
    ['pass to (self)', `gre ${C} > 10.0.2.2`, 'no'],
    ['pass from no-route', `gre ${C} > 10.0.2.2`, 'perhaps'],
    ['block from urpf-failed', `gre ${C} > 10.0.2.2`, 'perhaps'],
    ['pass to mail.example.org', `gre ${C} > 10.0.2.2`, 'perhaps'],
    ['pass to fe80::1%em0', 'gre fe80::2 > fe80::1', 'perhaps'],
    ['pass to fe80::1%em0', 'gre fe80::2 > fe80::3', 'no'],
    // Tables
    ['pass from <office>', `gre ${C} > 10.0.2.2`, 'perhaps'],
    ['pass from ! <office>', `gre ${C} > 10.0.2.2`, 'perhaps'],
    ['block from <snort2c:0>', `gre ${C} > 10.0.2.2`, 'no rule'],
    // Protocols and ports
    ['pass proto tcp', `udp ${C} > 10.0.1.50#25`, 'no'],
    ['pass proto 47', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass proto { tcp udp }', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto ipv6-icmp', 'icmp6 2001:db8::7 > 2001:db8::9#128', 'matches'],
    ['pass proto frotz', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass proto tcp to port 25', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto tcp to any port = 25', `tcp ${C} > 10.0.1.50#26`, 'no'],
    ['pass proto tcp to any port = smtps', `tcp ${C} > 10.0.1.50#465`, 'matches'],
    ['pass proto tcp to any port imaps:pop3s', `tcp ${C} > 10.0.1.50#994`, 'matches'],
    ['pass proto tcp to any port = http-alt', `tcp ${C} > 10.0.1.50#8080`, 'perhaps'],
    ['pass proto tcp to any port = http-alt', `tcp ${C} > 10.0.1.50#8081`, 'no'],
    ['pass proto tcp to any port = frotz', `tcp ${C} > 10.0.1.50#8081`, 'perhaps'],
    ['pass proto tcp to any port 20:25', `tcp ${C} > 10.0.1.50#20`, 'matches'],
    ['pass proto tcp to any port 20 >< 25', `tcp ${C} > 10.0.1.50#20`, 'no'],
    ['pass proto tcp to any port 20 >< 25', `tcp ${C} > 10.0.1.50#24`, 'matches'],
    ['pass proto tcp to any port 20 <> 25', `tcp ${C} > 10.0.1.50#24`, 'no'],
    ['pass proto tcp to any port 20 <> 25', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['pass proto tcp to any port 20 <> 25', `tcp ${C} > 10.0.1.50#26`, 'matches'],
    ['pass proto tcp to any port != 25', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['pass proto tcp to any port < 25', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['pass proto tcp to any port <= 25', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto tcp to any port > 25', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['pass proto tcp to any port >= 25', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto tcp to any port { 25, 465:470 }', `tcp ${C} > 10.0.1.50#466`, 'matches'],
    ['pass proto tcp from any port 1024:65535 to any', `tcp ${C}#80 > 10.0.1.50#466`, 'no'],
    ['pass proto tcp from any port = 80 to any', `tcp ${C}#80 > 10.0.1.50#466`, 'matches'],
    // ICMP
    ['pass inet proto icmp all icmp-type echoreq', `icmp ${C} > 10.0.1.50#8`, 'matches'],
    ['pass inet proto icmp all icmp-type 8 code 0', `icmp ${C}#0 > 10.0.1.50#8`, 'matches'],
    ['pass inet proto icmp all icmp-type { unreach, timex }', `icmp ${C} > 10.0.1.50#8`, 'no'],
    ['pass inet6 proto ipv6-icmp all icmp6-type neighbrsol', 'icmp6 fe80::2 > fe80::1#135', 'matches'],
    ['pass inet proto icmp all icmp-type frotz', `icmp ${C} > 10.0.1.50#8`, 'perhaps'],
    // Flags, and what comes after
    ['pass proto tcp all flags S/SA keep state', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto tcp all flags any', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['block proto tcp all flags A/A', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['block all flags FPU/FPU', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['block all flags FPU/FPU', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['block all fragment', `udp ${C} > 10.0.1.50#25`, 'no rule'],
    ['pass all keep state (max-src-conn 3, sloppy, overload <bad> flush global) allow-opts', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass all queue (a, b) dnpipe (1, 2) tag X rtable 3', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass all set prio 3 label "from any to" label \'to 10.0.0.1\' ridentifier 17', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass all probability 50%', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass out all user = 1001 group { a b }', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass all tos 0x10 frotz', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass in proto tcp from any os "Linux" to any', `tcp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass to 10.0.1.50 frotz 10.0.1.51', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    ['pass to 10.0.1.50 frotz 10.0.1.51', `udp ${C} > 10.0.1.51#25`, 'no'],
    ['pass all tagged NOBODY', `udp ${C} > 10.0.1.50#25`, 'no rule'],
    ['pass all ! tagged NOBODY', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass tag X\npass all tagged X', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
  ])('%s: %s %s', (line, sent, wanted) => {
    const rule = filter(line).at(-1);
    expect(rule ? says(rule, sent) : 'no rule').toBe(wanted);
  });

  it.each([
    ['pass on em0', { is: ['em0'] }],
    ['pass on ! em0', { but: ['em0'] }],
    ['pass on { em0 em1 }', { is: ['em0', 'em1'] }],
    ['pass on { !em0 !em1 }', 'any'],
    ['pass on inside', { is: ['em1', 'em2'] }],
    ['pass on ! inside', { but: ['em1', 'em2'] }],
    ['pass on any', 'any'],
    ['pass on ! em7', 'any'],
  ])('%s', (line, on) => expect(only(line).on).toEqual(on));

  it('is nothing where its interface is none of the device', () => expect(filter('pass on em7 all')).toEqual([]));

  it('is in doubt where a group is not known', () => {
    const rule = only('pass in on VPNS proto tcp');
    expect([rule.on, says(rule, `tcp ${C} > 10.0.1.50#25`), rule.perhaps?.because]).toEqual([
      { is: ['em0', 'em1', 'em2'] },
      'perhaps',
      'which interfaces VPNS stands for is not told',
    ]);
  });
});

describe('what a filter rule does', () => {
  it.each([
    ['pass in quick on em0 all', { action: 'pass', way: 'in', quick: true, state: true }],
    ['pass out all no state', { action: 'pass', way: 'out', quick: false, state: false }],
    ['pass all modulate state', { action: 'pass', way: 'both', quick: false, state: true }],
    ['block drop in log (all, to pflog1) quick all', { action: 'block', way: 'in', quick: true, state: false }],
    ['block return-rst(ttl 3) in quick log all', { action: 'block', way: 'in', quick: true, state: false }],
    ['block return-icmp(port-unr, admin-unr) all', { action: 'block', way: 'both', quick: false, state: false }],
    ['match in all scrub (no-df)', { action: 'match', way: 'in', quick: false, state: false }],
    ['pass in on em0 route-to (em2 10.0.2.9) all', { routedTo: 'em2' }],
    ['pass in route-to { (em2 10.0.2.9), (em2 10.0.2.8) } round-robin sticky-address inet all', { routedTo: 'em2' }],
    ['pass in on em0 route-to 10.0.2.9@em2 all', { routedTo: 'em2' }],
    ['pass in on em0 reply-to ( em0 203.0.113.1 ) all', { routedTo: undefined }],
    ['pass out all route-to (em2 10.0.2.9)', { routedTo: 'em2' }],
  ])('%s', (line, wanted) => expect({ routedTo: undefined, ...only(line) }).toMatchObject(wanted));

  it('is in doubt where one of two ways is taken', () => {
    const rule = only('pass in route-to { (em0 203.0.113.1), (em2 10.0.2.9) } round-robin all');
    expect([rule.routedTo, says(rule, `tcp ${C} > 10.0.1.50#25`)]).toEqual([undefined, 'perhaps']);
  });
});

describe('translations', () => {
  const I = parseAddress('10.0.1.50')!;
  it.each([
    ['rdr on em0 proto tcp to 203.0.113.2 port 25 -> 10.0.1.50', { to: { is: 'address', address: I } }],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port = 8025 -> 10.0.1.50 port smtp',
      { to: { is: 'address', address: I, port: { is: 'one', port: 25 } } },
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port 2000:2010 -> 10.0.1.50 port 3000:*',
      { to: { is: 'address', address: I, port: { is: 'shifted', from: 2000, to: { first: 3000, last: 3010 } } } },
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.2 port 2000:2010 -> 10.0.1.50 port 3000:3001',
      { to: { port: { is: 'shifted', from: 2000, to: { first: 3000, last: 3001 } } } },
    ],
    ['rdr on em1 inet from any to 203.0.113.0/28 -> 10.0.9.0/28 bitmask', { to: { is: 'bitmask' } }],
    [
      'rdr on em0 proto tcp to any port 25 -> { 10.0.1.50, 10.0.1.51 } round-robin',
      { to: { is: 'unclear', among: [{ first: I, last: I + 1n }] } },
    ],
    ['rdr on em0 inet proto tcp to any port 25 -> <mail> round-robin', { to: { is: 'unclear' } }],
    ['rdr pass on em0 proto tcp to any port 25 -> 127.0.0.1', { pass: true }],
    ['no rdr on em0 proto tcp to any port 25', { no: true }],
  ])('%s', (line, wanted) => {
    const [rule, ...more] = rulesOf(`${line}\n`).rdr;
    expect(more).toEqual([]);
    expect(rule).toMatchObject(wanted);
  });

  it('counts each range of ports from its own first', () => {
    const rules = rulesOf('rdr on em0 inet proto tcp to any port { 10:12 20:22 } -> 10.0.1.50 port 30:*\n').rdr;
    expect(rules.map(({ to }) => to?.port)).toEqual([
      { is: 'shifted', from: 10, to: { first: 30, last: 32 } },
      { is: 'shifted', from: 20, to: { first: 30, last: 32 } },
    ]);
  });

  it('keeps to the family of its target', () => {
    const [rule] = rulesOf('rdr on em0 proto tcp to port 25 -> 10.0.1.50\n').rdr;
    expect([says(rule!, `tcp ${C} > 203.0.113.2#25`), says(rule!, 'tcp 2001:db8::7 > 2001:db8:1::2#25')]).toEqual(['matches', 'no']);
  });

  it.each([
    ['nat on em0 inet from 10.0.1.0/24 to any -> 203.0.113.2 port 1024:65535', { to: { is: 'address', ports: 'free' } }],
    ['nat on em0 inet from 10.0.1.0/24 to any -> 203.0.113.2 static-port', { to: { is: 'address', ports: 'kept' } }],
    ['nat on em0 inet from 10.0.1.0/24 to any -> (em0:0)', { to: { is: 'address', address: parseAddress('203.0.113.2') } }],
    ['nat on em0 inet from 10.0.1.0/24 to any -> (em0) round-robin', { to: { is: 'unclear' } }],
    ['nat on em0 inet from 10.0.9.0/28 to any -> 203.0.113.0/28 bitmask', { to: { is: 'bitmask' } }],
    ['nat on em0 inet from 10.0.9.0/28 to any -> 203.0.113.0/28 source-hash 0x0123456789abcdef0123456789abcdef', { to: { is: 'unclear' } }],
    ['no nat on em1 from (em1) to 10.0.1.50', { no: true, to: undefined }],
  ])('%s', (line, wanted) => {
    const [rule, ...more] = rulesOf(`${line}\n`).nat;
    expect(more).toEqual([]);
    expect({ to: undefined, ...rule }).toMatchObject(wanted);
  });

  const whole = { first: 0n, last: (1n << 32n) - 1n };
  it.each([
    [
      'binat on em0 inet from 10.0.1.50 to any -> 203.0.113.10',
      { inside: { first: I, last: I }, peers: { sure: [whole] }, protocols: 'any' },
    ],
    ['binat on { em0 em1 } inet from 10.0.1.50 to any -> 203.0.113.10', { on: { is: ['em0'] } }],
    ['binat on em0 inet from ! 10.0.1.50 to any -> 203.0.113.10', { inside: { first: I, last: I } }],
    ['binat on em0 inet proto tcp from 10.0.1.50 to 198.51.100.0/24 -> 203.0.113.10', { protocols: [{ first: 6, last: 6 }] }],
    ['binat pass on em0 from 10.0.9.0/28 to any -> 203.0.113.0/28', { pass: true }],
    ['binat on em0 from 10.0.1.50 to <office> -> 203.0.113.10', { peers: { sure: [], perhaps: [whole] } }],
    ['binat on em0 inet from any to any -> 203.0.113.10', { inside: whole }],
    ['no binat on em0 from 10.0.1.50 to any', { no: true, inside: { first: I, last: I } }],
  ])('%s', (line, wanted) => expect(rulesOf(`${line}\n`).binat).toMatchObject([wanted]));

  it('knows which of two lines a newer kernel refuses, where nobody printed what it has', () => {
    const lines = ['10', '11'].map((last) => `binat on em0 from 10.0.1.50 to any tag T${last} -> 203.0.113.${last}\n`).join('');
    const asks = (text: string) => new Set(rulesOf(text).binat.map((rule) => rule.asks)).size;
    expect([asks(lines), asks(`set skip on lo0\n${lines}`)]).toEqual([2, 1]);
  });

  it('narrows what a tag of redirects may be on to what they lead to', () => {
    const text = 'rdr on em1 inet proto tcp to 203.0.113.2 port 25 tag REFLECT -> 127.0.0.1 port 19000\npass in inet tagged REFLECT\n';
    const [rule] = rulesOf(text).filter;
    expect([says(rule!, 'tcp 10.0.1.9 > 127.0.0.1#19000'), says(rule!, 'tcp 10.0.1.9 > 10.0.2.9#25')]).toEqual(['perhaps', 'no']);
  });

  it('is in doubt where something is not understood', () => {
    const [rule] = rulesOf('rdr on em0 inet proto tcp from any to 203.0.113.2 port = 25 frotz 3 -> 10.0.1.50\n').rdr;
    expect([says(rule!, `tcp ${C} > 203.0.113.2#25`), says(rule!, `tcp ${C} > 203.0.113.2#26`)]).toEqual(['perhaps', 'no']);
  });
});

describe('what stands around rules', () => {
  it('replaces macros, also where a word goes on behind them', () => {
    const text =
      'lan = "em1"\nboth = "{" $lan em2 "}"\nports = "{ 25 465 }"\npass in on $both inet proto tcp from $lan:network to any port $ports\n';
    const [rule] = rulesOf(text).filter;
    expect([rule!.on, says(rule!, 'tcp 10.0.1.7 > 198.51.100.7#465'), says(rule!, 'tcp 10.0.2.7 > 198.51.100.7#465')]).toEqual([
      { is: ['em1', 'em2'] },
      'matches',
      'no',
    ]);
  });

  it('joins lines, leaves out comments and counters, and keeps the number of the first line', () => {
    const text =
      '# said\npass in \\\n  proto tcp \\\n  to port 25 # smtp\n@1(17) block all\n  [ Evaluations: 3  Packets: 1 ]\npass to {\n  10.0.1.50\n  10.0.1.51 }\n';
    expect(rulesOf(text).filter.map(({ line, action }) => [line.number, action])).toEqual([
      [2, 'pass'],
      [5, 'block'],
      [7, 'pass'],
    ]);
  });

  it('fills tables: the narrowest entry decides', () => {
    const text = 'table <t> const { 10.0.0.0/8 !10.0.1.0/24 10.0.1.50 }\ntable <f> persist file "/etc/f"\npass from <t>\npass from <f>\n';
    const [t, f] = rulesOf(text).filter;
    const from = (address: string) => `gre ${address} > ${C}`;
    expect(['10.0.2.1', '10.0.1.1', '10.0.1.50'].map((address) => says(t!, from(address)))).toEqual(['matches', 'no', 'matches']);
    expect([says(f!, from('10.0.2.1')), f!.perhaps?.because]).toEqual(['perhaps', 'what is in table f stands in a file that nobody gave']);
  });

  it('takes the lists and tables that stand under their commands', () => {
    const text = '# pfctl -sr\npass from <t>\n# pfctl -P -sn\nno rdr proto carp all\n# pfctl -t t -T show\n   10.0.2.0/24\n  !10.0.2.9\n';
    const {
      filter: [rule],
      rdr,
    } = rulesOf(text);
    expect([says(rule!, `gre 10.0.2.8 > ${C}`), says(rule!, `gre 10.0.2.9 > ${C}`), rdr.length]).toEqual(['matches', 'no', 1]);
  });

  it('expands antispoof', () => {
    const rules = filter('antispoof log quick for { em1 lo0 } inet label "x"');
    expect(rules.map(({ on, action, way, quick }) => [on, action, way, quick])).toEqual([
      [{ but: ['em1'] }, 'block', 'in', true],
      ['any', 'block', 'in', true],
      [{ but: ['lo0'] }, 'block', 'in', true],
    ]);
    expect(rules.map((rule) => says(rule, `gre 10.0.1.1 > ${C}`))).toEqual(['matches', 'matches', 'no']);
    expect(rules.map((rule) => says(rule, `gre 10.0.1.2 > ${C}`))).toEqual(['matches', 'no', 'no']);
  });

  it('leaves shaping out, and what pf does not look at', () => {
    const text =
      'set skip on { lo0 inside }\nset optimization normal\nscrub in all fragment reassemble\nno scrub on em0\naltq on em0 hfsc queue { a }\nqueue a on em0 priority 1 { b }\n';
    expect(rulesOf(text)).toEqual({ skipped: ['lo0', 'em1', 'em2'], rdr: [], nat: [], binat: [], filter: [] });
  });
});

it('takes from `pfctl -sI -v` what pf does not look at', () => {
  const text =
    'block drop all\n# pfctl -sI -v\nall\nem0\nem1 (skip)\n\tCleared:     Sat Nov 21 00:00:00 2026\nlo (skip)\nVPNS (skip)\nlo0 (skip)\n';
  expect(rulesOf(text)).toMatchObject({ skipped: ['em1', 'lo0'] });
  expect(rulesOf(text).unloadable).toBeUndefined();
});

describe('anchors', () => {
  it('count as empty where they always are', () => expect(rulesOf('nat-anchor "natearly/*" all\n').nat).toEqual([]));

  it('may do anything about what they are asked of', () => {
    const text = 'anchor "frotz/*" in on em0 inet proto tcp all\nnat-anchor "frotz" all\nrdr-anchor "frotz" on em1 all\n';
    const { filter: rules, nat, rdr } = rulesOf(text);
    expect(rules.map(({ action, quick, way, on }) => [action, quick, way, on])).toEqual([
      ['pass', true, 'in', { is: ['em0'] }],
      ['block', true, 'in', { is: ['em0'] }],
    ]);
    expect(rules.map((rule) => [says(rule, `tcp ${C} > 10.0.1.50#25`), says(rule, `udp ${C} > 10.0.1.50#25`)])).toEqual([
      ['perhaps', 'no'],
      ['perhaps', 'no'],
    ]);
    expect([nat, rdr].map(([rule]) => says(rule!, `tcp ${C} > 10.0.1.50#25`))).toEqual(['perhaps', 'perhaps']);
  });

  it('let through TCP and UDP where that is all they may hold', () => {
    const rules = rulesOf('anchor "miniupnpd" all\n').filter;
    expect(rules.map((rule) => [rule.action, says(rule, `udp ${C} > 10.0.1.50#25`), says(rule, `gre ${C} > 10.0.1.50`)])).toEqual([
      ['pass', 'perhaps', 'no'],
    ]);
  });

  it('are not empty where a file fills them', () =>
    expect(rulesOf('nat-anchor "natearly/*"\nload anchor "natearly/x" from "/etc/x"\n').nat).toHaveLength(1));

  it('hold what stands in their braces', () => {
    const [rule, last] = rulesOf('anchor "a" on em0 all {\n  pass proto tcp\n  anchor "b" {\n    pass to 10.0.1.50\n  }\n}\n').filter;
    expect([rule!.on, says(rule!, `tcp ${C} > 10.0.1.50#25`), last!.on]).toEqual([{ is: ['em0'] }, 'matches', { is: ['em0'] }]);
  });

  it('hold their rules to the way that they ask for', () => {
    const rules = rulesOf('anchor "a" in on em0 all {\n  pass proto tcp\n  pass out proto udp\n  block in proto udp\n}\n').filter;
    expect(rules.map(({ action, way, quick }) => [action, way, quick])).toEqual([
      ['pass', 'in', false],
      ['block', 'in', false],
    ]);
  });

  it('decide at once by the first quick rule, or else by the last', () => {
    const text = 'anchor "a" quick {\n  block all\n  pass quick proto gre\n  pass proto tcp\n  block proto tcp to 10.0.1.9\n}\npass all\n';
    const rules = rulesOf(text);
    expect(rules.unloadable).toBeUndefined();
    expect(rules.filter.map(({ line, quick }) => [line.number, quick])).toEqual([
      [3, true],
      [5, true],
      [4, true],
      [2, true],
      [7, false],
    ]);
  });

  it('are not known that decide at once by rules that are not shown', () =>
    expect(rulesOf('anchor "a" quick {\n  anchor "frotz"\n}\n').unloadable?.because).toContain('rules that are not shown'));

  it('as `-a "*"` prints them hold what is shown, and perhaps what is below', () => {
    const shown = rulesOf(
      '# pfctl -a \'*\' -sr\nblock drop all\nanchor "web" all {\n  pass in quick proto tcp from any to 10.0.1.50 port = smtp\n}\n',
    );
    expect(shown.filter.map((rule) => [rule.action, says(rule, `tcp ${C} > 10.0.1.50#25`)])).toEqual([
      ['block', 'matches'],
      ['pass', 'matches'],
    ]);
    const below = rulesOf('anchor "web/*" all {\n}\n').filter;
    expect(below.map((rule) => [rule.action, says(rule, `tcp ${C} > 10.0.1.50#25`)])).toEqual([
      ['pass', 'perhaps'],
      ['block', 'perhaps'],
    ]);
  });

  it('of binat hold on every interface, whichever is named', () => {
    const text = 'binat-anchor "frotz" on em1 {\n  binat on em0 from 10.0.1.50 to any -> 203.0.113.10\n}\n';
    expect(rulesOf(text).binat.map(({ on }) => on)).toEqual([{ is: ['em0'] }]);
  });

  it('of binat that ask for more make their rules doubtful', () => {
    const peers = (asked: string): unknown =>
      rulesOf(`binat-anchor "frotz" ${asked} {\n  binat on em0 from 10.0.1.50 to any -> 203.0.113.10\n}\n`).binat[0]?.peers;
    expect(peers('inet')).toMatchObject({ perhaps: [], because: '' });
    for (const asked of ['proto tcp', 'inet6'])
      expect(peers(asked)).toMatchObject({ sure: [], because: 'the anchor that it stands in asks for more' });
  });

  it('say nothing at all of addresses where one for binat is not shown', () =>
    expect(rulesOf('binat-anchor "frotz" all\n').unloadable?.because).toBe('what is in anchor frotz is not told'));
});

describe('what pf would not load', () => {
  it.each([
    ['pass on $wan', 'the macro wan has no value, so pf refuses the whole text'],
    ['pass proto any', 'pf knows no protocol any, so it refuses the whole text'],
    ['pass proto TCP', 'pf knows no protocol TCP, so it refuses the whole text'],
    ['rdr on em1 from any to 203.0.113.10 -> any bitmask', 'nothing can be translated to any, so it refuses the whole text'],
    ['binat on em0 from 10.0.1.0/24 to any -> 203.0.113.0/28', 'the two networks of this binat differ in size, and pf refuses it'],
    [
      'binat on em0 from { 10.0.1.5 10.0.1.6 } to any -> 203.0.113.10',
      'pf takes one network on each side of a binat, so it refuses the whole text',
    ],
    ['block inet6 from 10.0.1.5', 'pf finds no family that its addresses share, so it refuses the whole text'],
    ['pass from 10.0.1.5 to 2001:db8::5', 'pf finds no family that its addresses share, so it refuses the whole text'],
    ['pass from ! 10.0.1.5 to 2001:db8::5', 'pf finds no family that its addresses share, so it refuses the whole text'],
    [
      'nat on em0 from 2001:db8::/64 to any -> 203.0.113.2',
      'pf finds no address of its family to translate to, so it refuses the whole text',
    ],
    ['rdr on em0 inet from any to any -> 2001:db8::5', 'pf finds no address of its family to translate to, so it refuses the whole text'],
    ['pass inet proto icmp6', "pf takes no rule about one family with the other family's ICMP, so it refuses the whole text"],
    [
      'pass proto { tcp icmp } to { 10.0.1.5 2001:db8::5 }',
      "pf takes no rule about one family with the other family's ICMP, so it refuses the whole text",
    ],
    ['pass inet proto tcp icmp-type echoreq', 'pf takes types of ICMP with their protocol alone, so it refuses the whole text'],
    ['pass proto icmp icmp-type echoreq', 'pf takes types of ICMP with their family alone, so it refuses the whole text'],
    ['pass to any port 25', 'pf takes ports with TCP or UDP alone, so it refuses the whole text'],
    ['block proto { tcp icmp } from any port 25', 'pf takes ports with TCP or UDP alone, so it refuses the whole text'],
    ['rdr on em0 proto icmp from any to any -> 10.0.1.5 port 25', 'pf takes ports with TCP or UDP alone, so it refuses the whole text'],
    ['block return-rst all', 'pf answers with a reset to TCP alone, so it refuses the whole text'],
    ['block in all keep state', 'pf keeps no state of what it blocks, so it refuses the whole text'],
    ['pass from ! any', 'pf takes no negation of any, so it refuses the whole text'],
    ['pass proto 0', 'pf takes no rule about protocol 0, so it refuses the whole text'],
    ['pass inet proto { icmp udp } icmp-type echoreq', 'pf takes types of ICMP with their protocol alone, so it refuses the whole text'],
    ['pass inet proto icmp icmp6-type echoreq', 'pf takes types of ICMP with their protocol alone, so it refuses the whole text'],
    ['pass proto tcp flags S', 'pf takes flags with those that they are among alone, so it refuses the whole text'],
    ['pass proto tcp flags S/A', 'pf takes no flags that are not among those that it looks at, so it refuses the whole text'],
    ['block proto udp flags S/SA', 'pf compares flags of TCP alone, so it refuses the whole text'],
    ['pass proto udp from any os "Windows"', 'pf asks TCP alone for an operating system, so it refuses the whole text'],
    ['block in all allow-opts', 'pf allows options where it passes alone, so it refuses the whole text'],
    ['pass in all divert-reply', 'pf of FreeBSD knows no divert-reply, so it refuses the whole text'],
    ['block proto tcp from any port 25 fragment', 'pf compares of fragments the header of IP alone, so it refuses the whole text'],
    ['pass on em1 route-to (em0 203.0.113.1)', 'pf takes a route with a way alone, in or out, so it refuses the whole text'],
    ['pass in on em1 reply-to (em0 203.0.113.1) inet6', 'pf finds no next hop of its family, so it refuses the whole text'],
    ['pass in on em1 route-to (em0 203.0.113.1) from 2001:db8::5', 'pf finds no next hop of its family, so it refuses the whole text'],
    [
      'rdr on em0 from any to { 2001:db8::9 203.0.113.10 } -> 10.0.1.50',
      'pf finds no address of its family to translate to, so it refuses the whole text',
    ],
    [
      'rdr on em0 proto tcp to 203.0.113.10 port > 1024 -> 10.0.1.50',
      'pf redirects ports by number and range alone, so it refuses the whole text',
    ],
    ['rdr on em0 proto tcp to 203.0.113.10 port 25 -> ! 10.0.1.50', 'pf translates to no negated address, so it refuses the whole text'],
    ['rdr on em0 to 203.0.113.10 -> 10.0.1.50 static-port', 'pf keeps ports of nat alone, so it refuses the whole text'],
    [
      'nat on em0 from 10.0.1.0/24 -> 203.0.113.2 port 1024:2048 static-port',
      'pf keeps no ports where a range of them is given, so it refuses the whole text',
    ],
    ['no rdr pass on em0 to 203.0.113.10', 'pf passes nothing by what it does not translate, so it refuses the whole text'],
    ['binat on em0 proto tcp from 10.0.1.50 port 25 to any -> 203.0.113.10', 'pf takes no ports in a binat, so it refuses the whole text'],
    [
      'binat on em0 from 10.0.1.50 to { 192.0.2.1 192.0.2.2 } -> 203.0.113.10',
      'pf takes one network on each side of a binat, so it refuses the whole text',
    ],
    ['binat on em0 from 10.0.1.50 to any -> 203.0.113.10 bitmask', 'pf takes no pool in a binat, so it refuses the whole text'],
    ['anchor in on em0', 'pf takes no anchor without a name and without rules, so it refuses the whole text'],
    ['anchor "natearly/*" keep state', 'pf takes no state for an anchor, so it refuses the whole text'],
    ['binat-anchor "natearly/*" to 203.0.113.10', 'pf takes no addresses and ports for a binat-anchor, so it refuses the whole text'],
    [
      'rdr-anchor "natearly/*" proto tcp to any port { 25 80 }',
      'pf takes one port of the destination for a rdr-anchor, so it refuses the whole text',
    ],
    ['set frotz yes', 'what the option "frotz" changes is not known'],
    ['set skip on VPNS', 'which interfaces VPNS stands for is not told, and pf looks at none of them'],
  ])('%s', (line, because) => expect(rulesOf(`pass all\n${line}\n`).unloadable).toMatchObject({ line: { number: 2 }, because }));
});

it.each(['! 10.0.1.50', 'any'])('says nothing of a text that somebody wrote with a binat of %s', (source) => {
  const line = `binat on em0 inet from ${source} to any -> 203.0.113.10\n`;
  expect(rulesOf(`set skip on lo0\n${line}`).unloadable).toMatchObject({
    line: { number: 2 },
    because: expect.stringContaining('not every release') as string,
  });
  expect(rulesOf(line).unloadable).toBeUndefined();
});

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
  ])('%j is none that pf loads', (text, number, because) => expect(rulesOf(text).unloadable).toMatchObject({ line: { number }, because }));

  it.each([
    'set require-order no\npass all\nrdr on em0 to 203.0.113.10 -> 10.0.1.50\n',
    'pass all\nset skip on lo0\ntable <t> { 10.0.0.1 }\n',
    'scrub in all\nno scrub in all\nbinat-anchor "natearly/*"\nset state-policy floating\nanchor "natearly/*"\n',
    // What pfctl printed, carried somewhere else
    'pass all\r\nblock in on em0 all\r\n',
    'pass all\nrdr on em0 to 203.0.113.10 -> 10.0.1.50\n',
    '# written\r\next = "em0" # outside\r\npass on $ext all\n',
  ])('%j is', (text) => expect(rulesOf(text).unloadable).toBeUndefined());
});

describe('what fits', () => {
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

describe('what is refused', () => {
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
  ])('%s', (text, code) => expect(refusedBy(() => rulesOf(text, AROUND))).toEqual([code]));
});

describe('tables of anchors', () => {
  it('are others than the main ones of that name', () => {
    const text =
      'table <web> { 192.0.2.0/24 }\nanchor "a" {\ntable <web> { 198.51.100.0/24 }\npass in from <web>\n}\nblock in from <web>\n';
    for (const rule of rulesOf(text).filter) {
      expect(says(rule, `tcp ${C} > 10.0.1.50#25`)).toBe('perhaps');
      expect(says(rule, 'tcp 192.0.2.7 > 10.0.1.50#25')).toBe('perhaps');
    }
  });
});

it('a number by which pfSense 2.4 finds a rule again says nothing of what it matches', () => {
  const [rule] = rulesOf(
    'pass in quick on em0 inet proto tcp from any to 10.0.1.50 port = smtp tracker 1500000000 flags S/SA keep state\n',
  ).filter;
  expect(says(rule!, `tcp ${C} > 10.0.1.50#25`)).toBe('matches');
});

it('reads addresses of IPv4 in IPv6 in what a table holds', () => {
  const text = 'block in from <bogons>\n# pfctl -t bogons -T show\n   ::ffff:0.0.0.0/96\n   ::ffff:192.0.2.1\n   198.51.100.0/24\n';
  const [rule] = rulesOf(text).filter;
  expect([says(rule!, `tcp ${C} > 10.0.1.50#25`), says(rule!, 'tcp 192.0.2.1 > 10.0.1.50#25')]).toEqual(['matches', 'no']);
});
