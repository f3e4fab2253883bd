import { TooMuchWork } from '../net/work';
import { Policy } from '../policy/policy';
import { Problem, Refusal, printable } from '../problems/problem';
import { decodePolicy } from '../verifier/policy-codec';
import { Meant, writtenAgain } from '../verifier/prove';
import { RecordedRelease } from './plan';

/** A value, or why there is none. Nothing that a plan holds may throw: what can't be read is unknown. */
export type Outcome<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Every policy of a review, decoded once, and written once for each text that there is of it. */
export class Policies {
  private readonly decoded = new Map<string, Outcome<Policy>>();
  private readonly again = new Map<Policy, Map<string, Outcome<Meant['written']>>>();

  of = (policy: string): Outcome<Policy> => once(this.decoded, policy, () => outcome(() => decodePolicy(policy)));

  /** What this version writes for the policy of a release around what its text was written around. */
  written({ policy, text }: Pick<RecordedRelease, 'policy' | 'text'>): Outcome<Meant['written']> {
    const decoded = this.of(policy);
    if (!('value' in decoded)) return decoded;
    const texts = once(this.again, decoded.value, () => new Map());
    return once(texts, text, () => outcome(() => writtenAgain(decoded.value, text)));
  }
}

export function once<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

export function outcome<T>(make: () => T): Outcome<T> {
  try {
    return { value: make() };
  } catch (error) {
    if (error instanceof Refusal) return { problems: error.problems };
    // That is a matter of all that are judged together.
    if (error instanceof TooMuchWork) throw error;
    return { problems: [unforeseen(error)] };
  }
}

/** A mistake of ours that something in a plan brought to light. */
export const unforeseen = (error: unknown, where = 'this review'): Problem => ({
  code: 'review/unforeseen',
  where,
  what: `Nobody foresaw this: ${printable(error instanceof Error ? error.message : 'an error without a name')}.`,
  instead: 'nothing that you wrote: please report it with the plan that shows it.',
});
