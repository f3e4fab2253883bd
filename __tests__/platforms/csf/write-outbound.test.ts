// Tests the csf files generated for a server that may open certain connections only: ports for all hosts stand in
// csf.conf, ports for some hosts in csf.allow, source ports in csfpost.sh.

import { ServerPolicy } from '../../../lib/policy/policy';
import { generator } from '../../../lib/platforms/csf/generate/generator';
import { problemsOf } from '../../problems';
import { ports, ranges } from '../../generate/support';
import { asked, sent, span, written } from './generated-lines';

// The hosts and ports to which the server may connect, by hand.

it.each<[string, ServerPolicy['outbound'], readonly string[], readonly string[]]>([
  ['anywhere', 'anywhere', ['TCP_OUT = 0:65535', 'UDP_OUT = 0:65535', 'TCP6_OUT = 0:65535', 'UDP6_OUT = 0:65535'], []],
  ['nowhere', [], [], []],
  ['a port', [sent({ ports: span(8000, 8010) })], ['TCP_OUT = 8000:8010', 'TCP6_OUT = 8000:8010'], []],
  [
    'some hosts',
    [sent({ protocol: 17, ports: ports(53), destinations: ranges('192.0.2.53', '2001:db8::53') })],
    [],
    ['udp|out|d=53|d=192.0.2.53', 'udp|out|d=53|d=2001:db8::53'],
  ],
  ['pings, which always leave', [sent({ protocol: 1, ports: ports(8) })], [], []],
])('lets the server reach %s', (_, outbound, keys, lines) => expect(written({ outbound })).toEqual({ keys, lines }));

it('allows connections from own source ports by rules in csfpost.sh, the others in csf.allow', () => {
  const many = Array.from({ length: 16 }, (_, n) => n * 2 + 1);
  const hooked = (...outbound: readonly ReturnType<typeof sent>[]): readonly string[] => {
    const { text } = generator.write(asked({ outbound }));
    const [, its = ''] = text.split('==> /etc/csf/csfpost.sh <==\n# cpanel-edge:web-team begin\n');
    expect(its.endsWith('\n# cpanel-edge:web-team end\n')).toBe(its !== '');
    return its.split('\n').slice(0, -2);
  };
  const added = (words: string, family = ''): string =>
    `/sbin/ip${family}tables -w -A ALLOWOUT ! -o lo ${words} -j ACCEPT`;
  expect(hooked(sent({ sourcePorts: 'all' }))).toEqual([]);
  expect(hooked(sent({ ports: ports(2089), sourcePorts: ports(4, 1020) }))).toEqual([
    added('-p tcp -d 0.0.0.0/0 -m multiport --sports 4,1020 -m multiport --dports 2089'),
    added('-p tcp -d ::/0 -m multiport --sports 4,1020 -m multiport --dports 2089', '6'),
  ]);
  expect(
    hooked(
      sent({
        protocol: 17,
        ports: 'all',
        sourcePorts: span(500, 510),
        destinations: ranges('192.0.2.9', '192.0.2.16/29', '2001:db8::/64'),
      }),
    ),
  ).toEqual([
    added('-p udp -d 192.0.2.9 -m multiport --sports 500:510 -m multiport --dports 0:65535'),
    added('-p udp -d 192.0.2.16/29 -m multiport --sports 500:510 -m multiport --dports 0:65535'),
    added('-p udp -d 2001:db8::/64 -m multiport --sports 500:510 -m multiport --dports 0:65535', '6'),
  ]);
  expect(
    hooked(sent({ ports: ports(...many), sourcePorts: ports(...many), destinations: ranges('192.0.2.9') })).length,
  ).toBe(4);
  expect(
    problemsOf(() =>
      hooked(
        sent({
          sourcePorts: ports(4),
          destinations: Array.from({ length: 1001 }, (_, n) => ranges(`10.${n >> 8}.${n & 255}.1`)[0]!),
        }),
      ),
    ),
  ).toMatchObject([{ code: 'csf/too-many-lines', what: expect.stringContaining('1001 lines') as unknown }]);
});
