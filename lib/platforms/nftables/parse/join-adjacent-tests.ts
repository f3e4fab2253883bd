// Joins `!=` tests of adjacent header fields in one nftables rule into one condition, because nft 1.0.6 compiles them
// to one comparison, which matches more packets than the two tests.

import { PacketField } from '../../../evaluator/packet-fields';
import { Condition, Tuple } from '../../../evaluator/ruleset-model';
import { HeaderField, findHeaderField } from './header-field-bits';
import { NftTest } from './syntax-tree';

/** The most bits that nft compares at once. Ethernet allows more than other layers. */
const MAX_JOINED_BITS: Readonly<Record<string, number>> = { ll: 64, nh: 32, th: 32 };

interface UnequalTest {
  readonly at: number;
  readonly place: HeaderField;
  readonly field: PacketField;
}

/**
 * Joins tests of fields that are adjacent in a header. nft 1.0.6 compiles `tcp sport != 1 tcp dport != 2` to one
 * comparison of both ports. It matches unless both are equal, and is printed as it was written. nft does so with all
 * adjacent fields, whatever stands between them in the rule. Other versions compare twice. If the two readings differ,
 * the rule may match or not. Source: `nft --debug=netlink`.
 */
export function joinAdjacentTests(conditions: Condition[], tests: ReadonlyMap<number, NftTest>, line: number): void {
  const unequalTests = [...tests]
    .flatMap(([index, test]) => findUnequalTest(index, test, getConditionField(conditions[index]!)) ?? [])
    .sort((a, b) => a.place.from - b.place.from);
  const reason = `line ${line}: nft 1.0.6 makes one comparison of two`;
  for (const group of groupAdjacent(unequalTests)) {
    const [first, ...laterTests] = [...group].sort((a, b) => a.at - b.at);
    const fields = group.map((unequalTest) => unequalTest.field);
    const strictConditions = group.map(({ at: index }) => conditions[index]!);
    conditions[first!.at] = {
      is: 'joined',
      fields,
      asWritten: strictConditions,
      asCompiled: createDifferCondition(fields, strictConditions) ?? { is: 'has', fields },
      reason,
    };
    for (const unequalTest of laterTests) conditions[unequalTest.at] = { is: 'has', fields: [unequalTest.field] };
  }
}

const getConditionField = (condition: Condition): PacketField | undefined =>
  condition.is === 'fact' ? condition.field : condition.is === 'packets' ? undefined : condition.fields[0];

/** Returns the test if it requires one field to differ from a single value. */
function findUnequalTest(index: number, test: NftTest, field: PacketField | undefined): UnequalTest | undefined {
  const { fields, right, mask } = test;
  if (!field || fields.length > 1 || mask !== undefined || 'set' in right || right.elements.length > 1)
    return undefined;
  const value = right.elements[0]?.key[0] ?? '';
  const isRange = /^[\da-fx.:]+-[\da-fx.:]+$/i.test(value);
  const headerField = isRange ? undefined : findHeaderField(test, value);
  return headerField && { at: index, place: headerField, field };
}

function groupAdjacent(unequalTests: readonly UnequalTest[]): readonly (readonly UnequalTest[])[] {
  const groups: UnequalTest[][] = [];
  for (const unequalTest of unequalTests) {
    const openGroup = groups.find((group) => {
      const { layer, from: firstBit, length: bitCount } = group.at(-1)!.place;
      return (
        layer === unequalTest.place.layer &&
        firstBit + bitCount === unequalTest.place.from &&
        bitCount + unequalTest.place.length <= MAX_JOINED_BITS[layer]!
      );
    });
    if (openGroup) openGroup.push(unequalTest);
    else groups.push([unequalTest]);
  }
  return groups.filter((group) => group.length > 1);
}

/**
 * Returns the exact condition that not both fields have their values. Returns undefined unless there are two fields
 * with number values.
 */
function createDifferCondition(
  fields: readonly PacketField[],
  strictConditions: readonly Condition[],
): Condition | undefined {
  const values = strictConditions.flatMap((condition) => {
    const [tuple, ...tuples]: readonly Tuple[] = condition.is === 'member' ? condition.members.tuples : [];
    const [value] = tuple?.values ?? [];
    return value?.is === 'numbers' && value.range.first === value.range.last && tuples.length === 0 ? [value] : [];
  });
  if (strictConditions.length > 2 || values.length < 2) return undefined;
  return { is: 'member', fields, negated: true, members: { tuples: [{ values, expires: false }], dynamic: false } };
}
