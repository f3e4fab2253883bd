// Decodes the stored policies of a review and generates their configs, each once. A policy that can't be decoded gives
// problems in place of a value. The helpers for caches and caught problems stand here, too.

import { StepBudgetExceeded } from '../net/step-budget';
import { Policy } from '../policy/policy';
import { Problem, Refusal, escapeForDisplay } from '../problems/problem';
import { decodePolicy } from '../verifier/policy-codec';
import { SpecifiedConfig, regenerateConfig } from '../verifier/verify-policy';
import { RecordedRelease } from './plan';

/**
 * A value, or the problems that keep it from being read. Nothing that a plan holds may throw: a value that can't be
 * read is unknown.
 */
export type ValueOrProblems<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Every policy of a review. Each is decoded once, and its config is generated once for each text that it has. */
export class PolicyCache {
  private readonly decodedPolicies = new Map<string, ValueOrProblems<Policy>>();
  private readonly generatedConfigs = new Map<Policy, Map<string, ValueOrProblems<SpecifiedConfig['generated']>>>();

  decode = (encodedPolicy: string): ValueOrProblems<Policy> =>
    getOrCreate(this.decodedPolicies, encodedPolicy, () => collectProblems(() => decodePolicy(encodedPolicy)));

  /**
   * Returns the config that this version generates for the policy of a release, around the unmanaged config of its
   * text.
   */
  regenerate({
    policy,
    text,
  }: Pick<RecordedRelease, 'policy' | 'text'>): ValueOrProblems<SpecifiedConfig['generated']> {
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
    // The step budget covers everything that is judged together, so the error goes on to the caller.
    if (error instanceof StepBudgetExceeded) throw error;
    return { problems: [createUnforeseenProblem(error)] };
  }
}

/** Returns the problem for a mistake of ours that a plan brought to light. */
export const createUnforeseenProblem = (error: unknown, where = 'this review'): Problem => ({
  code: 'review/unforeseen',
  where,
  what: `An unexpected error: ${escapeForDisplay(error instanceof Error ? error.message : 'an error without a name')}.`,
  instead: 'nothing that you wrote: please report it with the plan that shows it.',
});
