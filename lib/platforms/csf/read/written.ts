import { Family } from '../../../net/address';
import { writtenRules } from '../../../reading/xtables/written-rules';
import { Ruleset } from './ruleset';
import { Settings } from './settings';

/**
 * Rules that no list is asked for, in the order in which they are asked: `SETTING CONDITIONS: CHAIN RULE`. The setting is where a person
 * changes it; a condition is a setting that is on, or off (`!`), a family, or `knows`: its filter knows connections. Source: dostart,
 * dopacketfilters and doportfilters of csf 15.10.
 */
const RATE = '-m limit --limit $MESSENGER_RATE --limit-burst $MESSENGER_BURST -j ACCEPT';
export const FIRST = `
DROP: LOGDROPIN -j $DROP
DROP_OUT: LOGDROPOUT -j $DROP_OUT
MESSENGER_TEXT MESSENGER: INPUT @in4 -p tcp --dport $MESSENGER_TEXT ${RATE}
MESSENGER_TEXT MESSENGER: OUTPUT @out4 -p tcp --sport $MESSENGER_TEXT ${RATE}
MESSENGER_HTML MESSENGER: INPUT @in4 -p tcp --dport $MESSENGER_HTML ${RATE}
MESSENGER_HTML MESSENGER: OUTPUT @out4 -p tcp --sport $MESSENGER_HTML ${RATE}
MESSENGER_HTTPS MESSENGER MESSENGER_HTTPS_IN: INPUT @in4 -p tcp --dport $MESSENGER_HTTPS ${RATE}
MESSENGER_HTTPS MESSENGER MESSENGER_HTTPS_IN: OUTPUT @out4 -p tcp --sport $MESSENGER_HTTPS ${RATE}`;

/** Root sends mail in any case, and no header tells who does: others of SMTP_ALLOWUSER and SMTP_ALLOWGROUP add nothing. */
const MAIL = '-p tcp -m multiport --dports $SMTP_PORTS';
const ROOT = '-m owner --uid-owner 0';
export const BEHIND_LISTS = `
ETH_DEVICE: INPUT @in -j LOCALINPUT
ETH_DEVICE: OUTPUT @out -j LOCALOUTPUT
UDPFLOOD UDPFLOOD: UDPFLOOD -p udp ${ROOT} -j RETURN
UDPFLOOD UDPFLOOD: UDPFLOOD @out4 -p udp -m limit --limit $UDPFLOOD_LIMIT --limit-burst $UDPFLOOD_BURST -j RETURN
UDPFLOOD UDPFLOOD: UDPFLOOD @out4 -p udp -j $DROP_OUT
UDPFLOOD UDPFLOOD: LOCALOUTPUT @out4 -p udp -j UDPFLOOD
DNS_STRICT !DNS_STRICT: OUTPUT @out -p tcp --dport 53 -j ACCEPT
DNS_STRICT !DNS_STRICT: OUTPUT @out -p udp --dport 53 -j ACCEPT
DNS_STRICT !DNS_STRICT: OUTPUT @out -p tcp --sport 53 -j ACCEPT
DNS_STRICT !DNS_STRICT: OUTPUT @out -p udp --sport 53 -j ACCEPT
SMTP_BLOCK SMTP_BLOCK: OUTPUT -j SMTPOUTPUT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_ALLOWLOCAL or-else: SMTPOUTPUT -o lo ${MAIL} -j ACCEPT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS or-else: SMTPOUTPUT ${MAIL} ${ROOT} -j ACCEPT
SMTP_PORTS SMTP_BLOCK SMTP_PORTS !SMTP_REDIRECT or-else: SMTPOUTPUT ${MAIL} -j $logged-out
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT SMTP_ALLOWLOCAL or-else: nat OUTPUT -o lo ${MAIL} -j RETURN
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT or-else: nat OUTPUT ${MAIL} ${ROOT} -j RETURN
SMTP_PORTS SMTP_BLOCK SMTP_PORTS SMTP_REDIRECT or-else: nat OUTPUT ${MAIL} -j REDIRECT
ETH_DEVICE: INPUT -i lo -j ACCEPT
ETH_DEVICE: OUTPUT -o lo -j ACCEPT
SYNFLOOD SYNFLOOD: SYNFLOOD -m limit --limit $SYNFLOOD_RATE --limit-burst $SYNFLOOD_BURST -j RETURN
SYNFLOOD SYNFLOOD: SYNFLOOD -j DROP
SYNFLOOD SYNFLOOD: INPUT @in4 -p tcp --syn -j SYNFLOOD
PACKET_FILTER PACKET_FILTER LF_SPI knows: INPUT @in -p tcp -j INVALID
PACKET_FILTER PACKET_FILTER LF_SPI knows: OUTPUT @out -p tcp -j INVALID
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -m conntrack --ctstate INVALID -j INVDROP
${['ALL NONE', 'ALL ALL', 'SYN,FIN SYN,FIN', 'SYN,RST SYN,RST', 'FIN,RST FIN,RST', 'ACK,FIN FIN', 'ACK,PSH PSH', 'ACK,URG URG']
  .map((flags) => `PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -p tcp --tcp-flags ${flags} -j INVDROP`)
  .join('\n')}
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVALID -p tcp ! --syn @new -j INVDROP
PACKET_FILTER PACKET_FILTER LF_SPI knows: INVDROP -j $DROP
PORTFLOOD PORTFLOOD: PORTFLOOD -j $DROP
CONNLIMIT CONNLIMIT: CONNLIMIT -p tcp -j REJECT --reject-with tcp-reset`;

const SESSIONS = '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const FTP = '-m conntrack --ctstate RELATED -m helper --helper ftp -j ACCEPT';
/** Before countries that alone are let in. */
export const OF_COUNTRIES = `
CC_ALLOW_FILTER ip6 knows: CC_ALLOWF @in -p icmpv6 -j ACCEPT
CC_ALLOW_FILTER knows !helper: CC_ALLOWF @in4 ${SESSIONS}
CC_ALLOW_FILTER knows helper: CC_ALLOWF @in4 -m conntrack --ctstate ESTABLISHED -j ACCEPT
CC_ALLOW_FILTER knows helper: CC_ALLOWF @in4 ${FTP}`;

/** Of ICMP first everything else than echoes passes, to and fro; then what goes on. */
export const BEHIND_LIMITS = `
ICMP_IN_RATE ip ICMP_IN ICMP_IN_RATE: INPUT @in -p icmp --icmp-type 8 -m limit --limit $ICMP_IN_RATE -j ACCEPT
ICMP_IN_RATE ip ICMP_IN ICMP_IN_RATE: INPUT @in -p icmp --icmp-type 8 -j $in
ICMP_IN ip !ICMP_IN: INPUT @in -p icmp --icmp-type 8 -j $in
ICMP_TIMESTAMPDROP ip ICMP_TIMESTAMPDROP: INPUT @in -p icmp --icmp-type 13 -j $in
ICMP_IN ip: INPUT @in -p icmp -j ACCEPT
ICMP_OUT_RATE ip ICMP_OUT ICMP_OUT_RATE: OUTPUT @out -p icmp --icmp-type 8 -m limit --limit $ICMP_OUT_RATE -j ACCEPT
ICMP_OUT_RATE ip ICMP_OUT ICMP_OUT_RATE: OUTPUT @out -p icmp --icmp-type 8 -j $out
ICMP_OUT ip !ICMP_OUT: OUTPUT @out -p icmp --icmp-type 8 -j $out
ICMP_TIMESTAMPDROP ip ICMP_TIMESTAMPDROP: OUTPUT @out -p icmp --icmp-type 14 -j $out
ICMP_OUT ip: OUTPUT @out -p icmp -j ACCEPT
IPV6_ICMP_STRICT ip6 !IPV6_ICMP_STRICT: INPUT @in -p icmpv6 -j ACCEPT
${[1, 2, 3, 4, 128, 129, ...[134, 135, 136, 137].map((type) => `${type} -m hl --hl-eq 255`)]
  .map((type) => `IPV6_ICMP_STRICT ip6 IPV6_ICMP_STRICT: INPUT @in -p icmpv6 --icmpv6-type ${type} -j ACCEPT`)
  .join('\n')}
IPV6_ICMP_STRICT ip6: OUTPUT @out -p icmpv6 -j ACCEPT
LF_SPI knows !helper: INPUT @in ${SESSIONS}
LF_SPI knows !helper: OUTPUT @out ${SESSIONS}
USE_FTPHELPER knows helper: raw PREROUTING -p tcp --dport $USE_FTPHELPER -j CT --helper ftp
USE_FTPHELPER knows helper: raw OUTPUT -p tcp --dport $USE_FTPHELPER -j CT --helper ftp
USE_FTPHELPER knows helper: INPUT @in4 ${FTP}
USE_FTPHELPER knows helper: OUTPUT @out4 ${FTP}
LF_SPI knows helper: INPUT @in -m conntrack --ctstate ESTABLISHED -j ACCEPT
LF_SPI knows helper: OUTPUT @out -m conntrack --ctstate ESTABLISHED -j ACCEPT
LF_SPI !knows: INPUT @in -p udp --dport 32768:61000 -j ACCEPT
LF_SPI !knows: INPUT @in -p tcp --dport 32768:61000 ! --syn -j ACCEPT`;

export const LAST = `
LF_SPI !knows: OUTPUT @out -j ACCEPT
DROP_OUT: OUTPUT @out -j $logged-out
DROP: INPUT @in -j LOGDROPIN`;

export const FORWARDED = `
LF_SPI ip LF_SPI: FORWARD @in4 ${SESSIONS}
DROP ip LF_SPI: FORWARD @in4 -j LOGDROPIN`;

export const CONTAINERS = `
DOCKER ip DOCKER: nat POSTROUTING -s $DOCKER_NETWORK4 ! -o $DOCKER_DEVICE -j MASQUERADE
DOCKER ip6 DOCKER DOCKER_NETWORK6: nat POSTROUTING -s $DOCKER_NETWORK6 ! -o $DOCKER_DEVICE -j MASQUERADE
${['ip', 'ip6 DOCKER_NETWORK6']
  .map(
    (of) => `DOCKER ${of} DOCKER: FORWARD -o $DOCKER_DEVICE ${SESSIONS}
DOCKER ${of} DOCKER: FORWARD -i $DOCKER_DEVICE -j ACCEPT`,
  )
  .join('\n')}`;

/** Adds rules that are written as above. */
export function addWritten(csf: Ruleset, settings: Settings, rules: string): void {
  const holds = (word: string, family: Family): boolean => {
    if (word.startsWith('!')) return !holds(word.slice(1), family);
    if (word === 'ip' || word === 'ip6') return word === family;
    if (word === 'knows') return settings.isOn(family === 'ip' ? 'LF_SPI' : 'IPV6_SPI');
    if (word === 'helper') return settings.isOn('USE_FTPHELPER') && settings.text('USE_FTPHELPER') !== '1';
    return word === 'or-else' || settings.isOn(word);
  };
  for (const { setting, when, chain, words } of writtenRules(rules)) {
    const families = csf.families.filter((family) => when.every((word) => holds(word, family)));
    csf.add(chain, words, settings.at(setting), when.includes('or-else') ? 'or else' : 'alone', families);
  }
}
