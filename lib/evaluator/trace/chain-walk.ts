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
  readonly because: string;
  readonly rule?: LoweredRule;
  /** The verdict of a pass that isn't a plain accept. */
  readonly pass?: RuleVerdict & { readonly is: 'pass' };
  /** For translations: the rule's action. `entry` is the entry of its map. */
  readonly end?: RuleAction;
  readonly entry?: number;
  /** The packet's state behind the chain, if the query asks for it. */
  readonly as?: PacketState;
}

export type WalkQuery = 'filter' | 'nat' | 'left';
type ChainEndings = ReadonlyMap<string, ChainEnding>;

export const getEndingKey = ({ is, rule, entry, because: reason, pass, as: state }: ChainEnding): string =>
  state
    ? `left ${state.ct} ${state.marks.key}`
    : pass
      ? `pass ${pass.state} ${pass.out}`
      : is === 'translate'
        ? `${is} ${rule?.line} ${entry}`
        : is === 'unknown'
          ? `${is} ${reason}`
          : is;

interface ConditionsMatch {
  readonly answer: MatchAnswer;
  readonly doubt: string;
}

const NO_MATCH: ConditionsMatch = { answer: 'no', doubt: '' };

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
      return [{ is: 'accept', because: '' }];
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
      !this.hookPacket.facts.tracks.has(getFamily(this.hookPacket.packet.destination));
    return drops
      ? [{ is: 'unknown', because: `line ${base.line}: nothing makes the kernel run this nat chain` }]
      : [...endings.values()];
  }

  private getPolicyEnding({ policy, chain, otherwise }: BaseChain): ChainEnding {
    const reason = otherwise?.words ?? `${chain.called} has policy ${policy}`;
    if (this.query === 'left') return { is: 'accept', because: reason };
    return policy === 'pass without state'
      ? { is: 'pass', because: reason, pass: { is: 'pass', state: false } }
      : { is: policy, because: reason };
  }

  /**
   * Returns the endings of a chain. If nothing returns from it, packets that pass or are held leave with the chain's
   * state. So do packets that come to the end of the base chain.
   */
  private walkChain(chain: LoweredChain, entryPacket: HookPacket): ChainEndings {
    const sight = chain.sets ? { ...entryPacket, context: applyChainChanges(chain, entryPacket.context) } : entryPacket;
    const key = `${sight.context.ct} ${sight.context.marks.key}`;
    let endingsByState = this.endingsByChain.get(chain);
    if (!endingsByState) this.endingsByChain.set(chain, (endingsByState = new Map<string, ChainEndings>()));
    let chainEndings = endingsByState.get(key);
    if (!chainEndings) {
      const endings = this.walkRules(chain, sight);
      chainEndings = this.query === 'left' && chain.leads ? setEndingStates(endings, chain, sight.context) : endings;
      endingsByState.set(key, chainEndings);
    }
    return chainEndings;
  }

  private walkRules(chain: LoweredChain, sight: HookPacket): ChainEndings {
    const endings = new Map<string, ChainEnding>();
    const answers = this.getAnswers(sight);
    let open = true;
    for (const rule of chain.rules) {
      const { answer, doubt: conditionReason } = this.checkConditions(rule.conditions, sight, answers);
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
            answer === 'maybe' && ending.is !== 'unknown'
              ? { ...ending, because: ending.because || lineReason }
              : ending,
          );
      if (!next) {
        open = false;
        break;
      }
    }
    if (open) endings.set('next', { is: 'next', because: '' });
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
        if ('because' in condition) reason ||= condition.because;
        else if (condition.is === 'fact') reason ||= explainFact(condition.field, sight.context);
      }
    }
    return { answer, doubt: reason };
  }

  private walkRule(rule: LoweredRule, sight: HookPacket): ChainEndings {
    const { end, line } = rule;
    if (!end) return new Map();
    switch (end.is) {
      case 'verdict':
        return this.walkVerdict(end.verdict, rule, sight);
      case 'choose':
      case 'look up':
        return this.walkMap(end, rule, sight);
      case 'opaque':
        return this.createOpaqueEnding(end.because, rule);
      case 'translate':
      case 'one of':
      case 'masquerade':
      case 'redirect':
        if (this.query === 'left') return createEndings({ is: 'accept', because: '', rule });
        return this.query === 'filter'
          ? createEndings({ is: 'unknown', because: `line ${line}: a translation outside a nat chain`, rule })
          : createEndings({ is: 'translate', because: '', rule, end });
    }
  }

  private createOpaqueEnding(reason: string, rule: LoweredRule): ChainEndings {
    if (this.query === 'left') return createEndings({ is: 'accept', because: '', rule });
    return createEndings({ is: this.query === 'nat' ? 'unknown' : 'altered', because: reason, rule });
  }

  private walkVerdict(verdict: RuleVerdict, rule: LoweredRule, sight: HookPacket): ChainEndings {
    switch (verdict.is) {
      case 'accept':
        return createEndings({ is: 'accept', because: '', rule });
      case 'pass':
        if (this.query === 'left' || (verdict.state && verdict.out === undefined))
          return createEndings({ is: 'accept', because: '', rule });
        return createEndings({ is: 'pass', because: '', rule, pass: verdict });
      case 'drop':
        return createEndings({ is: this.query === 'left' ? 'accept' : 'drop', because: '', rule });
      case 'return':
        return createEndings({ is: 'return', because: '' });
      case 'continue':
        return new Map();
      case 'opaque':
        return this.createOpaqueEnding(verdict.because, rule);
      case 'jump':
      case 'goto': {
        const returnEnding: ChainEnding = { is: verdict.is === 'jump' ? 'next' : 'return', because: '' };
        const out = new Map<string, ChainEnding>();
        for (const ending of this.walkChain(verdict.chain, sight).values()) {
          const callerEnding = ending.is === 'next' || ending.is === 'return' ? returnEnding : ending;
          out.set(getEndingKey(callerEnding), callerEnding);
        }
        return out;
      }
    }
  }

  private walkMap(end: RuleAction & { is: 'choose' | 'look up' }, rule: LoweredRule, sight: HookPacket): ChainEndings {
    const out = new Map<string, ChainEnding>();
    const entries = end.is === 'choose' ? end.choices : end.entries;
    const add = (i: number): void => {
      const choice = end.is === 'choose' ? end.choices[i] : undefined;
      if (choice) for (const [key, ending] of this.walkVerdict(choice.verdict, rule, sight)) out.set(key, ending);
      if (choice?.verdict.is === 'continue') out.set('next', { is: 'next', because: '' });
      if (end.is !== 'look up') return;
      if (this.query === 'left') return void out.set('accept', { is: 'accept', because: '', rule });
      const ending: ChainEnding =
        this.query === 'filter'
          ? { is: 'unknown', because: `line ${rule.line}: a translation outside a nat chain`, rule }
          : { is: 'translate', because: '', rule: { ...rule, ...end.entries[i]!.by }, end, entry: i };
      out.set(getEndingKey(ending), ending);
    };
    const isDefault = (i: number): boolean => entries[i]!.values.every(({ is }) => is === 'any');
    for (const asDefault of [false, true]) {
      for (let i = 0; i < entries.length; i++) {
        if (isDefault(i) !== asDefault) continue;
        const answer = matchTuple(end.fields, entries[i]!, sight);
        if (answer === 'no') continue;
        add(i);
        if (answer === 'yes') return out;
      }
      if (!asDefault && end.learned)
        out.set('unknown', { is: 'unknown', because: `line ${rule.line}: rules add to its map`, rule });
    }
    out.set('next', { is: 'next', because: '' });
    return out;
  }
}

function setEndingStates(endings: ChainEndings, { leads }: LoweredChain, { ct, marks }: PacketContext): ChainEndings {
  const stateEnding: ChainEnding = { is: 'left', because: '', as: createPacketState(ct, marks) };
  const isOwn = (is: ChainEnding['is']): boolean =>
    is === 'accept' || (leads === 'to the end' && (is === 'next' || is === 'return'));
  const stateEndings = [...endings.values()].map((ending) => (isOwn(ending.is) ? stateEnding : ending));
  return new Map(stateEndings.map((ending) => [getEndingKey(ending), ending]));
}
