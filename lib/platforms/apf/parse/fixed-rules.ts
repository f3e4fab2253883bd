// iptables rules that APF 9.7 loads by settings alone, as templates: packet sanity, open ports, resolvers, final drops;
// and `addFixedRules`, which fills the settings in. Source: bt.rules and firewall of apf-firewall 9.7.

import { SourceLocation } from '../../../parse/printed-files';
import { CommandRulesBuilder } from '../../../parse/xtables/command-rules-builder';
import { parseRuleTemplates } from '../../../parse/xtables/parse-rule-templates';
import { ApfSettings } from './apf-settings';

const FLAG_MATCHES = [
  'ALL NONE',
  'SYN,FIN SYN,FIN',
  'SYN,RST SYN,RST',
  'FIN,RST FIN,RST',
  'ACK,FIN FIN',
  'ACK,PSH PSH',
  'ACK,URG URG',
];
const INBOUND_FLAG_MATCHES = ['ALL FIN,URG,PSH', 'ALL SYN,RST,ACK,FIN,URG', 'ALL ALL', 'ALL FIN'];

const renderFlagRules = (chain: string, flags: readonly string[]): string =>
  flags.map((flagPair) => `PKT_SANITY: ${chain} -p tcp --tcp-flags ${flagPair} -j $TCP_STOP`).join('\n');

export const SANITY_RULES = `
${renderFlagRules('IN_SANITY', [...FLAG_MATCHES, ...INBOUND_FLAG_MATCHES])}
${renderFlagRules('OUT_SANITY', FLAG_MATCHES)}`;

export const INVALID_RULES = `
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -m state --state INVALID -j $ALL_STOP
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -p tcp --tcp-option 64 -j $TCP_STOP
PKT_SANITY_INV PKT_SANITY_INV: IN_SANITY -p tcp --tcp-option 128 -j $TCP_STOP
PKT_SANITY_INV PKT_SANITY_INV: OUT_SANITY -m state --state INVALID -j $ALL_STOP`;

export const STUFFED_RULES = `
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

export const DROPPED_PORT_RULES = `
BLK_PORTS each: {INPUT,OUTPUT} -p tcp --dport * -j $TCP_STOP
BLK_PORTS each: {INPUT,OUTPUT} -p udp --dport * -j $UDP_STOP`;

export const IDENT_RULES = ['tcp --dport', 'tcp --sport', 'udp --dport', 'udp --sport']
  .map((match) => `BLK_IDENT BLK_IDENT: {INPUT,OUTPUT} -p ${match} 113 -j REJECT`)
  .join('\n');

export const MULTICAST_RULES = `
BLK_MCATNET BLK_MCATNET ip: {INPUT,OUTPUT} -s 224.0.0.0/8 -j $ALL_STOP
BLK_MCATNET BLK_MCATNET ip: {INPUT,OUTPUT} -d 224.0.0.0/8 -j $ALL_STOP`;

export const PORT_RULES = `
IG_{TCP,UDP}_CPORTS each: INPUT -p {tcp,udp} --dport * -j ACCEPT
EG_{TCP,UDP}_CPORTS each EGF: OUTPUT -p {tcp,udp} --dport * -j ACCEPT`;

const SESSION_ACCEPT = '-m state --state ESTABLISHED,RELATED -j ACCEPT';
export const RULES_AFTER_PORTS = `
ALL_STOP: INPUT -p tcp ! --syn -m state --state NEW -j $ALL_STOP
IFACE_IN: INPUT -p tcp ${SESSION_ACCEPT}
IFACE_IN: INPUT -p udp ${SESSION_ACCEPT}
IFACE_IN: OUTPUT -p tcp --dport 1024:65535 ${SESSION_ACCEPT}
IFACE_IN: OUTPUT -p udp --dport 1024:65535 ${SESSION_ACCEPT}`;

/** From port 53 every source reaches every port from 1023 on. */
export const ANY_RESOLVER_RULES = `
RESV_DNS: INPUT -p udp --sport 53 --dport 1023:65535 -j ACCEPT
RESV_DNS: INPUT -p tcp --sport 53 --dport 1023:65535 -j ACCEPT
RESV_DNS: OUTPUT -p udp --dport 53 --sport 1023:65535 -j ACCEPT
RESV_DNS: OUTPUT -p tcp --dport 53 --sport 1023:65535 -j ACCEPT`;

/** Rules of resolvers. `@perhaps`: matches resolvers if it isn't known whether there are any. */
export const RESOLVER_RULES = `
@by: INPUT -p udp @from --sport 53 --dport 1023:65535 -j ACCEPT
@by: INPUT -p tcp @from --sport 53 --dport 1023:65535 -j ACCEPT
@by: OUTPUT -p udp @to --dport 53 --sport 1023:65535 -j ACCEPT
@by: OUTPUT -p tcp @to --dport 53 --sport 1023:65535 -j ACCEPT
RESV_DNS_DROP RESV_DNS_DROP: INPUT -p tcp @perhaps --sport 53 --dport 1023:65535 -j $ALL_STOP
RESV_DNS_DROP RESV_DNS_DROP: INPUT -p udp @perhaps --sport 53 --dport 1023:65535 -j $ALL_STOP`;

/** Rules for packets that no earlier rule has let in, or out. */
export const STOP_RULES = `EGF !EGF: OUTPUT -j ACCEPT
EGF EGF: OUTPUT -p tcp -j $TCP_STOP
EGF EGF: OUTPUT -p udp -j $UDP_STOP
EGF EGF: OUTPUT -j $ALL_STOP
TCP_STOP: INPUT -p tcp -j $TCP_STOP
UDP_STOP: INPUT -p udp -j $UDP_STOP
ALL_STOP: INPUT -j $ALL_STOP`;

export const FTP_MATCH = '-m multiport --dports $HELPER_FTP_PORT,$HELPER_FTP_DATA';
export const LAST_RULES = `
HELPER_FTP_PORT HELPER_FTP: INPUT -p tcp --sport 1023:65535 --dport $HELPER_FTP_PORT ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: INPUT -p tcp ${FTP_MATCH} ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: INPUT -p udp ${FTP_MATCH} ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p tcp --dport 1023:65535 --sport $HELPER_FTP_PORT ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p tcp ${FTP_MATCH} ${SESSION_ACCEPT}
HELPER_FTP_PORT HELPER_FTP: OUTPUT -p udp ${FTP_MATCH} ${SESSION_ACCEPT}
HELPER_SSH_PORT HELPER_SSH: INPUT -p tcp --sport $HELPER_SSH_PORT --dport 513:65535 ${SESSION_ACCEPT}
HELPER_SSH_PORT HELPER_SSH: INPUT -p tcp --sport 1024:65535 --dport $HELPER_SSH_PORT --syn ${SESSION_ACCEPT}
HELPER_SSH_PORT HELPER_SSH: INPUT -p udp --dport $HELPER_SSH_PORT -m state --state ESTABLISHED -j ACCEPT
TCR_PORTS TCR_PASS: INPUT -p udp -m state --state NEW --dport $TCR_PORTS -j ACCEPT
TCR_PORTS TCR_PASS: OUTPUT -p udp -m state --state NEW --dport $TCR_PORTS -j ACCEPT
${STOP_RULES}`;

/** Values of the words `@from`, `@to`, `@perhaps` and of the setting `@by`. */
interface RuleFilling {
  readonly from: string;
  readonly to: string;
  readonly perhaps: string;
  readonly by: SourceLocation;
}

/**
 * Adds the rules of templates: lines of the form `SETTING CONDITIONS: CHAIN RULE`, in the order of evaluation. The
 * operator changes a rule at its setting. A condition is a setting that is "1", or isn't (`!`), or a family. `each`: a
 * rule for each member of the setting, in the place of `*`; `*.1` and `*.2` are the parts before and after the first
 * colon of the member.
 */
export function addFixedRules(
  apf: CommandRulesBuilder,
  settings: ApfSettings,
  rules: string,
  filling?: RuleFilling,
): void {
  for (const { setting, when, chain, words } of parseRuleTemplates(rules)) {
    const settingConditions = when.filter((word) => !/^(each|ip6?)$/.test(word));
    if (
      !settingConditions.every((word) => (word.startsWith('!') ? !settings.isOn(word.slice(1)) : settings.isOn(word)))
    )
      continue;
    const families = settings.families.filter((family) =>
      when.every((word) => !word.startsWith('ip') || word === family),
    );
    const filled = words.replace(/@(from|to|perhaps)/, (_, word: 'from' | 'to' | 'perhaps') => filling?.[word] ?? '');
    const place = filling && setting === '@by' ? filling.by : settings.getPlace(setting);
    for (const rule of when.includes('each')
      ? settings.list(setting).map((member) => fillMember(filled, member))
      : [filled])
      apf.addRule(chain, rule, place, families);
  }
}

/** Returns the rule with a member of its setting. A range of ports has an underscore in settings. */
function fillMember(words: string, member: string): string {
  const parts = [member, member.replace(/:.*/s, ''), member.slice(member.indexOf(':') + 1)];
  return words
    .replace(/\*(?:\.([12]))?/g, (_, part: string | undefined) => parts[Number(part ?? 0)]!)
    .replace(/(?<=--[ds]port )\S+/g, (ports) => ports.replaceAll('_', ':'));
}

const DIRECTIONS = [
  ['IG', 'INPUT'],
  ['EG', 'OUTPUT'],
] as const;

/** Types of ICMPv6 that IPv6 needs. */
const NEIGHBORS = ['133', '134', '135', '136'];

/** Adds the types of ICMP that come in, and with EGF those that go out. */
export function addIcmpTypes(apf: CommandRulesBuilder, settings: ApfSettings): void {
  const rate = settings.getText('ICMP_LIM');
  const limit = /^\s*0*[1-9]\d*([/\s]|$)/.test(rate) ? `-m limit --limit ${rate}` : '';
  for (const [way, chain] of settings.isOn('EGF') ? DIRECTIONS : DIRECTIONS.slice(0, 1))
    for (const family of settings.families) {
      const [protocol, key, option] =
        family === 'ip' ? ['icmp', 'ICMP', '--icmp-type'] : ['ipv6-icmp', 'ICMPV6', '--icmpv6-type'];
      const place = settings.getPlace(`${way}_${key}_TYPES`);
      if (family === 'ip6')
        for (const type of NEIGHBORS) apf.addRule(chain, `-p ${protocol} ${option} ${type} -j ACCEPT`, place, [family]);
      for (const type of settings.list(`${way}_${key}_TYPES`).map((typeName) => typeName.toLowerCase()))
        apf.addRule(chain, `-p ${protocol} ${type === 'all' ? '' : `${option} ${type}`} ${limit} -j ACCEPT`, place, [
          family,
        ]);
    }
}
