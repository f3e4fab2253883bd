import { Family, familyOf } from '../../net/address';
import { LONGEST_DEVICE, addressRange, numberRange, ports } from '../netfilter/values';
import { NUMBERS } from '../netfilter/words';
import { icmpNamed } from './icmp-names';
import { Option, Rule } from './rule';

/** Whether iptables takes a rule: what isn't known of it may be refused or not. */
export type Taken = 'taken' | 'refused' | 'unclear';

const worst = (...all: readonly Taken[]): Taken =>
  all.includes('refused') ? 'refused' : all.includes('unclear') ? 'unclear' : 'taken';
const when = (holds: boolean, otherwise: Taken = 'refused'): Taken => (holds ? 'taken' : otherwise);
const upTo = (most: number, text: string): Taken => when(/^\d{1,9}$/.test(text) && Number(text) <= most);

/** Octal where it begins with 0. */
const numberOf = (text: string): number =>
  /^0[0-7]+$/.test(text) ? parseInt(text, 8) : /^(0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;

/** One port: its number, or the name of a service, of which servers have more than are known here. */
function onePort(text: string): Taken {
  if (/^\d/.test(text)) return when(numberOf(text) <= 65_535);
  return ports(text) ? 'taken' : when(false, /^[a-z][\w.+-]*$/.test(text) ? 'unclear' : 'refused');
}

/** `80`, `1000:2000`; of one alone also `22:` and `:`. */
function portRange(text: string, alone: boolean): Taken {
  const [first = '', last, ...more] = text.split(':');
  if (last === undefined) return onePort(first);
  if (more.length > 0 || (!alone && (first === '' || last === ''))) return 'refused';
  const [from, to] = [first || '0', last || '65535'];
  const [low, high] = [from, to].map((one) =>
    /^\d/.test(one) ? numberOf(one) : (numberRange(one, NUMBERS.port)?.first ?? NaN),
  );
  return low! > high! || (!alone && low === high) ? 'refused' : worst(onePort(from), onePort(to));
}

/** Of UDP alone iptables 1.8.9 takes any decimal number, and cuts it to 16 bits; ranges backwards, too. */
function isPlain(text: string): boolean {
  const numbers = text.split(':').filter((one) => /^\d/.test(one));
  const isOdd = numbers.some((one) => /^0./.test(one) || Number(one) > 65_535);
  return !isOdd && !(numbers.length === 2 && Number(numbers[0]) > Number(numbers[1]));
}

/** An address or a network, as iptables and ipset read one: a length in octal, too. */
export function address(text: string, family: Family): Taken {
  if (/\/(.*\/|$|0\d*[89])/.test(text)) return 'refused';
  const range = /(^|\.)0\d*[89]/.test(text) ? undefined : addressRange(text);
  return range ? when(familyOf(range.first) === family) : 'unclear';
}

const RATE = /^\d+(\/(s(e(c(o(nd?)?)?)?)?|m(i(n(u(te?)?)?)?)?|h(o(ur?)?)?|d(ay?)?))?$/;

/** What iptables 1.8.9 says of what a rule asks. */
function ofTest({ name, values: [value = ''] }: Option, family: Family, protocol: string): Taken {
  const hasPorts = /^(tcp|udp|udplite|sctp|dccp)$/.test(protocol);
  switch (name) {
    case 'protocol':
      return when(/^(tcp|udp|icmp|icmpv6)$/.test(value), numberRange(value, NUMBERS.protocol) ? 'unclear' : 'refused');
    case 'source':
    case 'destination':
      return address(value, family);
    case 'in':
    case 'out':
      return value.length > LONGEST_DEVICE ? 'refused' : when(/^[\w.@+-]+$/.test(value), 'unclear');
    case '--dport':
    case '--sport':
      if (protocol === 'udp' && !isPlain(value)) return 'unclear';
      return hasPorts ? portRange(value, true) : 'refused';
    case '--dports':
    case '--sports':
      return hasPorts && value.split(/[,:]/).length <= 15
        ? worst(...value.split(',').map((one) => portRange(one, false)))
        : 'refused';
    case '--icmp-type': {
      const [type = '', code = '0'] = value.split('/');
      if (family === 'ip6') return 'refused';
      if (/^\d/.test(type)) return worst(upTo(255, type), upTo(255, code));
      return when(icmpNamed(value, family) !== undefined);
    }
    case '--limit':
      return when(RATE.test(value));
    case '--limit-burst':
      return upTo(10_000, value);
    case '--uid-owner':
    case '--gid-owner':
      return when(/^(\d+(-\d+)?|root)$/.test(value), /^[a-z_]/i.test(value) ? 'unclear' : 'refused');
    case '--connlimit-above':
    case '--seconds':
    case '--hitcount':
      return upTo(999_999_999, value);
    default:
      return 'taken';
  }
}

function ofTarget({ target }: Rule, family: Family, protocol: string, chains: ReadonlySet<string>): Taken {
  const { name, options } = target ?? { name: 'RETURN', options: [] };
  const value = options[0]?.values[0] ?? '';
  switch (name) {
    case 'REJECT':
      if (options.some((one) => one.name !== '--reject-with')) return 'refused';
      return when(
        value === 'tcp-reset'
          ? protocol === 'tcp'
          : value === '' || value.startsWith(family === 'ip' ? 'icmp-' : 'icmp6-'),
      );
    case 'REDIRECT':
      return worst(...options.flatMap((one) => (one.values[0] ?? '').split('-').map((port) => upTo(65_535, port))));
    case 'DNAT':
    case 'SNAT': {
      const [, host = '', port = '0'] = /^([\d.]+)(?::(\d+))?$/.exec(value) ?? [];
      return host === '' ? 'refused' : worst(address(host, family), upTo(65_535, port));
    }
    case 'MASQUERADE':
    case 'CT':
      return 'taken';
    // Modules of targets are on one server, and not on the next.
    default:
      return /^(ACCEPT|DROP|RETURN)$/.test(name) || chains.has(name)
        ? when(options.length === 0)
        : when(false, /^[A-Z]{3,}$/.test(name) ? 'unclear' : 'refused');
  }
}

/** Whether iptables of that family takes a rule beside these chains. */
export function takenBy(rule: Rule, family: Family, chains: ReadonlySet<string>): Taken {
  const tests = rule.matches.flatMap((match) => match.tests);
  const protocol = tests.find(({ name }) => name === 'protocol')?.values[0] ?? '';
  return worst(...tests.map((test) => ofTest(test, family, protocol)), ofTarget(rule, family, protocol, chains));
}
