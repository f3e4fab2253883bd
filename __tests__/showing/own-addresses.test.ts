import { splitFacts } from '../../lib/showing/facts';
import { reportOf } from './reported';

const RULES = `table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    ip daddr 198.51.100.40 drop
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
  }
}
`;
const on = (name: string, address: string): string =>
  `1: ${name}    inet${address.includes(':') ? '6' : ''} ${address} scope global ${name}\n`;
const TOLD = `${on('lo', '127.0.0.1/8')}${on('lo', '::1/128')}${on('eth0', '198.51.100.40/24')}default via 198.51.100.1 dev eth0\nnet.ipv4.ip_forward = 0\n`;

/** What the internet reaches of it by port 25. */
function reached(...facts: readonly string[]): readonly (readonly string[])[] {
  const { sections } = reportOf(RULES + TOLD + facts.join(''), { port: ['25'], vantage: ['outside'] }).devices[0]!;
  return sections.flatMap(({ entries }) => entries.map(({ to }) => to));
}

describe('an address of the loopback interface', () => {
  it('is reached by every other one', () => {
    expect(reached()).toEqual([]);
    expect(reached(on('lo', '203.0.113.10/32'))).toEqual([['203.0.113.10']]);
    expect(reached(on('lo', '2001:db8::10/128'))).toEqual([['2001:db8::10']]);
  });

  // Source: fib_add_ifaddr in net/ipv4/fib_frontend.c; seen, 6.18. Of IPv6 it is the address alone.
  it('stands for its whole network, of IPv4', () => {
    expect(reached(on('lo', '203.0.113.9/30'))).toEqual([['203.0.113.8/30']]);
    expect(reached(on('lo', '2001:db8::10/64'))).toEqual([['2001:db8::10']]);
  });

  it('in a network too large to be counted leaves the addresses untold', () => {
    expect(splitFacts(on('lo', '203.0.113.1/16')).facts.addresses).toBe(false);
    expect(reached(on('lo', '203.0.113.1/16')).length).toBeGreaterThan(0);
  });

  it('is told with what was given', () =>
    expect(reportOf(RULES + TOLD + on('lo', '203.0.113.10/32')).devices[0]!.given[0]).toBe(
      'eth0 has 198.51.100.40/24; lo has 203.0.113.10',
    ));
});
