// Finds output of `ip` that is cut off in its last line, where an address or an interface's name may lack its end.
import { Problem } from '../../problems/problem';

/**
 * A line such as `2: eth0    inet 10.0.0.10/24 …`, and any beginning of it. Links (`2: eth0: <UP> …`) hold nothing that
 * could be half.
 */
const ONE_LINE_ADDRESS = /^\d+: (?!\S+: <)/;
const INDENTED_ADDRESS = /^\s+inet6? \S/;
/** The end of each address that ip prints. Source: iproute2, print_addrinfo in ip/ipaddress.c. */
const COMPLETE_ADDRESS = /preferred_lft (?:forever|\d+sec)\s*$/;
const ROUTE_ENDING_IN_DEVICE = /^(?:default|[0-9a-f.:]+(?:\/\d+)?) .*\bdev (\S+)$/;

/**
 * Returns a problem if a text is cut off within output of ip; undefined if nothing visible is missing. Output of ip
 * ends with the end of a line. If the last line has no end and is half of what ip prints, an address may have lost
 * digits of its length, and a route a part of an interface's name.
 */
export function findTruncation(source: string, location: string): Problem | undefined {
  const lastLineStart = source.lastIndexOf('\n') + 1;
  const lastLine = source.slice(lastLineStart);
  const [, interfaceName] = ROUTE_ENDING_IN_DEVICE.exec(lastLine) ?? [];
  const isTruncated =
    INDENTED_ADDRESS.test(lastLine) ||
    (ONE_LINE_ADDRESS.test(lastLine) && !COMPLETE_ADDRESS.test(lastLine)) ||
    (interfaceName !== undefined &&
      hasAddresses(source) &&
      !isInterfaceNamed(source.slice(0, lastLineStart), interfaceName));
  if (!isTruncated) return undefined;
  return {
    code: 'review/facts-cut-off',
    where: `${location}, its last line`,
    what: 'It ends within a line that ip prints: an address or a route may be another one, and what came behind it is missing.',
    instead: 'the text whole, with its last line break: copied by a redirect (> rules.txt).',
  };
}

const hasAddresses = (text: string): boolean => /^\d+: \S+\s+inet6? /m.test(text) || /^\s+inet6? /m.test(text);

const isInterfaceNamed = (text: string, name: string): boolean =>
  text.split('\n').some((line) => /^\d+: ([^\s:@]+)/.exec(line)?.[1] === name || ` ${line} `.includes(` dev ${name} `));
