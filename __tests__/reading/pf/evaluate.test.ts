import { Exposure } from '../../../lib/exposure/exposure';
import { parsePrefix, printAddress } from '../../../lib/net/address';
import { Device, Vantage, vantageKey } from '../../../lib/net/device';
import { withinWork } from '../../../lib/net/work';
import { Packet } from '../../../lib/net/packet';
import { Refusal } from '../../../lib/problems/problem';
import { LoadedRules } from '../../../lib/reading/pf/loaded';
import { PfRules } from '../../../lib/reading/pf/model';
import { leavesAs } from '../leaves';
import { BOX, at, binat, block, matching, nat, pass, rdr, rulesOf } from './rules';

const SERVER = '10.0.0.11';
const PUBLIC = '203.0.113.10';
const PEER = '198.51.100.7';
const OTHER = '192.0.2.9';
const WAN: Vantage = { kind: 'interface', name: 'em0' };
const LAN = { kind: 'interface', name: 'em1' } as const;
const DMZ: Vantage = { kind: 'interface', name: 'em2' };
const SELF: Vantage = { kind: 'self' };
const LOCALHOST: Vantage = { kind: 'localhost' };

/** A network behind em1 besides its own. */
const ROUTING: Device = {
  ...BOX,
  interfaces: BOX.interfaces.map((one) => (one.name === 'em1' ? { ...one, routes: [parsePrefix('10.0.9.0/24')!] } : one)),
};
const TWO_WAYS: Device = {
  ...BOX,
  interfaces: [...BOX.interfaces, { name: 'em3', role: 'outside', addresses: [{ address: at('172.16.0.1'), length: 24 }], routes: [] }],
};

const tcp = (from: string, to: string, port = 443, sourcePort = 40_000): Packet => ({
  source: at(from),
  destination: at(to),
  protocol: 6,
  port,
  sourcePort,
});

/** `allowed as 198.51.100.7:40000 > 10.0.0.11:443`, `denied`, `unknown: why`. A free source port is a star, what isn't known a question mark. */
function said(exposure: Exposure, vantage: Vantage, packet: Packet): string {
  const view = exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;
  const verdict = view.verdicts.at(packet);
  if (!verdict) return 'denied';
  if (verdict.is === 'unknown') return `unknown: ${verdict.because}`;
  const as = view.translations.at(packet)!;
  const left = leavesAs(packet, { ...as, source: as.source.is === 'unclear' ? { is: 'kept' } : as.source })!;
  const source = as.source.is === 'unclear' ? '?' : printAddress(left.source);
  return `allowed as ${source}:${as.sourcePort === 'free' ? '*' : left.sourcePort} > ${printAddress(left.destination)}:${left.port}`;
}

const asking =
  (rules: Partial<PfRules>, device: Device = BOX) =>
  (vantage: Vantage, packet: Packet): string =>
    said(new LoadedRules(rulesOf(rules), device).exposure(), vantage, packet);

const ONE_TO_ONE = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32` });
const CLOSED = block({});
const OUT = pass({ way: 'out' });

describe('1:1 NAT', () => {
  const ask = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: SERVER, port: 443, quick: true })] });

  it('leads what comes for the public address to the private one, before the filter', () => {
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('does not tell the way over the public address from the direct one', () => {
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('says nothing of other interfaces: there the public address is the box', () => {
    const open = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ way: 'in', on: 'em1' })] });
    expect(open(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.20:40000 > 203.0.113.10:443');
  });
});

describe('lists of translations', () => {
  it('inbound ask redirects before 1:1 rules', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, port: 443, target: '10.0.1.20', targetPort: 8443 })],
      binat: [ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:8443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:22');
  });

  it('outbound ask 1:1 rules before others, and keep the port there', () => {
    const ask = asking({ binat: [ONE_TO_ONE], nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2' })], filter: [pass({})] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp('10.0.0.20', PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(DMZ, tcp('10.0.1.20', PEER))).toBe('allowed as 10.0.1.20:40000 > 198.51.100.7:443');
  });

  it('take the first that matches', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '10.0.1.20/32', outside: `${PUBLIC}/32` }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:443');
  });

  it('tell one source that goes to different peers from its network', () => {
    const ask = asking({
      nat: [
        nat({ on: 'em0', from: SERVER, to: '0.0.0.0/1', target: PUBLIC, keep: true }),
        nat({ on: 'em0', from: '10.0.0.0/24', to: '128.0.0.0/1', target: '203.0.113.2', keep: true }),
      ],
      filter: [
        pass({}),
        block({ way: 'out', on: 'em0', from: PUBLIC, port: 25 }),
        block({ way: 'out', on: 'em0', from: '203.0.113.2', port: 22 }),
      ],
    });
    expect(ask(LAN, tcp(SERVER, '8.8.8.8', 25))).toBe('denied');
    expect(ask(LAN, tcp(SERVER, '8.8.8.8', 22))).toBe('allowed as 203.0.113.10:40000 > 8.8.8.8:22');
    expect(ask(LAN, tcp(SERVER, PEER, 22))).toBe('denied');
    expect(ask(LAN, tcp(SERVER, PEER, 25))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:25');
    expect(ask(LAN, tcp('10.0.0.200', PEER, 22))).toBe('denied');
    expect(ask(LAN, tcp('10.0.0.2', PEER, 25))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:25');
  });

  it('are ended by no rdr, and the 1:1 rules are asked all the same', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, port: 443 }), rdr({ on: 'em0', to: PUBLIC, target: '10.0.1.20' })],
      binat: [ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:22');
  });

  it('are ended outbound by no binat, and nat is asked', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32` }), binat({ on: 'em0', inside: '10.0.0.10/31', outside: '203.0.113.10/31' })],
      nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2', keep: true })],
      filter: [pass({})],
    });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp('10.0.0.10', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    // Inbound it isn't turned around: it compares the peer with the inside, and so stops nothing.
    expect(ask(WAN, tcp(PEER, '203.0.113.11'))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('stop inbound a 1:1 rule of the very source that no binat excludes right before it', () => {
    const excluded = binat({ on: 'em0', inside: `${SERVER}/32` });
    const ask = asking({ binat: [excluded, ONE_TO_ONE], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
    const apart = binat({ on: 'em0', inside: '10.0.1.20/32', outside: '203.0.113.12/32' });
    const between = asking({ binat: [excluded, apart, ONE_TO_ONE], filter: [pass({})] });
    expect(between(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    // Rules of other interfaces stand in the same list.
    const elsewhere = binat({ on: 'em1', inside: `${SERVER}/32`, outside: '203.0.113.12/32' });
    expect(asking({ binat: [excluded, elsewhere, ONE_TO_ONE], filter: [pass({})] })(WAN, tcp(PEER, PUBLIC))).toContain(PUBLIC);
    expect(asking({ binat: [{ ...excluded, on: { is: ['em1'] } }, ONE_TO_ONE], filter: [pass({})] })(WAN, tcp(PEER, PUBLIC))).toContain(
      SERVER,
    );
  });

  it('leave out inbound what has the same `to` as one that it names', () => {
    const peer = '198.51.100.0/24';
    const excluded = binat({ on: 'em0', inside: '198.51.100.7/32', peer });
    const mapped = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, peer });
    const ask = asking({ binat: [excluded, mapped], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toContain(PUBLIC);
    expect(ask(WAN, tcp('198.51.100.200', PUBLIC))).toContain(SERVER);
  });

  it('have no binat inbound where its `to` names the public address', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '0.0.0.0/0', peer: `${PUBLIC}/32` }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('keep the low bits of networks, both ways', () => {
    const ask = asking({ binat: [binat({ on: 'em0', inside: '10.0.9.0/28', outside: '203.0.113.32/28' })], filter: [pass({})] }, ROUTING);
    expect(ask(WAN, tcp(PEER, '203.0.113.33'))).toBe('allowed as 198.51.100.7:40000 > 10.0.9.1:443');
    expect(ask(WAN, tcp(PEER, '203.0.113.47'))).toBe('allowed as 198.51.100.7:40000 > 10.0.9.15:443');
    expect(ask(LAN, tcp('10.0.9.14', PEER))).toBe('allowed as 203.0.113.46:40000 > 198.51.100.7:443');
  });

  it('restrict a 1:1 rule to its peers: others reach the box itself', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, peer: '198.51.100.0/24' })],
      nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2' })],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(OTHER, PUBLIC))).toBe('allowed as 192.0.2.9:40000 > 203.0.113.10:443');
    expect(ask(LAN, tcp(SERVER, OTHER))).toBe('allowed as 203.0.113.2:* > 192.0.2.9:443');
  });

  it('honour a negated peer', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, notPeer: '198.51.100.0/24' })],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
    expect(ask(WAN, tcp(OTHER, PUBLIC))).toBe('allowed as 192.0.2.9:40000 > 10.0.0.11:443');
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 10.0.0.11:40000 > 198.51.100.7:443');
  });

  it('give every source the one address where any is inside, and translate nothing inbound', () => {
    const ask = asking({ binat: [binat({ on: 'em0', inside: '0.0.0.0/0', outside: `${PUBLIC}/32` })], filter: [pass({})] });
    expect(ask(DMZ, tcp('10.0.1.20', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(SELF, tcp('203.0.113.2', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('spread ports by their distance from the first, and begin again after the last', () => {
    const ask = asking({
      rdr: [
        rdr({
          ...{ on: 'em0', to: PUBLIC, port: [{ first: 2000, last: 2005 }], target: SERVER },
          targetPort: { is: 'shifted', from: 2000, to: { first: 4000, last: 4003 } },
        }),
      ],
      filter: [CLOSED, OUT, pass({ way: 'in', to: SERVER, port: [{ first: 4001, last: 4001 }] })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC, 2001))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:4001');
    expect(ask(WAN, tcp(PEER, PUBLIC, 2005))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:4001');
    expect(ask(WAN, tcp(PEER, PUBLIC, 2004))).toBe('denied');
  });

  it('skip the filter where they say pass', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, pass: true })],
      filter: [block({ on: 'em0', quick: true }), OUT],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:22');
    const open = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, pass: true })],
      filter: [block({ on: 'em0', quick: true }), pass({})],
    });
    expect(open(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
  });
});

describe('the filter', () => {
  it('takes the last match, unless a quick one comes before', () => {
    expect(asking({ filter: [block({}), pass({})] })(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
    expect(asking({ filter: [pass({}), block({})] })(WAN, tcp(PEER, PUBLIC))).toBe('denied');
    expect(asking({ filter: [block({ quick: true }), pass({ quick: true }), pass({})] })(WAN, tcp(PEER, PUBLIC))).toBe('denied');
    expect(asking({ filter: [pass({ quick: true }), block({ quick: true }), block({})] })(WAN, tcp(PEER, PUBLIC))).toBe(
      'allowed as 198.51.100.7:40000 > 203.0.113.10:443',
    );
  });

  it('lets a floating block without quick be overridden by what comes later', () => {
    const ask = asking({
      filter: [OUT, block({ way: 'in', on: { is: ['em0', 'em1'] }, port: 22 }), pass({ way: 'in', on: 'em1', quick: true })],
    });
    expect(ask(LAN, tcp('10.0.0.20', '10.0.1.20', 22))).toBe('allowed as 10.0.0.20:40000 > 10.0.1.20:22');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('sees the translated packet: a rule for the public address is dead beside a 1:1 rule', () => {
    const ask = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: PUBLIC })] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
    const without = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: PUBLIC })] });
    expect(without(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('sees the translated source of what leaves', () => {
    const closing = (from: string) => asking({ binat: [ONE_TO_ONE], filter: [pass({}), block({ way: 'out', on: 'em0', from })] });
    expect(closing(PUBLIC)(LAN, tcp(SERVER, PEER))).toBe('denied');
    expect(closing(SERVER)(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
  });

  it('is asked on both interfaces: a pass on the first does not let out by the second', () => {
    const ask = asking({ filter: [CLOSED, pass({ way: 'in', on: 'em0', quick: true })] });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('is not asked on skipped interfaces, and nothing translates there', () => {
    const ask = asking({
      skipped: ['em1'],
      rdr: [rdr({ on: 'em1', to: PUBLIC, target: SERVER })],
      filter: [CLOSED, pass({ way: 'out', on: 'em0' })],
    });
    expect(ask(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.20:40000 > 203.0.113.10:443');
    expect(ask(LAN, tcp('10.0.0.20', PEER))).toBe('allowed as 10.0.0.20:40000 > 198.51.100.7:443');
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
  });

  it('decides nothing by match', () => {
    const ask = asking({ filter: [block({ way: 'in', on: 'em0' }), matching({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
  });

  it('passes what nothing matches, everywhere, where there are no rules', () => {
    const ask = asking({});
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, '203.0.113.2', 22))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.2:22');
  });

  it('does not know whether answers pass to what passed without state', () => {
    const because = 'unknown: it passes without state, and nothing says that answers to it pass';
    const byDefault = asking({ filter: [block({ way: 'in', on: 'em0' })] });
    expect(byDefault(LAN, tcp(SERVER, PEER))).toBe(because);
    // Both ways on em1 nothing but the default decides, and on em0 the answer is what is let out.
    const stateless = asking({ filter: [CLOSED, pass({ way: 'in', on: 'em0', to: '203.0.113.2', state: false })] });
    expect(stateless(WAN, tcp(PEER, '203.0.113.2'))).toBe(because);
    const answered = asking({ filter: [block({ way: 'in', on: 'em0' }), pass({ way: 'in', on: 'em0', to: '203.0.113.2', state: false })] });
    expect(answered(WAN, tcp(PEER, '203.0.113.2'))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.2:443');
    // The first packet of a TCP connection is all that a pass with state takes: its answer isn't one.
    const stateful = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: '203.0.113.2', state: false })] });
    expect(stateful(WAN, tcp(PEER, '203.0.113.2'))).toBe(because);
    expect(stateful(WAN, { ...tcp(PEER, '203.0.113.2', 53), protocol: 17 })).toBe('allowed as 198.51.100.7:40000 > 203.0.113.2:53');
  });

  it('follows answers to what passes as no rule matches it, by rules and by that', () => {
    const passes = 'allowed as 198.51.100.7:40000 > 203.0.113.2:443';
    const because = 'unknown: it passes without state, and nothing says that answers to it pass';
    const asked = (...filter: PfRules['filter']): string => asking({ filter })(WAN, tcp(PEER, '203.0.113.2'));
    expect(asked()).toBe(passes);
    // Of TCP an answer isn't what begins a connection, and so is asked of no rule with a state.
    expect(asked(OUT)).toBe(passes);
    expect(asked(block({ way: 'in', on: 'em0', port: 22 }), pass({ on: 'em1' }))).toBe(passes);
    expect(asked(block({ way: 'out', on: 'em0', sourcePort: [{ first: 443, last: 443 }] }))).toBe(because);
    expect(asked(block({ way: 'out', on: 'em0', sourcePort: [{ first: 80, last: 80 }] }))).toBe(passes);
    expect(asked(block({ way: 'out', on: 'em0', to: PEER, doubt: 'a table' }))).toBe(because);
    expect(asked(block({ way: 'out', on: 'em0', to: OTHER }))).toBe(passes);
    expect(asked(pass({ way: 'out', flags: [] }))).toBe(because);
    expect(asked(block({ way: 'in', on: 'em0', flags: [{ wanted: 16, among: 16 }] }))).toBe(because);
    const natted = asking({ nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2' })] });
    expect(natted(WAN, tcp(PEER, '203.0.113.2'))).toBe(passes);
    expect(natted(WAN, tcp(PEER, SERVER))).toBe(because);
    const echo = (type: number): Packet => ({ ...tcp(PEER, '203.0.113.2', type, 0), protocol: 1 });
    const pings = asking({ filter: [block({ way: 'out', on: 'em0', protocol: [1], port: 0 })] });
    expect(pings(WAN, echo(8))).toBe(because);
    expect([pings(WAN, echo(13)), pings(WAN, echo(3))].every((one) => one.startsWith('allowed'))).toBe(true);
  });

  it('knows nothing of a text that the box could not load', () => {
    const unloadable = { line: { number: 7, text: 'binat' }, because: 'syntax error' };
    const ask = asking({ unloadable, filter: [CLOSED] });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('unknown: line 7: syntax error');
    expect(ask(SELF, tcp('203.0.113.2', PEER))).toBe('unknown: line 7: syntax error');
    expect(ask(SELF, tcp(SERVER, PEER))).toBe('denied');
  });
});

describe('ways', () => {
  it('let a virtual IP that nothing translates reach the box', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', port: 22 })] });
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:22');
  });

  it('let what is addressed to the inside from outside in as the filter says', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: '10.0.0.0/24', port: 22 })] });
    expect(ask(WAN, tcp(PEER, SERVER, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:22');
    expect(ask(WAN, tcp(PEER, '10.0.1.20', 22))).toBe('denied');
  });

  it('turn back on the interface of the client with reflection, as the address of the box', () => {
    const rules = {
      rdr: [rdr({ on: { is: ['em1', 'em2'] }, to: PUBLIC, target: `${SERVER}/32` })],
      binat: [ONE_TO_ONE],
      nat: [
        nat({ on: 'em1', from: '10.0.0.1', to: SERVER }),
        nat({ on: 'em1', from: '10.0.0.0/24', to: SERVER, target: '10.0.0.1' }),
        nat({ on: 'em0', from: '10.0.0.0/16', target: '203.0.113.2' }),
      ],
      filter: [CLOSED, OUT, pass({ way: 'in', on: { is: ['em1', 'em2'] }, to: SERVER })],
    };
    const ask = asking(rules);
    expect(ask(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.1:* > 10.0.0.11:443');
    expect(ask(LAN, tcp(SERVER, PUBLIC))).toBe('allowed as 10.0.0.1:* > 10.0.0.11:443');
    expect(ask(DMZ, tcp('10.0.1.20', PUBLIC))).toBe('allowed as 10.0.1.20:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
  });

  it('lead by what a rule says, and only where that is the way it is known to arrive', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em1', routedTo: 'em0' })] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 10.0.0.11:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp(SERVER, '10.0.1.20'))).toBe('unknown: a rule sends it out by em0, which is not the way to its destination');
    const closed = asking({ filter: [CLOSED, pass({ way: 'in', on: 'em1', routedTo: 'em0' }), pass({ way: 'out', on: 'em2' })] });
    expect(closed(LAN, tcp(SERVER, '10.0.1.20'))).toBe('denied');
  });

  it('leave open where a rule sends what is for the box itself, as kernels differ', () => {
    const sent =
      "unknown: a rule sends it out by em0, and pfSense's kernel leaves such a destination to the routes, where FreeBSD's does not";
    const rule = pass({ way: 'in', on: 'em1', routedTo: 'em0' });
    for (const filter of [
      [CLOSED, OUT, rule],
      [CLOSED, rule],
    ])
      for (const own of ['10.0.0.1', PUBLIC, '203.0.113.2']) expect(asking({ filter })(LAN, tcp(SERVER, own))).toBe(sent);
    expect(asking({ filter: [CLOSED, OUT, block({ way: 'in', on: 'em1' })] })(LAN, tcp(SERVER, '10.0.0.1'))).toBe('denied');
  });

  it('lead to the longer of two networks', () => {
    const routes = [parsePrefix('10.0.0.8/29')!];
    const nested = { ...BOX, interfaces: BOX.interfaces.map((one) => (one.name === 'em2' ? { ...one, routes } : one)) };
    const ask = asking({ filter: [pass({}), block({ way: 'out', on: 'em1' })] }, nested);
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, '10.0.0.20'))).toBe('denied');
  });

  it('lead nowhere on a box that does not route', () => {
    const ask = asking({ filter: [pass({})] }, { ...BOX, forwarding: false });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('begin at the box with the outward half', () => {
    const ask = asking({ nat: [nat({ on: 'em0', target: '203.0.113.2' })], filter: [pass({}), block({ way: 'in' })] });
    expect(ask(SELF, tcp('10.0.0.1', PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(SELF, tcp(SERVER, PEER))).toBe('denied');
    expect(ask(LOCALHOST, tcp('127.0.0.1', '127.0.0.1'))).toBe('denied');
    const skipping = asking({ skipped: ['lo0'], filter: [CLOSED] });
    expect(skipping(LOCALHOST, tcp('127.0.0.1', '127.0.0.1'))).toBe('allowed as 127.0.0.1:40000 > 127.0.0.1:443');
    expect(skipping(SELF, tcp('203.0.113.2', PEER))).toBe('denied');
  });

  it('are open for IPv6 where rules speak of IPv4 alone', () => {
    const six = (way: Vantage, packet: Packet): string =>
      asking({ filter: [pass({}), block({ way: 'in', on: 'em0', family: 'ip' })] })(way, packet);
    expect(six(WAN, tcp('2001:db8:9::1', '2001:db8:2::10'))).toBe('allowed as 2001:db8:9::1:40000 > 2001:db8:2::10:443');
    expect(six(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(asking({ filter: [pass({}), block({ way: 'in', on: 'em0' })] })(WAN, tcp('2001:db8:9::1', '2001:db8:2::10'))).toBe('denied');
  });

  it('map IPv6 one to one, too', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '2001:db8:2::10/128', outside: '2001:db8:1::80/128' }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp('2001:db8:9::1', '2001:db8:1::80'))).toBe('allowed as 2001:db8:9::1:40000 > 2001:db8:2::10:443');
    expect(ask(LAN, tcp('2001:db8:2::10', '2001:db8:9::1'))).toBe('allowed as 2001:db8:1::80:40000 > 2001:db8:9::1:443');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('have a vantage for each way out', () => {
    const ask = asking(
      {
        nat: [nat({ on: 'em3', from: '10.0.0.0/24', target: '172.16.0.1', keep: true })],
        filter: [pass({}), block({ way: 'out', on: 'em0' })],
      },
      TWO_WAYS,
    );
    expect(ask({ ...LAN, leaving: 'em0' }, tcp(SERVER, PEER))).toBe('denied');
    expect(ask({ ...LAN, leaving: 'em3' }, tcp(SERVER, PEER))).toBe('allowed as 172.16.0.1:40000 > 198.51.100.7:443');
  });
});

describe('doubts', () => {
  it('make unknown exactly what they could decide', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: SERVER, port: 443, doubt: 'a schedule' })] });
    expect(ask(WAN, tcp(PEER, SERVER))).toMatch(/^unknown: line \d+: a schedule$/);
    expect(ask(WAN, tcp(PEER, SERVER, 22))).toBe('denied');
    const decided = asking({
      filter: [
        OUT,
        pass({ way: 'in', on: 'em0', to: SERVER, port: 443, doubt: 'a schedule', quick: true }),
        pass({ way: 'in', quick: true }),
      ],
    });
    expect(decided(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('of a translation leave denied what is denied either way', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, doubt: 'it may be refused' })],
      filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: SERVER, port: 443 })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: it may be refused$/);
  });

  it('of a translation make unknown who is reached, and not whether a packet leaves', () => {
    const doubtful = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, doubt: 'it may be refused' });
    const ask = asking({ binat: [doubtful], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: it may be refused$/);
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as ?:40000 > 198.51.100.7:443');
  });

  it('of where a redirect leads leave denied what none of its targets would get', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, among: ['10.0.0.0/28'] })],
      filter: [CLOSED, OUT, pass({ way: 'in', on: 'em0', to: SERVER, port: 443 })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: one of a pool$/);
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('of a translation over loopback are followed until the packet is back', () => {
    const doubtful = nat({ on: 'lo0', target: '203.0.113.2', keep: true, doubt: 'a tag' });
    const local = tcp('127.0.0.1', '127.0.0.1');
    expect(asking({ nat: [doubtful], filter: [block({ way: 'in' }), OUT] })(LOCALHOST, local)).toBe('denied');
    const ask = asking({ nat: [doubtful], filter: [pass({}), block({ way: 'in', on: 'lo0', from: '203.0.113.2' })] });
    expect(ask(LOCALHOST, local)).toMatch(/^unknown: line \d+: a tag$/);
  });

  it('of an address that is not known keep what every address gets', () => {
    const unclear = nat({ on: 'em0', from: '10.0.0.0/16', unclear: 'DHCP' });
    const ask = asking({ nat: [unclear], filter: [pass({}), block({ way: 'out', on: 'em0', port: 25 })] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as ?:* > 198.51.100.7:443');
    expect(ask(LAN, tcp(SERVER, PEER, 25))).toBe('denied');
    const choosy = asking({ nat: [unclear], filter: [pass({}), block({ way: 'out', on: 'em0', from: '203.0.113.3' })] });
    expect(choosy(LAN, tcp(SERVER, PEER))).toBe('unknown: a rule may ask for its source, which is not known');
  });

  it('of the port that pf chooses are none where no rule asks for it', () => {
    const chosen = nat({ on: 'em0', from: '10.0.0.0/16', target: '203.0.113.2' });
    const low = [{ first: 1, last: 1023 }];
    const ask = asking({ nat: [chosen], filter: [pass({}), block({ way: 'out', on: 'em0', sourcePort: low, protocol: [17] })] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(LAN, { ...tcp(SERVER, PEER), protocol: 17 })).toBe('unknown: a rule may ask for its source port, which the box chooses');
  });
});

it('refuses rules that tell more kinds of packets apart than can be held', () => {
  const wild = Array.from({ length: 300 }, (_, i) => {
    const words = [
      { port: [{ first: i * 3, last: 60_000 - i * 5 }] },
      { sourcePort: [{ first: i * 2, last: 50_000 - i * 7 }] },
      { from: `10.${i % 256}.0.0/${16 + (i % 9)}` },
      { to: `10.0.${i % 256}.0/24` },
    ];
    return (i % 8 < 4 ? pass : block)({ ...words[i % 4]!, doubt: `doubt ${i}` });
  });
  // A small part of what it may take: the whole of it would be seconds of a test.
  const tooMuch = (): never => {
    throw new Error('nobody said which text');
  };
  const evaluated = () => withinWork(200_000, () => new LoadedRules(rulesOf({ filter: wild }), BOX).exposure(), tooMuch);
  expect(evaluated).toThrow(Refusal);
  expect(evaluated).toThrow(/^pf\/too-much-to-evaluate at the rules as a whole: /);
});
