import { Interned, Told, keyText, remembered } from '../net/interned';
import { Address } from '../net/address';
import { Range } from '../net/range';
import { Seen } from './context';
import { BaseChain, Decision } from './model';

/** What a chain does with a packet. Interned: equal ones are one object. */
export type Outcome =
  | { readonly is: 'accept' }
  | { readonly is: 'drop' }
  | { readonly is: 'unknown'; readonly because: string }
  /** It may be changed, copied or taken away: what comes later may see something else, or nothing. */
  | { readonly is: 'altered'; readonly because: string }
  /** What it is behind the list, where that was asked. */
  | { readonly is: 'left'; readonly as: Seen }
  /** Not by a plain accept: without a state, or by an interface of its own. */
  | { readonly is: 'pass'; readonly state: boolean; readonly out: string | undefined }
  /** One of these, each followed by itself. */
  | { readonly is: 'either'; readonly options: readonly Outcome[]; readonly because: string }
  | Action;

/** How a nat chain rewrites a packet. */
type Action =
  | {
      readonly is: 'rewrite';
      readonly address?: NewAddress;
      readonly port?: number;
      readonly freePort: boolean;
      readonly skipsFilter?: true;
    }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'masquerade'; readonly freePort: boolean }
  /** One of some addresses: `among`, or any. */
  | {
      readonly is: 'pool';
      readonly because: string;
      readonly among?: readonly Range[];
      readonly port?: number;
      readonly skipsFilter?: true;
    };

export type NewAddress =
  | { readonly is: 'set'; readonly to: Address }
  | { readonly is: 'moved'; readonly by: bigint }
  /** Host bits are kept: the block of that size at `first`. */
  | { readonly is: 'block'; readonly first: Address; readonly size: bigint };

const interned = new Interned<string, Outcome>();

export function intern<T extends Outcome>(value: T): T {
  return interned.of(keyText(value), () => value) as T;
}

export const ACCEPT = intern<Outcome>({ is: 'accept' });
export const DROP = intern<Outcome>({ is: 'drop' });
export const unknownOutcome = (because: string): Outcome =>
  intern<Outcome>({ is: 'unknown', because: because || 'a rule may match or not' });

/** Interned as that is. */
export const leftAs = remembered((as: Seen): Outcome => ({ is: 'left', as }));

export const passing = ({ state, out }: Decision & { is: 'pass' }): Outcome =>
  state && out === undefined ? ACCEPT : intern<Outcome>({ is: 'pass', state, out });

/** What is asked of a chain: its verdict, its translation, or what packets are behind it that pass it or are held. */
export type Question = 'filter' | 'nat' | 'left';

/** What nobody here knows may do anything. Behind a translation that isn't known nothing is known anyway. */
export const notUnderstood = ({ because }: { readonly because: string }, question: Question): Outcome =>
  question === 'nat' ? unknownOutcome(because) : altered(because);
export const outsideNat = (line: number): Outcome => unknownOutcome(`line ${line}: a translation outside a nat chain`);

/** What becomes of what no rule decides. */
export const POLICIES: Readonly<Record<BaseChain['policy'], Outcome>> = {
  accept: ACCEPT,
  drop: DROP,
  'pass without state': passing({ is: 'pass', state: false }),
};

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
  a === b
    ? a
    : possible(
        either(a.now, b.now, because),
        a.returns || b.returns,
        a.goesOn || b.goesOn,
        a.because || b.because || because,
      );

/** So many options of one packet are told apart; past it, nothing is said of it. */
export const MOST_OPTIONS = 6;
export const TOO_MANY = 'more rules may decide it than are told apart';

export const optionsOf = (one: Outcome): readonly Outcome[] => (one.is === 'either' ? one.options : [one]);
/** Why there are several. */
export const whyEither = (one: Outcome): string => (one.is === 'either' ? one.because : '');

/** One outcome for two that may both happen. */
export function either(a: Outcome | undefined, b: Outcome | undefined, because: string): Outcome | undefined {
  if (!a || !b) return a ?? b;
  if (a === b || a.is === 'altered') return a;
  if (b.is === 'altered') return b;
  return a.is === 'unknown' ? a : b.is === 'unknown' ? b : oneOf([...optionsOf(a), ...optionsOf(b)], because);
}

function oneOf(some: readonly Outcome[], because: string): Outcome {
  const options = [...new Set(some)];
  if (options.length === 1) return options[0]!;
  if (options.length > MOST_OPTIONS) return unknownOutcome(TOO_MANY);
  // What a nat chain drops, or perhaps translates.
  if (options.includes(DROP) && !options.some(({ is }) => is === 'pass')) return unknownOutcome(because);
  return intern<Outcome>({ is: 'either', options, because });
}

/** What the first list translates, or else the next. */
export function orElse(first: Outcome, next: Outcome): Outcome {
  if (first === ACCEPT || next === ACCEPT) return first === ACCEPT ? next : first;
  if (first.is !== 'either' || !first.options.includes(ACCEPT)) return first;
  if (next.is === 'unknown' || next.is === 'altered') return next;
  return oneOf([...first.options.filter((one) => one !== ACCEPT), ...optionsOf(next)], first.because);
}

/** What becomes of a packet for which `first` may be the answer, and if it goes on, `rest` is. */
export function settle(first: Possible, rest: Possible | undefined): Possible {
  if (!first.goesOn) return first;
  if (!rest) return first;
  return possible(
    either(first.now, rest.now, first.because),
    first.returns || rest.returns,
    rest.goesOn,
    first.because,
  );
}

/** As the chain that jumped here sees it: to return is to go on there. */
export const atEnd = (one: Possible): Possible | undefined =>
  one.now ? possible(one.now, false, one.returns || one.goesOn, one.because) : undefined;

/** At the end of a base chain its policy decides. */
export const withPolicy = (one: Possible | undefined, policy: Outcome): Outcome =>
  !one ? policy : one.returns || one.goesOn ? either(one.now, policy, one.because)! : one.now!;

/** A port of the destination is translated. */
export const translatesPort = (one: Outcome): boolean =>
  (one.is === 'rewrite' || one.is === 'redirect' || one.is === 'pool') && one.port !== undefined;

/** The same of packets that have none. */
export function withoutPort(one: Outcome): Outcome {
  if (one.is === 'either') return one.options.map(withoutPort).reduce((a, b) => either(a, b, one.because)!);
  if (one.is !== 'rewrite' && one.is !== 'redirect' && one.is !== 'pool') return one;
  const { port, ...rest } = one;
  return port === undefined ? one : intern<Outcome>(rest);
}
