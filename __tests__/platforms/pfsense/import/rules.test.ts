// Tests the import of pfSense's filter rules: which become allow rules of a mapping, and the reason for each that is
// skipped.

import { LAN, WAN, WAN2, at, rule } from '../parse/boxes';
import { MAIL, alias, find, oneToOne, reasons, said, tcp, vip } from './import-samples';

describe('an imported rule', () => {
  const two = {
    vips: vip('203.0.113.10') + vip('203.0.113.11'),
    oneToOne: oneToOne('203.0.113.10', '10.0.1.50') + oneToOne('203.0.113.11', '10.0.1.51'),
  };

  it('for several mapped hosts counts for all of them', () => {
    const found = find({ ...two, aliases: alias('servers', '10.0.1.50 10.0.1.51'), rules: tcp('servers', '443') });
    expect(said(found)).toEqual([
      '203.0.113.10 = 10.0.1.50; 6 443 from anywhere',
      '203.0.113.11 = 10.0.1.51; 6 443 from anywhere',
    ]);
    expect(found.skipped).toEqual([]);
  });

  it('for other hosts, too, stays and is imported for mapped ones', () => {
    const found = find({ ...MAIL, aliases: alias('servers', '10.0.1.50 10.0.1.99'), rules: tcp('servers', '443') });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere and more']);
    expect(reasons(found)).toEqual([
      expect.stringMatching(/^rule 1 of wan: it opens to others than mapped hosts, too/),
    ]);
  });

  it('of another interface, a disabled one and one for other hosts are not imported', () => {
    const rules =
      rule('pass', 'lan') + tcp('10.0.1.50', '22', { rest: '<disabled></disabled>' }) + tcp('10.0.1.99', '22');
    expect(said(find({ ...MAIL, rules }))).toEqual(['203.0.113.10 = 10.0.1.50']);
  });

  it('that floats with quick is imported and stays', () => {
    const floating = (rest: string): string =>
      tcp('10.0.1.50', '25', { rest: `<floating>yes</floating><direction>in</direction>${rest}` });
    expect(said(find({ ...MAIL, rules: floating('<quick>yes</quick>') }))).toEqual([
      '203.0.113.10 = 10.0.1.50; 6 25 from anywhere and more',
    ]);
    expect(reasons(find({ ...MAIL, rules: floating('') }))[0]).toContain('it floats without deciding at once');
    const out = tcp('10.0.1.50', '25', {
      rest: '<floating>yes</floating><direction>out</direction><quick>yes</quick>',
    });
    expect(said(find({ ...MAIL, rules: out }))).toEqual(['203.0.113.10 = 10.0.1.50']);
  });

  it.each([
    ['<gateway>WAN2GW</gateway>', 'a gateway of its own'],
    ['<sched>night</sched>', 'schedule night'],
    ['<os>Linux</os>', 'operating system'],
    ['<max-src-conn>5</max-src-conn>', 'how many connections'],
    ['<tag>x</tag>', 'it tags'],
    ['<statetype>none</statetype>', 'states of its own kind'],
    ['<associated-rule-id>nat_1</associated-rule-id>', 'port forward'],
  ])('with %s can not be expressed, so its mapping is skipped', (rest, why) => {
    const more = '<schedules><schedule><name>night</name></schedule></schedules>';
    const found = find({ ...MAIL, rules: tcp('10.0.1.50', '25', { rest }), more, interfaces: WAN + LAN + WAN2 });
    expect(said(found)).toEqual([]);
    expect(reasons(found)).toEqual([
      expect.stringContaining(why),
      'virtual IP "vip 203.0.113.10" 203.0.113.10: no 1:1 entry that is carried over uses it',
    ]);
  });

  it.each([
    [tcp('10.0.1.50', '25', { from: at('list') }), 'filled from a URL'],
    [tcp('10.0.1.50', '25', { from: at('ghosts') }), 'whose addresses aren'],
    [tcp('10.0.1.50', '25', { from: '<any></any><port>1000</port>' }), 'source ports'],
    [tcp('10.0.1.50', '25').replace('tcp', 'TCP'), 'in capitals'],
    [tcp('10.0.1.50', '25').replace('<protocol>tcp</protocol>', ''), 'a port and no protocol'],
    [tcp('10.0.1.50', 'names'), 'no port that is known'],
  ])('%s can not be expressed', (rules, why) => {
    const aliases =
      alias('list', '', 'urltable') + alias('ghosts', 'ghost.example') + alias('names', '80 unheard-of', 'port');
    const found = find({ ...MAIL, rules, aliases });
    expect([said(found), reasons(found)[0]]).toEqual([[], expect.stringContaining(why)]);
  });

  it('of all peers except some opens to the others, and to any source if the mapping excludes the same', () => {
    const but = '<not></not><address>128.0.0.0/1</address>';
    const rules = tcp('10.0.1.50', '25', { from: but });
    expect(said(find({ ...MAIL, rules }))).toEqual(['203.0.113.10 = 10.0.1.50; 6 25 from 0.0.0.0/1']);
    const excluding = (peer: string) => MAIL.oneToOne!.replace('<any></any>', `<not></not>${at(peer)}`);
    const oneToOne = excluding('198.51.100.1');
    const own = tcp('10.0.1.50', '25', { from: `<not></not>${at('198.51.100.1')}` });
    expect(said(find({ ...MAIL, oneToOne, rules: own }))).toEqual([
      '203.0.113.10 = 10.0.1.50 but for 198.51.100.1; 6 25 from anywhere',
    ]);
    expect(said(find({ ...MAIL, oneToOne, rules: tcp('10.0.1.50', '25') }))).toEqual([
      '203.0.113.10 = 10.0.1.50 but for 198.51.100.1; 6 25 from anywhere and more',
    ]);
  });

  it('for a part of a subnet can not be expressed', () => {
    const subnet = oneToOne('198.51.100.0', '10.0.1.48/30');
    expect(reasons(find({ oneToOne: subnet, rules: tcp('10.0.1.50', '25') }))).toEqual([
      expect.stringContaining('a part of it only'),
    ]);
  });

  it.each([
    ['all packets', rule('pass', 'wan')],
    ['every port of a mapped host', rule('pass', 'wan', { to: at('10.0.1.50'), rest: '<protocol>tcp</protocol>' })],
    ['all ports by their numbers', tcp('10.0.1.50', '1-65535')],
    ['all packets of an office', rule('pass', 'wan', { from: at('198.51.100.7'), to: at('10.0.1.50') })],
    ['a rule without a type, which passes', rule('', 'wan', { to: at('10.0.1.50') })],
  ])('that accepts %s is an objection, and is not imported', (_, rules) => {
    const found = find({ ...MAIL, rules: rules + tcp('10.0.1.50', '443') });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere']);
    expect(found.objections).toEqual([
      { entry: expect.objectContaining({ label: 'rule 1 of wan' }), reason: expect.stringContaining('every port') },
    ]);
  });

  describe('below a block', () => {
    const block = (from: string): string => rule('block', 'wan', { from, to: at('10.0.1.50') });

    it('with a source, at the top, keeps its place', () => {
      expect(said(find({ ...MAIL, rules: block(at('198.51.100.66')) + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50; 6 25 from anywhere',
      ]);
    });

    it('of everything from some sources, opens to the others', () => {
      const half = '<address>0.0.0.0/1</address>';
      expect(said(find({ ...MAIL, rules: tcp('10.0.1.99', '1') + block(half) + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50; 6 25 from 128.0.0.0/1',
      ]);
      expect(said(find({ ...MAIL, rules: block('<any></any>') + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50',
      ]);
    });

    it('of IPv6 opens to any IPv4 source', () => {
      const other = block(at('2001:db8::1'))
        .replaceAll(at('10.0.1.50'), at('2001:db8::50'))
        .replace('<source>', '<ipprotocol>inet6</ipprotocol><source>');
      expect(said(find({ ...MAIL, rules: tcp('10.0.1.99', '1') + other + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50; 6 25 from anywhere',
      ]);
    });

    it('of some ports can not be expressed', () => {
      const other = rule('block', 'wan', {
        from: at('198.51.100.66'),
        to: `${at('10.0.1.50')}<port>20:30</port>`,
        rest: '<protocol>tcp</protocol>',
      });
      const found = find({ ...MAIL, rules: tcp('10.0.1.99', '1') + other + tcp('10.0.1.50', '25') });
      expect([said(found), reasons(found)[0]]).toEqual([
        [],
        expect.stringContaining('stands before it and keeps some of that out'),
      ]);
    });

    it('of other ports or peers keeps its place', () => {
      const other = rule('block', 'wan', { to: `${at('10.0.1.50')}<port>26</port>`, rest: '<protocol>tcp</protocol>' });
      expect(said(find({ ...MAIL, rules: other + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50; 6 25 from anywhere',
      ]);
    });
  });
});
