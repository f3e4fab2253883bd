// iptables rules that csf loads by settings, not from lists such as csf.allow, as templates: ICMP, sessions, open
// ports, mail, final drops; and `addFixedRules`, which fills the settings in. Source: dostart, dopacketfilters and
// doportfilters of csf 15.10.

import { Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { parseRuleTemplates } from '../../../parse/xtables/parse-rule-templates';
import { LoadMode, CsfRuleset } from './csf-ruleset';

const MESSENGER_RATE = '-m limit --limit $MESSENGER_RATE --limit-burst $MESSENGER_BURST -j ACCEPT';
export const FIRST_RULES = `
DROP_NOLOG ports at-once DROP_LOGGING !WATCH_MODE: LOGDROPIN -p {tcp,udp} --dport * -j $DROP
ETH_DEVICE_SKIP each: {INPUT,OUTPUT} {-i,-o} * -j ACCEPT
DROP: LOGDROPIN -j $DROP
DROP_OUT: LOGDROPOUT -j $DROP_OUT
MESSENGER_TEXT MESSENGER: {INPUT,OUTPUT} {@in4,@out4} -p tcp {--dport,--sport} $MESSENGER_TEXT ${MESSENGER_RATE}
MESSENGER_HTML MESSENGER: {INPUT,OUTPUT} {@in4,@out4} -p tcp {--dport,--sport} $MESSENGER_HTML ${MESSENGER_RATE}
MESSENGER_HTTPS MESSENGER MESSENGER_HTTPS_IN: {INPUT,OUTPUT} {@in4,@out4} -p tcp {--dport,--sport} $MESSENGER_HTTPS ${MESSENGER_RATE}`;

/** Rules of lists, before any list that blocks. */
export const TRUSTED_RULES = `
CLUSTER_RECVFROM each ip: LOCALINPUT @in4 -p tcp -s * --dport $CLUSTER_PORT -j ACCEPT
CLUSTER_SENDTO each ip: LOCALOUTPUT @out4 -p tcp -d * --dport $CLUSTER_PORT -j ACCEPT
GLOBAL_DYNDNS GLOBAL_DYNDNS: {LOCALINPUT,LOCALOUTPUT} {@in4,@out4} -j {GDYNIN,GDYNOUT}
DYNDNS DYNDNS: {LOCALINPUT,LOCALOUTPUT} {@in4,@out4} -j {ALLOWDYNIN,ALLOWDYNOUT}
CC_ALLOW CC_ALLOW: LOCALINPUT @in4 -j CC_ALLOW
GLOBAL_ALLOW GLOBAL_ALLOW: {LOCALINPUT,LOCALOUTPUT} {@in,@out} -j {GALLOWIN,GALLOWOUT}
ETH_DEVICE: {LOCALINPUT,LOCALOUTPUT} {@in4,@out4} -j {ALLOWIN,ALLOWOUT}
ETH_DEVICE: {LOCALINPUT,LOCALOUTPUT} {@in4,@out4} -j {DENYIN,DENYOUT}`;

/** Rules after blocked addresses of the server itself. */
export const BANNED_RULES = `
GLOBAL_DENY GLOBAL_DENY: {LOCALINPUT,LOCALOUTPUT} {@in,@out} -j {GDENYIN,GDENYOUT}`;

const SESSION_MATCH = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const FTP_MATCH = '-m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT';

/**
 * Root sends mail in any case, and no header names the sender: more users of SMTP_ALLOWUSER and SMTP_ALLOWGROUP add
 * nothing.
 */
const MAIL_MATCH = '-p tcp -m multiport --dports $SMTP_PORTS';
const ROOT_MATCH = '-m owner --uid-owner 0';
/** Rules before those of the countries of CC_ALLOW_FILTER, which alone are let in. */
export const RULES_AFTER_LISTS = `
CC_DENY CC_DENY: LOCALINPUT @in4 -j CC_DENY
CC_ALLOW_FILTER CC_ALLOW_FILTER ip6 knows: CC_ALLOWF @in -p icmpv6 -j ACCEPT
CC_ALLOW_FILTER CC_ALLOW_FILTER knows !helper: CC_ALLOWF @in4 ${SESSION_MATCH}
CC_ALLOW_FILTER CC_ALLOW_FILTER knows helper: CC_ALLOWF @in4 -m conntrack --ctstate ESTABLISHED -j ACCEPT
CC_ALLOW_FILTER CC_ALLOW_FILTER knows helper: CC_ALLOWF @in4 ${FTP_MATCH}
CC_ALLOW_FILTER CC_ALLOW_FILTER: LOCALINPUT @in4 -j CC_ALLOWF
CC_ALLOW_PORTS_{TCP,UDP} ports CC_ALLOW_PORTS: CC_ALLOWPORTS @in4 -p {tcp,udp} @4new --dport * -j ACCEPT
CC_ALLOW_PORTS CC_ALLOW_PORTS: LOCALINPUT @in4 -j CC_ALLOWP
CC_DENY_PORTS_{TCP,UDP} ports CC_DENY_PORTS: CC_DENYPORTS @in4 -p {tcp,udp} --dport * -j $DROP
CC_DENY_PORTS CC_DENY_PORTS: LOCALINPUT @in4 -j CC_DENYP
ETH_DEVICE: {INPUT,OUTPUT} {@in,@out} -j {LOCALINPUT,LOCALOUTPUT}
UDPFLOOD UDPFLOOD: UDPFLOOD -p udp ${ROOT_MATCH} -j RETURN
UDPFLOOD UDPFLOOD: UDPFLOOD @out4 -p udp -m limit --limit $UDPFLOOD_LIMIT --limit-burst $UDPFLOOD_BURST -j RETURN
UDPFLOOD UDPFLOOD: UDPFLOOD @out4 -p udp -j $DROP_OUT
UDPFLOOD UDPFLOOD: LOCALOUTPUT @out4 -p udp -j UDPFLOOD
DNS_STRICT !DNS_STRICT: OUTPUT @out -p {tcp,udp,tcp,udp} {--dport,--dport,--sport,--sport} 53 -j ACCEPT
SMTP_BLOCK SMTP_BLOCK: OUTPUT -j SMTPOUTPUT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_ALLOWLOCAL or-else: SMTPOUTPUT -o lo ${MAIL_MATCH} -j ACCEPT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS or-else: SMTPOUTPUT ${MAIL_MATCH} ${ROOT_MATCH} -j ACCEPT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS !SMTP_REDIRECT or-else: SMTPOUTPUT ${MAIL_MATCH} -j $banned-out
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT SMTP_ALLOWLOCAL or-else: nat OUTPUT -o lo ${MAIL_MATCH} -j RETURN
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT or-else: nat OUTPUT ${MAIL_MATCH} ${ROOT_MATCH} -j RETURN
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT or-else: nat OUTPUT ${MAIL_MATCH} -j REDIRECT
ETH_DEVICE: {INPUT,OUTPUT} {-i,-o} lo -j ACCEPT
SYNFLOOD SYNFLOOD: SYNFLOOD -m limit --limit $SYNFLOOD_RATE --limit-burst $SYNFLOOD_BURST -j RETURN
SYNFLOOD SYNFLOOD: SYNFLOOD -j DROP
SYNFLOOD SYNFLOOD: INPUT @in4 -p tcp --syn -j SYNFLOOD
PACKET_FILTER PACKET_FILTER LF_SPI knows: {INPUT,OUTPUT} {@in,@out} -p tcp -j INVALID
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -m conntrack --ctstate INVALID -j INVDROP
${[
  'ALL NONE',
  'ALL ALL',
  'SYN,FIN SYN,FIN',
  'SYN,RST SYN,RST',
  'FIN,RST FIN,RST',
  'ACK,FIN FIN',
  'ACK,PSH PSH',
  'ACK,URG URG',
]
  .map((flags) => `PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -p tcp --tcp-flags ${flags} -j INVDROP`)
  .join('\n')}
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -p tcp ! --syn @new -j INVDROP
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVDROP -j $DROP
PORTFLOOD PORTFLOOD: PORTFLOOD -j $DROP
CONNLIMIT CONNLIMIT: CONNLIMIT -p tcp -j REJECT --reject-with tcp-reset`;

/** All ICMP except echoes passes first, in both directions; then sessions. */
export const RULES_AFTER_LIMITS = `
ICMP_{IN,OUT}_RATE ip ICMP_{IN,OUT} ICMP_{IN,OUT}_RATE: {INPUT,OUTPUT} {@in,@out} -p icmp --icmp-type 8 -m limit --limit $ICMP_{IN,OUT}_RATE -j ACCEPT
ICMP_{IN,OUT}_RATE ip ICMP_{IN,OUT} ICMP_{IN,OUT}_RATE: {INPUT,OUTPUT} {@in,@out} -p icmp --icmp-type 8 -j {$in,$out}
ICMP_{IN,OUT} ip !ICMP_{IN,OUT}: {INPUT,OUTPUT} {@in,@out} -p icmp --icmp-type 8 -j {$in,$out}
ICMP_TIMESTAMPDROP ip ICMP_TIMESTAMPDROP: {INPUT,OUTPUT} {@in,@out} -p icmp --icmp-type {13,14} -j {$in,$out}
ICMP_{IN,OUT} ip: {INPUT,OUTPUT} {@in,@out} -p icmp -j ACCEPT
IPV6_ICMP_STRICT ip6 !IPV6_ICMP_STRICT: INPUT @in -p icmpv6 -j ACCEPT
IPV6_ICMP_STRICT ip6 IPV6_ICMP_STRICT: INPUT @in -p icmpv6 --icmpv6-type {1,2,3,4,128,129} -j ACCEPT
IPV6_ICMP_STRICT ip6 IPV6_ICMP_STRICT: INPUT @in -p icmpv6 --icmpv6-type {134,135,136,137} -m hl --hl-eq 255 -j ACCEPT
IPV6_ICMP_STRICT ip6: OUTPUT @out -p icmpv6 -j ACCEPT
LF_SPI knows !helper: {INPUT,OUTPUT} {@in,@out} ${SESSION_MATCH}
USE_FTPHELPER knows helper: raw {PREROUTING,OUTPUT} -p tcp --dport $USE_FTPHELPER -j CT --helper ftp
USE_FTPHELPER knows helper: {INPUT,OUTPUT} {@in4,@out4} ${FTP_MATCH}
LF_SPI knows helper: {INPUT,OUTPUT} {@in,@out} -m conntrack --ctstate ESTABLISHED -j ACCEPT
LF_SPI !knows: INPUT @in -p {udp,tcp} --dport 32768:61000 {,! --syn} -j ACCEPT`;

export const LAST_RULES = `
{TCP,TCP6,UDP,UDP6}_IN ports at-once {ip,ip6,ip,ip6}: INPUT @in -p {tcp,tcp,udp,udp} @new --dport * -j ACCEPT
{TCP,TCP6,UDP,UDP6}_OUT ports at-once {ip,ip6,ip,ip6}: OUTPUT @out -p {tcp,tcp,udp,udp} @new --dport * -j ACCEPT
LF_SPI !knows: OUTPUT @out -j ACCEPT
DROP_OUT: OUTPUT @out -j $banned-out
DROP: INPUT @in -j LOGDROPIN
DOCKER {ip,ip6 DOCKER_NETWORK6} DOCKER: nat POSTROUTING -s $DOCKER_NETWORK{4,6} ! -o $DOCKER_DEVICE -j MASQUERADE
DOCKER {ip,ip6 DOCKER_NETWORK6} DOCKER: FORWARD -o $DOCKER_DEVICE ${SESSION_MATCH}
DOCKER {ip,ip6 DOCKER_NETWORK6} DOCKER: FORWARD -i $DOCKER_DEVICE -j ACCEPT`;

export const FORWARD_RULES = `
LF_SPI ip LF_SPI: FORWARD @in4 ${SESSION_MATCH}
DROP ip LF_SPI: FORWARD @in4 -j LOGDROPIN`;

/**
 * Adds the rules of templates: lines of the form `SETTING CONDITIONS: CHAIN RULE`, in the order of evaluation. The
 * operator changes a rule at its setting. A condition is a setting that is on, or off (`!`), a family, or `knows`: the
 * family's filter tracks connections. `each`: a rule for each member of the setting, in the place of `*`. `ports`:
 * likewise, but csf itself refuses a member with other characters than digits and colons. `at-once`, `or-else`: the
 * load mode.
 */
export function addFixedRules(csf: CsfRuleset, rules: string): void {
  const { settings } = csf;
  const holds = (word: string, family: Family): boolean => {
    if (word.startsWith('!')) return !holds(word.slice(1), family);
    if (word === 'ip' || word === 'ip6') return word === family;
    if (word === 'knows') return settings.tracksConnections(family);
    if (word === 'helper') return settings.isOn('USE_FTPHELPER') && settings.getText('USE_FTPHELPER') !== '1';
    if (word.startsWith('CC_')) return settings.listCountries(word).length > 0;
    return /^[a-z-]+$/.test(word) || settings.isOn(word);
  };
  for (const { setting, when, chain, words } of parseRuleTemplates(rules)) {
    const place = settings.getPlace(setting);
    const loaded: LoadMode = when.includes('or-else') ? 'or else' : when.includes('at-once') ? 'at once' : 'alone';
    const families = csf.families.filter((family) => when.every((word) => holds(word, family)));
    if (families.length === 0) continue;
    const isPortList = when.includes('ports');
    const add = (value: string): void => csf.add(chain, words.split('*').join(value), place, loaded, families);
    for (const value of isPortList || when.includes('each') ? settings.list(setting) : [''])
      if (!isPortList || /^[\d:]*$/.test(value)) add(value);
      else csf.stops.push({ line: place.line, what: `csf refuses ${quoteForDisplay(value)} in ${setting}.` });
  }
}
