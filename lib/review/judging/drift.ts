import { ViewDiff, diffExposure } from '../../reachability/diff';
import { printRow, titleOf } from '../../reachability/print';
import { rowsOf } from '../../reachability/rows';
import { PacketSet } from '../../net/packet-map';
import { Remark } from '../review';
import { Sides } from './sides';
import { Remarks, State } from './state';
import { limited } from './words';

/** What a device answered that it lets through, and the release that was delivered to it doesn't, where this change leaves it as it is. */
export const drifted = (where: string, delivered: State, running: State, remarks: Remarks): void =>
  compared(where, delivered, running, remarks, {
    code: 'review/drifted',
    what: 'The device runs something else than what was delivered to it, and this change delivers nothing to it, so that stays',
    instead:
      'cpanel-edge verify for the lines; then a change of the device back, or a release that is delivered again.',
  });

/** What rules of others that a device answered go on letting through beside the planned release. */
export const besides = (where: string, planned: State, running: State, remarks: Remarks): void =>
  compared(where, planned, running, remarks, {
    code: 'review/rules-beside',
    what: "The device has other rules beside ours, which stay as they are, so it won't be as the planned release says alone",
    instead: 'the other rules off the device first: cpanel-edge verify shows their lines.',
  });

export const besideNotJudged = (where: string): Remark => ({
  code: 'review/rules-beside-not-judged',
  where,
  what: 'What the device has beside ours was not judged together with the planned release, which is a text of another form. The delivery does it on the device, before it confirms.',
  instead: '',
});

function compared(
  where: string,
  delivered: State,
  running: State,
  { objections, notes }: Remarks,
  said: Pick<Remark, 'code' | 'what' | 'instead'>,
): void {
  if (delivered.is !== 'release' || running.is !== 'live') return;
  const sides = new Sides({ before: [delivered], after: running });
  const diffs = diffExposure(sides.cut(delivered), sides.cut(running));
  const rows = (kind: string, of: (diff: ViewDiff) => PacketSet): readonly string[] =>
    diffs.flatMap((diff) =>
      rowsOf(of(diff)).map((row) => `${kind} ${titleOf(diff.vantage, running.device)}: ${printRow(row)}`),
    );
  const wider = [
    ...rows('open', ({ opened }) => opened),
    ...rows('undecided', ({ undecided }) => undecided),
    ...rows('led elsewhere, or seen as another source', ({ changed }) => changed.domain),
  ];
  // Somebody is banned at every moment: that is no drift.
  const narrower = rows('closed', ({ closed }) => closed);
  const remark = (rows: readonly string[]): Remark => ({
    ...said,
    where,
    what: `${said.what}: ${limited(rows, 5).join('; ')}.`,
  });
  if (wider.length > 0) objections.push(remark([...wider, ...narrower]));
  else if (narrower.length > 0) notes.push({ ...remark(narrower), instead: '' });
}
