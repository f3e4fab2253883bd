import { PacketMap } from '../../net/packet-map';
import { Choice, Choices, Entry } from './choices';
import { PfFilterRule, PfRules } from './model';
import { isOn, said } from './standing';

/** What filter rules say to a packet. Interned. */
export type Word = { readonly is: 'block' } | { readonly is: 'pass'; readonly state: boolean; readonly routedTo: string | undefined };

export const BLOCK: Word = { is: 'block' };
export const PASS: Word = { is: 'pass', state: true, routedTo: undefined };
/** Where no rule matches. */
export const DEFAULT: Word = { is: 'pass', state: false, routedTo: undefined };

/** What it lets pass has a state, so that answers pass, too. */
export const keepsState = (word: Word): boolean => word.is === 'block' || word.state;

/** The filter list as each interface asks it. */
export class Filter {
  private readonly choices = new Choices<Word>();
  private readonly words = new Map<string, Word>();
  private readonly made = new Map<string, PacketMap<Choice<Word>>>();

  constructor(private readonly rules: PfRules) {}

  /** Defined everywhere. */
  of(name: string, way: 'in' | 'out'): PacketMap<Choice<Word>> {
    if (this.rules.skipped.includes(name)) return PacketMap.everywhere(this.choices.of([PASS]));
    const asked: number[] = [];
    for (const [i, rule] of this.rules.filter.entries()) {
      if (rule.action !== 'match' && (rule.way === 'both' || rule.way === way) && isOn(rule, name)) asked.push(i);
    }
    const key = asked.join(' ');
    let found = this.made.get(key);
    if (!found) this.made.set(key, (found = this.list(asked.map((i) => this.rules.filter[i]!))));
    return found;
  }

  /** The last match decides but for `quick`: first all quick rules in their order, then the others from the last to the first. */
  private list(asked: readonly PfFilterRule[]): PacketMap<Choice<Word>> {
    const order = [...asked.filter(({ quick }) => quick), ...asked.filter(({ quick }) => !quick).reverse()];
    const entries = order.flatMap((rule) => this.entries(rule));
    return this.choices.first([...entries, { packets: PacketMap.ALL, option: DEFAULT }]);
  }

  private entries(rule: PfFilterRule): readonly Entry<Word>[] {
    const option = rule.action === 'block' ? BLOCK : this.passing(rule);
    const sure = { packets: rule.packets, option };
    return rule.perhaps ? [sure, { packets: rule.perhaps.packets, option, doubt: said(rule.line, rule.perhaps.because) }] : [sure];
  }

  private passing({ state, routedTo }: PfFilterRule): Word {
    if (routedTo === undefined) return state ? PASS : DEFAULT;
    const key = `${state} ${routedTo}`;
    let found = this.words.get(key);
    if (!found) this.words.set(key, (found = { is: 'pass', state, routedTo }));
    return found;
  }
}
