import { ALLOWED, Reachability, UNTRANSLATED, Disposition, ReachabilityView } from '../../reachability/reachability';
import { LocationSpec } from '../../spec/reachability-spec';
import {
  StartLocation,
  toLocationKey,
  getLocalAddresses,
  findByEntry,
  toEntryKey,
  isFromOutside,
  isSameEntry,
} from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { JudgedOwner, ReviewState, isDecided } from './review-state';

/** An owner with what its change is judged on. */
export interface ScopedOwner {
  readonly judged: JudgedOwner;
  readonly sides: ComparisonScope;
}

/**
 * What a change is judged on: the packets that a policy before or after it speaks of. What arrives at addresses that a side's policy
 * doesn't speak of counts as not reachable by us on that side: a new public address isn't closed to everything else, and one that is
 * given up isn't opened. What inside hosts send is compared as it is, because it passes a device that has nothing of ours, too.
 */
export class ComparisonScope {
  private readonly states: readonly ReviewState[];
  private specsCache: readonly LocationSpec[] | undefined;
  /** States whose text isn't what their policy is written as: what they translate beside it counts, too. */
  private readonly alteredStates: readonly ReviewState[];
  private readonly limitedStates = new Map<ReviewState, Reachability>();
  private readonly unmanagedByLocation = new Map<string, PacketSet>();

  constructor(judged: Pick<JudgedOwner, 'before' | 'after'>) {
    this.states = [...judged.before, judged.after];
    this.alteredStates = this.states.filter(isAltered);
  }

  /** Of all states. Nobody asks for those of what stays. */
  private get specs(): readonly LocationSpec[] {
    return (this.specsCache ??= this.states.flatMap(({ meant }) => meant?.expected.views ?? []));
  }

  /** Joined over before and after. */
  getScope(startLocation: StartLocation): PacketSet {
    const alteredViews = this.alteredStates.flatMap(
      ({ exposure: reachability }) => findByEntry(reachability.views, startLocation) ?? [],
    );
    return PacketMap.mergeFirst([
      ...selectSpecs(this.specs, startLocation).map(({ scope }) => scope),
      ...alteredViews.map(selectTranslated),
    ]);
  }

  /** What a state lets through, as far as the change is judged on it. */
  limitState(state: ReviewState): Reachability {
    const limited = this.limitedStates.get(state) ?? {
      views: state.exposure.views.map((view) => this.limitView(view, state)),
    };
    this.limitedStates.set(state, limited);
    return limited;
  }

  /** Of one vantage or, where the state doesn't tell it apart by the way out, of its entry. */
  getDisposition(state: ReviewState, startLocation: StartLocation, packet: Packet): Disposition['is'] | 'denied' {
    return findByEntry(this.limitState(state).views, startLocation)?.verdicts.findValue(packet)?.is ?? 'denied';
  }

  private limitView(view: ReachabilityView, state: ReviewState): ReachabilityView {
    const { vantage: startLocation, verdicts: dispositions, translations } = view;
    const isOutside = isFromOutside(state.device, startLocation);
    const arrivingPackets = PacketMap.mergeFirst(
      selectSpecs(this.specs, startLocation).map(({ inbound, scope }) => (isOutside ? inbound.unite(scope) : inbound)),
    );
    const translatedByOthers = isOutside
      ? this.alteredStates
          .flatMap(({ exposure: reachability }) => findByEntry(reachability.views, startLocation) ?? [])
          .map(selectTranslated)
      : [];
    const ownPackets = this.computeOwnScope(view, state).unite(
      PacketMap.ALL.subtract(PacketMap.mergeFirst([arrivingPackets, ...translatedByOthers])),
    );
    const unmanagedPackets = this.getUnmanaged(startLocation);
    const scopedPackets = ownPackets
      .intersect(this.getScope(startLocation))
      .subtract(
        unmanagedPackets.isEmpty
          ? unmanagedPackets
          : unmanagedPackets.intersect(this.selectUnmanaged(state, startLocation)),
      );
    return {
      vantage: startLocation,
      verdicts: dispositions.intersect(scopedPackets),
      translations: translations.intersect(scopedPackets),
    };
  }

  /**
   * What some states leave to rules that no release has or changes, as firewalld's policies leave the inside to zones, and all others leave
   * there, too, or let through. It counts as not reachable by us, and is undecided only against a state that refuses it.
   */
  private getUnmanaged(startLocation: StartLocation): PacketSet {
    const key = toLocationKey(startLocation);
    const unmanagedPackets = this.unmanagedByLocation.get(key) ?? this.computeUnmanaged(startLocation);
    this.unmanagedByLocation.set(key, unmanagedPackets);
    return unmanagedPackets;
  }

  private computeUnmanaged(startLocation: StartLocation): PacketSet {
    const views = this.states.flatMap(
      ({ exposure: reachability }) => findByEntry(reachability.views, startLocation) ?? [],
    );
    if (views.every(({ verdicts: dispositions }) => isDecided(dispositions))) return PacketMap.NONE;
    const packetsByState = this.states.map((state) => this.selectUnmanagedOrAllowed(state, startLocation));
    return packetsByState.reduce(mergeReasons).select(({ is }) => is === 'unknown');
  }

  /** Why it isn't decided, of what is left alone; `ALLOWED` of what passes, and of what a device that answered decides of that. */
  private selectUnmanagedOrAllowed(state: ReviewState, startLocation: StartLocation): PacketMap<Disposition> {
    const view = findByEntry(state.exposure.views, startLocation);
    if (!view || state.is === 'unreadable' || isAltered(state)) return PacketMap.createEmpty();
    const unmanagedPackets = this.selectUnmanaged(state, startLocation);
    const allowed = view.verdicts.select(({ is }) => is === 'allowed');
    if (state.is === 'live') return unmanagedPackets.unite(allowed).map(() => ALLOWED);
    const untranslated = view.translations.select((translation) => translation === UNTRANSLATED);
    return view.verdicts.intersect(unmanagedPackets.intersect(untranslated).unite(allowed));
  }

  /** What may pass or not by the policy of a state; without one by any of them. */
  private selectUnmanaged({ is: stateKind, meant: specified }: ReviewState, startLocation: StartLocation): PacketSet {
    if (stateKind === 'live' && !specified) return PacketMap.ALL;
    const stateSpecs = selectSpecs(specified ? specified.expected.views : this.specs, startLocation);
    return PacketMap.mergeFirst(stateSpecs.map((spec) => spec.bounds.select((bound) => bound === 'may')));
  }

  /** Of what arrives, the part that the state's own policy speaks of; of a device that answered, also what others lead somewhere. */
  private computeOwnScope(view: ReachabilityView, state: ReviewState): PacketSet {
    const { vantage: startLocation } = view;
    const { is: stateKind, meant: specified, device } = state;
    if (stateKind === 'unreadable') return PacketMap.ALL;
    // What isn't ours to close passed before we came, and passes when we are gone.
    if (stateKind === 'bare') return this.selectUnmanaged(state, startLocation);
    const policyScope = PacketMap.mergeFirst(
      selectSpecs(specified?.expected.views ?? [], startLocation).map(({ scope }) => scope),
    );
    if (isAltered(state)) return policyScope.unite(selectTranslated(view));
    if (stateKind !== 'live') return policyScope;
    const localAddresses = getLocalAddresses(device);
    return policyScope
      .unite(selectTranslated(view))
      .unite(
        localAddresses.length === 0
          ? PacketMap.NONE
          : PacketMap.createSet({ destination: localAddresses.map(toSingleRange) }),
      );
  }
}

const mergeReasons = (left: PacketMap<Disposition>, right: PacketMap<Disposition>): PacketMap<Disposition> =>
  left.merge(right, (a, b) => (a === b || b === ALLOWED ? a : a === ALLOWED ? b : undefined));

const isAltered = ({ is: stateKind, text, meant: specified }: ReviewState): boolean =>
  stateKind === 'release' && text !== specified?.written.text;

const selectTranslated = ({ translations }: ReachabilityView): PacketSet =>
  translations.select(({ destination }) => destination.is !== 'kept');

/** The bounds of a vantage; where one side tells it apart by the way out and the other doesn't, those of its entry. */
function selectSpecs(specs: readonly LocationSpec[], startLocation: StartLocation): readonly LocationSpec[] {
  const [locationKey, keyOfEntry] = [toLocationKey(startLocation), toEntryKey(startLocation)];
  return specs.filter(
    (spec) =>
      isSameEntry(spec.vantage, startLocation) &&
      (locationKey === keyOfEntry || [locationKey, keyOfEntry].includes(toLocationKey(spec.vantage))),
  );
}
