import { PacketMap } from '../../net/packet-map';
import { Context, seenWith } from './context';
import { LoweredChain } from './model';
import { ACCEPT, Outcome, Possible, either, leftAs, optionsOf, possible, whyEither, withPolicy } from './outcomes';

/** Who passes or is held in it is as the chain has it; so is who comes to the end of the list. */
export function leftIn(said: PacketMap<Possible>, { leads }: LoweredChain, { ct, marks }: Context): PacketMap<Possible> {
  const own = leftAs(seenWith(ct, marks));
  const all = said.map((one) => possible(one.now && ownIn(one.now, own), one.returns, one.goesOn, one.because));
  if (leads === 'on') return all;
  return PacketMap.everywhere(possible(own)).with(all, (end, one) => (one ? possible(withPolicy(one, own)) : end));
}

const ownIn = (outcome: Outcome, own: Outcome): Outcome =>
  optionsOf(outcome)
    .map((one) => (one === ACCEPT ? own : one))
    .reduce((a, b) => either(a, b, whyEither(outcome))!);
