// Tests the entries generated for pfSense of sample policies, by stored goldens and one by one: virtual IPs, 1:1 NAT,
// rules and their order, aliases, the switch for reflection.

import { join } from 'node:path';
import { generator } from '../../../../lib/platforms/pfsense/generate/generator';
import { XmlElement, parseXml } from '../../../../lib/xml/parse-xml';
import { BOXES, PROFILE, PURE_NAT, box } from './samples';
import { expectGolden } from '../../../support';
import { MAIL } from '../../../generate/samples';
import { mapping, opening, openings, ports, ranges } from '../../../generate/support';
import { list, ours, said, write } from './generated-entries';

describe('the generated entries', () => {
  it.each(Object.keys(BOXES))('%s', (name) => {
    expectGolden(write(BOXES[name]!), join(__dirname, 'goldens', `${name.replaceAll(/[ ,]+/g, '-')}.xml`));
  });

  /** The box's own table: any other element that occurs twice makes the whole file unreadable for it. */
  const LISTS = ['vip', 'onetoone', 'rule', 'alias', 'gateway_item'];
  it.each(Object.keys(BOXES))('have only elements that a box can parse: %s', (name) => {
    const once = (element: XmlElement): void => {
      const names = element.children.map((one) => one.name).filter((one) => !LISTS.includes(one));
      expect(names).toEqual([...new Set(names)]);
      element.children.forEach(once);
    };
    once(parseXml(write(BOXES[name]!)));
  });

  it.each(Object.keys(BOXES))('are removed and generated again alike: %s', (name) => {
    const policy = BOXES[name]!;
    const { text, unmanagedConfig } = generator.write(policy);
    expect(generator.without(text, policy.owner)).toEqual(unmanagedConfig);
    const captured = text.replace('<assumed/>', '<captured/>');
    const around = generator.without(captured, policy.owner);
    expect(around.isCaptured).toBe(true);
    expect(write(policy, around.text)).toBe(captured);
    expect(write(policy, captured)).toBe(captured);
  });

  it.each(Object.keys(BOXES))('are the same for any order of mappings: %s', (name) => {
    const policy = BOXES[name]!;
    const turned = {
      ...policy,
      mappings: [...policy.mappings].reverse(),
      virtualIps: [...policy.virtualIps].reverse(),
    };
    expect(write(turned)).toBe(write(policy));
  });

  it('are one set of rules for all hosts of a profile', () => {
    const mappings = Array.from({ length: 40 }, (_, n) =>
      mapping(`203.0.113.${n + 100}`, `10.0.0.${n + 100}`, { name: `m-${n}`, allowRules: MAIL }),
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

  it('put management first, then blocked sources, then the rest, then a block', () => {
    const rules = ours(
      list(write(box([mapping('203.0.113.10', '10.0.0.10', { allowRules: PROFILE })])), 'filter', 'rule'),
    );
    expect(
      rules
        .filter((rule) => said(rule, 'interface') === 'wan')
        .map((rule) => [said(rule, 'type'), said(rule, 'protocol')]),
    ).toEqual([
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

  it('of the closing text are on every outside interface', () => {
    const outside = { name: 'ix1', role: 'outside', addresses: [], routes: [] } as const;
    const text = write(box([mapping('203.0.113.10', '10.0.0.10')], { interfaces: [...box([]).interfaces, outside] }));
    const on = ours(list(text, 'filter', 'rule')).filter((rule) => said(rule, 'interface') === 'opt2');
    expect(on.map((rule) => [said(rule, 'type'), said(rule, 'destination', 'address')])).toEqual([
      ['block', 'ce_web_team_inside'],
    ]);
  });

  it('allow sources only as far as they are peers', () => {
    const partner = openings('partner', [
      opening({ sources: ranges('198.51.0.0/16', '192.0.2.1') }),
      opening({ ports: ports(22), sources: ranges('10.9.0.0/16', '2001:db8::/32') }),
    ]);
    const text = write(
      box([mapping('203.0.113.10', '10.0.0.10', { peers: ranges('198.51.100.0/24'), allowRules: partner })]),
    );
    const passes = ours(list(text, 'filter', 'rule')).filter((rule) => said(rule, 'type') === 'pass');
    expect(passes.map((rule) => [said(rule, 'source', 'address'), said(rule, 'destination', 'port')])).toEqual([
      ['198.51.100.0/24', '443'],
    ]);
  });

  it('put an inbound-only mapping after the mapping of outbound connections; for the kernel it is another destination', () => {
    const text = write(
      box([
        mapping('203.0.113.9', '10.0.0.10', { name: 'second', inboundOnly: true }),
        mapping('203.0.113.11', '10.0.0.10', { name: 'third', inboundOnly: true }),
        mapping('203.0.113.20', '10.0.0.10', { name: 'main' }),
        mapping('203.0.113.30', '10.0.0.10', { name: 'partner', peers: ranges('192.0.2.0/24') }),
      ]),
    );
    expect(
      list(text, 'nat', 'onetoone').map((one) => [said(one, 'external'), said(one, 'destination', 'address')]),
    ).toEqual([
      ['203.0.113.30', '192.0.2.0/24'],
      ['203.0.113.20', undefined],
      ['203.0.113.9', 'ce_web_team_everybody'],
      ['203.0.113.11', expect.stringMatching(/^ce_web_team_everybody_[0-9a-f]{4}$/)],
    ]);
    const everybody = list(text, 'aliases', 'alias').filter((alias) => said(alias, 'name')!.includes('everybody'));
    expect(everybody.map((alias) => said(alias, 'address'))).toEqual([
      '0.0.0.0/1 128.0.0.0/1',
      '0.0.0.0/1 128.0.0.0/1',
    ]);
  });

  it('have an alias of all other addresses for a source that excludes several prefixes', () => {
    const exclude = [{ internal: 'all', peers: ranges('0.0.0.0/1', '192.0.0.0/2') }] as const;
    const text = write(box([mapping('203.0.113.10', '10.0.0.10', { exclude })]));
    const [one] = list(text, 'nat', 'onetoone');
    const named = list(text, 'aliases', 'alias').find(
      (alias) => said(alias, 'name') === said(one!, 'destination', 'address'),
    );
    expect(said(named!, 'address')).toBe('128.0.0.0/2');
  });

  it('turn on the reflection switch only if a client shares the server’s subnet', () => {
    const text = write(box([mapping('203.0.113.10', '10.0.0.10', { reflection: PURE_NAT })]));
    expect(text).toContain('<cpanel_edge><assumed/><sets>enablenatreflectionhelper</sets></cpanel_edge>');
    expect(list(text, 'system', 'enablenatreflectionhelper').map((one) => one.text)).toEqual(['yes']);
    const behind = write(box([mapping('203.0.113.10', '10.1.0.10', { reflection: PURE_NAT })]));
    expect(behind).not.toContain('enablenatreflectionhelper');
    expect(said(list(behind, 'nat', 'onetoone')[0]!, 'natreflection')).toBe('enable');
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

it('puts a further address of an interface among the virtual IPs', () => {
  const [wan, ...others] = box([]).interfaces;
  const addresses = [
    ...wan!.addresses,
    ...ranges('198.51.100.9').map(({ first }) => ({ address: first as never, length: 29 })),
  ];
  const vips = list(write(box([], { interfaces: [{ ...wan!, addresses }, ...others] })), 'virtualip', 'vip');
  expect(vips.map((vip) => [said(vip, 'mode'), said(vip, 'subnet'), said(vip, 'subnet_bits')])).toEqual([
    ['ipalias', '198.51.100.9', '29'],
  ]);
});

it('lists the addresses that the box must have', () => {
  const { addresses } = generator.write(BOXES['every kind of virtual ip']!);
  expect(addresses.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
    'alias 203.0.113.10/24',
    'alias 203.0.113.11/24',
    'proxy-arp 203.0.113.12/32',
    'proxy-arp 203.0.113.16/28',
    'routed 203.0.113.64/26',
  ]);
});
