import { printAddress, printPrefix, Prefix } from '../../../net/address';
import { escapeXml } from '../../../xml/xml';
import { Alias, End, OneToOne, Rule, VirtualIpEntry } from './model';

// As the box spells them: a tab a level, an element a line, free text in CDATA with entities inside, and no mask for one address.

export const HELPER = 'enablenatreflectionhelper';

export const renderVirtualIp = (vip: VirtualIpEntry): string =>
  entry('vip', [
    leaf('mode', vip.mode),
    leaf('interface', vip.interface),
    ...(vip.uniqid === undefined ? [] : [leaf('uniqid', vip.uniqid)]),
    leaf('subnet', printAddress(vip.address)),
    leaf('subnet_bits', `${vip.bits}`),
    leaf('type', vip.type),
    ...(vip.carp
      ? [
          leaf('vhid', `${vip.carp.vhid}`),
          leaf('advbase', `${vip.carp.advbase}`),
          leaf('advskew', `${vip.carp.advskew}`),
        ]
      : []),
    descr(vip.descr),
  ]);

export const renderOneToOne = (one: OneToOne): string =>
  entry('onetoone', [
    ...(one.disabled ? [leaf('disabled', '')] : []),
    leaf('interface', one.interface),
    leaf('ipprotocol', 'inet'),
    leaf('external', printAddress(one.external)),
    ...(one.reflection === undefined ? [] : [leaf('natreflection', one.reflection)]),
    end('source', { is: 'prefix', prefix: one.source }),
    end('destination', one.destination),
    descr(one.descr),
  ]);

export const renderRule = (rule: Rule): string =>
  entry('rule', [
    leaf('tracker', `${rule.tracker}`),
    leaf('type', rule.action),
    leaf('interface', rule.on.key),
    ...(rule.on.is === 'floating' ? [leaf('floating', 'yes'), leaf('direction', 'in'), leaf('quick', 'yes')] : []),
    leaf('ipprotocol', 'inet'),
    ...(rule.protocol === undefined ? [] : [leaf('protocol', rule.protocol)]),
    ...(rule.icmpTypes === undefined ? [] : [leaf('icmptype', rule.icmpTypes.join(','))]),
    end('source', rule.source),
    end('destination', rule.destination, rule.ports),
    descr(rule.descr),
  ]);

export const renderAlias = (alias: Alias): string =>
  entry('alias', [
    leaf('name', alias.name),
    leaf('type', alias.type),
    leaf('address', alias.entries.join(' ')),
    descr(alias.descr),
  ]);

export const renderSwitch = (name: string): string => `\t\t${leaf(name, 'yes')}\n`;

export const renderMark = (
  kind: 'captured' | 'assumed' | 'live',
  sets: readonly string[] = [],
  had: readonly string[] = [],
): string =>
  `<cpanel_edge><${kind}/>${sets.map((one) => leaf('sets', one)).join('')}${had.map((one) => leaf('had', one)).join('')}</cpanel_edge>`;

/** A child of a list in a section. */
export const entry = (name: string, lines: readonly string[]): string =>
  `\t\t<${name}>\n\t\t\t${lines.join('\n\t\t\t')}\n\t\t</${name}>\n`;

const leaf = (name: string, text: string): string => `<${name}>${text === '' ? '' : escapeXml(text)}</${name}>`;

export const descr = (text: string): string => `<descr><![CDATA[${escapeXml(text)}]]></descr>`;

function end(name: string, of: End, ports?: string): string {
  const lines = [...endLines(of), ...(ports === undefined ? [] : [leaf('port', ports)])];
  return `<${name}>\n${lines.map((line) => `\t\t\t\t${line}\n`).join('')}\t\t\t</${name}>`;
}

function endLines(of: End): readonly string[] {
  switch (of.is) {
    case 'any':
      return [leaf('any', '')];
    case 'prefix':
      return [leaf('address', printPrefix(of.prefix)), ...(of.not ? [leaf('not', '')] : [])];
    case 'alias':
      return [leaf('address', of.name)];
    default:
      return of satisfies never;
  }
}

/** As the form of a network alias writes it: with a mask, one address too. */
export const aliasNetwork = ({ first, length }: Prefix): string => `${printAddress(first)}/${length}`;
