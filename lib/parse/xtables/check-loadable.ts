// Returns the problem of a rule that iptables-restore refuses, such as a port without a protocol: it then loads nothing
// of the table.
import { Family } from '../../net/address';
import { LineProblemFactory, quoteForDisplay } from '../../problems/line-problems';
import { Problem } from '../../problems/problem';
import { parseNumberRange } from '../netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { explainRefusedMatch } from './check-match';
import { XtablesMatch, XtablesOption, XtablesRule, XtablesTarget } from './rule';
import { explainRefusedTarget } from './check-target';

/** The number of ports that a `multiport` match takes. Source: XT_MULTI_PORTS in linux/netfilter/xt_multiport.h. */
const MAX_MULTIPORT_PORTS = 15;
const MATCH_PROTOCOLS: Readonly<Record<string, number>> = {
  tcp: 6,
  tcpmss: 6,
  udp: 17,
  dccp: 33,
  sctp: 132,
  icmp: 1,
  icmp6: 58,
  esp: 50,
  mh: 135,
};
const PROTOCOL_OPTIONS: Readonly<Record<string, string>> = { icmp6: 'ipv6-icmp', tcpmss: 'tcp' };
const PORT_PROTOCOLS = [6, 17, 33, 132, 136];
const SINGLE_PORT_OPTION = /^--(sport|source-port|dport|destination-port)$/;
/** The interface that packets of a built-in chain don't have. */
const MISSING_INTERFACE: Readonly<Record<string, string>> = {
  INPUT: 'out',
  PREROUTING: 'out',
  OUTPUT: 'in',
  POSTROUTING: 'in',
};

/**
 * Returns the problems of a rule that iptables-restore refuses, and with it the whole table: mistakes that people make
 * in files. Seen, 1.8.9 in both back ends; the programs print no such rule.
 */
export function checkLoadable(rule: XtablesRule, chain: string, problem: LineProblemFactory): readonly Problem[] {
  if (
    rule.matches.some(
      (match) => match.module === 'multiport' && match.tests.some((test) => countPorts(test) > MAX_MULTIPORT_PORTS),
    )
  )
    return [
      problem(
        'too-many-ports',
        rule.line,
        `a match holds ${MAX_MULTIPORT_PORTS} ports, a range being two.`,
        'several rules.',
      ),
    ];
  const refusal = explainRefusal(rule, chain);
  return refusal === undefined ? [] : [problem('not-loaded', rule.line, refusal, LOADABLE_RULE)];
}

/**
 * Returns why iptables-restore of a family refuses a rule that the other family's takes. In IPv6 `ah` is a header in
 * front of TCP or UDP, and fragments have one.
 */
export function checkFamilyLoadable(
  rule: XtablesRule,
  family: Family,
  problem: LineProblemFactory,
): readonly Problem[] {
  const tests = rule.matches.flatMap((match) => match.tests);
  const isOfAh = tests.some(
    ({ name, negated, values }) => name === 'protocol' && !negated && /^(ah|0*51|0x0*33)$/i.test(values[0]!),
  );
  const refusal =
    family === 'ip' && !isOfAh && rule.matches.some(({ module }) => module === 'ah')
      ? '-m ah asks for -p ah in the rule.'
      : family === 'ip6' && tests.some(({ name }) => name === 'fragment')
        ? '-f is not for IPv6, which has -m frag.'
        : undefined;
  return refusal === undefined ? [] : [problem('not-loaded', rule.line, refusal, LOADABLE_RULE)];
}

const LOADABLE_RULE = 'a rule that iptables-restore takes: with one that it refuses it loads nothing of the table.';

const countPorts = ({ values: [ports = ''] }: XtablesOption): number => ports.split(/[,:]/).length;

function explainRefusal({ matches, target }: XtablesRule, chain: string): string | undefined {
  const tests = matches.flatMap((match) => match.tests);
  if (Object.hasOwn(MISSING_INTERFACE, chain) && tests.some(({ name }) => name === MISSING_INTERFACE[chain]))
    return `what is in ${chain} has no interface that it ${MISSING_INTERFACE[chain] === 'out' ? 'leaves' : 'came'} by.`;
  const negatedList = tests.find(
    ({ name, negated, values }) => negated && /^(source|destination)$/.test(name) && values[0]!.includes(','),
  );
  if (negatedList) return `! is not for several addresses, ${quoteForDisplay(negatedList.values[0]!)}.`;
  const refusedPart =
    matches.map((match) => explainRefusedMatch(match, chain)).find((refusal) => refusal !== undefined) ??
    (target && explainRefusedTarget(target));
  if (refusedPart) return refusedPart;
  const protocolTest = tests.find(({ name }) => name === 'protocol');
  if (protocolTest?.negated && isAnyProtocol(protocolTest.values[0]!))
    return `! -p ${protocolTest.values[0]!} matches no packet.`;
  const protocol =
    protocolTest && !protocolTest.negated
      ? parseNumberRange(protocolTest.values[0]!.toLowerCase(), NUMBERS_BY_NAME.protocol)?.first
      : 0;
  // The name may be one that only the server knows.
  if (protocol === undefined) return undefined;
  const refusedMatch = matches
    .map((match) => explainMatchRefusal(match, protocol))
    .find((refusal) => refusal !== undefined);
  return refusedMatch ?? (target && explainTargetRefusal(target, protocol, protocolTest?.negated === true));
}

const isAnyProtocol = (text: string): boolean =>
  text.toLowerCase() === 'all' || parseNumberRange(text.toLowerCase(), NUMBERS_BY_NAME.protocol)?.last === 0;

function explainMatchRefusal({ module, tests }: XtablesMatch, protocol: number): string | undefined {
  if (module === 'multiport')
    return PORT_PROTOCOLS.includes(protocol) ? undefined : '-m multiport asks for -p tcp, or another with ports.';
  const requiredProtocol = Object.hasOwn(MATCH_PROTOCOLS, module) ? MATCH_PROTOCOLS[module] : undefined;
  if (requiredProtocol === undefined) return undefined;
  if (requiredProtocol !== protocol)
    return `-m ${module} asks for -p ${PROTOCOL_OPTIONS[module] ?? module} in the rule.`;
  const wrongTest = tests.find((test) => SINGLE_PORT_OPTION.test(test.name) && hasWrongPort(test, module));
  return (
    wrongTest &&
    `${wrongTest.name} ${quoteForDisplay(wrongTest.values[0] ?? '')} is no port and no range: several are -m multiport --dports.`
  );
}

/** Returns whether a port option has a list or an invalid range. UDP's own match parses numbers in another way. */
function hasWrongPort({ values: [text = ''] }: XtablesOption, module: string): boolean {
  const [low = '', high = low] = text.split(':');
  const numbers = [low, high].map((bound) => (/^\d+$/.test(bound) ? Number(bound) : 0));
  return (
    text.includes(',') ||
    (module !== 'udp' && numbers.some((bound) => bound > 65_535)) ||
    // No packet is in a range of UDP or DCCP that runs backwards.
    (module !== 'udp' && module !== 'dccp' && high !== '' && numbers[0]! > numbers[1]!)
  );
}

/** Targets that need one of these options. */
const REQUIRED_TARGET_OPTIONS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries('MARK TCPMSS TOS DSCP TTL HL'.split(' ').map((name) => [name, /^--/])),
  CONNMARK: /^--(set-xmark|set-mark|and-mark|or-mark|xor-mark|save-mark|restore-mark)$/,
  DNAT: /^--to-destination$/,
  SNAT: /^--to-source$/,
  NETMAP: /^--to$/,
};

function explainTargetRefusal(
  { name, options }: XtablesTarget,
  protocol: number,
  negated: boolean,
): string | undefined {
  if (
    Object.hasOwn(REQUIRED_TARGET_OPTIONS, name) &&
    !options.some((option) => REQUIRED_TARGET_OPTIONS[name]!.test(option.name))
  )
    return `${name} isn't told what to do.`;
  if (name === 'REJECT' && protocol !== 6 && options.some(({ values }) => values[0] === 'tcp-reset'))
    return '--reject-with tcp-reset asks for -p tcp in the rule.';
  const isForAllProtocols = /^(DNAT|SNAT|MASQUERADE|REDIRECT)$/.test(name) && protocol === 0 && !negated;
  return isForAllProtocols && options.some(hasPort)
    ? `${name} to a port asks for -p tcp, or another protocol with ports.`
    : undefined;
}

const hasPort = ({ name, values: [value = ''] }: XtablesOption): boolean =>
  name === '--to-ports' ||
  (/^--to-(destination|source)$/.test(name) && /^([\d.-]*|\[.*\]):\d+(-\d+)?(\/\d+)?$/.test(value));
