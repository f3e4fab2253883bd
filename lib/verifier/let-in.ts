import { titleOf } from '../reachability/print';
import { Device, atVantage } from '../net/device';
import { Reading } from '../parse/reader';
import { Fault } from './form';
import { explainedSaid, packetsSaid } from './said';

/**
 * What passes though others keep it out by name, as the rules of a release come before theirs. `keptOut`: the device as if nothing but
 * that kept anything out (see Live).
 */
export function letInFaults(reading: Reading, keptOut: Reading, device: Device): readonly Fault[] {
  return keptOut.exposure.views.flatMap(({ vantage, verdicts }) => {
    const now = atVantage(reading.exposure.views, vantage);
    const opened = now?.verdicts.where(({ is }) => is === 'allowed').apartFrom(verdicts);
    if (!opened || opened.isEmpty) return [];
    const kept = explainedSaid(keptOut.explain(vantage, opened.sample()!.packet));
    return [
      {
        kind: 'lets-in',
        text: `${titleOf(vantage, device)}: ${packetsSaid(opened)} would pass before a rule that keeps it out by name; ${kept}`,
      },
    ];
  });
}
