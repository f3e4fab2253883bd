// Tests answers about outgoing connections that rules allow to some destinations only: the answer must not look like a
// plain yes.

import { reportOf } from './report-on-file';

const OUTPUT = `table inet filter {
chain output {
type filter hook output priority 0; policy drop;
ip daddr 198.51.100.0/24 accept
ip6 daddr 2001:db8:1::/48 accept
meta l4proto { tcp, udp } th sport 53 accept
}
}
`;
const WITHOUT_PORT_53 = OUTPUT.replace(/^meta .*\n/m, '');

// A licence server is reachable in two networks only, and from one source port anywhere: a plain yes would mislead.
test.each([
  [
    'with a rule for one source port',
    OUTPUT,
    /^port 2089\/tcp from the server itself: ONLY TO 198\.51\.100\.0\/24, 2001:db8:1::\/48, tcp 2089 .*\n {2}tcp 2089 source port 53: yes /,
  ],
  [
    'with one row for each family, whose networks are named',
    WITHOUT_PORT_53,
    /: ONLY TO 198\.51\.100\.0\/24, 2001:db8:1::\/48 /,
  ],
  [
    'to every destination, in two rows',
    WITHOUT_PORT_53.replace(
      'ip daddr 198.51.100.0/24 accept',
      'ip daddr 0.0.0.0/1 accept\nip daddr 128.0.0.0/1 accept',
    ).replace('2001:db8:1::/48', '::/0'),
    /^port 2089\/tcp from the server itself: YES, to any address \(/,
  ],
])('an answer names the destinations to which a port is reachable: %s', (_, text, headline) => {
  const { headline: firstLine, furtherLines } = reportOf(text, { start: ['server'], port: ['2089/tcp'] });
  expect([firstLine, ...furtherLines].join('\n')).toMatch(headline);
});
