// Rolls a failed delivery back, and finds out which release the device runs afterwards.

import { Release } from '../lib/agent-protocol/release';
import { PAUSE_SECONDS, RetryTimer } from './retry-timer';
import { DeliveryContext, getDecisionSeconds, getIdentity } from './delivery-steps';

/**
 * Rolls back and returns what the device runs afterwards, or that it could not be asked. `armTimer`: a release may
 * be loaded. `isAtRest`: no command of this delivery runs there any more, so its timer need not wait. Never throws.
 */
export async function rollBack(
  release: Release,
  context: DeliveryContext,
  armTimer: RetryTimer | undefined,
  isAtRest = false,
): Promise<RollbackResult> {
  context.step('rollback');
  const words = ['rollback', ...getIdentity(release), context.token];
  const retryTimer = armTimer ?? new RetryTimer();
  for (let first = true; ; first = false) {
    const { result } = await context.remote.run(words, { seconds: 60 });
    const { is, word, values = {} } = result ?? {};
    if (is === 'ok' && word === 'rolled-back') {
      // An earlier attempt, whose answer was lost, may have rolled it back. Only the first attempt's answer shows what
      // did.
      const { digest = 'none', from, stopped } = values;
      return {
        is: 'rolled-back',
        digest,
        byItself: first && from === 'nothing',
        ...(stopped === undefined ? {} : { stopped }),
      };
    }
    if (word === 'already-confirmed') return askOutcome(release, context);
    if (is === 'failed') return { is: 'stuck', word: word ?? '' };
    if (
      retryTimer.isOver(
        !armTimer ? PAUSE_SECONDS : isAtRest ? release.rollbackSeconds + TIMER_SECONDS : getDecisionSeconds(release),
      )
    )
      return { is: 'unknown' };
    if (armTimer)
      context.step(
        'rollback',
        `waiting until the device has rolled it back by itself, ${release.rollbackSeconds} s after loading`,
      );
    await retryTimer.pause(context);
  }
}

/**
 * Seconds for a rollback by the timer; a device that can't be asked after them would not answer a minute later either.
 */
const TIMER_SECONDS = 20;

/** Returns `confirmed` if the device runs the sent release. */
async function askOutcome(release: Release, context: DeliveryContext): Promise<RollbackResult> {
  const { result } = await context.remote.run(['outcome', ...getIdentity(release), context.token], { seconds: 30 });
  if (result === undefined) return { is: 'unknown' };
  return {
    is:
      result.is === 'ok' && result.word === 'confirmed' && result.values['digest'] === release.digest
        ? 'confirmed'
        : 'odd',
  };
}

interface RolledBack {
  readonly is: 'rolled-back';
  readonly digest: string;
  /** Whether nothing was left to roll back. */
  readonly byItself: boolean;
  /** The program that has to load the earlier rules and that was stopped: none of these rules run. */
  readonly stopped?: string;
}

export type RollbackResult =
  | RolledBack
  /** Confirmed by this delivery, and it is the sent release. */
  | { readonly is: 'confirmed' }
  /** The device reports a confirmation, but not of the sent release. */
  | { readonly is: 'odd' }
  | { readonly is: 'stuck'; readonly word: string }
  | { readonly is: 'unknown' };
