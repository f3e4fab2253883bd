// Tests the lint rule nat/public-address-twice: it finds public addresses for which two gateways answer, also blocks
// that overlap.

import { VirtualIpIntent } from '../../lib/intent/intent';
import { lint } from '../../lib/lint/lint';
import { SubjectOwner } from '../../lib/lint/lint-subject';
import { ownersOf, subjectOf } from './samples/lint-subjects';

type Kept = Pick<VirtualIpIntent, 'address' | 'kind' | 'carp'>;

const keeping = (device: string, own: string, ...kept: readonly Kept[]): readonly SubjectOwner[] =>
  ownersOf(
    {
      gateway: {
        device,
        interfaces: [
          { name: 'wan0', role: 'outside', addresses: [`${own}/24`] },
          { name: 'lan0', role: 'inside', addresses: ['10.0.0.1/24'] },
        ],
        virtualIps: kept.map((one, i) => ({ name: `vip${i + 1}`, interface: 'wan0', ...one })),
      },
    },
    'pfsense',
  );

const one = (...kept: readonly Kept[]) => keeping('edge1', '203.0.113.2', ...kept);
const other = (...kept: readonly Kept[]) => keeping('edge2', '203.0.113.3', ...kept);

const said = (...owners: readonly SubjectOwner[]) =>
  lint(subjectOf(...owners))
    .filter(({ code }) => code === 'nat/public-address-twice')
    .map(({ where, what }) => [where, /answer for (.*): on one wire/.exec(what)![1]]);

const alias = (address: string): Kept => ({ address, kind: 'ip-alias' });
const proxied = (address: string): Kept => ({ address, kind: 'proxy-arp' });
const routed = (address: string): Kept => ({ address, kind: 'other' });
const carp = (address: string, vhid: number): Kept => ({ address, kind: 'carp', carp: { vhid } });

const PAIR = 'gateway edge1, owner hosting, virtual IP vip1 with gateway edge2, owner hosting, virtual IP vip1';
const IT = '203.0.113.10';

describe('one address of two gateways', () => {
  it.each<[string, Kept, Kept]>([
    ['two aliases', alias(IT), alias(IT)],
    ['an alias, and another proxy', alias(IT), proxied(IT)],
    ['CARP of two groups', carp(IT, 10), carp(IT, 11)],
    ['CARP, and an alias', carp(IT, 10), alias(IT)],
  ])('finds %s', (_, first, second) => expect(said(...one(first), ...other(second))).toEqual([[PAIR, IT]]));

  it.each<[string, Kept, Kept]>([
    ['CARP of one group', carp(IT, 10), carp(IT, 10)],
    ['a route to either', routed(IT), routed(IT)],
    ['a route to one of them', routed(IT), alias(IT)],
    ['addresses beside each other', alias(IT), alias('203.0.113.11')],
  ])("doesn't find %s", (_, first, second) => expect(said(...one(first), ...other(second))).toEqual([]));
});

it('finds an address in a block of the other gateway, in either order', () => {
  const [block, single] = [proxied('203.0.113.8/29'), alias(IT)];
  expect(said(...one(block), ...other(single))).toEqual([[PAIR, IT]]);
  expect(said(...one(single), ...other(block))).toEqual([[PAIR, IT]]);
  expect(said(...one(alias('203.0.113.8')), ...other(block))).toEqual([[PAIR, '203.0.113.8']]);
  expect(said(...one(proxied('203.0.113.8/30')), ...other(alias('203.0.113.12')))).toEqual([]);
});

it('gives one finding for two gateways, and one for each pair of three', () => {
  const [a, b] = [alias(IT), alias('203.0.113.20')];
  expect(said(...one(a, b), ...other(alias('203.0.113.30'), b, a))).toEqual([
    [
      'gateway edge1, owner hosting, virtual IPs vip1, vip2 with gateway edge2, owner hosting, virtual IPs vip2, vip3',
      '203.0.113.10, 203.0.113.20',
    ],
  ]);
  const third = keeping('edge3', '203.0.113.4', a);
  expect(said(...one(a), ...other(a), ...third).map(([where]) => where)).toEqual([
    PAIR,
    PAIR.replace('edge2', 'edge3'),
    PAIR.replace('edge1', 'edge2').replace('with gateway edge2', 'with gateway edge3'),
  ]);
});

it('finds the own address of another gateway, in either order, and not an address that both have themselves', () => {
  const place = 'gateway edge1, owner hosting, virtual IP vip1 with gateway edge2, owner hosting, 203.0.113.3';
  expect(said(...one(alias('203.0.113.3')), ...other())).toEqual([[place, '203.0.113.3']]);
  expect(said(...one(proxied('203.0.113.3')), ...other(alias(IT)))).toEqual([[place, '203.0.113.3']]);
  expect(said(...other(), ...one(alias('203.0.113.3')))).toEqual([
    ['gateway edge2, owner hosting, 203.0.113.3 with gateway edge1, owner hosting, virtual IP vip1', '203.0.113.3'],
  ]);
  expect(said(...one(alias('203.0.113.3'), alias(IT)), ...other(alias(IT)))).toEqual([
    [place, '203.0.113.3'],
    [PAIR.replace('vip1', 'vip2'), IT],
  ]);
  expect(said(...one(carp('203.0.113.3', 10)), ...other())).toEqual([[place, '203.0.113.3']]);
  expect(said(...one(), ...keeping('edge2', '203.0.113.2'))).toEqual([]);
});

it("doesn't find a private address, which two sites may have", () => {
  const at = (device: string) => keeping(device, '192.168.1.2', alias('192.168.1.10'));
  expect(said(...at('edge1'), ...at('edge2'))).toEqual([]);
});

it('counts two owners of one device as one gateway', () => {
  const [first] = one(alias(IT));
  expect(said(first!, { ...first!, name: 'gateway edge1, owner shop' })).toEqual([]);
  const [keeps] = one(alias('203.0.113.4'));
  const [has] = keeping('edge1', '203.0.113.4');
  expect(said(keeps!, { ...has!, name: 'gateway edge1, owner shop' })).toEqual([]);
});
