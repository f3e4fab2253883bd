// Follows all packets of one session phase through the hooks, from each start location to their final outcomes: first
// hook, routing, forward or input, last hook.

import { SessionPhase } from '../reachability/session-phase';
import { StartLocation } from '../net/device';
import { groupBy } from '../net/group-by';
import { PacketMap, PacketSet } from '../net/packet-map';
import { mergeRanges, subtractRanges } from '../net/range';
import { spendSteps } from '../net/step-budget';
import { EvaluationEnvironment } from './evaluation-environment';
import { BRIDGE_INPUT_HOOKS, canBeBridge, getBridgeOutputHooks } from './bridges';
import { PacketContext, PacketState, createPacketState } from './packet-context';
import { DNAT_PRIORITY } from './hook-evaluator';
import { mapByValue } from './packet-state-evaluator';
import { Marks, UNKNOWN_MARKS, createInitialMarks } from './marks';
import { FinalOutcome, PacketExit, mergeFinalOutcomes, mergeExits, applyFilter } from './final-outcomes';
import { walkLastHook, evaluateLastHook, applyLateFilters } from './evaluate-last-hook';
import { applyLoopbackReturn } from './loopback-return';
import { applyLoopbackRedirect } from './redirect-to-loopback';
import { ROUTE_REASON, resolveIncoming } from './pass-outcomes';
import { ACCEPT, DROP, ChainOutcome, mergeSequence, createUnknownOutcome } from './chain-outcomes';
import { evaluateFirstHook } from './evaluate-first-hook';
import { createDestinationSet, createLocalSourceSet, createSourceSet, narrowByDestination } from './address-sets';
import { RoutingTable } from './routing-table';

/** Evaluates the ways of packets of one phase. */
export class PathEvaluator {
  private readonly acceptAll = PacketMap.createConstant<ChainOutcome>(ACCEPT);

  constructor(
    private readonly phase: SessionPhase,
    private readonly environment: EvaluationEnvironment,
    /** Whether the packets may have any shape. */
    private readonly anyShape: boolean,
  ) {}

  /**
   * Returns the outcomes of packets from a start location. `defaultInterface` takes every packet that no network or
   * route has.
   */
  evaluateStart(startLocation: StartLocation, defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    if (startLocation.kind === 'interface') return this.getArrival(startLocation.name, defaultInterface);
    return startLocation.kind === 'self'
      ? this.evaluateLocal(defaultInterface)
      : this.evaluateLocalhost(defaultInterface);
  }

  private getRepresentative(name: string): string {
    return this.environment.interfaceRepresentatives.get(name) ?? name;
  }

  private readonly arrivalsByKey = new Map<string, PacketMap<FinalOutcome>>();

  /** Returns the outcomes of incoming packets, computed once for the interfaces that no rule tells apart. */
  private getArrival(iif: string, defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    const representative = this.getRepresentative(iif);
    const key = `${representative} ${defaultInterface}`;
    let arrival = this.arrivalsByKey.get(key);
    if (!arrival) this.arrivalsByKey.set(key, (arrival = this.evaluateArrival(representative, defaultInterface)));
    return arrival;
  }

  /** Evaluates packets from an interface, to the device itself or through it. */
  private evaluateArrival(iif: string, defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    const { hooks } = this.environment;
    const context = { iif, oif: '', isLocal: false, phase: this.phase, anyShape: this.anyShape };
    const ingress = { ...context, hook: 'ingress', dnat: false, snat: false } as const;
    const bridgeHooks = canBeBridge(this.environment.routing.device, iif) ? BRIDGE_INPUT_HOOKS : [];
    const { outcomes: ingressOutcomes, states } = hooks.evaluateFiltersByState(
      'ingress',
      ingress,
      this.createInitialStates(context),
      -Infinity,
      Infinity,
    );
    return evaluateFirstHook(
      {
        hook: 'prerouting',
        context,
        domain: PacketMap.ALL,
        before: ingressOutcomes.merge(hooks.evaluateBridgeChains(bridgeHooks, this.phase, this.anyShape), (a, b) =>
          mergeSequence(a!, b!),
        ),
        states,
        after: (states, dnat, skipsFilter) => {
          const hookContext: PacketContext = { ...context, hook: 'prerouting', ...states, dnat, snat: false };
          if (skipsFilter) return this.getRoutedExits(hookContext, defaultInterface);
          const filterResult = hooks.evaluateFilters('prerouting', hookContext, DNAT_PRIORITY, Infinity);
          return mapByValue(filterResult.states, (state) => {
            const stateContext = { ...hookContext, ...state };
            const routed = applyLoopbackRedirect(
              this.environment,
              stateContext,
              this.getRoutedExits(stateContext, defaultInterface),
            );
            const evaluateInterface = (name: string): PacketMap<PacketExit> =>
              this.evaluateExit({ ...stateContext, hook: 'forward', oif: name });
            return resolveIncoming(this.environment, iif, filterResult.outcomes, routed, evaluateInterface, !dnat);
          });
        },
      },
      this.environment,
    );
  }

  private readonly exitsByKey = new Map<string, PacketMap<PacketExit>>();

  /**
   * Returns the exits of packets by the routes, computed once for contexts that the chains on their way can't tell
   * apart.
   */
  private getRoutedExits(context: PacketContext, defaultInterface: string | undefined): PacketMap<PacketExit> {
    const { hooks, routing } = this.environment;
    const hookKeys = routing.device.interfaces.flatMap(({ name }) =>
      ['forward', 'postrouting', 'egress'].map((hook) => hooks.buildContextKey(hook, { ...context, hook, oif: name })),
    );
    // Each interface asks about every interface.
    spendSteps(hookKeys.length);
    const bridge = hooks.hasBridgeChains('forward') ? context.iif : '';
    const key = [
      defaultInterface,
      bridge,
      hooks.buildContextKey('input', { ...context, hook: 'input' }),
      ...hookKeys,
    ].join('|');
    let exits = this.exitsByKey.get(key);
    if (!exits) this.exitsByKey.set(key, (exits = this.evaluateRouted(context, defaultInterface)));
    return exits;
  }

  private evaluateRouted(hookContext: PacketContext, defaultInterface: string | undefined): PacketMap<PacketExit> {
    const { hooks, routing } = this.environment;
    const parts = [
      evaluateLastHook(this.environment, 'input', hookContext).intersect(createDestinationSet(routing.delivered)),
    ];
    if (!routing.device.forwarding) return parts[0]!;
    const evaluateForward = (oif: string): PacketMap<PacketExit> => {
      const context: PacketContext = { ...hookContext, hook: 'forward', oif };
      const { outcomes, states } = hooks.evaluateFilters('forward', context, -Infinity, Infinity);
      const allowed = outcomes.map((value) => (value === DROP ? undefined : value));
      return allowed.isEmpty
        ? PacketMap.createEmpty()
        : mapByValue(states, (value) => this.evaluateExit({ ...context, ...value })).merge(allowed, applyFilter);
    };
    const removeDelivered = (ranges: RoutingTable['local']): RoutingTable['local'] =>
      subtractRanges(ranges, routing.delivered);
    parts.push(
      ...narrowByDestination(
        this.listRoutes(defaultInterface).map(([ranges, oif]) => [removeDelivered(ranges), evaluateForward(oif)]),
      ),
    );
    return PacketMap.mergeFirst(parts);
  }

  /**
   * Returns the destinations beyond the device, each with the interface that packets to them leave by.
   * `defaultInterface` takes the destinations that no network or route has.
   */
  private listRoutes(defaultInterface: string | undefined): readonly (readonly [RoutingTable['local'], string])[] {
    const { routing } = this.environment;
    const knownRoutes = routing.device.interfaces.map(({ name }) => [routing.listNetworks(name, false), name] as const);
    return defaultInterface === undefined ? knownRoutes : [...knownRoutes, [routing.defaultRouted, defaultInterface]];
  }

  /** Evaluates postrouting, and the chains on the device that packets leave by. */
  private evaluateExit(context: PacketContext): PacketMap<PacketExit> {
    return this.applyEgress(evaluateLastHook(this.environment, 'postrouting', context), context);
  }

  /** Applies egress and bridge chains. They see the source that a packet leaves with. */
  private applyEgress(exits: PacketMap<PacketExit>, context: PacketContext): PacketMap<PacketExit> {
    const { hooks } = this.environment;
    const bridge = this.listBridgeHooks(context);
    if (!hooks.hasChains('egress', 'filter') && bridge.length === 0) return exits;
    const egressContext: PacketContext = { ...context, hook: 'egress', ct: 'unclear', marks: UNKNOWN_MARKS };
    return applyLateFilters(hooks, exits, (rewritten) =>
      hooks
        .evaluateFilters('egress', { ...egressContext, ...rewritten }, -Infinity, Infinity)
        .outcomes.map((outcome) =>
          outcome === ACCEPT || outcome.is === 'altered' ? outcome : createUnknownOutcome('an egress chain may see it'),
        )
        .merge(hooks.evaluateBridgeChains(bridge, this.phase, this.anyShape), (a, b) => mergeSequence(a!, b!)),
    );
  }

  /** Returns the bridge hooks that have a chain, for packets that leave by a device that may be a bridge. */
  private listBridgeHooks(context: PacketContext): readonly string[] {
    const { hooks, routing, kernel } = this.environment;
    if (context.oif === kernel.loopback || !canBeBridge(routing.device, context.oif)) return [];
    return getBridgeOutputHooks(context).filter((hook) => hooks.hasBridgeChains(hook));
  }

  /** Evaluates packets from a process on the device to others. */
  private evaluateLocal(defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    const { interfaces } = this.environment.routing.device;
    // Without an outside interface the facts leave open where the default route leads.
    const interfaceNames = defaultInterface === undefined ? interfaces.map(({ name }) => name) : [defaultInterface];
    if (interfaceNames.length === 0) return this.evaluateLocalOutbound(undefined);
    return interfaceNames
      .map((name) => this.evaluateLocalOutbound(name))
      .reduce((merged, outcomes) => merged.merge(outcomes, (a, b) => mergeFinalOutcomes(a, b, ROUTE_REASON)));
  }

  private evaluateLocalOutbound(defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    const { routing } = this.environment;
    const { defaultRouted: elsewhere, device, local } = routing;
    const sourceSet = createLocalSourceSet(routing);
    // Only chains of the output hook see the interface that the route had before.
    if (!this.environment.hooks.hasChains('output', 'nat') && !this.environment.hooks.hasChains('output', 'filter'))
      return this.evaluateOutput(undefined, defaultInterface, sourceSet.subtract(createDestinationSet(local)));
    const parts = [...groupBy(device.interfaces, ({ name }) => this.getRepresentative(name))].map(
      ([name, equivalents]) =>
        this.evaluateOutput(
          name,
          defaultInterface,
          createDestinationSet(
            mergeRanges(equivalents.flatMap((equivalent) => routing.listNetworks(equivalent.name, false))),
          ).intersect(sourceSet),
        ),
    );
    if (defaultInterface !== undefined)
      parts.push(
        this.evaluateOutput(defaultInterface, defaultInterface, createDestinationSet(elsewhere).intersect(sourceSet)),
      );
    return PacketMap.mergeFirst(parts);
  }

  /** Evaluates the output hook, which keeps the interface that the route had before translation. */
  private evaluateOutput(
    oif: string | undefined,
    defaultInterface: string | undefined,
    domain: PacketSet,
  ): PacketMap<FinalOutcome> {
    const context = { iif: '', oif, isLocal: true, phase: this.phase, anyShape: this.anyShape };
    return evaluateFirstHook(
      {
        hook: 'output',
        context,
        domain,
        before: this.acceptAll,
        states: this.createInitialStates(context),
        after: (givenState, dnat) => {
          const hookContext: PacketContext = { ...context, hook: 'output', ...givenState, dnat, snat: false };
          const { outcomes, states } = this.environment.hooks.evaluateFilters(
            'output',
            hookContext,
            DNAT_PRIORITY,
            Infinity,
          );
          return mapByValue(states, (state) => this.routeOutput({ ...hookContext, ...state }, defaultInterface)).merge(
            outcomes,
            applyFilter,
          );
        },
      },
      this.environment,
    );
  }

  private routeOutput(context: PacketContext, defaultInterface: string | undefined): PacketMap<PacketExit> {
    const { kernel, routing } = this.environment;
    const { loopback, loops } = kernel;
    const parts =
      loops === 'as it left'
        ? [this.evaluateLoopback({ ...context, oif: loopback }).intersect(createDestinationSet(routing.local))]
        : [];
    parts.push(
      ...narrowByDestination(
        this.listRoutes(defaultInterface).map(([ranges, oif]) => [ranges, this.evaluateExit({ ...context, oif })]),
      ),
    );
    return PacketMap.mergeFirst(parts);
  }

  /** Evaluates packets from a process on the device to the device. */
  private evaluateLocalhost(defaultInterface: string | undefined): PacketMap<FinalOutcome> {
    const { local } = this.environment.routing;
    const { loopback, loops } = this.environment.kernel;
    const domain = createDestinationSet(local).intersect(createSourceSet(local));
    if (loops === 'as it left') return this.evaluateOutput(loopback, defaultInterface, domain);
    const arrival = this.evaluateArrival(loopback, defaultInterface);
    const context: PacketContext = {
      hook: 'postrouting',
      iif: '',
      oif: loopback,
      isLocal: true,
      phase: this.phase,
      ct: 'tracked',
      dnat: false,
      snat: false,
      marks: this.createInitialStates({ isLocal: true }).values[0]!.marks,
    };
    return walkLastHook(
      this.environment,
      'postrouting',
      context,
      (exits) => exits.intersect(domain).replaceValues((exit) => applyLoopbackReturn(exit, arrival)),
      mergeFinalOutcomes,
    );
  }

  /**
   * Evaluates packets over the loopback interface: out, and in again. Connection tracking and translation are done by
   * then.
   */
  private evaluateLoopback(context: PacketContext): PacketMap<PacketExit> {
    const { hooks } = this.environment;
    const evaluateReturn = (
      marks: Marks,
      rewritten: Pick<PacketContext, 'snat' | 'hasFreeSourcePort'>,
    ): PacketMap<ChainOutcome> => {
      const returnContext: PacketContext = { ...context, iif: context.oif, oif: '', marks, ...rewritten };
      const prerouting = hooks.evaluateFilters(
        'prerouting',
        { ...returnContext, hook: 'prerouting' },
        -Infinity,
        Infinity,
      );
      const input = mapByValue(
        prerouting.states,
        (state) =>
          hooks.evaluateFilters('input', { ...returnContext, hook: 'input', ...state }, -Infinity, Infinity).outcomes,
      );
      return prerouting.outcomes.merge(input, (a, b) => mergeSequence(a!, b!));
    };
    return walkLastHook(
      this.environment,
      'postrouting',
      context,
      (exits, marks) =>
        applyLateFilters(hooks, this.applyEgress(exits, context), (rewritten) => evaluateReturn(marks, rewritten)),
      mergeExits,
    );
  }

  /** Returns the states of packets at their first rule. */
  private createInitialStates({ isLocal }: Pick<PacketContext, 'isLocal'>): PacketMap<PacketState> {
    return PacketMap.createConstant(
      createPacketState(
        'none',
        createInitialMarks(isLocal, this.phase !== 'first', this.environment.facts.hasConnectionMarks),
      ),
    );
  }
}
