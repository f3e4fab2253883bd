// Lowers the dispatch of firewalld 2.0 and later: the rules that send a packet to the policies and zones of the
// interfaces and sources that it comes from and goes to.

import { Condition, RuleAction, LoweredChain, LoweredRule } from '../../../../evaluator/ruleset-model';
import { ParsedFirewalldPolicy, FirewalldZone } from '../files/firewalld-configuration';
import {
  ChainBuilder,
  CHAIN_TYPE_BY_HOOK,
  DispatchHook,
  createChain,
  createJump,
  createPolicySource,
  createZoneSource,
  createRule,
} from '../contents/chain-builder';
import { PolicyDispatch, isActive } from './dispatch';
import { BindingKey, ZoneBinding, hasCommonFamily, createKeyOrder, listBindings } from './zone-bindings';
import { createProblem } from '../files/parse-problems';
import { createBuiltInSource } from '../files/rule-sources';
import { isAtLeast } from '../files/firewalld-version';

const RETURN: RuleAction = { is: 'verdict', verdict: { is: 'return' } };
/** An end of a packet's way: a zone, or the device itself. */
type DispatchSide = FirewalldZone | 'HOST';

/**
 * For each interface and source that a packet comes from and goes to, firewalld evaluates the policies of both, with
 * the zone's rules among them. Source: build_policy_ingress_egress_pair_rules of firewall/core/nftables.py, 2.3.1; from
 * 2.5 on, build_dispatch_stage1_rules and the functions behind it.
 */
export class BindingDispatch implements PolicyDispatch {
  private readonly ingressBindings: readonly ZoneBinding[];
  private readonly egressBindings: readonly ZoneBinding[];
  private readonly activePolicies: readonly ParsedFirewalldPolicy[];
  /** True if there is a chain for each pair of zones. False: there are rules for each pair of bindings. */
  private readonly isPerZonePair: boolean;

  constructor(private readonly builder: ChainBuilder) {
    const { configuration } = builder;
    const bindings = listBindings(builder);
    this.ingressBindings = [...bindings].sort(createKeyOrder(({ ingress }) => ingress));
    this.egressBindings = [...bindings].sort(createKeyOrder(({ egress }) => egress));
    this.isPerZonePair = isAtLeast(configuration.version, '2.5');
    this.activePolicies = configuration.policies.filter((policy) => isActive(policy, configuration));
  }

  createRules(hook: DispatchHook): readonly LoweredRule[] {
    return [
      createRule(
        createBuiltInSource('zones'),
        [],
        createJump('jump', createChain(`${hook} by zones`, this.createFirstRules(hook))),
      ),
    ];
  }

  private createFirstRules(hook: DispatchHook): readonly LoweredRule[] {
    const createDispatchRules = (
      bindings: readonly ZoneBinding[],
      getConditions: (binding: ZoneBinding) => readonly Condition[],
      to: (binding: ZoneBinding) => LoweredChain,
    ) =>
      bindings.map((binding) =>
        createRule(createZoneSource(binding.zone), getConditions(binding), createJump(getJumpKind(hook), to(binding))),
      );
    switch (hook) {
      case 'input':
        return createDispatchRules(this.ingressBindings, getIngressConditions, ({ zone }) =>
          this.buildPairChain(hook, zone, 'HOST', zone),
        );
      case 'output':
      case 'own':
        return createDispatchRules(this.egressBindings, getEgressConditions, ({ zone }) =>
          this.buildPairChain(hook, 'HOST', zone, undefined),
        );
      case 'prerouting':
        return createDispatchRules(this.ingressBindings, getIngressConditions, (binding) =>
          this.isPerZonePair ? this.buildEarlyChain(binding.zone) : this.buildEarlyBindingChain(binding),
        );
      case 'postrouting':
        if (!this.isPerZonePair)
          return createDispatchRules(this.egressBindings, getEgressConditions, (to) =>
            this.createSecondChain(hook, to, this.ingressBindings, getIngressConditions, (from) => [from, to]),
          );
    }
    return createDispatchRules(this.ingressBindings, getIngressConditions, (from) =>
      this.createSecondChain(hook, from, this.egressBindings, getEgressConditions, (to) => [from, to]),
    );
  }

  /** Returns the chain that selects the other end of a forwarded packet. */
  private createSecondChain(
    hook: 'forward' | 'postrouting',
    binding: ZoneBinding,
    otherBindings: readonly ZoneBinding[],
    getConditions: (otherBinding: ZoneBinding) => readonly Condition[],
    orderPair: (otherBinding: ZoneBinding) => readonly [by: ZoneBinding, to: ZoneBinding],
  ): LoweredChain {
    return this.builder.memoizeChain(
      `${hook} of zone ${binding.zone.name}${this.isPerZonePair ? '' : ` ${describeBinding(binding)}`}`,
      () =>
        otherBindings
          .filter((otherBinding) => this.isPerZonePair || hasCommonFamily(binding, otherBinding))
          .map((otherBinding) => {
            const [from, to] = orderPair(otherBinding);
            // Before 2.5 no policy applies if no zone names either end.
            const isAny = !this.isPerZonePair && from.isAny && to.isAny;
            const pairChain = this.buildPairChain(
              hook,
              from.zone,
              to.zone,
              hook === 'forward' ? from.zone : to.zone,
              isAny,
            );
            return createRule(
              createZoneSource(otherBinding.zone),
              getConditions(otherBinding),
              createJump(getJumpKind(hook), pairChain),
            );
          }),
    );
  }

  /** Returns the chain from one side to the other: the policies, and the deciding zone among them. */
  private buildPairChain(
    hook: DispatchHook,
    from: DispatchSide,
    to: DispatchSide,
    ownZone: FirewalldZone | undefined,
    isAny = false,
  ): LoweredChain {
    return this.builder.memoizeChain(
      `${hook} from ${describeSide(from)} to ${describeSide(to)}${isAny ? ' of any source' : ''}`,
      () => [
        ...this.mergeZoneAndPolicies(
          hook,
          isAny ? [] : this.activePolicies.filter((policy) => isFrom(policy, from) && isTo(policy, to)),
          ownZone,
        ),
        ...(ownZone && CHAIN_TYPE_BY_HOOK[hook] === 'filter' ? this.builder.buildTargetRules(ownZone) : []),
      ],
    );
  }

  private mergeZoneAndPolicies(
    hook: DispatchHook,
    policies: readonly ParsedFirewalldPolicy[],
    ownZone: FirewalldZone | undefined,
    conditions: readonly Condition[] = [],
  ): readonly LoweredRule[] {
    const sortedPolicies = [...policies].sort((a, b) => a.priority - b.priority);
    this.checkEqualPriorities(sortedPolicies);
    const jump = (policy: ParsedFirewalldPolicy): LoweredRule =>
      createRule(
        createPolicySource(policy),
        conditions,
        createJump('jump', this.builder.buildPolicyChain(policy, hook)),
      );
    const zoneChain = ownZone && this.buildZoneChain(ownZone, hook);
    return [
      ...sortedPolicies.filter(({ priority }) => priority < 0).map(jump),
      ...(ownZone && zoneChain && zoneChain.rules.length > 0
        ? [createRule(createZoneSource(ownZone), conditions, createJump('jump', zoneChain))]
        : []),
      ...sortedPolicies.filter(({ priority }) => priority >= 0).map(jump),
    ];
  }

  private buildZoneChain(zone: FirewalldZone, hook: DispatchHook): LoweredChain | undefined {
    if (hook === 'output' || hook === 'own') return undefined;
    const { builder } = this;
    return builder.memoizeChain(`zone ${zone.name}, ${hook}`, () => [
      ...builder.buildZoneRules(zone, hook),
      ...(hook === 'input' ? builder.buildIcmpRules(zone) : []),
    ]);
  }

  /** Returns the prerouting chain of a zone. The destination is not known there. */
  private buildEarlyChain(zone: FirewalldZone): LoweredChain {
    return this.builder.memoizeChain(`prerouting from ${zone.name}`, () =>
      this.mergeZoneAndPolicies(
        'prerouting',
        this.activePolicies.filter((policy) => isFrom(policy, zone)),
        zone,
      ),
    );
  }

  /**
   * Returns the prerouting chain of a binding before 2.5. There firewalld makes rules for each possible destination and
   * leaves out an interface that one names. The rules stand once for each priority, and the zone's end follows the
   * first.
   */
  private buildEarlyBindingChain(binding: ZoneBinding): LoweredChain {
    return this.builder.memoizeChain(`prerouting of zone ${binding.zone.name} ${describeBinding(binding)}`, () => {
      const earlyPolicies = this.activePolicies.filter(
        (item) => isFrom(item, binding.zone) && isEarly(item, this.builder),
      );
      const groups = new Map<
        string,
        {
          readonly key: BindingKey;
          readonly conditions: readonly Condition[];
          readonly policies: Set<ParsedFirewalldPolicy>;
        }
      >();
      for (const to of this.egressBindings.filter((item) => hasCommonFamily(binding, item))) {
        const key: BindingKey = to.source === undefined ? [to.zone.priorities.egress, 2] : to.egress;
        const name = key.join(' ');
        const group = groups.get(name) ?? {
          key,
          conditions: to.source === undefined ? [] : to.goesTo,
          policies: new Set<ParsedFirewalldPolicy>(),
        };
        groups.set(name, group);
        if (!(binding.isAny && to.isAny))
          for (const item of earlyPolicies) if (isTo(item, to.zone)) group.policies.add(item);
      }
      const groupRules = [...groups.values()].map(({ key, conditions, policies }) => ({
        key,
        rules: [
          ...this.mergeZoneAndPolicies('prerouting', [...policies], binding.zone, conditions),
          createRule(createBuiltInSource('the end of the zone'), conditions, RETURN),
        ],
      }));
      const hostRules = {
        key: [0, 0] as BindingKey,
        rules: this.mergeZoneAndPolicies(
          'prerouting',
          earlyPolicies.filter((item) => isTo(item, 'HOST')),
          undefined,
        ),
      };
      return [...groupRules, hostRules].sort(createKeyOrder(({ key }) => key)).flatMap(({ rules }) => rules);
    });
  }

  /**
   * Reports policies of one priority. Before 2.5 the second of two lands before the first, and all rules behind them
   * one place too early.
   */
  private checkEqualPriorities(sortedPolicies: readonly ParsedFirewalldPolicy[]): void {
    if (this.isPerZonePair) return;
    const { problems } = this.builder.configuration;
    sortedPolicies.forEach((policy, index) => {
      const previous = sortedPolicies[index - 1];
      if (previous?.priority === policy.priority)
        problems.push(
          createProblem(
            'equal-priorities',
            policy.file.line,
            `policies ${previous.name} and ${policy.name} have one priority, ${policy.priority}, and are asked of the same packets: firewalld 2.0 to 2.4 puts their rules and those behind them in an order that depends on its start.`,
            'another priority for one of them; or what runs there: `nft list ruleset`.',
          ),
        );
    });
  }
}

/**
 * Returns `jump` if a packet can go on to its next zone: a zone without an end lets it. In other hooks firewalld uses
 * `goto`, so only one zone is evaluated.
 */
const getJumpKind = (hook: DispatchHook): 'jump' | 'goto' => (hook === 'input' || hook === 'forward' ? 'jump' : 'goto');
const getIngressConditions = (binding: ZoneBinding): readonly Condition[] => binding.comesFrom;
const getEgressConditions = (binding: ZoneBinding): readonly Condition[] => binding.goesTo;
const describeBinding = ({ source, isAny }: ZoneBinding): string =>
  isAny ? 'of any source' : source === undefined ? 'by interfaces' : `by sources, ${source}`;
const describeSide = (side: DispatchSide): string => (side === 'HOST' ? 'the device' : `zone ${side.name}`);
const containsSide = (names: readonly string[], side: DispatchSide): boolean =>
  side === 'HOST' ? names.includes('HOST') : names.includes('ANY') || names.includes(side.name);
const isFrom = ({ from }: ParsedFirewalldPolicy, side: DispatchSide): boolean => containsSide(from, side);
const isTo = ({ to }: ParsedFirewalldPolicy, side: DispatchSide): boolean => containsSide(to, side);

/**
 * Returns whether a policy has rules in prerouting. Source: _get_table_chains_for_policy_dispatch of
 * firewall/core/fw_policy.py, 2.3.1 and 2.3.2.
 */
function isEarly({ from, to }: ParsedFirewalldPolicy, { configuration }: ChainBuilder): boolean {
  if (to.includes('HOST')) return from.includes('ANY') || isAtLeast(configuration.version, '2.3.2');
  return (
    to.includes('ANY') ||
    configuration.zones.every(({ name, interfaces }) => !to.includes(name) || interfaces.length === 0)
  );
}
