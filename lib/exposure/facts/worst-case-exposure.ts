// Merges the evaluations on several assumed devices to the worst case: open if any of them lets a packet through.

import {
  Reachability,
  Translation,
  ReachabilityView,
  getDestinationTranslations,
  isWider,
} from '../../reachability/reachability';
import { limitView } from '../../reachability/print-reachability';
import { Address } from '../../net/address';
import {
  Device,
  StartLocation,
  toEntryLocation,
  getLocalAddresses,
  isSameEntry,
  toLocationKey,
} from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { contains } from '../../net/range';
import { PacketExplanation, EvaluatedConfig } from '../../parse/config-parser';

/** An evaluation, and the packets that it is for. */
export interface ScopedEvaluation {
  readonly evaluated: EvaluatedConfig;
  readonly packets: PacketSet;
  readonly device: Device;
}

/** `endsHere`: whether the packet ends at the device itself, by the assumption of its evaluation. */
export type DeviceExplanation = PacketExplanation & { readonly endsHere: boolean };

/** The part of an evaluation that tells what it lets through. */
interface ScopedExposure {
  readonly evaluated: Pick<EvaluatedConfig, 'reachability'>;
  readonly packets: PacketSet;
  readonly device?: Device;
}

/**
 * Returns what is open by any of several evaluations, whichever way out the device takes. Each is without what a kernel
 * drops.
 */
export function computeWorstCase(
  evaluations: readonly ScopedExposure[],
  kinds: readonly StartLocation['kind'][],
  cutArriving: (view: ReachabilityView) => ReachabilityView,
): Reachability {
  const views = new Map<string, ReachabilityView>();
  for (const { evaluated, packets, device } of evaluations) {
    for (const view of removeDuplicates(
      evaluated.reachability.views
        .filter(({ startLocation }) => kinds.includes(startLocation.kind) && holdsFor(startLocation, device))
        .map(normalizeView),
    )) {
      const arrivingView = cutArriving(limitView(view, packets));
      const key = toLocationKey(arrivingView.startLocation);
      const formerView = views.get(key);
      views.set(key, formerView ? mergeViews(formerView, arrivingView) : arrivingView);
    }
  }
  return { views: [...views.values()] };
}

/** Returns whether the assumption about a device is one about packets of this start. */
function holdsFor(startLocation: StartLocation, device: Device | undefined): boolean {
  const ownAddress = device?.assumption?.ownAddress;
  if (!device || !ownAddress) return true;
  if (ownAddress.as === 'destination')
    return startLocation.kind === 'interface' && startLocation.name === ownAddress.of;
  if (startLocation.kind !== 'self') return false;
  const uplinks = device.interfaces.filter(({ role }) => role === 'outside');
  return (startLocation.uplink ?? (uplinks.length === 1 ? uplinks[0]!.name : undefined)) === ownAddress.of;
}

/** Returns the views without repetitions: most ways out make no difference. */
const removeDuplicates = (views: readonly ReachabilityView[]): readonly ReachabilityView[] =>
  views.filter(
    (view, i) =>
      !views
        .slice(0, i)
        .some(
          (earlierView) =>
            toLocationKey(earlierView.startLocation) === toLocationKey(view.startLocation) &&
            isSameView(earlierView, view),
        ),
  );

const isSameView = (a: ReachabilityView, b: ReachabilityView): boolean =>
  a.dispositions.equals(b.dispositions) && a.translations.equals(b.translations);

/** Returns a view without its way out. Source translations are kept only for the device's own packets. */
const normalizeView = (view: ReachabilityView): ReachabilityView => ({
  startLocation: toEntryLocation(view.startLocation),
  dispositions: view.dispositions,
  translations: view.startLocation.kind === 'self' ? view.translations : getDestinationTranslations(view),
});

function mergeViews(a: ReachabilityView, b: ReachabilityView): ReachabilityView {
  if (isSameView(a, b)) return a;
  const dispositions = a.dispositions.merge(b.dispositions, (x, y) => (isWider(y, x) ? y : x));
  const firstDispositions: PacketSet = a.dispositions.merge(b.dispositions, (x, y) =>
    x && !isWider(y, x) ? true : undefined,
  );
  const translations: PacketMap<Translation> = a.translations.intersect(firstDispositions).unite(b.translations);
  return { startLocation: a.startLocation, dispositions, translations };
}

/** Returns why a packet passes by the evaluation that lets it through, or why no evaluation does. */
export function explainPacket(
  evaluations: readonly ScopedEvaluation[],
  startLocation: StartLocation,
  packet: Packet,
): DeviceExplanation | undefined {
  const explanations = evaluations
    .filter(({ packets }) => packets.findValue(packet) !== undefined)
    .flatMap(({ evaluated, device }) =>
      evaluated.reachability.views
        .filter((view) => isSameEntry(view.startLocation, startLocation) && holdsFor(view.startLocation, device))
        .map((view) => evaluated.explain(view.startLocation, packet))
        .map((explanation): DeviceExplanation => ({
          ...explanation,
          endsHere: isLocal(explanation.packetOut.destination, device),
        })),
    );
  return (
    explanations.find(({ disposition, except }) => disposition === 'allowed' && except === undefined) ??
    explanations.find(({ disposition }) => disposition === 'allowed') ??
    explanations.find(({ disposition }) => disposition === 'unknown') ??
    explanations[0]
  );
}

const isLocal = (address: Address, device: Device): boolean =>
  getLocalAddresses(device).includes(address) ||
  (device.assumption?.local.some((range) => contains(range, address)) ?? false);
