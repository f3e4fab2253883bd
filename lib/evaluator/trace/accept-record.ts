import { DecisionSource } from '../../parse/config-parser';
import { ChainEnding } from './chain-walk';
import { BaseChain, KernelBehavior, LoweredRule, LoweredRuleset } from '../ruleset-model';

/** Records which rules and policies let a packet pass so far. */
export class AcceptRecord {
  /** The last decision, whatever the hook. */
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
    // A chain of the other family decides nothing.
    if (!rule && reason === '') return;
    this.last = { words: rule ? `line ${rule.line} ${this.actionWords.accept} it` : reason };
    if (!base.otherwise && !DECIDING_HOOKS.includes(base.hook)) return;
    // A rule that lets out whatever was let in decides nothing.
    if (base.otherwise && this.entries.length > 0 && (!rule || rule.isName)) return;
    this.entries.push({ by: describeEnding(base, ending), stays: rule !== undefined || base.otherwise !== undefined });
  }

  /** Records a translation after which the filter isn't asked. */
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

/** Returns the source of a decision: the rule, or else the policy. */
export const describeEnding = (
  { policy, line, otherwise: policySource }: BaseChain,
  { rule }: ChainEnding,
): DecisionSource => (rule ? describeRule(rule) : (policySource ?? { words: `policy ${policy}`, line }));

/** Returns a rule by its line, and by its name if its text is a name. */
const describeRule = ({ line, text, isName }: LoweredRule): DecisionSource => ({
  ...(isName ? { words: text } : {}),
  line,
});
