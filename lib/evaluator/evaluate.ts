import { Exposure, View, canonicalTranslations, unknown, withoutSources } from '../reachability/exposure';
import { Phase } from '../reachability/phase';
import { Device, Vantage, vantagesOf, wayOut } from '../net/device';
import { PacketMap, PacketSet } from '../net/packet-map';
import { findAlike } from './alike-interfaces';
import { classesOf } from './equivalence/classes';
import { Answers } from './replies';
import { asSent, asksOfShape } from './packet-shapes';
import { Environment } from './environment';
import { Chains } from './chains';
import { Expansion } from './equivalence/expanded';
import { ICMP_PROTOCOLS, TRACKED } from './context';
import { EXPECTED } from './facts';
import { Hooks } from './hooks';
import { End, endOf } from './ends';
import { Packets } from './packets/packets';
import { Surroundings } from './surroundings';
import { reduced } from './equivalence/reduced';
import { LoweredRuleset } from './model';
import { Paths } from './paths';
import { unloadedFrom } from './unloaded';

/** What a ruleset does with packets of each phase, from every vantage of the device. What phases have in common is computed once. */
export class Evaluation {
  private readonly environment: Environment;
  private readonly device: Device;
  private readonly expansion: Expansion | undefined;
  private readonly known = new Map<Phase, Exposure>();

  /** Hosts that the ruleset can't tell apart are evaluated once; `each`: all of them, which has to come to the same. */
  constructor(whole: LoweredRuleset, on: Device, each?: 'each') {
    const classes = each ? [] : classesOf(whole, on);
    const [ruleset, device] = classes.length === 0 ? [whole, on] : reduced(whole, on, classes);
    this.expansion = classes.length === 0 ? undefined : new Expansion(classes);
    this.device = on;
    const surroundings = new Surroundings(device);
    const chains = new Chains(new Packets(surroundings, ruleset.facts));
    const hooksOf = (bases: LoweredRuleset['bases']): Hooks => new Hooks(bases, chains);
    const { box, answering } = ruleset;
    this.environment = {
      hooks: hooksOf(ruleset.bases),
      surroundings,
      answers: new Answers(answering && hooksOf(answering)),
      box,
      alike: each ? new Map() : findAlike(whole, on),
      facts: ruleset.facts,
      left: new Map(),
      translated: [],
    };
    this.helpers = ruleset.facts.helpers;
    this.shapes = asksOfShape(ruleset);
    if (ruleset.unloadable) this.unloadable = ruleset.unloadable.because;
  }

  private readonly helpers: boolean;
  private readonly shapes: boolean;
  private readonly unloadable: string | undefined;

  /** Whether something passes without a state, so that it was asked whether answers pass. */
  get asksOfAnswers(): boolean {
    return this.environment.answers.asked;
  }

  exposure(phase: Phase): Exposure {
    let found = this.known.get(phase);
    if (!found) {
      const paths = this.paths(phase);
      this.known.set(
        phase,
        (found = { views: vantagesOf(this.device).map((vantage) => this.view(vantage, paths, phase)) }),
      );
    }
    return found;
  }

  /** The same as it was found, vantage by vantage: two that say the same of a packet may say it in other words. */
  ends(phase: Phase): readonly PacketMap<End>[] {
    const paths = this.paths(phase);
    return vantagesOf(this.device).map((vantage) => {
      const found = this.found(vantage, paths);
      if (!this.expansion) return found;
      const translations = this.expansion.translations(translationsOf(found));
      return this.expansion
        .verdicts(verdictsOf(found))
        .with(translations, (verdict, as) => verdict && as && endOf(verdict, as));
    });
  }

  /** Of packets as hosts send them, and of any shape where some rule asks for it. */
  private paths(phase: Phase): readonly [Paths, Paths?] {
    const of = (anyShape: boolean): Paths => new Paths(phase, this.environment, anyShape);
    return this.shapes ? [of(false), of(true)] : [of(false)];
  }

  private found(vantage: Vantage, [usual, anyShape]: readonly [Paths, Paths?]): PacketMap<End> {
    if (this.unloadable) return unloadedFrom(vantage.kind, this.unloadable, this.environment.surroundings);
    const way = wayOut(this.device, vantage);
    const found = usual.from(vantage, way);
    return anyShape ? asSent(found, anyShape.from(vantage, way)) : found;
  }

  private readonly outcomes = new WeakMap<PacketMap<End>, Map<Phase, Outcomes>>();

  /** Vantages with the same ends share their outcomes. */
  private view(vantage: Vantage, paths: readonly [Paths, Paths?], phase: Phase): View {
    const found = this.found(vantage, paths);
    let known = this.outcomes.get(found);
    if (!known) this.outcomes.set(found, (known = new Map<Phase, Outcomes>()));
    let outcomes = known.get(phase);
    if (!outcomes) known.set(phase, (outcomes = this.outcomesOf(found, phase)));
    return viewFrom(vantage, outcomes);
  }

  private outcomesOf(found: PacketMap<End>, phase: Phase): Outcomes {
    const verdicts = this.expansion?.verdicts(verdictsOf(found)) ?? verdictsOf(found);
    const become = (map: Translations): Translations => canonicalTranslations(this.expansion?.translations(map) ?? map);
    if (phase !== 'first')
      return laterOutcomes(verdicts, () => become(translationsOf(found)), phase === 'related' && this.helpers);
    const translations = translationsOf(found);
    if (this.expansion)
      return {
        verdicts,
        translations: once(() => become(translations)),
        ending: once(() => become(withoutSources(translations))),
      };
    const whole = become(translations);
    return { verdicts, translations: () => whole };
  }
}

const verdictsOf = (ends: PacketMap<End>): View['verdicts'] => ends.map(({ verdict }) => verdict);
const translationsOf = (ends: PacketMap<End>): Translations => ends.map((one) => one.translation);

type Translations = View['translations'];

/** A view from any vantage. Where hosts were evaluated once, and in later phases, translations are made for those who ask. */
interface Outcomes {
  readonly verdicts: View['verdicts'];
  readonly translations: () => Translations;
  readonly ending?: () => Translations;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function viewFrom(vantage: Vantage, { verdicts, translations, ending }: Outcomes): View {
  if (!ending)
    return {
      vantage,
      verdicts,
      get translations() {
        return translations();
      },
    };
  return {
    vantage,
    verdicts,
    get translations() {
      return translations();
    },
    get ending() {
      return ending();
    },
  };
}

/**
 * Neighbour discovery has first packets only, and what a helper expects is all that isn't ICMP of what is related. What packets of sessions
 * become was settled by the first: it is made for those who ask.
 */
function laterOutcomes(verdicts: View['verdicts'], become: () => Translations, helped: boolean): Outcomes {
  const some = verdicts.within(TRACKED);
  const expected = (): View['verdicts'] =>
    some.apartFrom(ICMP).map((verdict) => (verdict.is === 'allowed' ? unknown(EXPECTED) : verdict));
  return {
    verdicts: helped ? expected().or(some) : some,
    translations: once(() => become().within(TRACKED)),
  };
}

const ICMP: PacketSet = PacketMap.set({ protocol: ICMP_PROTOCOLS });
