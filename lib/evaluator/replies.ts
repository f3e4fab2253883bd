// Creates the first answer to a packet, and computes for which packets the answers pass a device that let the packets
// pass without a connection state.
import { Family, getFamily } from '../net/address';
import { PacketBlock, PROTOCOL, Packet } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { NumberRange } from '../net/device';
import { toSingleRange } from '../net/range';
import { PacketContext } from './packet-context';
import { HookEvaluator } from './hook-evaluator';
import { UNMARKED } from './marks';
import { ACCEPT } from './chain-outcomes';

/** The ICMP type that answers each type. The code is 0, whatever was asked. */
const ICMP_REPLIES: Readonly<
  Record<Family, { readonly protocol: number; readonly to: Readonly<Record<number, number>> }>
> = {
  ip: { protocol: PROTOCOL.icmp, to: { 8: 0, 13: 14, 15: 16, 17: 18 } },
  ip6: { protocol: PROTOCOL.icmpv6, to: { 128: 129 } },
};

/** Returns the header of the first answer; undefined if nothing answers. */
export function createReply({ source, destination, protocol, port, sourcePort }: Packet): Packet | undefined {
  const reversed = { source: destination, destination: source, protocol };
  const replies = ICMP_REPLIES[getFamily(destination)];
  if (protocol !== replies.protocol) return { ...reversed, port: sourcePort, sourcePort: port };
  const type = replies.to[port];
  return type === undefined ? undefined : { ...reversed, port: type, sourcePort: 0 };
}

/** Returns the packets whose first answer is one of `answers`. */
function findRequests(answers: PacketSet): PacketSet {
  const blocks: PacketBlock[] = [];
  for (const { family, ranges: source, below } of answers.groupAlong('destination'))
    for (const { ranges: destination, below: lower } of below.groupAlong('source'))
      for (const { protocol, port, sourcePort } of lower.listCells())
        blocks.push(...toRequests({ family, source, destination }, protocol, port, sourcePort));
  return PacketMap.mergeFirst(blocks.map((block) => PacketMap.createSet(block)));
}

function toRequests(
  addresses: PacketBlock & { readonly family: Family },
  protocol: NumberRange,
  port: NumberRange,
  sourcePort: NumberRange,
): readonly PacketBlock[] {
  const { protocol: icmp, to } = ICMP_REPLIES[addresses.family];
  const otherProtocols = [
    { first: protocol.first, last: Math.min(protocol.last, icmp - 1) },
    { first: Math.max(protocol.first, icmp + 1), last: protocol.last },
  ].filter(({ first, last }) => first <= last);
  const reversed =
    otherProtocols.length === 0
      ? []
      : [{ ...addresses, protocol: otherProtocols, port: [sourcePort], sourcePort: [port] }];
  if (icmp < protocol.first || icmp > protocol.last || sourcePort.first > 0) return reversed;
  const types = Object.entries(to).filter(([, reply]) => port.first <= reply && reply <= port.last);
  return [
    ...reversed,
    ...types.map(([type]) => ({
      ...addresses,
      protocol: [toSingleRange(icmp)],
      port: [toSingleRange(Number(type))],
    })),
  ];
}

/** Computes whether answers pass to packets that passed without a state: rules pass them, or no rule matches them. */
export class ReplyEvaluator {
  private readonly answeredByKey = new Map<string, PacketSet>();
  /** Whether any answer was asked about. */
  isUsed = false;

  /** `hooks`: the chains as answers meet them. Undefined: it doesn't matter whether answers pass. */
  constructor(private readonly hooks: HookEvaluator | undefined) {}

  /**
   * Returns the packets that an interface sees untranslated and whose answers surely pass it. `direction` is the way
   * that answers take.
   */
  getAnsweredPackets(name: string, direction: 'in' | 'out'): PacketSet {
    this.isUsed = true;
    if (!this.hooks) return PacketMap.ALL;
    const key = `${direction} ${name}`;
    let answered = this.answeredByKey.get(key);
    if (!answered)
      this.answeredByKey.set(
        key,
        (answered = PacketMap.ALL.subtract(findRequests(evaluateBlockedReplies(this.hooks, name, direction)))),
      );
    return answered;
  }
}

function evaluateBlockedReplies(hooks: HookEvaluator, name: string, direction: 'in' | 'out'): PacketSet {
  const hook = direction === 'in' ? 'prerouting' : 'postrouting';
  const context: PacketContext = {
    hook,
    iif: name,
    oif: name,
    phase: 'first',
    ct: 'tracked',
    dnat: false,
    snat: false,
    isLocal: false,
    marks: UNMARKED,
  };
  const blocked = hooks
    .evaluateFilters(hook, context, -Infinity, Infinity)
    .outcomes.select((outcome) => outcome !== ACCEPT);
  return blocked.unite(hooks.evaluateNat(hook, context).outcomes.select((outcome) => outcome !== ACCEPT));
}
