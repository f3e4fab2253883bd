import { shown } from '../../problems/in-text';
import { numberRange } from '../netfilter/values';
import { NUMBERS } from '../netfilter/words';
import { Target } from './rule';

/** What iptables takes of a target's options. Seen, 1.8.9 in both back ends. */

/** A port by number or by name: of names a server may know more than are known here. */
function portAt(text: string): number | 'by name' | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined;
  return numberRange(text, NUMBERS.port)?.first ?? (/^[a-z][\w.+*-]*$/i.test(text) ? 'by name' : undefined);
}

/** `80`, `80-90`; with `counted` also `80-90/70`. */
function arePorts(text: string, counted: boolean): boolean {
  const [, range = '', base] = /^([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
  if (base !== undefined && (!counted || typeof portAt(base) !== 'number')) return false;
  // A name may have a dash of its own.
  if (/^[a-z]/i.test(range)) return portAt(range) !== undefined;
  const [low = '', high, ...more] = range.split('-');
  const ends = [low, high ?? low].map(portAt);
  return more.length === 0 && ends.every((one) => one !== undefined) && isForward(range);
}

function isForward(range: string): boolean {
  const [, low, high] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  return low === undefined || Number(low) <= Number(high);
}

const isFour = (text: string): boolean =>
  /^\d+\.\d+\.\d+\.\d+$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
const isSix = (text: string): boolean => /^[\da-f:.]*:[\da-f:.]*$/i.test(text);

/** `10.0.0.1-10.0.0.9:80`, `:80`, `[2001:db8::1]:80`. */
function isTranslation(text: string): boolean {
  const [, bracketed, bare = '', ports] =
    /^(?:\[([^\]]*)\]|([\d.-]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::([^:]*))?$/.exec(text) ?? [];
  const addresses = (bracketed ?? bare).split('-');
  const isNone = bracketed === undefined && bare === '';
  if (isNone && ports === undefined) return false;
  if (!isNone && (addresses.length > 2 || !addresses.every((one) => isFour(one) || isSix(one)))) return false;
  return ports === undefined || arePorts(ports, true);
}

const REJECT_WITH = new Set(
  `icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-port-unreachable icmp-net-prohibited icmp-host-prohibited
  icmp-admin-prohibited net-unreach host-unreach proto-unreach port-unreach net-prohib host-prohib admin-prohib tcp-reset tcp-rst
  icmp6-no-route no-route icmp6-adm-prohibited adm-prohibited icmp6-addr-unreachable addr-unreach icmp6-port-unreachable port-unreach
  icmp6-policy-fail policy-fail icmp6-reject-route reject-route`.split(/\s+/),
);

const upTo =
  (most: number) =>
  (text: string): boolean =>
    /^(0x[\da-f]+|\d+)$/i.test(text) && Number(text) <= most;
const mark = (text: string): boolean => text.split('/').length <= 2 && text.split('/').every(upTo(0xffff_ffff));
const port = (text: string): boolean => arePorts(text, false);

const TAKES: Readonly<Record<string, (value: string) => boolean>> = {
  'REDIRECT --to-ports': port,
  'MASQUERADE --to-ports': port,
  'DNAT --to-destination': isTranslation,
  'SNAT --to-source': isTranslation,
  // Words may be cut short.
  'REJECT --reject-with': (text) => [...REJECT_WITH].some((one) => one.startsWith(text.toLowerCase())),
  'NFQUEUE --queue-num': upTo(65_535),
  'TTL --ttl-set': upTo(255),
  'HL --hl-set': upTo(255),
  'DSCP --set-dscp': upTo(63),
  'TCPMSS --set-mss': upTo(65_535),
  ...Object.fromEntries(
    ['set-mark', 'set-xmark'].flatMap((one) => [`MARK --${one}`, `CONNMARK --${one}`]).map((one) => [one, mark]),
  ),
};

/** Options that are there once at the most. */
const ONCE = /^--to-(destination|source)$/;

/** Why iptables doesn't take an option of a target; undefined where it does, or may. */
export function refusedTarget({ name, options }: Target): string | undefined {
  for (const option of options) {
    const takes = TAKES[`${name} ${option.name}`];
    const value = option.values.join(' ');
    if (takes && !takes(value)) return `${option.name} ${shown(value)} of ${name} is nothing that iptables takes.`;
    if (ONCE.test(option.name) && options.filter((one) => one.name === option.name).length > 1)
      return `${name} takes ${option.name} once.`;
  }
  return undefined;
}
