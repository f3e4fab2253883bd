// Tests how packets that start no connection (later packets, replies, related ICMP errors, stray ones) are evaluated:
// their conntrack state, their translation, and which rules see them.

import { LATER_PHASES, SessionPhase } from '../../lib/reachability/session-phase';
import { parseAddress } from '../../lib/net/address';
import { StartLocation, toLocationKey } from '../../lib/net/device';
import { Packet } from '../../lib/net/packet';
import { parser } from '../../lib/platforms/nftables/parse/parser';
import { leavesAs } from './translated-packet';
import { GATEWAY } from './packets';

const WAN: StartLocation = { kind: 'interface', name: 'wan0' };
const LAN: StartLocation = { kind: 'interface', name: 'br0' };

const packet = (from: string, to: string, protocol: number, port: number, sourcePort = 40_000): Packet => ({
  source: parseAddress(from)!,
  destination: parseAddress(to)!,
  protocol,
  port,
  sourcePort: protocol === 1 || protocol === 58 ? 0 : sourcePort,
});

/** The dispositions in each phase: `first allowed`, …; asserts that the evaluator and the trace agree. */
function said(text: string, vantage: StartLocation, asked: Packet): Record<SessionPhase, string> {
  const reading = parser.read(text, GATEWAY);
  const one = (phase: SessionPhase): string => {
    const { views } = phase === 'first' ? reading.reachability : reading.later(phase)!;
    const view = views.find((other) => toLocationKey(other.startLocation) === toLocationKey(vantage))!;
    const verdict = view.dispositions.findValue(asked)?.is ?? 'denied';
    const walked = reading.explain(vantage, asked, phase);
    expect(`${phase} ${walked.disposition}`).toBe(`${phase} ${verdict}`);
    if (verdict !== 'allowed') return verdict;
    const leaves = leavesAs(asked, view.translations.findValue(asked)!)!;
    expect({ phase, ...walked.packetOut }).toMatchObject({
      phase,
      source: leaves.source,
      destination: leaves.destination,
    });
    return leaves.destination === asked.destination && leaves.source === asked.source ? verdict : 'translated';
  };
  return Object.fromEntries((['first', ...LATER_PHASES] as const).map((phase) => [phase, one(phase)])) as Record<
    SessionPhase,
    string
  >;
}

const input = (...rules: readonly string[]): string =>
  `table inet t {\n  chain c {\n    type filter hook input priority 0; policy drop;\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n}\n`;
const ssh = packet('198.51.100.7', '198.51.100.2', 6, 22);
const unreachable = packet('198.51.100.7', '198.51.100.2', 1, 3);
const NOTHING = { first: 'denied', 'going on': 'denied', answer: 'denied', related: 'denied', stray: 'denied' };

describe('packets that start no connection', () => {
  it('have their own conntrack states', () => {
    expect(said(input(), WAN, ssh)).toEqual(NOTHING);
    expect(said(input('ct state new accept'), WAN, ssh)).toEqual({ ...NOTHING, first: 'allowed' });
    expect(said(input('ct state established accept'), WAN, ssh)).toEqual({
      ...NOTHING,
      'going on': 'allowed',
      answer: 'allowed',
    });
    expect(said(input('ct state established ct direction reply accept'), WAN, ssh)).toEqual({
      ...NOTHING,
      answer: 'allowed',
    });
    expect(said(input('ct state related accept'), WAN, unreachable)).toEqual({ ...NOTHING, related: 'allowed' });
    expect(said(input('ct state invalid accept'), WAN, unreachable)).toEqual({ ...NOTHING, stray: 'allowed' });
    expect(said(input('ct state vmap { established : accept, related : accept, invalid : accept }'), WAN, ssh)).toEqual(
      {
        first: 'denied',
        'going on': 'allowed',
        answer: 'allowed',
        related: 'allowed',
        stray: 'allowed',
      },
    );
  });

  it('have no conntrack entry if they are strays: rules on its fields don’t match', () => {
    for (const rule of ['ct direction original', 'ct status ! dnat', 'ct mark 0', 'ct original ip daddr 198.51.100.2'])
      expect(said(input(`${rule} accept`), WAN, ssh)).toMatchObject({
        first: 'allowed',
        'going on': 'allowed',
        stray: 'denied',
      });
  });

  it('include strays if a policy accepts packets that are not new', () => {
    const text = input('ct state new drop').replace('policy drop', 'policy accept');
    expect(said(text, WAN, unreachable)).toEqual({
      ...NOTHING,
      'going on': 'allowed',
      answer: 'allowed',
      related: 'allowed',
      stray: 'allowed',
    });
  });

  it('have their own flags', () => {
    expect(said(input('tcp flags & (fin|syn|rst|ack) == syn accept'), WAN, ssh)).toMatchObject({
      first: 'allowed',
      answer: 'unknown',
      stray: 'unknown',
    });
    expect(said(input('tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0 accept'), WAN, ssh)).toMatchObject({
      first: 'denied',
      'going on': 'denied',
      stray: 'unknown',
    });
    // csf and many scripts drop segments with flags that no TCP sends.
    const strange = ['psh', 'urg'].map((flag) => `tcp flags & (${flag}|ack) == ${flag} drop`);
    expect(said(input(...strange, 'ct state established accept'), WAN, ssh)).toMatchObject({
      first: 'denied',
      'going on': 'allowed',
      answer: 'allowed',
      stray: 'denied',
    });
  });

  it('from the other side do not show the original destination of their session', () => {
    const text = input('ct original ip daddr 198.51.100.2 accept');
    expect(said(text, WAN, ssh)).toMatchObject({ 'going on': 'allowed', answer: 'unknown' });
    expect(said(text, WAN, unreachable)).toMatchObject({ related: 'unknown' });
  });

  it('show of their session what their sender’s side knows', () => {
    const [allowed, denied, unknown] = ['allowed', 'denied', 'unknown'];
    expect(said(input('ct original ip saddr 198.51.100.7 accept'), WAN, ssh)).toMatchObject({
      'going on': allowed,
      answer: unknown,
    });
    expect(said(input('ct reply ip saddr 198.51.100.2 accept'), WAN, ssh)).toEqual({
      first: allowed,
      'going on': allowed,
      answer: denied,
      related: unknown,
      stray: denied,
    });
    expect(said(input('ct reply ip saddr 198.51.100.7 accept'), WAN, ssh)).toMatchObject({
      first: denied,
      'going on': denied,
      answer: allowed,
    });
    expect(said(input('ct reply ip daddr 198.51.100.2 accept'), WAN, ssh)).toMatchObject({
      first: denied,
      'going on': unknown,
      answer: allowed,
    });
    expect(said(input('meta l4proto tcp ct reply proto-src 22 accept'), WAN, ssh)).toMatchObject({
      first: allowed,
      answer: denied,
    });
    expect(said(input('meta l4proto tcp ct reply proto-dst 22 accept'), WAN, ssh)).toMatchObject({
      first: denied,
      answer: allowed,
    });
    const early = input('ct reply ip saddr 198.51.100.2 accept').replace(
      'input priority 0',
      'prerouting priority -150',
    );
    expect(said(early, WAN, ssh)).toMatchObject({ first: allowed, 'going on': unknown });
  });

  it('have their own protocol if they are ICMP errors', () => {
    expect(said(input('ct protocol icmp accept'), WAN, unreachable)).toMatchObject({
      related: 'unknown',
      stray: 'denied',
    });
    expect(said(input('ct protocol tcp accept'), WAN, unreachable)).toMatchObject({
      first: 'denied',
      related: 'unknown',
    });
    expect(said(input('ct protocol tcp accept'), WAN, ssh)).toMatchObject({
      first: 'allowed',
      'going on': 'allowed',
      answer: 'allowed',
    });
  });

  it('are translated with their session, and strays not at all', () => {
    const text = `table ip t {
  chain pre {
    type nat hook prerouting priority -100;
    ip daddr 203.0.113.10 ct state new dnat to 10.0.0.10
    ip daddr 203.0.113.11 drop
  }
  chain post {
    type nat hook postrouting priority 100;
    ip saddr 10.0.0.10 oifname "wan0" snat to 203.0.113.10
  }
  chain through {
    type filter hook forward priority 0; policy drop;
    ip daddr 10.0.0.10 accept
    ip saddr 10.0.0.10 accept
  }
}
`;
    const translated = { first: 'translated', 'going on': 'translated', answer: 'translated', related: 'translated' };
    // The gateway itself has the address.
    expect(said(text, WAN, packet('198.51.100.7', '203.0.113.10', 6, 22))).toEqual({ ...translated, stray: 'allowed' });
    expect(said(text, LAN, packet('10.0.0.10', '198.51.100.7', 6, 22))).toEqual({ ...translated, stray: 'allowed' });
  });

  it('include expected connections if a conntrack helper is in use', () => {
    const helped = input('ct state related accept', 'tcp dport 21 ct helper set "ftp"');
    expect(said(helped, WAN, ssh)).toEqual({ ...NOTHING, related: 'unknown' });
    expect(said(helped, WAN, unreachable)).toEqual({ ...NOTHING, related: 'allowed' });
  });

  it('do not include neighbour discovery, which has no session', () => {
    const solicit = packet('2001:db8:1::7', '2001:db8:1::2', 58, 135);
    expect(said(input('icmpv6 type nd-neighbor-solicit accept'), WAN, solicit)).toEqual({
      ...NOTHING,
      first: 'allowed',
    });
  });
});
