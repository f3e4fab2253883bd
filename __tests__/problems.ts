// Returns the problems, or the codes, of the Refusal that a call throws.

import { Problem, Refusal } from '../lib/problems/problem';

/** Returns the problems of the refusal; none if there is no refusal. */
export function problemsOf(act: () => unknown): readonly Problem[] {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.problems;
    throw error;
  }
  return [];
}

export const codesOf = (act: () => unknown): readonly string[] => problemsOf(act).map(({ code }) => code);
