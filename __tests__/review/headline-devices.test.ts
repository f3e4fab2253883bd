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

// The headline names changes of whole devices: platform, gateway address, source translation of hosts.

const first = ({ headline }: Review): string => headline.split('; ')[0]!;

interface Gateway {
  readonly device?: string;
  readonly wan?: string;
  readonly lan?: string;
  /** The public address that is mapped to web1. */
  readonly vip?: string | undefined;
  readonly platform?: keyof typeof platforms;
}

/** A gateway without mappings. */
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

describe('a gateway whose own address changes', () => {
  const review = reviewed([gateway({}), web1], [gateway({ wan: '203.0.113.3' }), web1]);
  test('is named in the headline in place of the changes at either address', () => {
    expect(first(review)).toBe(
      'edge/hosting has 203.0.113.3 in place of 203.0.113.2, nothing that is reachable changes',
    );
  });
  test('has the changes at each of its addresses as rows', () => {
    const [change, ...more] = review.changes;
    expect(more).toEqual([]);
    expect([change!.hostBefore, change!.hostAfter]).toEqual([
      '203.0.113.2: untranslated by us; 203.0.113.3: 203.0.113.10',
      '203.0.113.2: 203.0.113.10; 203.0.113.3: untranslated by us',
    ]);
  });
  test('source-translates inside clients to its new address when they use a public address', () => {
    expect(first(reviewed([gateway({}), web1], [gateway({ lan: '10.0.0.254' }), web1]))).toBe(
      'edge/hosting has 10.0.0.254 in place of 10.0.0.1, 10.0.0.0/24 is translated to another source on 203.0.113.10',
    );
  });
});

test("names a move to another platform first, and omits packets that can't come from the internet", () => {
  const review = reviewed([gateway({}), web1], [gateway({ platform: 'iptables' }), web1]);
  expect(first(review)).toBe('edge/hosting moves from nftables to iptables, nothing that is reachable changes');
  // Packets with inside sources that come by the outside interface: one row, which says so.
  expect(review.changes.map(({ kind, fromInternet, reason }) => [kind, fromInternet, reason])).toEqual([
    [
      'identity',
      true,
      'mapping web, 203.0.113.10 = 10.0.0.10; from there only with forged sources, which are of inside',
    ],
  ]);
});

describe('an address that moves to another gateway', () => {
  const [gw1, gw2] = [
    { device: 'gw1', wan: '203.0.113.2', lan: '10.0.0.1' },
    { device: 'gw2', wan: '203.0.113.3', lan: '10.0.0.2' },
  ];
  const none = (of: Gateway): Policy => {
    const its = gateway(of);
    return its.kind === 'gateway' ? { ...its, virtualIps: [], mappings: [] } : its;
  };
  test('changes the default route of its server, whose source translation stays', () => {
    const line = first(reviewed([gateway(gw1), none(gw2), web1], [none(gw1), gateway(gw2), web1]));
    expect(line).toMatch(
      /^web1\/hosting needs another default route, tcp 443 to the internet .* come in by another gateway on/,
    );
    expect(line).not.toMatch(/another source|untranslated/);
  });
  test('changes the source translation of its server if the public address changes as well', () => {
    const line = first(
      reviewed([gateway(gw1), none(gw2), web1], [none(gw1), gateway({ ...gw2, vip: '203.0.113.20' }), web1]),
    );
    expect(line).toMatch(/10\.0\.0\.10 is translated to another source$/);
    expect(line).not.toContain('untranslated');
  });
});

/** A server behind a mapping, with more addresses that aren't mapped. */
const has = (...more: readonly string[]): readonly Policy[] =>
  edge(
    { vip: '203.0.113.10' },
    [server('web1', '10.0.0.10', profile(['443/tcp']), { addresses: ['10.0.0.10/24', ...more] })],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1', address: '10.0.0.10' } }],
  );

describe('a server that gets an IPv6 address', () => {
  const review = reviewed(has(), has('2001:db8:1::10/64'));
  test('opens its port in the headline; the necessary ICMP is in the rows alone', () => {
    expect(review.headline).toMatch(/^tcp 443 opens to the internet on 2001:db8:1::10, more changes inside; /);
    expect(review.changes.map(({ service }) => service).join()).toContain('nd-neighbor-solicit');
  });
  test('has no change in what it sends to itself by the new address', () => {
    const rows = [...review.changes, ...reviewed(has('2001:db8:1::10/64'), has()).changes];
    expect(rows.filter(({ startLocation }) => startLocation.includes('localhost'))).toEqual([]);
    expect(rows.map(({ startLocation }) => startLocation)).toContain('the device itself');
  });
});

test("an address that leaves a server's stack: if the server still has it, nothing closes", () => {
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

test('names the ICMP that IPv6 needs if nothing else opens', () => {
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
  test('is named in the headline: up to two by name, more as a count', () => {
    expect(first(reviewed([], [hosts[0]!]))).toMatch(
      /^first release of web1\/hosting, tcp 443 opens to every source that reaches 10\.0\.0\.10/,
    );
    expect(first(reviewed([], hosts))).toMatch(/^first release of web1\/hosting and web2\/hosting, /);
    expect(first(reviewed([], [gateway!, ...hosts]))).toMatch(/^3 first releases, /);
  });
  test('is the only one named beside unchanged owners', () => {
    expect(first(reviewed([hosts[0]!], hosts))).toMatch(/^first release of web2\/hosting, /);
    expect(first(reviewed(hosts, hosts))).not.toContain('first release');
  });
});

test('names outgoing connections that a server loses beside the ports that close', () => {
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

test('keeps the number of a single port beside ICMP in the shortest headline', () => {
  const [mysql, icmp] = [
    { protocol: [toSingleRange(6)], port: [toSingleRange(3306)] },
    { protocol: [toSingleRange(1), toSingleRange(58)], port: [{ first: 0, last: 4000 }] },
  ].map((axes) => PacketMap.createSet(axes));
  expect(describeServices(mysql!.unite(icmp!), BRIEF_DETAIL)).toEqual({
    words: 'tcp 3306 and ICMP',
    isSingular: false,
  });
});
