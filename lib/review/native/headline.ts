import { joinedNumbers } from '../../net/axes';
import { printNumbers } from '../../exposure/words';
import { printable } from '../../problems/problem';
import { DeviceReport, EntryReport } from './report';
import { isThroughAFirewall } from './titles';

/** More is no line any more. */
const MOST = 10;

/** What a person wants to know first: which ports, in one line. `words`: what was asked, or nothing. */
export function headline(devices: readonly DeviceReport[], words: string): string {
  const sections = devices.flatMap((one) => one.sections);
  // Where gateways and servers are composed, what one of them alone lets through is not the answer.
  const composed = sections.some(({ about }) => about === 'end to end');
  const answers = sections.filter(
    (one) => one.about === 'host' || isThroughAFirewall(one) || one.about === 'end to end' || (one.about === 'device' && !composed),
  );
  const asked = words !== '';
  const entries = asked ? sections.flatMap((one) => one.entries) : answers.flatMap((one) => one.entries).filter(({ outside }) => outside);
  const said = asked ? `Let through ${printable(words)}` : 'Open to the internet';
  if (entries.length === 0) return `${said}: nothing.`;
  const of = (wanted: (entry: EntryReport) => boolean): string => services(entries.filter(wanted).map(({ service }) => service));
  const allowed = entries.filter(({ verdict }) => verdict === 'allowed');
  const isOpen = (one: EntryReport): boolean => one.verdict === 'allowed' && (asked || one.from.startsWith('anywhere'));
  const [open, some, unknown] = [
    of(isOpen),
    of((one) => one.verdict === 'allowed' && !isOpen(one)),
    of(({ verdict }) => verdict === 'unknown'),
  ];
  return [
    `${said}: ${open !== '' ? open : allowed.length === 0 ? 'nothing for sure' : 'nothing for everybody'}.`,
    ...(some === '' ? [] : [`For some sources only: ${some}.`]),
    ...(unknown === '' ? [] : [`UNKNOWN: ${unknown}.`]),
  ].join(' ');
}

/** `tcp 22`, `tcp 25,80` and `icmp` are `icmp; tcp 22,25,80`. */
function services(texts: readonly string[]): string {
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
  return all.length > MOST ? `${all.slice(0, MOST).join('; ')}; …` : all.join('; ');
}
