// Tests the evaluation of pf's filter rules: the last match or a quick one decides, on both interfaces, with the
// translated addresses; and which packets uncertain rules or translations leave unknown.

import { runWithinBudget } from '../../../lib/net/step-budget';
import { Packet } from '../../../lib/net/packet';
import { Refusal } from '../../../lib/problems/problem';
import { LoadedPfRules } from '../../../lib/parse/pf/loaded-rules';
import { PfRules } from '../../../lib/parse/pf/model';
import { BOX, binat, block, matching, nat, pass, rdr, rulesOf } from './rules';
import { SERVER, PUBLIC, PEER, OTHER, WAN, LAN, SELF, LOCALHOST, tcp, ONE_TO_ONE, CLOSED, OUT, asking } from './asking';

describe('the filter', () => {
  it('uses the last match, unless a quick one comes before', () => {
    expect(asking({ filter: [block({}), pass({})] })(WAN, tcp(PEER, PUBLIC))).toBe(
      'allowed as 198.51.100.7:40000 > 203.0.113.10:443',
    );
    expect(asking({ filter: [pass({}), block({})] })(WAN, tcp(PEER, PUBLIC))).toBe('denied');
    expect(asking({ filter: [block({ quick: true }), pass({ quick: true }), pass({})] })(WAN, tcp(PEER, PUBLIC))).toBe(
      'denied',
    );
    expect(asking({ filter: [pass({ quick: true }), block({ quick: true }), block({})] })(WAN, tcp(PEER, PUBLIC))).toBe(
      'allowed as 198.51.100.7:40000 > 203.0.113.10:443',
    );
  });

  it('lets later rules override a floating block without quick', () => {
    const ask = asking({
      filter: [
        OUT,
        block({ direction: 'in', on: { is: ['em0', 'em1'] }, port: 22 }),
        pass({ direction: 'in', on: 'em1', quick: true }),
      ],
    });
    expect(ask(LAN, tcp('10.0.0.20', '10.0.1.20', 22))).toBe('allowed as 10.0.0.20:40000 > 10.0.1.20:22');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('sees the translated packet: a rule for the public address never matches beside a 1:1 rule', () => {
    const ask = asking({
      binat: [ONE_TO_ONE],
      filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: PUBLIC })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
    const without = asking({ filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: PUBLIC })] });
    expect(without(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('sees the translated source of outbound packets', () => {
    const closing = (from: string) =>
      asking({ binat: [ONE_TO_ONE], filter: [pass({}), block({ direction: 'out', on: 'em0', from })] });
    expect(closing(PUBLIC)(LAN, tcp(SERVER, PEER))).toBe('denied');
    expect(closing(SERVER)(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
  });

  it('is evaluated on both interfaces: a pass on the first does not pass the second', () => {
    const ask = asking({ filter: [CLOSED, pass({ direction: 'in', on: 'em0', quick: true })] });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('is not evaluated on skipped interfaces, and nothing is translated there', () => {
    const ask = asking({
      skipped: ['em1'],
      rdr: [rdr({ on: 'em1', to: PUBLIC, target: SERVER })],
      filter: [CLOSED, pass({ direction: 'out', on: 'em0' })],
    });
    expect(ask(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.20:40000 > 203.0.113.10:443');
    expect(ask(LAN, tcp('10.0.0.20', PEER))).toBe('allowed as 10.0.0.20:40000 > 198.51.100.7:443');
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
  });

  it('decides nothing by match', () => {
    const ask = asking({ filter: [block({ direction: 'in', on: 'em0' }), matching({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
  });

  it('passes packets that no rule matches, everywhere without rules', () => {
    const ask = asking({});
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, '203.0.113.2', 22))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.2:22');
  });

  it('leaves replies to packets that passed without state unknown', () => {
    const because = 'unknown: it passes without state, and nothing says that answers to it pass';
    const byDefault = asking({ filter: [block({ direction: 'in', on: 'em0' })] });
    expect(byDefault(LAN, tcp(SERVER, PEER))).toBe(because);
    // In both directions on em1 only the default decides, and on em0 the reply is an outbound packet that passes.
    const stateless = asking({
      filter: [CLOSED, pass({ direction: 'in', on: 'em0', to: '203.0.113.2', state: false })],
    });
    expect(stateless(WAN, tcp(PEER, '203.0.113.2'))).toBe(because);
    const answered = asking({
      filter: [
        block({ direction: 'in', on: 'em0' }),
        pass({ direction: 'in', on: 'em0', to: '203.0.113.2', state: false }),
      ],
    });
    expect(answered(WAN, tcp(PEER, '203.0.113.2'))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.2:443');
    // A pass with state matches only the first packet of a TCP connection, and its reply isn't one.
    const stateful = asking({
      filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: '203.0.113.2', state: false })],
    });
    expect(stateful(WAN, tcp(PEER, '203.0.113.2'))).toBe(because);
    expect(stateful(WAN, { ...tcp(PEER, '203.0.113.2', 53), protocol: 17 })).toBe(
      'allowed as 198.51.100.7:40000 > 203.0.113.2:53',
    );
  });

  it('evaluates replies to packets that no rule matched, by rules and by default', () => {
    const passes = 'allowed as 198.51.100.7:40000 > 203.0.113.2:443';
    const because = 'unknown: it passes without state, and nothing says that answers to it pass';
    const asked = (...filter: PfRules['filter']): string => asking({ filter })(WAN, tcp(PEER, '203.0.113.2'));
    expect(asked()).toBe(passes);
    // A TCP reply doesn't begin a connection, so rules with state don't match it.
    expect(asked(OUT)).toBe(passes);
    expect(asked(block({ direction: 'in', on: 'em0', port: 22 }), pass({ on: 'em1' }))).toBe(passes);
    expect(asked(block({ direction: 'out', on: 'em0', sourcePort: [{ first: 443, last: 443 }] }))).toBe(because);
    expect(asked(block({ direction: 'out', on: 'em0', sourcePort: [{ first: 80, last: 80 }] }))).toBe(passes);
    expect(asked(block({ direction: 'out', on: 'em0', to: PEER, doubt: 'a table' }))).toBe(because);
    expect(asked(block({ direction: 'out', on: 'em0', to: OTHER }))).toBe(passes);
    expect(asked(pass({ direction: 'out', flags: [] }))).toBe(because);
    expect(asked(block({ direction: 'in', on: 'em0', flags: [{ set: 16, mask: 16 }] }))).toBe(because);
    const natted = asking({ nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2' })] });
    expect(natted(WAN, tcp(PEER, '203.0.113.2'))).toBe(passes);
    expect(natted(WAN, tcp(PEER, SERVER))).toBe(because);
    const echo = (type: number): Packet => ({ ...tcp(PEER, '203.0.113.2', type, 0), protocol: 1 });
    const pings = asking({ filter: [block({ direction: 'out', on: 'em0', protocol: [1], port: 0 })] });
    expect(pings(WAN, echo(8))).toBe(because);
    expect([pings(WAN, echo(13)), pings(WAN, echo(3))].every((one) => one.startsWith('allowed'))).toBe(true);
  });

  it('knows nothing of a text that the box could not load', () => {
    const unloadable = { line: { number: 7, text: 'binat' }, reason: 'syntax error' };
    const ask = asking({ unloadable, filter: [CLOSED] });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('unknown: line 7: syntax error');
    expect(ask(SELF, tcp('203.0.113.2', PEER))).toBe('unknown: line 7: syntax error');
    expect(ask(SELF, tcp(SERVER, PEER))).toBe('denied');
  });
});

describe('uncertain rules', () => {
  it('make unknown exactly the packets that they could decide', () => {
    const ask = asking({
      filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: SERVER, port: 443, doubt: 'a schedule' })],
    });
    expect(ask(WAN, tcp(PEER, SERVER))).toMatch(/^unknown: line \d+: a schedule$/);
    expect(ask(WAN, tcp(PEER, SERVER, 22))).toBe('denied');
    const decided = asking({
      filter: [
        OUT,
        pass({ direction: 'in', on: 'em0', to: SERVER, port: 443, doubt: 'a schedule', quick: true }),
        pass({ direction: 'in', quick: true }),
      ],
    });
    expect(decided(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('of a translation leave denied the packets that are denied either way', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, doubt: 'it may be refused' })],
      filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: SERVER, port: 443 })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: it may be refused$/);
  });

  it('of a translation make the destination unknown, and not whether a packet leaves', () => {
    const doubtful = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, doubt: 'it may be refused' });
    const ask = asking({ binat: [doubtful], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: it may be refused$/);
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as ?:40000 > 198.51.100.7:443');
  });

  it('of a redirect’s target leave denied the packets that no target would get', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, among: ['10.0.0.0/28'] })],
      filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: SERVER, port: 443 })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toMatch(/^unknown: line \d+: one of a pool$/);
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('of a translation over loopback are followed until the packet is back', () => {
    const doubtful = nat({ on: 'lo0', target: '203.0.113.2', keep: true, doubt: 'a tag' });
    const local = tcp('127.0.0.1', '127.0.0.1');
    expect(asking({ nat: [doubtful], filter: [block({ direction: 'in' }), OUT] })(LOCALHOST, local)).toBe('denied');
    const ask = asking({
      nat: [doubtful],
      filter: [pass({}), block({ direction: 'in', on: 'lo0', from: '203.0.113.2' })],
    });
    expect(ask(LOCALHOST, local)).toMatch(/^unknown: line \d+: a tag$/);
  });

  it('of an unknown address leave certain what every address gets', () => {
    const unclear = nat({ on: 'em0', from: '10.0.0.0/16', unclear: 'DHCP' });
    const ask = asking({ nat: [unclear], filter: [pass({}), block({ direction: 'out', on: 'em0', port: 25 })] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as ?:* > 198.51.100.7:443');
    expect(ask(LAN, tcp(SERVER, PEER, 25))).toBe('denied');
    const choosy = asking({
      nat: [unclear],
      filter: [pass({}), block({ direction: 'out', on: 'em0', from: '203.0.113.3' })],
    });
    expect(choosy(LAN, tcp(SERVER, PEER))).toBe('unknown: a rule may ask for its source, which is not known');
  });

  it('of the port that pf chooses matter only if a rule tests it', () => {
    const chosen = nat({ on: 'em0', from: '10.0.0.0/16', target: '203.0.113.2' });
    const low = [{ first: 1, last: 1023 }];
    const ask = asking({
      nat: [chosen],
      filter: [pass({}), block({ direction: 'out', on: 'em0', sourcePort: low, protocol: [17] })],
    });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(LAN, { ...tcp(SERVER, PEER), protocol: 17 })).toBe(
      'unknown: a rule may ask for its source port, which the box chooses',
    );
    // The trace has to try a port below, too, if the one rule matches all above a limit.
    const high = block({ direction: 'out', on: 'em0', sourcePort: [{ first: 1024, last: 65_535 }] });
    const { disposition } = new LoadedPfRules(rulesOf({ nat: [chosen], filter: [high] }), BOX).explain(
      LAN,
      tcp(SERVER, PEER),
      'first',
    );
    expect(disposition).toBe('unknown');
  });
});

it('refuses rules that split packets into too many kinds', () => {
  const wild = Array.from({ length: 300 }, (_, i) => {
    const words = [
      { port: [{ first: i * 3, last: 60_000 - i * 5 }] },
      { sourcePort: [{ first: i * 2, last: 50_000 - i * 7 }] },
      { from: `10.${i % 256}.0.0/${16 + (i % 9)}` },
      { to: `10.0.${i % 256}.0/24` },
    ];
    return (i % 8 < 4 ? pass : block)({ ...words[i % 4]!, doubt: `doubt ${i}` });
  });
  // A small part of the limit: the whole limit would take seconds.
  const tooMuch = (): never => {
    throw new Error('nobody said which text');
  };
  const evaluated = () =>
    runWithinBudget(200_000, () => new LoadedPfRules(rulesOf({ filter: wild }), BOX).evaluateFirstPackets(), tooMuch);
  expect(evaluated).toThrow(Refusal);
  expect(evaluated).toThrow(/^pf\/too-much-to-evaluate at the rules as a whole: /);
});
