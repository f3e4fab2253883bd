import { printTitle } from '../reachability/print-reachability';
import { Device, findByLocation } from '../net/device';
import { EvaluatedConfig } from '../parse/config-parser';
import { ConfigFault } from './config-faults';
import { printExplanation, printPackets } from './packet-messages';

/**
 * What passes though others keep it out by name, as the rules of a release come before theirs. `keptOut`: the device as if nothing but
 * that kept anything out (see Live).
 */
export function findBanFaults(
  evaluated: EvaluatedConfig,
  banned: EvaluatedConfig,
  device: Device,
): readonly ConfigFault[] {
  return banned.exposure.views.flatMap(({ vantage: startLocation, verdicts }) => {
    const view = findByLocation(evaluated.exposure.views, startLocation);
    const opened = view?.verdicts.select(({ is }) => is === 'allowed').subtract(verdicts);
    if (!opened || opened.isEmpty) return [];
    const explanation = printExplanation(banned.explain(startLocation, opened.pickPacket()!.packet));
    return [
      {
        kind: 'lets-in',
        text: `${printTitle(startLocation, device)}: ${printPackets(opened)} would pass before a rule that keeps it out by name; ${explanation}`,
      },
    ];
  });
}
