import { printPrefix } from '../../../lib/net/address';
import { capturing } from '../../../lib/platforms/pfsense/capture/capture';
import { importing } from '../../../lib/platforms/pfsense/import/importing';
import { Refusal } from '../../../lib/problems/problem';
import { Found, FoundMapping } from '../../../lib/reading/found';
import { DMZ, LAN, Parts, WAN, WAN2, at, configuration, on, rule } from './boxes';

const captured = (parts: Parts): string => capturing.capture(configuration(parts)).text;
const find = (parts: Parts): Found => importing.find(captured(parts));

const vip = (address: string, fields = '<mode>ipalias</mode><interface>wan</interface><uniqid>5f00000000001</uniqid>'): string =>
  `<vip>${fields}<subnet>${address}</subnet><subnet_bits>32</subnet_bits><type>single</type><descr><![CDATA[vip ${address}]]></descr></vip>`;
const oneToOne = (external: string, inside: string, rest = ''): string =>
  `<onetoone><interface>wan</interface><external>${external}</external><source>${at(inside)}</source>` +
  `<destination><any></any></destination>${rest}<descr><![CDATA[for ${inside}]]></descr></onetoone>`;
const tcp = (to: string, port: string, more: { from?: string; rest?: string } = {}): string =>
  rule('pass', 'wan', {
    from: more.from ?? '<any></any>',
    to: `${at(to)}<port>${port}</port>`,
    rest: `<protocol>tcp</protocol>${more.rest ?? ''}`,
  });
const alias = (name: string, words: string, type = 'host'): string =>
  `<alias><name>${name}</name><type>${type}</type><address>${words}</address></alias>`;

const MAIL: Parts = { vips: vip('203.0.113.10'), oneToOne: oneToOne('203.0.113.10', '10.0.1.50') };
const said = ({ mappings }: Found): readonly string[] => mappings.map(sayMapping);
const sayMapping = ({ outside, inside, openings }: FoundMapping): string =>
  [
    `${printPrefix(outside)} = ${printPrefix(inside)}`,
    ...openings.map(
      ({ protocol, ports, sources, opensMore }) =>
        `${protocol} ${ports === 'all' ? 'all' : ports.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',')} from ${
          sources === 'anywhere' ? sources : sources.map((one) => (typeof one === 'string' ? one : printPrefix(one))).join(',')
        }${opensMore ? ' and more' : ''}`,
    ),
  ].join('; ');
const reasons = ({ left }: Found): readonly string[] => left.map(({ entry, why }) => `${entry.called}: ${why}`);

describe('a mapping', () => {
  it('has its virtual IP and what rules open to its host', () => {
    const found = find({ ...MAIL, rules: tcp('10.0.1.50', '443') + tcp('10.0.1.50', '1000-2000', { from: at('198.51.100.0/24') }) });
    expect(found).toMatchObject({ version: '2.7.2', globalHelper: false, objections: [], left: [] });
    expect(found.virtualIps).toMatchObject([
      { interface: 'wan', kind: 'ip-alias', mask: 32, entry: { called: 'virtual IP "vip 203.0.113.10" 203.0.113.10' } },
    ]);
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere; 6 1000-2000 from 198.51.100.0/24']);
    expect(found.interfaces).toMatchObject([
      { name: 'wan', role: 'outside', addresses: ['203.0.113.2/28'] },
      { name: 'lan', role: 'inside', addresses: ['10.0.1.1/24'] },
    ]);
  });

  it('takes sets from aliases, also of aliases', () => {
    const aliases =
      alias('office', '198.51.100.7 branch') + alias('branch', '198.51.100.64/27', 'network') + alias('web', '80 443 9000:9010', 'port');
    const found = find({ ...MAIL, aliases, rules: tcp('10.0.1.50', 'web', { from: at('office') }) });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 80,443,9000-9010 from office']);
    expect(found.sets.map(({ name, members }) => [name, ...members.map(printPrefix)])).toEqual([
      ['office', '198.51.100.7', '198.51.100.64/27'],
    ]);
  });

  it.each([
    ['<protocol>udp</protocol>', '<port>53</port>', '17 53 from anywhere'],
    ['<protocol>tcp/udp</protocol>', '<port>53</port>', '6 53 from anywhere; 17 53 from anywhere'],
    ['<protocol>icmp</protocol><icmptype>echoreq</icmptype>', '', '1 8 from anywhere'],
    ['<protocol>icmp</protocol>', '', '1 0,3-6,8-18,30-36,39-40 from anywhere'],
    ['<protocol>gre</protocol>', '', '47 all from anywhere'],
  ])('says %s %s', (protocol, port, opening) => {
    const rules = rule('pass', 'wan', { to: at('10.0.1.50') + port, rest: protocol });
    expect(said(find({ ...MAIL, rules }))).toEqual([`203.0.113.10 = 10.0.1.50; ${opening}`]);
  });

  it('of a subnet is one of its interface’s network, too', () => {
    const subnet = `<onetoone><interface>wan</interface><external>198.51.100.0</external><source>${on('lan')}</source><destination><any></any></destination></onetoone>`;
    expect(said(find({ oneToOne: subnet }))).toEqual(['198.51.100.0/24 = 10.0.1.0/24']);
  });

  it('has the peers of its destination', () => {
    const restricted = oneToOne('203.0.113.10', '10.0.1.50').replace('<destination><any></any>', `<destination>${at('partners')}`);
    const [mapping] = find({ ...MAIL, oneToOne: restricted, aliases: alias('partners', '198.51.100.0/24', 'network') }).mappings;
    expect(mapping).toMatchObject({ peers: ['partners'], enabled: true, inboundOnly: false });
  });

  it('is reflected where the box reflects', () => {
    const interfaces = WAN + LAN + DMZ + WAN2;
    const own = oneToOne('203.0.113.10', '10.0.1.50', '<natreflection>enable</natreflection>');
    expect(find({ ...MAIL, interfaces, oneToOne: own }).mappings[0]!.reflection).toEqual({ mode: 'pure-nat', from: ['lan', 'opt1'] });
    expect(find({ ...MAIL, interfaces }).mappings[0]!.reflection).toEqual({ mode: 'disabled' });
    const system = '<enablebinatreflection>yes</enablebinatreflection>';
    expect(find({ ...MAIL, interfaces, system }).mappings[0]!.reflection).toMatchObject({ mode: 'pure-nat' });
    const not = oneToOne('203.0.113.10', '10.0.1.50', '<natreflection>disable</natreflection>');
    expect(find({ ...MAIL, interfaces, system, oneToOne: not }).mappings[0]!.reflection).toEqual({ mode: 'disabled' });
  });

  it('that is disabled opens nothing', () => {
    const found = find({
      ...MAIL,
      oneToOne: oneToOne('203.0.113.10', '10.0.1.50', '<disabled>0</disabled>'),
      rules: tcp('10.0.1.50', '443'),
    });
    expect([said(found), found.mappings[0]!.enabled]).toEqual([['203.0.113.10 = 10.0.1.50'], false]);
  });

  it('that is the second of a host is inbound only', () => {
    const two = oneToOne('203.0.113.10', '10.0.1.50') + oneToOne('203.0.113.11', '10.0.1.50');
    const found = find({ vips: vip('203.0.113.10') + vip('203.0.113.11'), oneToOne: two, rules: tcp('10.0.1.50', '25') });
    expect(found.mappings.map(({ inboundOnly }) => inboundOnly)).toEqual([false, true]);
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 25 from anywhere', '203.0.113.11 = 10.0.1.50; 6 25 from anywhere']);
  });
});

describe('a rule', () => {
  const two = {
    vips: vip('203.0.113.10') + vip('203.0.113.11'),
    oneToOne: oneToOne('203.0.113.10', '10.0.1.50') + oneToOne('203.0.113.11', '10.0.1.51'),
  };

  it('for several mapped hosts is of all of them', () => {
    const found = find({ ...two, aliases: alias('servers', '10.0.1.50 10.0.1.51'), rules: tcp('servers', '443') });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere', '203.0.113.11 = 10.0.1.51; 6 443 from anywhere']);
    expect(found.left).toEqual([]);
  });

  it('for others, too, stays and is carried over for mapped ones', () => {
    const found = find({ ...MAIL, aliases: alias('servers', '10.0.1.50 10.0.1.99'), rules: tcp('servers', '443') });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere and more']);
    expect(reasons(found)).toEqual([expect.stringMatching(/^rule 1 of wan: it opens to others than mapped hosts, too/)]);
  });

  it('of another interface, a disabled one and one for others say nothing', () => {
    const rules = rule('pass', 'lan') + tcp('10.0.1.50', '22', { rest: '<disabled></disabled>' }) + tcp('10.0.1.99', '22');
    expect(said(find({ ...MAIL, rules }))).toEqual(['203.0.113.10 = 10.0.1.50']);
  });

  it('that floats and decides at once is carried over and stays', () => {
    const floating = (rest: string): string => tcp('10.0.1.50', '25', { rest: `<floating>yes</floating><direction>in</direction>${rest}` });
    expect(said(find({ ...MAIL, rules: floating('<quick>yes</quick>') }))).toEqual([
      '203.0.113.10 = 10.0.1.50; 6 25 from anywhere and more',
    ]);
    expect(reasons(find({ ...MAIL, rules: floating('') }))[0]).toContain('it floats without deciding at once');
    const out = tcp('10.0.1.50', '25', { rest: '<floating>yes</floating><direction>out</direction><quick>yes</quick>' });
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
  ])('with %s can not be said, and so its mapping neither', (rest, why) => {
    const more = '<schedules><schedule><name>night</name></schedule></schedules>';
    const found = find({ ...MAIL, rules: tcp('10.0.1.50', '25', { rest }), more, interfaces: WAN + LAN + WAN2 });
    expect(said(found)).toEqual([]);
    expect(reasons(found)).toEqual([
      expect.stringContaining(why),
      'virtual IP "vip 203.0.113.10" 203.0.113.10: no 1:1 entry that is carried over uses it',
    ]);
  });

  it.each([
    [tcp('10.0.1.50', '25', { from: `<not></not>${at('198.51.100.1')}` }), 'everybody but some'],
    [tcp('10.0.1.50', '25', { from: at('list') }), 'filled from a URL'],
    [tcp('10.0.1.50', '25', { from: at('ghosts') }), 'whose addresses aren'],
    [tcp('10.0.1.50', '25', { from: '<any></any><port>1000</port>' }), 'source ports'],
    [tcp('10.0.1.50', '25').replace('tcp', 'TCP'), 'in capitals'],
    [tcp('10.0.1.50', '25').replace('<protocol>tcp</protocol>', ''), 'a port and no protocol'],
    [tcp('10.0.1.50', 'names'), 'no port that is known'],
  ])('%s can not be said', (rules, why) => {
    const aliases = alias('list', '', 'urltable') + alias('ghosts', 'ghost.example') + alias('names', '80 unheard-of', 'port');
    const found = find({ ...MAIL, rules, aliases });
    expect([said(found), reasons(found)[0]]).toEqual([[], expect.stringContaining(why)]);
  });

  it('for a part of a subnet can not be said', () => {
    const subnet = oneToOne('198.51.100.0', '10.0.1.48/30');
    expect(reasons(find({ oneToOne: subnet, rules: tcp('10.0.1.50', '25') }))).toEqual([expect.stringContaining('a part of it only')]);
  });

  it.each([
    ['everything to everybody', rule('pass', 'wan')],
    ['every port of a mapped host', rule('pass', 'wan', { to: at('10.0.1.50'), rest: '<protocol>tcp</protocol>' })],
    ['all ports by their numbers', tcp('10.0.1.50', '1-65535')],
    ['everything to an office', rule('pass', 'wan', { from: at('198.51.100.7'), to: at('10.0.1.50') })],
    ['what has no type, which the box passes', rule('', 'wan', { to: at('10.0.1.50') })],
  ])('that lets in %s is an objection, and nothing of it is carried over', (_, rules) => {
    const found = find({ ...MAIL, rules: rules + tcp('10.0.1.50', '443') });
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere']);
    expect(found.objections).toEqual([
      { entry: expect.objectContaining({ called: 'rule 1 of wan' }), why: expect.stringContaining('every port') },
    ]);
  });

  describe('below a block', () => {
    const block = (from: string): string => rule('block', 'wan', { from, to: at('10.0.1.50') });

    it('with a source, at the top, keeps its place', () => {
      expect(said(find({ ...MAIL, rules: block(at('198.51.100.66')) + tcp('10.0.1.50', '25') }))).toEqual([
        '203.0.113.10 = 10.0.1.50; 6 25 from anywhere',
      ]);
    });

    it('that would be jumped can not be said', () => {
      for (const rules of [
        block('<any></any>') + tcp('10.0.1.50', '25'),
        tcp('10.0.1.99', '1') + block(at('198.51.100.66')) + tcp('10.0.1.50', '25'),
      ]) {
        const found = find({ ...MAIL, rules });
        expect([said(found), reasons(found)[0]]).toEqual([[], expect.stringContaining('stands before it and keeps some of that out')]);
      }
    });

    it('of other ports or peers stays where it is', () => {
      const other = rule('block', 'wan', { to: `${at('10.0.1.50')}<port>26</port>`, rest: '<protocol>tcp</protocol>' });
      expect(said(find({ ...MAIL, rules: other + tcp('10.0.1.50', '25') }))).toEqual(['203.0.113.10 = 10.0.1.50; 6 25 from anywhere']);
    });
  });
});

describe('what no intent says', () => {
  it.each([
    [oneToOne('203.0.113.10', '10.0.1.50', '<nobinat></nobinat>'), 'but by entries of the very same source right behind it'],
    [oneToOne('203.0.113.10', '10.0.1.50').replace(at('10.0.1.50'), '<any></any>'), 'its inside is any'],
    [oneToOne('203.0.113.10', '10.0.1.50').replace(at('10.0.1.50'), `<not></not>${at('10.0.1.50')}`), 'its inside is negated'],
    [oneToOne('wanip', '10.0.1.50'), 'follows the interface'],
    [oneToOne('203.0.113.10/32', '10.0.1.50'), 'follows the interface'],
    [oneToOne('2001:db8::10', '2001:db8:1::50'), 'it is for IPv6'],
    [oneToOne('203.0.113.10', '10.0.1.50').replace('<interface>wan', '<interface>opt7'), 'no enabled interface opt7'],
    [
      oneToOne('203.0.113.10', '10.0.1.50').replace('<destination><any></any>', `<destination><not></not>${at('198.51.100.1')}`),
      'everybody but some',
    ],
    [oneToOne('203.0.113.10', '10.0.1.50').replace('for 10', 'cpanel-edge:mail/web for 10'), 'the owner mail of this package'],
  ])('%s', (entry, why) => {
    const found = find({ oneToOne: entry });
    expect([said(found), reasons(found)]).toEqual([[], [expect.stringContaining(why)]]);
  });

  it('is left for every 1:1 entry of the same host', () => {
    const interfaces = WAN + LAN + WAN2;
    const first = oneToOne('203.0.113.10', '10.0.1.50');
    const second = oneToOne('198.18.0.9', '10.0.1.50').replace('<interface>wan', '<interface>opt2');
    expect(said(find({ oneToOne: first + second, interfaces }))).toEqual(['203.0.113.10 = 10.0.1.50', '198.18.0.9 = 10.0.1.50']);
    const negated = second.replace('<destination><any></any>', `<destination><not></not>${at('192.0.2.1')}`);
    const found = find({ oneToOne: first + negated, interfaces });
    expect([said(found), reasons(found)]).toEqual([
      [],
      [expect.stringContaining('everybody but some'), expect.stringContaining('is for the same host, and is left')],
    ]);
  });

  it.each([
    [vip('203.0.113.10', '<mode>ipalias</mode><interface>_vip5f00000000009</interface>'), 'stacked'],
    [
      vip('203.0.113.10') + vip('203.0.113.12', '<mode>ipalias</mode><interface>_vip5f00000000001</interface>'),
      'others on the box refer to it',
    ],
    [vip('203.0.113.10').replace('vip 203', 'cpanel-edge:mail/vip 203'), 'the owner mail of this package'],
    [vip('203.0.113.10', '<mode>strange</mode><interface>wan</interface>'), 'its kind is "strange"'],
    [vip('203.0.113.10', '<mode>other</mode><interface>lan</interface>'), 'another interface'],
  ])('is left with the virtual IP %s', (vips, why) => {
    const carp = vip('203.0.113.14', '<mode>carp</mode><interface>wan</interface><uniqid>5f00000000009</uniqid><vhid>4</vhid>');
    const found = find({ ...MAIL, vips: vips + carp });
    expect([said(found), reasons(found).join('\n')]).toEqual([[], expect.stringContaining(why)]);
  });

  it('names translations that are none of its own', () => {
    const forwards = `<rule><interface>wan</interface><protocol>tcp</protocol><source><any></any></source><destination>${on('wanip')}<port>80</port></destination><target>10.0.1.60</target><local-port>80</local-port><descr><![CDATA[shop]]></descr></rule>`;
    const outbound = `<mode>hybrid</mode><rule><interface>wan</interface><source>${on('10.0.1.0/24')}</source><destination><any></any></destination></rule>`;
    expect(reasons(find({ forwards, outbound })).map((line) => line.split(':')[0])).toEqual([
      'port forward "shop" to 10.0.1.60',
      'outbound NAT rule of wan',
    ]);
    expect(find({ outbound: outbound.replace('hybrid', 'automatic') }).left).toEqual([]);
  });

  it('says no version of what it does not know', () => {
    expect(['22.2', '22.9', '23.3', '24.0', '24.5', '19.1', 'x'].map((version) => find({ version }).version)).toEqual([
      ...['2.6.0', '2.7.0', '2.7.2', '2.8.0', '2.9.0', undefined, undefined],
    ]);
  });
});

describe('taking entries out', () => {
  it('takes these and nothing else', () => {
    const text = captured({ ...MAIL, rules: tcp('10.0.1.50', '443') + tcp('10.0.1.99', '22') });
    const { mappings, virtualIps } = importing.find(text);
    const entries = [virtualIps[0]!.entry, mappings[0]!.entry, mappings[0]!.openings[0]!.entry];
    expect(importing.without(text, entries)).toBe(
      captured({ rules: tcp('10.0.1.99', '22') }).replace('\t<nat>', '\t<virtualip>\n\t</virtualip>\n\t<nat>'),
    );
    expect(importing.without(text, [])).toBe(text);
  });

  it('refuses what is no configuration', () => {
    expect(() => importing.find('<pfsense>')).toThrow(Refusal);
    expect(() => importing.without('x', [])).toThrow(Refusal);
  });
});
