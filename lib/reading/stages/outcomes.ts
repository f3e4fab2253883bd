import { Interned, Told } from '../../net/interned';
import { Address } from '../../net/address';

/** What a chain does with a packet. Interned: equal ones are one object. */
export type Outcome =
  | { readonly is: 'accept' }
  | { readonly is: 'drop' }
  | { readonly is: 'unknown'; readonly because: string }
  /** It may be changed, copied or taken away: what comes later may see something else, or nothing. */
  | { readonly is: 'altered'; readonly because: string }
  | { readonly is: 'notrack' }
  | Action;

/** How a nat chain rewrites a packet. */
export type Action =
  | { readonly is: 'rewrite'; readonly address?: NewAddress; readonly port?: number; readonly freePort: boolean }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'masquerade'; readonly freePort: boolean }
  | { readonly is: 'pool'; readonly because: string };

export type NewAddress =
  | { readonly is: 'set'; readonly to: Address }
  | { readonly is: 'moved'; readonly by: bigint }
  /** Host bits are kept: the block of that size at `first`. */
  | { readonly is: 'block'; readonly first: Address; readonly size: bigint };

const interned = new Interned<string, Outcome>();

export function intern<T extends Outcome>(value: T): T {
  const key = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  return interned.of(key, () => value) as T;
}

export const ACCEPT = intern<Outcome>({ is: 'accept' });
export const DROP = intern<Outcome>({ is: 'drop' });
export const NOTRACK = intern<Outcome>({ is: 'notrack' });
export const unknownOutcome = (because: string): Outcome =>
  intern<Outcome>({ is: 'unknown', because: because || 'a rule may match or not' });

export const altered = (because: string): Outcome => intern<Outcome>({ is: 'altered', because });

/** One filter after another. */
export function bothOutcomes(earlier: Outcome, later: Outcome): Outcome {
  if (earlier === DROP || earlier.is === 'altered') return earlier;
  if (later === DROP || later.is === 'altered') return later;
  return earlier === ACCEPT ? later : earlier;
}

/**
 * What may become of a packet in a chain: an outcome, going back to the chain before (`returns`), or going on to the
 * next rule (`goesOn`). More than one of them only where a rule may match or not.
 */
export interface Possible {
  readonly now?: Outcome;
  readonly returns: boolean;
  readonly goesOn: boolean;
  readonly because: string;
}

const possibles = new Told<Outcome | undefined, Possible>();

export function possible(now: Outcome | undefined, returns = false, goesOn = false, because = ''): Possible {
  const key = `${returns ? 'r' : ''}${goesOn ? 'g' : ''}${because}`;
  return possibles.of(now, key, () => ({ ...(now ? { now } : {}), returns, goesOn, because }));
}

export const RETURN = possible(undefined, true);
/** With the next rule. */
export const GOES_ON = possible(undefined, false, true);

/** What may become of a packet where either may be the answer. */
export const eitherOf = (a: Possible, b: Possible, because: string): Possible =>
  a === b ? a : possible(either(a.now, b.now, because), a.returns || b.returns, a.goesOn || b.goesOn, a.because || b.because || because);

/** One outcome for two that may both happen. */
export function either(a: Outcome | undefined, b: Outcome | undefined, because: string): Outcome | undefined {
  if (!a || !b) return a ?? b;
  if (a === b || a.is === 'altered') return a;
  if (b.is === 'altered') return b;
  return a.is === 'unknown' ? a : b.is === 'unknown' ? b : unknownOutcome(because);
}

/** What becomes of a packet for which `first` may be the answer, and if it goes on, `rest` is. */
export function settle(first: Possible, rest: Possible | undefined): Possible {
  if (!first.goesOn) return first;
  if (!rest) return first;
  return possible(either(first.now, rest.now, first.because), first.returns || rest.returns, rest.goesOn, first.because);
}

/** As the chain that jumped here sees it: to return is to go on there. */
export const atEnd = (one: Possible): Possible | undefined =>
  one.now ? possible(one.now, false, one.returns || one.goesOn, one.because) : undefined;

/** At the end of a base chain its policy decides. */
export const withPolicy = (one: Possible | undefined, policy: Outcome): Outcome =>
  !one ? policy : one.returns || one.goesOn ? either(one.now, policy, one.because)! : one.now!;
