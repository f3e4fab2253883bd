import { Settled } from '../../reader';
import { Ending } from './trace-chain';
import { BaseChain, Understood } from '../model';

/** Who let a packet pass so far. */
export class Passing {
  /** The last word, whatever the hook. */
  private last: Settled & { readonly words: string };
  private readonly words: Settled[] = [];

  constructor(dormant: Understood['dormant']) {
    this.last = dormant ? { words: `${dormant.called} is dormant`, line: dormant.line } : { words: 'nothing stands in its way' };
  }

  add(base: BaseChain, ending: Ending): void {
    const { rule, because } = ending;
    // A chain of the other family has no word.
    if (!rule && because === '') return;
    this.last = { words: rule ? `line ${rule.line} accepts it` : because };
    if (DECIDING.includes(base.hook)) this.words.push(settledIn(base, ending));
  }

  get because(): string {
    return this.last.words;
  }

  get settledBy(): readonly Settled[] {
    const settled = this.words.filter(({ words }, at) => words === undefined || at === this.words.length - 1);
    return settled.length > 0 ? settled : [this.last];
  }
}

const DECIDING: readonly string[] = ['input', 'forward', 'output'];

/** By its rule, or by its policy. */
export const settledIn = ({ policy, line }: BaseChain, { rule }: Ending): Settled =>
  rule ? { line: rule.line } : { words: `policy ${policy}`, line };
