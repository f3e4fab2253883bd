// Returns, as sentences, what a planned text does to packets outside its policy and the text that this version
// generates doesn't do. Such a text was edited, or comes from another version.

import { compareReachability } from '../../reachability/compare-reachability';
import { printRow, printTitle } from '../../reachability/print-reachability';
import { toRows } from '../../reachability/reachability-rows';
import { findByLocation } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { SpecifiedConfig } from '../../verifier/verify-policy';
import { EvaluatedConfig } from '../../parse/config-parser';
import { limitItems } from './address-words';

/**
 * Returns what a planned text does to packets outside of its policy, and the generated config of this version doesn't
 * do.
 */
export function findUnspecified(
  generated: EvaluatedConfig,
  plannedConfig: EvaluatedConfig,
  { spec, device }: SpecifiedConfig,
): readonly string[] {
  return compareReachability(generated.reachability, plannedConfig.reachability).flatMap(
    ({ startLocation, opened, closed, undecided, changed }) => {
      const locationSpec = findByLocation(spec.views, startLocation);
      const kinds = [
        ['opens', opened],
        ['closes', closed],
        ['can not be decided', undecided],
        ['translates otherwise', changed.domain],
      ] as const;
      return kinds.flatMap(([kind, packets]) => {
        const rows = toRows(packets.subtract(locationSpec?.scope ?? PacketMap.NONE)).map(printRow);
        return rows.length === 0
          ? []
          : [`${kind}, beside the policy: ${printTitle(startLocation, device)}: ${limitItems(rows, 5).join('; ')}`];
      });
    },
  );
}
