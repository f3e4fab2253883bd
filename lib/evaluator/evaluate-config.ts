// Evaluates a native text on a device: lowers it into the ruleset model, and returns the reachability from each start
// location and a function that explains single packets. Platforms create their parsers with it.

/*
 * The folder lib/evaluator: ruleset model -> reachability, and the trace of single packets.
 * In: a native text that a platform has lowered into the ruleset model (ruleset-model.ts), and the facts of a device.
 * Out: what each start location reaches in each phase (Evaluation), and an explanation of one packet (trace/).
 * The folder may import lib/net, lib/reachability, lib/problems and lib/parse. It knows no platform's syntax, no policy
 * and no spec.
 */

import { Reachability, ReachabilityView, getDestinationTranslations } from '../reachability/reachability';
import { LaterSessionPhase } from '../reachability/session-phase';
import { Device } from '../net/device';
import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../net/step-budget';
import { RAISE_BUDGET_HINT, describeInterfaceCount } from '../problems/step-budget-problems';
import { Refusal } from '../problems/problem';
import { RuleSubset, UnmanagedRules } from '../parse/config-format';
import { describeProgramRules, findProgram } from '../parse/firewall-programs';
import { ConfigParser, EvaluatedConfig } from '../parse/config-parser';
import { SelectedRules, selectFilterRules, selectProgramRules } from './isolate-input-rules';
import { ClientEvaluation, createClientTracer } from './new-clients';
import { DNAT_PRIORITY, SNAT_PRIORITY } from './hook-evaluator';
import { collectReferences } from './collect-references';
import { listJumpTargets, listChains, LoweredChain, LoweredRuleset } from './ruleset-model';

/** A text lowered into the ruleset model, and what loading it changes on a device. */
export interface LoweredConfig extends Pick<EvaluatedConfig, 'changedObjects' | 'extendedObjects'> {
  readonly ruleset: LoweredRuleset;
  /** True if the text can't have its translations in another place. */
  readonly onePlace?: true;
}

/** Returns the parser of a platform whose texts lower into the ruleset model whatever the device is. */
export const createParser = (platform: string, lower: (text: string) => LoweredConfig): ConfigParser => ({
  read: (text, device) => evaluateConfig(platform, () => lower(text), device),
  explaining: (text, device) => createExplainer(lower(text).ruleset, device),
  keeping: () => createParser(platform, memoizeByText(lower)),
});

function memoizeByText(lower: (text: string) => LoweredConfig): (text: string) => LoweredConfig {
  const loweredByText = new Map<string, LoweredConfig>();
  return (text) => {
    const lowered = loweredByText.get(text) ?? lower(text);
    loweredByText.set(text, lowered);
    return lowered;
  };
}

/**
 * Returns what a text exposes on a device, by both evaluators.
 * @throws Refusal `<platform>/too-much-to-evaluate`, and whatever `lower` throws.
 */
export function evaluateConfig(platform: string, lower: () => LoweredConfig, device: Device): EvaluatedConfig {
  const limitSteps = createStepLimiter(platform, device.interfaces.length);
  return limitSteps(() => {
    const { ruleset, changedObjects, extendedObjects, onePlace } = lower();
    const evaluation = new ClientEvaluation(ruleset, device);
    return {
      changedObjects,
      extendedObjects,
      announcedAddresses: undefined,
      yieldingLines: onePlace ? [] : findYieldingLines(ruleset),
      reachability: limitExposure(evaluation.getExposure('first'), limitSteps),
      later: (phase: LaterSessionPhase) =>
        limitExposure(
          limitSteps(() => evaluation.getExposure(phase)),
          limitSteps,
        ),
      explain: createExplainer(ruleset, device),
    };
  });
}

/** Returns a function that walks the rules one by one for the packet that is asked for. */
function createExplainer(ruleset: LoweredRuleset, device: Device): EvaluatedConfig['explain'] {
  let tracer: ReturnType<typeof createClientTracer> | undefined;
  return (startLocation, packet, phase = 'first') =>
    (tracer ??= createClientTracer(ruleset, device))(startLocation, packet, phase);
}

/**
 * Limits the steps of an evaluation. A few rules that each cut every axis somewhere else have more parts than there is
 * memory.
 */
const createStepLimiter =
  (platform: string, interfaces = 0) =>
  <T>(run: () => T): T =>
    runWithinBudget(UNTRUSTED_STEP_BUDGET, run, () => {
      const message = `to tell apart all packets that it tells apart takes more work than is spent on one text.${describeInterfaceCount(interfaces)}`;
      const instead = `rules that share their sets of addresses and ports. ${RAISE_BUDGET_HINT}`;
      throw new Refusal([{ code: `${platform}/too-much-to-evaluate`, where: 'line 1', what: message, instead }]);
    });

const HELPER_NOTE =
  'what a helper expects (the data of FTP, a call of SIP) comes in by any port where rules accept what is related, and is not shown';

/** Returns unmanaged rules that answer every question from the same text. */
export const createUnmanagedRules = (
  platform: string,
  lowered: LoweredConfig,
  limits: readonly string[],
): Pick<
  UnmanagedRules,
  'is' | 'limits' | 'negotiatedTraffic' | 'getReferences' | 'selectSubsets' | 'findProgram' | 'read'
> => ({
  is: 'rules',
  limits: [...limits, ...describeProgramRules(listChainNames(lowered.ruleset))],
  negotiatedTraffic: lowered.ruleset.facts.hasHelpers ? [HELPER_NOTE] : [],
  getReferences: () => collectReferences(lowered.ruleset),
  selectSubsets: () => {
    const evaluateRules = (ruleset: LoweredRuleset, device: Device): Reachability => {
      const limitSteps = createStepLimiter(platform);
      return limitSteps(() => limitExposure(new ClientEvaluation(ruleset, device).getExposure('first'), limitSteps));
    };
    const toAlone = ({ ruleset, chainLabels }: SelectedRules): RuleSubset => ({
      chainLabels,
      read: (device) => evaluateRules(ruleset, device),
    });
    return {
      banLists: selectProgramRules(lowered.ruleset).map((selected) => ({
        ...toAlone(selected),
        program: selected.program,
        isReferenced: selected.isReferenced,
      })),
      filters: selectFilterRules(lowered.ruleset).map((selected) => ({
        ...toAlone(selected),
        programs: selected.programs,
      })),
    };
  },
  findProgram: (line) => {
    const chain = [...listChains(lowered.ruleset.baseChains)].find(({ rules }) =>
      rules.some((rule) => rule.line === line && !rule.isName),
    );
    return findProgram(chain?.name ?? '');
  },
  read: (device) => evaluateConfig(platform, () => lowered, device),
});

/** Returns the names of chains that have rules. */
const listChainNames = ({ baseChains }: LoweredRuleset): readonly string[] =>
  [...listChains(baseChains)].flatMap(({ name, rules }) => (name === undefined || rules.length === 0 ? [] : [name]));

/** Applies the same limit to translations that are made on demand. */
const limitExposure = ({ views }: Reachability, limitSteps: <T>(run: () => T) => T): Reachability => ({
  views: views.map((view) => ({
    startLocation: view.startLocation,
    dispositions: view.dispositions,
    get translations(): ReachabilityView['translations'] {
      return limitSteps(() => view.translations);
    },
    get destinationTranslations(): ReachabilityView['translations'] {
      return limitSteps(() => getDestinationTranslations(view));
    },
  })),
});

/**
 * Returns the lines of chains whose translations come no earlier than those of others. Of two chains with one priority
 * the one that was loaded last is asked first, and the first that translates decides.
 */
const findYieldingLines = ({ baseChains }: LoweredRuleset): readonly number[] =>
  baseChains
    .filter(
      ({ type, hook, priority }) =>
        type === 'nat' && priority >= (hook === 'prerouting' || hook === 'output' ? DNAT_PRIORITY : SNAT_PRIORITY),
    )
    .filter(({ chain }) => translates(chain, new Set()))
    .map(({ line }) => line);

function translates(chain: LoweredChain, visited: Set<LoweredChain>): boolean {
  if (visited.has(chain)) return false;
  visited.add(chain);
  return chain.rules.some(({ action }) => {
    if (!action || action.is === 'opaque') return false;
    if (action.is === 'verdict' || action.is === 'choose')
      return listJumpTargets(action).some((target) => translates(target, visited));
    return true;
  });
}
