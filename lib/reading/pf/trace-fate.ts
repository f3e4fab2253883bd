import { Packet } from '../../net/packet';
import { Settled } from '../reader';
import { PfLine } from './model';

/** A packet on its way, and what was done to it. */
export interface Sofar {
  readonly packet: Packet;
  readonly lines: readonly PfLine[];
  /** What has let it pass so far. */
  readonly passedBy: readonly Settled[];
  /** How its fields were rewritten, as words that are the same for the same rewriting; `unclear` where nobody can say. */
  readonly destination: string;
  readonly source: string;
  readonly freePort: boolean;
}

/** What becomes of it. */
export interface Fate {
  readonly verdict: 'allowed' | 'denied' | 'unknown';
  readonly because: string;
  readonly settledBy: readonly Settled[];
  readonly after: Sofar;
}

export const allowed = (after: Sofar, because: string): Fate => ({ verdict: 'allowed', because, settledBy: after.passedBy, after });
export const denied = (after: Sofar, because: string, by: Settled = { words: because }): Fate => ({
  ...{ verdict: 'denied', because, after },
  settledBy: [by],
});
export const undecided = (after: Sofar, because: string): Fate => ({ verdict: 'unknown', because, settledBy: [], after });

export const doubt = (fate: Fate, because: string): Fate => (fate.verdict === 'allowed' ? undecided(fate.after, because) : fate);

export const noted = (sofar: Sofar, line: PfLine | undefined): Sofar => (line ? { ...sofar, lines: [...sofar.lines, line] } : sofar);

export const passed = (sofar: Sofar, by: Settled): Sofar => ({ ...sofar, passedBy: [...sofar.passedBy, by] });

/** A rule, by its line; what a configuration says by its name, too. */
export const settledBy = ({ number, text, isName }: PfLine): Settled => ({ ...(isName ? { words: text } : {}), line: number });

/** Several that may be the one. Let out either way is let out, if it is to the same host and port. */
export function anyOf(fates: readonly Fate[], because: string): Fate {
  return fates.reduce((a, b) => {
    if (a.verdict === 'denied' && b.verdict === 'denied') return a;
    if (a.verdict === 'denied' || b.verdict === 'denied') return doubt(a.verdict === 'denied' ? b : a, because);
    const [x, y] = [a.after, b.after];
    const after: Sofar = {
      ...x,
      destination: x.destination === y.destination ? x.destination : 'unclear',
      source: x.source === y.source ? x.source : 'unclear',
      freePort: x.freePort || y.freePort,
    };
    const fate: Fate = { ...(a.verdict === 'unknown' ? a : b), after };
    return x.destination === y.destination ? fate : doubt(fate, because);
  });
}
