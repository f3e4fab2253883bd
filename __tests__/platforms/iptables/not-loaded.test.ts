// Tests that rules which iptables-restore refuses are refused by the parser, and similar ones that it takes are parsed,
// both tried with the real program.

import { parser } from '../../../lib/platforms/iptables/parse/parser';
import { HEADER, filter, mangle, nat } from './printed';
import { BACK_ENDS, canUseIptables } from './kernel';
import { KernelPlace } from '../../evaluator/kernel/place';
import { refusals } from '../../evaluator/get-disposition';
import { describeWhere } from '../../where-possible';

const rule = (text: string): string =>
  filter('DROP', 'DROP', `-A INPUT ${text.includes(' -j ') ? text : `${text} -j ACCEPT`}`);

/** Rules as people write them in files. */
const REFUSED: readonly (readonly [string, string])[] = [
  '-p tcp --dport 22,80',
  '-p tcp --dport 443:22',
  '-p tcp --sport 70000',
  '-p udp --dport 53,123',
  '-m tcp --dport 22',
  '-m ah --ahspi 256',
  '-p udp -m tcp --dport 22',
  '-p icmp -m multiport --dports 22',
  '-m multiport --dports 22',
  '! -p tcp -m multiport --dports 22',
  '! -s 10.0.0.0/8,192.168.0.0/16',
  '-o eth0',
  '! -p tcp -j REJECT --reject-with tcp-reset',
  '-m icmp --icmp-type 8',
  '-m state',
  '-m recent --name ssh',
  '-m conntrack',
  '-m addrtype --limit-iface-in',
  '-m mac',
  '-m mark',
  '-m comment',
  '-m owner',
  '-m hashlimit --hashlimit-name x',
  '-p tcp -m multiport',
  '-m string --algo bm',
  '-m policy --pol ipsec',
  '-m set',
  '-p tcp,udp',
  '-p 256',
  '-i eth0123456789abcd',
  '-s 10.0.0.256',
  '-s 10.0.0.1-10.0.0.9',
  '-d 10.0.0.0/33',
  '-m state --state NEWW',
  '-m conntrack --ctstate NEW,',
  '-m conntrack --ctdir IN',
  '-m conntrack --ctstatus SURE',
  '-m addrtype --dst-type MINE',
  '-m mac --mac-source aa-bb-cc-dd-ee-ff',
  '-m mark --mark x',
  '-p tcp --tcp-flags SYN,FOO SYN',

  '-m recent --update --seconds 0',
  '-m recent --set ! --rsource',
  '-m comment ! --comment x',
  '-m addrtype --dst-type LOCAL ! --limit-iface-in',
  '-p tcp -m multiport --dports 80,90:80',
  '-p tcp -m multiport --dports 80,70000',
  '-p icmp -m icmp --icmp-type 300',

  '-m limit --limit 0/s',
  '-m length --length 70000',
  '-m ttl --ttl-eq 300',
  '-m pkttype --pkt-type foo',
  '-p tcp -m tcpmss --mss 70000',
  '-m tcpmss --mss 42',
  '! -p 0',
  '! -p all',
  '-p tcp --dport -1',
  '-p sctp --dport 4:3',
  '-m mark --mark 040000000000',
  '-m mark --mark -1',
  '-m mark --mark 08',
  '-m mark --mark 1/',
  '-m ttl --ttl-lt 0400',
  '-m dscp --dscp 0x40',
  '-m connlimit --connlimit-above -1',
  '-p icmp -m icmp --icmp-type 8/0:256',
  '-p esp -m esp --espspi -1',
  '--protocol=tcp --dport 22',
  '--source=10.0.0.1',
  '-p tcp --dport 22 --jump=ACCEPT',

  '-p tcp -j REJECT --reject-with nonsense',
  '-p tcp -j NFQUEUE --queue-num 70000',
  '-p tcp -j MARK --set-mark zz',
  '-p tcp -j CONNMARK --set-xmark zz',
  '-m owner --uid-owner 0',
  '-m rpfilter --invert',
  '-p tcp -j MARK',
  '-p tcp -j CONNMARK --mask 1',
].map((text) => [text, rule(text)] as const);
const TAKEN: readonly (readonly [string, string])[] = [
  '-p 6 --dport 22',
  '-p TCP --dport 22:',
  '-p tcp --dport=22 --match=comment --comment=x',
  '-c 2,3',
  '--set-counters 0x2,3',
  '-p dccp --sport 4:3',
  '-p udp --dport 4:3',
  '-m ttl --ttl-eq 0x40',
  '-m ttl --ttl-eq 0300',
  '-m mark --mark 037777777777/0x10',
  '-m connmark --mark +010',
  '-m length --length 0x10:020',
  '-m length --length 4:3',
  '-p icmp --icmp-type 255/0:255',
  '-p tcp -j MARK --set-mark=037777777777',
  '-p tcp --dport :',
  '-p udp --dport 22:70000',
  '-p udplite -m multiport --dports 80',

  '-s 10.0.0.0/8,192.168.0.0/16',
  '-p 6 -j REJECT --reject-with tcp-reset',
  '-p 0x11 -m udp --dport 53',
  '-p icmp -m icmp --icmp-type 8',

  '-m limit',
  '-p tcp -m tcp',
  '-p esp -m esp',
  '-p ah --ahspi 256',
  '-m socket',
  '-m time',
  '-m mac --mac-source a:bb:c:dd:ee:f',
  '-m mark --mark 0x1/0xff',

  '-m state --state established,REL',
  '-m recent ! --rcheck --seconds 0x10',
  '-p tcp ! --syn',
  '-i eth+',
  '-m addrtype ! --dst-type local',

  '-p tcp -m multiport --dports http,443:450',
  '-m limit --limit 5/min',
  '-m ttl --ttl-eq 255',
  '-p tcp -j MARK --set-mark 0x1/0xff',
  '-p tcp -j REJECT --reject-with port-unreach',
  '-m conntrack --ctstatus seen_reply --ctdir reply',
  '-p tcp --tcp-flags all none',
  '-s 10/8 -d 10.0.0.0/255.255.255.0',
].map((text) => [text, rule(text)] as const);
const TRANSLATED: readonly string[] = [
  '-A PREROUTING -p tcp -j DNAT',
  '-A POSTROUTING -j SNAT --random',
  '-A OUTPUT -m mac --mac-source aa:bb:cc:dd:ee:ff -j ACCEPT',
  '-A POSTROUTING -m socket -j ACCEPT',
  '-A OUTPUT -i eth0 -j ACCEPT',
  '-A PREROUTING -o eth0 -j ACCEPT',
  '-A PREROUTING -j DNAT --to-destination 10.0.0.1:80',
  '-A POSTROUTING -j MASQUERADE --to-ports 80',
  ...['80000', '90-80', '80,81', '80:90', ''].map((ports) => `-A PREROUTING -p tcp -j REDIRECT --to-ports ${ports}`),
  '-A PREROUTING -p tcp -j REDIRECT --to-port 80000',
  '-A POSTROUTING -p tcp -j MASQUERADE --to-ports 2000-1000',
  ...[
    '10.0.0.1:80000',
    '10.0.0.1:90-80',
    '10.0.0.300',
    '10.0.0.0/24',
    '10.0.0.1:',
    '10.0.0.1:80-90/99999',
    'host.name',
    '10.0.0.1 --to-destination 10.0.0.2',
  ].map((to) => `-A PREROUTING -p tcp -j DNAT --to-destination ${to}`),
  '-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.1:80000',
];
const TRANSLATES: readonly string[] = [
  '-A PREROUTING -j DNAT --to-destination 10.0.0.1-10.0.0.9',
  '-A PREROUTING ! -p tcp -j DNAT --to-destination 10.0.0.1:80',
  ...['10.0.0.1:0', '10.0.0.9-10.0.0.1', '10.0.0.1:http', ':8080', '10.0.0.1:80-90/70'].map(
    (to) => `-A PREROUTING -p tcp -j DNAT --to-destination ${to}`,
  ),
  ...['65535', '0', 'http', '80-90'].map((ports) => `-A PREROUTING -p tcp -j REDIRECT --to-ports ${ports}`),
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
  [
    ...TAKEN,
    ...TRANSLATES.map(asNat),
    ['rules that belong into mangle', mangle(ELSEWHERE, HERE, '-A PREROUTING -j DROP')] as const,
  ],
];

describe('a rule that iptables-restore', () => {
  const codes = (text: string): readonly string[] =>
    refusals(parser, HEADER.ip + text).map((one) => one.replace(/ at .*/, ''));
  it.each(refused)('refuses is refused: %s', (_, text) =>
    expect(codes(text)[0]).toMatch(/^iptables\/(not-loaded|unknown-option)$/),
  );
  it.each(MISPLACED)('refuses because of its place is refused: %s', (_, text) =>
    expect(codes(text)).toEqual(['iptables/wrong-place']),
  );
  it.each(taken)('accepts is parsed: %s', (_, text) => expect(codes(text)).toEqual([]));
});

describeWhere(
  canUseIptables(),
  'iptables-restore',
  'root on Linux, with iptables, ipset, nft, ip, conntrack and perl',
)('iptables-restore', () => {
  it.each(BACK_ENDS)('of %s refuses and accepts these', (backEnd) => {
    const place = new KernelPlace(`cpk-${process.pid}-nl`);
    const takes = (text: string): boolean => place.tried([`iptables-${backEnd}-restore`], text).status === 0;
    try {
      // The kernel refuses some rules that --test accepts.
      expect([...refused, ...MISPLACED, ...taken].filter(([, text]) => takes(text)).map(([text]) => text)).toEqual(
        taken.map(([text]) => text),
      );
    } finally {
      place.remove();
    }
  });
});
