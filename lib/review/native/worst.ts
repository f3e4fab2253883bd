import { ALLOWED, Exposure, Translation, Verdict, View, endingOf } from '../../exposure/exposure';
import { cutTo, entryOf } from '../../exposure/print';
import { Vantage, vantageKey } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Explanation, Reading } from '../../reading/reader';

/** A reading, and the packets that it is about. */
export interface Guessed {
  readonly reading: Reading;
  readonly packets: PacketSet;
}

/** What is open by any of several readings, each without what a kernel drops, whichever way out the device takes. */
export function worstOf(guessed: readonly Guessed[], kinds: readonly Vantage['kind'][], arriving: (view: View) => View): Exposure {
  const views = new Map<string, View>();
  for (const { reading, packets } of guessed) {
    for (const view of reading.exposure.views.filter(({ vantage }) => kinds.includes(vantage.kind))) {
      const cut = { ...arriving(cutTo(told(view), packets)), vantage: entryOf(view.vantage) };
      const key = vantageKey(cut.vantage);
      const known = views.get(key);
      views.set(key, known ? either(known, cut) : cut);
    }
  }
  return { views: [...views.values()] };
}

/** What others' packets are seen as isn't told: only what the device's own are. */
const told = (view: View): View =>
  view.vantage.kind === 'self' ? view : { vantage: view.vantage, verdicts: view.verdicts, translations: endingOf(view) };

function either(a: View, b: View): View {
  const verdicts = a.verdicts.with(b.verdicts, (x, y): Verdict | undefined => (x === ALLOWED || y === ALLOWED ? ALLOWED : (x ?? y)));
  const ofFirst: PacketSet = a.verdicts.with(b.verdicts, (x, y) => (x && (x === ALLOWED || y !== ALLOWED) ? true : undefined));
  const translations: PacketMap<Translation> = a.translations.within(ofFirst).or(b.translations);
  return { vantage: a.vantage, verdicts, translations };
}

/** Why one packet passes by the reading that lets it, or why it doesn't by any of them. */
export function explained(guessed: readonly Guessed[], vantage: Vantage, packet: Packet): Explanation | undefined {
  const all = guessed
    .filter(({ packets }) => packets.at(packet) !== undefined)
    .flatMap(({ reading }) =>
      reading.exposure.views
        .filter((view) => vantageKey(entryOf(view.vantage)) === vantageKey(vantage))
        .map((view) => reading.explain(view.vantage, packet)),
    );
  return all.find(({ verdict }) => verdict === 'allowed') ?? all.find(({ verdict }) => verdict === 'unknown') ?? all[0];
}
