// Evaluates the chains of a ruleset for all packets at once: returns a PacketMap from packets to outcomes (accept,
// drop, a translation, unknown).
import { PacketMap } from '../net/packet-map';
import { spendSteps } from '../net/step-budget';
import { createTranslateAction, buildAddressMap, createPoolAction } from './translation-actions';
import { CONTEXT_FREE, PacketContext, applyChainChanges, createPacketState } from './packet-context';
import { ContextKeys, isHeaderless } from './context-keys';
import { BaseChain, RuleVerdict, RuleAction, LoweredChain, LoweredRule, listJumpTargets } from './ruleset-model';
import {
  ACCEPT,
  DROP,
  ChainOutcome,
  POLICY_OUTCOMES,
  ChainResult,
  ChainQuery,
  RETURN_RESULT,
  toCallerResult,
  mergeOutcomes,
  internOutcome,
  createStateOutcome,
  createOpaqueOutcome,
  listOptions,
  createMisplacedOutcome,
  createPassOutcome,
  createChainResult,
  resolveContinuation,
  createUnknownOutcome,
  explainOptions,
  applyPolicy,
} from './chain-outcomes';
import { intersectBounds, applyBounds } from './packets/match-bounds';
import { dependsOnContext } from './packets/field-evaluator';
import { ConditionEvaluator } from './packets/condition-evaluator';
import { Region, createPacketMap, intersectRegions, createPacketSet, uniteRegions } from './packets/regions';
import { evaluateMap, getVerdictKey } from './verdict-maps';

type ChainPart = { readonly rule: LoweredRule } | { readonly map: PacketMap<ChainResult> };

/**
 * Evaluates chains as maps from packets to results. Each chain is computed once for each context that it can tell
 * apart.
 */
export class ChainEvaluator {
  private readonly maps = new Map<LoweredChain, Map<string, PacketMap<ChainResult>>>();
  private readonly parts = new Map<LoweredChain, Map<ChainQuery, readonly ChainPart[]>>();
  readonly contexts = new ContextKeys();

  constructor(readonly packets: ConditionEvaluator) {}

  /** Returns the outcomes of a base chain. They are defined everywhere; outside the table's family nothing happens. */
  evaluateBase(base: BaseChain, context: PacketContext, question: ChainQuery): PacketMap<ChainOutcome> {
    const policy = question === 'left' ? ACCEPT : POLICY_OUTCOMES[base.policy];
    const everywhere = PacketMap.createConstant<ChainOutcome>(policy);
    const outcomes = everywhere.merge(this.evaluateChain(base.chain, context, question), (_, result) =>
      applyPolicy(result, policy),
    );
    if (base.family !== 'ip' && base.family !== 'ip6') return outcomes;
    return outcomes.intersect(PacketMap.createSet({ family: base.family })).unite(PacketMap.createConstant(ACCEPT));
  }

  private evaluateChain(chain: LoweredChain, context: PacketContext, question: ChainQuery): PacketMap<ChainResult> {
    let mapByContext = this.maps.get(chain);
    if (!mapByContext) this.maps.set(chain, (mapByContext = new Map<string, PacketMap<ChainResult>>()));
    const chainContext = applyChainChanges(chain, context);
    const key = question + this.contexts.buildKey(chain, chainContext);
    let chainMap = mapByContext.get(key);
    if (!chainMap) {
      const folded = this.foldRules(chain, chainContext, question);
      mapByContext.set(
        key,
        (chainMap = question === 'left' && chain.noReturn ? setExitStates(folded, chain, chainContext) : folded),
      );
    }
    return chainMap;
  }

  /** Folds rules from the last to the first: a rule that may go on needs to know what follows. */
  private foldRules(chain: LoweredChain, context: PacketContext, question: ChainQuery): PacketMap<ChainResult> {
    let remainder = PacketMap.createEmpty<ChainResult>();
    let pending: PacketMap<ChainResult>[] = [];
    const flush = (): void => {
      if (pending.length > 0) remainder = PacketMap.mergeFirst([...pending.reverse(), remainder]);
      pending = [];
    };
    const parts = this.listParts(chain, question);
    spendSteps(1 + parts.length / 8);
    const ruleMaps: PacketMap<ChainResult>[] = [];
    let length = 0;
    // Nothing behind a rule that decides everything has to be looked at, as `ct state established accept` does for
    // answers.
    for (let isDecided = false; length < parts.length && !isDecided; length++) {
      const part = parts[length]!;
      if ('map' in part || !isHeaderless(part.rule)) continue;
      ruleMaps[length] = this.evaluateRule(part.rule, context, question);
      isDecided = ruleMaps[length]!.select(({ mayContinue }) => !mayContinue).equals(PacketMap.ALL);
    }
    for (let i = length - 1; i >= 0; i--) {
      const part = parts[i]!;
      const map = ruleMaps[i] ?? ('map' in part ? part.map : this.evaluateRule(part.rule, context, question));
      if (map.isEmpty) continue;
      if (map.values.some(({ mayContinue }) => mayContinue)) {
        flush();
        remainder = map.merge(remainder, (result, after) => (result ? resolveContinuation(result, after) : after));
      } else pending.push(map);
    }
    flush();
    return remainder;
  }

  /**
   * Returns the parts of a chain. Rules that mean the same everywhere are joined once; the others are left for each
   * context.
   */
  private listParts(chain: LoweredChain, question: ChainQuery): readonly ChainPart[] {
    let partsByQuery = this.parts.get(chain);
    if (!partsByQuery) this.parts.set(chain, (partsByQuery = new Map<ChainQuery, readonly ChainPart[]>()));
    const knownParts = partsByQuery.get(question);
    if (knownParts) return knownParts;
    const parts: ChainPart[] = [];
    let run: { value: ChainResult; regions: (Region | undefined)[] } | undefined;
    let maps: PacketMap<ChainResult>[] = [];
    const endRun = (): void => {
      if (run) maps.push(uniteRegions(run.value, run.regions));
      run = undefined;
    };
    for (const rule of chain.rules) {
      const simple = this.lowerSimpleRule(rule, question);
      if (simple === 'nothing') continue;
      if (simple) {
        if (run?.value !== simple.value) endRun();
        run ??= { value: simple.value, regions: [] };
        run.regions.push(simple.region);
        continue;
      }
      endRun();
      if (maps.length > 0) parts.push({ map: PacketMap.mergeFirst(maps) });
      maps = [];
      parts.push({ rule });
    }
    endRun();
    if (maps.length > 0) parts.push({ map: PacketMap.mergeFirst(maps) });
    partsByQuery.set(question, parts);
    return parts;
  }

  /**
   * Returns the one outcome and the certain region of a rule that doesn't depend on the context. 'nothing': the rule
   * decides nothing. Undefined: the rule isn't so simple.
   */
  private lowerSimpleRule(
    rule: LoweredRule,
    question: ChainQuery,
  ): { value: ChainResult; region: Region | undefined } | 'nothing' | undefined {
    if (!rule.action) return 'nothing';
    if (
      rule.conditions.some(
        (condition) =>
          condition.is !== 'packets' &&
          (condition.is !== 'member' ||
            condition.fields.some((field) => dependsOnContext(field) || field.mayMatchOthers)),
      )
    )
      return undefined;
    if (listJumpTargets(rule.action).length > 0 || rule.action?.is === 'choose' || rule.action?.is === 'look up')
      return undefined;
    const matchBounds = rule.conditions.map((condition) => this.packets.evaluateCondition(condition, CONTEXT_FREE));
    if (matchBounds.some(({ must, may }) => must !== may)) return undefined;
    const region = intersectRegions(matchBounds.map(({ must }) => must));
    const value = this.getPlainResult(rule, region, question);
    return value ? { value, region } : 'nothing';
  }

  /** Returns the result of an action that is the same for the whole region. */
  private getPlainResult(
    { action, line }: LoweredRule,
    region: Region | undefined,
    question: ChainQuery,
  ): ChainResult | undefined {
    if (action?.is === 'verdict') return this.getVerdictResult(action.verdict, question);
    return action && createChainResult(this.getOutcome(action, region, question, line));
  }

  private getVerdictResult(verdict: RuleVerdict, question: ChainQuery): ChainResult | undefined {
    if (verdict.is === 'accept') return createChainResult(ACCEPT);
    if (verdict.is === 'drop') return createChainResult(question === 'left' ? ACCEPT : DROP);
    if (verdict.is === 'return') return RETURN_RESULT;
    if (verdict.is === 'pass') return createChainResult(question === 'left' ? ACCEPT : createPassOutcome(verdict));
    return verdict.is === 'opaque'
      ? createChainResult(question === 'left' ? ACCEPT : createOpaqueOutcome(verdict, question))
      : undefined;
  }

  private getOutcome(end: RuleAction, region: Region | undefined, question: ChainQuery, line: number): ChainOutcome {
    if (question === 'left') return ACCEPT;
    if (end.is === 'opaque') return createOpaqueOutcome(end, question);
    if (question === 'filter') return createMisplacedOutcome(line);
    if (end.is === 'masquerade')
      return internOutcome<ChainOutcome>({ is: 'masquerade', hasFreeSourcePort: end.random });
    if (end.is === 'redirect')
      return internOutcome<ChainOutcome>({ is: 'redirect', ...(end.port === undefined ? {} : { port: end.port }) });
    if (end.is === 'translate') return createTranslateAction(end, region, line);
    if (end.is === 'one of') return createPoolAction(end);
    return createUnknownOutcome(`line ${line}: not a translation`);
  }

  private evaluateRule(rule: LoweredRule, context: PacketContext, question: ChainQuery): PacketMap<ChainResult> {
    const bounds = intersectBounds(
      rule.conditions.map((condition) => this.packets.evaluateCondition(condition, context)),
    );
    if (!bounds.may) return PacketMap.createEmpty<ChainResult>();
    const { action, line } = rule;
    if (!action) return PacketMap.createEmpty<ChainResult>();
    const reason =
      bounds.reason && (bounds.reason.startsWith('line ') ? bounds.reason : `line ${line}: ${bounds.reason}`);
    const notedBounds = { ...bounds, reason };
    if (action.is === 'verdict')
      return applyBounds(notedBounds, (region) => this.evaluateVerdict(action.verdict, region, context, question));
    if (action.is === 'choose' || action.is === 'look up')
      return applyBounds(notedBounds, (region) =>
        this.evaluateMapAction(action, line, context, question).intersect(createPacketSet(region)),
      );
    return applyBounds(notedBounds, (region) =>
      createPacketMap(createChainResult(this.getOutcome(action, region, question, line)), region),
    );
  }

  private evaluateVerdict(
    verdict: RuleVerdict,
    region: Region | undefined,
    context: PacketContext,
    question: ChainQuery,
  ): PacketMap<ChainResult> {
    if (verdict.is !== 'jump' && verdict.is !== 'goto') {
      const value = this.getVerdictResult(verdict, question);
      return value ? createPacketMap(value, region) : PacketMap.createEmpty<ChainResult>();
    }
    const target = this.evaluateChain(verdict.chain, context, question)
      .map(toCallerResult)
      .intersect(createPacketSet(region));
    if (verdict.is === 'jump') return target;
    return target
      .map((result) => (result.mayContinue ? createChainResult(result.outcome, true, false, result.reason) : result))
      .unite(createPacketMap(RETURN_RESULT, region));
  }

  /** Evaluates a map action. Its entries exclude one another, except for the default, which is last. */
  private evaluateMapAction(
    end: RuleAction & { is: 'choose' | 'look up' },
    line: number,
    context: PacketContext,
    question: ChainQuery,
  ): PacketMap<ChainResult> {
    if (end.is === 'look up') {
      const knownMap = this.lookUpMaps.get(end);
      const isContextFree = !end.fields.some(dependsOnContext);
      if (knownMap && isContextFree && question === 'nat') return knownMap;
      const actionMap =
        (question === 'nat' && buildAddressMap(end, line)) || this.evaluateEntries(end, line, context, question);
      if (isContextFree && question === 'nat') this.lookUpMaps.set(end, actionMap);
      return actionMap;
    }
    return this.evaluateEntries(end, line, context, question);
  }

  private readonly lookUpMaps = new Map<RuleAction, PacketMap<ChainResult>>();

  private evaluateEntries(
    end: RuleAction & { is: 'choose' | 'look up' },
    line: number,
    context: PacketContext,
    question: ChainQuery,
  ): PacketMap<ChainResult> {
    const entries = end.is === 'choose' ? end.choices : end.entries;
    return evaluateMap(end, line, context, this.packets, (i, region) => {
      const entry = entries[i]!;
      if ('verdict' in entry)
        return {
          key: getVerdictKey(entry.verdict),
          make: (entryRegion) => this.evaluateVerdict(entry.verdict, entryRegion, context, question),
        };
      const { kind, random } = end as RuleAction & { is: 'look up' };
      const action = (): ChainOutcome =>
        question === 'filter'
          ? createMisplacedOutcome(line)
          : createTranslateAction({ kind, random, to: entry.to }, region, line);
      const outcome = question === 'left' ? ACCEPT : action();
      return { key: outcome, make: (entryRegion) => createPacketMap(createChainResult(outcome), entryRegion) };
    });
  }
}

/**
 * Sets the chain's state on packets that pass or are held in it, and on packets that come to the end of the base chain.
 */
function setExitStates(
  results: PacketMap<ChainResult>,
  { noReturn }: LoweredChain,
  { ct, marks }: PacketContext,
): PacketMap<ChainResult> {
  const exitOutcome = createStateOutcome(createPacketState(ct, marks));
  const exitResults = results.map((result) =>
    createChainResult(
      result.outcome && replaceAccept(result.outcome, exitOutcome),
      result.mayReturn,
      result.mayContinue,
      result.reason,
    ),
  );
  if (noReturn === 'on') return exitResults;
  return PacketMap.createConstant(createChainResult(exitOutcome)).merge(exitResults, (end, result) =>
    result ? createChainResult(applyPolicy(result, exitOutcome)) : end,
  );
}

const replaceAccept = (outcome: ChainOutcome, exitOutcome: ChainOutcome): ChainOutcome =>
  listOptions(outcome)
    .map((option) => (option === ACCEPT ? exitOutcome : option))
    .reduce((a, b) => mergeOutcomes(a, b, explainOptions(outcome))!);
