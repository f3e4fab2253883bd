import { join } from 'node:path';
import { writer } from '../../../lib/platforms/pfsense/write/writer';
import { keysOf } from '../../../lib/platforms/pfsense/write/assumed';
import { GatewayPolicy } from '../../../lib/policy/policy';
import { XmlElement, parseXml } from '../../../lib/xml/xml';
import { BOXES, PROFILE, PURE_NAT, box } from './writer-samples';
import { expectGolden } from '../../support';
import { MAIL } from '../../writing/samples';
import { NOTHING, mapping, opening, openings, ports, ranges, virtualIp } from '../../writing/support';

const write = (policy: GatewayPolicy, captured?: string): string => writer.write(policy, captured).text;
const list = (text: string, section: string, name: string): readonly XmlElement[] =>
  parseXml(text)
    .children.filter((one) => one.name === section)
    .flatMap(({ children }) => children.filter((one) => one.name === name));
const said = (element: XmlElement, ...path: readonly string[]): string | undefined =>
  path.reduce<XmlElement | undefined>((at, name) => at?.children.find((one) => one.name === name), element)?.text;
const ours = (elements: readonly XmlElement[]): readonly XmlElement[] =>
  elements.filter((one) => said(one, 'descr')?.startsWith('cpanel-edge:web-team/'));

describe('what is written', () => {
  it.each(Object.keys(BOXES))('%s', (name) => {
    expectGolden(write(BOXES[name]!), join(__dirname, '../../goldens/pfsense', `${name.replaceAll(/[ ,]+/g, '-')}.xml`));
  });

  /** Of the box's own list: any other element that occurs twice makes the whole file unreadable for it. */
  const LISTS = ['vip', 'onetoone', 'rule', 'alias', 'gateway_item'];
  it.each(Object.keys(BOXES))('a box can read %s', (name) => {
    const once = (element: XmlElement): void => {
      const names = element.children.map((one) => one.name).filter((one) => !LISTS.includes(one));
      expect(names).toEqual([...new Set(names)]);
      element.children.forEach(once);
    };
    once(parseXml(write(BOXES[name]!)));
  });

  it.each(Object.keys(BOXES))('again what it was without it: %s', (name) => {
    const policy = BOXES[name]!;
    const { text, surroundings } = writer.write(policy);
    expect(writer.without(text, policy.owner)).toEqual(surroundings);
    const captured = text.replace('<assumed/>', '<captured/>');
    const around = writer.without(captured, policy.owner);
    expect(around.captured).toBe(true);
    expect(write(policy, around.text)).toBe(captured);
    expect(write(policy, captured)).toBe(captured);
  });

  it.each(Object.keys(BOXES))('whatever the order of mappings: %s', (name) => {
    const policy = BOXES[name]!;
    const turned = { ...policy, mappings: [...policy.mappings].reverse(), virtualIps: [...policy.virtualIps].reverse() };
    expect(write(turned)).toBe(write(policy));
  });

  it('one set of rules for all hosts of a profile', () => {
    const mappings = Array.from({ length: 40 }, (_, n) =>
      mapping(`203.0.113.${n + 100}`, `10.0.0.${n + 100}`, { name: `m-${n}`, openings: MAIL }),
    );
    const text = write(box(mappings));
    expect(ours(list(text, 'filter', 'rule'))).toHaveLength(3);
    expect(list(text, 'nat', 'onetoone')).toHaveLength(40);
    expect(list(text, 'aliases', 'alias').map((alias) => said(alias, 'name'))).toEqual([
      'ce_web_team_public',
      'ce_web_team_mail_hosts',
      'ce_web_team_mail_tcp',
      'ce_web_team_inside',
    ]);
  });

  it('management first, then what is blocked, then the rest, then nothing else', () => {
    const rules = ours(list(write(box([mapping('203.0.113.10', '10.0.0.10', { openings: PROFILE })])), 'filter', 'rule'));
    expect(rules.filter((rule) => said(rule, 'interface') === 'wan').map((rule) => [said(rule, 'type'), said(rule, 'protocol')])).toEqual([
      ['pass', 'tcp'],
      ['block', undefined],
      ['pass', 'tcp'],
      ['pass', 'tcp'],
      ['pass', 'udp'],
      ['pass', 'icmp'],
      ['pass', 'gre'],
      ['block', undefined],
    ]);
  });

  it('what is closed, on every outside interface', () => {
    const outside = { name: 'ix1', role: 'outside', addresses: [], routes: [] } as const;
    const text = write(box([mapping('203.0.113.10', '10.0.0.10')], { interfaces: [...box([]).interfaces, outside] }));
    const on = ours(list(text, 'filter', 'rule')).filter((rule) => said(rule, 'interface') === 'opt2');
    expect(on.map((rule) => [said(rule, 'type'), said(rule, 'destination', 'address')])).toEqual([['block', 'ce_web_team_inside']]);
  });

  it('of a source only what is a peer', () => {
    const partner = openings('partner', [
      opening({ sources: ranges('198.51.0.0/16', '192.0.2.1') }),
      opening({ ports: ports(22), sources: ranges('10.9.0.0/16', '2001:db8::/32') }),
    ]);
    const text = write(box([mapping('203.0.113.10', '10.0.0.10', { peers: ranges('198.51.100.0/24'), openings: partner })]));
    const passes = ours(list(text, 'filter', 'rule')).filter((rule) => said(rule, 'type') === 'pass');
    expect(passes.map((rule) => [said(rule, 'source', 'address'), said(rule, 'destination', 'port')])).toEqual([
      ['198.51.100.0/24', '443'],
    ]);
  });

  it('an inbound only mapping behind the one that its host goes out by, and to a kernel another destination', () => {
    const text = write(
      box([
        mapping('203.0.113.9', '10.0.0.10', { name: 'second', inboundOnly: true }),
        mapping('203.0.113.11', '10.0.0.10', { name: 'third', inboundOnly: true }),
        mapping('203.0.113.20', '10.0.0.10', { name: 'main' }),
        mapping('203.0.113.30', '10.0.0.10', { name: 'partner', peers: ranges('192.0.2.0/24') }),
      ]),
    );
    expect(list(text, 'nat', 'onetoone').map((one) => [said(one, 'external'), said(one, 'destination', 'address')])).toEqual([
      ['203.0.113.30', '192.0.2.0/24'],
      ['203.0.113.20', undefined],
      ['203.0.113.9', 'ce_web_team_everybody'],
      ['203.0.113.11', expect.stringMatching(/^ce_web_team_everybody_[0-9a-f]{4}$/)],
    ]);
    const everybody = list(text, 'aliases', 'alias').filter((alias) => said(alias, 'name')!.includes('everybody'));
    expect(everybody.map((alias) => said(alias, 'address'))).toEqual(['0.0.0.0/1 128.0.0.0/1', '0.0.0.0/1 128.0.0.0/1']);
  });

  it('everybody but several prefixes as an alias of all the rest', () => {
    const exclude = [{ inside: 'all', peers: ranges('0.0.0.0/1', '192.0.0.0/2') }] as const;
    const text = write(box([mapping('203.0.113.10', '10.0.0.10', { exclude })]));
    const [one] = list(text, 'nat', 'onetoone');
    const named = list(text, 'aliases', 'alias').find((alias) => said(alias, 'name') === said(one!, 'destination', 'address'));
    expect(said(named!, 'address')).toBe('128.0.0.0/2');
  });

  it('the switch for reflection only where a client shares the subnet of the server', () => {
    const text = write(box([mapping('203.0.113.10', '10.0.0.10', { reflection: PURE_NAT })]));
    expect(text).toContain('<cpanel_edge><assumed/><sets>enablenatreflectionhelper</sets></cpanel_edge>');
    expect(list(text, 'system', 'enablenatreflectionhelper').map((one) => one.text)).toEqual(['yes']);
    const behind = write(box([mapping('203.0.113.10', '10.1.0.10', { reflection: PURE_NAT })]));
    expect(behind).not.toContain('enablenatreflectionhelper');
    expect(said(list(behind, 'nat', 'onetoone')[0]!, 'natreflection')).toBe('enable');
  });
});

describe('names', () => {
  const long = 'a-very-long-name-of-a-profile-that-fits-nowhere-at-all';
  const policy = box(
    [
      mapping('203.0.113.10', '10.0.0.10', { name: 'a', openings: openings(long, [opening({ ports: ports(1, 3) })]) }),
      mapping('203.0.113.11', '10.0.0.11', { name: 'b', openings: openings(long, [opening({ ports: ports(1, 5) })]) }),
      mapping('203.0.113.12', '10.0.0.12', { name: 'c', openings: openings('x y<&>\n"', [opening({ ports: ports(1, 7) })]) }),
    ],
    { virtualIps: [virtualIp('203.0.113.10'), virtualIp('203.0.113.11', { name: 'other' })], owner: 'a-name-of-28-characters-long' },
  );

  const LISTED = [
    ['virtualip', 'vip'],
    ['aliases', 'alias'],
    ['nat', 'onetoone'],
    ['filter', 'rule'],
  ] as const;
  const tagsOf = (elements: readonly XmlElement[]): readonly string[] =>
    elements.flatMap((one) => said(one, 'descr')!.split(' ')[0]!).filter((tag) => tag.startsWith('cpanel-edge:'));

  it('are within what the box keeps, and nobody else has them', () => {
    const text = write(policy);
    const aliases = list(text, 'aliases', 'alias').map((alias) => said(alias, 'name')!);
    for (const name of aliases) expect(name).toMatch(/^(?=.*[A-Za-z])[A-Za-z0-9_]{1,31}$/);
    expect(new Set(aliases).size).toBe(aliases.length);
    for (const [section, name] of LISTED) {
      // By its first word a box finds an entry again.
      const tags = tagsOf(list(text, section, name));
      expect(tags.length).toBeGreaterThan(0);
      expect(new Set(tags).size).toBe(tags.length);
    }
    const rules = list(text, 'filter', 'rule').filter((rule) => said(rule, 'tracker'));
    for (const rule of rules) expect(Buffer.byteLength(said(rule, 'descr')!.split(' ')[0]!)).toBeLessThanOrEqual(50);
    for (const rule of rules) expect(Number(said(rule, 'tracker'))).toBeLessThan(2 ** 32);
    for (const vip of list(text, 'virtualip', 'vip')) expect(said(vip, 'uniqid')).toMatch(/^[0-9a-f]{13}$/);
  });

  it('give way to what others have', () => {
    const text = write(policy);
    const taken = (section: string, name: string, of: string): readonly (string | undefined)[] =>
      list(text, section, name).map((one) => said(one, of));
    const others = text.replace('<assumed/>', '<captured/>').replaceAll('cpanel-edge:', 'somebody:').replaceAll('203.0.113.1', '192.0.2.1');
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

  it('of interfaces are keys where they are, else given in their order', () => {
    const named = (role: 'outside' | 'inside', ...names: string[]) => names.map((name) => ({ name, role, addresses: [], routes: [] }));
    expect([...keysOf([...named('inside', 'igb1', 'lan'), ...named('outside', 'igb0', 'ix0'), ...named('inside', 'opt1')])]).toEqual([
      ['lan', 'lan'],
      ['opt1', 'opt1'],
      ['igb1', 'opt2'],
      ['igb0', 'wan'],
      ['ix0', 'opt3'],
    ]);
  });

  it('are the same for the same wish, and others for another owner', () => {
    const one = box([], { virtualIps: [virtualIp('203.0.113.10'), virtualIp('203.0.113.11', { name: 'b' })] });
    const uniqid = (owner: string, vips = one.virtualIps): readonly (string | undefined)[] =>
      list(write({ ...one, owner, virtualIps: vips }), 'virtualip', 'vip').map((vip) => said(vip, 'uniqid'));
    expect(uniqid('x', one.virtualIps.slice(0, 1))).toEqual(uniqid('x').slice(0, 1));
    expect(uniqid('x')).not.toEqual(uniqid('y'));
  });
});

describe('hostile text', () => {
  const description = 'a\nb\r\u2028c\u0000\u202e ]]> </descr><rule/> &amp; &lt; "x" \' \ud800 pass in quick all';
  const text = write(box([mapping('203.0.113.10', '10.0.0.10', { name: 'x', description, openings: NOTHING })]));

  it('stands in its description, whole lines of it', () => {
    const [one] = list(text, 'nat', 'onetoone');
    // What a box makes of it: it decodes entities once more.
    const decoded = said(one!, 'descr')!.replaceAll(
      /&(lt|gt|quot|apos|amp);/g,
      (_, of: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[of]!,
    );
    expect(decoded).toBe(
      'cpanel-edge:web-team/x a\\u{a}b\\u{d}\\u{2028}c\\u{0}\\u{202e} ]]> </descr><rule/> &amp; &lt; "x" \' \\u{d800} pass in quick all',
    );
    expect(list(text, 'filter', 'rule').filter((rule) => rule.children.length === 0)).toEqual([]);
  });

  it('is cut where it is longer than anybody reads', () => {
    const long = write(box([mapping('203.0.113.10', '10.0.0.10', { description: '\u{1f600}'.repeat(500) })]));
    expect(said(list(long, 'nat', 'onetoone')[0]!, 'descr')!.length).toBeLessThan(300);
  });
});

it.each([
  ['2.6.0', '22.2'],
  ['22.05', '22.2'],
  ['2.7.0', '22.9'],
  ['23.01', '22.9'],
  ['2.7', '23.3'],
  ['2.7.2-RELEASE', '23.3'],
  ['23.09.1', '23.3'],
  ['2.8.1', '24.0'],
  ['24.11', '24.0'],
  ['2.9-dev', '24.5'],
  ['25.07', '24.5'],
])('assumes for %s a box of configuration %s', (version, configuration) => {
  expect(said(parseXml(write(box([], { version }))), 'version')).toBe(configuration);
});

it('puts another address of an interface where the box has such', () => {
  const [wan, ...others] = box([]).interfaces;
  const addresses = [...wan!.addresses, ...ranges('198.51.100.9').map(({ first }) => ({ address: first as never, length: 29 }))];
  const vips = list(write(box([], { interfaces: [{ ...wan!, addresses }, ...others] })), 'virtualip', 'vip');
  expect(vips.map((vip) => [said(vip, 'mode'), said(vip, 'subnet'), said(vip, 'subnet_bits')])).toEqual([
    ['ipalias', '198.51.100.9', '29'],
  ]);
});

it('says what must be on the box besides', () => {
  const { addresses } = writer.write(BOXES['every kind of virtual ip']!);
  expect(addresses.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
    'alias 203.0.113.10/24',
    'alias 203.0.113.11/24',
    'proxy-arp 203.0.113.12/32',
    'proxy-arp 203.0.113.16/28',
    'routed 203.0.113.64/26',
  ]);
});
