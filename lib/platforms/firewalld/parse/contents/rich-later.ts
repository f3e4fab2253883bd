import { Element } from '../files/files';
import { Rich, isAlone, partsOf } from './rich';

// What firewalld 2.3 and later make of rich rules otherwise than those before. Source: firewall/core/rich.py of 2.3.1.

/** By its class, whose name says which of two comes first, and what it is compared by. */
const COMPARED: Readonly<Record<string, readonly [string, ...string[]]>> = {
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

const isOn = (word: string | undefined): string => (/^(yes|true)$/i.test(word ?? '') ? '1' : '0');

/** What two rules are compared by, one after the other: with what is absent first. */
function keysOf(rule: Element): readonly string[] {
  const { source, destination, is, action, log, audit } = partsOf(rule);
  const of = (element: Element | undefined, ...names: readonly string[]): readonly string[] =>
    element
      ? [
          '1',
          ...names.map((name) =>
            name === 'invert' ? isOn(element.attributes[name]) : (element.attributes[name] ?? ''),
          ),
        ]
      : ['0'];
  const [called = '', ...parts] = is ? COMPARED[is.name]! : [];
  return [
    rule.attributes['family'] ?? '',
    ...pad(of(source, 'address', 'mac', 'ipset', 'invert'), 5),
    ...pad(of(destination, 'address', 'ipset', 'invert'), 4),
    ...pad([called, ...parts.map((name) => is!.attributes[name] ?? '')], 5),
    log?.name ?? '',
    ...pad(of(log, 'prefix', 'level'), 3),
    ...of(audit),
    action?.name ?? '',
  ];
}

const pad = (some: readonly string[], length: number): readonly string[] => [
  ...some,
  ...Array<string>(length - some.length).fill(''),
];

/** The order in which rules of one priority are asked. */
export function inOrder(a: Element, b: Element): number {
  const [one, other] = [keysOf(a), keysOf(b)];
  const at = one.findIndex((key, i) => key !== other[i]);
  return at < 0 ? 0 : one[at]! < other[at]! ? -1 : 1;
}

const isMark = (set: string): boolean =>
  set.split('/').length <= 2 &&
  set.split('/').every((one) => /^(?:0|[1-9]\d{0,9}|0x[0-9a-f]{1,8})$/i.test(one) && Number(one) < 2 ** 32);

/** Whether they don't load a rule that those before take, or read as one that does nothing. */
export function isRefused(rule: Element, { is, priority }: Rich): boolean {
  const { action, log, audit } = partsOf(rule);
  if (!action && !log && !audit && !isAlone(is)) return true;
  if (!action && !is && (!log || priority === 0)) return true;
  if (audit && (!action || action.name === 'mark')) return true;
  if (action?.name === 'mark' && !isMark(action.attributes['set']!)) return true;
  return is?.name === 'tcp-mss-clamp' && !isClamp(is.attributes['value']);
}

const isClamp = (value = 'pmtu'): boolean =>
  /^(pmtu|None)$/.test(value) || (/^\d{3,5}$/.test(value) && Number(value) >= 536);
