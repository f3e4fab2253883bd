// Tests pf rules that releases of FreeBSD evaluate differently: without a known release their packets are unknown.

import { asking, tcp, WAN, LAN } from './asking';
import { BOX } from './rules';
import { AROUND, rulesOf } from './texts';

/** The outcome of a packet from the internet to the box itself: `allowed …`, `denied`, `unknown: reason`. */
const asked = (text: string, port: number, protocol = 6): string =>
  asking(rulesOf(text, { ...AROUND, device: BOX }), BOX)(WAN, {
    ...tcp('198.51.100.7', '203.0.113.2', port),
    protocol,
  });
const word = (text: string, port: number, protocol = 6): string => asked(text, port, protocol).split(/[ :]/)[0]!;
const BY_RELEASE = /whether quick of the anchor around it ends the list depends on the release of pf/;

describe('quick of an anchor with an anchor inside', () => {
  const text = (
    inside: string,
    behind = 'pass in quick on em0 inet proto tcp from any to any port = ssh',
  ): string => `block drop in on em0 all
anchor "web" in quick on em0 all {
${inside}
}
${behind}
`;
  const DNS = `  anchor "dns" all {
    pass inet proto udp from any to any port = domain keep state
  }`;

  it('is unknown if no rule matches after pf entered the inner one, and later rules decide otherwise', () =>
    expect(asked(text(`  block drop all\n${DNS}`), 22)).toMatch(BY_RELEASE));

  it.each<[string, string, number, string]>([
    ['later rules agree', `  block drop all\n${DNS}`, 80, 'denied'],
    ['there is no inner anchor', '  block drop all', 22, 'denied'],
    [
      'pf does not enter the inner anchor',
      `  block drop all\n${DNS.replace('"dns" all', '"dns" proto udp')}`,
      22,
      'denied',
    ],
    [
      'the inner anchor is for another direction',
      `  block drop all\n${DNS.replace('"dns" all', '"dns" out').replace('from any to any port = domain ', '')}`,
      22,
      'denied',
    ],
    [
      'the inner anchor is for another interface',
      `  block drop all\n${DNS.replace('"dns" all', '"dns" on em1 all')}`,
      22,
      'denied',
    ],
    ['a rule after the inner anchor matches', `${DNS}\n  block drop all`, 22, 'denied'],
    ['the rule before is quick itself', `  block drop quick all\n${DNS}`, 22, 'denied'],
    [
      'a rule in the inner anchor matches',
      `  block drop all\n${DNS.replace('inet proto udp', 'inet proto tcp').replace('domain', 'ssh')}`,
      22,
      'allowed',
    ],
  ])('is known if %s', (_, inside, port, wanted) => expect(word(text(inside), port)).toBe(wanted));

  it('of a nested anchor is unknown, too', () => {
    const nested = `  anchor "a" quick all {
    block drop all
  ${DNS}
  }`;
    expect(asked(text(nested), 22)).toMatch(BY_RELEASE);
    expect(word(text(nested), 80)).toBe('denied');
  });
});

describe('translations of an anchor', () => {
  it.each(['rdr-anchor', 'nat-anchor'])('are not the rules in braces after its filter rules: %s', (kind) => {
    const text = `${kind} "ya" on em0 all\nblock drop on em0 all\nanchor "ya" in all {\n}\n`;
    expect(word(text, 443)).toBe(kind === 'rdr-anchor' ? 'unknown' : 'denied');
  });

  it('may let packets bypass the filter', () => {
    const text = 'nat-anchor "ya" on em0 all\nblock drop out on em0 all\npass in all\n';
    const rules = rulesOf(text, { ...AROUND, device: BOX });
    expect(asking(rules, BOX)(LAN, tcp('10.0.0.11', '198.51.100.7'))).toMatch(
      /^unknown: .*what is in anchor ya is not told/,
    );
  });
});

describe('a table that a rule of an anchor names', () => {
  const text = `# pfctl -sr
block drop in on em0 all
anchor "a" in on em0 all {
  pass quick proto tcp from <friends> to any port = ssh
}
pass in quick on em0 proto tcp from <friends> to any port = http
# pfctl -t friends -T show
   192.0.2.1
`;
  it('may be the anchor’s own, and not the one that pfctl printed', () => {
    expect(asked(text, 22)).toMatch(/whether the anchor has a table friends of its own is not told/);
    expect(word(text, 80)).toBe('denied');
  });
});

describe('route-to with several next hops', () => {
  const ways = (rule: string, more: string): string =>
    asking(rulesOf(`${rule}\n${more}\n`, { ...AROUND, device: BOX }), BOX)(WAN, tcp('198.51.100.7', '10.0.0.11'));
  const POOL = 'pass in quick on em0 route-to { (em1 10.0.0.9), (em2 10.0.2.9) } round-robin inet all';

  it('evaluates the outbound rules of each of them', () => {
    expect(ways(POOL, 'pass out all')).toMatch(/^(allowed|unknown)/);
    expect(ways(POOL, 'block out on em2 all')).toMatch(/^unknown: .*which of its next hops/);
    expect(ways(POOL, 'block out on em1 all')).toMatch(/^unknown: /);
    expect(ways(POOL, 'block out all')).toBe('denied');
  });

  it('has the effect of one next hop if all are on one interface', () => {
    const one = POOL.replace('(em2 10.0.2.9)', '(em1 10.0.0.8)');
    expect(ways(one, 'block out on em2 all\npass out on em1 all')).toMatch(/^allowed/);
    expect(ways(one, 'block out on em1 all')).toBe('denied');
  });
});
