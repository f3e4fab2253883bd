import { Field } from '../../../evaluator/fields';
import { Condition, Tuple } from '../../../evaluator/model';
import { Place, placeOf } from './header-places';
import { Test } from './ruleset';

/** nft loads no more at once, but of Ethernet. */
const MOST_BITS: Readonly<Record<string, number>> = { ll: 64, nh: 32, th: 32 };

interface Unequal {
  readonly at: number;
  readonly place: Place;
  readonly field: Field;
}

/**
 * nft 1.0.6 compiles `tcp sport != 1 tcp dport != 2` to one comparison of both ports, which matches unless both are equal, and prints it as
 * it was written; so it does with all that stands side by side in a header, whatever stands between it in the rule. Other versions compare twice.
 * Where they don't agree the rule may match or not. Source: `nft --debug=netlink`.
 */
export function joinNeighbours(conditions: Condition[], tests: ReadonlyMap<number, Test>, line: number): void {
  const all = [...tests]
    .flatMap(([at, test]) => unequal(at, test, fieldOf(conditions[at]!)) ?? [])
    .sort((a, b) => a.place.from - b.place.from);
  const because = `line ${line}: nft 1.0.6 makes one comparison of two`;
  for (const group of sideBySide(all)) {
    const [first, ...more] = [...group].sort((a, b) => a.at - b.at);
    const fields = group.map((one) => one.field);
    const both = group.map(({ at }) => conditions[at]!);
    conditions[first!.at] = {
      is: 'joined',
      fields,
      both,
      loose: eitherDiffers(fields, both) ?? { is: 'has', fields },
      because,
    };
    for (const one of more) conditions[one.at] = { is: 'has', fields: [one.field] };
  }
}

const fieldOf = (one: Condition): Field | undefined =>
  one.is === 'fact' ? one.field : one.is === 'packets' ? undefined : one.fields[0];

/** A single value of one field that a packet must not have. */
function unequal(at: number, test: Test, field: Field | undefined): Unequal | undefined {
  const { fields, right, mask } = test;
  if (!field || fields.length > 1 || mask !== undefined || 'set' in right || right.elements.length > 1)
    return undefined;
  const value = right.elements[0]?.key[0] ?? '';
  const isRange = /^[\da-fx.:]+-[\da-fx.:]+$/i.test(value);
  const place = isRange ? undefined : placeOf(test, value);
  return place && { at, place, field };
}

function sideBySide(all: readonly Unequal[]): readonly (readonly Unequal[])[] {
  const groups: Unequal[][] = [];
  for (const one of all) {
    const before = groups.find((group) => {
      const { layer, from, length } = group.at(-1)!.place;
      return (
        layer === one.place.layer && from + length === one.place.from && length + one.place.length <= MOST_BITS[layer]!
      );
    });
    if (before) before.push(one);
    else groups.push([one]);
  }
  return groups.filter((group) => group.length > 1);
}

/** Exact of two numbers that packets are told apart by. */
function eitherDiffers(fields: readonly Field[], both: readonly Condition[]): Condition | undefined {
  const values = both.flatMap((one) => {
    const [tuple, ...tuples]: readonly Tuple[] = one.is === 'member' ? one.members.tuples : [];
    const [value] = tuple?.values ?? [];
    return value?.is === 'numbers' && value.range.first === value.range.last && tuples.length === 0 ? [value] : [];
  });
  if (both.length > 2 || values.length < 2) return undefined;
  return { is: 'member', fields, negated: true, members: { tuples: [{ values, fleeting: false }], learned: false } };
}
