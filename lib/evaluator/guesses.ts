import { PacketMap } from '../net/packet-map';
import { Pairs } from '../net/interned';
import { Outcome, optionsOf, whyEither } from './outcomes';

/** One of two for the packets of one value, and why it may be either. */
export type Either<V> = (a: V | undefined, b: V | undefined, because: string) => V | undefined;

/**
 * What becomes of packets whose translation is in doubt: each way that it may be done is followed by itself, and `either` joins what comes
 * of them. Where nothing is in doubt there is one way.
 */
export function everyGuess<V extends object>(
  outcomes: PacketMap<Outcome>,
  follow: (outcomes: PacketMap<Outcome>) => PacketMap<V>,
  either: Either<V>,
): PacketMap<V> {
  const many = Math.max(1, ...outcomes.values.map((one) => optionsOf(one).length));
  if (many === 1) return follow(outcomes);
  const guess = (i: number): PacketMap<V> => follow(outcomes.map((one) => optionsOf(one)[i] ?? optionsOf(one)[0]!));
  const pairs = new Pairs<V | undefined, V | undefined, { readonly a: V | undefined; readonly b: V | undefined }>();
  let all = guess(0);
  for (let i = 1; i < many; i++) {
    all = all
      .with(guess(i), (a, b) => pairs.of(a, b, () => ({ a, b })))
      .with(outcomes, (pair, one) => pair && either(pair.a, pair.b, whyEither(one!)));
  }
  return all;
}
