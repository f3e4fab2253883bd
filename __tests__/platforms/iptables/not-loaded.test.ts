import { reader } from '../../../lib/platforms/iptables/read/reader';
import { HEADER, filter, mangle, nat } from './printed';
import { BACK_ENDS, canUseIptables } from './kernel';
import { KernelPlace } from '../../reading/kernel-place';
import { refusals } from '../../reading/said';
import { describeWhere } from '../../where-possible';

const rule = (text: string): string => filter('DROP', 'DROP', `-A INPUT ${text.includes(' -j ') ? text : `${text} -j ACCEPT`}`);

/** What people write in files. */
const REFUSED: readonly (readonly [string, string])[] = [
  ...['-p tcp --dport 22,80', '-p tcp --dport 443:22', '-p tcp --sport 70000', '-p udp --dport 53,123', '-m tcp --dport 22'],
  ...['-p udp -m tcp --dport 22', '-p icmp -m multiport --dports 22', '-m multiport --dports 22', '! -p tcp -m multiport --dports 22'],
  ...['! -s 10.0.0.0/8,192.168.0.0/16', '-o eth0', '! -p tcp -j REJECT --reject-with tcp-reset', '-m icmp --icmp-type 8'],
].map((text) => [text, rule(text)] as const);
const TAKEN: readonly (readonly [string, string])[] = [
  ...['-p 6 --dport 22', '-p TCP --dport 22:', '-p tcp --dport :', '-p udp --dport 22:70000', '-p udplite -m multiport --dports 80'],
  ...[
    '-s 10.0.0.0/8,192.168.0.0/16',
    '-p 6 -j REJECT --reject-with tcp-reset',
    '-p 0x11 -m udp --dport 53',
    '-p icmp -m icmp --icmp-type 8',
  ],
].map((text) => [text, rule(text)] as const);
const TRANSLATED: readonly string[] = [
  '-A OUTPUT -i eth0 -j ACCEPT',
  '-A PREROUTING -o eth0 -j ACCEPT',
  '-A PREROUTING -j DNAT --to-destination 10.0.0.1:80',
  '-A POSTROUTING -j MASQUERADE --to-ports 80',
];
const TRANSLATES: readonly string[] = [
  '-A PREROUTING -j DNAT --to-destination 10.0.0.1-10.0.0.9',
  '-A PREROUTING ! -p tcp -j DNAT --to-destination 10.0.0.1:80',
  '-A PREROUTING -p sctp -j DNAT --to-destination :80-90/80',
];
const [ELSEWHERE, HERE] = ['-A FORWARD -j TTL --ttl-set 5', '-A PREROUTING -p tcp -j TOS --set-tos 0x10/0x3f'];
const MISPLACED: readonly (readonly [string, string])[] = [
  [`${ELSEWHERE} in filter`, filter('DROP', 'DROP', ELSEWHERE)],
  [`${HERE} in nat`, nat(HERE)],
  ['-A PREROUTING -j DROP in nat', nat('-A PREROUTING -j DROP')],
];
const asNat = (text: string): readonly [string, string] => [text, nat(text)];
const [refused, taken] = [
  [...REFUSED, ...TRANSLATED.map(asNat)],
  [...TAKEN, ...TRANSLATES.map(asNat), ['what has its place in mangle', mangle(ELSEWHERE, HERE, '-A PREROUTING -j DROP')] as const],
];

describe('a rule that iptables-restore', () => {
  const codes = (text: string): readonly string[] => refusals(reader, HEADER.ip + text).map((one) => one.replace(/ at .*/, ''));
  it.each(refused)('refuses is refused: %s', (_, text) => expect(codes(text)).toEqual(['iptables/not-loaded']));
  it.each(MISPLACED)('refuses for its place is refused: %s', (_, text) => expect(codes(text)).toEqual(['iptables/wrong-place']));
  it.each(taken)('takes is read: %s', (_, text) => expect(codes(text)).toEqual([]));
});

describeWhere(
  canUseIptables(),
  'iptables-restore',
  'root on Linux, with iptables, ipset, nft, ip, conntrack and nping',
)('iptables-restore', () => {
  it.each(BACK_ENDS)('of %s refuses and takes these', (backEnd) => {
    const place = new KernelPlace(`cpk-${process.pid}-nl`);
    const takes = (text: string): boolean => place.tried([`iptables-${backEnd}-restore`], text).status === 0;
    try {
      // What the kernel refuses --test takes.
      expect([...refused, ...MISPLACED, ...taken].filter(([, text]) => takes(text)).map(([text]) => text)).toEqual(
        taken.map(([text]) => text),
      );
    } finally {
      place.remove();
    }
  });
});
