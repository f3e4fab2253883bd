// Walks one traced packet through a base chain, rule by rule, and returns how it may come out and which rule decides.

import { getFamily } from '../../net/address';
import { MatchAnswer, HookPacket, matchCondition, matchTuple } from './packet-match';
import { explainFact } from '../packet-shapes';
import { PacketContext, PacketState, applyChainChanges, createPacketState } from '../packet-context';
import { BaseChain, Condition, RuleVerdict, RuleAction, LoweredChain, LoweredRule } from '../ruleset-model';

/**
 * One way in which a packet may come out of a chain, with the rule that decides. There are several only if a rule may
 * match or not.
 */
export interface ChainEnding {
  readonly is: 'accept' | 'pass' | 'drop' | 'unknown' | 'altered' | 'left' | 'translate' | 'return' | 'next';
  readonly reason: string;
  readonly rule?: LoweredRule;
  /** The rules that jumped to the chain of the deciding rule, the last jump first. */
  readonly jumps?: readonly LoweredRule[];
  /** The verdict of a pass that isn't a plain accept. */
  readonly pass?: RuleVerdict & { readonly is: 'pass' };
  /** For translations: the rule's action. `entry` is the entry of its map. */
  readonly action?: RuleAction;
  readonly entry?: number;
  /** The packet's state behind the chain, if the query asks for it. */
  readonly packetState?: PacketState;
}

export type WalkQuery = 'filter' | 'nat' | 'left';
type ChainEndings = ReadonlyMap<string, ChainEnding>;

export const getEndingKey = ({ is, rule, entry, reason, pass, packetState: state }: ChainEnding): string =>
  state
    ? `left ${state.ct} ${state.marks.key}`
    : pass
      ? `pass ${pass.state} ${pass.exitInterface}`
      : is === 'translate'
        ? `${is} ${rule?.line} ${entry}`
        : is === 'unknown'
          ? `${is} ${reason}`
          : is;

interface ConditionsMatch {
  readonly answer: MatchAnswer;
  readonly reason: string;
}

const NO_MATCH: ConditionsMatch = { answer: 'no', reason: '' };

const createEndings = (ending: ChainEnding): Map<string, ChainEnding> => new Map([[getEndingKey(ending), ending]]);

/** Walks base chains rule by rule for one packet. */
export class ChainWalk {
  private readonly endingsByChain = new Map<LoweredChain, Map<string, ChainEndings>>();
  /** Answers to conditions that thousands of rules share: each is asked of a packet once. */
  private readonly answers = new Map<HookPacket, Map<Condition, MatchAnswer>>();

  constructor(
    private readonly hookPacket: HookPacket,
    private readonly query: WalkQuery,
  ) {}

  walkBase(base: BaseChain): readonly ChainEnding[] {
    if (
      (base.family === 'ip' || base.family === 'ip6') &&
      getFamily(this.hookPacket.packet.destination) !== base.family
    )
      return [{ is: 'accept', reason: '' }];
    const endings = new Map<string, ChainEnding>();
    for (const ending of this.walkChain(base.chain, this.hookPacket).values()) {
      if (ending.is !== 'next' && ending.is !== 'return') endings.set(getEndingKey(ending), ending);
      else {
        const policy = this.getPolicyEnding(base);
        if (!endings.has(getEndingKey(policy))) endings.set(getEndingKey(policy), policy);
      }
    }
    const drops =
      this.query === 'nat' &&
      endings.has('drop') &&
      !this.hookPacket.facts.trackedFamilies.has(getFamily(this.hookPacket.packet.destination));
    return drops
      ? [{ is: 'unknown', reason: `line ${base.line}: nothing makes the kernel run this nat chain` }]
      : [...endings.values()];
  }

  private getPolicyEnding({ policy, chain, defaultSource }: BaseChain): ChainEnding {
    const reason = defaultSource?.description ?? `${chain.label} has policy ${policy}`;
    if (this.query === 'left') return { is: 'accept', reason };
    return policy === 'pass without state'
      ? { is: 'pass', reason, pass: { is: 'pass', state: false } }
      : { is: policy, reason };
  }

  /**
   * Returns the endings of a chain. If nothing returns from it, packets that pass or are held leave with the chain's
   * state. So do packets that come to the end of the base chain.
   */
  private walkChain(chain: LoweredChain, entryPacket: HookPacket): ChainEndings {
    const sight = chain.packetChanges
      ? { ...entryPacket, context: applyChainChanges(chain, entryPacket.context) }
      : entryPacket;
    const key = `${sight.context.ct} ${sight.context.marks.key}`;
    let endingsByState = this.endingsByChain.get(chain);
    if (!endingsByState) this.endingsByChain.set(chain, (endingsByState = new Map<string, ChainEndings>()));
    let chainEndings = endingsByState.get(key);
    if (!chainEndings) {
      const endings = this.walkRules(chain, sight);
      chainEndings = this.query === 'left' && chain.noReturn ? setEndingStates(endings, chain, sight.context) : endings;
      endingsByState.set(key, chainEndings);
    }
    return chainEndings;
  }

  private walkRules(chain: LoweredChain, sight: HookPacket): ChainEndings {
    const endings = new Map<string, ChainEnding>();
    const answers = this.getAnswers(sight);
    let open = true;
    for (const rule of chain.rules) {
      const { answer, reason: conditionReason } = this.checkConditions(rule.conditions, sight, answers);
      const lineReason =
        conditionReason === '' || conditionReason.startsWith('line ')
          ? conditionReason
          : `line ${rule.line}: ${conditionReason}`;
      if (answer === 'no') continue;
      const ruleEndings = this.walkRule(rule, sight);
      const next = ruleEndings.get('next') !== undefined || answer === 'maybe' || ruleEndings.size === 0;
      for (const [name, ending] of ruleEndings)
        if (name !== 'next')
          endings.set(
            name,
            answer === 'maybe' && ending.is !== 'unknown' ? { ...ending, reason: ending.reason || lineReason } : ending,
          );
      if (!next) {
        open = false;
        break;
      }
    }
    if (open) endings.set('next', { is: 'next', reason: '' });
    return endings;
  }

  private getAnswers(sight: HookPacket): Map<Condition, MatchAnswer> {
    let packetAnswers = this.answers.get(sight);
    if (!packetAnswers) this.answers.set(sight, (packetAnswers = new Map<Condition, MatchAnswer>()));
    return packetAnswers;
  }

  private checkConditions(
    conditions: readonly Condition[],
    sight: HookPacket,
    answers: Map<Condition, MatchAnswer>,
  ): ConditionsMatch {
    let answer: MatchAnswer = 'yes';
    let reason = '';
    for (const condition of conditions) {
      let conditionAnswer = answers.get(condition);
      if (conditionAnswer === undefined) answers.set(condition, (conditionAnswer = matchCondition(condition, sight)));
      if (conditionAnswer === 'no') return NO_MATCH;
      if (conditionAnswer === 'maybe') {
        answer = 'maybe';
        if ('reason' in condition) reason ||= condition.reason;
        else if (condition.is === 'fact') reason ||= explainFact(condition.field, sight.context);
      }
    }
    return { answer, reason };
  }

  private walkRule(rule: LoweredRule, sight: HookPacket): ChainEndings {
    const { action, line } = rule;
    if (!action) return new Map();
    switch (action.is) {
      case 'verdict':
        return this.walkVerdict(action.verdict, rule, sight);
      case 'choose':
      case 'look up':
        return this.walkMap(action, rule, sight);
      case 'opaque':
        return this.createOpaqueEnding(action.reason, rule);
      case 'translate':
      case 'one of':
      case 'masquerade':
      case 'redirect':
        if (this.query === 'left') return createEndings({ is: 'accept', reason: '', rule });
        return this.query === 'filter'
          ? createEndings({ is: 'unknown', reason: `line ${line}: a translation outside a nat chain`, rule })
          : createEndings({ is: 'translate', reason: '', rule, action });
    }
  }

  private createOpaqueEnding(reason: string, rule: LoweredRule): ChainEndings {
    if (this.query === 'left') return createEndings({ is: 'accept', reason: '', rule });
    return createEndings({ is: this.query === 'nat' ? 'unknown' : 'altered', reason, rule });
  }

  private walkVerdict(verdict: RuleVerdict, rule: LoweredRule, sight: HookPacket): ChainEndings {
    switch (verdict.is) {
      case 'accept':
        return createEndings({ is: 'accept', reason: '', rule });
      case 'pass':
        if (this.query === 'left' || (verdict.state && verdict.exitInterface === undefined))
          return createEndings({ is: 'accept', reason: '', rule });
        return createEndings({ is: 'pass', reason: '', rule, pass: verdict });
      case 'drop':
        return createEndings({ is: this.query === 'left' ? 'accept' : 'drop', reason: '', rule });
      case 'return':
        return createEndings({ is: 'return', reason: '' });
      case 'continue':
        return new Map();
      case 'opaque':
        return this.createOpaqueEnding(verdict.reason, rule);
      case 'jump':
      case 'goto': {
        const returnEnding: ChainEnding = { is: verdict.is === 'jump' ? 'next' : 'return', reason: '' };
        const out = new Map<string, ChainEnding>();
        for (const ending of this.walkChain(verdict.chain, sight).values()) {
          const callerEnding =
            ending.is === 'next' || ending.is === 'return'
              ? returnEnding
              : { ...ending, jumps: [...(ending.jumps ?? []), rule] };
          out.set(getEndingKey(callerEnding), callerEnding);
        }
        return out;
      }
    }
  }

  private walkMap(
    action: RuleAction & { is: 'choose' | 'look up' },
    rule: LoweredRule,
    sight: HookPacket,
  ): ChainEndings {
    const out = new Map<string, ChainEnding>();
    const entries = action.is === 'choose' ? action.choices : action.entries;
    const add = (i: number): void => {
      const choice = action.is === 'choose' ? action.choices[i] : undefined;
      if (choice) for (const [key, ending] of this.walkVerdict(choice.verdict, rule, sight)) out.set(key, ending);
      if (choice?.verdict.is === 'continue') out.set('next', { is: 'next', reason: '' });
      if (action.is !== 'look up') return;
      if (this.query === 'left') return void out.set('accept', { is: 'accept', reason: '', rule });
      const ending: ChainEnding =
        this.query === 'filter'
          ? { is: 'unknown', reason: `line ${rule.line}: a translation outside a nat chain`, rule }
          : { is: 'translate', reason: '', rule: { ...rule, ...action.entries[i]!.source }, action, entry: i };
      out.set(getEndingKey(ending), ending);
    };
    const isDefault = (i: number): boolean => entries[i]!.values.every(({ is }) => is === 'any');
    for (const asDefault of [false, true]) {
      for (let i = 0; i < entries.length; i++) {
        if (isDefault(i) !== asDefault) continue;
        const answer = matchTuple(action.fields, entries[i]!, sight);
        if (answer === 'no') continue;
        add(i);
        if (answer === 'yes') return out;
      }
      if (!asDefault && action.dynamic)
        out.set('unknown', { is: 'unknown', reason: `line ${rule.line}: rules add to its map`, rule });
    }
    out.set('next', { is: 'next', reason: '' });
    return out;
  }
}

function setEndingStates(
  endings: ChainEndings,
  { noReturn }: LoweredChain,
  { ct, marks }: PacketContext,
): ChainEndings {
  const stateEnding: ChainEnding = { is: 'left', reason: '', packetState: createPacketState(ct, marks) };
  const isOwn = (is: ChainEnding['is']): boolean =>
    is === 'accept' || (noReturn === 'to the end' && (is === 'next' || is === 'return'));
  const stateEndings = [...endings.values()].map((ending) => (isOwn(ending.is) ? stateEnding : ending));
  return new Map(stateEndings.map((ending) => [getEndingKey(ending), ending]));
}
