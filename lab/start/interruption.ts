import { endGroups } from '../command';
import { Screen } from './screen';
import { Steps } from './steps';

/** Seconds that steps have to notice that what they wait for is gone. */
export const SETTLES_WITHIN = 15;

interface Interruption {
  /** Resolves when an interruption has removed everything; at once where there was none. */
  removing(): Promise<void>;
  /** Ctrl-C and TERM are not waited for any more. */
  over(): void;
}

/** Ctrl-C and TERM end what runs, remove what was made, say so in one line, and end this process with status 130. */
export function onInterruption(screen: Screen, steps: Steps, remove: () => Promise<void>): Interruption {
  let removing: Promise<void> | undefined;
  const interrupted = (): void => {
    removing ??= (async () => {
      screen.mute();
      await Promise.all([endGroups(), remove()]);
      await steps.settled(SETTLES_WITHIN);
      // A step that had begun may have made something after the first removal.
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
