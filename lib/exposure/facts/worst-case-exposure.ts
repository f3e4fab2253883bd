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

/** A reading, and the packets that it is about. */
export interface ScopedEvaluation {
  readonly reading: EvaluatedConfig;
  readonly packets: PacketSet;
  readonly device: Device;
}

/** `endsHere`: at the device itself, by the guess that it is of. */
export type DeviceExplanation = PacketExplanation & { readonly endsHere: boolean };

/** What it lets through alone. */
interface ScopedExposure {
  readonly reading: Pick<EvaluatedConfig, 'exposure'>;
  readonly packets: PacketSet;
}

/** What is open by any of several readings, each without what a kernel drops, whichever way out the device takes. */
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

/** Most ways out make no difference. */
const removeDuplicates = (views: readonly ReachabilityView[]): readonly ReachabilityView[] =>
  views.filter(
    (view, i) =>
      !views
        .slice(0, i)
        .some((earlier) => toLocationKey(earlier.vantage) === toLocationKey(view.vantage) && isSameView(earlier, view)),
  );

const isSameView = (a: ReachabilityView, b: ReachabilityView): boolean =>
  a.verdicts.equals(b.verdicts) && a.translations.equals(b.translations);

/** What others' packets are seen as isn't told, only what the device's own are; nor by which interface they leave. */
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

/** Why one packet passes by the reading that lets it, or why it doesn't by any of them. */
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
