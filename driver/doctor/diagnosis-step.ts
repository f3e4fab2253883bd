/** What is most likely wrong, in one sentence, and what to do about it. */
export interface Cause {
  readonly what: string;
  readonly instead: string;
  /**
   * `decides`: with it alone the packet doesn't arrive. `perhaps`: it may stop the packet, and nobody can decide whether it does. `differs`:
   * it is not as asked for, and may be why. `aside`: wrong, and not why this client doesn't reach it.
   */
  readonly weight: 'decides' | 'perhaps' | 'differs' | 'aside';
}

/** One thing that was looked at. */
export interface DiagnosisStep {
  readonly name: string;
  /** `not asked`: nobody could look. `unknown`: somebody looked, and it can't be decided. */
  readonly is: 'right' | 'wrong' | 'unknown' | 'not asked';
  /** What was seen. */
  readonly seen: readonly string[];
  readonly cause?: Cause;
}

export const createRightStep = (name: string, ...seen: readonly string[]): DiagnosisStep => ({
  name,
  is: 'right',
  seen,
});
export const createUnknownStep = (name: string, ...seen: readonly string[]): DiagnosisStep => ({
  name,
  is: 'unknown',
  seen,
});
/** Why stands first: of one address of many it is all that is said. */
export const createNotAskedStep = (name: string, why: string, ...seen: readonly string[]): DiagnosisStep => ({
  name,
  is: 'not asked',
  seen: [why, ...seen],
});
export const createWrongStep = (
  name: string,
  seen: readonly string[],
  what: string,
  instead: string,
  weight: Cause['weight'] = 'decides',
): DiagnosisStep => ({
  name,
  is: 'wrong',
  seen,
  cause: { what, instead, weight },
});

const WEIGHTS_BLOCKING_FIRST: readonly Cause['weight'][] = ['decides', 'perhaps', 'differs', 'aside'];
const WEIGHTS_ASIDE: readonly Cause['weight'][] = ['aside', 'differs'];

/**
 * The first that decides; where none does, the first that may. Where everything on the packet's own way was looked at and is right, what
 * differs elsewhere keeps nobody away.
 */
export function findMostLikely(steps: readonly DiagnosisStep[]): Cause | undefined {
  const causes = steps.flatMap(({ cause }) => cause ?? []);
  const isPathRight = steps.every(({ is, cause }) => is === 'right' || (is === 'wrong' && cause?.weight !== 'decides'));
  const likeliest = (isPathRight ? WEIGHTS_ASIDE : WEIGHTS_BLOCKING_FIRST)
    .map((weight) => causes.find((cause) => cause.weight === weight))
    .find((cause) => cause !== undefined);
  return likeliest && isPathRight ? { ...likeliest, weight: 'aside' } : likeliest;
}
