import { titleOf } from '../exposure/print';
import { rowsOf } from '../exposure/rows';
import { printAddresses, printDestinations, printService } from '../exposure/words';
import { Device, vantageKey } from '../net/device';
import { Reading } from '../reading/reader';
import { Fault } from './form';

const MOST_SHOWN = 5;

/**
 * What passes though others keep it out by name, as the rules of a release come before theirs. `keptOut`: the device as if nothing but
 * that kept anything out (see Live).
 */
export function letInFaults(reading: Reading, keptOut: Reading, device: Device): readonly Fault[] {
  return keptOut.exposure.views.flatMap(({ vantage, verdicts }) => {
    const now = reading.exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage));
    const opened = now?.verdicts.where(({ is }) => is === 'allowed').apartFrom(verdicts);
    if (!opened || opened.isEmpty) return [];
    const rows = rowsOf(opened).map(
      (row) =>
        `${printDestinations(row.destinations, row.family)} ${printService(row.protocols, row.ports, row.sourcePorts)} from ${printAddresses(row.sources, row.family)}`,
    );
    const { because, lines } = keptOut.explain(vantage, opened.sample()!.packet);
    const by = lines.map(({ number, text }) => `, line ${number}: ${text.trim()}`).join('');
    const shown = rows.length > MOST_SHOWN ? [...rows.slice(0, MOST_SHOWN), `and ${rows.length - MOST_SHOWN} more`] : rows;
    return [
      {
        kind: 'lets-in',
        text: `${titleOf(vantage, device)}: ${shown.join('; ')} would pass before a rule that keeps it out by name; ${because}${by}`,
      },
    ];
  });
}
