// Combines conditions of rules by and, or and not, as lists of alternatives of which at most one holds.

import { PacketField } from './packet-fields';
import { Condition, Members, FieldValue } from './ruleset-model';

/** Lists of conditions. It holds where one of the lists does; no two of them hold at once. */
export type Disjunction = readonly (readonly Condition[])[];

export const ALWAYS: Disjunction = [[]];
export const NEVER: Disjunction = [];

/** Returns a match that may hold or not, with the reason. */
export const createUnknownMatch = (reason: string, ...fields: readonly PacketField[]): Disjunction => [
  [{ is: 'doubt', reason, fields }],
];

/** Returns a match that depends on earlier packets, or on members that aren't known, with its result for a new client. */
export const createHistoryMatch = (reason: string, newClient: boolean): Disjunction => [
  [{ is: 'doubt', reason, fields: [], newClient }],
];

/** The most alternatives. More become one unknown match. */
const MAX_ALTERNATIVES = 32;

export const intersectDisjunctions = (a: Disjunction, b: Disjunction): Disjunction =>
  a.length * b.length > MAX_ALTERNATIVES
    ? createUnknownMatch('in too many ways it may match or not')
    : a.flatMap((left) => b.map((right) => [...left, ...right]));

export const intersectAll = (disjunctions: readonly Disjunction[]): Disjunction =>
  disjunctions.reduce(intersectDisjunctions, ALWAYS);

/** Returns where one of the conditions holds. `negate`: where a condition doesn't hold. */
export function uniteConditions(
  conditions: readonly Condition[],
  negate = (condition: Condition): Disjunction => [[negateCondition(condition)]],
): Disjunction {
  let alternatives: Disjunction = NEVER;
  let remainder: Disjunction = ALWAYS;
  for (const condition of conditions) {
    alternatives = [...alternatives, ...intersectDisjunctions(remainder, [[condition]])];
    remainder = intersectDisjunctions(remainder, negate(condition));
  }
  return alternatives;
}

/** Returns the negated condition. It is exact if every packet that is asked has the field. */
export function negateCondition(condition: Condition): Condition {
  if (condition.is === 'member') return { ...condition, negated: !condition.negated };
  if (condition.is === 'fact') return { ...condition, matches: (value) => !condition.matches(value) };
  return condition;
}

export const createMembers = (values: readonly FieldValue[]): Members => ({
  tuples: values.map((value) => ({ values: [value], expires: false })),
  dynamic: false,
});

export const createMemberCondition = (
  field: PacketField,
  values: readonly FieldValue[],
  negated = false,
): Condition => ({
  is: 'member',
  fields: [field],
  members: createMembers(values),
  negated,
});

export const createFactCondition = (
  field: PacketField,
  holds: (value: number) => boolean,
  negated = false,
): Condition => ({
  is: 'fact',
  field,
  matches: (value) => holds(value) !== negated,
});
