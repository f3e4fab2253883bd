// Decides whether iptables accepts a rule: yes, no or unclear, with the reason. Programs such as csf and APF stop or
// go on after a refused rule.

import { Family, getFamily } from '../../net/address';
import { MAX_INTERFACE_NAME_LENGTH, parseAddressRange, parseNumberRange, parsePorts } from '../netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { findIcmpType } from './icmp-names';
import { XtablesOption, XtablesRule } from './rule';

/** Whether iptables takes a rule. `unclear`: it may be refused or not. */
export type Acceptance = 'taken' | 'refused' | 'unclear';

const findWorst = (...results: readonly Acceptance[]): Acceptance =>
  results.includes('refused') ? 'refused' : results.includes('unclear') ? 'unclear' : 'taken';
const acceptIf = (holds: boolean, otherwise: Acceptance = 'refused'): Acceptance => (holds ? 'taken' : otherwise);
const checkMax = (max: number, text: string): Acceptance => acceptIf(/^\d{1,9}$/.test(text) && Number(text) <= max);

/** Parses a number; one that begins with 0 is octal. */
const parseNumber = (text: string): number =>
  /^0[0-7]+$/.test(text) ? parseInt(text, 8) : /^(0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;

/**
 * Checks one port: its number, or the name of a service. Servers have more names than are known here, so an unknown
 * name is `unclear`.
 */
function checkPort(text: string): Acceptance {
  if (/^\d/.test(text)) return acceptIf(parseNumber(text) <= 65_535);
  return parsePorts(text) ? 'taken' : acceptIf(false, /^[a-z][\w.+-]*$/.test(text) ? 'unclear' : 'refused');
}

/** Checks `80`, `1000:2000`; a single range may also be `22:` or `:`. */
function checkPortRange(text: string, isSingle: boolean): Acceptance {
  const [first = '', last, ...extraParts] = text.split(':');
  if (last === undefined) return checkPort(first);
  if (extraParts.length > 0 || (!isSingle && (first === '' || last === ''))) return 'refused';
  const [from, to] = [first || '0', last || '65535'];
  const [low, high] = [from, to].map((bound) =>
    /^\d/.test(bound) ? parseNumber(bound) : (parseNumberRange(bound, NUMBERS_BY_NAME.port)?.first ?? NaN),
  );
  return low! > high! || (!isSingle && low === high) ? 'refused' : findWorst(checkPort(from), checkPort(to));
}

/**
 * Returns whether every port is a plain decimal number, in ascending order. For UDP alone iptables 1.8.9 takes any
 * decimal number and cuts it to 16 bits; it takes ranges backwards, too.
 */
function isPlainDecimal(text: string): boolean {
  const numbers = text.split(':').filter((number) => /^\d/.test(number));
  const hasUnusualNumber = numbers.some((number) => /^0./.test(number) || Number(number) > 65_535);
  return !hasUnusualNumber && !(numbers.length === 2 && Number(numbers[0]) > Number(numbers[1]));
}

/** Checks an address or a network as iptables and ipset parse it: a length may be octal, too. */
export function checkAddress(text: string, family: Family): Acceptance {
  if (/\/(.*\/|$|0\d*[89])/.test(text)) return 'refused';
  const range = /(^|\.)0\d*[89]/.test(text) ? undefined : parseAddressRange(text);
  return range ? acceptIf(getFamily(range.first) === family) : 'unclear';
}

const RATE = /^\d+(\/(s(e(c(o(nd?)?)?)?)?|m(i(n(u(te?)?)?)?)?|h(o(ur?)?)?|d(ay?)?))?$/;

/** Returns how iptables 1.8.9 takes an option of a match. */
function checkTest({ name, values: [value = ''] }: XtablesOption, family: Family, protocol: string): Acceptance {
  const hasPorts = /^(tcp|udp|udplite|sctp|dccp)$/.test(protocol);
  switch (name) {
    case 'protocol':
      return acceptIf(
        /^(tcp|udp|icmp|icmpv6)$/.test(value),
        parseNumberRange(value, NUMBERS_BY_NAME.protocol) ? 'unclear' : 'refused',
      );
    case 'source':
    case 'destination':
      return checkAddress(value, family);
    case 'in':
    case 'out':
      return value.length > MAX_INTERFACE_NAME_LENGTH ? 'refused' : acceptIf(/^[\w.@+-]+$/.test(value), 'unclear');
    case '--dport':
    case '--sport':
      if (protocol === 'udp' && !isPlainDecimal(value)) return 'unclear';
      return hasPorts ? checkPortRange(value, true) : 'refused';
    case '--dports':
    case '--sports':
      return hasPorts && value.split(/[,:]/).length <= 15
        ? findWorst(...value.split(',').map((range) => checkPortRange(range, false)))
        : 'refused';
    case '--icmp-type': {
      const [type = '', code = '0'] = value.split('/');
      if (family === 'ip6') return 'refused';
      if (/^\d/.test(type)) return findWorst(checkMax(255, type), checkMax(255, code));
      return acceptIf(findIcmpType(value, family) !== undefined);
    }
    case '--limit':
      return acceptIf(RATE.test(value));
    case '--limit-burst':
      return checkMax(10_000, value);
    case '--uid-owner':
    case '--gid-owner':
      return acceptIf(/^(\d+(-\d+)?|root)$/.test(value), /^[a-z_]/i.test(value) ? 'unclear' : 'refused');
    case '--connlimit-above':
    case '--seconds':
    case '--hitcount':
      return checkMax(999_999_999, value);
    default:
      return 'taken';
  }
}

function checkTarget(
  { target }: XtablesRule,
  family: Family,
  protocol: string,
  chains: ReadonlySet<string>,
): Acceptance {
  const { name, options } = target ?? { name: 'RETURN', options: [] };
  const value = options[0]?.values[0] ?? '';
  switch (name) {
    case 'REJECT':
      if (options.some((option) => option.name !== '--reject-with')) return 'refused';
      return acceptIf(
        value === 'tcp-reset'
          ? protocol === 'tcp'
          : value === '' || value.startsWith(family === 'ip' ? 'icmp-' : 'icmp6-'),
      );
    case 'REDIRECT':
      return findWorst(
        ...options.flatMap((option) => (option.values[0] ?? '').split('-').map((port) => checkMax(65_535, port))),
      );
    case 'DNAT':
    case 'SNAT': {
      const [, host = '', port = '0'] = /^([\d.]+)(?::(\d+))?$/.exec(value) ?? [];
      return host === '' ? 'refused' : findWorst(checkAddress(host, family), checkMax(65_535, port));
    }
    case 'MASQUERADE':
    case 'CT':
      return 'taken';
    // The modules of other targets exist on one server, and not on the next.
    default:
      return /^(ACCEPT|DROP|RETURN)$/.test(name) || chains.has(name)
        ? acceptIf(options.length === 0)
        : acceptIf(false, /^[A-Z]{3,}$/.test(name) ? 'unclear' : 'refused');
  }
}

/** Returns whether iptables of that family takes a rule beside these chains. */
export function checkAcceptance(rule: XtablesRule, family: Family, chains: ReadonlySet<string>): Acceptance {
  const tests = rule.matches.flatMap((match) => match.tests);
  const protocol = tests.find(({ name }) => name === 'protocol')?.values[0] ?? '';
  return findWorst(
    ...tests.map((test) => checkTest(test, family, protocol)),
    checkTarget(rule, family, protocol, chains),
  );
}
