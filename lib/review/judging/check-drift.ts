// Checks what devices allow beyond the release: drift that the change leaves, and unmanaged rules that still allow
// beside the plan.

import { ReachabilityDiff, compareReachability } from '../../reachability/compare-reachability';
import { printRow, printTitle } from '../../reachability/print-reachability';
import { toRows } from '../../reachability/reachability-rows';
import { PacketSet } from '../../net/packet-map';
import { Remark } from '../review';
import { ComparisonScope } from './comparison-scope';
import { RemarkCollector, ReviewState } from './review-state';
import { limitItems } from './address-words';

/**
 * Reports the packets that a device's answer allows and the delivered release doesn't, where this change leaves the
 * device as it is.
 */
export const checkDrift = (
  location: string,
  delivered: ReviewState,
  runningState: ReviewState,
  remarks: RemarkCollector,
): void =>
  compareStates(location, delivered, runningState, remarks, {
    code: 'review/drifted',
    what: 'The device runs something else than what was delivered to it, and this change delivers nothing to it, so that stays',
    instead:
      'cpanel-edge verify for the lines; then a change of the device back, or a release that is delivered again.',
  });

/** Reports the packets that unmanaged rules in a device's answer still allow beside the planned release. */
export const checkUnmanagedRules = (
  location: string,
  plannedState: ReviewState,
  runningState: ReviewState,
  remarks: RemarkCollector,
): void =>
  compareStates(location, plannedState, runningState, remarks, {
    code: 'review/rules-beside',
    what: "The device has other rules beside ours, which stay as they are, so it won't be as the planned release says alone",
    instead: 'the other rules off the device first: cpanel-edge verify shows their lines.',
  });

export const createUnjudgedRulesRemark = (where: string): Remark => ({
  code: 'review/rules-beside-not-judged',
  where,
  what: 'What the device has beside ours was not judged together with the planned release, which is a text of another form. The delivery does it on the device, before it confirms.',
  instead: '',
});

function compareStates(
  where: string,
  delivered: ReviewState,
  runningState: ReviewState,
  { objections, notes }: RemarkCollector,
  remarkText: Pick<Remark, 'code' | 'what' | 'instead'>,
): void {
  if (delivered.is !== 'release' || runningState.is !== 'live') return;
  const comparison = new ComparisonScope({ before: [delivered], after: runningState });
  const diffs = compareReachability(comparison.limitState(delivered), comparison.limitState(runningState));
  const printRows = (kind: string, selectPackets: (diff: ReachabilityDiff) => PacketSet): readonly string[] =>
    diffs.flatMap((diff) =>
      toRows(selectPackets(diff)).map(
        (row) => `${kind} ${printTitle(diff.startLocation, runningState.device)}: ${printRow(row)}`,
      ),
    );
  const widerRows = [
    ...printRows('open', ({ opened }) => opened),
    ...printRows('undecided', ({ undecided }) => undecided),
    ...printRows('translated elsewhere, or to another source', ({ changed }) => changed.domain),
  ];
  // Ban lists change at any time, so a narrower device is no drift.
  const narrowerRows = printRows('closed', ({ closed }) => closed);
  const createRemark = (rows: readonly string[]): Remark => ({
    ...remarkText,
    where,
    what: `${remarkText.what}: ${limitItems(rows, 5).join('; ')}.`,
  });
  if (widerRows.length > 0) objections.push(createRemark([...widerRows, ...narrowerRows]));
  else if (narrowerRows.length > 0) notes.push({ ...createRemark(narrowerRows), instead: '' });
}
