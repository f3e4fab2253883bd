import {
  ALLOWED,
  Reachability,
  Translation,
  Disposition,
  ReachabilityView,
  getDestinationTranslations,
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
  readonly reading: EvaluatedConfig;
  readonly packets: PacketSet;
  readonly device: Device;
}

/** `endsHere`: whether the packet ends at the device itself, by the assumption of its evaluation. */
export type DeviceExplanation = PacketExplanation & { readonly endsHere: boolean };

/** The part of an evaluation that tells what it lets through. */
interface ScopedExposure {
  readonly reading: Pick<EvaluatedConfig, 'exposure'>;
  readonly packets: PacketSet;
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
  for (const { reading, packets } of evaluations) {
    for (const view of removeDuplicates(
      reading.exposure.views.filter(({ vantage }) => kinds.includes(vantage.kind)).map(normalizeView),
    )) {
      const arrivingView = cutArriving(limitView(view, packets));
      const key = toLocationKey(arrivingView.vantage);
      const existing = views.get(key);
      views.set(key, existing ? mergeViews(existing, arrivingView) : arrivingView);
    }
  }
  return { views: [...views.values()] };
}

/** Returns the views without repetitions: most ways out make no difference. */
const removeDuplicates = (views: readonly ReachabilityView[]): readonly ReachabilityView[] =>
  views.filter(
    (view, i) =>
      !views
        .slice(0, i)
        .some((earlier) => toLocationKey(earlier.vantage) === toLocationKey(view.vantage) && isSameView(earlier, view)),
  );

const isSameView = (a: ReachabilityView, b: ReachabilityView): boolean =>
  a.verdicts.equals(b.verdicts) && a.translations.equals(b.translations);

/** Returns a view without its way out. Source translations are kept only for the device's own packets. */
const normalizeView = (view: ReachabilityView): ReachabilityView => ({
  vantage: toEntryLocation(view.vantage),
  verdicts: view.verdicts,
  translations: view.vantage.kind === 'self' ? view.translations : getDestinationTranslations(view),
});

function mergeViews(a: ReachabilityView, b: ReachabilityView): ReachabilityView {
  if (isSameView(a, b)) return a;
  const verdicts = a.verdicts.merge(b.verdicts, (x, y): Disposition | undefined =>
    x === ALLOWED || y === ALLOWED ? ALLOWED : (x ?? y),
  );
  const fromFirst: PacketSet = a.verdicts.merge(b.verdicts, (x, y) =>
    x && (x === ALLOWED || y !== ALLOWED) ? true : undefined,
  );
  const translations: PacketMap<Translation> = a.translations.intersect(fromFirst).unite(b.translations);
  return { vantage: a.vantage, verdicts, translations };
}

/** Returns why a packet passes by the evaluation that lets it through, or why no evaluation does. */
export function explainPacket(
  evaluations: readonly ScopedEvaluation[],
  vantage: StartLocation,
  packet: Packet,
): DeviceExplanation | undefined {
  const explanations = evaluations
    .filter(({ packets }) => packets.findValue(packet) !== undefined)
    .flatMap(({ reading, device }) =>
      reading.exposure.views
        .filter((view) => isSameEntry(view.vantage, vantage))
        .map((view) => reading.explain(view.vantage, packet))
        .map((explanation): DeviceExplanation => ({
          ...explanation,
          endsHere: isLocal(explanation.leaves.destination, device),
        })),
    );
  return (
    explanations.find(({ verdict }) => verdict === 'allowed') ??
    explanations.find(({ verdict }) => verdict === 'unknown') ??
    explanations[0]
  );
}

const isLocal = (address: Address, device: Device): boolean =>
  getLocalAddresses(device).includes(address) ||
  (device.supposed?.local.some((range) => contains(range, address)) ?? false);
