// The outcome of a packet in a chain (accept, drop, a translation, unknown), as interned values. Merges outcomes that
// may both happen, and outcomes of filters in sequence.

import { InternTable, TextInternTable, toKey, memoize } from '../net/intern-tables';
import { Address } from '../net/address';
import { Range } from '../net/range';
import { PacketState } from './packet-context';
import { BaseChain, RuleVerdict } from './ruleset-model';

/** The outcome of a packet in a chain. Interned: equal ones are one object. */
export type ChainOutcome =
  | { readonly is: 'accept' }
  | { readonly is: 'drop' }
  | { readonly is: 'unknown'; readonly reason: string }
  /** The packet may be changed, copied or taken away: later chains may see something else, or nothing. */
  | { readonly is: 'altered'; readonly reason: string }
  /** The packet's state behind the chain, if the query asks for it. */
  | { readonly is: 'left'; readonly packetState: PacketState }
  /** The packet passes, but not by a plain accept: without a state, or by an interface that the rule names. */
  | { readonly is: 'pass'; readonly state: boolean; readonly exitInterface: string | undefined }
  /** One of these options. Each is followed by itself. */
  | { readonly is: 'either'; readonly options: readonly ChainOutcome[]; readonly reason: string }
  | TranslationAction;

/** How a nat chain rewrites a packet. */
type TranslationAction =
  | {
      readonly is: 'rewrite';
      readonly address?: AddressRewrite;
      readonly port?: number;
      readonly hasFreeSourcePort: boolean;
      readonly skipsFilter?: true;
    }
  | { readonly is: 'redirect'; readonly port?: number }
  | { readonly is: 'masquerade'; readonly hasFreeSourcePort: boolean }
  /** One of several addresses: one in `pool`, or any if undefined. */
  | {
      readonly is: 'pool';
      readonly reason: string;
      readonly pool?: readonly Range[];
      readonly port?: number;
      readonly skipsFilter?: true;
    };

export type AddressRewrite =
  | { readonly is: 'set'; readonly to: Address }
  | { readonly is: 'moved'; readonly distance: bigint }
  /** Host bits are kept: the block of that size at `first`. */
  | { readonly is: 'block'; readonly first: Address; readonly size: bigint };

const internedOutcomes = new InternTable<string, ChainOutcome>();

export function internOutcome<T extends ChainOutcome>(value: T): T {
  return internedOutcomes.getOrCreate(toKey(value), () => value) as T;
}

export const ACCEPT = internOutcome<ChainOutcome>({ is: 'accept' });
export const DROP = internOutcome<ChainOutcome>({ is: 'drop' });
export const createUnknownOutcome = (reason: string): ChainOutcome =>
  internOutcome<ChainOutcome>({ is: 'unknown', reason: reason || 'a rule may match or not' });

/** Returns the outcome of a state, interned as the state is. */
export const createStateOutcome = memoize((state: PacketState): ChainOutcome => ({ is: 'left', packetState: state }));

export const createPassOutcome = ({ state, exitInterface }: RuleVerdict & { is: 'pass' }): ChainOutcome =>
  state && exitInterface === undefined ? ACCEPT : internOutcome<ChainOutcome>({ is: 'pass', state, exitInterface });

/**
 * The question to a chain: its verdict, its translation, or the states of packets behind it, whether they pass or are
 * held.
 */
export type ChainQuery = 'filter' | 'nat' | 'left';

/**
 * Returns the outcome of an action that isn't known and may do anything. Behind a translation that isn't known nothing
 * is known anyway.
 */
export const createOpaqueOutcome = ({ reason }: { readonly reason: string }, query: ChainQuery): ChainOutcome =>
  query === 'nat' ? createUnknownOutcome(reason) : createAlteredOutcome(reason);
export const createMisplacedOutcome = (line: number): ChainOutcome =>
  createUnknownOutcome(`line ${line}: a translation outside a nat chain`);

/** Outcomes of packets that no rule decides about. */
export const POLICY_OUTCOMES: Readonly<Record<BaseChain['policy'], ChainOutcome>> = {
  accept: ACCEPT,
  drop: DROP,
  'pass without state': createPassOutcome({ is: 'pass', state: false }),
};

export const createAlteredOutcome = (reason: string): ChainOutcome =>
  internOutcome<ChainOutcome>({ is: 'altered', reason });

/** Returns the outcome of one filter after another. */
export function mergeSequence(earlier: ChainOutcome, later: ChainOutcome): ChainOutcome {
  if (earlier === DROP || earlier.is === 'altered') return earlier;
  if (later === DROP || later.is === 'altered') return later;
  return earlier === ACCEPT ? later : earlier;
}

/**
 * The possible results of a packet in a chain: an outcome, a return to the chain before (`mayReturn`), or the next rule
 * (`mayContinue`). There is more than one only if a rule may match or not.
 */
export interface ChainResult {
  readonly outcome?: ChainOutcome;
  readonly mayReturn: boolean;
  readonly mayContinue: boolean;
  readonly reason: string;
}

const internedResults = new TextInternTable<ChainOutcome | undefined, ChainResult>();

export function createChainResult(
  outcome: ChainOutcome | undefined,
  mayReturn = false,
  continues = false,
  reason = '',
): ChainResult {
  const key = `${mayReturn ? 'r' : ''}${continues ? 'g' : ''}${reason}`;
  return internedResults.getOrCreate(outcome, key, () => ({
    ...(outcome ? { outcome } : {}),
    mayReturn,
    mayContinue: continues,
    reason,
  }));
}

export const RETURN_RESULT = createChainResult(undefined, true);
/** Goes on with the next rule. */
export const CONTINUE_RESULT = createChainResult(undefined, false, true);

/** Returns the result of a packet for which either may hold. */
export const mergeChainResults = (a: ChainResult, b: ChainResult, reason: string): ChainResult =>
  a === b
    ? a
    : createChainResult(
        mergeOutcomes(a.outcome, b.outcome, reason),
        a.mayReturn || b.mayReturn,
        a.mayContinue || b.mayContinue,
        a.reason || b.reason || reason,
      );

/** The most options of one packet that are told apart. With more, nothing is said of it. */
export const MAX_OPTIONS = 6;
export const TOO_MANY_REASON = 'more rules may decide it than are told apart';

export const listOptions = (outcome: ChainOutcome): readonly ChainOutcome[] =>
  outcome.is === 'either' ? outcome.options : [outcome];
/** Returns why there are several options. */
export const explainOptions = (outcome: ChainOutcome): string => (outcome.is === 'either' ? outcome.reason : '');

/** Returns one outcome for two that may both happen. */
export function mergeOutcomes(
  a: ChainOutcome | undefined,
  b: ChainOutcome | undefined,
  reason: string,
): ChainOutcome | undefined {
  if (!a || !b) return a ?? b;
  if (a === b || a.is === 'altered') return a;
  if (b.is === 'altered') return b;
  return a.is === 'unknown'
    ? a
    : b.is === 'unknown'
      ? b
      : createEitherOutcome([...listOptions(a), ...listOptions(b)], reason);
}

function createEitherOutcome(outcomes: readonly ChainOutcome[], reason: string): ChainOutcome {
  const options = [...new Set(outcomes)];
  if (options.length === 1) return options[0]!;
  if (options.length > MAX_OPTIONS) return createUnknownOutcome(TOO_MANY_REASON);
  // A nat chain drops the packet, or perhaps translates it.
  if (options.includes(DROP) && !options.some(({ is }) => is === 'pass')) return createUnknownOutcome(reason);
  return internOutcome<ChainOutcome>({ is: 'either', options, reason });
}

/** Returns the translation of the first chain, or else of the next. */
export function mergeNatOutcomes(first: ChainOutcome, next: ChainOutcome): ChainOutcome {
  if (first === ACCEPT || next === ACCEPT) return first === ACCEPT ? next : first;
  if (first.is !== 'either' || !first.options.includes(ACCEPT)) return first;
  if (next.is === 'unknown' || next.is === 'altered') return next;
  return createEitherOutcome(
    [...first.options.filter((option) => option !== ACCEPT), ...listOptions(next)],
    first.reason,
  );
}

/** Returns the result of a packet for which `first` may hold, and if it goes on, `continuation`. */
export function resolveContinuation(first: ChainResult, continuation: ChainResult | undefined): ChainResult {
  if (!first.mayContinue) return first;
  if (!continuation) return first;
  return createChainResult(
    mergeOutcomes(first.outcome, continuation.outcome, first.reason),
    first.mayReturn || continuation.mayReturn,
    continuation.mayContinue,
    first.reason,
  );
}

/** Returns the result as the chain that jumped here sees it: a return goes on there. */
export const toCallerResult = (result: ChainResult): ChainResult | undefined =>
  result.outcome
    ? createChainResult(result.outcome, false, result.mayReturn || result.mayContinue, result.reason)
    : undefined;

/** Returns the outcome of a base chain: at its end its policy decides. */
export const applyPolicy = (result: ChainResult | undefined, policy: ChainOutcome): ChainOutcome =>
  !result
    ? policy
    : result.mayReturn || result.mayContinue
      ? mergeOutcomes(result.outcome, policy, result.reason)!
      : result.outcome!;

/** Returns whether an outcome translates the destination port. */
export const isPortTranslated = (outcome: ChainOutcome): boolean =>
  (outcome.is === 'rewrite' || outcome.is === 'redirect' || outcome.is === 'pool') && outcome.port !== undefined;

/** Returns the same outcome for packets that have no ports. */
export function removePort(outcome: ChainOutcome): ChainOutcome {
  if (outcome.is === 'either')
    return outcome.options.map(removePort).reduce((a, b) => mergeOutcomes(a, b, outcome.reason)!);
  if (outcome.is !== 'rewrite' && outcome.is !== 'redirect' && outcome.is !== 'pool') return outcome;
  const { port, ...portless } = outcome;
  return port === undefined ? outcome : internOutcome<ChainOutcome>(portless);
}
