import { LiveFacts } from '../driver/proof';
import { factsThatDiffer, liveDevice } from '../driver/live-device';
import { printAddress } from '../lib/net/address';
import { EDGE } from './cases/edge';
import { compiled } from './support';

const policy = compiled(
  { gateway: { ...EDGE, virtualIps: [{ name: 'vip', interface: 'wan0', address: '203.0.113.10', kind: 'ip-alias' }] } },
  'nftables',
).policies[0]!;

const facts = (changed: Partial<LiveFacts> = {}): LiveFacts => ({
  addresses: [
    '1: lo    inet 127.0.0.1/8 scope host lo',
    '2: wan0    inet 203.0.113.2/24 brd 203.0.113.255 scope global wan0',
    '3: lan0@if7    inet 10.0.0.1/24 scope global lan0',
    '3: lan0@if7    inet6 fe80::1/64 scope link',
  ].join('\n'),
  links: '1: lo: <UP>\n2: wan0: <UP>\n3: lan0@if7: <UP>',
  forwarding: { ip: true, ip6: false },
  legacyTables: [],
  version: 'nftables v1.0.6 (Lester Gooch #5)',
  ...changed,
});

it('a device that is what the intent says differs in nothing', () => {
  expect(factsThatDiffer(policy, facts(), [])).toEqual({ refusals: [], reports: [] });
});

it.each<[string, Partial<LiveFacts>, string]>([
  ['another series', { version: 'nftables v1.1.3 (Commodore Bullmoose #4)' }, 'the device runs version 1.1.3, and the intent says 1.0.6.'],
  ['no version', { version: '' }, 'the device does not say which version it runs.'],
  ['no forwarding', { forwarding: { ip: false, ip6: true } }, 'the device does not forward IPv4.'],
  ['an interface less', { links: '1: lo: <UP>\n2: wan0: <UP>' }, 'the device has no interface lan0.'],
  [
    'another address',
    { addresses: '2: wan0    inet 203.0.113.3/24\n3: lan0    inet 10.0.0.1/24' },
    'interface wan0 of the device does not have 203.0.113.2/24.',
  ],
  [
    'another length',
    { addresses: '2: wan0    inet 203.0.113.2/25\n3: lan0    inet 10.0.0.1/24' },
    '203.0.113.2 on wan0 has length 25 on the device, and 24 in the intent.',
  ],
])('%s is refused', (_, changed, refusal) => {
  expect(factsThatDiffer(policy, facts(changed), []).refusals).toEqual([refusal]);
});

it('an update of the system and an address too many are reported', () => {
  const more = facts({ version: 'nftables v1.0.9', addresses: `${facts().addresses}\n4: docker0    inet 172.17.0.1/16` });
  expect(factsThatDiffer(policy, more, [])).toEqual({
    refusals: [],
    reports: [
      'the device runs version 1.0.9; the intent says 1.0.6',
      'the device also has 172.17.0.1 on docker0, which the intent does not name',
    ],
  });
});

it('whatever address the device has more is local to it', () => {
  const live = liveDevice(policy, facts({ addresses: `${facts().addresses}\n2: wan0    inet 203.0.113.10/24` }));
  expect(live.localAddresses.map(printAddress)).toEqual(['203.0.113.10']);
});
