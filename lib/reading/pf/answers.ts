import { Family, familyOf } from '../../net/address';
import { Block, PROTOCOL, Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { NumberRange } from '../../net/device';
import { Choice } from './choices';
import { Filter, Word } from './filter';
import { SYN, TCP, seenWith } from './flags';
import { PfRules } from './model';
import { Translations } from './translations';

/** What an answer to the first packet of a TCP connection has, which a rule with `S/SA` doesn't match. */
export const SYN_ACK = SYN | 0b1_0000;

/** Which type of ICMP answers which: code 0, whatever was asked. */
const REPLIES: Readonly<Record<Family, { readonly protocol: number; readonly to: Readonly<Record<number, number>> }>> = {
  ip: { protocol: PROTOCOL.icmp, to: { 8: 0, 13: 14, 15: 16, 17: 18 } },
  ip6: { protocol: PROTOCOL.icmpv6, to: { 128: 129 } },
};

/** The header of the first answer; undefined where nothing is answered. */
export function answerTo({ source, destination, protocol, port, sourcePort }: Packet): Packet | undefined {
  const turned = { source: destination, destination: source, protocol };
  const replies = REPLIES[familyOf(destination)];
  if (protocol !== replies.protocol) return { ...turned, port: sourcePort, sourcePort: port };
  const type = replies.to[port];
  return type === undefined ? undefined : { ...turned, port: type, sourcePort: 0 };
}

/** Packets whose first answer is one of these. */
export function askingFor(answers: PacketSet): PacketSet {
  const blocks: Block[] = [];
  for (const { family, ranges: source, below } of answers.groups('destination'))
    for (const { ranges: destination, below: rest } of below.groups('source'))
      for (const { protocol, port, sourcePort } of rest.cells())
        blocks.push(...askedBy({ family, source, destination }, protocol, port, sourcePort));
  return PacketMap.first(blocks.map((block) => PacketMap.set(block)));
}

function askedBy(
  ends: Block & { readonly family: Family },
  protocol: NumberRange,
  port: NumberRange,
  sourcePort: NumberRange,
): readonly Block[] {
  const { protocol: icmp, to } = REPLIES[ends.family];
  const others = [
    { first: protocol.first, last: Math.min(protocol.last, icmp - 1) },
    { first: Math.max(protocol.first, icmp + 1), last: protocol.last },
  ].filter(({ first, last }) => first <= last);
  const turned = others.length === 0 ? [] : [{ ...ends, protocol: others, port: [sourcePort], sourcePort: [port] }];
  if (icmp < protocol.first || icmp > protocol.last || sourcePort.first > 0) return turned;
  const types = Object.entries(to).filter(([, reply]) => port.first <= reply && reply <= port.last);
  return [
    ...turned,
    ...types.map(([type]) => ({
      ...ends,
      protocol: [{ first: icmp, last: icmp }],
      port: [{ first: Number(type), last: Number(type) }],
    })),
  ];
}

/** Rules that block packets of TCP by their flags may let a connection begin and end it then. */
export const blocksByFlags = ({ filter }: PfRules): boolean =>
  filter.some(({ action, flags }) => action === 'block' && (flags?.length ?? 0) > 0);

/** Whether answers pass to what passed without a state: by rules, or since no rule matches them. */
export class Answers {
  private readonly filter: Filter;
  private readonly made = new Map<string, PacketSet>();
  /** Whether it was asked for any. */
  asked = false;

  /** Rules as they are written, whatever flags they ask for. */
  constructor(
    private readonly rules: PfRules,
    private readonly translations: Translations,
  ) {
    this.filter = new Filter(seenWith(rules, SYN_ACK));
  }

  /** Packets seen by an interface untranslated whose answers surely pass it, the way that answers take. */
  passing(name: string, way: 'in' | 'out'): PacketSet {
    this.asked = true;
    if (this.rules.strays === true || this.rules.skipped.includes(name)) return PacketMap.ALL;
    const key = `${way} ${name}`;
    let found = this.made.get(key);
    if (!found) this.made.set(key, (found = PacketMap.ALL.apartFrom(askingFor(this.hindered(name, way)))));
    return found;
  }

  private hindered(name: string, way: 'in' | 'out'): PacketSet {
    const words = this.filter.of(name, way);
    const held = words.where(({ options }: Choice<Word>) => options.some((word) => word.is === 'block' || word.routedTo !== undefined));
    const middle = words.where(({ options }) => options.some((word) => word.is === 'pass' && word.state)).within(TCP);
    const translated = this.translations.of(name, way).where(({ options }) => options.some(({ translates }) => translates));
    return PacketMap.first([held, middle, translated, ...(blocksByFlags(this.rules) ? [TCP] : [])]);
  }
}
