// Evaluates each way in which an uncertain translation may be done, and merges the results.

import { PacketMap } from '../net/packet-map';
import { PairInternTable } from '../net/intern-tables';
import { ChainOutcome, listOptions, explainOptions } from './chain-outcomes';

/** Merges two values of a packet that may both hold, with the reason why. */
export type AlternativeMerger<V> = (a: V | undefined, b: V | undefined, because: string) => V | undefined;

/**
 * Returns the results of packets whose translation is in doubt. Each way that it may be done is evaluated by itself,
 * and `merge` joins the results. If nothing is in doubt there is one way.
 */
export function evaluateAlternatives<V extends object>(
  outcomes: PacketMap<ChainOutcome>,
  evaluate: (outcomes: PacketMap<ChainOutcome>) => PacketMap<V>,
  merge: AlternativeMerger<V>,
): PacketMap<V> {
  const optionCount = Math.max(1, ...outcomes.values.map((outcome) => listOptions(outcome).length));
  if (optionCount === 1) return evaluate(outcomes);
  const evaluateOption = (i: number): PacketMap<V> =>
    evaluate(outcomes.map((outcome) => listOptions(outcome)[i] ?? listOptions(outcome)[0]!));
  const pairs = new PairInternTable<
    V | undefined,
    V | undefined,
    { readonly a: V | undefined; readonly b: V | undefined }
  >();
  let merged = evaluateOption(0);
  for (let i = 1; i < optionCount; i++) {
    merged = merged
      .merge(evaluateOption(i), (a, b) => pairs.getOrCreate(a, b, () => ({ a, b })))
      .merge(outcomes, (pair, outcome) => pair && merge(pair.a, pair.b, explainOptions(outcome!)));
  }
  return merged;
}
