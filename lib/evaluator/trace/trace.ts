// Traces one packet through the rules, one after another: the second evaluator. In: ruleset model, device, start
// location, packet. Out: disposition, the lines that decided, the packet as it leaves. It takes no result from the
// set-based evaluator, so that the two can be compared.
import { SessionPhase } from '../../reachability/session-phase';
import { FAMILY_RANGE, getFamily } from '../../net/address';
import { Device, LOOPBACK, StartLocation, findUplink } from '../../net/device';
import { Packet } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { PacketExplanation } from '../../parse/config-parser';
import { DNAT_PRIORITY, SNAT_PRIORITY } from '../hook-evaluator';
import { needsShape } from '../packet-shapes';
import { BRIDGE_INPUT_HOOKS, canBeBridge, getBridgeOutputHooks } from '../bridges';
import { HELPER_REASON } from '../packet-facts';
import {
  SOURCE_PORT_REASON,
  ROUTE_REASON,
  MULTICAST_REASON,
  SOURCE_REASON,
  explainRouteChoice,
  explainOffRoute,
} from '../pass-outcomes';
import { PacketChanges } from '../packet-changes';
import { RoutingTable } from '../routing-table';
import { TraceResult, traceAlternatives } from './trace-alternatives';
import { FilterTracer } from './filter-tracer';
import { PacketTrace } from './packet-trace';
import { matchDevices } from '../match-chain-devices';
import { isNeverTracked } from './packet-match';
import { TranslationTracer } from './translation-tracer';
import { UNKNOWN_MARKS } from '../marks';
import { LoweredRuleset } from '../ruleset-model';
import { CONNTRACK_PRIORITY, getTracking, isUntrackedLate } from '../connection-tracking';

/**
 * Returns a function that traces a packet by walking the rules one after another. Packet sets have no part in it. Work
 * that is the same for all packets is done once.
 */
export function createTracer(
  givenRuleset: LoweredRuleset,
  device: Device,
): (startLocation: StartLocation, packet: Packet, phase: SessionPhase) => PacketExplanation {
  const routing = new RoutingTable(device);
  const settings = new PacketChanges();
  const ruleset = { ...givenRuleset, baseChains: [...givenRuleset.baseChains].sort((a, b) => a.priority - b.priority) };
  const hasShapeRules = needsShape(ruleset);
  return (startLocation, packet, phase) => {
    const traceShape = (anyShape: boolean): TraceResult & PacketExplanation =>
      traceAlternatives((chooser) =>
        new HookTracer(
          new PacketTrace(ruleset, routing, settings, startLocation, packet, phase, chooser, anyShape),
        ).run(),
      );
    const usual = traceShape(false);
    return mergeExplanations(usual, hasShapeRules ? traceShape(true) : usual);
  };
}

/** Merges the trace of a packet as hosts send it and the trace of a packet of any shape. */
function mergeExplanations(
  usual: TraceResult & PacketExplanation,
  anyShape: TraceResult & PacketExplanation,
): PacketExplanation {
  const isUsual =
    usual.disposition === 'allowed' || (usual.disposition === 'unknown' && anyShape.disposition === 'unknown');
  const { disposition, lines, reason, decisionSources, packetOut } =
    isUsual && usual.translatedDestination === anyShape.translatedDestination ? usual : anyShape;
  return { disposition, lines, reason, decisionSources, packetOut };
}

/** Traces a packet from hook to hook. */
class HookTracer {
  private readonly filters: FilterTracer;
  private readonly translations: TranslationTracer;

  constructor(private readonly trace: PacketTrace) {
    this.filters = new FilterTracer(trace);
    this.translations = new TranslationTracer(trace);
  }

  run(): TraceResult & PacketExplanation {
    const { trace } = this;
    const { startLocation, ruleset, context, packet } = trace;
    if (context.phase !== 'first' && isNeverTracked(packet))
      trace.deny('connection tracking leaves it alone: each is a first packet');
    else if (startLocation.kind !== 'interface' && !canSend(startLocation, packet, trace.routing))
      trace.deny('no process of the device sends that');
    else if (ruleset.unloadable) this.reportUnloadable(ruleset.unloadable);
    else if (startLocation.kind === 'interface') this.traceArrival(startLocation.name);
    else this.traceLocal();
    if (context.phase === 'related' && ruleset.facts.hasHelpers && ![1, 58].includes(trace.packet.protocol))
      trace.unknownReason ||= HELPER_REASON;
    return trace.getResult();
  }

  private reportUnloadable({ line, text, reason }: NonNullable<LoweredRuleset['unloadable']>): void {
    const { trace } = this;
    trace.lines.push({ line, text, conditions: [] });
    trace.unknownReason = reason;
  }

  private traceArrival(iif: string): void {
    const { trace } = this;
    trace.context = { ...trace.context, iif };
    this.filters.traceFilters('ingress', -Infinity, Infinity);
    if (canBeBridge(trace.routing.device, iif)) this.filters.traceBridgeChains(BRIDGE_INPUT_HOOKS);
    this.traceFirstHook('prerouting');
    if (!trace.skipsFilter) this.filters.traceFilters('prerouting', DNAT_PRIORITY, Infinity);
    trace.skipsFilter = false;
    if (this.checkRedirect()) return;
    const knownInterface = trace.routing.findInterface(trace.packet.destination);
    if (trace.exitInterface !== undefined) return this.sendOut(trace.exitInterface, knownInterface);
    this.traceRoute(knownInterface);
  }

  /** Checks a packet that is translated to loopback, multicast or broadcast. Returns whether it goes no further. */
  private checkRedirect(): boolean {
    const { trace } = this;
    const { loopbackDropReason: reason, loopback } = trace.ruleset.kernel;
    const { iif, dnat } = trace.context;
    const { destination } = trace.packet;
    if (!dnat || reason === undefined || iif === loopback) return false;
    const isAmong = (ranges: readonly Range[]): boolean => ranges.some((range) => contains(range, destination));
    if (isAmong(LOOPBACK)) {
      if (getFamily(destination) === 'ip6') trace.deny('no packet from elsewhere is routed to ::1');
      else trace.unknownReason ||= reason;
    }
    if (!isAmong(trace.routing.multicastAndBroadcast)) return false;
    trace.unknownReason ||= MULTICAST_REASON;
    if (trace.chooser.pick(['taken', 'sent on']) === 'sent on') return false;
    this.traceLastHook('input');
    return true;
  }

  private traceRoute(knownInterface: string | undefined): void {
    const { trace } = this;
    if (trace.routing.isDelivered(trace.packet.destination)) return this.traceLastHook('input');
    const outInterface = knownInterface ?? findUplink(trace.routing.device, trace.startLocation);
    if (!trace.routing.device.forwarding) return trace.deny('the device does not forward');
    if (outInterface === undefined) return trace.deny('the device has no way there');
    trace.context = { ...trace.context, oif: outInterface };
    this.filters.traceFilters('forward', -Infinity, Infinity);
    this.traceExit();
  }

  /**
   * Sends the packet out by an interface, whatever the routes say. If the routes name another interface, its arrival is
   * unknown.
   */
  private sendOut(outInterface: string, knownInterface: string | undefined): void {
    const { trace } = this;
    if (knownInterface !== undefined && knownInterface !== outInterface) {
      const isNearby = trace.routing.nearby.some((range) => contains(range, trace.packet.destination));
      trace.unknownReason ||= isNearby
        ? explainRouteChoice(outInterface, trace.ruleset.kernel)
        : explainOffRoute(outInterface);
      if (isNearby && trace.chooser.pick(['routed', 'sent']) === 'routed') return this.traceRoute(knownInterface);
    }
    trace.context = { ...trace.context, oif: outInterface };
    this.traceExit();
  }

  private traceLocal(): void {
    const { trace } = this;
    const { loopback, loops } = trace.ruleset.kernel;
    if (trace.startLocation.kind === 'localhost' && loops === 'to be translated') return this.traceLoopback(loopback);
    const { device } = trace.routing;
    const fallback = findUplink(device, trace.startLocation) ?? this.pickInterface();
    const findRoute = (): string | undefined => trace.routing.findInterface(trace.packet.destination) ?? fallback;
    const firstInterface = findRoute();
    if (firstInterface === undefined) return trace.deny('the device has no way there');
    trace.context = { ...trace.context, oif: firstInterface === 'local' ? loopback : firstInterface };
    this.traceFirstHook('output');
    this.filters.traceFilters('output', DNAT_PRIORITY, Infinity);
    const outInterface = findRoute();
    if (outInterface === undefined) return trace.deny('the device has no way there');
    trace.context = { ...trace.context, oif: outInterface === 'local' ? loopback : outInterface };
    this.traceExit();
    if (outInterface !== 'local') return;
    trace.context = { ...trace.context, iif: loopback, oif: '' };
    this.filters.traceFilters('prerouting', -Infinity, Infinity);
    this.filters.traceFilters('input', -Infinity, Infinity);
  }

  /** Without an outside interface the facts leave open where the default route leads. */
  private pickInterface(): string | undefined {
    const { trace } = this;
    const names = trace.routing.device.interfaces.map(({ name }) => name);
    if (names.length > 1) trace.choiceReason ||= ROUTE_REASON;
    return names.length === 0 ? undefined : trace.chooser.pick(names);
  }

  private traceLoopback(loopback: string): void {
    const { trace } = this;
    trace.context = { ...trace.context, oif: loopback, ct: 'tracked' };
    this.traceExit();
    if (trace.deniedReason !== '') return;
    if (trace.hiddenSource !== 'nothing') {
      trace.unknownReason ||= trace.hiddenSource === 'source' ? SOURCE_REASON : SOURCE_PORT_REASON;
      return;
    }
    trace.context = { ...trace.context, iif: loopback, oif: '', snat: false, hasFreeSourcePort: false, ct: 'none' };
    trace.isNew = true;
    this.traceArrival(loopback);
  }

  private traceExit(): void {
    const { trace } = this;
    trace.isNew = true;
    this.traceLastHook('postrouting');
    const egressBases = trace.bases.filter(
      (base) => base.hook === 'egress' && matchDevices(base, trace.context) !== 'no',
    );
    if (trace.deniedReason === '' && egressBases.length > 0) {
      const endings = egressBases.flatMap((base) =>
        trace.walkBase(base, 'filter', { ct: 'unclear', marks: UNKNOWN_MARKS }),
      );
      if (endings.some(({ is }) => is !== 'accept')) trace.unknownReason ||= 'an egress chain may see it';
    }
    const { context, ruleset, routing: surroundings } = trace;
    if (
      trace.deniedReason === '' &&
      context.oif !== ruleset.kernel.loopback &&
      canBeBridge(surroundings.device, context.oif)
    )
      this.filters.traceBridgeChains(getBridgeOutputHooks(context));
  }

  private traceFirstHook(hook: 'prerouting' | 'output'): void {
    const { trace } = this;
    this.filters.traceFilters(hook, -Infinity, CONNTRACK_PRIORITY);
    const { ct, phase } = trace.context;
    trace.context = {
      ...trace.context,
      ct: getTracking(ct, phase, isUntrackedLate(trace.bases, hook, trace.settings)),
    };
    this.filters.traceFilters(hook, CONNTRACK_PRIORITY, DNAT_PRIORITY);
    this.translations.traceHook(hook);
    trace.hasDestination = true;
  }

  private traceLastHook(hook: 'input' | 'postrouting'): void {
    const { trace } = this;
    this.filters.traceFilters(hook, -Infinity, SNAT_PRIORITY);
    this.translations.traceHook(hook);
    if (!trace.skipsFilter) this.filters.traceLateFilters(hook, SNAT_PRIORITY);
    trace.skipsFilter = false;
  }
}

/**
 * Returns whether a process of the device may send the packet: to the device itself from an address of its own, or to
 * others.
 */
function canSend({ kind }: StartLocation, { source, destination }: Packet, routing: RoutingTable): boolean {
  const isToDevice = routing.isLocal(destination);
  if (kind === 'localhost') return isToDevice && routing.isLocal(source);
  const isUnspecified = source === FAMILY_RANGE[getFamily(source)].first;
  return !isToDevice && (isUnspecified || routing.ownAddresses.some((range) => contains(range, source)));
}
