import { Expectation } from '../../meaning/bounds';
import { Device } from '../../net/device';
import { Policy } from '../../policy/policy';
import { Problem, Refusal, printable } from '../../problems/problem';
import { decodePolicy } from '../../proving/policy-codec';
import { Proof, deviceOf, evidenceOf, expectationOf, platformOf, writtenAgain } from '../../proving/prove';
import { Reading } from '../../reading/reader';
import { RecordedRelease } from '../plan';

/** A value, or why there is none. Nothing that a plan holds may throw: what can't be read is unknown. */
export type Outcome<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** A policy with what this version writes for it. */
export interface Meant {
  readonly policy: Policy;
  readonly written: Proof['written'];
  readonly evidence: ReturnType<typeof evidenceOf>;
  readonly device: Device;
  readonly expected: Expectation;
}

/** Everything that was read for one review: equal texts are read once. */
export class Texts {
  private readonly meant = new Map<string, Outcome<Meant>>();
  private readonly read = new Map<string, Outcome<Reading>>();

  /** The policy of a recorded release, and what this version writes for it around what the release's text was written around. */
  meaning({ policy: encoded, text }: Pick<RecordedRelease, 'policy' | 'text'>): Outcome<Meant> {
    return once(this.meant, `${encoded}\n${text}`, () => {
      const policy = decodePolicy(encoded);
      const written = writtenAgain(policy, text);
      const expected = expectationOf(policy, written);
      return { policy, written, evidence: evidenceOf({ written }), device: deviceOf(policy, written), expected };
    });
  }

  /** What a text says on a device, by the reader of a policy's platform. */
  reading(text: string, device: Device, policy: Policy): Outcome<Reading> {
    return once(this.read, `${policy.platform}\n${keyOf(device)}\n${text}`, () => platformOf(policy).reader.read(text, device));
  }
}

function once<T>(known: Map<string, Outcome<T>>, key: string, make: () => T): Outcome<T> {
  const found = known.get(key) ?? outcome(make);
  known.set(key, found);
  return found;
}

function outcome<T>(make: () => T): Outcome<T> {
  try {
    return { value: make() };
  } catch (error) {
    if (error instanceof Refusal) return { problems: error.problems };
    return { problems: [unforeseen(error)] };
  }
}

/** A mistake of ours that something in a plan brought to light. */
export const unforeseen = (error: unknown): Problem => ({
  code: 'review/unforeseen',
  where: 'this review',
  what: `Nobody foresaw this: ${printable(error instanceof Error ? error.message : 'an error without a name')}.`,
  instead: 'nothing that you wrote: please report it with the plan that shows it.',
});

const keyOf = (device: Device): string => JSON.stringify(device, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
