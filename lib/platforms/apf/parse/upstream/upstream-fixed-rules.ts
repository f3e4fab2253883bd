// iptables rules that APF 2.0.2 (upstream) loads by settings alone, as templates for `addFixedRules` in
// ../fixed-rules.ts. Source: firewall_full_load in internals/apf_core.sh, bt.rules and internals/cports.common of
// v2.0.2.

import { DROPPED_PORT_RULES, FTP_MATCH, MULTICAST_RULES, PORT_RULES, STOP_RULES } from '../fixed-rules';

const SESSION_ACCEPT = '-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT';
const SMTP_MATCH = 'SMTP_BLK -p tcp -m multiport --dports $SMTP_PORTS';

/** APF puts the first of these rules in front of all others. */
export const FIRST_RULES = `
BLK_TCP_SACK_PANIC BLK_TCP_SACK_PANIC !SYSCTL_TCP_NOSACK: INPUT -p tcp --tcp-flags SYN SYN -m tcpmss --mss 1:500 -j $TCP_STOP
IFACE_UNTRUSTED: {INPUT,OUTPUT} {-i,-o} lo -j ACCEPT
IFACE_TRUSTED each: {INPUT,OUTPUT} {-i,-o} * -j ACCEPT
TCP_STOP: RESET -p tcp -j REJECT --reject-with tcp-reset
TCP_STOP: RESET -j DROP
UDP_STOP ip: PROHIBIT -j REJECT --reject-with icmp-host-prohibited
UDP_STOP ip6: PROHIBIT -j REJECT --reject-with icmp6-adm-prohibited`;

const FLAG_MATCHES = `ALL NONE|SYN,FIN SYN,FIN|SYN,RST SYN,RST|FIN,RST FIN,RST|ACK,FIN FIN|ACK,URG URG|ACK,PSH PSH|ALL FIN,URG,PSH|ALL SYN,RST,ACK,FIN,URG
|ALL ALL|ALL FIN`;
const SANITY_RULES = FLAG_MATCHES.split(/\n?\|/).map(
  (flags) => `PKT_SANITY PKT_SANITY: {INPUT,OUTPUT} -p tcp --tcp-flags ${flags} -j $TCP_STOP`,
);

export const BLOCK_RULES = `
${DROPPED_PORT_RULES.trim()}
VF_LGATE each ip: INPUT -m mac ! --mac-source * -j LMAC
VF_LGATE ip: LMAC -j REJECT --reject-with icmp-net-prohibited
${SANITY_RULES.join('\n')}
PKT_SANITY_INV PKT_SANITY PKT_SANITY_INV: {INPUT,OUTPUT} -m conntrack --ctstate INVALID -j $ALL_STOP
PKT_SANITY_INV PKT_SANITY PKT_SANITY_INV ip: INPUT -p tcp --tcp-option {64,128} -j $TCP_STOP
PKT_SANITY_FUDP PKT_SANITY PKT_SANITY_FUDP ip: {INPUT,OUTPUT} -p udp -f -j $UDP_STOP
PKT_SANITY_FUDP PKT_SANITY PKT_SANITY_FUDP ip6: {INPUT,OUTPUT} -p udp -m frag --fragmore -j $UDP_STOP
PKT_SANITY_PZERO PKT_SANITY PKT_SANITY_PZERO: {INPUT,OUTPUT} -p tcp --dport 0 -j $TCP_STOP
PKT_SANITY_PZERO PKT_SANITY PKT_SANITY_PZERO: {INPUT,OUTPUT} -p udp --dport 0 -j $UDP_STOP
PKT_SANITY_PZERO PKT_SANITY PKT_SANITY_PZERO: {INPUT,OUTPUT} -p tcp --sport 0 -j $TCP_STOP
PKT_SANITY_PZERO PKT_SANITY PKT_SANITY_PZERO: {INPUT,OUTPUT} -p udp --sport 0 -j $UDP_STOP
SYNFLOOD SYNFLOOD: SYNFLOOD -p tcp --syn -m limit --limit $SYNFLOOD_RATE --limit-burst $SYNFLOOD_BURST -j RETURN
SYNFLOOD SYNFLOOD: SYNFLOOD -p tcp --syn -j $TCP_STOP
SYNFLOOD SYNFLOOD: INPUT -j SYNFLOOD`;

export const PEER_RULES = `
${MULTICAST_RULES.trim()}
BLK_MCATNET BLK_MCATNET ip6: MCAST -p ipv6-icmp --icmpv6-type {133,134,135,136} -j RETURN
BLK_MCATNET BLK_MCATNET ip6: MCAST {-s,-d} ff00::/8 -j $ALL_STOP
BLK_MCATNET BLK_MCATNET ip6: {INPUT,OUTPUT} -j MCAST
BLK_P2P_PORTS each: {INPUT,OUTPUT} -p tcp --dport * -j REJECT
BLK_P2P_PORTS each: {INPUT,OUTPUT} -p tcp --dport 1024:65534 --sport * -j REJECT
BLK_P2P_PORTS each: {INPUT,OUTPUT} -p udp --sport 1024:65534 --dport * -j REJECT
BLK_P2P_PORTS each: {INPUT,OUTPUT} -p udp --dport 1024:65534 --sport * -j REJECT
RAB RAB: INPUT -m recent --update -j $ALL_STOP`;

export const OPEN_RULES = `
IFACE_UNTRUSTED: INPUT -p {tcp,udp} ${SESSION_ACCEPT}
IFACE_UNTRUSTED: OUTPUT -p {tcp,udp} --dport 1024:65535 ${SESSION_ACCEPT}
IG_TCP_CLIMIT each: INPUT -p tcp --syn --dport *.1 -m connlimit --connlimit-above *.2 -j REJECT
IG_UDP_CLIMIT each: INPUT -p udp --dport *.1 -m connlimit --connlimit-above *.2 -j REJECT
${PORT_RULES.trim()}
EG_{TCP,UDP}_UID each EGF: OUTPUT -p {tcp,udp} --dport *.2 -m owner --uid-owner *.1 -j ACCEPT
SMTP_BLOCK SMTP_BLOCK: ${SMTP_MATCH} -m owner --uid-owner 0 -j ACCEPT
SMTP_ALLOWUSER each SMTP_BLOCK: ${SMTP_MATCH} -m owner --uid-owner * -j ACCEPT
SMTP_ALLOWGROUP each SMTP_BLOCK: ${SMTP_MATCH} -m owner --gid-owner * -j ACCEPT
SMTP_BLOCK SMTP_BLOCK: ${SMTP_MATCH} -j $TCP_STOP
SMTP_BLOCK SMTP_BLOCK: OUTPUT -j SMTP_BLK`;

/** A source with port 53 comes in as part of a session, which always passes: the server's queries go out. */
export const QUERY_RULES = `
ALL_STOP: INPUT -p tcp ! --syn -m conntrack --ctstate NEW -j $ALL_STOP
RESV_DNS !RESV_DNS: OUTPUT -p {udp,tcp} --dport 53 --sport 1024:65535 -j ACCEPT`;

export const LAST_RULES = `
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p tcp --dport 1024:65535 --sport $HELPER_FTP_PORT ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p {tcp,udp} ${FTP_MATCH} ${SESSION_ACCEPT}
TCR_PORTS TCR_PASS: {INPUT,OUTPUT} -p udp -m conntrack --ctstate NEW --dport $TCR_PORTS -j ACCEPT
${STOP_RULES}`;
