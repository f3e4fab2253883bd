// Checks the options of a rule's target (`-j`) as iptables does, and returns why iptables refuses it. check-match.ts
// does the same for matches. Each check was tried with iptables 1.8.9, both backends.
import { quoteForDisplay } from '../../problems/line-problems';
import { parseNumberRange } from '../netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { isMark, isUpTo } from './check-match';
import { XtablesTarget } from './rule';

/** Parses a port by number or by name. A server may know more names than are known here. */
function parsePort(text: string): number | 'by name' | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined;
  return (
    parseNumberRange(text, NUMBERS_BY_NAME.port)?.first ?? (/^[a-z][\w.+*-]*$/i.test(text) ? 'by name' : undefined)
  );
}

/** Returns whether a text is `80` or `80-90`; with `allowsBase` also `80-90/70`. */
function isPortRange(text: string, allowsBase: boolean): boolean {
  const [, range = '', base] = /^([^/]*)(?:\/(.*))?$/.exec(text) ?? [];
  if (base !== undefined && (!allowsBase || typeof parsePort(base) !== 'number')) return false;
  // A name may have a dash of its own.
  if (/^[a-z]/i.test(range)) return parsePort(range) !== undefined;
  const [low = '', high, ...more] = range.split('-');
  const ends = [low, high ?? low].map(parsePort);
  return more.length === 0 && ends.every((port) => port !== undefined) && isAscending(range);
}

function isAscending(range: string): boolean {
  const [, low, high] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  return low === undefined || Number(low) <= Number(high);
}

const isIpv4 = (text: string): boolean =>
  /^\d+\.\d+\.\d+\.\d+$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
const isIpv6 = (text: string): boolean => /^[\da-f:.]*:[\da-f:.]*$/i.test(text);

/** Returns whether a text is a target such as `10.0.0.1-10.0.0.9:80`, `:80`, `[2001:db8::1]:80`. */
function isTranslationTarget(text: string): boolean {
  const [, bracketed, unbracketed = '', ports] =
    /^(?:\[([^\]]*)\]|([\d.-]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::([^:]*))?$/.exec(text) ?? [];
  const addresses = (bracketed ?? unbracketed).split('-');
  const isNone = bracketed === undefined && unbracketed === '';
  if (isNone && ports === undefined) return false;
  if (!isNone && (addresses.length > 2 || !addresses.every((address) => isIpv4(address) || isIpv6(address))))
    return false;
  return ports === undefined || isPortRange(ports, true);
}

const REJECT_WITH = new Set(
  `icmp-net-unreachable icmp-host-unreachable icmp-proto-unreachable icmp-port-unreachable icmp-net-prohibited icmp-host-prohibited
  icmp-admin-prohibited net-unreach host-unreach proto-unreach port-unreach net-prohib host-prohib admin-prohib tcp-reset tcp-rst
  icmp6-no-route no-route icmp6-adm-prohibited adm-prohibited icmp6-addr-unreachable addr-unreach icmp6-port-unreachable port-unreach
  icmp6-policy-fail policy-fail icmp6-reject-route reject-route`.split(/\s+/),
);

const createMaxCheck =
  (max: number) =>
  (text: string): boolean =>
    isUpTo(max, text);
const isPlainPortRange = (text: string): boolean => isPortRange(text, false);

const OPTION_CHECKS: Readonly<Record<string, (value: string) => boolean>> = {
  'REDIRECT --to-ports': isPlainPortRange,
  'MASQUERADE --to-ports': isPlainPortRange,
  'DNAT --to-destination': isTranslationTarget,
  'SNAT --to-source': isTranslationTarget,
  // Words may be abbreviated.
  'REJECT --reject-with': (text) => [...REJECT_WITH].some((word) => word.startsWith(text.toLowerCase())),
  'NFQUEUE --queue-num': createMaxCheck(65_535),
  'TTL --ttl-set': createMaxCheck(255),
  'HL --hl-set': createMaxCheck(255),
  'DSCP --set-dscp': createMaxCheck(63),
  'TCPMSS --set-mss': createMaxCheck(65_535),
  ...Object.fromEntries(
    ['set-mark', 'set-xmark'].flatMap((word) => [`MARK --${word}`, `CONNMARK --${word}`]).map((word) => [word, isMark]),
  ),
};

/** Options that a rule may have at most once. */
const SINGLE_OPTIONS = /^--to-(destination|source)$/;

/** Returns why iptables doesn't take an option of a target; undefined if it does, or may. */
export function explainRefusedTarget({ name, options }: XtablesTarget): string | undefined {
  for (const option of options) {
    const isAccepted = OPTION_CHECKS[`${name} ${option.name}`];
    const value = option.values.join(' ');
    if (isAccepted && !isAccepted(value))
      return `${option.name} ${quoteForDisplay(value)} of ${name} is nothing that iptables takes.`;
    if (
      SINGLE_OPTIONS.test(option.name) &&
      options.filter((otherOption) => otherOption.name === option.name).length > 1
    )
      return `${name} takes ${option.name} once.`;
  }
  return undefined;
}
