import { Family, familyOf } from '../net/address';
import { Block, PROTOCOL, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { NumberRange } from '../net/device';
import { point } from '../net/range';
import { Context } from './context';
import { Hooks } from './hooks';
import { UNMARKED } from './marks';
import { ACCEPT } from './outcomes';

/** Which type of ICMP answers which: code 0, whatever was asked. */
const REPLIES: Readonly<Record<Family, { readonly protocol: number; readonly to: Readonly<Record<number, number>> }>> =
  {
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
function askingFor(answers: PacketSet): PacketSet {
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
      protocol: [point(icmp)],
      port: [point(Number(type))],
    })),
  ];
}

/** Whether answers pass to what passed without a state: by rules, or since no rule matches them. */
export class Answers {
  private readonly made = new Map<string, PacketSet>();
  /** Whether it was asked for any. */
  asked = false;

  /** `hooks`: as answers meet them. Undefined: it doesn't matter whether they pass. */
  constructor(private readonly hooks: Hooks | undefined) {}

  /** Packets seen by an interface untranslated whose answers surely pass it, the way that answers take. */
  passing(name: string, way: 'in' | 'out'): PacketSet {
    this.asked = true;
    if (!this.hooks) return PacketMap.ALL;
    const key = `${way} ${name}`;
    let found = this.made.get(key);
    if (!found) this.made.set(key, (found = PacketMap.ALL.apartFrom(askingFor(hindered(this.hooks, name, way)))));
    return found;
  }
}

function hindered(hooks: Hooks, name: string, way: 'in' | 'out'): PacketSet {
  const hook = way === 'in' ? 'prerouting' : 'postrouting';
  const at: Context = {
    hook,
    iif: name,
    oif: name,
    phase: 'first',
    ct: 'tracked',
    dnat: false,
    snat: false,
    own: false,
    marks: UNMARKED,
  };
  const held = hooks.filter(hook, at, -Infinity, Infinity).said.where((one) => one !== ACCEPT);
  return held.or(hooks.nat(hook, at).said.where((one) => one !== ACCEPT));
}
