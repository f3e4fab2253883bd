// Lowers the dispatch of firewalld before 2.0: the rules that send a packet to policies, then to a zone, then to
// further policies.

import { Condition, RuleAction, LoweredChain, LoweredRule } from '../../../../evaluator/ruleset-model';
import * as asked from '../contents/match-conditions';
import { ParsedFirewalldPolicy, FirewalldZone } from '../files/firewalld-configuration';
import {
  ChainBuilder,
  CHAIN_TYPE_BY_HOOK,
  DISPATCH_HOOKS,
  DispatchHook,
  createChain,
  createJump,
  createPolicySource,
  createZoneSource,
  createRule,
} from '../contents/chain-builder';
import { PolicyDispatch, isActive, selectZones } from './dispatch';
import { createBrokenProblem } from '../files/parse-problems';
import { createBuiltInSource } from '../files/rule-sources';
import { isAtLeast, matchesWildcards, canSeparateFamilies } from '../files/firewalld-version';

const UNKNOWN_ZONES: RuleAction = { is: 'opaque', reason: 'what zones let pass is not in this text' };

const TWO_ZONE_LOOKUPS: RuleAction = {
  is: 'opaque',
  reason: 'firewalld 0.9 asks of what goes through the zone that it comes by and that which it goes to',
};

/** Source: firewall/core/fw_policy.py and nftables.py of firewalld 1.3.3. */
export class ZoneDispatch implements PolicyDispatch {
  private readonly before: Readonly<Record<DispatchHook, LoweredChain>>;
  private readonly after: Readonly<Record<DispatchHook, LoweredChain>>;
  /**
   * True in 0.9: policies stand around all zones, so a packet that a zone's target decides doesn't reach those behind.
   */
  private readonly wrapsAllZones: boolean;

  constructor(private readonly builder: ChainBuilder) {
    this.wrapsAllZones = !isAtLeast(builder.configuration.version, '1.0');
    this.before = this.buildPolicyChains((policy) => policy.priority < 0);
    this.after = this.buildPolicyChains((policy) => policy.priority >= 0);
  }

  /**
   * Returns the rules that select a packet's zone: by source, in the order of the zones' names; then by interface, the
   * last zone first; the default zone takes the rest.
   */
  createRules(hook: DispatchHook): readonly LoweredRule[] {
    if (hook === 'output' || hook === 'own') return this.wrapInPolicies(hook, []);
    const { zones, fallback } = this.builder.configuration;
    // The text has only policies, so the zones are unknown.
    if (!fallback)
      return CHAIN_TYPE_BY_HOOK[hook] === 'filter'
        ? [this.createPolicyJump(this.before[hook]), createRule(createBuiltInSource('zones'), [], UNKNOWN_ZONES)]
        : [];
    if (this.wrapsAllZones && hook === 'forward')
      return [createRule(createBuiltInSource('zones'), [], TWO_ZONE_LOOKUPS)];
    const createZoneRule = (zone: FirewalldZone, condition: readonly Condition[]): LoweredRule =>
      createRule(createZoneSource(zone), condition, createJump('goto', this.buildZoneChain(zone, hook)));
    const isLeaving = hook === 'postrouting';
    const bySource = zones.flatMap((zone) =>
      zone.sources.map((binding) =>
        createZoneRule(zone, [
          this.builder.items.createEndCondition(isLeaving ? 'destination' : 'source', binding, zone.file.line),
        ]),
      ),
    );
    const byInterface = [...zones]
      .reverse()
      .flatMap((zone) =>
        [...zone.interfaces]
          .reverse()
          .map((binding) =>
            createZoneRule(zone, [asked.createInterfaceCondition(isLeaving ? 'out' : 'in', [binding])]),
          ),
      );
    const zonesChain = createChain(`${hook} by zones`, [...bySource, ...byInterface, createZoneRule(fallback, [])]);
    const zone = createRule(createBuiltInSource('zones'), [], createJump('jump', zonesChain));
    return this.wrapsAllZones ? this.wrapInPolicies(hook, [zone]) : [zone];
  }

  private wrapInPolicies(hook: DispatchHook, rules: readonly LoweredRule[]): readonly LoweredRule[] {
    return [this.createPolicyJump(this.before[hook]), ...rules, this.createPolicyJump(this.after[hook])];
  }

  private createPolicyJump = (policies: LoweredChain): LoweredRule =>
    createRule(createBuiltInSource('policies'), [], createJump('jump', policies));

  private buildZoneChain(zone: FirewalldZone, hook: Exclude<DispatchHook, 'output' | 'own'>): LoweredChain {
    const { builder } = this;
    return builder.memoizeChain(`zone ${zone.name}, ${hook}`, () => [
      ...(this.wrapsAllZones
        ? builder.buildZoneRules(zone, hook)
        : this.wrapInPolicies(hook, builder.buildZoneRules(zone, hook))),
      ...(hook === 'input' ? builder.buildIcmpRules(zone) : []),
      ...(CHAIN_TYPE_BY_HOOK[hook] === 'filter' ? builder.buildTargetRules(zone) : []),
    ]);
  }

  /** Returns the active policies in the chains of their hooks, in the order of their priorities. */
  private buildPolicyChains(
    isSelected: (policy: ParsedFirewalldPolicy) => boolean,
  ): Readonly<Record<DispatchHook, LoweredChain>> {
    const { configuration } = this.builder;
    const chainsByHook = Object.fromEntries(
      DISPATCH_HOOKS.map((hook) => [hook, createChain(`policies of ${hook}`, [])]),
    ) as Record<DispatchHook, LoweredChain>;
    const active = configuration.policies.filter((policy) => isSelected(policy) && isActive(policy, configuration));
    for (const policy of [...active].sort((a, b) => a.priority - b.priority)) {
      const [from, destinationZones] = [selectZones(policy.from, configuration), selectZones(policy.to, configuration)];
      this.checkFamilies(policy, from, destinationZones);
      for (const hook of listHooks(policy, destinationZones))
        chainsByHook[hook].rules.push(this.createPolicyDispatch(policy, hook, from, destinationZones));
    }
    return chainsByHook;
  }

  private createPolicyDispatch(
    policy: ParsedFirewalldPolicy,
    hook: DispatchHook,
    from: readonly FirewalldZone[],
    to: readonly FirewalldZone[],
  ): LoweredRule {
    const { name, file } = policy;
    const ruleSource = createPolicySource(policy);
    const policyChain = this.builder.buildPolicyChain(policy, hook);
    // A packet must match one of the sources and one of the destinations. Each side has its own chain.
    const destinations = this.createEndConditions(to, 'out', 'destination', file.line);
    const destinationChain = createChain(
      `policy ${name}, ${hook}, by where to`,
      destinations.map((destination) => createRule(ruleSource, destination, createJump('jump', policyChain))),
    );
    const sources = this.createEndConditions(from, 'in', 'source', file.line);
    return createRule(
      ruleSource,
      [],
      createJump(
        'jump',
        createChain(
          `policy ${name}, ${hook}, by where from`,
          sources.map((source) => createRule(ruleSource, source, createJump('jump', destinationChain))),
        ),
      ),
    );
  }

  private checkFamilies({ name, file }: ParsedFirewalldPolicy, ...sides: readonly (readonly FirewalldZone[])[]): void {
    const { configuration, items } = this.builder;
    if (canSeparateFamilies(configuration.version)) return;
    const families = sides.map((zones) =>
      zones
        .flatMap((zone) => zone.sources.map((item) => items.sets.getKind(item, zone.file.line)))
        .filter((item) => item === 'ip' || item === 'ip6'),
    );
    const [from = [], to = []] = families;
    if (from.some((item) => to.some((otherFamily) => otherFamily !== item)))
      configuration.problems.push(
        createBrokenProblem(
          file.line,
          `policy ${name} is from and to sources of both families, which this version puts into one rule.`,
        ),
      );
  }

  private createEndConditions(
    zones: readonly FirewalldZone[],
    direction: 'in' | 'out',
    side: asked.AddressSide,
    line: number,
  ): readonly (readonly Condition[])[] {
    const interfaceNames = zones.flatMap((zone) => zone.interfaces);
    const interfaces = matchesWildcards(this.builder.configuration.version)
      ? interfaceNames
      : interfaceNames.filter((binding) => !binding.endsWith('+'));
    const sources = zones
      .flatMap((zone) => zone.sources)
      .map((binding) => [this.builder.items.createEndCondition(side, binding, line)]);
    if (interfaceNames.length + sources.length === 0) return [[]];
    return [...(interfaces.length > 0 ? [[asked.createInterfaceCondition(direction, interfaces)]] : []), ...sources];
  }
}

/**
 * Returns the hooks that a policy has rules in. Source: _get_table_chains_for_policy_dispatch of
 * firewall/core/fw_policy.py, 1.3.3.
 */
function listHooks(
  { from, to }: ParsedFirewalldPolicy,
  destinationZones: readonly FirewalldZone[],
): readonly DispatchHook[] {
  if (to.includes('HOST')) return from.includes('ANY') ? ['input', 'prerouting'] : ['input'];
  if (from.includes('HOST')) return ['output', 'own'];
  const isEarly = to.includes('ANY') || destinationZones.every(({ interfaces }) => interfaces.length === 0);
  return ['forward', 'postrouting', ...(isEarly ? (['prerouting'] as const) : [])];
}
