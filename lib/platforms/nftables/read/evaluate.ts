import { Exposure, View, canonicalTranslations } from '../../../exposure/exposure';
import { FAMILY_RANGE } from '../../../net/address';
import { Device, Vantage, vantagesOf, wayOut } from '../../../net/device';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { point } from '../../../net/range';
import { kindsOf } from './alike';
import { Chains } from './chains';
import { Copies } from './copied';
import { Context } from './context';
import { DNAT, Hooks, bothOutcomes } from './hooks';
import { Leaving, filtered, lastHook, seenLater } from './leaving';
import { ACCEPT, DROP, Outcome, unknownOutcome } from './outcomes';
import { Packets } from './packets';
import { Passed, eitherPassed, pass } from './passage';
import { addressConstraint, boxOf, setOver } from './regions';
import { Surroundings } from './surroundings';
import { thinned } from './thinned';
import { Understood } from './understood';

/** What a ruleset does with the first packet of a connection, from every vantage of the device. Hosts that it can't tell apart are evaluated once. */
export function evaluate(ruleset: Understood, device: Device): Exposure {
  const kinds = kindsOf(ruleset, device);
  return kinds.length === 0
    ? evaluated(ruleset, device, (found) => found)
    : evaluated(...thinned(ruleset, device, kinds), copying(new Copies(kinds)));
}

type Found = Pick<View, 'verdicts' | 'translations'>;

/** Each host by itself: what the above has to be equal to. */
export function evaluated(ruleset: Understood, device: Device, whole: (found: Found) => Found = (found) => found): Exposure {
  const surroundings = new Surroundings(device);
  const hooks = new Hooks(ruleset.bases, new Chains(new Packets(surroundings, ruleset.facts)));
  const paths = new Paths(hooks, surroundings);
  return { views: vantagesOf(device).map((vantage) => viewOf(vantage, paths, device, whole)) };
}

const copying =
  (copies: Copies) =>
  ({ verdicts, translations }: Found): Found => ({ verdicts: copies.verdicts(verdicts), translations: copies.translations(translations) });

function viewOf(vantage: Vantage, paths: Paths, device: Device, whole: (found: Found) => Found): View {
  const way = wayOut(device, vantage);
  const { leaving, translations } = vantage.kind === 'interface' ? paths.arriving(vantage.name, way) : paths.own(vantage.kind, way);
  const found = whole({ verdicts: leaving.map(({ verdict }) => verdict), translations });
  return { vantage, verdicts: found.verdicts, translations: canonicalTranslations(found.translations) };
}

class Paths {
  private readonly accepting = PacketMap.everywhere<Outcome>(ACCEPT);

  constructor(
    private readonly hooks: Hooks,
    private readonly surroundings: Surroundings,
  ) {}

  /** From an interface: to the box itself, or through it. */
  arriving(iif: string, way: string | undefined): Passed {
    const context = { iif, oif: '', own: false };
    const before = this.hooks
      .filter('ingress', { ...context, hook: 'ingress', ct: 'none', dnat: false, snat: false }, -Infinity, Infinity)
      .with(this.hooks.bridged(), (a, b) => bothOutcomes(a!, b!));
    return pass(
      {
        hook: 'prerouting',
        context,
        domain: PacketMap.ALL,
        before,
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
    const parts = [lastHook(this.hooks, this.surroundings, 'input', at).within(destinations(this.surroundings.local))];
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
    for (const { name } of device.interfaces) forwarded(name, destinations(this.surroundings.through(name, false)));
    if (way !== undefined) forwarded(way, destinations(elsewhere));
    return PacketMap.first(parts);
  }

  /** Postrouting, and what stands on the device that it leaves by. */
  private outOf(context: Context): PacketMap<Leaving> {
    const egress = this.hooks.filter('egress', { ...context, hook: 'egress', ct: 'unclear' }, -Infinity, Infinity);
    return lastHook(this.hooks, this.surroundings, 'postrouting', context).with(egress, (one, outcome) =>
      filtered(one, outcome === ACCEPT ? outcome : unknownOutcome('an egress chain may see it')),
    );
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
    const context = { iif: '', oif, own: true };
    return pass(
      {
        hook: 'output',
        context,
        domain,
        before: this.accepting,
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
    return seenLater(this.outOf(at), (snat) =>
      this.hooks
        .filter('prerouting', { ...back, snat, hook: 'prerouting' }, -Infinity, Infinity)
        .with(this.hooks.filter('input', { ...back, snat, hook: 'input' }, -Infinity, Infinity), (a, b) => bothOutcomes(a!, b!)),
    );
  }
}

const destinations = (ranges: Surroundings['local']): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('destination', ranges)));
const sources = (ranges: Surroundings['local']): PacketSet =>
  ranges.length === 0 ? PacketMap.NONE : setOver(boxOf(addressConstraint('source', ranges)));
