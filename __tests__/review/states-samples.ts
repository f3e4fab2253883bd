// Alters one owner of a sample change, and lists codes of remarks, for the tests of reviews.

import { Policy } from '../../lib/policy/policy';
import { PlannedOwner } from '../../lib/review/plan';

export const only = (policies: readonly Policy[], device: string): Policy =>
  policies.find((one) => one.device === device)!;
export const codes = (remarks: readonly { readonly code: string }[]): readonly string[] =>
  remarks.map(({ code }) => code);

/** Returns the owners of a change, one of them altered. */
export const with_ = (
  owners: readonly PlannedOwner[],
  device: string,
  more: Partial<PlannedOwner>,
): readonly PlannedOwner[] => owners.map((one) => (one.device === device ? { ...one, ...more } : one));
