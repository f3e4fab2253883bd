import { Exposure, Translation, Verdict, View, unknown } from '../../../../reachability/exposure';
import { Phase } from '../../../../reachability/phase';
import { Vantage, vantageKey } from '../../../../net/device';
import { Packet } from '../../../../net/packet';
import { LoadedRules } from '../../../../parse/pf/loaded';
import { Explanation } from '../../../../parse/reader';

/** What a box has stored, and what it runs. `lasting`: the same without what no configuration says. */
export interface Halves {
  readonly stored: LoadedRules;
  readonly running: LoadedRules;
  readonly lasting: LoadedRules;
}

const DISAGREE = 'what is stored and what runs disagree';
const RUNS_MORE: Verdict = unknown(`${DISAGREE}: what runs lets it through`);
const RUNS_LESS: Verdict = unknown(`${DISAGREE}: what runs does not let it through`);
const RUNS_OTHERWISE: Verdict = unknown(`${DISAGREE}: what runs translates it otherwise`);

/** What runs, and unknown wherever a box that loads what it has stored would do something else. */
export function joinedExposure(
  { stored, running, lasting }: Halves,
  evaluate = (rules: LoadedRules): Exposure => rules.exposure(),
): Exposure {
  const [wanted, now, compared] = [stored, running, lasting].map(evaluate) as [Exposure, Exposure, Exposure];
  return {
    views: now.views.map((view) => joinedView(view, viewOf(compared, view.vantage), viewOf(wanted, view.vantage))),
  };
}

const viewOf = ({ views }: Exposure, vantage: Vantage): View =>
  views.find((one) => vantageKey(one.vantage) === vantageKey(vantage))!;

function joinedView(now: View, lasting: View, stored: View): View {
  const verdicts = lasting.verdicts.with(stored.verdicts, differing);
  const translations = lasting.translations
    .with(stored.translations, (a, b) => (a && b && !sameTranslation(a, b) ? RUNS_OTHERWISE : undefined))
    // What isn't let through is translated as nobody sees.
    .within(lasting.verdicts.where(isAllowed).within(stored.verdicts.where(isAllowed)));
  const apart = verdicts.or(translations);
  return {
    vantage: now.vantage,
    verdicts: apart.or(now.verdicts),
    translations: now.translations.or(stored.translations).within(apart.or(now.verdicts)),
  };
}

const isAllowed = (verdict: Verdict): boolean => verdict.is === 'allowed';

/** Where either says itself that it isn't known, what runs has the last word. */
function differing(running: Verdict | undefined, stored: Verdict | undefined): Verdict | undefined {
  if (running?.is === 'unknown' || stored?.is === 'unknown' || running?.is === stored?.is) return undefined;
  return running ? RUNS_MORE : RUNS_LESS;
}

/** What one of them can't name isn't a difference. */
const sameTranslation = (a: Translation, b: Translation): boolean =>
  a === b ||
  (alike(a.destination, b.destination) &&
    (a.port === b.port || a.destination.is === 'unclear' || b.destination.is === 'unclear') &&
    alike(a.source, b.source) &&
    (a.sourcePort === b.sourcePort || a.source.is === 'unclear' || b.source.is === 'unclear'));

const alike = (a: Translation['source'], b: Translation['source']): boolean =>
  a === b || a.is === 'unclear' || b.is === 'unclear';

/** The lines of what runs; of both where they disagree. */
export function joinedExplanation(
  halves: Halves,
  exposure: Exposure,
  vantage: Vantage,
  packet: Packet,
  phase: Phase,
): Explanation {
  const now = halves.running.explain(vantage, packet, phase);
  const verdict = viewOf(exposure, vantage).verdicts.at(packet);
  if (verdict?.is !== 'unknown' || !verdict.because.startsWith(DISAGREE)) return now;
  const wanted = halves.stored.explain(vantage, packet, phase);
  return {
    verdict: 'unknown',
    lines: [...now.lines, ...wanted.lines],
    because: verdict.because,
    settledBy: [],
    leaves: now.leaves,
  };
}
