import { Release } from '../lib/agent-protocol/release';
import { PAUSE, Patience } from './patience';
import { World, decidedAfter, identity } from './steps';

/**
 * Rolls back and returns what the device runs afterwards, or that it could not be asked. `sinceArming`: a release may be loaded. `atRest`: no command of
 * this delivery runs there any more, so its timer need not wait. Never throws.
 */
export async function rollback(
  release: Release,
  world: World,
  sinceArming: Patience | undefined,
  atRest = false,
): Promise<Rolled> {
  world.step('rollback');
  const words = ['rollback', ...identity(release), world.token];
  const patience = sinceArming ?? new Patience();
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
    if (word === 'already-confirmed') return decided(release, world);
    if (is === 'failed') return { is: 'stuck', word: word ?? '' };
    if (patience.over(!sinceArming ? PAUSE : atRest ? release.rollbackSeconds + UNDOES_WITHIN : decidedAfter(release)))
      return { is: 'unknown' };
    if (sinceArming)
      world.step(
        'rollback',
        `waiting until the device has undone it by itself, ${release.rollbackSeconds} s after loading`,
      );
    await patience.pause(world);
  }
}

/** Seconds for an undo by the timer; a device that can't be asked then would not answer a minute later either. */
const UNDOES_WITHIN = 20;

/** Confirmed, if what the device runs is what was sent. */
async function decided(release: Release, world: World): Promise<Rolled> {
  const { result } = await world.remote.run(['outcome', ...identity(release), world.token], { seconds: 30 });
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

export type Rolled =
  | RolledBack
  /** By this delivery's yes, and it is what was sent. */
  | { readonly is: 'confirmed' }
  /** It says that it confirmed, and not what was sent. */
  | { readonly is: 'odd' }
  | { readonly is: 'stuck'; readonly word: string }
  | { readonly is: 'unknown' };
