// Tests the paths of packets through a pf box: to the box itself, through it, reflected to inside, and by `route-to`.

import { parsePrefix } from '../../../lib/net/address';
import { StartLocation } from '../../../lib/net/device';
import { Packet } from '../../../lib/net/packet';
import { BOX, binat, block, nat, pass, rdr } from './rules';
import {
  SERVER,
  PUBLIC,
  PEER,
  WAN,
  LAN,
  DMZ,
  SELF,
  LOCALHOST,
  TWO_WAYS,
  tcp,
  ONE_TO_ONE,
  CLOSED,
  OUT,
  asking,
} from './asking';

describe('paths', () => {
  it('reach the box by a virtual IP without a translation', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', port: 22 })] });
    expect(ask(WAN, tcp(PEER, PUBLIC, 22))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:22');
  });

  it('to an internal address from outside are decided by the filter', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em0', to: '10.0.0.0/24', port: 22 })] });
    expect(ask(WAN, tcp(PEER, SERVER, 22))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:22');
    expect(ask(WAN, tcp(PEER, '10.0.1.20', 22))).toBe('denied');
  });

  it('with reflection return on the client’s interface, with the address of the box', () => {
    const rules = {
      rdr: [rdr({ on: { is: ['em1', 'em2'] }, to: PUBLIC, target: `${SERVER}/32` })],
      binat: [ONE_TO_ONE],
      nat: [
        nat({ on: 'em1', from: '10.0.0.1', to: SERVER }),
        nat({ on: 'em1', from: '10.0.0.0/24', to: SERVER, target: '10.0.0.1' }),
        nat({ on: 'em0', from: '10.0.0.0/16', target: '203.0.113.2' }),
      ],
      filter: [CLOSED, OUT, pass({ direction: 'in', on: { is: ['em1', 'em2'] }, to: SERVER })],
    };
    const ask = asking(rules);
    expect(ask(LAN, tcp('10.0.0.20', PUBLIC))).toBe('allowed as 10.0.0.1:* > 10.0.0.11:443');
    expect(ask(LAN, tcp(SERVER, PUBLIC))).toBe('allowed as 10.0.0.1:* > 10.0.0.11:443');
    expect(ask(DMZ, tcp('10.0.1.20', PUBLIC))).toBe('allowed as 10.0.1.20:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('denied');
  });

  it('follow route-to, if that is a known way to the destination', () => {
    const ask = asking({ filter: [CLOSED, OUT, pass({ direction: 'in', on: 'em1', routedTo: 'em0' })] });
    expect(ask(LAN, tcp(SERVER, PEER))).toBe('allowed as 10.0.0.11:40000 > 198.51.100.7:443');
    expect(ask(LAN, tcp(SERVER, '10.0.1.20'))).toBe(
      'unknown: a rule sends it out by em0, which is not the way to its destination',
    );
    const closed = asking({
      filter: [CLOSED, pass({ direction: 'in', on: 'em1', routedTo: 'em0' }), pass({ direction: 'out', on: 'em2' })],
    });
    expect(closed(LAN, tcp(SERVER, '10.0.1.20'))).toBe('denied');
  });

  it('with route-to for the box itself are unknown, as kernels differ', () => {
    const sent =
      "unknown: a rule sends it out by em0, and pfSense's kernel leaves such a destination to the routes, where FreeBSD's does not";
    const rule = pass({ direction: 'in', on: 'em1', routedTo: 'em0' });
    for (const filter of [
      [CLOSED, OUT, rule],
      [CLOSED, rule],
    ])
      for (const own of ['10.0.0.1', PUBLIC, '203.0.113.2'])
        expect(asking({ filter })(LAN, tcp(SERVER, own))).toBe(sent);
    expect(asking({ filter: [CLOSED, OUT, block({ direction: 'in', on: 'em1' })] })(LAN, tcp(SERVER, '10.0.0.1'))).toBe(
      'denied',
    );
  });

  it('go to the longer of two networks', () => {
    const routes = [parsePrefix('10.0.0.8/29')!];
    const nested = { ...BOX, interfaces: BOX.interfaces.map((one) => (one.name === 'em2' ? { ...one, routes } : one)) };
    const ask = asking({ filter: [pass({}), block({ direction: 'out', on: 'em1' })] }, nested);
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
    expect(ask(WAN, tcp(PEER, '10.0.0.20'))).toBe('denied');
  });

  it('end at a box that does not route', () => {
    const ask = asking({ filter: [pass({})] }, { ...BOX, forwarding: false });
    expect(ask(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 203.0.113.10:443');
  });

  it('from the box have the outbound half alone', () => {
    const ask = asking({
      nat: [nat({ on: 'em0', target: '203.0.113.2' })],
      filter: [pass({}), block({ direction: 'in' })],
    });
    expect(ask(SELF, tcp('10.0.0.1', PEER))).toBe('allowed as 203.0.113.2:* > 198.51.100.7:443');
    expect(ask(SELF, tcp(SERVER, PEER))).toBe('denied');
    expect(ask(LOCALHOST, tcp('127.0.0.1', '127.0.0.1'))).toBe('denied');
    const skipping = asking({ skipped: ['lo0'], filter: [CLOSED] });
    expect(skipping(LOCALHOST, tcp('127.0.0.1', '127.0.0.1'))).toBe('allowed as 127.0.0.1:40000 > 127.0.0.1:443');
    expect(skipping(SELF, tcp('203.0.113.2', PEER))).toBe('denied');
  });

  it('of IPv6 are open if rules are for IPv4 alone', () => {
    const six = (way: StartLocation, packet: Packet): string =>
      asking({ filter: [pass({}), block({ direction: 'in', on: 'em0', family: 'ip' })] })(way, packet);
    expect(six(WAN, tcp('2001:db8:9::1', '2001:db8:2::10'))).toBe(
      'allowed as 2001:db8:9::1:40000 > 2001:db8:2::10:443',
    );
    expect(six(WAN, tcp(PEER, SERVER))).toBe('denied');
    expect(
      asking({ filter: [pass({}), block({ direction: 'in', on: 'em0' })] })(
        WAN,
        tcp('2001:db8:9::1', '2001:db8:2::10'),
      ),
    ).toBe('denied');
  });

  it('of IPv6 are mapped one to one, too', () => {
    const ask = asking({
      binat: [binat({ on: 'em0', inside: '2001:db8:2::10/128', outside: '2001:db8:1::80/128' }), ONE_TO_ONE],
      filter: [pass({})],
    });
    expect(ask(WAN, tcp('2001:db8:9::1', '2001:db8:1::80'))).toBe(
      'allowed as 2001:db8:9::1:40000 > 2001:db8:2::10:443',
    );
    expect(ask(LAN, tcp('2001:db8:2::10', '2001:db8:9::1'))).toBe(
      'allowed as 2001:db8:1::80:40000 > 2001:db8:9::1:443',
    );
    expect(ask(WAN, tcp(PEER, PUBLIC))).toBe('allowed as 198.51.100.7:40000 > 10.0.0.11:443');
  });

  it('have a start location for each outgoing interface', () => {
    const ask = asking(
      {
        nat: [nat({ on: 'em3', from: '10.0.0.0/24', target: '172.16.0.1', keep: true })],
        filter: [pass({}), block({ direction: 'out', on: 'em0' })],
      },
      TWO_WAYS,
    );
    expect(ask({ ...LAN, uplink: 'em0' }, tcp(SERVER, PEER))).toBe('denied');
    expect(ask({ ...LAN, uplink: 'em3' }, tcp(SERVER, PEER))).toBe('allowed as 172.16.0.1:40000 > 198.51.100.7:443');
  });
});
