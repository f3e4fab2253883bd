import { Device } from '../../net/device';
import { TooMuchWork } from '../../net/work';
import { Policy } from '../../policy/policy';
import { Problem, Refusal, printable } from '../../problems/problem';
import { decodePolicy } from '../../proving/policy-codec';
import { Meant, meantByText, platformOf } from '../../proving/prove';
import { Reading } from '../../reading/reader';
import { RecordedRelease } from '../plan';
import { OwnText, Shapes } from './shapes';

/** A value, or why there is none. Nothing that a plan holds may throw: what can't be read is unknown. */
export type Outcome<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Every policy of a review, decoded once. */
export class Policies {
  private readonly decoded = new Map<string, Outcome<Policy>>();

  of = (policy: string): Outcome<Policy> => once(this.decoded, policy, () => decodePolicy(policy));
}

/** Everything that was read for owners that are judged together: equal texts are read once. */
export class Texts {
  private readonly meant = new Map<string, Outcome<Meant>>();
  private readonly read = new Map<string, Outcome<Reading>>();

  constructor(
    private readonly policies = new Policies(),
    readonly shapes = new Shapes(),
  ) {}

  meaning({ policy, text }: Pick<RecordedRelease, 'policy' | 'text'>): Outcome<Meant> {
    const decoded = this.policies.of(policy);
    return 'value' in decoded ? once(this.meant, `${policy}\n${text}`, () => meantByText(decoded.value, text)) : decoded;
  }

  /** What a text says on a device, by the reader of a policy's platform. */
  reading(text: string, device: Device, policy: Policy): Outcome<Reading> {
    return this.readOnce(text, device, policy, ({ read }) => read());
  }

  /** The same of what this version writes for a policy, or of the device without it. */
  written(meant: Meant, of: 'release' | 'rest'): Outcome<Reading> {
    const { device, policy, written } = meant;
    const { text } = of === 'release' ? written : written.surroundings;
    return this.readOnce(text, device, policy, (own) => this.shapes.reading(meant, of, own));
  }

  private readOnce(text: string, device: Device, policy: Policy, how: (own: OwnText) => Reading): Outcome<Reading> {
    const { reader } = platformOf(policy);
    const read = (): Reading => reader.read(text, device);
    const explaining = (): Reading['explain'] => reader.explaining?.(text, device) ?? read().explain;
    return once(this.read, `${policy.platform}\n${keyOf(device)}\n${text}`, () => how({ read, explaining }));
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

const keyOf = (device: Device): string => JSON.stringify(device, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
