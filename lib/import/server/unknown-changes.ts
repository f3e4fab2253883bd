// Compares packets that are unknown under a server's running rules, or that a limit or a list may keep out there, with
// the decision of the imported profile.

import { Reachability, Disposition, ReachabilityView } from '../../reachability/reachability';
import { printRow } from '../../reachability/print-reachability';
import { toRows } from '../../reachability/reachability-rows';
import { StartLocation, findByLocation } from '../../net/device';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { PacketNote } from './server-draft';

/**
 * Packets that are unknown under the running rules, or kept out for some clients, each with its reason (a limit, an
 * element that expires), by what the profile decides about them.
 */
export interface UnknownChanges {
  readonly opened: readonly PacketNote[];
  readonly closed: readonly PacketNote[];
}

export function compareUnknowns(before: Reachability, after: Reachability): UnknownChanges {
  const changes = before.views.map(({ startLocation, dispositions }) => {
    const viewAfter = findByLocation(after.views, startLocation);
    const reasons = dispositions
      .map(explainDoubt)
      .subtract(viewAfter?.dispositions.map(explainDoubt) ?? PacketMap.NONE);
    const allowed = selectVerdicts(viewAfter, 'allowed');
    return {
      opened: createNotes(reasons.intersect(allowed), startLocation),
      closed: createNotes(reasons.subtract(allowed), startLocation),
    };
  });
  return {
    opened: removeDuplicates(changes.flatMap(({ opened }) => opened)),
    closed: removeDuplicates(changes.flatMap(({ closed }) => closed)),
  };
}

/** Returns why a packet may pass or not, or why some clients may be kept out; undefined if neither is so. */
const explainDoubt = (disposition: Disposition): string | undefined =>
  disposition.is === 'unknown'
    ? `not known whether it passes now: ${disposition.reason}.`
    : disposition.except === undefined
      ? undefined
      : `some clients may be kept out now: ${disposition.except}.`;

const selectVerdicts = (view: ReachabilityView | undefined, verdictKind: Disposition['is']): PacketSet =>
  view?.dispositions.select(({ is }) => is === verdictKind) ?? PacketMap.NONE;

const START_LABELS: Readonly<Record<StartLocation['kind'], string>> = {
  interface: '',
  self: 'sent: ',
  localhost: 'to itself: ',
};

const createNotes = (reasons: PacketMap<string>, { kind }: StartLocation): readonly PacketNote[] =>
  toRows(reasons).map((row) => ({
    packets: START_LABELS[kind] + printRow(row),
    reason: row.value,
  }));

const removeDuplicates = (notes: readonly PacketNote[]): readonly PacketNote[] => [
  ...new Map(notes.map((note) => [`${note.packets} ${note.reason}`, note])).values(),
];
