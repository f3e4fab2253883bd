// Lowers verdict maps with a generated key (`numgen`, `symhash`) to a choice among their entries.

import { NumberRange } from '../../../../net/device';
import { getVerdictKey } from '../../../../evaluator/verdict-maps';
import { PacketField } from '../../../../evaluator/packet-fields';
import { RuleVerdict, RuleAction, FieldValue } from '../../../../evaluator/ruleset-model';
import { parseNumberRange } from '../../../../parse/netfilter/parse-values';
import { FLAGS } from '../../../../parse/netfilter/named-numbers';
import { ParsedNftElement, ParsedNftVerdict } from '../syntax-tree';

/**
 * Returns the action of a verdict map whose key is a number that is made for each packet: a choice among the entries
 * for possible numbers, or their verdict if all agree. Returns undefined if an entry can't be parsed.
 */
export function lowerNumberChoice(
  field: PacketField,
  numbers: NumberRange,
  elements: readonly ParsedNftElement[],
  toVerdict: (verdict: ParsedNftVerdict) => RuleVerdict,
): RuleAction | undefined {
  let uncovered = numbers.last - numbers.first + 1;
  const entries: { readonly value: FieldValue; readonly verdict: RuleVerdict }[] = [];
  const isDefault = ({ key }: ParsedNftElement): boolean => key.length === 1 && key[0] === '*';
  for (const element of [...elements.filter((e) => !isDefault(e)), ...elements.filter(isDefault)]) {
    const { key, verdict } = element;
    const range = isDefault(element) ? numbers : key.length === 1 ? parseNumberRange(key[0]!, FLAGS.none!) : undefined;
    if (!range || !verdict) return undefined;
    const covered = Math.min(range.last, numbers.last) - Math.max(range.first, numbers.first) + 1;
    if (covered <= 0 || uncovered === 0) continue;
    uncovered = isDefault(element) ? 0 : uncovered - covered;
    entries.push({
      value: isDefault(element) ? { is: 'any' } : { is: 'name', name: key[0]!, isPrefix: false },
      verdict: toVerdict(verdict),
    });
  }
  const [first, ...otherEntries] = entries;
  if (
    first &&
    uncovered === 0 &&
    otherEntries.every(({ verdict }) => getVerdictKey(verdict) === getVerdictKey(first.verdict))
  )
    return { is: 'verdict', verdict: first.verdict };
  const choices = entries.map(({ value, verdict }) => ({ values: [value], expires: false, verdict }));
  return { is: 'choose', fields: [field], choices, dynamic: false };
}
