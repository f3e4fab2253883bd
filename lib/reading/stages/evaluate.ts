import { Exposure, View, canonicalTranslations, unknown, withoutSources } from '../../exposure/exposure';
import { Phase } from '../../exposure/phase';
import { FAMILY_RANGE } from '../../net/address';
import { Device, Vantage, vantagesOf, wayOut } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { point, without } from '../../net/range';
import { kindsOf } from './alike/alike';
import { Chains } from './chains';
import { Copies } from './alike/copied';
import { Context, ICMP_PROTOCOLS, TRACKED } from './context';
import { EXPECTED } from './facts';
import { DNAT, Hooks, NOT_SEEN } from './hooks';
import { Leaving, filtered, lastHook, seenLater } from './leaving';
import { ACCEPT, DROP, Outcome, bothOutcomes, unknownOutcome } from './outcomes';
import { Packets } from './packets/packets';
import { Passed, eitherPassed, pass } from './passage';
import { addressConstraint, boxOf, setOver } from './packets/regions';
import { Surroundings } from './surroundings';
import { thinned } from './alike/thinned';
import { Understood } from './model';

/** What a ruleset does with packets of each phase, from every vantage of the device. What phases have in common is computed once. */
export class Evaluation {
  private readonly hooks: Hooks;
  private readonly surroundings: Surroundings;
  private readonly device: Device;
  private readonly copies: Copies | undefined;
  private readonly known = new Map<Phase, Exposure>();

  /** Hosts that the ruleset can't tell apart are evaluated once; `each`: all of them, which has to come to the same. */
  constructor(whole: Understood, on: Device, each?: 'each') {
    const kinds = each ? [] : kindsOf(whole, on);
    const [ruleset, device] = kinds.length === 0 ? [whole, on] : thinned(whole, on, kinds);
    this.copies = kinds.length === 0 ? undefined : new Copies(kinds);
    this.device = on;
    this.surroundings = new Surroundings(device);
    this.hooks = new Hooks(ruleset.bases, new Chains(new Packets(this.surroundings, ruleset.facts)));
    this.helpers = ruleset.facts.helpers;
  }

  private readonly helpers: boolean;

  exposure(phase: Phase): Exposure {
    let found = this.known.get(phase);
    if (!found) {
      const paths = new Paths(phase, this.hooks, this.surroundings);
      this.known.set(phase, (found = { views: vantagesOf(this.device).map((vantage) => this.view(vantage, paths, phase)) }));
    }
    return found;
  }

  private view(vantage: Vantage, paths: Paths, phase: Phase): View {
    const way = wayOut(this.device, vantage);
    const { leaving, translations } = vantage.kind === 'interface' ? paths.arriving(vantage.name, way) : paths.own(vantage.kind, way);
    const said = leaving.map(({ verdict }) => verdict);
    const verdicts = this.copies?.verdicts(said) ?? said;
    const become = (map: Translations): Translations => canonicalTranslations(this.copies?.translations(map) ?? map);
    if (phase !== 'first') return laterView(vantage, verdicts, () => become(translations), phase === 'related' && this.helpers);
    return this.copies ? firstView(vantage, verdicts, translations, become) : { vantage, verdicts, translations: become(translations) };
  }
}

type Translations = View['translations'];

/** Of hosts that were evaluated once: what becomes of a packet from one of them to another is made for those who ask. */
function firstView(vantage: Vantage, verdicts: View['verdicts'], of: Translations, become: (map: Translations) => Translations): View {
  let whole: Translations | undefined;
  let ending: Translations | undefined;
  return {
    vantage,
    verdicts,
    get translations(): Translations {
      return (whole ??= become(of));
    },
    get ending(): Translations {
      return (ending ??= become(withoutSources(of)));
    },
  };
}

/**
 * Neighbour discovery has first packets only, and what a helper expects is all that isn't ICMP of what is related. What packets of sessions
 * become was settled by the first: it is made for those who ask.
 */
function laterView(vantage: Vantage, verdicts: View['verdicts'], become: () => Translations, helped: boolean): View {
  const some = verdicts.within(TRACKED);
  const expected = (): View['verdicts'] => some.apartFrom(ICMP).map((verdict) => (verdict.is === 'allowed' ? unknown(EXPECTED) : verdict));
  let known: Translations | undefined;
  return {
    vantage,
    verdicts: helped ? expected().or(some) : some,
    get translations(): Translations {
      return (known ??= become().within(TRACKED));
    },
  };
}

const ICMP: PacketSet = PacketMap.set({ protocol: ICMP_PROTOCOLS });

/** The way of packets of one phase. */
class Paths {
  private readonly accepting = PacketMap.everywhere<Outcome>(ACCEPT);

  constructor(
    private readonly phase: Phase,
    private readonly hooks: Hooks,
    private readonly surroundings: Surroundings,
  ) {}

  /** From an interface: to the box itself, or through it. */
  arriving(iif: string, way: string | undefined): Passed {
    const context = { iif, oif: '', own: false, phase: this.phase };
    const ingress: Context = { ...context, hook: 'ingress', ct: 'none', dnat: false, snat: false };
    const { said, seen } = this.hooks.early('ingress', ingress, Infinity, NOT_SEEN);
    return pass(
      {
        hook: 'prerouting',
        context,
        domain: PacketMap.ALL,
        before: said.with(this.hooks.bridged(this.phase), (a, b) => bothOutcomes(a!, b!)),
        seen,
        after: (ct, dnat) => {
          const at: Context = { ...context, hook: 'prerouting', ct, dnat, snat: false };
          const first = this.hooks.filter('prerouting', at, DNAT, Infinity);
          return this.stayingOrForwarded(at, way).with(first, filtered);
        },
      },
      this.hooks,
      this.surroundings,
    );
  }

  private stayingOrForwarded(at: Context, way: string | undefined): PacketMap<Leaving> {
    const parts = [lastHook(this.hooks, this.surroundings, 'input', at).within(destinations(this.surroundings.arriving))];
    const { device, elsewhere } = this.surroundings;
    if (!device.forwarding) return parts[0]!;
    const forwarded = (oif: string, there: PacketSet): void => {
      const context: Context = { ...at, hook: 'forward', oif };
      const allowed = this.hooks
        .filter('forward', context, -Infinity, Infinity)
        .within(there)
        .map((one) => (one === DROP ? undefined : one));
      if (!allowed.isEmpty) parts.push(this.outOf(context).with(allowed, filtered));
    };
    const beyond = (ranges: Surroundings['local']): PacketSet => destinations(without(ranges, this.surroundings.arriving));
    for (const { name } of device.interfaces) forwarded(name, beyond(this.surroundings.through(name, false)));
    if (way !== undefined) forwarded(way, beyond(elsewhere));
    return PacketMap.first(parts);
  }

  /** Postrouting, and what stands on the device that it leaves by. */
  private outOf(context: Context): PacketMap<Leaving> {
    const egress = this.hooks.filter('egress', { ...context, hook: 'egress', ct: 'unclear' }, -Infinity, Infinity);
    return lastHook(this.hooks, this.surroundings, 'postrouting', context).with(egress, (one, outcome) => {
      if (!one || !outcome) return undefined;
      return filtered(one, outcome === ACCEPT || outcome.is === 'altered' ? outcome : unknownOutcome('an egress chain may see it'));
    });
  }

  /** From a process on the device: `self` to others, `localhost` to itself. */
  own(kind: 'self' | 'localhost', way: string | undefined): Passed {
    const { local, device } = this.surroundings;
    if (kind === 'localhost') return this.leavingBy('lo', way, destinations(local).within(sources(local)));
    // Without an outside interface the facts leave open where the default route leads.
    const ways = way === undefined ? device.interfaces.map(({ name }) => name) : [way];
    return ways.length === 0 ? this.toOthers(undefined) : ways.map((name) => this.toOthers(name)).reduce(eitherPassed);
  }

  private toOthers(way: string | undefined): Passed {
    const { ownAddresses, elsewhere, device } = this.surroundings;
    const from = sources([...ownAddresses, point(FAMILY_RANGE.ip.first), point(FAMILY_RANGE.ip6.first)]);
    const parts = device.interfaces.map(({ name }) =>
      this.leavingBy(name, way, destinations(this.surroundings.through(name, false)).within(from)),
    );
    if (way !== undefined) parts.push(this.leavingBy(way, way, destinations(elsewhere).within(from)));
    return {
      leaving: PacketMap.first(parts.map((one) => one.leaving)),
      translations: PacketMap.first(parts.map((one) => one.translations)),
    };
  }

  /** The output hook keeps the interface that the route had before translation. */
  private leavingBy(oif: string, way: string | undefined, domain: PacketSet): Passed {
    const context = { iif: '', oif, own: true, phase: this.phase };
    return pass(
      {
        hook: 'output',
        context,
        domain,
        before: this.accepting,
        seen: NOT_SEEN,
        after: (ct, dnat) => {
          const at: Context = { ...context, hook: 'output', ct, dnat, snat: false };
          return this.routedOwn(at, way).with(this.hooks.filter('output', at, DNAT, Infinity), filtered);
        },
      },
      this.hooks,
      this.surroundings,
    );
  }

  private routedOwn(at: Context, way: string | undefined): PacketMap<Leaving> {
    const { local, device, elsewhere } = this.surroundings;
    const parts = [this.looped({ ...at, oif: 'lo' }).within(destinations(local))];
    for (const { name } of device.interfaces)
      parts.push(this.outOf({ ...at, oif: name }).within(destinations(this.surroundings.through(name, false))));
    if (way !== undefined) parts.push(this.outOf({ ...at, oif: way }).within(destinations(elsewhere)));
    return PacketMap.first(parts);
  }

  /** Over the loopback interface: out, and in again. Connection tracking and translation are done with by then. */
  private looped(at: Context): PacketMap<Leaving> {
    const back: Context = { ...at, iif: 'lo', oif: '' };
    return seenLater(this.outOf(at), (rewritten) =>
      this.hooks
        .filter('prerouting', { ...back, ...rewritten, hook: 'prerouting' }, -Infinity, Infinity)
        .with(this.hooks.filter('input', { ...back, ...rewritten, hook: 'input' }, -Infinity, Infinity), (a, b) => bothOutcomes(a!, b!)),
    );
  }
}

const destinations = (ranges: Surroundings['local']): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('destination', ranges)));
const sources = (ranges: Surroundings['local']): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('source', ranges)));
