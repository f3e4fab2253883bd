import { PacketMap } from '../../net/packet-map';
import { Action, UNDECIDED } from './actions';
import { Choice, MOST_OPTIONS } from './choices';
import { Pairs } from '../../net/interned';

/**
 * What becomes of packets whose translation is in doubt: each way that it may be done is followed by itself, and `either` joins what comes
 * of them. Where nothing is in doubt there is one way.
 */
export function everyGuess<V extends object>(
  choices: PacketMap<Choice<Action>>,
  follow: (actions: PacketMap<Action>) => PacketMap<V>,
  either: (a: V | undefined, b: V | undefined, because: string) => V | undefined,
): PacketMap<V> {
  const many = Math.max(1, ...choices.values.map(({ options }) => (options.length > MOST_OPTIONS ? 1 : options.length)));
  const guess = (i: number): PacketMap<V> =>
    follow(choices.map(({ options }) => (options.length > MOST_OPTIONS ? UNDECIDED : (options[i] ?? options[0]!))));
  const reasons = choices.map(({ because }) => because);
  const pairs = new Pairs<V | undefined, V | undefined, { readonly a: V | undefined; readonly b: V | undefined }>();
  let all = guess(0);
  for (let i = 1; i < many; i++) {
    all = all
      .with(guess(i), (a, b) => pairs.of(a, b, () => ({ a, b })))
      .with(reasons, (pair, because) => pair && either(pair.a, pair.b, because!));
  }
  return all;
}
