import { familyOf } from '../../net/address';
import { Answer, Sight, holds, matches } from './match';
import { whyEither } from '../packet-shapes';
import { Context, Seen, comingInto, seenWith } from '../context';
import { BaseChain, Condition, Decision, End, LoweredChain, LoweredRule } from '../model';

/** How a packet may come out of a chain, with the rule that did it. Several only where a rule may match or not. */
export interface Ending {
  readonly is: 'accept' | 'pass' | 'drop' | 'unknown' | 'altered' | 'left' | 'translate' | 'return' | 'next';
  readonly because: string;
  readonly rule?: LoweredRule;
  /** Not by a plain accept. */
  readonly pass?: Decision & { readonly is: 'pass' };
  /** For translations: the end of the rule, and the entry of its map. */
  readonly end?: End;
  readonly entry?: number;
  /** What it is behind the list, where that was asked. */
  readonly as?: Seen;
}

export type Asked = 'filter' | 'nat' | 'left';
type Endings = ReadonlyMap<string, Ending>;

export const keyOf = ({ is, rule, entry, because, pass, as }: Ending): string =>
  as
    ? `left ${as.ct} ${as.marks.key}`
    : pass
      ? `pass ${pass.state} ${pass.out}`
      : is === 'translate'
        ? `${is} ${rule?.line} ${entry}`
        : is === 'unknown'
          ? `${is} ${because}`
          : is;

interface Told {
  readonly answer: Answer;
  readonly doubt: string;
}

const NO: Told = { answer: 'no', doubt: '' };

const one = (ending: Ending): Map<string, Ending> => new Map([[keyOf(ending), ending]]);

/** Walks base chains rule by rule for one packet. */
export class Walk {
  private readonly known = new Map<LoweredChain, Map<string, Endings>>();
  /** What thousands of rules ask alike is asked of a packet once. */
  private readonly answers = new Map<Sight, Map<Condition, Answer>>();

  constructor(
    private readonly sight: Sight,
    private readonly asked: Asked,
  ) {}

  base(base: BaseChain): readonly Ending[] {
    if ((base.family === 'ip' || base.family === 'ip6') && familyOf(this.sight.packet.destination) !== base.family)
      return [{ is: 'accept', because: '' }];
    const endings = new Map<string, Ending>();
    for (const ending of this.chain(base.chain, this.sight).values()) {
      if (ending.is !== 'next' && ending.is !== 'return') endings.set(keyOf(ending), ending);
      else {
        const policy = this.policy(base);
        if (!endings.has(keyOf(policy))) endings.set(keyOf(policy), policy);
      }
    }
    const drops =
      this.asked === 'nat' &&
      endings.has('drop') &&
      !this.sight.facts.tracks.has(familyOf(this.sight.packet.destination));
    return drops
      ? [{ is: 'unknown', because: `line ${base.line}: nothing makes the kernel run this nat chain` }]
      : [...endings.values()];
  }

  private policy({ policy, chain, otherwise }: BaseChain): Ending {
    const because = otherwise?.words ?? `${chain.called} has policy ${policy}`;
    if (this.asked === 'left') return { is: 'accept', because };
    return policy === 'pass without state'
      ? { is: 'pass', because, pass: { is: 'pass', state: false } }
      : { is: policy, because };
  }

  /** Who passes or is held where nothing comes back from is as that chain has it, and so is who comes to the end of the list. */
  private chain(chain: LoweredChain, given: Sight): Endings {
    const sight = chain.sets ? { ...given, context: comingInto(chain, given.context) } : given;
    const key = `${sight.context.ct} ${sight.context.marks.key}`;
    let some = this.known.get(chain);
    if (!some) this.known.set(chain, (some = new Map<string, Endings>()));
    let found = some.get(key);
    if (!found) {
      const endings = this.rules(chain, sight);
      found = this.asked === 'left' && chain.leads ? leftIn(endings, chain, sight.context) : endings;
      some.set(key, found);
    }
    return found;
  }

  private rules(chain: LoweredChain, sight: Sight): Endings {
    const endings = new Map<string, Ending>();
    const answers = this.answersAt(sight);
    let open = true;
    for (const rule of chain.rules) {
      const { answer, doubt: told } = this.conditions(rule.conditions, sight, answers);
      const doubt = told === '' || told.startsWith('line ') ? told : `line ${rule.line}: ${told}`;
      if (answer === 'no') continue;
      const made = this.rule(rule, sight);
      const next = made.get('next') !== undefined || answer === 'maybe' || made.size === 0;
      for (const [name, ending] of made)
        if (name !== 'next')
          endings.set(
            name,
            answer === 'maybe' && ending.is !== 'unknown' ? { ...ending, because: ending.because || doubt } : ending,
          );
      if (!next) {
        open = false;
        break;
      }
    }
    if (open) endings.set('next', { is: 'next', because: '' });
    return endings;
  }

  private answersAt(sight: Sight): Map<Condition, Answer> {
    let found = this.answers.get(sight);
    if (!found) this.answers.set(sight, (found = new Map<Condition, Answer>()));
    return found;
  }

  private conditions(conditions: readonly Condition[], sight: Sight, answers: Map<Condition, Answer>): Told {
    let answer: Answer = 'yes';
    let doubt = '';
    for (const condition of conditions) {
      let own = answers.get(condition);
      if (own === undefined) answers.set(condition, (own = holds(condition, sight)));
      if (own === 'no') return NO;
      if (own === 'maybe') {
        answer = 'maybe';
        if ('because' in condition) doubt ||= condition.because;
        else if (condition.is === 'fact') doubt ||= whyEither(condition.field, sight.context);
      }
    }
    return { answer, doubt };
  }

  private rule(rule: LoweredRule, sight: Sight): Endings {
    const { end, line } = rule;
    if (!end) return new Map();
    switch (end.is) {
      case 'verdict':
        return this.decision(end.verdict, rule, sight);
      case 'choose':
      case 'look up':
        return this.lookUp(end, rule, sight);
      case 'opaque':
        return this.notUnderstood(end.because, rule);
      case 'translate':
      case 'one of':
      case 'masquerade':
      case 'redirect':
        if (this.asked === 'left') return one({ is: 'accept', because: '', rule });
        return this.asked === 'filter'
          ? one({ is: 'unknown', because: `line ${line}: a translation outside a nat chain`, rule })
          : one({ is: 'translate', because: '', rule, end });
    }
  }

  private notUnderstood(because: string, rule: LoweredRule): Endings {
    if (this.asked === 'left') return one({ is: 'accept', because: '', rule });
    return one({ is: this.asked === 'nat' ? 'unknown' : 'altered', because, rule });
  }

  private decision(verdict: Decision, rule: LoweredRule, sight: Sight): Endings {
    switch (verdict.is) {
      case 'accept':
        return one({ is: 'accept', because: '', rule });
      case 'pass':
        if (this.asked === 'left' || (verdict.state && verdict.out === undefined))
          return one({ is: 'accept', because: '', rule });
        return one({ is: 'pass', because: '', rule, pass: verdict });
      case 'drop':
        return one({ is: this.asked === 'left' ? 'accept' : 'drop', because: '', rule });
      case 'return':
        return one({ is: 'return', because: '' });
      case 'continue':
        return new Map();
      case 'opaque':
        return this.notUnderstood(verdict.because, rule);
      case 'jump':
      case 'goto': {
        const back: Ending = { is: verdict.is === 'jump' ? 'next' : 'return', because: '' };
        const out = new Map<string, Ending>();
        for (const ending of this.chain(verdict.chain, sight).values()) {
          const seen = ending.is === 'next' || ending.is === 'return' ? back : ending;
          out.set(keyOf(seen), seen);
        }
        return out;
      }
    }
  }

  private lookUp(end: End & { is: 'choose' | 'look up' }, rule: LoweredRule, sight: Sight): Endings {
    const out = new Map<string, Ending>();
    const entries = end.is === 'choose' ? end.choices : end.entries;
    const add = (i: number): void => {
      const choice = end.is === 'choose' ? end.choices[i] : undefined;
      if (choice) for (const [key, ending] of this.decision(choice.verdict, rule, sight)) out.set(key, ending);
      if (choice?.verdict.is === 'continue') out.set('next', { is: 'next', because: '' });
      if (end.is !== 'look up') return;
      if (this.asked === 'left') return void out.set('accept', { is: 'accept', because: '', rule });
      const ending: Ending =
        this.asked === 'filter'
          ? { is: 'unknown', because: `line ${rule.line}: a translation outside a nat chain`, rule }
          : { is: 'translate', because: '', rule: { ...rule, ...end.entries[i]!.by }, end, entry: i };
      out.set(keyOf(ending), ending);
    };
    const isDefault = (i: number): boolean => entries[i]!.values.every(({ is }) => is === 'any');
    for (const asDefault of [false, true]) {
      for (let i = 0; i < entries.length; i++) {
        if (isDefault(i) !== asDefault) continue;
        const answer = matches(end.fields, entries[i]!, sight);
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

function leftIn(endings: Endings, { leads }: LoweredChain, { ct, marks }: Context): Endings {
  const own: Ending = { is: 'left', because: '', as: seenWith(ct, marks) };
  const isOwn = (is: Ending['is']): boolean =>
    is === 'accept' || (leads === 'to the end' && (is === 'next' || is === 'return'));
  const all = [...endings.values()].map((ending) => (isOwn(ending.is) ? own : ending));
  return new Map(all.map((ending) => [keyOf(ending), ending]));
}
