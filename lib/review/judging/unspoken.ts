import { diffExposure } from '../../reachability/diff';
import { printRow, titleOf } from '../../reachability/print';
import { rowsOf } from '../../reachability/rows';
import { atVantage } from '../../net/device';
import { PacketMap } from '../../net/packet-map';
import { Meant } from '../../verifier/prove';
import { Reading } from '../../parse/reader';
import { limited } from './words';

/** What a text does with packets that its policy doesn't speak of, and what this version writes for the policy doesn't do. */
export function unspoken(written: Reading, planned: Reading, { expected, device }: Meant): readonly string[] {
  return diffExposure(written.exposure, planned.exposure).flatMap(({ vantage, opened, closed, undecided, changed }) => {
    const bounds = atVantage(expected.views, vantage);
    const kinds = [
      ['opens', opened],
      ['closes', closed],
      ['can not be decided', undecided],
      ['translates otherwise', changed.domain],
    ] as const;
    return kinds.flatMap(([kind, packets]) => {
      const rows = rowsOf(packets.apartFrom(bounds?.scope ?? PacketMap.NONE)).map(printRow);
      return rows.length === 0
        ? []
        : [`${kind}, beside the policy: ${titleOf(vantage, device)}: ${limited(rows, 5).join('; ')}`];
    });
  });
}
