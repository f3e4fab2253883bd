// Tests how a review prints addresses, start locations and protocols in words: short, and each only once.

import { FAMILY_RANGE, parseRange } from '../../../lib/net/address';
import { Device } from '../../../lib/net/device';
import { subtractRanges } from '../../../lib/net/range';
import { mergePortNotes } from '../../../lib/review/judging/reached-hosts';
import { listAddressItems, describeLocations } from '../../../lib/review/judging/address-words';
import { describeSide } from '../../../lib/review/print/merged-changes';
import { mysql } from '../print/review-parts';
import { edge, profile, reviewed, server } from '../samples';

const on = (name: string, role: 'outside' | 'inside'): Device['interfaces'][number] => ({
  name,
  role,
  addresses: [],
  routes: [],
});
const device: Device = {
  interfaces: [on('wan0', 'outside'), on('wan1', 'outside'), on('lan0', 'inside'), on('lan1', 'inside')],
  localAddresses: [],
  forwarding: true,
};

const by = (name: string, leaving?: string) => ({
  kind: 'interface' as const,
  name,
  ...(leaving === undefined ? {} : { uplink: leaving }),
});

it('lists two addresses as two items, and more as a network or a range', () => {
  const items = (...prefixes: readonly string[]): readonly string[] =>
    listAddressItems(prefixes.map(parseRange), 'ip', 'anywhere');
  expect([items('203.0.113.10/31'), items('203.0.113.8/30'), items('203.0.113.9', '203.0.113.10/31')]).toEqual([
    ['203.0.113.10', '203.0.113.11'],
    ['203.0.113.8/30'],
    ['203.0.113.9-203.0.113.11'],
  ]);
  const others = subtractRanges([FAMILY_RANGE.ip], [parseRange('203.0.113.10/31')]);
  expect(listAddressItems(others, 'ip', 'anywhere')).toEqual(['anywhere but 203.0.113.10, 203.0.113.11']);
});

it('lists an address once if only some packets keep their source ports', () => {
  const [kept, free] = ['203.0.113.3', '203.0.113.3 (source port not kept)'];
  const some = '203.0.113.3 (source port kept of some packets only)';
  expect(
    [[kept], [free], [free, kept], [kept, free, '203.0.113.4'], [free, '203.0.113.4']].map(mergePortNotes),
  ).toEqual([[kept], [free], [some], [some, '203.0.113.4'], [free, '203.0.113.4']]);
});

describe('where packets of a change start, in words', () => {
  it('names each interface once, with the outgoing interfaces for which it holds', () => {
    expect(describeLocations([by('wan0'), by('lan0'), by('lan1'), { kind: 'self' }], device)).toBe(
      'the internet by wan0; inside by lan0, lan1; the device itself',
    );
    expect(
      describeLocations([by('lan0', 'wan0'), by('lan0', 'wan1'), by('lan1', 'wan0'), by('lan1', 'wan1')], device),
    ).toBe('inside by lan0, lan1, leaving by wan0 or wan1');
    expect(describeLocations([by('lan0', 'wan0'), by('lan1', 'wan1'), { kind: 'self', uplink: 'wan1' }], device)).toBe(
      'inside by lan0, leaving by wan0; inside by lan1, leaving by wan1; the device itself, leaving by wan1',
    );
  });

  it('says once that several changes from inside are the same, whichever outgoing interface is taken', () => {
    const insideLocations = ['inside by lan0, leaving by wan0', 'inside by lan0, leaving by wan1', 'inside by lan1'];
    expect(describeSide({ ...mysql, insideLocations })).toBe(
      'the internet by wan0, also from inside by lan0, leaving by wan0 or wan1, also from inside by lan1',
    );
  });
});

test('names the excluded protocols and ports of a set that has most of them', () => {
  const at = (address: string) =>
    edge(
      { vip: address },
      [server('web1', '10.0.0.10', profile(['443/tcp']))],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
  const own = reviewed(at('203.0.113.10'), at('203.0.113.20')).changes.filter(
    ({ kind, sources }) => kind === 'opened' && sources === '10.0.0.10',
  );
  expect(own.map(({ service }) => service)).toEqual(['all protocols but tcp', 'tcp all but 443']);
});
