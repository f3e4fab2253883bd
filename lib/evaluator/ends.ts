import {
  ALLOWED,
  KEPT,
  Rewrite,
  Translation,
  Verdict,
  View,
  canonicalTranslations,
  translation,
  unclear,
  unknown,
} from '../reachability/exposure';
import { Vantage } from '../net/device';
import { Pairs, remembered } from '../net/interned';
import { PacketMap } from '../net/packet-map';
import { DROP, Outcome } from './outcomes';

/** How a packet that isn't dropped leaves, but for its destination. Interned. */
export interface Leaving {
  readonly verdict: Verdict;
  readonly source: Rewrite;
  readonly sourcePort: 'kept' | 'free';
  /** Of what is still to be filtered: a rule translated it, and so it has a state, or the filter isn't asked of it. */
  readonly how?: 'translated' | 'skips the filter';
  /** It may be something else by now, and go elsewhere. */
  readonly lost?: true;
}

/** How it leaves with everything. Interned. */
export interface End {
  readonly verdict: Verdict;
  readonly translation: Translation;
}

const leavings = new Pairs<Verdict, Rewrite, Map<string, Leaving>>();
const ends = new Pairs<Verdict, Translation, End>();

export const endOf = (verdict: Verdict, as: Translation): End =>
  ends.of(verdict, as, () => ({ verdict, translation: as }));

/** What becomes of packets from a vantage, as it is shown. */
export const viewOf = (vantage: Vantage, ends: PacketMap<End>): View => ({
  vantage,
  verdicts: ends.map(({ verdict }) => verdict),
  translations: canonicalTranslations(ends.map((one) => one.translation)),
});

/** A doubt about what would be let out. */
export const doubted = (verdict: Verdict, because: string): Verdict =>
  verdict.is === 'allowed' ? unknown(because) : verdict;

export const doubtful = (one: Leaving, because: string): Leaving =>
  one.lost ? one : leaving(doubted(one.verdict, because), one.source, one.sourcePort, one.how);

/** One verdict for two that may both be the one. */
function eitherVerdict(a: Verdict | undefined, b: Verdict | undefined, because: string): Verdict | undefined {
  if (!a || !b) return (a ?? b) && doubted((a ?? b)!, because);
  return a.is === 'allowed' ? b : a;
}

/** Let out either way is let out; as whom is then not known. */
export function eitherLeaving(a: Leaving | undefined, b: Leaving | undefined, because: string): Leaving | undefined {
  if (a === b || a?.lost) return a;
  if (b?.lost) return b;
  const verdict = eitherVerdict(a?.verdict, b?.verdict, because)!;
  const [x, y] = [a ?? b!, b ?? a!];
  return leaving(
    verdict,
    x.source === y.source ? x.source : unclear(because),
    x.sourcePort === y.sourcePort ? x.sourcePort : 'free',
  );
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

export function leaving(
  verdict: Verdict,
  source: Rewrite = KEPT,
  sourcePort: Leaving['sourcePort'] = 'kept',
  how?: Leaving['how'],
): Leaving {
  const some = leavings.of(verdict, source, () => new Map());
  const key = how ? `${sourcePort} ${how}` : sourcePort;
  let found = some.get(key);
  if (!found) some.set(key, (found = { verdict, source, sourcePort, ...(how ? { how } : {}) }));
  return found;
}

export const LEAVES = leaving(ALLOWED);

/** It may leave, and nobody can say as what. */
export const undecided = (because: string): Leaving => leaving(unknown(because), unclear(because), 'free');

const lostAs = remembered((one: Leaving): Leaving => ({ ...one, lost: true }));
export const lost = (because: string): Leaving => lostAs(leaving(unknown(because)));
/** What a translation of its source that nobody knows made of it. */
export const lostBySource = (because: string): Leaving => lostAs(undecided(because));

/** A filter's word on what would leave, if it came that far. */
export function filtered(one: Leaving | undefined, outcome: Outcome | undefined): Leaving | undefined {
  if (outcome?.is === 'altered') return lost(outcome.because);
  if (!one || !outcome || outcome === DROP) return undefined;
  // Lists of other hooks than those that packets come in by and go out by don't say these.
  if (outcome.is === 'pass' || outcome.is === 'either') return doubtful(one, 'it passes where nobody here follows on');
  return outcome.is === 'unknown' ? doubtful(one, outcome.because) : one;
}
