// Tests the names of generated pfSense entries: unique on the box, stable between releases, and harmless if the
// intent's texts are hostile.

import { assignInterfaceKeys } from '../../../../lib/platforms/pfsense/generate/assumed-box';
import { XmlElement } from '../../../../lib/xml/parse-xml';
import { box } from './samples';
import { NOTHING, mapping, opening, openings, ports, virtualIp } from '../../../generate/support';
import { list, said, write } from './generated-entries';

describe('names', () => {
  const long = 'a-very-long-name-of-a-profile-that-fits-nowhere-at-all';
  const policy = box(
    [
      mapping('203.0.113.10', '10.0.0.10', {
        name: 'a',
        allowRules: openings(long, [opening({ ports: ports(1, 3) })]),
      }),
      mapping('203.0.113.11', '10.0.0.11', {
        name: 'b',
        allowRules: openings(long, [opening({ ports: ports(1, 5) })]),
      }),
      mapping('203.0.113.12', '10.0.0.12', {
        name: 'c',
        allowRules: openings('x y<&>\n"', [opening({ ports: ports(1, 7) })]),
      }),
    ],
    {
      virtualIps: [virtualIp('203.0.113.10'), virtualIp('203.0.113.11', { name: 'other' })],
      owner: 'a-name-of-28-characters-long',
    },
  );

  const LISTED = [
    ['virtualip', 'vip'],
    ['aliases', 'alias'],
    ['nat', 'onetoone'],
    ['filter', 'rule'],
  ] as const;
  const tagsOf = (elements: readonly XmlElement[]): readonly string[] =>
    elements.flatMap((one) => said(one, 'descr')!.split(' ')[0]!).filter((tag) => tag.startsWith('cpanel-edge:'));

  it('fit into the box’s limits and are unique', () => {
    const text = write(policy);
    const aliases = list(text, 'aliases', 'alias').map((alias) => said(alias, 'name')!);
    for (const name of aliases) expect(name).toMatch(/^(?=.*[A-Za-z])[A-Za-z0-9_]{1,31}$/);
    expect(new Set(aliases).size).toBe(aliases.length);
    for (const [section, name] of LISTED) {
      // The box finds an entry again by its first word.
      const tags = tagsOf(list(text, section, name));
      expect(tags.length).toBeGreaterThan(0);
      expect(new Set(tags).size).toBe(tags.length);
    }
    const rules = list(text, 'filter', 'rule').filter((rule) => said(rule, 'tracker'));
    for (const rule of rules) expect(Buffer.byteLength(said(rule, 'descr')!.split(' ')[0]!)).toBeLessThanOrEqual(50);
    for (const rule of rules) expect(Number(said(rule, 'tracker'))).toBeLessThan(2 ** 32);
    for (const vip of list(text, 'virtualip', 'vip')) expect(said(vip, 'uniqid')).toMatch(/^[0-9a-f]{13}$/);
  });

  it('avoid those of other entries', () => {
    const text = write(policy);
    const taken = (section: string, name: string, of: string): readonly (string | undefined)[] =>
      list(text, section, name).map((one) => said(one, of));
    const others = text
      .replace('<assumed/>', '<captured/>')
      .replaceAll('cpanel-edge:', 'somebody:')
      .replaceAll('203.0.113.1', '192.0.2.1');
    const moved = others.replace(/<onetoone>[\s\S]*<\/onetoone>\n/, '');
    const beside = write(policy, moved.replaceAll('<ipaddr>192.0.2.1', '<ipaddr>203.0.113.1'));
    for (const [section, name, of] of [
      ['aliases', 'alias', 'name'],
      ['filter', 'rule', 'tracker'],
      ['virtualip', 'vip', 'uniqid'],
    ] as const) {
      const now = list(beside, section, name).flatMap((one) => said(one, of) ?? []);
      expect(new Set(now).size).toBe(now.length);
      expect(now).toEqual(expect.arrayContaining(taken(section, name, of).filter((one) => one !== undefined)));
    }
  });

  it('of interfaces are keys if they are keys, and assigned in order otherwise', () => {
    const named = (role: 'outside' | 'inside', ...names: string[]) =>
      names.map((name) => ({ name, role, addresses: [], routes: [] }));
    expect([
      ...assignInterfaceKeys([
        ...named('inside', 'igb1', 'lan'),
        ...named('outside', 'igb0', 'ix0'),
        ...named('inside', 'opt1'),
      ]),
    ]).toEqual([
      ['lan', 'lan'],
      ['opt1', 'opt1'],
      ['igb1', 'opt2'],
      ['igb0', 'wan'],
      ['ix0', 'opt3'],
    ]);
  });

  it('are the same for the same policy, and others for another owner', () => {
    const one = box([], { virtualIps: [virtualIp('203.0.113.10'), virtualIp('203.0.113.11', { name: 'b' })] });
    const uniqid = (owner: string, vips = one.virtualIps): readonly (string | undefined)[] =>
      list(write({ ...one, owner, virtualIps: vips }), 'virtualip', 'vip').map((vip) => said(vip, 'uniqid'));
    expect(uniqid('x', one.virtualIps.slice(0, 1))).toEqual(uniqid('x').slice(0, 1));
    expect(uniqid('x')).not.toEqual(uniqid('y'));
  });
});

describe('hostile text', () => {
  const description = 'a\nb\r\u2028c\u0000\u202e ]]> </descr><rule/> &amp; &lt; "x" \' \ud800 pass in quick all';
  const text = write(box([mapping('203.0.113.10', '10.0.0.10', { name: 'x', description, allowRules: NOTHING })]));

  it('is quoted in the description, without line breaks', () => {
    const [one] = list(text, 'nat', 'onetoone');
    // The box decodes entities once more.
    const decoded = said(one!, 'descr')!.replaceAll(
      /&(lt|gt|quot|apos|amp);/g,
      (_, of: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[of]!,
    );
    expect(decoded).toBe(
      'cpanel-edge:web-team/x a\\u{a}b\\u{d}\\u{2028}c\\u{0}\\u{202e} ]]> </descr><rule/> &amp; &lt; "x" \' \\u{d800} pass in quick all',
    );
    expect(list(text, 'filter', 'rule').filter((rule) => rule.children.length === 0)).toEqual([]);
  });

  it('is shortened if it is very long', () => {
    const long = write(box([mapping('203.0.113.10', '10.0.0.10', { description: '\u{1f600}'.repeat(500) })]));
    expect(said(list(long, 'nat', 'onetoone')[0]!, 'descr')!.length).toBeLessThan(300);
  });
});
