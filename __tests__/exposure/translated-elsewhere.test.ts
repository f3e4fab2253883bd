// Tests that a port of a server which a rule translates to another host is reported at that host, and not as a service
// of the server.

import { reportOf } from './report-on-file';

/** Returns the rows for packets from outside to the server, as `service to -> becomes`. */
const rows = (text: string): readonly string[] =>
  reportOf(text).devices.flatMap(({ sections }) =>
    sections
      .filter(({ scope }) => scope === 'host')
      .flatMap(({ entries }) =>
        entries
          .filter(({ fromInternet }) => fromInternet)
          .map(
            ({ service, destinations, translatedDestination }) =>
              `${service} ${destinations.join(', ')}${translatedDestination === '' ? '' : ` -> ${translatedDestination}`}`,
          ),
      ),
  );

const RULES = `table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    fib daddr type local tcp dport 3306 dnat to 172.17.0.2:3306
    ip daddr { 203.0.113.10, 203.0.113.11 } tcp dport 25 dnat to 10.0.0.10
  }
}
table ip filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ip daddr { 203.0.113.2, 203.0.113.3 } tcp dport { 22, 80 } accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    tcp dport { 25, 3306 } accept
  }
}
`;
const FACTS = `2: wan    inet 203.0.113.2/24 brd 203.0.113.255 scope global wan\\       valid_lft forever preferred_lft forever
2: wan    inet 203.0.113.3/24 scope global secondary wan\\       valid_lft forever preferred_lft forever
3: lan    inet 10.0.0.1/24 brd 10.0.0.255 scope global lan\\       valid_lft forever preferred_lft forever
default via 203.0.113.1 dev wan
net.ipv4.ip_forward = 1
`;

test('a port that is always translated stands only in the row with its destination', () => {
  expect(rows(RULES + FACTS).filter((one) => /203\.0\.113\.[23]/.test(one))).toEqual([
    'tcp 22,80 203.0.113.2, 203.0.113.3',
    'tcp 3306 127.0.0.0/8, 203.0.113.2, 203.0.113.3 -> 172.17.0.2 port 3306',
  ]);
});

test("an address that may be the server's own: the translated one if the input rules allow it, and the original one if forwarding does", () => {
  const led = `table ip nat {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr 203.0.113.20 dnat to 10.20.0.11
    ip daddr 203.0.113.21 dnat to 10.20.0.12
  }
}
table ip filter {
  chain input {
    type filter hook input priority filter; policy drop;
    udp dport 51820 accept
    ip daddr 10.20.0.12 tcp dport 22 accept
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ip daddr 10.20.0.11 tcp dport 443 accept
    ip daddr 10.20.0.12 tcp dport 80 accept
  }
}
`;
  expect(rows(led).filter((one) => / -> /.test(one))).toEqual([
    'tcp 443 203.0.113.20 (if that is its own address) -> 10.20.0.11',
    'udp 51820 203.0.113.20 (if 10.20.0.11 is its own address) -> 10.20.0.11',
    'tcp 22,80 203.0.113.21 (if that or 10.20.0.12 is its own address) -> 10.20.0.12',
    'udp 51820 203.0.113.21 (if 10.20.0.12 is its own address) -> 10.20.0.12',
  ]);
});
