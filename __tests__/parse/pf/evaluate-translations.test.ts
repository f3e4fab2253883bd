// Tests the evaluation of pf's translations (binat, rdr, nat): which packets become which, in which order, and what the
// filter sees of them.

import { binat, block, nat, pass, rdr } from './rules';
import {
  SERVER,
  PUBLIC,
  PEER,
  OTHER,
  WAN,
  LAN,
  DMZ,
  SELF,
  ROUTING,
  tcp,
  ONE_TO_ONE,
  CLOSED,
  OUT,
  asking,
} from './asking';

describe('1:1 NAT', () => {
  const ask = asking({
    binat: [ONE_TO_ONE],
    filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: SERVER, port: 443, quick: true })],
  });

  it('translates packets to the public address to the private one, before the filter', () => {
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('denied');
  });

  it('gives packets to the public address and direct ones the same destination', () => {
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('does not apply to other interfaces: there the public address is the box', () => {
    const open = asking({ binat: [ONE_TO_ONE], filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em1' })] });
    expect(open(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.20:40000 > 203.0.113.10:443');
  });
});

describe('lists of translations', () => {
  it('inbound evaluate redirects before 1:1 rules', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, port: 443, target: '10.0.1.20', targetPort: 8443 })],
      binat: [ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:8443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:22');
  });

  it('outbound evaluate 1:1 rules before others, and keep the port there', () => {
    const ask = asking({
      binat: [ONE_TO_ONE],
      nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2' })],
      filter: [pass({})],
    });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp('10.0.0.20', PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(DMZ, tcp('10.0.1.20', PEER))).toBe('allowed as 10.0.1.20:40000 > 198.51.100.7:443');
  });

  it('use the first rule that matches', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '10.0.1.20/32', outside: `${PUBLIC}/32` }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:443');
  });

  it('distinguish one source with different peers from its network', () => {
    const ask = asking({
      nat: [
        nat({ on: 'em0', from: SERVER, to: '0.0.0.0/1', target: PUBLIC, keep: true }),
        nat({ on: 'em0', from: '10.0.0.0/24', to: '128.0.0.0/1', target: '203.0.113.2', keep: true }),
      ],
      filter: [
        pass({}),
        block({ direction: 'out', on: 'em0', from: PUBLIC, port: 25 }),
        block({ direction: 'out', on: 'em0', from: '203.0.113.2', port: 22 }),
      ],
    });
    expect(ask(LAN, tcp(SERVER, '8.8.8.8', 25))).toBe('denied');
    expect(ask(LAN, tcp(SERVER, '8.8.8.8', 22))).toBe('allowed as 203.0.113.10:40000 > 8.8.8.8:22');
    expect(ask(LAN, tcp(SERVER, PEER, 22))).toBe('denied');
    expect(ask(LAN, tcp(SERVER, PEER, 25))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:25');
    expect(ask(LAN, tcp('10.0.0.200', PEER, 22))).toBe('denied');
    expect(ask(LAN, tcp('10.0.0.2', PEER, 25))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:25');
  });

  it('end at no rdr, and the 1:1 rules are still evaluated', () => {
    const ask = asking({
      rdr: [rdr({ on: 'em0', to: PUBLIC, port: 443 }), rdr({ on: 'em0', to: PUBLIC, target: '10.0.1.20' })],
      binat: [ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.1.20:22');
  });

  it('end outbound at no binat, and nat is evaluated', () => {
    const ask = asking({
      binat: [
        binat({ on: 'em0', inside: `${SERVER}/32` }),
        binat({ on: 'em0', inside: '10.0.0.10/31', outside: '203.0.113.10/31' }),
      ],
      nat: [nat({ on: 'em0', from: '10.0.0.0/24', target: '203.0.113.2', keep: true })],
      filter: [pass({})],
    });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 203.0.113.2:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp('10.0.0.10', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    // Inbound it isn't reversed: it compares the peer with the internal address, and so excludes nothing.
    expect(ask(WAN, tcp(PEER, '203.0.113.11'))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('exclude inbound a 1:1 rule with the same source directly after its no binat', () => {
    const excluded = binat({ on: 'em0', inside: `${SERVER}/32` });
    const ask = asking({ binat: [excluded, ONE_TO_ONE], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
    const apart = binat({ on: 'em0', inside: '10.0.1.20/32', outside: '203.0.113.12/32' });
    const between = asking({ binat: [excluded, apart, ONE_TO_ONE], filter: [pass({})] });
    expect(between(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    // Rules of other interfaces stand in the same list.
    const elsewhere = binat({ on: 'em1', inside: `${SERVER}/32`, outside: '203.0.113.12/32' });
    expect(asking({ binat: [excluded, elsewhere, ONE_TO_ONE], filter: [pass({})] })(WAN, tcp(PEER, PUBLIC))).toContain(
      PUBLIC,
    );
    expect(
      asking({ binat: [{ ...excluded, on: { is: ['em1'] } }, ONE_TO_ONE], filter: [pass({})] })(WAN, tcp(PEER, PUBLIC)),
    ).toContain(SERVER);
  });

  it('skip inbound rules with the same `to` as one that doesn’t match', () => {
    const peer = '198.51.100.0/24';
    const excluded = binat({ on: 'em0', inside: '198.51.100.7/32', peer });
    const mapped = binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, peer });
    const ask = asking({ binat: [excluded, mapped], filter: [pass({})] });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toContain(PUBLIC);
    expect(ask(WAN, tcp('198.51.100.200', PUBLIC))).toContain(SERVER);
  });

  it('have no inbound binat if its `to` names the public address', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '0.0.0.0/0', peer: `${PUBLIC}/32` }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('keep the low bits of networks, both ways', () => {
    const ask = asking(
      { binat: [binat({ on: 'em0', inside: '10.0.9.0/28', outside: '203.0.113.32/28' })], filter: [pass({})] },
      ROUTING,
    );
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

  it('respect a negated peer', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: `${SERVER}/32`, outside: `${PUBLIC}/32`, notPeer: '198.51.100.0/24' })],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
    expect(ask(WAN, tcp(OTHER, PUBLIC))).toBe('allowed as 192.0.2.9:40000 > 10.0.0.11:443');
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 10.0.0.11:40000 > 198.51.100.7:443');
  });

  it('give every source one address if the internal side is any, and translate nothing inbound', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '0.0.0.0/0', outside: `${PUBLIC}/32` })],
      filter: [pass({})],
    });
    expect(ask(DMZ, tcp('10.0.1.20', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(SELF, tcp('203.0.113.2', PEER))).toBe('allowed as 203.0.113.10:40000 > 198.51.100.7:443');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('distribute ports by their distance from the first, and restart after the last', () => {
    const ask = asking({
      rdr: [
        rdr({
          on: 'em0',
          to: PUBLIC,
          port: [{ first: 2000, last: 2005 }],
          target: SERVER,
          targetPort: { is: 'shifted', from: 2000, to: { first: 4000, last: 4003 } },
        }),
      ],
      filter: [CLOSED, OUT, pass({ direction: 'in', to: SERVER, port: [{ first: 4001, last: 4001 }] })],
    });
    expect(ask(WAN, tcp(PEER, PUBLIC, 2001))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:4001');
    expect(ask(WAN, tcp(PEER, PUBLIC, 2005))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:4001');
    expect(ask(WAN, tcp(PEER, PUBLIC, 2004))).toBe('denied');
  });

  it('bypass the filter if they have pass', () => {
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
