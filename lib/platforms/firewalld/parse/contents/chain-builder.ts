// Builds, for the ruleset model, the chains that firewalld makes of one zone or policy at each hook.
// lower/lower-for-version.ts puts them into the base chains.

import {
  Condition,
  RuleVerdict,
  RuleAction,
  LoweredChain,
  LoweredRule,
  RuleSource,
} from '../../../../evaluator/ruleset-model';
import * as asked from './match-conditions';
import { FirewalldConfiguration, ParsedFirewalldPolicy, FirewalldZone } from '../files/firewalld-configuration';
import { ItemLowering, PlacedFirewalldRule, createVerdict } from './item-lowering';
import { compareRichRules } from './later-rich-rules';
import { isAtLeast } from '../files/firewalld-version';

/** The chains to which zones and policies contribute. */
export const DISPATCH_HOOKS = ['input', 'forward', 'output', 'prerouting', 'postrouting', 'own'] as const;
export type DispatchHook = (typeof DISPATCH_HOOKS)[number];
export const CHAIN_TYPE_BY_HOOK: Readonly<Record<DispatchHook, PlacedFirewalldRule['list']>> = {
  input: 'filter',
  forward: 'filter',
  output: 'filter',
  prerouting: 'destinations',
  postrouting: 'sources',
  own: 'destinations',
};
const PART_ORDER = ['pre', 'deny', 'allow', 'post'] as const;

export const createChain = (label: string, rules: readonly LoweredRule[]): LoweredChain => ({
  label,
  rules: [...rules],
});
export const createRule = (source: RuleSource, conditions: readonly Condition[], action: RuleAction): LoweredRule => ({
  ...source,
  conditions,
  action,
});
export const createJump = (is: 'jump' | 'goto', to: LoweredChain): RuleAction => ({
  is: 'verdict',
  verdict: { is, chain: to } satisfies RuleVerdict,
});
export const createZoneSource = ({ name, file }: FirewalldZone): RuleSource => ({
  line: file.line,
  text: `zone ${name}`,
});
export const createPolicySource = ({ name, file }: ParsedFirewalldPolicy): RuleSource => ({
  line: file.line,
  text: `policy ${name}`,
});

/** Builds the chains for zones and policies, each once. */
export class ChainBuilder {
  private readonly rulesByOwner = new Map<FirewalldZone | ParsedFirewalldPolicy, readonly PlacedFirewalldRule[]>();
  private readonly chainsByLabel = new Map<string, LoweredChain>();

  constructor(
    readonly configuration: FirewalldConfiguration,
    readonly items: ItemLowering,
  ) {}

  /** Returns all rules of a zone or policy, in the order of evaluation. Rich rules come last. */
  lowerItems(owner: FirewalldZone | ParsedFirewalldPolicy): readonly PlacedFirewalldRule[] {
    const existing = this.rulesByOwner.get(owner);
    if (existing) return existing;
    const inverted = 'inverted' in owner && owner.inverted;
    const isSorted = isAtLeast(this.configuration.version, '2.3');
    const [rules, otherElements] = [
      owner.items.filter(({ name }) => name === 'rule'),
      owner.items.filter(({ name }) => name !== 'rule'),
    ];
    const placedRules = [...otherElements, ...(isSorted ? [...rules].sort(compareRichRules) : rules)].flatMap(
      (element) => this.items.lowerItem(element, inverted),
    );
    this.rulesByOwner.set(owner, placedRules);
    return placedRules;
  }

  /** Returns the rules of one chain type. */
  selectRules(
    owner: FirewalldZone | ParsedFirewalldPolicy,
    chainType: PlacedFirewalldRule['list'] | undefined,
  ): readonly LoweredRule[] {
    const placedRules = this.lowerItems(owner)
      .filter((placed) => placed.list === chainType)
      .sort((a, b) => (a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0));
    return PART_ORDER.flatMap((part) =>
      placedRules.filter((placed) => placed.part === part).map((placed) => placed.rule),
    );
  }

  buildPolicyChain(policy: ParsedFirewalldPolicy, hook: DispatchHook): LoweredChain {
    return this.memoizeChain(`policy ${policy.name}, ${hook}`, () => {
      const { target } = policy;
      const targetRules =
        CHAIN_TYPE_BY_HOOK[hook] !== 'filter' || target === 'continue'
          ? []
          : [createRule(createPolicySource(policy), [], createVerdict(target === 'accept' ? 'accept' : 'drop'))];
      return [...this.selectRules(policy, CHAIN_TYPE_BY_HOOK[hook]), ...targetRules];
    });
  }

  /** Returns the zone's rules, without its target and the policies around it. */
  buildZoneRules(zone: FirewalldZone, hook: Exclude<DispatchHook, 'output' | 'own'>): readonly LoweredRule[] {
    const { file, forwards, interfaces, sources } = zone;
    const forwardConditions: readonly Condition[] =
      !forwards || hook !== 'forward'
        ? []
        : [
            // "+" would accept packets from zone to zone.
            ...interfaces
              .filter((binding) => binding !== '+')
              .map((binding) => asked.createInterfaceCondition('out', [binding])),
            ...sources.map((binding) => this.items.createEndCondition('destination', binding, file.line)),
          ];
    return [
      ...this.selectRules(zone, hook === 'forward' ? undefined : CHAIN_TYPE_BY_HOOK[hook]),
      ...forwardConditions.map((condition) => createRule(createZoneSource(zone), [condition], createVerdict('accept'))),
    ];
  }

  /** Returns the rule that accepts or drops all ICMP in a zone. */
  buildIcmpRules(zone: FirewalldZone): readonly LoweredRule[] {
    const { target, inverted } = zone;
    return target === 'default' || target === 'unended' || (inverted && target === 'accept')
      ? [createRule(createZoneSource(zone), [asked.ANY_ICMP], createVerdict(inverted ? 'drop' : 'accept'))]
      : [];
  }

  buildTargetRules = (zone: FirewalldZone): readonly LoweredRule[] =>
    zone.target === 'unended'
      ? []
      : [createRule(createZoneSource(zone), [], createVerdict(zone.target === 'accept' ? 'accept' : 'drop'))];

  memoizeChain(label: string, createRules: () => readonly LoweredRule[]): LoweredChain {
    let cached = this.chainsByLabel.get(label);
    if (!cached) this.chainsByLabel.set(label, (cached = createChain(label, createRules())));
    return cached;
  }
}
