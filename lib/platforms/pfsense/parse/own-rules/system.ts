import { parseAddress, prefixRange } from '../../../../net/address';
import { points } from '../../../../net/device';
import { Range, point } from '../../../../net/range';
import { PfFilterRule, PfLine, PfMatch } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings } from '../packets/addresses';
import { childOf, isSet } from '../elements/element';
import { prefixAt } from '../elements/literals';
import { Compared, matched, portsOf } from '../../../../parse/pf/matched';
import { ANY, Known, surely } from '../../../../parse/pf/known';

/** A rule of the box's own, `in` and `pass` unless said otherwise. */
export const own = (
  line: PfLine,
  compared: Omit<Compared, 'line' | 'on'> & { readonly on?: PfMatch['on'] },
  more: Partial<Pick<PfFilterRule, 'way' | 'action' | 'quick' | 'routedTo'>> = {},
): PfFilterRule => ({
  ...matched({ on: 'any', ...compared, line }),
  way: 'in',
  action: 'pass',
  quick: false,
  state: more.action === undefined,
  ...more,
});

export const lineAt = (element: XmlElement, text: string): PfLine => ({ number: element.line, text, isName: true });

export const networks = (...texts: readonly string[]): Known =>
  surely(texts.map((text): Range => prefixRange(prefixAt(text)!)));

const ICMP6 = points(58);

/**
 * What stands before all others: IPv6 as a whole, the default, and what IPv6 needs. Left aside are the blocks of link-local IPv4 and of
 * port 0, and that CARP's own packets pass: no router forwards any of these.
 */
export function firstRules({ box }: Surroundings): readonly PfFilterRule[] {
  const { root } = box;
  const system = childOf(root, 'system') ?? root;
  const rules: PfFilterRule[] = [];
  if (!isSet(system, 'ipv6allow')) {
    const line = lineAt(system, 'block all IPv6');
    const loopback = { family: 'ip6', on: { is: ['lo0'] } } as const;
    rules.push(own(line, loopback, { quick: true, way: 'both' }));
    rules.push(own(line, { family: 'ip6' }, { action: 'block', quick: true, way: 'both' }));
  }
  rules.push(own(lineAt(root, 'block by default'), {}, { action: 'block', way: 'both' }));
  rules.push(...icmp6Rules(root));
  return rules;
}

function icmp6Rules(root: XmlElement): readonly PfFilterRule[] {
  const line = lineAt(root, 'ICMPv6 that IPv6 needs');
  const [local, many, nobody] = [networks('fe80::/10'), networks('ff02::/16'), surely([point(parseAddress('::')!)])];
  const rule = (
    way: 'in' | 'out' | 'both',
    source: Known,
    destination: Known,
    ...types: readonly number[]
  ): PfFilterRule =>
    own(line, { family: 'ip6', protocols: ICMP6, source, destination, ports: portsOf(...types) }, { quick: true, way });
  const [out, into] = [
    [129, 133, 134, 135, 136],
    [128, 133, 134, 135, 136],
  ];
  return [
    rule('both', ANY, ANY, 1, 2, 135, 136),
    rule('out', local, local, ...out),
    rule('out', local, many, ...out),
    rule('in', local, local, ...into),
    rule('in', many, local, ...into),
    rule('in', local, many, ...into),
    rule('in', nobody, many, ...into),
  ];
}
