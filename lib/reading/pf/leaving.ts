import { ALLOWED, KEPT, Rewrite, Translation, Verdict, moved, set, translation, unclear, unknown } from '../../exposure/exposure';
import { offset } from '../../net/address';
import { Pairs } from '../../net/interned';

/** How a packet that isn't dropped leaves, but for its destination. Interned. */
export interface Leaving {
  readonly verdict: Verdict;
  readonly source: Rewrite;
  readonly sourcePort: 'kept' | 'free';
}

/** How it leaves with everything. Interned. */
export interface End {
  readonly verdict: Verdict;
  readonly translation: Translation;
}

const kept = new Pairs<Verdict, Rewrite, Leaving>();
const free = new Pairs<Verdict, Rewrite, Leaving>();
const ends = new Pairs<Verdict, Translation, End>();

export const leaving = (verdict: Verdict, source: Rewrite = KEPT, sourcePort: Leaving['sourcePort'] = 'kept'): Leaving =>
  (sourcePort === 'free' ? free : kept).of(verdict, source, () => ({ verdict, source, sourcePort }));

export const LEAVES = leaving(ALLOWED);

export const endOf = (verdict: Verdict, as: Translation): End => ends.of(verdict, as, () => ({ verdict, translation: as }));

/** A doubt about what would be let out. */
export const doubted = (verdict: Verdict, because: string): Verdict => (verdict.is === 'allowed' ? unknown(because) : verdict);

export const doubtful = ({ verdict, source, sourcePort }: Leaving, because: string): Leaving =>
  leaving(doubted(verdict, because), source, sourcePort);

/** One verdict for two that may both be the one. */
export function eitherVerdict(a: Verdict | undefined, b: Verdict | undefined, because: string): Verdict | undefined {
  if (!a || !b) return (a ?? b) && doubted((a ?? b)!, because);
  return a.is === 'allowed' ? b : a;
}

/** Let out either way is let out; as whom is then not known. */
export function eitherLeaving(a: Leaving | undefined, b: Leaving | undefined, because: string): Leaving | undefined {
  if (a === b) return a;
  const verdict = eitherVerdict(a?.verdict, b?.verdict, because)!;
  const [x, y] = [a ?? b!, b ?? a!];
  return leaving(verdict, x.source === y.source ? x.source : unclear(because), x.sourcePort === y.sourcePort ? x.sourcePort : 'free');
}

/** Let out either way, but to different hosts or ports, is not known to be let out to any of them. */
export function eitherEnd(a: End | undefined, b: End | undefined, because: string): End | undefined {
  if (a === b) return a;
  const verdict = eitherVerdict(a?.verdict, b?.verdict, because)!;
  const [x, y] = [(a ?? b!).translation, (b ?? a!).translation];
  const sameTarget = x.destination === y.destination && x.port === y.port;
  const as = translation({
    destination: sameTarget ? x.destination : unclear(because),
    port: x.port === y.port ? x.port : 'kept',
    source: x.source === y.source ? x.source : unclear(because),
    sourcePort: x.sourcePort === y.sourcePort ? x.sourcePort : 'free',
  });
  return endOf(sameTarget ? verdict : doubted(verdict, because), as);
}

/** What two rewritings after one another make of a field. */
export function afterwards(first: Rewrite, second: Rewrite): Rewrite {
  if (second.is === 'set' || second.is === 'unclear' || first.is === 'kept') return second;
  if (second.is === 'kept' || first.is === 'unclear') return first;
  if (first.is === 'moved') return moved(first.by + second.by);
  const to = offset(first.to, second.by);
  return to === undefined ? unclear('it is moved out of its family') : set(to);
}
