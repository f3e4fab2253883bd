import { Rewrite, moved, set, translation, unclear } from '../reachability/exposure';
import { offset } from '../net/address';
import { PacketMap } from '../net/packet-map';
import { End, Leaving, doubted, doubtful, endOf } from './ends';
import { WHOLE, moveOf } from './last-hook';
import { CHOSEN_PORT, UNKNOWN_SOURCE } from './egress';

/** What becomes of packets that left over the loopback interface as `one` and come in again, where `back` is what becomes of all that do. */
export function cameBack(one: Leaving, back: PacketMap<End>): PacketMap<End> {
  const { source, verdict } = one;
  if (source.is === 'unclear') return PacketMap.everywhere(asEnd(doubtful(one, UNKNOWN_SOURCE)));
  if (one.sourcePort === 'free') return PacketMap.everywhere(asEnd(doubtful(one, CHOSEN_PORT)));
  const seen = source.is === 'kept' ? back : back.afterSource(WHOLE.flatMap((range) => moveOf(source, range)));
  return seen.map((end) => {
    const as = translation({ ...end.translation, source: afterwards(source, end.translation.source) });
    return endOf(verdict.is === 'allowed' ? end.verdict : doubted(end.verdict, verdict.because), as);
  });
}

const asEnd = ({ verdict, source, sourcePort }: Leaving): End => endOf(verdict, translation({ source, sourcePort }));

/** What two rewritings after one another make of a field. */
function afterwards(first: Rewrite, second: Rewrite): Rewrite {
  if (second.is === 'set' || second.is === 'unclear' || first.is === 'kept') return second;
  if (second.is === 'kept' || first.is === 'unclear') return first;
  if (first.is === 'moved') return moved(first.by + second.by);
  const to = offset(first.to, second.by);
  return to === undefined ? unclear('it is moved out of its family') : set(to);
}
