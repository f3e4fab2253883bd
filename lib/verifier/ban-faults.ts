// Finds ban lists (fail2ban, cPHulk) that a release makes useless, because its rules accept packets before the bans
// are asked.

import { ALLOWED } from '../reachability/reachability';
import { printTitle } from '../reachability/print-reachability';
import { Device, findByLocation } from '../net/device';
import { EvaluatedConfig } from '../parse/config-parser';
import { ConfigFault } from './config-faults';
import { printExplanation, printPackets } from './packet-messages';

/**
 * Returns a fault for each start location at which packets pass that ban lists name, because the rules of the release
 * come first. `banned`: the evaluated device as if only those bans dropped packets.
 */
export function findBanFaults(
  evaluated: EvaluatedConfig,
  banned: EvaluatedConfig,
  device: Device,
): readonly ConfigFault[] {
  return banned.reachability.views.flatMap(({ startLocation, dispositions }) => {
    const view = findByLocation(evaluated.reachability.views, startLocation);
    const opened = view?.dispositions.select((disposition) => disposition === ALLOWED).subtract(dispositions);
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
