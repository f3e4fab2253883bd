import { PacketMap } from '../../net/packet-map';
import { Context, hasConnection } from './context';
import { Marks, changed } from './marked';
import { UnderstoodChain } from './model';
import { ACCEPT, Outcome, Possible, either, markedAs, optionsOf, possible, whyEither, withPolicy } from './outcomes';

/** Where a chain sets marks, all in it is asked of packets that have them. */
export const comingInto = ({ marks: changes = [] }: UnderstoodChain, context: Context): Context =>
  changes.reduce((at, change) => ({ ...at, marks: changed(at.marks, change, hasConnection(at)) }), context);

/** Who passes or is held in it has these marks; so has who comes to the end of the list. */
export function leftMarked(said: PacketMap<Possible>, { leads }: UnderstoodChain, marks: Marks): PacketMap<Possible> {
  const own = markedAs(marks);
  const all = said.map((one) => possible(one.now && marksIn(one.now, own), one.returns, one.goesOn, one.because));
  if (leads === 'on') return all;
  return PacketMap.everywhere(possible(own)).with(all, (end, one) => (one ? possible(withPolicy(one, own)) : end));
}

const marksIn = (outcome: Outcome, own: Outcome): Outcome =>
  optionsOf(outcome)
    .map((one) => (one === ACCEPT ? own : one))
    .reduce((a, b) => either(a, b, whyEither(outcome))!);
