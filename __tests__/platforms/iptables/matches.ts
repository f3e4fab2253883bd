// Table of iptables matches, each with the packets that it accepts, and one ruleset that holds all of them, so that a
// kernel is asked once.

import { Case } from './cases/cases';
import { SETS, filter } from './printed';
import { Probe } from '../../evaluator/kernel/namespaces';
import { called } from '../../evaluator/parse-packet-names';

/** `but`: it passes for a new client. */
type Answers = Readonly<Record<string, boolean | 'but' | 'unknown'>>;

const answered = (packets: Answers): Case['asked'] =>
  Object.entries(packets).map(([name, comes], at) => {
    const { sourcePort, size, ...sent } = called(name);
    const probe = { ...sent, sourcePort: sourcePort + at, size: size + at };
    return {
      probe,
      becomes:
        comes === 'unknown'
          ? comes
          : comes
            ? `gw: ${sent.from} > ${sent.to}:${sent.port}${comes === 'but' ? ', but' : ''}`
            : 'denied',
    };
  });

/** The packets that come in if the chain accepts those of one match, and no others. */
const lets = (test: string, packets: Answers, sets?: string): Case => {
  const text = filter('DROP', 'DROP', `-A INPUT ${test} -j ACCEPT`);
  const family = Object.keys(packets).some((name) => name.includes('6 ')) ? 'ip6' : 'ip';
  return { name: test, test, [family]: text, ...(sets === undefined ? {} : { sets }), asked: answered(packets) };
};

const MATCHES: readonly Case[] = [
  lets('-s 198.51.100.7/32', { 'tcp 443': true }),
  lets('! -s 198.51.100.0/24', { 'tcp 443': false }),
  lets('-s 198.51.100.7/255.255.252.255', { 'tcp 443': true }),
  lets('-s 2001:db8::/32', { 'tcp6 443': true }),
  lets('-s 0/0', { 'tcp 443': true }),
  lets('-s any/0', { 'tcp 443': true }),
  lets('-s 198.51/16', { 'tcp 443': true }),
  lets('-s 198.51.100.0/030', { 'tcp 443': true }),
  lets('-s 198.51.100', { 'tcp 443': false }),
  lets('-s any/0 -p tcp', { 'tcp6 443': true }),
  lets('-d 198.51.100.3/32', { 'tcp 443': false }),
  lets('-s 198.51.100.9,198.51.100.7', { 'tcp 443': true }),
  lets('-i wan+', { 'tcp 443': true }),
  lets('! -i br0', { 'tcp 443': true }),
  lets('-i br0', { 'tcp 443': false }),
  lets('-i +', { 'tcp 443': true }),
  lets('-p tcp', { 'tcp 443': true, 'udp 443': false, ping: false }),
  lets('! -p tcp', { 'tcp 443': false, 'udp 443': true }),
  lets('-p ip', { 'tcp 443': true, ping: true }),
  lets('-p hopopt', { 'tcp 443': true, ping: true }),
  lets('-p 0x0', { 'tcp 443': true }),
  lets('-p 17', { 'udp 443': true, 'tcp 443': false }),
  lets('-p tcp -m tcp --dport 400:500', { 'tcp 443': true, 'tcp 80': false, 'udp 443': false }),
  lets('-p tcp -m tcp ! --dport 443', { 'tcp 443': false, 'tcp 80': true, 'udp 80': false }),
  lets('-p tcp --dport :100', { 'tcp 443': false, 'tcp 80': true }),
  lets('-p tcp --dport http:https', { 'tcp 443': true, 'tcp 22': false }),
  lets('-p tcp --dport 0673', { 'tcp 443': true, 'tcp 673': false }),
  lets('-p udp --dport 0443', { 'udp 443': true, 'udp 291': false }),
  lets('-p udp --dport 65979', { 'udp 443': true, 'udp 80': false }),
  lets('-p udp -m multiport --dports 0673', { 'udp 443': true, 'udp 673': false }),
  lets('-p tcp --dport=443', { 'tcp 443': true, 'tcp 80': false }),
  lets('-p tcp -m multiport --dports=80,443 -m state --state=NEW', { 'tcp 443': true, 'tcp 22': false }),
  lets('-c 2,3 -p tcp', { 'tcp 443': true, 'udp 443': false }),
  lets('-s 198.1.100.7/255.0.255.255', { 'tcp 443': true }),
  lets('! -s 198.0.100.9/255.0.255.0', { 'tcp 443': false }),
  lets('-s 198.51.101.7/255.0.255.0', { 'tcp 443': false }),
  lets('-p udp --dport 444:443', { 'udp 443': false, 'udp 444': false }),
  lets('-p udp ! --dport 444:443', { 'udp 443': true, 'tcp 443': false }),
  lets('-p dccp --dport 444:443', { 'tcp 443': false }),
  lets('-m mark --mark 0/037777777777', { 'tcp 443': true }),
  lets('-m mark --mark 010/0x0f', { 'tcp 443': false }),
  lets('-m ttl --ttl-gt 0x0', { 'tcp 443': 'unknown' }),
  lets('-m conntrack --ctorigdstport 0443', { 'tcp 443': true, 'tcp 291': false }),
  lets('-p icmp --icmp-type 8/0:255', { ping: true }),
  lets('-p icmp --icmp-type 0x8', { ping: true }),
  lets('-p icmp --icmp-type 0377', { ping: true }),
  lets('-p udp -m udp --sport 22000', { 'udp 443': true, 'tcp 443': false }),
  lets('-p tcp -m multiport --dports 80,400:500', { 'tcp 443': true, 'tcp 80': true, 'tcp 22': false }),
  lets('-p tcp -m multiport ! --dports 80,443', { 'tcp 443': false, 'tcp 22': true, 'udp 22': false }),
  lets('-p tcp -m multiport --ports 22,22000', { 'tcp 443': true, 'udp 443': false }),
  lets('-p tcp -m multiport --ports 443,8080', { 'tcp 443': true, 'tcp 80': false }),
  lets('-p tcp -m multiport ! --ports 443', { 'tcp 443': false, 'tcp 80': true }),
  lets('-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', { 'tcp 443': true, 'udp 443': false }),
  lets('-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE', { 'tcp 443': false }),
  lets('-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN', { 'tcp 443': false }),
  lets('-p icmp -m icmp --icmp-type 8', { ping: true, 'tcp 443': false }),
  lets('-p icmp -m icmp --icmp-type 8/1', { ping: false }),
  lets('-p icmp -m icmp ! --icmp-type 3/4', { ping: true, 'tcp 443': false }),
  lets('-p icmp -m icmp --icmp-type any', { ping: true, 'tcp 443': false }),
  lets('-f', { 'tcp 443': false }),
  lets('-p ah -m ah --ahspi 256', { 'tcp 443': false }),
  lets('-p esp -m esp', { 'tcp 443': false }),
  lets('-m ah --ahspi 256', { 'tcp6 443': 'unknown' }),
  lets('-p tcp -m ah', { 'tcp6 443': 'unknown', 'udp6 443': false }),
  lets('-p mobility-header -m mh --mh-type 1', { 'tcp6 443': false }),
  lets('-m state --state NEW', { 'tcp 443': true }),
  lets('-m state --state RELATED,ESTABLISHED', { 'tcp 443': false }),
  lets('-m conntrack ! --ctstate INVALID', { 'tcp 443': true }),
  lets('-m conntrack --ctstate NEW,DNAT', { 'tcp 443': true }),
  lets('-m conntrack --ctstate DNAT', { 'tcp 443': false }),
  lets('-m conntrack ! --ctstate DNAT', { 'tcp 443': true }),
  lets('-m conntrack ! --ctstate ESTABLISHED,SNAT', { 'tcp 443': true }),
  lets('-m conntrack --ctproto 6', { 'tcp 443': true, 'udp 443': false }),
  lets('-m conntrack --ctorigsrc 198.51.100.0/24 --ctorigdst 198.51.100.2', { 'tcp 443': true }),
  lets('-m conntrack ! --ctorigdst 198.51.100.2', { 'tcp 443': false }),
  lets('-m conntrack --ctorigsrc 198.51.100.99/24', { 'tcp 443': true }),
  lets('-m conntrack --ctorigsrc 198.51.100.0/29', { 'tcp 443': true }),
  lets('-m conntrack --ctorigsrc 198.51.100.8/29', { 'tcp 443': false }),
  lets('-m conntrack ! --ctorigsrc 198.51.100.0/24', { 'tcp 443': false, 'udp 443': false }),
  lets('-m conntrack ! --ctorigsrc 198.51.101.0/24', { 'tcp 443': true, ping: true }),
  // iptables 1.8.9 loads all of the address, though the mask leaves a part out.
  lets('-m conntrack --ctorigsrc 198.51.4.7/255.255.3.255', { 'tcp 443': 'unknown' }),
  lets('-m conntrack --ctorigdst 198.51.100.0/255.255.255.0', { 'tcp 443': 'unknown' }),
  lets('-m conntrack --ctorigsrc 0.0.0.0/0', { 'tcp 443': true }),
  lets('-m conntrack ! --ctorigsrc 0.0.0.0/0', { 'tcp 443': false }),
  lets('-m conntrack --ctreplsrc 198.51.100.0/24', { 'tcp 443': true }),
  lets('-m conntrack ! --ctreplsrc 198.51.100.0/24', { 'tcp 443': false }),
  lets('-m conntrack --ctrepldst 198.51.100.7/31', { 'tcp 443': true }),
  lets('-m conntrack --ctrepldst 198.51.100.8/31', { 'tcp 443': false }),
  lets('-m conntrack --ctorigsrc 2001:db8:1::/64', { 'tcp6 443': true }),
  lets('-m conntrack --ctorigsrc 2001:db8:1::9/64', { 'tcp6 443': true }),
  lets('-m conntrack ! --ctorigsrc 2001:db8:1::/64', { 'tcp6 443': false }),
  lets('-m conntrack --ctreplsrc 2001:db8:1::/127', { 'tcp6 443': false }),
  lets('-m conntrack --ctorigsrc 198.51.100.0/24 --ctdir ORIGINAL --ctproto tcp', {
    'tcp 443': true,
    'udp 443': false,
  }),
  lets('-p tcp -m conntrack --ctorigdstport 400:500', { 'tcp 443': true, 'tcp 80': false }),
  lets('-m conntrack --ctreplsrc 198.51.100.2 --ctdir ORIGINAL', { 'tcp 443': true }),
  lets('-m conntrack --ctdir REPLY', { 'tcp 443': false }),
  lets('-m conntrack --ctstatus NONE', { 'tcp 443': false }),
  lets('-m conntrack --ctstatus ASSURED,SEEN_REPLY', { 'tcp 443': false }),
  lets('-m conntrack --ctexpire 5:10', { 'tcp 443': 'unknown' }),
  lets('-m conntrack --ctstate NEW,INVALID --ctproto 17', { 'tcp 443': false, 'udp 443': true }),
  lets('-m addrtype --dst-type LOCAL', { 'tcp 443': true }),
  lets('-m addrtype ! --dst-type LOCAL,BROADCAST', { 'tcp 443': false }),
  lets('-m addrtype --src-type UNICAST', { 'tcp 443': true }),
  lets('-m addrtype --src-type LOCAL', { 'tcp 443': false }),
  lets('-m addrtype --dst-type LOCAL --limit-iface-in', { 'tcp 443': true }),
  lets('-m addrtype --dst-type LOCAL', { 'tcp6 443': true }),
  lets('-m addrtype --dst-type MULTICAST', { 'tcp6 443': false }),
  lets('-m addrtype --dst-type UNICAST', { 'tcp6 443': 'unknown' }),
  lets('-m iprange --src-range 198.51.100.1-198.51.100.9', { 'tcp 443': true }),
  lets('-m iprange ! --dst-range 198.51.100.1-198.51.100.9', { 'tcp 443': false }),
  lets('-m mark --mark 0x0/0xff', { 'tcp 443': true }),
  lets('-m mark ! --mark 0x1/0xff', { 'tcp 443': true }),
  lets('-m connmark --mark 0x1', { 'tcp 443': false }),
  lets('-m pkttype --pkt-type unicast', { 'tcp 443': true }),
  lets('-m pkttype --pkt-type multicast', { 'tcp 443': false }),
  lets('-m mac --mac-source 02:00:00:00:01:07', { 'tcp 443': 'unknown' }),
  lets('-m comment --comment "a \\"b\\" -j DROP"', { 'tcp 443': true }),
  lets('-m comment --comment -j', { 'tcp 443': true }),
  lets('-m recent --set --name x --mask 255.255.255.255 --rsource', { 'tcp 443': true }),
  lets('-m recent ! --set --name x --mask 255.255.255.255 --rsource', { 'tcp 443': false }),
  lets('-m recent --rcheck --seconds 60 --name x --mask 255.255.255.255 --rsource', { 'tcp 443': 'unknown' }),
  ...[
    '-m limit --limit 3/min',
    '-m hashlimit --hashlimit-upto 3/min --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name foo',
    '-m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr',
  ].map((test) => lets(test, { 'tcp 443': 'but' })),
  ...[
    '-m statistic --mode random --probability 0.50000000000',
    '-m string --string "-j" --algo bm',
    '-m u32 --u32 "0x0>>0x16&0x3c@0xc>>0x1a=0x10"',
    '-m time --timestart 10:00:00 --timestop 11:00:00 --datestop 2038-01-19T03:14:07',
    '-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"',
    '-m length --length 5:10',
    '-m ttl --ttl-lt 5',
    '-m policy --dir in --pol ipsec --proto esp',
    '-m quota --quota 500',
  ].map((test) => lets(test, { 'tcp 443': 'unknown' })),
  lets('-m rt --rt-type 0', { 'tcp6 443': 'unknown' }),
  lets('-m limit --limit 3/min -p tcp --dport 443', { 'tcp 443': 'but', 'tcp 80': false }),
];

const FROM_SETS: readonly Case[] = [
  lets('-m set --match-set s src', { 'tcp 443': true }, SETS.hosts),
  lets('-m set --match-set s dst', { 'tcp 443': false }, SETS.hosts),
  lets('-m set ! --match-set s src', { 'tcp 443': true }, SETS.others),
  lets('-m set --match-set s src', { 'udp 443': true }, SETS.nets),
  lets('-m set --match-set s src', { 'tcp 443': false }, SETS.nomatch),
  lets(
    '-m set --match-set s src,dst',
    { 'tcp 443': true, 'udp 443': false, 'udp 53': true, 'tcp 80': false, ping: false },
    SETS.ipPort,
  ),
  lets('-m set ! --match-set s src,dst', { 'tcp 443': false, 'udp 443': true, ping: true }, SETS.ipPort),
  lets('-m set --match-set s src', { 'tcp 443': false }, SETS.ipPort),
  lets('-m set --match-set s src,dst', { 'tcp 443': true, 'tcp 80': false }, SETS.netPort),
  lets('-m set --match-set s src,src', { 'tcp 443': true }, SETS.netIface),
  lets('-m set --match-set s src,src', { 'tcp 443': false }, SETS.otherIface),
  lets('-m set --match-set s src,dst,dst', { 'tcp 443': true, 'tcp 80': false }, SETS.three),
  lets('-m set --match-set s src,dst,dst', { 'tcp 443': true, 'udp 443': false }, SETS.threeNet),
  lets('-m set --match-set s dst', { 'tcp 443': true, 'udp 53': true, 'tcp 80': false, ping: false }, SETS.ports),
  lets('-m set ! --match-set s dst', { 'tcp 443': false, 'tcp 80': true, ping: true }, SETS.ports),
  lets('-m set --match-set s src', { 'tcp 443': true }, SETS.bitmap),
  lets('-m set --match-set s src', { 'tcp 443': true }, SETS.masked),
  lets('-m set --match-set s src', { 'tcp6 443': true }, SETS.six),
  lets('-m set --match-set s src,dst', { 'tcp 443': true, 'tcp 80': true, ping: true }, SETS.listed),
  lets('-m set ! --match-set s src,dst', { 'tcp 443': false, 'udp 80': false, ping: false }, SETS.listed),
  lets('-m set --match-set s src', { 'tcp 443': 'but' }, SETS.fleeting),
  lets('-m set --match-set s src', { 'tcp 443': true }, SETS.lasting),
  lets('-m set --match-set s src', { 'tcp 443': 'but' }, SETS.goes),
  lets('-m set --match-set s src,dst', { ping: 'unknown' }, SETS.pings),
  lets('-m set --match-set s src --packets-gt 5', { 'tcp 443': 'unknown' }, SETS.hosts),
  lets('-m set --match-set s src ! --update-counters', { 'tcp 443': true }, SETS.hosts),
];

export const TESTS: readonly Case[] = [...MATCHES, ...FROM_SETS];

/**
 * All matches in one ruleset, so that a kernel is asked once: each packet reaches its own match by its source port or
 * its length.
 */
export function combined(cases: readonly Case[]): Case {
  const rules = { ip: [] as string[], ip6: [] as string[] };
  const chains = { ip: [] as string[], ip6: [] as string[] };
  const asked: { probe: Probe; becomes: string }[] = [];
  const sets = cases
    .map((one, at) => (one.sets ?? '').replace(/(?<= )[sabc]$|(?<= )[sabc](?= )/gm, `$&${at}`))
    .join('');
  cases.forEach(({ test = '', asked: some, ip }, at) => {
    const family = ip === undefined ? 'ip6' : 'ip';
    chains[family].push(`:t${at} - [0:0]`);
    rules[family].push(
      `-A t${at} ${test.replace(/--match-set s /, `--match-set s${at} `)} -j ACCEPT`,
      `-A t${at} -j DROP`,
    );
    for (const { probe: given, becomes } of some) {
      if (becomes === 'unknown') continue;
      const own = /22000/.test(test)
        ? given
        : { ...given, sourcePort: 23_000 + asked.length, size: 300 + asked.length };
      const name = own.protocol === 6 ? 'tcp' : 'udp';
      rules[family].push(
        own.protocol === 1
          ? `-A INPUT -p icmp -m length --length ${own.size + 28} -g t${at}`
          : `-A INPUT -p ${name} -m ${name} --sport ${own.sourcePort} -g t${at}`,
      );
      asked.push({ probe: own, becomes });
    }
  });
  const text = (family: 'ip' | 'ip6'): string => filter('DROP', 'DROP', ...chains[family], ...rules[family]);
  return { name: 'all tests', ip: text('ip'), ip6: text('ip6'), sets, asked };
}
