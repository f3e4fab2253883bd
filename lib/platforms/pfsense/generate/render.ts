// Renders entries of pfSense's config.xml: virtual IPs, 1:1 NAT, rules, aliases, switches. The spelling is the box's
// own: a tab per level, an element per line, free text in CDATA with entities inside, no mask for one address.

import { printAddress, printPrefix, Prefix } from '../../../net/address';
import { escapeXml } from '../../../xml/parse-xml';
import { PfsenseAlias, PfsenseEndpoint, OneToOneEntry, PfsenseRule, VirtualIpEntry } from './pfsense-entries';

export const REFLECTION_HELPER = 'enablenatreflectionhelper';

export const renderVirtualIp = (vip: VirtualIpEntry): string =>
  renderEntry('vip', [
    renderLeaf('mode', vip.mode),
    renderLeaf('interface', vip.interface),
    ...(vip.uniqid === undefined ? [] : [renderLeaf('uniqid', vip.uniqid)]),
    renderLeaf('subnet', printAddress(vip.address)),
    renderLeaf('subnet_bits', `${vip.bits}`),
    renderLeaf('type', vip.type),
    ...(vip.carp
      ? [
          renderLeaf('vhid', `${vip.carp.vhid}`),
          renderLeaf('advbase', `${vip.carp.advbase}`),
          renderLeaf('advskew', `${vip.carp.advskew}`),
        ]
      : []),
    renderDescription(vip.descr),
  ]);

export const renderOneToOne = (oneToOne: OneToOneEntry): string =>
  renderEntry('onetoone', [
    ...(oneToOne.disabled ? [renderLeaf('disabled', '')] : []),
    renderLeaf('interface', oneToOne.interface),
    renderLeaf('ipprotocol', 'inet'),
    renderLeaf('external', printAddress(oneToOne.external)),
    ...(oneToOne.reflection === undefined ? [] : [renderLeaf('natreflection', oneToOne.reflection)]),
    renderEndpoint('source', { is: 'prefix', prefix: oneToOne.source }),
    renderEndpoint('destination', oneToOne.destination),
    renderDescription(oneToOne.descr),
  ]);

export const renderRule = (rule: PfsenseRule): string =>
  renderEntry('rule', [
    renderLeaf('tracker', `${rule.tracker}`),
    renderLeaf('type', rule.action),
    renderLeaf('interface', rule.on.key),
    ...(rule.on.is === 'floating'
      ? [renderLeaf('floating', 'yes'), renderLeaf('direction', 'in'), renderLeaf('quick', 'yes')]
      : []),
    renderLeaf('ipprotocol', 'inet'),
    ...(rule.protocol === undefined ? [] : [renderLeaf('protocol', rule.protocol)]),
    ...(rule.icmpTypes === undefined ? [] : [renderLeaf('icmptype', rule.icmpTypes.join(','))]),
    renderEndpoint('source', rule.source),
    renderEndpoint('destination', rule.destination, rule.ports),
    renderDescription(rule.descr),
  ]);

export const renderAlias = (alias: PfsenseAlias): string =>
  renderEntry('alias', [
    renderLeaf('name', alias.name),
    renderLeaf('type', alias.type),
    renderLeaf('address', alias.entries.join(' ')),
    renderDescription(alias.descr),
  ]);

export const renderSwitch = (name: string): string => `\t\t${renderLeaf(name, 'yes')}\n`;

export const renderMark = (
  kind: 'captured' | 'assumed' | 'live',
  sets: readonly string[] = [],
  had: readonly string[] = [],
): string =>
  `<cpanel_edge><${kind}/>${sets.map((name) => renderLeaf('sets', name)).join('')}${had.map((name) => renderLeaf('had', name)).join('')}</cpanel_edge>`;

/** Returns an entry of a list in a section. */
export const renderEntry = (name: string, lines: readonly string[]): string =>
  `\t\t<${name}>\n\t\t\t${lines.join('\n\t\t\t')}\n\t\t</${name}>\n`;

const renderLeaf = (name: string, text: string): string => `<${name}>${text === '' ? '' : escapeXml(text)}</${name}>`;

export const renderDescription = (text: string): string => `<descr><![CDATA[${escapeXml(text)}]]></descr>`;

function renderEndpoint(name: string, endpoint: PfsenseEndpoint, ports?: string): string {
  const lines = [...renderEndpointLines(endpoint), ...(ports === undefined ? [] : [renderLeaf('port', ports)])];
  return `<${name}>\n${lines.map((line) => `\t\t\t\t${line}\n`).join('')}\t\t\t</${name}>`;
}

function renderEndpointLines(endpoint: PfsenseEndpoint): readonly string[] {
  switch (endpoint.is) {
    case 'any':
      return [renderLeaf('any', '')];
    case 'prefix':
      return [
        renderLeaf('address', printPrefix(endpoint.prefix)),
        ...(endpoint.negated ? [renderLeaf('not', '')] : []),
      ];
    case 'alias':
      return [renderLeaf('address', endpoint.name)];
    default:
      return endpoint satisfies never;
  }
}

/** Returns the network with a mask, which the form of a network alias also writes for one address. */
export const printAliasNetwork = ({ first, length }: Prefix): string => `${printAddress(first)}/${length}`;
