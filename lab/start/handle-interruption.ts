// Handles Ctrl-C and SIGTERM during `npm start`: stops the steps, removes the lab, exits with status 130.
import { endGroups } from '../command';
import { Screen } from './screen';
import { Steps } from './steps';

/** Seconds in which steps must notice that what they wait for is gone. */
export const SETTLES_WITHIN = 15;

interface Interruption {
  /** Resolves when an interruption has removed everything; at once without an interruption. */
  removing(): Promise<void>;
  /** Stops handling Ctrl-C and TERM. */
  over(): void;
}

/**
 * Handles Ctrl-C and TERM: ends the running steps, removes what was created, prints one line, and exits with status
 * 130.
 */
export function onInterruption(screen: Screen, steps: Steps, remove: () => Promise<void>): Interruption {
  let removing: Promise<void> | undefined;
  const interrupted = (): void => {
    removing ??= (async () => {
      screen.mute();
      await Promise.all([endGroups(), remove()]);
      await steps.settled(SETTLES_WITHIN);
      // A step may have created something after the first removal.
      await remove();
      screen.last('Interrupted: the lab is removed, and nothing is left behind.');
    })()
      .catch((error: unknown) => screen.last(`Interrupted, and not everything was removed: ${String(error)}`))
      .finally(() => process.exit(130));
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  return {
    removing: () => removing ?? Promise.resolve(),
    over: () => void process.off('SIGINT', interrupted).off('SIGTERM', interrupted),
  };
}
