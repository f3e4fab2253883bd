// Determines which packets count in a comparison before and after: those that a policy of the review covers before or
// after the change.

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

/** An owner with the scope in which its change is judged. */
export interface ScopedOwner {
  readonly judgedOwner: JudgedOwner;
  readonly comparison: ComparisonScope;
}

/**
 * The scope of a comparison: the packets that a policy before or after the change covers. Packets to addresses that one
 * side's policy doesn't cover count as not reachable by us on that side. So a new public address isn't closed to
 * everything else, and one that is given up isn't opened. Packets that inside hosts send are compared as they are,
 * because they pass a device without a release of ours, too.
 */
export class ComparisonScope {
  private readonly states: readonly ReviewState[];
  private specsCache: readonly LocationSpec[] | undefined;
  /** States whose text differs from the config generated for their policy. Their further translations count, too. */
  private readonly alteredStates: readonly ReviewState[];
  private readonly limitedStates = new Map<ReviewState, Reachability>();
  private readonly unmanagedByLocation = new Map<string, PacketSet>();

  constructor(judgedOwner: Pick<JudgedOwner, 'before' | 'after'>) {
    this.states = [...judgedOwner.before, judgedOwner.after];
    this.alteredStates = this.states.filter(isAltered);
  }

  /** The specs of all states, computed on first use: unchanged owners don't need them. */
  private get specs(): readonly LocationSpec[] {
    return (this.specsCache ??= this.states.flatMap(({ specified }) => specified?.spec.views ?? []));
  }

  /** Returns the scope of a start location, merged over before and after. */
  getScope(startLocation: StartLocation): PacketSet {
    const alteredViews = this.alteredStates.flatMap(
      ({ reachability }) => findByEntry(reachability.views, startLocation) ?? [],
    );
    return PacketMap.mergeFirst([
      ...selectSpecs(this.specs, startLocation).map(({ scope }) => scope),
      ...alteredViews.map(selectTranslated),
    ]);
  }

  /** Returns the reachability of a state, limited to the scope in which the change is judged. */
  limitState(state: ReviewState): Reachability {
    const limited = this.limitedStates.get(state) ?? {
      views: state.reachability.views.map((view) => this.limitView(view, state)),
    };
    this.limitedStates.set(state, limited);
    return limited;
  }

  /**
   * Returns the disposition at one start location. Where the state doesn't tell exit interfaces apart, this is the one
   * of its entry.
   */
  getDisposition(state: ReviewState, startLocation: StartLocation, packet: Packet): Disposition['is'] | 'denied' {
    return findByEntry(this.limitState(state).views, startLocation)?.dispositions.findValue(packet)?.is ?? 'denied';
  }

  private limitView(view: ReachabilityView, state: ReviewState): ReachabilityView {
    const { startLocation, dispositions, translations } = view;
    const isOutside = isFromOutside(state.device, startLocation);
    const arrivingPackets = PacketMap.mergeFirst(
      selectSpecs(this.specs, startLocation).map(({ inbound, scope }) => (isOutside ? inbound.unite(scope) : inbound)),
    );
    const otherTranslatedPackets = isOutside
      ? this.alteredStates
          .flatMap(({ reachability }) => findByEntry(reachability.views, startLocation) ?? [])
          .map(selectTranslated)
      : [];
    const ownPackets = this.computeOwnScope(view, state).unite(
      PacketMap.ALL.subtract(PacketMap.mergeFirst([arrivingPackets, ...otherTranslatedPackets])),
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
      startLocation,
      dispositions: dispositions.intersect(scopedPackets),
      translations: translations.intersect(scopedPackets),
    };
  }

  /**
   * Returns the packets that some states leave to rules that no release has or changes, and that all other states leave
   * there, too, or allow. firewalld's policies, for example, leave inside traffic to zones. These packets count as not
   * reachable by us. They are undecided only against a state that refuses them.
   */
  private getUnmanaged(startLocation: StartLocation): PacketSet {
    const key = toLocationKey(startLocation);
    const unmanagedPackets = this.unmanagedByLocation.get(key) ?? this.computeUnmanaged(startLocation);
    this.unmanagedByLocation.set(key, unmanagedPackets);
    return unmanagedPackets;
  }

  private computeUnmanaged(startLocation: StartLocation): PacketSet {
    const views = this.states.flatMap(({ reachability }) => findByEntry(reachability.views, startLocation) ?? []);
    if (views.every(({ dispositions }) => isDecided(dispositions))) return PacketMap.NONE;
    const packetsByState = this.states.map((state) => this.selectUnmanagedOrAllowed(state, startLocation));
    return packetsByState.reduce(mergeReasons).select(({ is }) => is === 'unknown');
  }

  /**
   * Returns the unmanaged packets with the reason why they aren't decided, and allowed packets as `ALLOWED`. For a
   * device that answered, its answer decides the unmanaged packets, so they are `ALLOWED`, too.
   */
  private selectUnmanagedOrAllowed(state: ReviewState, startLocation: StartLocation): PacketMap<Disposition> {
    const view = findByEntry(state.reachability.views, startLocation);
    if (!view || state.is === 'unreadable' || isAltered(state)) return PacketMap.createEmpty();
    const unmanagedPackets = this.selectUnmanaged(state, startLocation);
    const allowed = view.dispositions.select(({ is }) => is === 'allowed');
    if (state.is === 'live') return unmanagedPackets.unite(allowed).map(() => ALLOWED);
    const untranslatedPackets = view.translations.select((translation) => translation === UNTRANSLATED);
    return view.dispositions.intersect(unmanagedPackets.intersect(untranslatedPackets).unite(allowed));
  }

  /** Returns the packets that may pass or not by the policy of a state; for a state without a policy, by any policy. */
  private selectUnmanaged({ is: stateKind, specified }: ReviewState, startLocation: StartLocation): PacketSet {
    if (stateKind === 'live' && !specified) return PacketMap.ALL;
    const stateSpecs = selectSpecs(specified ? specified.spec.views : this.specs, startLocation);
    return PacketMap.mergeFirst(stateSpecs.map((spec) => spec.bounds.select((level) => level === 'may')));
  }

  /**
   * Returns the arriving packets that the state's own policy covers. For a device that answered, packets that unmanaged
   * rules translate count, too.
   */
  private computeOwnScope(view: ReachabilityView, state: ReviewState): PacketSet {
    const { startLocation } = view;
    const { is: stateKind, specified, device } = state;
    if (stateKind === 'unreadable') return PacketMap.ALL;
    // Packets that aren't ours to close pass before our first release, and after its removal.
    if (stateKind === 'bare') return this.selectUnmanaged(state, startLocation);
    const policyScope = PacketMap.mergeFirst(
      selectSpecs(specified?.spec.views ?? [], startLocation).map(({ scope }) => scope),
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

const mergeReasons = (
  dispositions: PacketMap<Disposition>,
  otherDispositions: PacketMap<Disposition>,
): PacketMap<Disposition> =>
  dispositions.merge(otherDispositions, (a, b) => (a === b || b === ALLOWED ? a : a === ALLOWED ? b : undefined));

const isAltered = ({ is: stateKind, text, specified }: ReviewState): boolean =>
  stateKind === 'release' && text !== specified?.generated.text;

const selectTranslated = ({ translations }: ReachabilityView): PacketSet =>
  translations.select(({ destination }) => destination.is !== 'kept');

/**
 * Returns the specs of a start location. Where one side tells exit interfaces apart and the other doesn't, the specs of
 * its entry count.
 */
function selectSpecs(specs: readonly LocationSpec[], startLocation: StartLocation): readonly LocationSpec[] {
  const [locationKey, keyOfEntry] = [toLocationKey(startLocation), toEntryKey(startLocation)];
  return specs.filter(
    (spec) =>
      isSameEntry(spec.startLocation, startLocation) &&
      (locationKey === keyOfEntry || [locationKey, keyOfEntry].includes(toLocationKey(spec.startLocation))),
  );
}
