// Tests the import of pfSense's 1:1 NAT and virtual IPs: which become parts of an intent, the reason for each that is
// skipped, and the removal of imported entries from a config.xml.

import { printPrefix } from '../../../../lib/net/address';
import { importer } from '../../../../lib/platforms/pfsense/import/importer';
import { DMZ, LAN, WAN, WAN2, at, on, rule } from '../parse/boxes';
import { MAIL, alias, captured, find, oneToOne, reasons, said, tcp, vip } from './import-samples';

describe('an imported mapping', () => {
  it('has its virtual IP and the allow rules of its host', () => {
    const found = find({
      ...MAIL,
      rules: tcp('10.0.1.50', '443') + tcp('10.0.1.50', '1000-2000', { from: at('198.51.100.0/24') }),
    });
    expect(found).toMatchObject({ version: '2.7.2', globalHelper: false, objections: [], skipped: [] });
    expect(found.virtualIps).toMatchObject([
      { interface: 'wan', kind: 'ip-alias', mask: 32, entry: { label: 'virtual IP "vip 203.0.113.10" 203.0.113.10' } },
    ]);
    expect(said(found)).toEqual(['203.0.113.10 = 10.0.1.50; 6 443 from anywhere; 6 1000-2000 from 198.51.100.0/24']);
    expect(found.interfaces).toMatchObject([
      { name: 'wan', role: 'outside', addresses: ['203.0.113.2/28'] },
      { name: 'lan', role: 'inside', addresses: ['10.0.1.1/24'] },
    ]);
  });

  it('takes sets from aliases, also nested ones', () => {
    const aliases =
      alias('office', '198.51.100.7 branch') +
      alias('branch', '198.51.100.64/27', 'network') +
      alias('web', '80 443 9000:9010', 'port');
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
  ])('allows %s %s', (protocol, port, opening) => {
    const rules = rule('pass', 'wan', { to: at('10.0.1.50') + port, rest: protocol });
    expect(said(find({ ...MAIL, rules }))).toEqual([`203.0.113.10 = 10.0.1.50; ${opening}`]);
  });

  it('of a subnet may name its interface’s network', () => {
    const subnet = `<onetoone><interface>wan</interface><external>198.51.100.0</external><source>${on('lan')}</source><destination><any></any></destination></onetoone>`;
    expect(said(find({ oneToOne: subnet }))).toEqual(['198.51.100.0/24 = 10.0.1.0/24']);
  });

  it('is never a prefix translation, which is skipped', () => {
    const npt = `<npt><interface>wan</interface><source>${at('fd00:1::/48')}</source><destination>${at('2001:db8:1::/48')}</destination></npt>`;
    const { mappings, skipped } = find({ oneToOne: npt });
    expect([mappings, skipped.map(({ entry }) => entry.label)]).toEqual([
      [],
      [expect.stringMatching(/^prefix translation|^NPt/)],
    ]);
  });

  it('has the peers of its destination', () => {
    const restricted = oneToOne('203.0.113.10', '10.0.1.50').replace(
      '<destination><any></any>',
      `<destination>${at('partners')}`,
    );
    const [mapping] = find({
      ...MAIL,
      oneToOne: restricted,
      aliases: alias('partners', '198.51.100.0/24', 'network'),
    }).mappings;
    expect(mapping).toMatchObject({ peers: ['partners'], enabled: true, inboundOnly: false });
  });

  it('is reflected if the box reflects it', () => {
    const interfaces = WAN + LAN + DMZ + WAN2;
    const own = oneToOne('203.0.113.10', '10.0.1.50', '<natreflection>enable</natreflection>');
    expect(find({ ...MAIL, interfaces, oneToOne: own }).mappings[0]!.reflection).toEqual({
      mode: 'pure-nat',
      from: ['lan', 'opt1'],
    });
    expect(find({ ...MAIL, interfaces }).mappings[0]!.reflection).toEqual({ mode: 'disabled' });
    const system = '<enablebinatreflection>yes</enablebinatreflection>';
    expect(find({ ...MAIL, interfaces, system }).mappings[0]!.reflection).toMatchObject({ mode: 'pure-nat' });
    const not = oneToOne('203.0.113.10', '10.0.1.50', '<natreflection>disable</natreflection>');
    expect(find({ ...MAIL, interfaces, system, oneToOne: not }).mappings[0]!.reflection).toEqual({ mode: 'disabled' });
  });

  it('has no allow rules if it is disabled', () => {
    const found = find({
      ...MAIL,
      oneToOne: oneToOne('203.0.113.10', '10.0.1.50', '<disabled>0</disabled>'),
      rules: tcp('10.0.1.50', '443'),
    });
    expect([said(found), found.mappings[0]!.enabled]).toEqual([['203.0.113.10 = 10.0.1.50'], false]);
  });

  it('is inbound only if it is the second of a host', () => {
    const two = oneToOne('203.0.113.10', '10.0.1.50') + oneToOne('203.0.113.11', '10.0.1.50');
    const found = find({
      vips: vip('203.0.113.10') + vip('203.0.113.11'),
      oneToOne: two,
      rules: tcp('10.0.1.50', '25'),
    });
    expect(found.mappings.map(({ inboundOnly }) => inboundOnly)).toEqual([false, true]);
    expect(said(found)).toEqual([
      '203.0.113.10 = 10.0.1.50; 6 25 from anywhere',
      '203.0.113.11 = 10.0.1.50; 6 25 from anywhere',
    ]);
  });
});

describe('entries that an intent can’t express', () => {
  it.each([
    [
      oneToOne('203.0.113.10', '10.0.1.50', '<nobinat></nobinat>'),
      'but by entries of the very same source right behind it',
    ],
    [oneToOne('203.0.113.10', '10.0.1.50').replace(at('10.0.1.50'), '<any></any>'), 'its inside is any'],
    [
      oneToOne('203.0.113.10', '10.0.1.50').replace(at('10.0.1.50'), `<not></not>${at('10.0.1.50')}`),
      'its inside is negated',
    ],
    [oneToOne('wanip', '10.0.1.50'), 'follows the interface'],
    [oneToOne('203.0.113.10/32', '10.0.1.50'), 'follows the interface'],
    [oneToOne('2001:db8::10', '2001:db8:1::50'), 'it is for IPv6'],
    [oneToOne('203.0.113.10', '10.0.1.50').replace('<interface>wan', '<interface>opt7'), 'no enabled interface opt7'],
    [
      oneToOne('203.0.113.10', '10.0.1.50').replace('for 10', 'cpanel-edge:mail/web for 10'),
      'the owner mail of this package',
    ],
  ])('are skipped: %s', (entry, why) => {
    const found = find({ oneToOne: entry });
    expect([said(found), reasons(found)]).toEqual([[], [expect.stringContaining(why)]]);
  });

  it('are skipped with every 1:1 entry of the same host', () => {
    const interfaces = WAN + LAN + WAN2;
    const first = oneToOne('203.0.113.10', '10.0.1.50');
    const second = oneToOne('198.18.0.9', '10.0.1.50').replace('<interface>wan', '<interface>opt2');
    expect(said(find({ oneToOne: first + second, interfaces }))).toEqual([
      '203.0.113.10 = 10.0.1.50',
      '198.18.0.9 = 10.0.1.50',
    ]);
    const negated = second.replace('<source>', '<source><not></not>');
    const found = find({ oneToOne: first + negated, interfaces });
    expect([said(found), reasons(found)]).toEqual([
      [],
      [expect.stringContaining('its inside is negated'), expect.stringContaining('is for the same host, and is left')],
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
  ])('are skipped with the virtual IP %s', (vips, why) => {
    const carp = vip(
      '203.0.113.14',
      '<mode>carp</mode><interface>wan</interface><uniqid>5f00000000009</uniqid><vhid>4</vhid>',
    );
    const found = find({ ...MAIL, vips: vips + carp });
    expect([said(found), reasons(found).join('\n')]).toEqual([[], expect.stringContaining(why)]);
  });

  it('include other translations, which are named', () => {
    const forwards = `<rule><interface>wan</interface><protocol>tcp</protocol><source><any></any></source><destination>${on('wanip')}<port>80</port></destination><target>10.0.1.60</target><local-port>80</local-port><descr><![CDATA[shop]]></descr></rule>`;
    const outbound = `<mode>hybrid</mode><rule><interface>wan</interface><source>${on('10.0.1.0/24')}</source><destination><any></any></destination></rule>`;
    expect(reasons(find({ forwards, outbound })).map((line) => line.split(':')[0])).toEqual([
      'port forward "shop" to 10.0.1.60',
      'outbound NAT rule of wan',
    ]);
    expect(find({ outbound: outbound.replace('hybrid', 'automatic') }).skipped).toEqual([]);
  });

  it('have no version if it is unknown', () => {
    expect(['22.2', '22.9', '23.3', '24.0', '24.5', '19.1', 'x'].map((version) => find({ version }).version)).toEqual([
      '2.6.0',
      '2.7.0',
      '2.7.2',
      '2.8.0',
      '2.9.0',
      undefined,
      undefined,
    ]);
  });
});

describe('removing imported entries', () => {
  it('removes these and nothing else', () => {
    const text = captured({ ...MAIL, rules: tcp('10.0.1.50', '443') + tcp('10.0.1.99', '22') });
    const { mappings, virtualIps } = importer.find(text);
    const entries = [virtualIps[0]!.entry, mappings[0]!.entry, mappings[0]!.allowRules[0]!.entry];
    expect(importer.without(text, entries)).toBe(
      captured({ rules: tcp('10.0.1.99', '22') }).replace('\t<nat>', '\t<virtualip>\n\t</virtualip>\n\t<nat>'),
    );
    expect(importer.without(text, [])).toBe(text);
  });
});
