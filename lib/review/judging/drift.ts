import { ViewDiff, diffExposure } from '../../exposure/diff';
import { printRow, titleOf } from '../../exposure/print';
import { rowsOf } from '../../exposure/rows';
import { PacketSet } from '../../net/packet-map';
import { Remark } from '../review';
import { Sides } from './sides';
import { Remarks, State } from './state';
import { limited } from './words';

/** What a device answered that it lets through, and the release that was delivered to it doesn't, where this change leaves it as it is. */
export function drifted(where: string, delivered: State, running: State, { objections, notes }: Remarks): void {
  if (delivered.is !== 'release') return;
  const sides = new Sides({ before: [delivered], after: running });
  const diffs = diffExposure(sides.cut(delivered), sides.cut(running));
  const rows = (kind: string, of: (diff: ViewDiff) => PacketSet): readonly string[] =>
    diffs.flatMap((diff) => rowsOf(of(diff)).map((row) => `${kind} ${titleOf(diff.vantage, running.device)}: ${printRow(row)}`));
  const wider = [
    ...rows('open', ({ opened }) => opened),
    ...rows('undecided', ({ undecided }) => undecided),
    ...rows('led elsewhere, or seen as another source', ({ changed }) => changed.domain),
  ];
  // Somebody is banned at every moment: that is no drift.
  const narrower = rows('closed', ({ closed }) => closed);
  if (wider.length > 0) objections.push(remark(where, [...wider, ...narrower]));
  else if (narrower.length > 0) notes.push({ ...remark(where, narrower), instead: '' });
}

const remark = (where: string, rows: readonly string[]): Remark => ({
  code: 'review/drifted',
  where,
  what: `The device runs something else than what was delivered to it, and this change delivers nothing to it, so that stays: ${limited(rows, 5).join('; ')}.`,
  instead: 'cpanel-edge verify for the lines; then a change of the device back, or a release that is delivered again.',
});
