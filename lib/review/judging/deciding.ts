import { printAddress } from '../../net/address';
import { Vantage, atEntry, localTo } from '../../net/device';
import { Packet } from '../../net/packet';
import { Explanation } from '../../parse/reader';
import { Change } from '../review';
import { Block } from './blocks';
import { Sided, addressesOf } from './edges';
import { Asked, whyClosed, whyMoved, whyOpen } from './reasons';
import { State, sameState, whyUnsure } from './state';

type Decided = Pick<Change, 'reason' | 'lines'>;

/** Why what is asked of changes, and, for its packet, the lines of the planned texts that decide it: on the gateway, then on the server that it comes to. */
export function deciding(block: Block, asked: Asked, before: State): Decided {
  const witness = asked.packet;
  const { judged } = block.owner;
  const here = explained(judged.after, block.vantage, witness);
  const was = explained(before, block.vantage, witness);
  const destination = (here ?? was)?.leaves.destination;
  const holders = block.servers.filter(
    (one) => destination !== undefined && addressesOf(one.judged).includes(destination),
  );
  // Of several that may be there it is one of those that change.
  const server =
    holders.find(({ judged: { before, after } }) => !before.every((state) => sameState(state, after))) ?? holders[0];
  const there = server && behindIt(server, (here?.verdict === 'denied' ? was : here)?.leaves ?? witness);
  const lines = [
    ...linesOf(judged.planned.device, here),
    ...(there && here?.verdict !== 'denied' ? linesOf(server.judged.planned.device, there.after) : []),
  ];
  return { reason: reasonOf(block, asked, before, { here, was, ...(there ? { there } : {}) }), lines };
}

interface There {
  readonly name: string;
  readonly packet: Packet;
  readonly before: State;
  readonly now: State;
  readonly was: Explanation | undefined;
  readonly after: Explanation | undefined;
}

interface Seen {
  readonly here: Explanation | undefined;
  readonly was: Explanation | undefined;
  readonly there?: There;
}

function reasonOf({ kind, owner, vantage }: Block, asked: Asked, before: State, { here, was, there }: Seen): string {
  const witness = asked.packet;
  const atIt = there && { ...asked, packet: there.packet };
  const policy = owner.judged.after.meant?.policy;
  switch (kind) {
    case 'opened': {
      // Where the gateway let it through before, it is the server that opens it.
      const passed = owner.sides.verdict(before, vantage, witness) === 'allowed';
      const atServer = passed && atIt && there.now.meant && whyOpen(there.now.meant.policy, atIt);
      if (atServer) return `${atServer}, on ${there.name}`;
      return (policy && whyOpen(policy, asked)) ?? here?.because ?? 'nothing of ours closes it';
    }
    case 'closed': {
      const had = [before, owner.judged.after].map(({ device }) => localTo(device).includes(witness.destination));
      if (owner.judged.planned.role === 'server' && had[0] && !had[1]) {
        const address = printAddress(witness.destination);
        return `${owner.judged.planned.device} no longer names ${address}; where it has it still, what it lets in there stays open`;
      }
      const passes = owner.sides.verdict(owner.judged.after, vantage, witness) === 'allowed';
      const mine = passes ? undefined : whyClosed(before.meant?.policy, policy, asked);
      if (mine) return mine;
      const atServer = atIt && whyClosed(there.before.meant?.policy, there.now.meant?.policy, atIt);
      return atServer ? `${there.name}: ${atServer}` : (here?.because ?? 'no opening lets it in');
    }
    case 'moved':
    case 'identity':
      return whyMoved(before.meant?.policy, policy, witness);
    case 'unknown': {
      const unsure = [here, was, there?.after, there?.was].find((one) => one?.verdict === 'unknown');
      const unread = [owner.judged.after, before, there?.now, there?.before].find(
        (state) => state?.is === 'unreadable',
      );
      return unsure?.because ?? (unread ? whyUnsure(unread) : (here?.because ?? 'it can not be decided'));
    }
    default:
      return kind satisfies never;
  }
}

function behindIt({ judged }: Sided, packet: Packet): There {
  const [first] = judged.after.device.interfaces;
  const arriving: Vantage = { kind: 'interface', name: first?.name ?? '' };
  const before = judged.before[0]!;
  return {
    name: judged.planned.device,
    packet,
    before,
    now: judged.after,
    was: explained(before, arriving, packet),
    after: explained(judged.after, arriving, packet),
  };
}

/** By the vantage itself or, where the state doesn't tell the way out apart, by any of its entry. */
function explained(state: State, vantage: Vantage, packet: Packet): Explanation | undefined {
  const view = atEntry(state.exposure.views, vantage);
  return view && state.reading?.explain(view.vantage, packet);
}

const linesOf = (device: string, explanation: Explanation | undefined): Change['lines'] =>
  (explanation?.lines ?? []).map(({ number, text }) => ({ device, number, text: text.trim() }));
