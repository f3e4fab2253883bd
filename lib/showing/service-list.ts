import { printNumbers } from '../exposure/words';
import { joinedNumbers } from '../net/axes';

/** More is no line any more. */
const MOST = 10;

/** `tcp 22`, `tcp 25,80` and `icmp` are `icmp; tcp 22,25,80`. */
export function services(texts: readonly string[]): string {
  if (texts.includes('all protocols')) return 'all protocols';
  const ports = new Map<string, { first: number; last: number }[]>();
  const others = new Set<string>();
  // `icmp/icmpv6` of one list and `icmpv6` of another are the same two.
  const whole = new Set<string>();
  for (const text of texts) {
    const [, protocol, numbers] = /^(tcp|udp) ([\d,-]+)$/.exec(text) ?? [];
    if (/^[a-z0-9/]+$/.test(text)) for (const one of text.split('/')) whole.add(one);
    else if (protocol === undefined || numbers === undefined) others.add(text);
    else
      ports.set(protocol, [
        ...(ports.get(protocol) ?? []),
        ...numbers.split(',').map((one) => {
          const [first, last = first] = one.split('-').map(Number);
          return { first: first!, last: last! };
        }),
      ]);
  }
  const all = [
    ...[...ports].map(([protocol, ranges]) => `${protocol} ${printNumbers(joinedNumbers(ranges))}`),
    ...(whole.size > 0 ? [[...whole].join('/')] : []),
    ...others,
  ];
  return firstOf(all, MOST);
}

/** More than so many are no line any more. */
export const firstOf = (all: readonly string[], most: number): string =>
  [...all.slice(0, most), ...(all.length > most ? ['…'] : [])].join('; ');
