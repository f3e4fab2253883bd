import { Place } from '../../../parse/printed-files';
import { MadeRules } from '../../../parse/xtables/made-rules';
import { writtenRules } from '../../../parse/xtables/written-rules';
import { Settings } from './settings';

/**
 * Rules as `SETTING CONDITIONS: CHAIN RULE`, in the order in which they are asked. The setting is where a person changes it; a condition is a
 * setting that is "1", or isn't (`!`), or a family. `each`: a rule for each member of the setting, which stands for `*`, or what is before and
 * behind its first colon for `*.1` and `*.2`. Source: bt.rules and firewall of apf-firewall 9.7.
 */
const FLAGS = [
  'ALL NONE',
  'SYN,FIN SYN,FIN',
  'SYN,RST SYN,RST',
  'FIN,RST FIN,RST',
  'ACK,FIN FIN',
  'ACK,PSH PSH',
  'ACK,URG URG',
];
const FLAGS_IN = ['ALL FIN,URG,PSH', 'ALL SYN,RST,ACK,FIN,URG', 'ALL ALL', 'ALL FIN'];

const flagged = (chain: string, flags: readonly string[]): string =>
  flags.map((one) => `PKT_SANITY: ${chain} -p tcp --tcp-flags ${one} -j $TCP_STOP`).join('\n');

export const SANITY = `
${flagged('IN_SANITY', [...FLAGS, ...FLAGS_IN])}
${flagged('OUT_SANITY', FLAGS)}`;

export const INVALID = `
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -m state --state INVALID -j $ALL_STOP
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -p tcp --tcp-option 64 -j $TCP_STOP
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -p tcp --tcp-option 128 -j $TCP_STOP
PKT_SANITY_INV PKT_SANITY_INV: OUT_SANITY -m state --state INVALID -j $ALL_STOP`;

export const STUFFED = `
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: IN_SANITY -s 255.255.255.255 -j $ALL_STOP
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: IN_SANITY -d 0.0.0.0 -j $ALL_STOP
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: IN_SANITY -p icmp -d 0.0.0.255/0.0.0.255 -j $ALL_STOP
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: OUT_SANITY -d 0.0.0.255/0.0.0.255 -j $ALL_STOP
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: OUT_SANITY -s 255.255.255.255 -j $ALL_STOP
PKT_SANITY_STUFFED PKT_SANITY_STUFFED: OUT_SANITY -d 0.0.0.0 -j $ALL_STOP
PKT_SANITY: OUTPUT -j OUT_SANITY
PKT_SANITY: INPUT -j IN_SANITY
PKT_SANITY_FUDP PKT_SANITY_FUDP: FRAG_UDP -p udp -f -j $UDP_STOP
PKT_SANITY_FUDP: INPUT -j FRAG_UDP
PKT_SANITY_FUDP: OUTPUT -j FRAG_UDP
${['tcp --dport', 'udp --dport', 'tcp --sport', 'udp --sport']
  .map((one) => `PKT_SANITY_PZERO PKT_SANITY_PZERO: PZERO -p ${one} 0 -j $${one.slice(0, 3).toUpperCase()}_STOP`)
  .join('\n')}
PKT_SANITY_PZERO: INPUT -j PZERO
PKT_SANITY_PZERO: OUTPUT -j PZERO`;

export const DROPPED_PORTS = `
BLK_PORTS each: {INPUT,OUTPUT} -p tcp --dport * -j $TCP_STOP
BLK_PORTS each: {INPUT,OUTPUT} -p udp --dport * -j $UDP_STOP`;

export const IDENT = ['tcp --dport', 'tcp --sport', 'udp --dport', 'udp --sport']
  .map((one) => `BLK_IDENT BLK_IDENT: {INPUT,OUTPUT} -p ${one} 113 -j REJECT`)
  .join('\n');

export const MULTICAST = `
BLK_MCATNET BLK_MCATNET ip: {INPUT,OUTPUT} -s 224.0.0.0/8 -j $ALL_STOP
BLK_MCATNET BLK_MCATNET ip: {INPUT,OUTPUT} -d 224.0.0.0/8 -j $ALL_STOP`;

export const PORTS = `
IG_{TCP,UDP}_CPORTS each: INPUT -p {tcp,udp} --dport * -j ACCEPT
EG_{TCP,UDP}_CPORTS each EGF: OUTPUT -p {tcp,udp} --dport * -j ACCEPT`;

const KNOWN = '-m state --state ESTABLISHED,RELATED -j ACCEPT';
export const BEHIND_PORTS = `
ALL_STOP: INPUT -p tcp ! --syn -m state --state NEW -j $ALL_STOP
IFACE_IN: INPUT -p tcp ${KNOWN}
IFACE_IN: INPUT -p udp ${KNOWN}
IFACE_IN: OUTPUT -p tcp --dport 1024:65535 ${KNOWN}
IFACE_IN: OUTPUT -p udp --dport 1024:65535 ${KNOWN}`;

/** From port 53 whoever it is reaches every port from 1023 on. */
export const FROM_ANY_RESOLVER = `
RESV_DNS: INPUT -p udp --sport 53 --dport 1023:65535 -j ACCEPT
RESV_DNS: INPUT -p tcp --sport 53 --dport 1023:65535 -j ACCEPT
RESV_DNS: OUTPUT -p udp --dport 53 --sport 1023:65535 -j ACCEPT
RESV_DNS: OUTPUT -p tcp --dport 53 --sport 1023:65535 -j ACCEPT`;

/** `@perhaps`: where nobody told whether there are any. */
export const FROM_RESOLVERS = `
@by: INPUT -p udp @from --sport 53 --dport 1023:65535 -j ACCEPT
@by: INPUT -p tcp @from --sport 53 --dport 1023:65535 -j ACCEPT
@by: OUTPUT -p udp @to --dport 53 --sport 1023:65535 -j ACCEPT
@by: OUTPUT -p tcp @to --dport 53 --sport 1023:65535 -j ACCEPT
RESV_DNS_DROP RESV_DNS_DROP: INPUT -p tcp @perhaps --sport 53 --dport 1023:65535 -j $ALL_STOP
RESV_DNS_DROP RESV_DNS_DROP: INPUT -p udp @perhaps --sport 53 --dport 1023:65535 -j $ALL_STOP`;

/** What nothing before it has let in, or out. */
export const STOPPED = `EGF !EGF: OUTPUT -j ACCEPT
EGF EGF: OUTPUT -p tcp -j $TCP_STOP
EGF EGF: OUTPUT -p udp -j $UDP_STOP
EGF EGF: OUTPUT -j $ALL_STOP
TCP_STOP: INPUT -p tcp -j $TCP_STOP
UDP_STOP: INPUT -p udp -j $UDP_STOP
ALL_STOP: INPUT -j $ALL_STOP`;

export const FTP = '-m multiport --dports $HELPER_FTP_PORT,$HELPER_FTP_DATA';
export const LAST = `
HELPER_FTP_PORT HELPER_FTP: INPUT -p tcp --sport 1023:65535 --dport $HELPER_FTP_PORT ${KNOWN}
HELPER_FTP_PORT HELPER_FTP: INPUT -p tcp ${FTP} ${KNOWN}
HELPER_FTP_PORT HELPER_FTP: INPUT -p udp ${FTP} ${KNOWN}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p tcp --dport 1023:65535 --sport $HELPER_FTP_PORT ${KNOWN}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p tcp ${FTP} ${KNOWN}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p udp ${FTP} ${KNOWN}
HELPER_SSH_PORT HELPER_SSH: INPUT -p tcp --sport $HELPER_SSH_PORT --dport 513:65535 ${KNOWN}
HELPER_SSH_PORT HELPER_SSH: INPUT -p tcp --sport 1024:65535 --dport $HELPER_SSH_PORT --syn ${KNOWN}
HELPER_SSH_PORT HELPER_SSH: INPUT -p udp --dport $HELPER_SSH_PORT -m state --state ESTABLISHED -j ACCEPT
TCR_PORTS TCR_PASS: INPUT -p udp -m state --state NEW --dport $TCR_PORTS -j ACCEPT
TCR_PORTS TCR_PASS: OUTPUT -p udp -m state --state NEW --dport $TCR_PORTS -j ACCEPT
${STOPPED}`;

/** In the place of the words `@from`, `@to`, `@perhaps` and of the setting `@by`. */
interface Filling {
  readonly from: string;
  readonly to: string;
  readonly perhaps: string;
  readonly by: Place;
}

/** Adds rules that are written as above. */
export function addWritten(apf: MadeRules, settings: Settings, rules: string, filling?: Filling): void {
  for (const { setting, when, chain, words } of writtenRules(rules)) {
    const asked = when.filter((word) => !/^(each|ip6?)$/.test(word));
    if (!asked.every((word) => (word.startsWith('!') ? !settings.isOn(word.slice(1)) : settings.isOn(word)))) continue;
    const families = settings.families.filter((family) =>
      when.every((word) => !word.startsWith('ip') || word === family),
    );
    const filled = words.replace(/@(from|to|perhaps)/, (_, word: 'from' | 'to' | 'perhaps') => filling?.[word] ?? '');
    const by = filling && setting === '@by' ? filling.by : settings.at(setting);
    for (const one of when.includes('each')
      ? settings.listed(setting).map((member) => withMember(filled, member))
      : [filled])
      apf.add(chain, one, by, families);
  }
}

/** A range of ports has an underscore in settings. */
function withMember(words: string, member: string): string {
  const parts = [member, member.replace(/:.*/s, ''), member.slice(member.indexOf(':') + 1)];
  return words
    .replace(/\*(?:\.([12]))?/g, (_, part: string | undefined) => parts[Number(part ?? 0)]!)
    .replace(/(?<=--[ds]port )\S+/g, (ports) => ports.replaceAll('_', ':'));
}

const WAYS = [
  ['IG', 'INPUT'],
  ['EG', 'OUTPUT'],
] as const;

/** Of ICMPv6: without these there is no IPv6. */
const NEIGHBORS = ['133', '134', '135', '136'];

/** Types of ICMP that come in, and with EGF those that go out. */
export function addTypes(apf: MadeRules, settings: Settings): void {
  const rate = settings.text('ICMP_LIM');
  const limit = /^\s*0*[1-9]\d*([/\s]|$)/.test(rate) ? `-m limit --limit ${rate}` : '';
  for (const [way, chain] of settings.isOn('EGF') ? WAYS : WAYS.slice(0, 1))
    for (const family of settings.families) {
      const [protocol, key, option] =
        family === 'ip' ? ['icmp', 'ICMP', '--icmp-type'] : ['ipv6-icmp', 'ICMPV6', '--icmpv6-type'];
      const by = settings.at(`${way}_${key}_TYPES`);
      if (family === 'ip6')
        for (const type of NEIGHBORS) apf.add(chain, `-p ${protocol} ${option} ${type} -j ACCEPT`, by, [family]);
      for (const type of settings.listed(`${way}_${key}_TYPES`).map((one) => one.toLowerCase()))
        apf.add(chain, `-p ${protocol} ${type === 'all' ? '' : `${option} ${type}`} ${limit} -j ACCEPT`, by, [family]);
    }
}
