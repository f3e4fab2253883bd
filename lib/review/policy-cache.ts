import { StepBudgetExceeded } from '../net/step-budget';
import { Policy } from '../policy/policy';
import { Problem, Refusal, escapeForDisplay } from '../problems/problem';
import { decodePolicy } from '../verifier/policy-codec';
import { SpecifiedConfig, regenerateConfig } from '../verifier/verify-policy';
import { RecordedRelease } from './plan';

/** A value, or why there is none. Nothing that a plan holds may throw: what can't be read is unknown. */
export type ValueOrProblems<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Every policy of a review, decoded once, and written once for each text that there is of it. */
export class PolicyCache {
  private readonly decodedPolicies = new Map<string, ValueOrProblems<Policy>>();
  private readonly generatedConfigs = new Map<Policy, Map<string, ValueOrProblems<SpecifiedConfig['written']>>>();

  decode = (encodedPolicy: string): ValueOrProblems<Policy> =>
    getOrCreate(this.decodedPolicies, encodedPolicy, () => collectProblems(() => decodePolicy(encodedPolicy)));

  /** What this version writes for the policy of a release around what its text was written around. */
  regenerate({ policy, text }: Pick<RecordedRelease, 'policy' | 'text'>): ValueOrProblems<SpecifiedConfig['written']> {
    const decoded = this.decode(policy);
    if (!('value' in decoded)) return decoded;
    const configsByText = getOrCreate(this.generatedConfigs, decoded.value, () => new Map());
    return getOrCreate(configsByText, text, () => collectProblems(() => regenerateConfig(decoded.value, text)));
  }
}

export function getOrCreate<K, V>(cache: Map<K, V>, key: K, create: () => V): V {
  const value = cache.get(key) ?? create();
  cache.set(key, value);
  return value;
}

export function collectProblems<T>(create: () => T): ValueOrProblems<T> {
  try {
    return { value: create() };
  } catch (error) {
    if (error instanceof Refusal) return { problems: error.problems };
    // That is a matter of all that are judged together.
    if (error instanceof StepBudgetExceeded) throw error;
    return { problems: [createUnforeseenProblem(error)] };
  }
}

/** A mistake of ours that something in a plan brought to light. */
export const createUnforeseenProblem = (error: unknown, where = 'this review'): Problem => ({
  code: 'review/unforeseen',
  where,
  what: `Nobody foresaw this: ${escapeForDisplay(error instanceof Error ? error.message : 'an error without a name')}.`,
  instead: 'nothing that you wrote: please report it with the plan that shows it.',
});
