// Orders and refuses rich rules as firewalld 2.3 and later do: these sort rules of one priority by their parts, and
// refuse some rules that earlier versions load. Source: firewall/core/rich.py of 2.3.1.

import { FirewalldElement } from '../files/firewalld-files';
import { RichRule, hasImplicitAction, splitRule } from './rich-rule';

/** The class of each element and the attributes that it is compared by. The name of the class decides first. */
const COMPARED_ATTRIBUTES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'forward-port': ['Rich_ForwardPort', 'port', 'protocol', 'to-port', 'to-addr'],
  'icmp-block': ['Rich_IcmpBlock', 'name'],
  'icmp-type': ['Rich_IcmpType', 'name'],
  masquerade: ['Rich_Masquerade'],
  port: ['Rich_Port', 'port', 'protocol'],
  protocol: ['Rich_Protocol', 'value'],
  service: ['Rich_Service', 'name'],
  'source-port': ['Rich_SourcePort', 'port', 'protocol'],
  'tcp-mss-clamp': ['Rich_Tcp_Mss_Clamp', 'value'],
};

const toSortFlag = (word: string | undefined): string => (/^(yes|true)$/i.test(word ?? '') ? '1' : '0');

/** Returns the keys that two rules are compared by, in this order. An absent part sorts first. */
function listSortKeys(rule: FirewalldElement): readonly string[] {
  const { source, destination, is, action, log, audit } = splitRule(rule);
  const listElementKeys = (element: FirewalldElement | undefined, ...names: readonly string[]): readonly string[] =>
    element
      ? [
          '1',
          ...names.map((name) =>
            name === 'invert' ? toSortFlag(element.attributes[name]) : (element.attributes[name] ?? ''),
          ),
        ]
      : ['0'];
  const [className = '', ...parts] = is ? COMPARED_ATTRIBUTES[is.name]! : [];
  return [
    rule.attributes['family'] ?? '',
    ...padKeys(listElementKeys(source, 'address', 'mac', 'ipset', 'invert'), 5),
    ...padKeys(listElementKeys(destination, 'address', 'ipset', 'invert'), 4),
    ...padKeys([className, ...parts.map((name) => is!.attributes[name] ?? '')], 5),
    log?.name ?? '',
    ...padKeys(listElementKeys(log, 'prefix', 'level'), 3),
    ...listElementKeys(audit),
    action?.name ?? '',
  ];
}

const padKeys = (keys: readonly string[], length: number): readonly string[] => [
  ...keys,
  ...Array<string>(length - keys.length).fill(''),
];

/** Orders rules of one priority as firewalld evaluates them. */
export function compareRichRules(a: FirewalldElement, b: FirewalldElement): number {
  const [keys, otherKeys] = [listSortKeys(a), listSortKeys(b)];
  const index = keys.findIndex((key, i) => key !== otherKeys[i]);
  return index < 0 ? 0 : keys[index]! < otherKeys[index]! ? -1 : 1;
}

const isValidMark = (set: string): boolean =>
  set.split('/').length <= 2 &&
  set.split('/').every((part) => /^(?:0|[1-9]\d{0,9}|0x[0-9a-f]{1,8})$/i.test(part) && Number(part) < 2 ** 32);

/** Returns whether these versions refuse a rule that earlier ones load or treat as one without effect. */
export function isRefusedLater(rule: FirewalldElement, { is, priority }: RichRule): boolean {
  const { action, log, audit } = splitRule(rule);
  if (!action && !log && !audit && !hasImplicitAction(is)) return true;
  if (!action && !is && (!log || priority === 0)) return true;
  if (audit && (!action || action.name === 'mark')) return true;
  if (action?.name === 'mark' && !isValidMark(action.attributes['set']!)) return true;
  return is?.name === 'tcp-mss-clamp' && !isValidClamp(is.attributes['value']);
}

const isValidClamp = (value = 'pmtu'): boolean =>
  /^(pmtu|None)$/.test(value) || (/^\d{3,5}$/.test(value) && Number(value) >= 536);
