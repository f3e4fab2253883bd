import { ALLOWED, Exposure, Translation, Verdict, View, endingOf } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { Address } from '../../net/address';
import { Device, Vantage, entryOf, localTo, sameEntry, vantageKey } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { contains } from '../../net/range';
import { Explanation, Reading } from '../../parse/reader';

/** A reading, and the packets that it is about. */
export interface Guessed {
  readonly reading: Reading;
  readonly packets: PacketSet;
  readonly device: Device;
}

/** `endsHere`: at the device itself, by the guess that it is of. */
export type Guess = Explanation & { readonly endsHere: boolean };

/** What it lets through alone. */
interface Shown {
  readonly reading: Pick<Reading, 'exposure'>;
  readonly packets: PacketSet;
}

/** What is open by any of several readings, each without what a kernel drops, whichever way out the device takes. */
export function worstOf(
  guessed: readonly Shown[],
  kinds: readonly Vantage['kind'][],
  arriving: (view: View) => View,
): Exposure {
  const views = new Map<string, View>();
  for (const { reading, packets } of guessed) {
    for (const view of different(
      reading.exposure.views.filter(({ vantage }) => kinds.includes(vantage.kind)).map(told),
    )) {
      const cut = arriving(cutTo(view, packets));
      const key = vantageKey(cut.vantage);
      const known = views.get(key);
      views.set(key, known ? either(known, cut) : cut);
    }
  }
  return { views: [...views.values()] };
}

/** Most ways out make no difference. */
const different = (views: readonly View[]): readonly View[] =>
  views.filter(
    (view, i) =>
      !views.slice(0, i).some((other) => vantageKey(other.vantage) === vantageKey(view.vantage) && isSame(other, view)),
  );

const isSame = (a: View, b: View): boolean => a.verdicts.equals(b.verdicts) && a.translations.equals(b.translations);

/** What others' packets are seen as isn't told, only what the device's own are; nor by which interface they leave. */
const told = (view: View): View => ({
  vantage: entryOf(view.vantage),
  verdicts: view.verdicts,
  translations: view.vantage.kind === 'self' ? view.translations : endingOf(view),
});

function either(a: View, b: View): View {
  if (isSame(a, b)) return a;
  const verdicts = a.verdicts.with(b.verdicts, (x, y): Verdict | undefined =>
    x === ALLOWED || y === ALLOWED ? ALLOWED : (x ?? y),
  );
  const ofFirst: PacketSet = a.verdicts.with(b.verdicts, (x, y) =>
    x && (x === ALLOWED || y !== ALLOWED) ? true : undefined,
  );
  const translations: PacketMap<Translation> = a.translations.within(ofFirst).or(b.translations);
  return { vantage: a.vantage, verdicts, translations };
}

/** Why one packet passes by the reading that lets it, or why it doesn't by any of them. */
export function explained(guessed: readonly Guessed[], vantage: Vantage, packet: Packet): Guess | undefined {
  const all = guessed
    .filter(({ packets }) => packets.at(packet) !== undefined)
    .flatMap(({ reading, device }) =>
      reading.exposure.views
        .filter((view) => sameEntry(view.vantage, vantage))
        .map((view) => reading.explain(view.vantage, packet))
        .map((said): Guess => ({ ...said, endsHere: isLocal(said.leaves.destination, device) })),
    );
  return all.find(({ verdict }) => verdict === 'allowed') ?? all.find(({ verdict }) => verdict === 'unknown') ?? all[0];
}

const isLocal = (address: Address, device: Device): boolean =>
  localTo(device).includes(address) || (device.supposed?.local.some((range) => contains(range, address)) ?? false);
