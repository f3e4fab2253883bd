// Tests the headline of a review if whole devices change: a gateway with another address, a hand-over between gateways,
// another platform, first releases.

import { PacketMap } from '../../lib/net/packet-map';
import { toSingleRange } from '../../lib/net/range';
import { Policy } from '../../lib/policy/policy';
import { platforms } from '../../lib/registry';
import { BRIEF_DETAIL, describeServices } from '../../lib/review/judging/headline/headline-words';
import { Review } from '../../lib/review/review';
import { EDGE } from '../cases/edge';
import { compiled } from '../support';
import { edge, profile, reviewed, server } from './samples';

// What a first line says of devices as such: what filters there, where they stand, and as what their hosts leave.

const first = ({ headline }: Review): string => headline.split('; ')[0]!;

interface Gateway {
  readonly device?: string;
  readonly wan?: string;
  readonly lan?: string;
  /** The public address by which it has web1. */
  readonly vip?: string | undefined;
  readonly platform?: keyof typeof platforms;
}

/** A gateway alone. */
function gateway({
  device = 'edge',
  wan = '203.0.113.2',
  lan = '10.0.0.1',
  vip = '203.0.113.10',
  platform = 'nftables',
}: Gateway): Policy {
  const { policies, problems } = compiled(
    {
      gateway: {
        ...EDGE,
        device,
        interfaces: EDGE.interfaces.map((one) => ({ ...one, addresses: [`${one.name === 'wan0' ? wan : lan}/24`] })),
        virtualIps: [{ name: 'vip', interface: 'wan0', address: vip, kind: 'ip-alias' }],
        mappings: [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
      },
      servers: [server('web1', '10.0.0.10', profile(['443/tcp']))],
    },
    platform,
  );
  expect(problems).toEqual([]);
  return policies.find(({ kind }) => kind === 'gateway')!;
}

const web1 = compiled({ servers: [server('web1', '10.0.0.10', profile(['443/tcp']))] }, 'nftables').policies[0]!;

describe('a gateway that has another address of its own', () => {
  const review = reviewed([gateway({}), web1], [gateway({ wan: '203.0.113.3' }), web1]);
  test('is what the first line says, not what becomes of packets to either', () => {
    expect(first(review)).toBe(
      'edge/hosting has 203.0.113.3 in place of 203.0.113.2, nothing that is reachable changes',
    );
  });
  test('what becomes of them is told of each', () => {
    const [change, ...more] = review.changes;
    expect(more).toEqual([]);
    expect([change!.hostBefore, change!.hostAfter]).toEqual([
      '203.0.113.2: untranslated by us; 203.0.113.3: 203.0.113.10',
      '203.0.113.2: 203.0.113.10; 203.0.113.3: untranslated by us',
    ]);
  });
  test('inside, whoever asks for a public address there is seen as it', () => {
    expect(first(reviewed([gateway({}), web1], [gateway({ lan: '10.0.0.254' }), web1]))).toBe(
      'edge/hosting has 10.0.0.254 in place of 10.0.0.1, 10.0.0.0/24 is translated to another source on 203.0.113.10',
    );
  });
});

test('another platform leads, and what nobody can send from the internet is not in the first line', () => {
  const review = reviewed([gateway({}), web1], [gateway({ platform: 'iptables' }), web1]);
  expect(first(review)).toBe('edge/hosting moves from nftables to iptables, nothing that is reachable changes');
  // Of inside, by the interface outside: a row, that says so.
  expect(review.changes.map(({ kind, fromInternet, reason }) => [kind, fromInternet, reason])).toEqual([
    [
      'identity',
      true,
      'mapping web, 203.0.113.10 = 10.0.0.10; from there only with forged sources, which are of inside',
    ],
  ]);
});

describe('an address that goes to another gateway', () => {
  const [gw1, gw2] = [
    { device: 'gw1', wan: '203.0.113.2', lan: '10.0.0.1' },
    { device: 'gw2', wan: '203.0.113.3', lan: '10.0.0.2' },
  ];
  const none = (of: Gateway): Policy => {
    const its = gateway(of);
    return its.kind === 'gateway' ? { ...its, virtualIps: [], mappings: [] } : its;
  };
  test('takes the default route of its server along, which leaves as the same', () => {
    const line = first(reviewed([gateway(gw1), none(gw2), web1], [none(gw1), gateway(gw2), web1]));
    expect(line).toMatch(
      /^web1\/hosting needs another default route, tcp 443 to the internet .* come in by another gateway on/,
    );
    expect(line).not.toMatch(/another source|untranslated/);
  });
  test('and is seen as another source where its public address is another one', () => {
    const line = first(
      reviewed([gateway(gw1), none(gw2), web1], [none(gw1), gateway({ ...gw2, vip: '203.0.113.20' }), web1]),
    );
    expect(line).toMatch(/10\.0\.0\.10 is translated to another source$/);
    expect(line).not.toContain('untranslated');
  });
});

/** A server behind a mapping, with more addresses of its own. */
const has = (...more: readonly string[]): readonly Policy[] =>
  edge(
    { vip: '203.0.113.10' },
    [server('web1', '10.0.0.10', profile(['443/tcp']), { addresses: ['10.0.0.10/24', ...more] })],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1', address: '10.0.0.10' } }],
  );

describe('a server that gets an IPv6 address', () => {
  const review = reviewed(has(), has('2001:db8:1::10/64'));
  test('opens its port; of the ICMP that goes with it the rows alone speak', () => {
    expect(review.headline).toMatch(/^tcp 443 opens to the internet on 2001:db8:1::10, more changes inside; /);
    expect(review.changes.map(({ service }) => service).join()).toContain('nd-neighbor-solicit');
  });
  test('what it sends to itself by it is no change', () => {
    const rows = [...review.changes, ...reviewed(has('2001:db8:1::10/64'), has()).changes];
    expect(rows.filter(({ startLocation }) => startLocation.includes('localhost'))).toEqual([]);
    expect(rows.map(({ startLocation }) => startLocation)).toContain('the device itself');
  });
});

test('an address that a server’s stack no longer names: where the server has it still, nothing closes', () => {
  const review = reviewed(has('2001:db8:1::10/64'), has());
  expect(review.headline).toMatch(
    /^web1\/hosting no longer names 2001:db8:1::10, tcp 443 closes for the internet on 2001:db8:1::10/,
  );
  const why = review.changes
    .filter(({ destinations }) => destinations.includes('2001:db8:1::10'))
    .map(({ reason }) => reason);
  expect(new Set(why.filter((one) => !one.includes('forged')))).toEqual(
    new Set(['web1 no longer names 2001:db8:1::10; where it has it still, what it lets in there stays open']),
  );
});

test('the ICMP that IPv6 needs is called that where nothing else opens', () => {
  const ends = [133, 135].map((type) =>
    PacketMap.createSet({ family: 'ip6', protocol: [toSingleRange(58)], port: [toSingleRange(type)] }),
  );
  expect(describeServices(PacketMap.mergeFirst(ends), BRIEF_DETAIL)).toEqual({
    words: 'the ICMP that IPv6 needs',
    isSingular: true,
  });
  expect(
    describeServices(
      PacketMap.createSet({ family: 'ip6', protocol: [toSingleRange(58)], port: [toSingleRange(128)] }),
      BRIEF_DETAIL,
    ).words,
  ).toBe('ICMP');
});

describe('a first release', () => {
  const [gateway] = edge({}, [], []);
  const hosts = ['web1', 'web2'].map(
    (name) => compiled({ servers: [server(name, '10.0.0.10', profile(['443/tcp']))] }, 'nftables').policies[0]!,
  );
  test('is called that: two are named, more are counted', () => {
    expect(first(reviewed([], [hosts[0]!]))).toMatch(
      /^first release of web1\/hosting, tcp 443 opens to every source that reaches 10\.0\.0\.10/,
    );
    expect(first(reviewed([], hosts))).toMatch(/^first release of web1\/hosting and web2\/hosting, /);
    expect(first(reviewed([], [gateway!, ...hosts]))).toMatch(/^3 first releases, /);
  });
  test('beside others it is the new one alone', () => {
    expect(first(reviewed([hosts[0]!], hosts))).toMatch(/^first release of web2\/hosting, /);
    expect(first(reviewed(hosts, hosts))).not.toContain('first release');
  });
});

test('what a server may no longer send is said beside what closes', () => {
  const is = (services: readonly ('443/tcp' | '3306/tcp')[], more: object): readonly Policy[] =>
    edge(
      { vip: '203.0.113.10' },
      [server('web1', '10.0.0.10', profile([...services], more))],
      [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
    );
  expect(first(reviewed(is(['443/tcp', '3306/tcp'], {}), is(['443/tcp'], { outbound: ['dns', 'licence'] })))).toMatch(
    /^tcp 3306 closes for the internet on 203\.0\.113\.10, .*web1 may no longer send most ports/,
  );
});

test('one port beside ICMP keeps its number, however short a first line has to be', () => {
  const [mysql, icmp] = [
    { protocol: [toSingleRange(6)], port: [toSingleRange(3306)] },
    { protocol: [toSingleRange(1), toSingleRange(58)], port: [{ first: 0, last: 4000 }] },
  ].map((axes) => PacketMap.createSet(axes));
  expect(describeServices(mysql!.unite(icmp!), BRIEF_DETAIL)).toEqual({
    words: 'tcp 3306 and ICMP',
    isSingular: false,
  });
});
