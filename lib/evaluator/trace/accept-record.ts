// Records, while one packet is traced, the rules and chain policies that let it pass. The trace names them as the
// deciding lines.

import { DecisionSource } from '../../parse/config-parser';
import { FAMILIES } from '../../net/address';
import { memoize } from '../../net/intern-tables';
import { PacketMap } from '../../net/packet-map';
import { toRows } from '../../reachability/reachability-rows';
import { ChainEnding } from './chain-walk';
import { BaseChain, Condition, KernelBehavior, LoweredRule, LoweredRuleset } from '../ruleset-model';

/** Records which rules and policies let a packet pass so far. */
export class AcceptRecord {
  /** The last decision, whatever the hook. */
  private last: DecisionSource & { readonly description: string };
  private readonly entries: { readonly source: DecisionSource; readonly isFinal: boolean }[] = [];

  constructor(
    dormant: LoweredRuleset['dormantTable'],
    private readonly actionWords: KernelBehavior['actionWords'],
  ) {
    this.last = dormant
      ? { description: `${dormant.label} is dormant`, line: dormant.line }
      : { description: 'nothing stands in its way' };
  }

  addEnding(base: BaseChain, ending: ChainEnding): void {
    const { rule, reason } = ending;
    // A chain of the other family decides nothing.
    if (!rule && reason === '') return;
    this.last = { description: rule ? `line ${rule.line} ${this.actionWords.accept} it` : reason };
    if (!base.defaultSource && !DECIDING_HOOKS.includes(base.hook)) return;
    // A rule that lets out whatever was let in decides nothing.
    if (base.defaultSource && this.entries.length > 0 && (!rule || rule.isName)) return;
    this.entries.push({
      source: describeEnding(base, ending),
      isFinal: rule !== undefined || base.defaultSource !== undefined,
    });
  }

  /** Records a translation after which the filter isn't asked. */
  addTranslation(rule: LoweredRule | undefined): void {
    this.last = { description: 'a translation passes it' };
    this.entries.push({ source: rule ? describeRule(rule) : this.last, isFinal: true });
  }

  get reason(): string {
    return this.last.description;
  }

  get decisionSources(): readonly DecisionSource[] {
    const settled = this.entries.filter(({ isFinal }, index) => isFinal || index === this.entries.length - 1);
    return settled.length > 0 ? settled.map(({ source }) => source) : [this.last];
  }
}

const DECIDING_HOOKS: readonly string[] = ['input', 'forward', 'output'];

/** Returns the source of a decision: the rule, or else the policy. */
export const describeEnding = (
  { policy, line, defaultSource: policySource }: BaseChain,
  { rule, jumps = [] }: ChainEnding,
): DecisionSource => {
  if (!rule) return policySource ?? { description: `policy ${policy}`, line };
  const jump = rule.isName || isSelective(rule) ? undefined : jumps.find(isSelective);
  return {
    ...describeRule(rule),
    ...(jump && jump.line !== rule.line ? { jump: { number: jump.line, text: jump.text } } : {}),
  };
};

/** Returns whether a rule tests more than protocols. A chain that several rules share often ends with one that doesn't. */
const isSelective = ({ conditions, action }: LoweredRule): boolean =>
  action?.is === 'choose' || conditions.some((condition) => !testsOnlyProtocols(condition));

/** A report asks it of the same rules for hundreds of packets, and a condition may have thousands of addresses. */
const testsOnlyProtocols = memoize((condition: Condition): boolean => {
  if (condition.is !== 'packets') return false;
  const protocols = toRows(condition.may).flatMap((row) => row.protocols);
  const packets = PacketMap.createSet({ protocol: protocols });
  return [undefined, ...FAMILIES].some((family) =>
    condition.may.equals(family ? packets.intersect(PacketMap.createSet({ family })) : packets),
  );
});

/** Returns a rule by its line, and by its name if its text is a name. */
const describeRule = ({ line, text, isName }: LoweredRule): DecisionSource => ({
  ...(isName ? { description: text } : {}),
  line,
});
