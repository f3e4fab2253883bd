// Tests how the parser of pf reads what stands around rules: macros, lists, joined lines, tables, anchors.

import { rulesOf, says } from './texts';

const filter = (line: string) => rulesOf(`${line}\n`).filter;
const C = '198.51.100.7';

describe('the syntax around rules', () => {
  it('replaces macros, also if a word goes on after them', () => {
    const text =
      'lan = "em1"\nboth = "{" $lan em2 "}"\nports = "{ 25 465 }"\npass in on $both inet proto tcp from $lan:network to any port $ports\n';
    const [rule] = rulesOf(text).filter;
    expect([
      rule!.on,
      says(rule!, 'tcp 10.0.1.7 > 198.51.100.7#465'),
      says(rule!, 'tcp 10.0.2.7 > 198.51.100.7#465'),
    ]).toEqual([{ is: ['em1', 'em2'] }, 'matches', 'no']);
  });

  it('continues a macro’s quoted lines as if they were one line', () => {
    const text = 'nets = "{ 10.0.0.0/16\n  10.0.2\n.0/24 }" # ours\nblock all\npass in from $nets to any\n';
    const [, rule] = rulesOf(text).filter;
    expect([
      rule!.line.number,
      says(rule!, 'tcp 10.0.2.7 > 198.51.100.7#465'),
      says(rule!, 'tcp 10.1.2.7 > 198.51.100.7#465'),
    ]).toEqual([5, 'matches', 'no']);
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
    const text =
      'table <t> const { 10.0.0.0/8 !10.0.1.0/24 10.0.1.50 }\ntable <f> persist file "/etc/f"\npass from <t>\npass from <f>\n';
    const [t, f] = rulesOf(text).filter;
    const from = (address: string) => `gre ${address} > ${C}`;
    expect(['10.0.2.1', '10.0.1.1', '10.0.1.50'].map((address) => says(t!, from(address)))).toEqual([
      'matches',
      'no',
      'matches',
    ]);
    expect([says(f!, from('10.0.2.1')), f!.uncertain?.reason]).toEqual([
      'perhaps',
      'what is in table f stands in a file that was not given',
    ]);
  });

  it('accepts the lists and tables that are printed after their commands', () => {
    const text =
      '# pfctl -sr\npass from <t>\n# pfctl -P -sn\nno rdr proto carp all\n# pfctl -t t -T show\n   10.0.2.0/24\n  !10.0.2.9\n';
    const {
      filter: [rule],
      rdr,
    } = rulesOf(text);
    expect([says(rule!, `gre 10.0.2.8 > ${C}`), says(rule!, `gre 10.0.2.9 > ${C}`), rdr.length]).toEqual([
      'matches',
      'no',
      1,
    ]);
  });

  it('expands antispoof', () => {
    const rules = filter('antispoof log quick for { em1 lo0 } inet label "x"');
    expect(rules.map(({ on, action, direction, quick }) => [on, action, direction, quick])).toEqual([
      [{ but: ['em1'] }, 'block', 'in', true],
      ['any', 'block', 'in', true],
      [{ but: ['lo0'] }, 'block', 'in', true],
    ]);
    expect(rules.map((rule) => says(rule, `gre 10.0.1.1 > ${C}`))).toEqual(['matches', 'matches', 'no']);
    expect(rules.map((rule) => says(rule, `gre 10.0.1.2 > ${C}`))).toEqual(['matches', 'no', 'no']);
  });

  it('leaves out shaping, and options without an effect', () => {
    const text =
      'set skip on { lo0 inside }\nset optimization normal\nscrub in all fragment reassemble\nno scrub on em0\naltq on em0 hfsc queue { a }\nqueue a on em0 priority 1 { b }\n';
    expect(rulesOf(text)).toEqual({ skipped: ['lo0', 'em1', 'em2'], rdr: [], nat: [], binat: [], filter: [] });
  });
});

it('takes skipped interfaces from `pfctl -sI -v`', () => {
  const text =
    'block drop all\n# pfctl -sI -v\nall\nem0\nem1 (skip)\n\tCleared:     Sat Nov 21 00:00:00 2026\nlo (skip)\nVPNS (skip)\nlo0 (skip)\n';
  expect(rulesOf(text)).toMatchObject({ skipped: ['em1', 'lo0'] });
  expect(rulesOf(text).unloadable).toBeUndefined();
});

describe('anchors', () => {
  it('are empty if they always are', () => expect(rulesOf('nat-anchor "natearly/*" all\n').nat).toEqual([]));

  it('may do anything with packets that reach them', () => {
    const text =
      'anchor "frotz/*" in on em0 inet proto tcp all\nnat-anchor "frotz" all\nrdr-anchor "frotz" on em1 all\n';
    const { filter: rules, nat, rdr } = rulesOf(text);
    expect(rules.map(({ action, quick, direction, on }) => [action, quick, direction, on])).toEqual([
      ['pass', true, 'in', { is: ['em0'] }],
      ['block', true, 'in', { is: ['em0'] }],
    ]);
    expect(rules.map((rule) => [says(rule, `tcp ${C} > 10.0.1.50#25`), says(rule, `udp ${C} > 10.0.1.50#25`)])).toEqual(
      [
        ['perhaps', 'no'],
        ['perhaps', 'no'],
      ],
    );
    expect([nat, rdr].map(([rule]) => says(rule!, `tcp ${C} > 10.0.1.50#25`))).toEqual(['perhaps', 'perhaps']);
  });

  it('pass only TCP and UDP if they can hold no other rules', () => {
    const rules = rulesOf('anchor "miniupnpd" all\n').filter;
    expect(
      rules.map((rule) => [rule.action, says(rule, `udp ${C} > 10.0.1.50#25`), says(rule, `gre ${C} > 10.0.1.50`)]),
    ).toEqual([['pass', 'perhaps', 'no']]);
  });

  it('are not empty if a file fills them', () =>
    expect(
      rulesOf('nat-anchor "natearly/*"\nload anchor "natearly/x" from "/etc/x"\n').nat.map(({ pass }) => pass),
    ).toEqual([false, true]));

  it('hold the rules in their braces', () => {
    const [rule, last] = rulesOf(
      'anchor "a" on em0 all {\n  pass proto tcp\n  anchor "b" {\n    pass to 10.0.1.50\n  }\n}\n',
    ).filter;
    expect([rule!.on, says(rule!, `tcp ${C} > 10.0.1.50#25`), last!.on]).toEqual([
      { is: ['em0'] },
      'matches',
      { is: ['em0'] },
    ]);
  });

  it('limit their rules to their own direction', () => {
    const rules = rulesOf(
      'anchor "a" in on em0 all {\n  pass proto tcp\n  pass out proto udp\n  block in proto udp\n}\n',
    ).filter;
    expect(rules.map(({ action, direction, quick }) => [action, direction, quick])).toEqual([
      ['pass', 'in', false],
      ['block', 'in', false],
    ]);
  });

  it('decide at once by the first quick rule, or else by the last', () => {
    const text =
      'anchor "a" quick {\n  block all\n  pass quick proto gre\n  pass proto tcp\n  block proto tcp to 10.0.1.9\n}\npass all\n';
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

  it('with quick rules that are not shown are unknown', () =>
    expect(rulesOf('anchor "a" quick {\n  anchor "frotz"\n}\n').unloadable?.reason).toContain(
      'rules that are not shown',
    ));

  it('printed by `-a "*"` hold the rules that are shown, and perhaps others below', () => {
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

  it('of binat with further conditions make their rules uncertain', () => {
    const peers = (asked: string): unknown =>
      rulesOf(`binat-anchor "frotz" ${asked} {\n  binat on em0 from 10.0.1.50 to any -> 203.0.113.10\n}\n`).binat[0]
        ?.peers;
    expect(peers('inet')).toMatchObject({ uncertain: [], reason: '' });
    for (const asked of ['proto tcp', 'inet6'])
      expect(peers(asked)).toMatchObject({ must: [], reason: 'the anchor that it stands in asks for more' });
  });

  it('leave all addresses unknown if a binat anchor is not shown', () =>
    expect(rulesOf('binat-anchor "frotz" all\n').unloadable?.reason).toBe('what is in anchor frotz is not told'));
});

describe('tables of anchors', () => {
  it('differ from the main ones of that name', () => {
    const text =
      'table <web> { 192.0.2.0/24 }\nanchor "a" {\ntable <web> { 198.51.100.0/24 }\npass in from <web>\n}\nblock in from <web>\n';
    for (const rule of rulesOf(text).filter) {
      expect(says(rule, `tcp ${C} > 10.0.1.50#25`)).toBe('perhaps');
      expect(says(rule, 'tcp 192.0.2.7 > 10.0.1.50#25')).toBe('perhaps');
    }
  });
});

it('a number by which pfSense 2.4 finds a rule again does not change its packets', () => {
  const [rule] = rulesOf(
    'pass in quick on em0 inet proto tcp from any to 10.0.1.50 port = smtp tracker 1500000000 flags S/SA keep state\n',
  ).filter;
  expect(says(rule!, `tcp ${C} > 10.0.1.50#25`)).toBe('matches');
});

it('parses IPv4-mapped IPv6 addresses in a table', () => {
  const text =
    'block in from <bogons>\n# pfctl -t bogons -T show\n   ::ffff:0.0.0.0/96\n   ::ffff:192.0.2.1\n   198.51.100.0/24\n';
  const [rule] = rulesOf(text).filter;
  expect([says(rule!, `tcp ${C} > 10.0.1.50#25`), says(rule!, 'tcp 192.0.2.1 > 10.0.1.50#25')]).toEqual([
    'matches',
    'no',
  ]);
});
