// Types of a step's result in `doctor` (right, wrong, unknown, not asked) with its cause, and constructors for them.

/** The most likely cause in one sentence, and its remedy. */
export interface Cause {
  readonly what: string;
  readonly instead: string;
  /**
   * `decides`: it alone keeps the packet from arriving. `perhaps`: it may stop the packet, which can't be decided.
   * `differs`: it differs from the intent, and may be the cause. `aside`: it is wrong, but isn't the cause for this
   * client.
   */
  readonly weight: 'decides' | 'perhaps' | 'differs' | 'aside';
}

/** The result of one check. */
export interface DiagnosisStep {
  readonly name: string;
  /** `not asked`: the check couldn't be made. `unknown`: the check was made, and the result can't be decided. */
  readonly status: 'right' | 'wrong' | 'unknown' | 'not asked';
  /** Observations. */
  readonly observations: readonly string[];
  readonly cause?: Cause;
}

export const createRightStep = (name: string, ...observations: readonly string[]): DiagnosisStep => ({
  name,
  status: 'right',
  observations,
});
export const createUnknownStep = (name: string, ...observations: readonly string[]): DiagnosisStep => ({
  name,
  status: 'unknown',
  observations,
});
/** The reason stands first: for one address of many it is all that is printed. */
export const createNotAskedStep = (
  name: string,
  reason: string,
  ...observations: readonly string[]
): DiagnosisStep => ({
  name,
  status: 'not asked',
  observations: [reason, ...observations],
});
export const createWrongStep = (
  name: string,
  observations: readonly string[],
  what: string,
  instead: string,
  weight: Cause['weight'] = 'decides',
): DiagnosisStep => ({
  name,
  status: 'wrong',
  observations,
  cause: { what, instead, weight },
});

const WEIGHTS_BLOCKING_FIRST: readonly Cause['weight'][] = ['decides', 'perhaps', 'differs', 'aside'];
const WEIGHTS_ASIDE: readonly Cause['weight'][] = ['aside', 'differs'];

/**
 * Returns the first cause that decides; without one, the first that may. If every check on the packet's own way is
 * right, other differences don't keep the client away.
 */
export function findMostLikely(steps: readonly DiagnosisStep[]): Cause | undefined {
  const causes = steps.flatMap(({ cause }) => cause ?? []);
  const isPathRight = steps.every(
    ({ status, cause }) => status === 'right' || (status === 'wrong' && cause?.weight !== 'decides'),
  );
  const likeliestCause = (isPathRight ? WEIGHTS_ASIDE : WEIGHTS_BLOCKING_FIRST)
    .map((weight) => causes.find((cause) => cause.weight === weight))
    .find((cause) => cause !== undefined);
  return likeliestCause && isPathRight ? { ...likeliestCause, weight: 'aside' } : likeliestCause;
}
