import { Settled } from '../../parse/reader';
import { Ending } from './chain';
import { BaseChain, Box, LoweredRule, LoweredRuleset } from '../model';

/** Who let a packet pass so far. */
export class Passing {
  /** The last word, whatever the hook. */
  private last: Settled & { readonly words: string };
  private readonly words: { readonly by: Settled; readonly stays: boolean }[] = [];

  constructor(
    dormant: LoweredRuleset['dormant'],
    private readonly says: Box['words'],
  ) {
    this.last = dormant
      ? { words: `${dormant.called} is dormant`, line: dormant.line }
      : { words: 'nothing stands in its way' };
  }

  add(base: BaseChain, ending: Ending): void {
    const { rule, because } = ending;
    // A chain of the other family has no word.
    if (!rule && because === '') return;
    this.last = { words: rule ? `line ${rule.line} ${this.says.accept} it` : because };
    if (!base.otherwise && !DECIDING.includes(base.hook)) return;
    // What lets out whatever was let in settles nothing.
    if (base.otherwise && this.words.length > 0 && (!rule || rule.isName)) return;
    this.words.push({ by: settledIn(base, ending), stays: rule !== undefined || base.otherwise !== undefined });
  }

  /** By a translation that the filter isn't asked after. */
  translated(rule: LoweredRule | undefined): void {
    this.last = { words: 'a translation passes it' };
    this.words.push({ by: rule ? ofRule(rule) : this.last, stays: true });
  }

  get because(): string {
    return this.last.words;
  }

  get settledBy(): readonly Settled[] {
    const settled = this.words.filter(({ stays }, at) => stays || at === this.words.length - 1);
    return settled.length > 0 ? settled.map(({ by }) => by) : [this.last];
  }
}

const DECIDING: readonly string[] = ['input', 'forward', 'output'];

/** By its rule, or by its policy. */
export const settledIn = ({ policy, line, otherwise }: BaseChain, { rule }: Ending): Settled =>
  rule ? ofRule(rule) : (otherwise ?? { words: `policy ${policy}`, line });

/** A rule, by its line; what a configuration says by its name, too. */
const ofRule = ({ line, text, isName }: LoweredRule): Settled => ({ ...(isName ? { words: text } : {}), line });
