import { DecisionSource } from '../../parse/config-parser';
import { ChainEnding } from './chain-walk';
import { BaseChain, KernelBehavior, LoweredRule, LoweredRuleset } from '../ruleset-model';

/** Who let a packet pass so far. */
export class AcceptRecord {
  /** The last word, whatever the hook. */
  private last: DecisionSource & { readonly words: string };
  private readonly entries: { readonly by: DecisionSource; readonly stays: boolean }[] = [];

  constructor(
    dormant: LoweredRuleset['dormant'],
    private readonly actionWords: KernelBehavior['words'],
  ) {
    this.last = dormant
      ? { words: `${dormant.called} is dormant`, line: dormant.line }
      : { words: 'nothing stands in its way' };
  }

  addEnding(base: BaseChain, ending: ChainEnding): void {
    const { rule, because: reason } = ending;
    // A chain of the other family has no word.
    if (!rule && reason === '') return;
    this.last = { words: rule ? `line ${rule.line} ${this.actionWords.accept} it` : reason };
    if (!base.otherwise && !DECIDING_HOOKS.includes(base.hook)) return;
    // What lets out whatever was let in settles nothing.
    if (base.otherwise && this.entries.length > 0 && (!rule || rule.isName)) return;
    this.entries.push({ by: describeEnding(base, ending), stays: rule !== undefined || base.otherwise !== undefined });
  }

  /** By a translation that the filter isn't asked after. */
  addTranslation(rule: LoweredRule | undefined): void {
    this.last = { words: 'a translation passes it' };
    this.entries.push({ by: rule ? describeRule(rule) : this.last, stays: true });
  }

  get reason(): string {
    return this.last.words;
  }

  get settledBy(): readonly DecisionSource[] {
    const settled = this.entries.filter(({ stays }, index) => stays || index === this.entries.length - 1);
    return settled.length > 0 ? settled.map(({ by: source }) => source) : [this.last];
  }
}

const DECIDING_HOOKS: readonly string[] = ['input', 'forward', 'output'];

/** By its rule, or by its policy. */
export const describeEnding = (
  { policy, line, otherwise: policySource }: BaseChain,
  { rule }: ChainEnding,
): DecisionSource => (rule ? describeRule(rule) : (policySource ?? { words: `policy ${policy}`, line }));

/** A rule, by its line; what a configuration says by its name, too. */
const describeRule = ({ line, text, isName }: LoweredRule): DecisionSource => ({
  ...(isName ? { words: text } : {}),
  line,
});
