import { Field } from './fields';
import { Condition, Members, Value } from './model';

/** What holds where one of several lists of conditions does; no two of them do at once. */
export type Disjunction = readonly (readonly Condition[])[];

export const ALWAYS: Disjunction = [[]];
export const NEVER: Disjunction = [];

/** Where a rule may match or not, and why. */
export const doubt = (because: string, ...fields: readonly Field[]): Disjunction => [
  [{ is: 'doubt', because, fields }],
];

/** More than these become one doubt. */
const MOST = 32;

export const both = (a: Disjunction, b: Disjunction): Disjunction =>
  a.length * b.length > MOST
    ? doubt('in too many ways it may match or not')
    : a.flatMap((one) => b.map((other) => [...one, ...other]));

export const all = (some: readonly Disjunction[]): Disjunction => some.reduce(both, ALWAYS);

/** `not`: where a condition doesn't hold. */
export function anyOf(
  conditions: readonly Condition[],
  not = (one: Condition): Disjunction => [[opposite(one)]],
): Disjunction {
  let found: Disjunction = NEVER;
  let others: Disjunction = ALWAYS;
  for (const one of conditions) {
    found = [...found, ...both(others, [[one]])];
    others = both(others, not(one));
  }
  return found;
}

/** Exact where every packet that is asked has the field. */
export function opposite(condition: Condition): Condition {
  if (condition.is === 'member') return { ...condition, negated: !condition.negated };
  if (condition.is === 'fact') return { ...condition, holds: (value) => !condition.holds(value) };
  return condition;
}

export const membersOf = (values: readonly Value[]): Members => ({
  tuples: values.map((value) => ({ values: [value], fleeting: false })),
  learned: false,
});

export const member = (field: Field, values: readonly Value[], negated = false): Condition => ({
  is: 'member',
  fields: [field],
  members: membersOf(values),
  negated,
});

export const fact = (field: Field, holds: (value: number) => boolean, negated = false): Condition => ({
  is: 'fact',
  field,
  holds: (value) => holds(value) !== negated,
});
