// Tests which packets and actions the parser gives for each form of pf's filter rules.

import { rulesOf, says } from './texts';

const filter = (line: string) => rulesOf(`${line}\n`).filter;
const only = (line: string) => {
  const rules = filter(line);
  expect(rules).toHaveLength(1);
  return rules[0]!;
};
const C = '198.51.100.7';

describe('the packets of a filter rule', () => {
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
    // pfctl ignores any beside other members.
    ['pass to { any, 10.0.1.50 }', `gre ${C} > 10.0.1.51`, 'no'],
    ['block to { 10.0.1.50 any }', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass to { any any }', `gre ${C} > 10.0.1.50`, 'matches'],
    // The next hop decides about the family if nothing else does.
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
    // The box's own addresses
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
    ['pass proto TCP to port 25', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto GRE', `gre ${C} > 10.0.1.50`, 'matches'],
    ['pass proto IPV6-ICMP', 'icmp6 2001:db8::7 > 2001:db8::9#128', 'matches'],
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
    // Flags, and the options after them
    ['pass proto tcp all flags S/SA keep state', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['pass proto tcp all flags any', `tcp ${C} > 10.0.1.50#25`, 'matches'],
    ['block proto tcp all flags A/A', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['block all flags FPU/FPU', `tcp ${C} > 10.0.1.50#25`, 'no'],
    ['block all flags FPU/FPU', `udp ${C} > 10.0.1.50#25`, 'matches'],
    ['block all fragment', `udp ${C} > 10.0.1.50#25`, 'no rule'],
    [
      'pass all keep state (max-src-conn 3, sloppy, overload <bad> flush global) allow-opts',
      `udp ${C} > 10.0.1.50#25`,
      'matches',
    ],
    ['pass all queue (a, b) dnpipe (1, 2) tag X rtable 3', `udp ${C} > 10.0.1.50#25`, 'perhaps'],
    [
      'pass all set prio 3 label "from any to" label \'to 10.0.0.1\' ridentifier 17',
      `udp ${C} > 10.0.1.50#25`,
      'matches',
    ],
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

  it('are none if its interface does not exist on the device', () => expect(filter('pass on em7 all')).toEqual([]));

  it('are unknown if a group is unknown', () => {
    const rule = only('pass in on VPNS proto tcp');
    expect([rule.on, says(rule, `tcp ${C} > 10.0.1.50#25`), rule.uncertain?.reason]).toEqual([
      { is: ['em0', 'em1', 'em2'] },
      'perhaps',
      'which interfaces VPNS stands for is not told',
    ]);
  });
});

describe('the action of a filter rule', () => {
  it.each([
    ['pass in quick on em0 all', { action: 'pass', direction: 'in', quick: true, state: true }],
    ['pass out all no state', { action: 'pass', direction: 'out', quick: false, state: false }],
    ['pass all modulate state', { action: 'pass', direction: 'both', quick: false, state: true }],
    ['block drop in log (all, to pflog1) quick all', { action: 'block', direction: 'in', quick: true, state: false }],
    ['block return-rst(ttl 3) in quick log all', { action: 'block', direction: 'in', quick: true, state: false }],
    ['block return-icmp(port-unr, admin-unr) all', { action: 'block', direction: 'both', quick: false, state: false }],
    ['match in all scrub (no-df)', { action: 'match', direction: 'in', quick: false, state: false }],
    ['pass in on em0 route-to (em2 10.0.2.9) all', { routedTo: 'em2' }],
    ['pass in route-to { (em2 10.0.2.9), (em2 10.0.2.8) } round-robin sticky-address inet all', { routedTo: 'em2' }],
    ['pass in on em0 route-to 10.0.2.9@em2 all', { routedTo: 'em2' }],
    ['pass in on em0 reply-to ( em0 203.0.113.1 ) all', { routedTo: undefined }],
    ['pass out all route-to (em2 10.0.2.9)', { routedTo: 'em2' }],
  ])('%s', (line, wanted) => expect({ routedTo: undefined, ...only(line) }).toMatchObject(wanted));

  it('is unknown if one of two next hops is used', () => {
    // The rules are evaluated from the last one on, as neither is quick.
    const rules = filter('pass in route-to { (em0 203.0.113.1), (em2 10.0.2.9) } round-robin all');
    expect(rules.map((rule) => [rule.routedTo, says(rule, `tcp ${C} > 10.0.1.50#25`)])).toEqual([
      ['em2', 'matches'],
      ['em0', 'perhaps'],
    ]);
  });
});
