// Tests the spec of servers on platforms that pass more or less than a policy asks for (`Excess`), such as firewalld or
// APF: the spec permits exactly that.

import { buildSpec } from '../../lib/spec/build-spec';
import { getPhaseRequirements } from '../../lib/spec/phase-requirements';
import { findByLocation } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { Excess, NO_EXCESS, describeExcess } from '../../lib/policy/platform-excess';
import { ServerPolicy } from '../../lib/policy/policy';
import { at } from '../devices';
import { openings, opening, ports, ranges, server } from '../generate/support';

// The packets that a platform which passes all ICMP, and three protocols outbound, may pass on a server, packet by
// packet.

const EXCESS: Excess = { ...NO_EXCESS, icmpPasses: true, outboundProtocols: [1, 6, 17, 58] };
const POLICY = server({
  allowRules: openings('web', [opening({ protocol: 6, ports: ports(443) })], ranges('203.0.113.0/24')),
  trustedNetworks: [],
});
const SERVER = { ip: at('10.0.0.10'), ip6: at('2001:db8::10') };
const PEER = { ip: at('203.0.113.7'), ip6: at('2600::5') };

const packet = (way: 'in' | 'out', family: 'ip' | 'ip6', protocol: number, port: number): Packet => ({
  ...(way === 'in'
    ? { source: PEER[family], destination: SERVER[family] }
    : { source: SERVER[family], destination: PEER[family] }),
  protocol,
  port,
  sourcePort: 0,
});

const bound = (asked: Packet, excess = EXCESS, policy: ServerPolicy = POLICY): string => {
  const vantage = asked.source === SERVER.ip || asked.source === SERVER.ip6 ? ({ kind: 'self' } as const) : undefined;
  const { views } = buildSpec(policy, excess);
  const locationSpec = vantage
    ? findByLocation(views, vantage)
    : views.find((one) => one.startLocation.kind === 'interface');
  return locationSpec!.bounds.findValue(asked) ?? 'no';
};

it.each([
  ['a redirect', packet('in', 'ip', 1, 5), 'may', 'no'],
  ['a timestamp', packet('in', 'ip', 1, 13), 'may', 'no'],
  ['an echo request', packet('in', 'ip', 1, 8), 'no', 'no'],
  ['an echo request of IPv6', packet('in', 'ip6', 58, 128), 'may', 'no'],
  ['a neighbour', packet('in', 'ip6', 58, 135), 'must', 'must'],
  ['ICMP in IPv6', packet('in', 'ip6', 1, 0), 'no', 'no'],
  ['ICMPv6 in IPv4', packet('in', 'ip', 58, 1), 'no', 'no'],
  ['a blocked source', packet('in', 'ip', 6, 443), 'no', 'no'],
])('inbound: %s', (_, asked, passing, otherwise) => {
  expect([bound(asked), bound(asked, { ...EXCESS, icmpPasses: false })]).toEqual([passing, otherwise]);
});

const LISTED = {
  ...POLICY,
  outbound: [{ ...opening({ ports: ports(25) }), sourcePorts: 'all', destinations: 'anywhere' }],
} as const;
it.each([
  ['TCP', packet('out', 'ip', 6, 4000), 'must', 'must', 'no'],
  ['a listed port', packet('out', 'ip6', 6, 25), 'must', 'must', 'must'],
  ['UDP', packet('out', 'ip6', 17, 53), 'must', 'must', 'no'],
  ['GRE', packet('out', 'ip', 47, 0), 'may', 'must', 'no'],
  ['SCTP', packet('out', 'ip6', 132, 3868), 'may', 'must', 'no'],
  ['a redirect', packet('out', 'ip', 1, 5), 'must', 'must', 'may'],
])('outbound: %s', (_, asked, some, all, listed) => {
  expect([bound(asked), bound(asked, NO_EXCESS), bound(asked, EXCESS, LISTED)]).toEqual([some, all, listed]);
});

it('permits no redirect of a server to leave if only some ICMP passes', () => {
  expect(bound(packet('out', 'ip6', 58, 137), NO_EXCESS, LISTED)).toBe('no');
});

it('requires each echo request, whatever its session', () => {
  const said = (policy: ServerPolicy, excess: Excess, asked: Packet): string => {
    const view = buildSpec(policy, excess).views.find(({ startLocation }) => startLocation.kind === 'interface')!;
    return getPhaseRequirements('going on', view).findValue(asked) ?? 'no';
  };
  const pinged = { ...POLICY, allowRules: openings('ping', [opening({ protocol: 1, ports: ports(8) })]) };
  const [ping, session] = [packet('in', 'ip', 1, 8), packet('in', 'ip', 6, 25)];
  const passing = { ...EXCESS, sessionsPass: true };
  expect([said(POLICY, passing, ping), said(pinged, passing, ping), said(POLICY, passing, session)]).toEqual([
    'may',
    'must',
    'must',
  ]);
  expect(said(POLICY, { ...passing, icmpPasses: false }, ping)).toBe('must');
});

const OLD: Excess = { ...NO_EXCESS, sessionsPass: true, ipv6Passes: true, replyProtocols: [6, 17] };
it.each([
  ['a port of IPv6', packet('in', 'ip6', 6, 25), 'may', 'no'],
  ['GRE in IPv6', packet('in', 'ip6', 47, 0), 'may', 'no'],
  ['a neighbour', packet('in', 'ip6', 58, 135), 'must', 'must'],
  ['an open port, by IPv6', packet('in', 'ip6', 6, 443), 'must', 'must'],
  ['a port of IPv4', packet('in', 'ip', 6, 25), 'no', 'no'],
  ['a blocked source', packet('in', 'ip', 6, 443), 'no', 'no'],
  ['an echo reply', packet('in', 'ip', 1, 0), 'may', 'no'],
  ['a ping', packet('in', 'ip', 1, 8), 'no', 'no'],
  ['a redirect', packet('in', 'ip', 1, 5), 'no', 'no'],
  ['an error', packet('in', 'ip', 1, 3), 'may', 'may'],
])('without rules for IPv6: %s', (_, asked, passing, otherwise) => {
  const policy =
    asked.destination === SERVER.ip6
      ? { ...POLICY, allowRules: openings('web', [opening({ protocol: 6, ports: ports(443) })]) }
      : POLICY;
  expect([bound(asked, OLD, policy), bound(asked, NO_EXCESS, policy)]).toEqual([passing, otherwise]);
});

const BOTH: Excess = { ...OLD, ipv6Passes: false };
it.each([
  ['a port', packet('in', 'ip6', 6, 25), 'no'],
  ['an echo reply', packet('in', 'ip6', 58, 129), 'may'],
  ['a ping', packet('in', 'ip6', 58, 128), 'no'],
])('with rules for IPv6, too: %s', (_, asked, passing) => expect(bound(asked, BOTH)).toBe(passing));

it('permits all of IPv6 to leave, too', () => {
  const [v4, v6] = [packet('out', 'ip', 6, 4000), packet('out', 'ip6', 6, 4000)];
  expect([bound(v4, OLD, LISTED), bound(v6, OLD, LISTED), bound(v6, NO_EXCESS, LISTED)]).toEqual(['no', 'may', 'no']);
});

it.each([
  ['TCP', packet('in', 'ip', 6, 40_000), 'must', 'must', 'must'],
  ['UDP', packet('in', 'ip', 17, 40_000), 'must', 'must', 'must'],
  ['a ping', packet('in', 'ip', 1, 0), 'must', 'must', 'must'],
  ['a timestamp request', packet('in', 'ip', 1, 13), 'may', 'may', 'must'],
  ['GRE', packet('in', 'ip', 47, 0), 'may', 'may', 'must'],
  ['GRE in IPv6', packet('in', 'ip6', 47, 0), 'must', 'may', 'must'],
  ['TCP in IPv6', packet('in', 'ip6', 6, 40_000), 'must', 'must', 'must'],
  ['a ping in IPv6', packet('in', 'ip6', 58, 129), 'must', 'must', 'must'],
  ['a neighbour', packet('in', 'ip6', 58, 136), 'must', 'must', 'must'],
])('replies to the server: %s', (_, asked, some, both, all) => {
  const said = (excess: Excess): string => {
    const view = buildSpec(POLICY, excess).views.find(({ startLocation }) => startLocation.kind === 'interface')!;
    return getPhaseRequirements('answer', view).findValue(asked) ?? 'no';
  };
  expect([said(OLD), said(BOTH), said(NO_EXCESS)]).toEqual([some, both, all]);
});

it('may drop replies of blocked sources only at ports that are open to others', () => {
  const web = openings(
    'web',
    [opening({ ports: ports(443) }), opening({ ports: ports(22), management: true })],
    ranges('203.0.113.0/24'),
  );
  const said = (excess: Excess, port: number): string => {
    const view = buildSpec({ ...POLICY, allowRules: web }, excess).views.find(
      ({ startLocation }) => startLocation.kind === 'interface',
    )!;
    return getPhaseRequirements('answer', view).findValue(packet('in', 'ip', 6, port)) ?? 'no';
  };
  const cutting = { ...NO_EXCESS, sessionsPass: true, cutsBlocked: true };
  expect([443, 22, 40_000].map((port) => said(cutting, port))).toEqual(['may', 'must', 'must']);
  expect([443, 22, 40_000].map((port) => said(NO_EXCESS, port))).toEqual(['must', 'must', 'must']);
  expect(describeExcess({ ...POLICY, allowRules: web }, cutting).join()).toContain(
    'drops whatever comes from who is blocked',
  );
  expect(describeExcess({ ...POLICY, allowRules: openings('web', []) }, cutting).join()).not.toContain('blocked');
});

it('requires packets to open ports, also as replies', () => {
  const opened = { ...POLICY, allowRules: openings('gre', [opening({ protocol: 47, ports: 'all' })]) };
  const view = buildSpec(opened, OLD).views.find(({ startLocation }) => startLocation.kind === 'interface')!;
  expect(getPhaseRequirements('answer', view).findValue(packet('in', 'ip', 47, 0))).toBe('must');
});

it('describes the excess', () => {
  expect(describeExcess(POLICY, OLD)).toEqual([
    'nftables ends no session: what was let in goes on when its port closes',
    'everything by IPv6 passes: nftables knows none of it',
    'nftables drops what answers the server, but TCP, UDP; answers to pings and errors of ICMP come in whether it asked or not',
  ]);
  expect(describeExcess(POLICY, EXCESS)).toEqual([
    'nftables lets all ICMP pass, to the server and from it, but echo requests of IPv4 that come in',
    'nftables lets nothing out but ICMP, TCP, UDP, ICMPv6, whatever the server sends',
  ]);
  expect(describeExcess(LISTED, { ...EXCESS, icmpPasses: false })).toEqual([]);
  expect(describeExcess(POLICY, { ...EXCESS, icmpPasses: false, outboundProtocols: [47] })).toEqual([
    'nftables lets nothing out but protocol 47, whatever the server sends',
  ]);
  expect(describeExcess(POLICY, NO_EXCESS)).toEqual([]);
});
