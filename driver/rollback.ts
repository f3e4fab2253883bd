import { Release } from '../lib/agent-protocol/release';
import { PAUSE_SECONDS, RetryTimer } from './retry-timer';
import { DeliveryContext, getDecisionSeconds, getIdentity } from './delivery-steps';

/**
 * Rolls back and returns what the device runs afterwards, or that it could not be asked. `sinceArming`: a release may be loaded. `atRest`: no command of
 * this delivery runs there any more, so its timer need not wait. Never throws.
 */
export async function rollBack(
  release: Release,
  world: DeliveryContext,
  sinceArming: RetryTimer | undefined,
  isAtRest = false,
): Promise<RollbackResult> {
  world.step('rollback');
  const words = ['rollback', ...getIdentity(release), world.token];
  const retryTimer = sinceArming ?? new RetryTimer();
  for (let first = true; ; first = false) {
    const { result } = await world.remote.run(words, { seconds: 60 });
    const { is, word, values = {} } = result ?? {};
    if (is === 'ok' && word === 'rolled-back') {
      // An earlier one, whose answer was lost, may have undone it. The first to be answered knows who did.
      const { digest = 'none', from, stopped } = values;
      return {
        is: 'rolled-back',
        digest,
        byItself: first && from === 'nothing',
        ...(stopped === undefined ? {} : { stopped }),
      };
    }
    if (word === 'already-confirmed') return askOutcome(release, world);
    if (is === 'failed') return { is: 'stuck', word: word ?? '' };
    if (
      retryTimer.isOver(
        !sinceArming ? PAUSE_SECONDS : isAtRest ? release.rollbackSeconds + TIMER_SECONDS : getDecisionSeconds(release),
      )
    )
      return { is: 'unknown' };
    if (sinceArming)
      world.step(
        'rollback',
        `waiting until the device has undone it by itself, ${release.rollbackSeconds} s after loading`,
      );
    await retryTimer.pause(world);
  }
}

/** Seconds for an undo by the timer; a device that can't be asked then would not answer a minute later either. */
const TIMER_SECONDS = 20;

/** Confirmed, if what the device runs is what was sent. */
async function askOutcome(release: Release, world: DeliveryContext): Promise<RollbackResult> {
  const { result } = await world.remote.run(['outcome', ...getIdentity(release), world.token], { seconds: 30 });
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
  /** There was nothing to undo any more. */
  readonly byItself: boolean;
  /** The program that is to load what it went back to and that somebody has stopped: nothing of it runs. */
  readonly stopped?: string;
}

export type RollbackResult =
  | RolledBack
  /** By this delivery's yes, and it is what was sent. */
  | { readonly is: 'confirmed' }
  /** It says that it confirmed, and not what was sent. */
  | { readonly is: 'odd' }
  | { readonly is: 'stuck'; readonly word: string }
  | { readonly is: 'unknown' };
