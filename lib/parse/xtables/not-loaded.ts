import { InLine, shown } from '../../problems/in-text';
import { Problem } from '../../problems/problem';
import { numberRange } from '../netfilter/values';
import { NUMBERS } from '../netfilter/words';
import { refusedAsks } from './asks';
import { Match, Option, Rule, Target } from './rule';
import { refusedTarget } from './target-asks';

/** What `multiport` holds. Source: XT_MULTI_PORTS in linux/netfilter/xt_multiport.h. */
const MOST_PORTS = 15;
const OF_MATCH: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  dccp: 33,
  sctp: 132,
  icmp: 1,
  icmp6: 58,
  esp: 50,
  ah: 51,
  mh: 135,
};
const WITH_PORTS = [6, 17, 33, 132, 136];
const ONE_PORT = /^--(sport|source-port|dport|destination-port)$/;
/** Where a chain of the kernel's own has no interface. */
const NONE: Readonly<Record<string, string>> = { INPUT: 'out', PREROUTING: 'out', OUTPUT: 'in', POSTROUTING: 'in' };

/**
 * Rules that iptables-restore refuses, and with them the whole table: mistakes that people make in files. Seen, 1.8.9 in both back ends; the programs
 * print none of these.
 */
export function notLoaded(rule: Rule, chain: string, problem: InLine): readonly Problem[] {
  if (rule.matches.some((one) => one.module === 'multiport' && one.tests.some((test) => portsIn(test) > MOST_PORTS)))
    return [
      problem('too-many-ports', rule.line, `a match holds ${MOST_PORTS} ports, a range being two.`, 'several rules.'),
    ];
  const why = whyNot(rule, chain);
  const instead = 'a rule that iptables-restore takes: with one that it refuses it loads nothing of the table.';
  return why === undefined ? [] : [problem('not-loaded', rule.line, why, instead)];
}

const portsIn = ({ values: [ports = ''] }: Option): number => ports.split(/[,:]/).length;

function whyNot({ matches, target }: Rule, chain: string): string | undefined {
  const tests = matches.flatMap((match) => match.tests);
  if (Object.hasOwn(NONE, chain) && tests.some(({ name }) => name === NONE[chain]))
    return `what is in ${chain} has no interface that it ${NONE[chain] === 'out' ? 'leaves' : 'came'} by.`;
  const several = tests.find(
    ({ name, negated, values }) => negated && /^(source|destination)$/.test(name) && values[0]!.includes(','),
  );
  if (several) return `! is not for several addresses, ${shown(several.values[0]!)}.`;
  const refused =
    matches.map((match) => refusedAsks(match, chain)).find((one) => one !== undefined) ??
    (target && refusedTarget(target));
  if (refused) return refused;
  const asked = tests.find(({ name }) => name === 'protocol');
  const protocol = asked && !asked.negated ? numberRange(asked.values[0]!.toLowerCase(), NUMBERS.protocol)?.first : 0;
  // A name that only the server may know.
  if (protocol === undefined) return undefined;
  const wrong = matches.map((match) => ofMatch(match, protocol)).find((one) => one !== undefined);
  return wrong ?? (target && ofTarget(target, protocol, asked?.negated === true));
}

function ofMatch({ module, tests }: Match, protocol: number): string | undefined {
  if (module === 'multiport')
    return WITH_PORTS.includes(protocol) ? undefined : '-m multiport asks for -p tcp, or another with ports.';
  const own = Object.hasOwn(OF_MATCH, module) ? OF_MATCH[module] : undefined;
  if (own === undefined) return undefined;
  if (own !== protocol) return `-m ${module} asks for -p ${module === 'icmp6' ? 'ipv6-icmp' : module} in the rule.`;
  const odd = tests.find((one) => ONE_PORT.test(one.name) && isOdd(one, module));
  return odd && `${odd.name} ${shown(odd.values[0] ?? '')} is no port and no range: several are -m multiport --dports.`;
}

/** UDP's own match reads numbers in another way. */
function isOdd({ values: [text = ''] }: Option, module: string): boolean {
  const [low = '', high = low] = text.split(':');
  const numbers = [low, high].map((one) => (/^\d+$/.test(one) ? Number(one) : 0));
  return (
    text.includes(',') ||
    (module !== 'udp' && (numbers.some((one) => one > 65_535) || (high !== '' && numbers[0]! > numbers[1]!)))
  );
}

/** Targets that have to be told what to do, and by which option. */
const TOLD: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries('MARK TCPMSS TOS DSCP TTL HL'.split(' ').map((name) => [name, /^--/])),
  CONNMARK: /^--(set-xmark|set-mark|and-mark|or-mark|xor-mark|save-mark|restore-mark)$/,
  DNAT: /^--to-destination$/,
  SNAT: /^--to-source$/,
  NETMAP: /^--to$/,
};

function ofTarget({ name, options }: Target, protocol: number, negated: boolean): string | undefined {
  if (Object.hasOwn(TOLD, name) && !options.some((one) => TOLD[name]!.test(one.name)))
    return `${name} isn't told what to do.`;
  if (name === 'REJECT' && protocol !== 6 && options.some(({ values }) => values[0] === 'tcp-reset'))
    return '--reject-with tcp-reset asks for -p tcp in the rule.';
  const isOfAll = /^(DNAT|SNAT|MASQUERADE|REDIRECT)$/.test(name) && protocol === 0 && !negated;
  return isOfAll && options.some(hasPort)
    ? `${name} to a port asks for -p tcp, or another protocol with ports.`
    : undefined;
}

const hasPort = ({ name, values: [value = ''] }: Option): boolean =>
  name === '--to-ports' ||
  (/^--to-(destination|source)$/.test(name) && /^([\d.-]*|\[.*\]):\d+(-\d+)?(\/\d+)?$/.test(value));
