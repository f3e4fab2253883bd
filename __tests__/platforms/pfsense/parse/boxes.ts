// Creates config.xml of pfSense boxes in parts, and returns their rules and the outcomes of packets.

import { parseAddress } from '../../../../lib/net/address';
import { Device } from '../../../../lib/net/device';
import { Packet } from '../../../../lib/net/packet';
import { lowerConfiguration } from '../../../../lib/platforms/pfsense/parse/configuration/lower-configuration';
import { describeDevice } from '../../../../lib/platforms/pfsense/parse/box/describe-device';
import { PfMatch, PfRules } from '../../../../lib/parse/pf/model';
import { parseXml } from '../../../../lib/xml/parse-xml';

/** Parts of a box's configuration; missing ones are those of a small office with an uplink and a LAN. */
export interface Parts {
  readonly version?: string;
  readonly system?: string;
  readonly interfaces?: string;
  readonly vips?: string;
  readonly oneToOne?: string;
  readonly forwards?: string;
  readonly outbound?: string;
  readonly rules?: string;
  readonly aliases?: string;
  /** In addition to those of the two uplinks. */
  readonly gateways?: string;
  /** Other top-level elements. */
  readonly more?: string;
}

export const WAN =
  '<wan><enable></enable><if>igb0</if><ipaddr>203.0.113.2</ipaddr><subnet>28</subnet><gateway>WANGW</gateway></wan>';
export const LAN = '<lan><enable></enable><if>igb1</if><ipaddr>10.0.1.1</ipaddr><subnet>24</subnet></lan>';
export const DMZ =
  '<opt1><enable></enable><descr><![CDATA[DMZ]]></descr><if>igb2</if><ipaddr>192.168.50.1</ipaddr><subnet>24</subnet></opt1>';
export const WAN2 =
  '<opt2><enable></enable><if>igb3</if><ipaddr>198.18.0.2</ipaddr><subnet>24</subnet><gateway>WAN2GW</gateway></opt2>';
const GATEWAYS = `<gateway_item><interface>wan</interface><gateway>203.0.113.1</gateway><name>WANGW</name><ipprotocol>inet</ipprotocol></gateway_item>
<gateway_item><interface>opt2</interface><gateway>198.18.0.1</gateway><name>WAN2GW</name><ipprotocol>inet</ipprotocol></gateway_item>`;

export const configuration = (parts: Parts): string =>
  `<?xml version="1.0"?>
<pfsense>
<version>${parts.version ?? '23.3'}</version>
<system>${parts.system ?? '<ipv6allow></ipv6allow>'}</system>
<interfaces>${parts.interfaces ?? WAN + LAN}</interfaces>
<gateways>
${GATEWAYS}${parts.gateways ?? ''}
</gateways>
<virtualip>${parts.vips ?? ''}</virtualip>
<nat>${parts.oneToOne ?? ''}${parts.forwards ?? ''}<outbound>${parts.outbound ?? '<mode>disabled</mode>'}</outbound></nat>
<filter>${parts.rules ?? ''}</filter>
<aliases>${parts.aliases ?? ''}</aliases>
${parts.more ?? ''}
</pfsense>
`;

export function rulesOf(parts: Parts, device?: Device): PfRules {
  const root = parseXml(configuration(parts));
  return lowerConfiguration(root, device ?? describeDevice(root));
}

/** The device that a configuration of these parts describes. */
export const described = (parts: Parts): Device => describeDevice(parseXml(configuration(parts)));

export const ANYWHERE = '<any></any>';
export const at = (address: string): string => `<address>${address}</address>`;
export const on = (network: string): string => `<network>${network}</network>`;

/** A rule: `type interface` and its fields. */
export const rule = (type: string, key: string, fields: { from?: string; to?: string; rest?: string } = {}): string =>
  `<rule><type>${type}</type><interface>${key}</interface>${fields.rest ?? ''}<source>${fields.from ?? ANYWHERE}</source><destination>${fields.to ?? ANYWHERE}</destination></rule>`;

export const packet = (
  source: string,
  destination: string,
  protocol: 'tcp' | 'udp' | 'icmp' | number = 'tcp',
  port = 80,
): Packet => ({
  source: parseAddress(source)!,
  destination: parseAddress(destination)!,
  protocol: typeof protocol === 'number' ? protocol : { tcp: 6, udp: 17, icmp: 1 }[protocol],
  port,
  sourcePort: 40_000,
});

const names = ({ on: where }: PfMatch, name: string): boolean =>
  where === 'any' || ('is' in where ? where.is.includes(name) : !where.but.includes(name));

/** Whether a rule matches one packet. */
export function matches(match: PfMatch, name: string, one: Packet): 'yes' | 'no' | 'perhaps' {
  if (!names(match, name)) return 'no';
  if (match.packets.findValue(one)) return 'yes';
  return match.uncertain?.packets.findValue(one) ? 'perhaps' : 'no';
}

/** The filter's decision about one packet that comes in by an interface (or leaves), rule by rule. */
export function decided(
  rules: PfRules,
  name: string,
  one: Packet,
  way: 'in' | 'out' = 'in',
): 'pass' | 'block' | 'unknown' {
  if (rules.unloadable) return 'unknown';
  const ended = new Set<'pass' | 'block'>();
  let standing = new Set<'pass' | 'block'>(['pass']);
  for (const each of rules.filter) {
    if (each.action === 'match' || (each.direction !== 'both' && each.direction !== way)) continue;
    const does = matches(each, name, one);
    if (does === 'no') continue;
    if (does === 'perhaps') (each.quick ? ended : standing).add(each.action);
    else if (each.quick) {
      ended.add(each.action);
      standing = new Set();
      break;
    } else standing = new Set([each.action]);
  }
  const all = [...new Set([...ended, ...standing])];
  return all.length === 1 ? all[0]! : 'unknown';
}

/** A packet to a server behind the uplink. */
export const WEB = packet('192.0.2.7', '10.0.1.50', 'tcp', 443);
export const asked = (parts: Parts, name = 'wan', one = WEB): string => decided(rulesOf(parts), name, one);
export const FLOATING = '<floating>yes</floating><quick>yes</quick><direction>in</direction>';
