import { ALLOWED, Exposure, UNTRANSLATED, Verdict, View } from '../../reachability/exposure';
import { Bounds } from '../../spec/bounds';
import { Vantage, vantageKey, localTo, atEntry, entryKey, isFromOutside, sameEntry } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { point } from '../../net/range';
import { Judged, State, isDecided } from './state';

/** An owner with what its change is judged on. */
export interface Sided {
  readonly judged: Judged;
  readonly sides: Sides;
}

/**
 * What a change is judged on: the packets that a policy before or after it speaks of. What arrives at addresses that a side's policy
 * doesn't speak of counts as not reachable by us on that side: a new public address isn't closed to everything else, and one that is
 * given up isn't opened. What inside hosts send is compared as it is, because it passes a device that has nothing of ours, too.
 */
export class Sides {
  private readonly states: readonly State[];
  private known: readonly Bounds[] | undefined;
  /** States whose text isn't what their policy is written as: what they translate beside it counts, too. */
  private readonly odd: readonly State[];
  private readonly done = new Map<State, Exposure>();
  private readonly elsewhere = new Map<string, PacketSet>();

  constructor(judged: Pick<Judged, 'before' | 'after'>) {
    this.states = [...judged.before, judged.after];
    this.odd = this.states.filter(isOdd);
  }

  /** Of all states. Nobody asks for those of what stays. */
  private get bounds(): readonly Bounds[] {
    return (this.known ??= this.states.flatMap(({ meant }) => meant?.expected.views ?? []));
  }

  /** Joined over before and after. */
  scope(vantage: Vantage): PacketSet {
    const others = this.odd.flatMap(({ exposure }) => atEntry(exposure.views, vantage) ?? []);
    return PacketMap.first([...at(this.bounds, vantage).map(({ scope }) => scope), ...others.map(translated)]);
  }

  /** What a state lets through, as far as the change is judged on it. */
  cut(state: State): Exposure {
    const done = this.done.get(state) ?? { views: state.exposure.views.map((view) => this.cutView(view, state)) };
    this.done.set(state, done);
    return done;
  }

  /** Of one vantage or, where the state doesn't tell it apart by the way out, of its entry. */
  verdict(state: State, vantage: Vantage, packet: Packet): Verdict['is'] | 'denied' {
    return atEntry(this.cut(state).views, vantage)?.verdicts.at(packet)?.is ?? 'denied';
  }

  private cutView(view: View, state: State): View {
    const { vantage, verdicts, translations } = view;
    const outside = isFromOutside(state.device, vantage);
    const arriving = PacketMap.first(
      at(this.bounds, vantage).map(({ inbound, scope }) => (outside ? inbound.or(scope) : inbound)),
    );
    const others = outside
      ? this.odd.flatMap(({ exposure }) => atEntry(exposure.views, vantage) ?? []).map(translated)
      : [];
    const own = this.ownScope(view, state).or(PacketMap.ALL.apartFrom(PacketMap.first([arriving, ...others])));
    const elsewhere = this.decidedElsewhere(vantage);
    const within = own
      .within(this.scope(vantage))
      .apartFrom(elsewhere.isEmpty ? elsewhere : elsewhere.within(this.unmanaged(state, vantage)));
    return { vantage, verdicts: verdicts.within(within), translations: translations.within(within) };
  }

  /**
   * What some states leave to rules that no release has or changes, as firewalld's policies leave the inside to zones, and all others leave
   * there, too, or let through. It counts as not reachable by us, and is undecided only against a state that refuses it.
   */
  private decidedElsewhere(vantage: Vantage): PacketSet {
    const key = vantageKey(vantage);
    const known = this.elsewhere.get(key) ?? this.leftByAll(vantage);
    this.elsewhere.set(key, known);
    return known;
  }

  private leftByAll(vantage: Vantage): PacketSet {
    const views = this.states.flatMap(({ exposure }) => atEntry(exposure.views, vantage) ?? []);
    if (views.every(({ verdicts }) => isDecided(verdicts))) return PacketMap.NONE;
    const each = this.states.map((state) => this.leftOrAllowed(state, vantage));
    return each.reduce(joinedReasons).where(({ is }) => is === 'unknown');
  }

  /** Why it isn't decided, of what is left alone; `ALLOWED` of what passes, and of what a device that answered decides of that. */
  private leftOrAllowed(state: State, vantage: Vantage): PacketMap<Verdict> {
    const view = atEntry(state.exposure.views, vantage);
    if (!view || state.is === 'unreadable' || isOdd(state)) return PacketMap.nothing();
    const left = this.unmanaged(state, vantage);
    const allowed = view.verdicts.where(({ is }) => is === 'allowed');
    if (state.is === 'live') return left.or(allowed).map(() => ALLOWED);
    const kept = view.translations.where((translation) => translation === UNTRANSLATED);
    return view.verdicts.within(left.within(kept).or(allowed));
  }

  /** What may pass or not by the policy of a state; without one by any of them. */
  private unmanaged({ is, meant }: State, vantage: Vantage): PacketSet {
    if (is === 'live' && !meant) return PacketMap.ALL;
    const bounds = at(meant ? meant.expected.views : this.bounds, vantage);
    return PacketMap.first(bounds.map((one) => one.bounds.where((bound) => bound === 'may')));
  }

  /** Of what arrives, the part that the state's own policy speaks of; of a device that answered, also what others lead somewhere. */
  private ownScope(view: View, state: State): PacketSet {
    const { vantage } = view;
    const { is, meant, device } = state;
    if (is === 'unreadable') return PacketMap.ALL;
    // What isn't ours to close passed before we came, and passes when we are gone.
    if (is === 'bare') return this.unmanaged(state, vantage);
    const spoken = PacketMap.first(at(meant?.expected.views ?? [], vantage).map(({ scope }) => scope));
    if (isOdd(state)) return spoken.or(translated(view));
    if (is !== 'live') return spoken;
    const local = localTo(device);
    return spoken
      .or(translated(view))
      .or(local.length === 0 ? PacketMap.NONE : PacketMap.set({ destination: local.map(point) }));
  }
}

const joinedReasons = (one: PacketMap<Verdict>, other: PacketMap<Verdict>): PacketMap<Verdict> =>
  one.with(other, (a, b) => (a === b || b === ALLOWED ? a : a === ALLOWED ? b : undefined));

const isOdd = ({ is, text, meant }: State): boolean => is === 'release' && text !== meant?.written.text;

const translated = ({ translations }: View): PacketSet =>
  translations.where(({ destination }) => destination.is !== 'kept');

/** The bounds of a vantage; where one side tells it apart by the way out and the other doesn't, those of its entry. */
function at(bounds: readonly Bounds[], vantage: Vantage): readonly Bounds[] {
  const [own, entry] = [vantageKey(vantage), entryKey(vantage)];
  return bounds.filter(
    (one) => sameEntry(one.vantage, vantage) && (own === entry || [own, entry].includes(vantageKey(one.vantage))),
  );
}
