import { Phase } from '../../reachability/phase';
import { FAMILY_RANGE, familyOf } from '../../net/address';
import { Device, LOOPBACK, Vantage, wayOut } from '../../net/device';
import { Packet } from '../../net/packet';
import { Range, contains } from '../../net/range';
import { Explanation } from '../../parse/reader';
import { DNAT, SNAT } from '../hooks';
import { asksOfShape } from '../packet-shapes';
import { BY_A_BRIDGE, mayBeABridge, outOfABridge } from '../bridges';
import { EXPECTED } from '../facts';
import { CHOSEN_PORT, EITHER_WAY, TO_MANY, UNKNOWN_SOURCE, orAsRouted, pastItsWay } from '../egress';
import { Settings } from '../settings';
import { Surroundings } from '../surroundings';
import { Fate, everyWalk } from './guesses';
import { Filters } from './filters';
import { Journey } from './journey';
import { isMet } from '../on-device';
import { isLeftAlone } from './match';
import { Translations } from './translations';
import { UNKNOWN_MARKS } from '../marks';
import { LoweredRuleset } from '../model';
import { CONNTRACK, seenAs, untracksLate } from '../untracking';

/** What becomes of a packet, by walking the rules one after another; the sets have no part in it. What all packets have alike is looked at once. */
export function tracing(
  given: LoweredRuleset,
  device: Device,
): (vantage: Vantage, packet: Packet, phase: Phase) => Explanation {
  const surroundings = new Surroundings(device);
  const settings = new Settings();
  const ruleset = { ...given, bases: [...given.bases].sort((a, b) => a.priority - b.priority) };
  const shapes = asksOfShape(ruleset);
  return (vantage, packet, phase) => {
    const walked = (anyShape: boolean): Fate & Explanation =>
      everyWalk((guesses) =>
        new Trace(new Journey(ruleset, surroundings, settings, vantage, packet, phase, guesses, anyShape)).run(),
      );
    const usual = walked(false);
    return ofBoth(usual, shapes ? walked(true) : usual);
  };
}

/** As hosts send it, and of any shape. */
function ofBoth(usual: Fate & Explanation, any: Fate & Explanation): Explanation {
  const isAsSent = usual.verdict === 'allowed' || (usual.verdict === 'unknown' && any.verdict === 'unknown');
  const { verdict, lines, because, settledBy, leaves } = isAsSent && usual.reaches === any.reaches ? usual : any;
  return { verdict, lines, because, settledBy, leaves };
}

/** The way of a packet from hook to hook. */
class Trace {
  private readonly filters: Filters;
  private readonly translations: Translations;

  constructor(private readonly journey: Journey) {
    this.filters = new Filters(journey);
    this.translations = new Translations(journey);
  }

  run(): Fate & Explanation {
    const { journey } = this;
    const { vantage, ruleset, context, packet } = journey;
    if (context.phase !== 'first' && isLeftAlone(packet))
      journey.deny('connection tracking leaves it alone: each is a first packet');
    else if (vantage.kind !== 'interface' && !isSent(vantage, packet, journey.surroundings))
      journey.deny('no process of the device sends that');
    else if (ruleset.unloadable) this.unloaded(ruleset.unloadable);
    else if (vantage.kind === 'interface') this.arrive(vantage.name);
    else this.leaveOwn();
    if (context.phase === 'related' && ruleset.facts.helpers && ![1, 58].includes(journey.packet.protocol))
      journey.doubt ||= EXPECTED;
    return journey.fate();
  }

  private unloaded({ line, text, because }: NonNullable<LoweredRuleset['unloadable']>): void {
    const { journey } = this;
    journey.lines.push({ line, text, conditions: [] });
    journey.doubt = because;
  }

  private arrive(iif: string): void {
    const { journey } = this;
    journey.context = { ...journey.context, iif };
    this.filters.filter('ingress', -Infinity, Infinity);
    if (mayBeABridge(journey.surroundings.device, iif)) this.filters.bridged(BY_A_BRIDGE);
    this.firstHook('prerouting');
    if (!journey.skipsFilter) this.filters.filter('prerouting', DNAT, Infinity);
    journey.skipsFilter = false;
    if (this.isLedNearby()) return;
    const towards = journey.surroundings.towards(journey.packet.destination);
    if (journey.out !== undefined) return this.sendBy(journey.out, towards);
    this.route(towards);
  }

  /** Led to loopback, or to many. Whether it goes no further. */
  private isLedNearby(): boolean {
    const { journey } = this;
    const { keepsFromLoopback: because, loopback } = journey.ruleset.box;
    const { iif, dnat } = journey.context;
    const { destination } = journey.packet;
    if (!dnat || because === undefined || iif === loopback) return false;
    const isAmong = (ranges: readonly Range[]): boolean => ranges.some((range) => contains(range, destination));
    if (isAmong(LOOPBACK)) {
      if (familyOf(destination) === 'ip6') journey.deny('no packet from elsewhere is routed to ::1');
      else journey.doubt ||= because;
    }
    if (!isAmong(journey.surroundings.many)) return false;
    journey.doubt ||= TO_MANY;
    if (journey.guesses.oneOf(['taken', 'sent on']) === 'sent on') return false;
    this.lastHook('input');
    return true;
  }

  private route(towards: string | undefined): void {
    const { journey } = this;
    if (journey.surroundings.arrives(journey.packet.destination)) return this.lastHook('input');
    const way = towards ?? wayOut(journey.surroundings.device, journey.vantage);
    if (!journey.surroundings.device.forwarding) return journey.deny('the device does not forward');
    if (way === undefined) return journey.deny('the device has no way there');
    journey.context = { ...journey.context, oif: way };
    this.filters.filter('forward', -Infinity, Infinity);
    this.leave();
  }

  /** Whatever the routes say; where they say something else, nobody knows whether it arrives. */
  private sendBy(out: string, towards: string | undefined): void {
    const { journey } = this;
    if (towards !== undefined && towards !== out) {
      const near = journey.surroundings.near.some((range) => contains(range, journey.packet.destination));
      journey.doubt ||= near ? orAsRouted(out, journey.ruleset.box) : pastItsWay(out);
      if (near && journey.guesses.oneOf(['routed', 'sent']) === 'routed') return this.route(towards);
    }
    journey.context = { ...journey.context, oif: out };
    this.leave();
  }

  private leaveOwn(): void {
    const { journey } = this;
    const { loopback, loops } = journey.ruleset.box;
    if (journey.vantage.kind === 'localhost' && loops === 'to be translated') return this.loopTranslated(loopback);
    const { device } = journey.surroundings;
    const fallback = wayOut(device, journey.vantage) ?? this.anyInterface();
    const towards = (): string | undefined => journey.surroundings.towards(journey.packet.destination) ?? fallback;
    const first = towards();
    if (first === undefined) return journey.deny('the device has no way there');
    journey.context = { ...journey.context, oif: first === 'local' ? loopback : first };
    this.firstHook('output');
    this.filters.filter('output', DNAT, Infinity);
    const way = towards();
    if (way === undefined) return journey.deny('the device has no way there');
    journey.context = { ...journey.context, oif: way === 'local' ? loopback : way };
    this.leave();
    if (way !== 'local') return;
    journey.context = { ...journey.context, iif: loopback, oif: '' };
    this.filters.filter('prerouting', -Infinity, Infinity);
    this.filters.filter('input', -Infinity, Infinity);
  }

  /** Without an outside interface the facts leave open where the default route leads. */
  private anyInterface(): string | undefined {
    const { journey } = this;
    const names = journey.surroundings.device.interfaces.map(({ name }) => name);
    if (names.length > 1) journey.guessed ||= EITHER_WAY;
    return names.length === 0 ? undefined : journey.guesses.oneOf(names);
  }

  private loopTranslated(loopback: string): void {
    const { journey } = this;
    journey.context = { ...journey.context, oif: loopback, ct: 'tracked' };
    this.leave();
    if (journey.denied !== '') return;
    if (journey.hidden !== 'nothing') {
      journey.doubt ||= journey.hidden === 'source' ? UNKNOWN_SOURCE : CHOSEN_PORT;
      return;
    }
    journey.context = { ...journey.context, iif: loopback, oif: '', snat: false, portFree: false, ct: 'none' };
    journey.isNew = true;
    this.arrive(loopback);
  }

  private leave(): void {
    const { journey } = this;
    journey.isNew = true;
    this.lastHook('postrouting');
    const met = journey.bases.filter((base) => base.hook === 'egress' && isMet(base, journey.context) !== 'no');
    if (journey.denied === '' && met.length > 0) {
      const endings = met.flatMap((base) => journey.walk(base, 'filter', { ct: 'unclear', marks: UNKNOWN_MARKS }));
      if (endings.some(({ is }) => is !== 'accept')) journey.doubt ||= 'an egress chain may see it';
    }
    const { context, ruleset, surroundings } = journey;
    if (journey.denied === '' && context.oif !== ruleset.box.loopback && mayBeABridge(surroundings.device, context.oif))
      this.filters.bridged(outOfABridge(context));
  }

  private firstHook(hook: 'prerouting' | 'output'): void {
    const { journey } = this;
    this.filters.filter(hook, -Infinity, CONNTRACK);
    const { ct, phase } = journey.context;
    journey.context = {
      ...journey.context,
      ct: seenAs(ct, phase, untracksLate(journey.bases, hook, journey.settings)),
    };
    this.filters.filter(hook, CONNTRACK, DNAT);
    this.translations.ask(hook);
    journey.isLed = true;
  }

  private lastHook(hook: 'input' | 'postrouting'): void {
    const { journey } = this;
    this.filters.filter(hook, -Infinity, SNAT);
    this.translations.ask(hook);
    if (!journey.skipsFilter) this.filters.late(hook, SNAT);
    journey.skipsFilter = false;
  }
}

/** Whether a process of the device may send it: to the device itself from an address of its own, or to others. */
function isSent({ kind }: Vantage, { source, destination }: Packet, surroundings: Surroundings): boolean {
  const local = surroundings.isLocal(destination);
  if (kind === 'localhost') return local && surroundings.isLocal(source);
  const unspecified = source === FAMILY_RANGE[familyOf(source)].first;
  return !local && (unspecified || surroundings.ownAddresses.some((one) => contains(one, source)));
}
