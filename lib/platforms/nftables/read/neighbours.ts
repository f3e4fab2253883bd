import { Field } from '../../../reading/stages/fields';
import { Condition, Tuple } from '../../../reading/stages/model';

/**
 * nft 1.0.6 compiles `tcp sport != 1 tcp dport != 2` to one comparison of both ports, which matches unless both are equal, and prints it as
 * it was written; other versions compare twice. Where they don't agree the rule may match or not. Source: `nft --debug=netlink`.
 */
export function joinNeighbours(conditions: Condition[], line: number): void {
  const [first, second] = conditions.slice(-2).map(unequal);
  if (!first || !second || headerOf(first.field) !== headerOf(second.field) || first.field.name === second.field.name) return;
  const both = conditions.splice(-2, 2);
  const fields = [first.field, second.field];
  const tuple = { values: [...first.tuple.values, ...second.tuple.values], fleeting: false };
  const loose: Condition = { is: 'member', fields, negated: true, members: { tuples: [tuple], learned: false } };
  conditions.push({ is: 'joined', fields, both, loose, because: `line ${line}: nft 1.0.6 makes one comparison of two` });
}

/** Two bytes in a row of one header. */
const headerOf = ({ name }: Field): string | undefined => /^(\w+) (sport|dport|type|code)\b/.exec(name)?.[1];

function unequal(condition: Condition): { readonly field: Field; readonly tuple: Tuple } | undefined {
  if (condition.is !== 'member' || !condition.negated || condition.members.learned) return undefined;
  const [field, ...fields] = condition.fields;
  const [tuple, ...tuples] = condition.members.tuples;
  const [value] = tuple?.values ?? [];
  if (!field || !tuple || fields.length > 0 || tuples.length > 0 || headerOf(field) === undefined) return undefined;
  return value?.is === 'numbers' && value.range.first === value.range.last ? { field, tuple } : undefined;
}
