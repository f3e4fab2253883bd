import { NumberRange } from '../../../../net/device';
import { nameOf } from '../../../../evaluator/verdict-maps';
import { Field } from '../../../../evaluator/fields';
import { Decision, End, Value } from '../../../../evaluator/model';
import { numberRange } from '../../../../parse/netfilter/values';
import { FLAGS } from '../../../../parse/netfilter/words';
import { Element, Verdict } from '../ruleset';

/**
 * Where a map leads by a number that is made for each packet: to one of the entries that hold some of those that there may be, or to what all
 * of them say. Undefined where an entry can't be read.
 */
export function byNumber(
  field: Field,
  numbers: NumberRange,
  elements: readonly Element[],
  decision: (verdict: Verdict) => Decision,
): End | undefined {
  let left = numbers.last - numbers.first + 1;
  const found: { readonly value: Value; readonly verdict: Decision }[] = [];
  const isRest = ({ key }: Element): boolean => key.length === 1 && key[0] === '*';
  for (const element of [...elements.filter((one) => !isRest(one)), ...elements.filter(isRest)]) {
    const { key, verdict } = element;
    const range = isRest(element) ? numbers : key.length === 1 ? numberRange(key[0]!, FLAGS.none!) : undefined;
    if (!range || !verdict) return undefined;
    const held = Math.min(range.last, numbers.last) - Math.max(range.first, numbers.first) + 1;
    if (held <= 0 || left === 0) continue;
    left = isRest(element) ? 0 : left - held;
    found.push({
      value: isRest(element) ? { is: 'any' } : { is: 'name', name: key[0]!, wild: false },
      verdict: decision(verdict),
    });
  }
  const [first, ...others] = found;
  if (first && left === 0 && others.every(({ verdict }) => nameOf(verdict) === nameOf(first.verdict)))
    return { is: 'verdict', verdict: first.verdict };
  const choices = found.map(({ value, verdict }) => ({ values: [value], fleeting: false, verdict }));
  return { is: 'choose', fields: [field], choices, learned: false };
}
