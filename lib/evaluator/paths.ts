import { Phase } from '../reachability/phase';
import { Vantage } from '../net/device';
import { groupBy } from '../net/group-by';
import { PacketMap, PacketSet } from '../net/packet-map';
import { joined, without } from '../net/range';
import { spend } from '../net/work';
import { Environment } from './environment';
import { BY_A_BRIDGE, mayBeABridge, outOfABridge } from './bridges';
import { Context, Seen, seenWith } from './context';
import { DNAT } from './hooks';
import { parted } from './marking';
import { Marks, UNKNOWN_MARKS, marksAtFirst } from './marks';
import { End, Leaving, eitherEnd, eitherLeaving, filtered } from './ends';
import { followed, lastHook, seenLater } from './last-hook';
import { cameBack } from './loopback';
import { ledNearby } from './led-nearby';
import { EITHER_WAY, sentOn } from './egress';
import { ACCEPT, DROP, Outcome, bothOutcomes, unknownOutcome } from './outcomes';
import { throughFirstHook } from './first-hook';
import { destinations, sentByItself, sources, withinEach } from './by-destination';
import { Surroundings } from './surroundings';

/** The ways of packets of one phase. */
export class Paths {
  private readonly accepting = PacketMap.everywhere<Outcome>(ACCEPT);

  constructor(
    private readonly phase: Phase,
    private readonly environment: Environment,
    /** Of any shape. */
    private readonly anyShape: boolean,
  ) {}

  /** `way`: by which everything goes that no network or route has. */
  from(vantage: Vantage, way: string | undefined): PacketMap<End> {
    if (vantage.kind === 'interface') return this.arrivingAlike(vantage.name, way);
    return vantage.kind === 'self' ? this.own(way) : this.toItself(way);
  }

  private alike(name: string): string {
    return this.environment.alike.get(name) ?? name;
  }

  private readonly arrivingOnes = new Map<string, PacketMap<End>>();

  /** Once for the interfaces that no rule tells apart. */
  private arrivingAlike(iif: string, way: string | undefined): PacketMap<End> {
    const alike = this.alike(iif);
    const key = `${alike} ${way}`;
    let found = this.arrivingOnes.get(key);
    if (!found) this.arrivingOnes.set(key, (found = this.arriving(alike, way)));
    return found;
  }

  /** From an interface: to the box itself, or through it. */
  private arriving(iif: string, way: string | undefined): PacketMap<End> {
    const { hooks } = this.environment;
    const context = { iif, oif: '', own: false, phase: this.phase, anyShape: this.anyShape };
    const ingress = { ...context, hook: 'ingress', dnat: false, snat: false } as const;
    const bridge = mayBeABridge(this.environment.surroundings.device, iif) ? BY_A_BRIDGE : [];
    const { said, seen } = hooks.filterEach('ingress', ingress, this.unseen(context), -Infinity, Infinity);
    return throughFirstHook(
      {
        hook: 'prerouting',
        context,
        domain: PacketMap.ALL,
        before: said.with(hooks.bridged(bridge, this.phase, this.anyShape), (a, b) => bothOutcomes(a!, b!)),
        seen,
        after: (seen, dnat, skipsFilter) => {
          const at: Context = { ...context, hook: 'prerouting', ...seen, dnat, snat: false };
          if (skipsFilter) return this.routed(at, way);
          const words = hooks.filter('prerouting', at, DNAT, Infinity);
          return parted(words.seen, (one) => {
            const here = { ...at, ...one };
            const routed = ledNearby(this.environment, here, this.routed(here, way));
            const out = (name: string): PacketMap<Leaving> => this.outOf({ ...here, hook: 'forward', oif: name });
            return sentOn(this.environment, iif, words.said, routed, out, !dnat);
          });
        },
      },
      this.environment,
    );
  }

  private readonly routedOnes = new Map<string, PacketMap<Leaving>>();

  /** What becomes of packets by the routes, once for what the chains on their way can tell apart. */
  private routed(at: Context, way: string | undefined): PacketMap<Leaving> {
    const { hooks, surroundings } = this.environment;
    const looked = surroundings.device.interfaces.flatMap(({ name }) =>
      ['forward', 'postrouting', 'egress'].map((hook) => hooks.lookedAt(hook, { ...at, hook, oif: name })),
    );
    // From each interface each one is asked about.
    spend(looked.length);
    const bridge = hooks.hasBridged('forward') ? at.iif : '';
    const key = [way, bridge, hooks.lookedAt('input', { ...at, hook: 'input' }), ...looked].join('|');
    let found = this.routedOnes.get(key);
    if (!found) this.routedOnes.set(key, (found = this.stayingOrForwarded(at, way)));
    return found;
  }

  private stayingOrForwarded(at: Context, way: string | undefined): PacketMap<Leaving> {
    const { hooks, surroundings } = this.environment;
    const parts = [lastHook(this.environment, 'input', at).within(destinations(surroundings.arriving))];
    if (!surroundings.device.forwarding) return parts[0]!;
    const forwarded = (oif: string): PacketMap<Leaving> => {
      const context: Context = { ...at, hook: 'forward', oif };
      const { said, seen } = hooks.filter('forward', context, -Infinity, Infinity);
      const allowed = said.map((one) => (one === DROP ? undefined : one));
      return allowed.isEmpty
        ? PacketMap.nothing()
        : parted(seen, (one) => this.outOf({ ...context, ...one })).with(allowed, filtered);
    };
    const beyond = (ranges: Surroundings['local']): Surroundings['local'] => without(ranges, surroundings.arriving);
    parts.push(...withinEach(this.routes(way).map(([ranges, oif]) => [beyond(ranges), forwarded(oif)])));
    return PacketMap.first(parts);
  }

  /** Destinations beyond the device, each with the interface that packets to them leave by. `way`: for those that no network or route has. */
  private routes(way: string | undefined): readonly (readonly [Surroundings['local'], string])[] {
    const { surroundings } = this.environment;
    const behind = surroundings.device.interfaces.map(({ name }) => [surroundings.through(name, false), name] as const);
    return way === undefined ? behind : [...behind, [surroundings.elsewhere, way]];
  }

  /** Postrouting, and what stands on the device that it leaves by. */
  private outOf(context: Context): PacketMap<Leaving> {
    return this.passingDevice(lastHook(this.environment, 'postrouting', context), context);
  }

  /** Lists there see the source that it leaves with. */
  private passingDevice(out: PacketMap<Leaving>, context: Context): PacketMap<Leaving> {
    const { hooks } = this.environment;
    const bridge = this.bridgeOut(context);
    if (!hooks.has('egress', 'filter') && bridge.length === 0) return out;
    const at: Context = { ...context, hook: 'egress', ct: 'unclear', marks: UNKNOWN_MARKS };
    return seenLater(hooks, out, (rewritten) =>
      hooks
        .filter('egress', { ...at, ...rewritten }, -Infinity, Infinity)
        .said.map((one) =>
          one === ACCEPT || one.is === 'altered' ? one : unknownOutcome('an egress chain may see it'),
        )
        .with(hooks.bridged(bridge, this.phase, this.anyShape), (a, b) => bothOutcomes(a!, b!)),
    );
  }

  /** Hooks of bridges that have a chain, for what leaves by a device that may be one. */
  private bridgeOut(context: Context): readonly string[] {
    const { hooks, surroundings, box } = this.environment;
    if (context.oif === box.loopback || !mayBeABridge(surroundings.device, context.oif)) return [];
    return outOfABridge(context).filter((hook) => hooks.hasBridged(hook));
  }

  /** From a process on the device to others. */
  private own(way: string | undefined): PacketMap<End> {
    const { interfaces } = this.environment.surroundings.device;
    // Without an outside interface the facts leave open where the default route leads.
    const ways = way === undefined ? interfaces.map(({ name }) => name) : [way];
    if (ways.length === 0) return this.toOthers(undefined);
    return ways
      .map((name) => this.toOthers(name))
      .reduce((all, one) => all.with(one, (a, b) => eitherEnd(a, b, EITHER_WAY)));
  }

  private toOthers(way: string | undefined): PacketMap<End> {
    const { surroundings } = this.environment;
    const { elsewhere, device, local } = surroundings;
    const from = sentByItself(surroundings);
    // Only chains of the output hook see by which interface the route led before.
    if (!this.environment.hooks.has('output', 'nat') && !this.environment.hooks.has('output', 'filter'))
      return this.leavingBy(undefined, way, from.apartFrom(destinations(local)));
    const parts = [...groupBy(device.interfaces, ({ name }) => this.alike(name))].map(([name, alike]) =>
      this.leavingBy(
        name,
        way,
        destinations(joined(alike.flatMap((one) => surroundings.through(one.name, false)))).within(from),
      ),
    );
    if (way !== undefined) parts.push(this.leavingBy(way, way, destinations(elsewhere).within(from)));
    return PacketMap.first(parts);
  }

  /** The output hook keeps the interface that the route had before translation. */
  private leavingBy(oif: string | undefined, way: string | undefined, domain: PacketSet): PacketMap<End> {
    const context = { iif: '', oif, own: true, phase: this.phase, anyShape: this.anyShape };
    return throughFirstHook(
      {
        hook: 'output',
        context,
        domain,
        before: this.accepting,
        seen: this.unseen(context),
        after: (before, dnat) => {
          const at: Context = { ...context, hook: 'output', ...before, dnat, snat: false };
          const { said, seen } = this.environment.hooks.filter('output', at, DNAT, Infinity);
          return parted(seen, (one) => this.routedOwn({ ...at, ...one }, way)).with(said, filtered);
        },
      },
      this.environment,
    );
  }

  private routedOwn(at: Context, way: string | undefined): PacketMap<Leaving> {
    const { box, surroundings } = this.environment;
    const { loopback, loops } = box;
    const parts =
      loops === 'as it left' ? [this.looped({ ...at, oif: loopback }).within(destinations(surroundings.local))] : [];
    parts.push(...withinEach(this.routes(way).map(([ranges, oif]) => [ranges, this.outOf({ ...at, oif })])));
    return PacketMap.first(parts);
  }

  /** From a process on the device to the device. */
  private toItself(way: string | undefined): PacketMap<End> {
    const { local } = this.environment.surroundings;
    const { loopback, loops } = this.environment.box;
    const domain = destinations(local).within(sources(local));
    if (loops === 'as it left') return this.leavingBy(loopback, way, domain);
    const back = this.arriving(loopback, way);
    const out: Context = {
      hook: 'postrouting',
      iif: '',
      oif: loopback,
      own: true,
      phase: this.phase,
      ct: 'tracked',
      dnat: false,
      snat: false,
      marks: this.unseen({ own: true }).values[0]!.marks,
    };
    return followed(
      this.environment,
      'postrouting',
      out,
      (some) => some.within(domain).compose((one) => cameBack(one, back)),
      eitherEnd,
    );
  }

  /** Over the loopback interface: out, and in again. Connection tracking and translation are done with by then. */
  private looped(at: Context): PacketMap<Leaving> {
    const { hooks } = this.environment;
    const comingIn = (marks: Marks, rewritten: Pick<Context, 'snat' | 'portFree'>): PacketMap<Outcome> => {
      const back: Context = { ...at, iif: at.oif, oif: '', marks, ...rewritten };
      const first = hooks.filter('prerouting', { ...back, hook: 'prerouting' }, -Infinity, Infinity);
      const then = parted(
        first.seen,
        (one) => hooks.filter('input', { ...back, hook: 'input', ...one }, -Infinity, Infinity).said,
      );
      return first.said.with(then, (a, b) => bothOutcomes(a!, b!));
    };
    return followed(
      this.environment,
      'postrouting',
      at,
      (out, marks) => seenLater(hooks, this.passingDevice(out, at), (rewritten) => comingIn(marks, rewritten)),
      eitherLeaving,
    );
  }

  /** As packets come to the first rule. */
  private unseen({ own }: Pick<Context, 'own'>): PacketMap<Seen> {
    return PacketMap.everywhere(
      seenWith('none', marksAtFirst(own, this.phase !== 'first', this.environment.facts.connectionMarks)),
    );
  }
}
