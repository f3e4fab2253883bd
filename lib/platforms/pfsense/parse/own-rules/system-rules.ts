// Creates the pf rules that pfSense puts before all others: the IPv6 switch, the default block, ICMPv6. Also has the
// constructors of rules and lines that the other files of this folder use.

import { parseAddress, toRange } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { Range, toSingleRange } from '../../../../net/range';
import { PfFilterRule, PfLine, PfMatch } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext } from '../packets/resolve-addresses';
import { findChild, isSet } from '../elements/element';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { PfCriteria, matchCriteria, createPortBounds } from '../../../../parse/pf/match-packets';
import { ANY_ADDRESS, RangeBounds, createMergedCertain } from '../../../../parse/pf/range-bounds';

/** Returns a rule of the box's own, `in` and `pass` by default. */
export const createBoxRule = (
  line: PfLine,
  compared: Omit<PfCriteria, 'line' | 'on'> & { readonly on?: PfMatch['on'] },
  overrides: Partial<Pick<PfFilterRule, 'direction' | 'action' | 'quick' | 'routedTo'>> = {},
): PfFilterRule => ({
  ...matchCriteria({ on: 'any', ...compared, line }),
  direction: 'in',
  action: 'pass',
  quick: false,
  state: overrides.action === undefined,
  ...overrides,
});

export const createNamedLine = (element: XmlElement, text: string): PfLine => ({
  number: element.line,
  text,
  isName: true,
});

export const parseNetworks = (...texts: readonly string[]): RangeBounds =>
  createMergedCertain(texts.map((text): Range => toRange(parsePrefixLiteral(text)!)));

const ICMP6_PROTOCOL = toNumberRanges(58);

/**
 * Returns the rules before all others: IPv6 as a whole, the default, and ICMPv6. It omits the blocks of link-local IPv4
 * and of port 0, and the pass of CARP's own packets: no router forwards any of these.
 */
export function createFirstRules({ box }: PfsenseContext): readonly PfFilterRule[] {
  const { root } = box;
  const system = findChild(root, 'system') ?? root;
  const rules: PfFilterRule[] = [];
  if (!isSet(system, 'ipv6allow')) {
    const line = createNamedLine(system, 'block all IPv6');
    const loopback = { family: 'ip6', on: { is: ['lo0'] } } as const;
    rules.push(createBoxRule(line, loopback, { quick: true, direction: 'both' }));
    rules.push(createBoxRule(line, { family: 'ip6' }, { action: 'block', quick: true, direction: 'both' }));
  }
  rules.push(createBoxRule(createNamedLine(root, 'block by default'), {}, { action: 'block', direction: 'both' }));
  rules.push(...createIcmp6Rules(root));
  return rules;
}

function createIcmp6Rules(root: XmlElement): readonly PfFilterRule[] {
  const line = createNamedLine(root, 'ICMPv6 that IPv6 needs');
  const [local, multicast, unspecified] = [
    parseNetworks('fe80::/10'),
    parseNetworks('ff02::/16'),
    createMergedCertain([toSingleRange(parseAddress('::')!)]),
  ];
  const rule = (
    direction: 'in' | 'out' | 'both',
    source: RangeBounds,
    destination: RangeBounds,
    ...types: readonly number[]
  ): PfFilterRule =>
    createBoxRule(
      line,
      { family: 'ip6', protocols: ICMP6_PROTOCOL, source, destination, ports: createPortBounds(...types) },
      { quick: true, direction },
    );
  const [out, into] = [
    [129, 133, 134, 135, 136],
    [128, 133, 134, 135, 136],
  ];
  return [
    rule('both', ANY_ADDRESS, ANY_ADDRESS, 1, 2, 135, 136),
    rule('out', local, local, ...out),
    rule('out', local, multicast, ...out),
    rule('in', local, local, ...into),
    rule('in', multicast, local, ...into),
    rule('in', local, multicast, ...into),
    rule('in', unspecified, multicast, ...into),
  ];
}
