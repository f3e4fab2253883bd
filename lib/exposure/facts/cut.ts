import { Problem } from '../../problems/problem';

/** `2: eth0    inet 10.0.0.10/24 …`, and any beginning of it. Links (`2: eth0: <UP> …`) say nothing that could be half. */
const ADDRESS_IN_A_LINE = /^\d+: (?!\S+: <)/;
const ADDRESS_BELOW = /^\s+inet6? \S/;
/** By which ip ends each address. Source: iproute2, print_addrinfo in ip/ipaddress.c. */
const WHOLE_ADDRESS = /preferred_lft (?:forever|\d+sec)\s*$/;
const ROUTE_TO_ITS_END = /^(?:default|[0-9a-f.:]+(?:\/\d+)?) .*\bdev (\S+)$/;

/**
 * What ip prints ends with the end of a line. Where a text ends without, and its last line is half of what ip says, an address may have lost digits of
 * its length, and a route some of an interface's name. Undefined where nothing is missing, as far as anybody can see.
 */
export function cutFacts(source: string, where: string): Problem | undefined {
  const begins = source.lastIndexOf('\n') + 1;
  const last = source.slice(begins);
  const [, interfaceName] = ROUTE_TO_ITS_END.exec(last) ?? [];
  const isHalf =
    ADDRESS_BELOW.test(last) ||
    (ADDRESS_IN_A_LINE.test(last) && !WHOLE_ADDRESS.test(last)) ||
    (interfaceName !== undefined && hasAddresses(source) && !isNamedAbove(source.slice(0, begins), interfaceName));
  if (!isHalf) return undefined;
  return {
    code: 'review/facts-cut-off',
    where: `${where}, its last line`,
    what: 'It ends within a line that ip prints: an address or a route may be another one, and what came behind it is missing.',
    instead: 'the text whole, with its last line break: copied by a redirect (> rules.txt).',
  };
}

const hasAddresses = (text: string): boolean => /^\d+: \S+\s+inet6? /m.test(text) || /^\s+inet6? /m.test(text);

const isNamedAbove = (text: string, name: string): boolean =>
  text.split('\n').some((line) => /^\d+: ([^\s:@]+)/.exec(line)?.[1] === name || ` ${line} `.includes(` dev ${name} `));
