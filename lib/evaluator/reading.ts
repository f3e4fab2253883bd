import { Exposure, View, endingOf } from '../reachability/exposure';
import { LaterPhase } from '../reachability/phase';
import { Device } from '../net/device';
import { STRANGERS_WORK, withinWork } from '../net/work';
import { MORE_WORK, sayInterfaces } from '../problems/more-work';
import { Refusal } from '../problems/problem';
import { Alone, ForeignRules } from '../parse/foreign';
import { keptIn, programOf } from '../parse/programs';
import { Reader, Reading } from '../parse/reader';
import { RulesApart, filtersApart, programsApart } from './apart';
import { Evaluation } from './evaluate';
import { DNAT, SNAT } from './hooks';
import { mentioned } from './mentions';
import { chainsOf, everyChain, LoweredChain, LoweredRuleset } from './model';
import { tracing } from './trace/trace';

/** A text in the one model, and what loading it changes on a device. */
export interface Lowered extends Pick<Reading, 'touches' | 'addsTo'> {
  readonly ruleset: LoweredRuleset;
  /** Where a text can't have its translations in another place. */
  readonly onePlace?: true;
}

/** Reads texts that are in the one model whatever the device is. */
export const readerOf = (platform: string, lower: (text: string) => Lowered): Reader => ({
  read: (text, device) => readingOf(platform, () => lower(text), device),
  explaining: (text, device) => explainingOf(lower(text).ruleset, device),
  keeping: () => readerOf(platform, onceEach(lower)),
});

function onceEach(lower: (text: string) => Lowered): (text: string) => Lowered {
  const known = new Map<string, Lowered>();
  return (text) => {
    const found = known.get(text) ?? lower(text);
    known.set(text, found);
    return found;
  };
}

/** What a text exposes on a device, by both evaluators. Throws Refusal `<platform>/too-much-to-evaluate`, and whatever `lower` throws. */
export function readingOf(platform: string, lower: () => Lowered, device: Device): Reading {
  const withinMost = withinMostOf(platform, device.interfaces.length);
  return withinMost(() => {
    const { ruleset, touches, addsTo, onePlace } = lower();
    const evaluation = new Evaluation(ruleset, device);
    return {
      touches,
      addsTo,
      announces: undefined,
      yields: onePlace ? [] : yielding(ruleset),
      exposure: limited(evaluation.exposure('first'), withinMost),
      later: (phase: LaterPhase) =>
        limited(
          withinMost(() => evaluation.exposure(phase)),
          withinMost,
        ),
      explain: explainingOf(ruleset, device),
    };
  });
}

/** Walks the rules one by one for the packet that is asked for. */
function explainingOf(ruleset: LoweredRuleset, device: Device): Reading['explain'] {
  let traced: ReturnType<typeof tracing> | undefined;
  return (vantage, packet, phase = 'first') => (traced ??= tracing(ruleset, device))(vantage, packet, phase);
}

/** Few rules that cut every axis somewhere else have more parts than there is memory. */
const withinMostOf =
  (platform: string, interfaces = 0) =>
  <T>(run: () => T): T =>
    withinWork(STRANGERS_WORK, run, () => {
      const what = `to tell apart all packets that it tells apart takes more work than is spent on one text.${sayInterfaces(interfaces)}`;
      const instead = `rules that share their sets of addresses and ports. ${MORE_WORK}`;
      throw new Refusal([{ code: `${platform}/too-much-to-evaluate`, where: 'line 1', what, instead }]);
    });

const AGREED =
  'what a helper expects (the data of FTP, a call of SIP) comes in by any port where rules accept what is related, and is not shown';

/** The same text for whatever is asked of it. */
export const rulesOf = (
  platform: string,
  lowered: Lowered,
  limits: readonly string[],
): Pick<ForeignRules, 'is' | 'limits' | 'agreed' | 'mentions' | 'apart' | 'madeBy' | 'read'> => ({
  is: 'rules',
  limits: [...limits, ...keptIn(namesOf(lowered.ruleset))],
  agreed: lowered.ruleset.facts.helpers ? [AGREED] : [],
  mentions: () => mentioned(lowered.ruleset),
  apart: () => {
    const read = (ruleset: LoweredRuleset, device: Device): Exposure => {
      const withinMost = withinMostOf(platform);
      return withinMost(() => limited(new Evaluation(ruleset, device).exposure('first'), withinMost));
    };
    const alone = ({ ruleset, called }: RulesApart): Alone => ({ called, read: (device) => read(ruleset, device) });
    return {
      keepers: programsApart(lowered.ruleset).map((one) => ({
        ...alone(one),
        program: one.program,
        isAsked: one.isAsked,
      })),
      filters: filtersApart(lowered.ruleset).map((one) => ({ ...alone(one), programs: one.programs })),
    };
  },
  madeBy: (line) => {
    const chain = [...everyChain(lowered.ruleset.bases)].find(({ rules }) =>
      rules.some((rule) => rule.line === line && !rule.isName),
    );
    return programOf(chain?.name ?? '');
  },
  read: (device) => readingOf(platform, () => lowered, device),
});

/** Of chains that have rules. */
const namesOf = ({ bases }: LoweredRuleset): readonly string[] =>
  [...everyChain(bases)].flatMap(({ name, rules }) => (name === undefined || rules.length === 0 ? [] : [name]));

/** What is made for those who ask has the same limit. */
const limited = ({ views }: Exposure, withinMost: <T>(run: () => T) => T): Exposure => ({
  views: views.map((view) => ({
    vantage: view.vantage,
    verdicts: view.verdicts,
    get translations(): View['translations'] {
      return withinMost(() => view.translations);
    },
    get ending(): View['translations'] {
      return withinMost(() => endingOf(view));
    },
  })),
});

/**
 * Chains whose translations come no earlier than where others have theirs: of two with one priority the one that was loaded last is asked
 * first, and the first that translates decides.
 */
const yielding = ({ bases }: LoweredRuleset): readonly number[] =>
  bases
    .filter(
      ({ type, hook, priority }) =>
        type === 'nat' && priority >= (hook === 'prerouting' || hook === 'output' ? DNAT : SNAT),
    )
    .filter(({ chain }) => translates(chain, new Set()))
    .map(({ line }) => line);

function translates(chain: LoweredChain, seen: Set<LoweredChain>): boolean {
  if (seen.has(chain)) return false;
  seen.add(chain);
  return chain.rules.some(({ end }) => {
    if (!end || end.is === 'opaque') return false;
    if (end.is === 'verdict' || end.is === 'choose') return chainsOf(end).some((one) => translates(one, seen));
    return true;
  });
}
