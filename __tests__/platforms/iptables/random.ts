// Generates random iptables rulesets.

import { fc } from '../../randomly';
import { Printed } from './printed';

type Family = 'ip' | 'ip6';
const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | ''> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant('' as const) }, arbitrary);
const words = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((some) => some.filter((one) => one !== '').join(' '));

const ADDRESSES = {
  ip: [
    '198.51.100.7/32',
    '198.51.100.0/24',
    '10.0.0.0/24',
    '203.0.113.10/32',
    '203.0.113.8/29',
    '192.0.2.5/32',
    '10.0.0.10/32',
    '0.0.0.0/1',
  ],
  ip6: ['2001:db8:1::7/128', '2001:db8:1::/64', '2001:db8:2::/64', '2001:db8:9::1/128', '2001:db8:2::10/128'],
};
const RANGES = { ip: '198.51.100.1-198.51.100.9', ip6: '2001:db8:1::1-2001:db8:1::9' };
const INSIDE = { ip: ['10.0.0.10', '10.0.0.11'], ip6: ['2001:db8:2::10'] };

const sides = (family: Family, withIn: boolean, withOut: boolean): fc.Arbitrary<string> =>
  words(
    sometimes(words(sometimes(pick('!')), pick(...ADDRESSES[family].map((one) => `-s ${one}`)))),
    sometimes(words(sometimes(pick('!')), pick(...ADDRESSES[family].map((one) => `-d ${one}`)))),
    withIn ? sometimes(pick('-i wan0', '! -i wan0', '-i br+', '-i br0')) : fc.constant(''),
    withOut ? sometimes(pick('-o wan0', '! -o br0', '-o br0')) : fc.constant(''),
  );

const services = (family: Family): fc.Arbitrary<string> =>
  pick(
    ...[
      '',
      '-p tcp',
      '-p udp',
      '! -p tcp',
      '-p tcp -m tcp --dport 22',
      '-p tcp -m tcp ! --dport 80',
      '-p udp -m udp --dport 53:500',
    ],
    ...[
      '-p tcp -m multiport --dports 22,80:443',
      '-p tcp -m multiport --ports 80,20001',
      '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
    ],
    ...(family === 'ip'
      ? ['-p icmp', '-p icmp -m icmp --icmp-type 8', '-p icmp -m icmp ! --icmp-type 8']
      : ['-p ipv6-icmp']),
  );

const others = (family: Family): fc.Arbitrary<string> =>
  sometimes(
    pick(
      ...[
        '-m conntrack --ctstate NEW',
        '-m conntrack --ctstate NEW,DNAT',
        '-m conntrack ! --ctstate DNAT',
        '-m conntrack --ctstate SNAT',
      ],
      ...['-m state --state RELATED,ESTABLISHED', '-m conntrack --ctstate INVALID', '-m conntrack --ctstate UNTRACKED'],
      ...['-m addrtype --dst-type LOCAL', '-m addrtype ! --src-type LOCAL', `-m iprange --src-range ${RANGES[family]}`],
      ...['-m set --match-set hosts src', '-m set ! --match-set ports dst', '-m set --match-set nets dst,src'],
      ...[
        '-m mark --mark 0x1',
        '-m mark ! --mark 0x1/0x1',
        '-m mark --mark 0x2/0x3',
        '-m connmark --mark 0x1',
        '-m connmark ! --mark 0x2/0x2',
      ],
      ...['-m conntrack --ctdir ORIGINAL', '-m comment --comment "x -j DROP"', '-m limit --limit 5/min'],
      ...(family === 'ip' ? ['-m conntrack --ctorigdst 203.0.113.10', '-m set --match-set pairs src,dst'] : []),
    ),
  );

const rules = (
  chain: string,
  test: fc.Arbitrary<string>,
  target: fc.Arbitrary<string>,
  most: number,
): fc.Arbitrary<readonly string[]> => fc.array(words(fc.constant(`-A ${chain}`), test, target), { maxLength: most });
const test = (family: Family, chain: string): fc.Arbitrary<string> =>
  words(
    sides(
      family,
      !['OUTPUT', 'POSTROUTING', 'own', 'deep'].includes(chain),
      chain === 'FORWARD' || chain === 'OUTPUT' || chain === 'POSTROUTING',
    ),
    services(family),
    others(family),
  );

const ENDS = ['-j ACCEPT', '-j ACCEPT', '-j DROP', '-j REJECT', '-j RETURN', ''];
const filter = (family: Family): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.tuple(pick('ACCEPT', 'DROP'), pick('ACCEPT', 'DROP'), pick('ACCEPT', 'ACCEPT', 'DROP')),
      ...(['INPUT', 'FORWARD', 'OUTPUT'] as const).map((chain) =>
        rules(chain, test(family, chain), pick(...ENDS, '-j own', '-g own'), 5),
      ),
      rules('own', test(family, 'own'), pick(...ENDS, '-j deep', '-g deep'), 3),
      rules('deep', test(family, 'deep'), pick(...ENDS), 3),
    )
    .map(([[input, forward, output], ...some]) =>
      [
        '*filter',
        `:INPUT ${input} [0:0]`,
        `:FORWARD ${forward} [0:0]`,
        `:OUTPUT ${output} [0:0]`,
        ':own - [0:0]',
        ':deep - [0:0]',
        ...some.flat(),
        'COMMIT\n',
      ].join('\n'),
    );

const nat = (family: Family): fc.Arbitrary<string> => {
  const [inside] = INSIDE[family];
  const bare = words(sides(family, false, false), others(family));
  const at = (port: number): string => (family === 'ip' ? `${inside}:${port}` : `[${inside}]:${port}`);
  const ported = pick(
    `-p tcp -m tcp --dport 80 -j DNAT --to-destination ${at(8080)}`,
    '-p tcp -j REDIRECT --to-ports 22',
    '-p udp -j DNAT --to-destination :53',
  );
  const inward = fc.oneof(
    ported,
    pick(...INSIDE[family].map((one) => `-j DNAT --to-destination ${one}`), '-j ACCEPT', '-j RETURN'),
  );
  const outward = pick(
    '-j MASQUERADE',
    `-j SNAT --to-source ${family === 'ip' ? '198.51.100.2' : '2001:db8:1::2'}`,
    '-j ACCEPT',
  );
  return fc
    .tuple(
      rules('PREROUTING', bare, inward, 3),
      rules('OUTPUT', bare, inward, 1),
      rules('POSTROUTING', words(bare, sometimes(pick('-o wan0', '-o br0'))), outward, 2),
    )
    .map((some) =>
      [
        '*nat',
        ...['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
        ...some.flat(),
        'COMMIT\n',
      ].join('\n'),
    );
};

const raw = (family: Family): fc.Arbitrary<string> =>
  rules(
    'PREROUTING',
    words(sides(family, true, false), services(family)),
    pick('-j NOTRACK', '-j CT --notrack', '-j DROP', ''),
    2,
  ).map((some) => ['*raw', ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', ...some, 'COMMIT\n'].join('\n'));

const MARKS = [
  '-j MARK --set-xmark 0x1/0x1',
  '-j MARK --set-xmark 0x2/0xffffffff',
  '-j MARK --set-xmark 0x3/0x0',
  '-j marking',
  '-g marking',
  '-j CONNMARK --set-xmark 0x1/0xffffffff',
  '-j CONNMARK --save-mark --nfmask 0x3 --ctmask 0x1',
  '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0x3',
];

const mangle = (family: Family): fc.Arbitrary<string> =>
  fc
    .tuple(
      ...(['PREROUTING', 'FORWARD', 'marking'] as const).map((chain) =>
        rules(
          chain,
          chain === 'marking' ? others(family) : test(family, chain),
          pick('-j DROP', '-j RETURN', ...MARKS.filter((one) => chain !== 'marking' || !one.endsWith('marking'))),
          3,
        ),
      ),
    )
    .map((some) =>
      [
        '*mangle',
        ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].map((name) => `:${name} ACCEPT [0:0]`),
        ':marking - [0:0]',
        ...some.flat(),
        'COMMIT\n',
      ].join('\n'),
    );

const tables = (family: Family): fc.Arbitrary<string> =>
  fc
    .tuple(filter(family), sometimes(nat(family)), sometimes(raw(family)), sometimes(mangle(family)))
    .map((some) => some.join(''));

/** Sets of the family of the rule that names them: of IPv4 they hold hosts that those of IPv6 lack. */
const SETS = `create hosts hash:ip family inet hashsize 1024 maxelem 65536
add hosts 198.51.100.7
add hosts 10.0.0.11
create ports bitmap:port range 0-1024
add ports 22
add ports 443
create nets hash:net,iface family inet hashsize 1024 maxelem 65536
add nets 10.0.0.0/24,wan0
add nets 198.51.100.0/30,wan0
create pairs hash:ip,port family inet hashsize 1024 maxelem 65536
add pairs 198.51.100.7,tcp:80
add pairs 10.0.0.10,udp:443
`;

/** Rules of both families. */
export const printed: fc.Arbitrary<Printed> = fc
  .tuple(tables('ip'), tables('ip6'))
  // ip6tables accepts no set of the other family.
  .map(([ip, ip6]) => ({
    ip,
    ip6: ip6.replace(/-m set (! )?--match-set (hosts|nets) \S+/g, '-m conntrack --ctstate NEW'),
    sets: SETS,
  }));
